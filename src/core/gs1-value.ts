/**
 * What the values of GS1 elements stand for: dates, weights, money, counts.
 *
 * Pure. Nothing is rounded: what does not come out whole in grams or minor units is said to be too fine.
 * Source: GS1 General Specifications 3.4-3.6, 7.12 (which century a date is of).
 */
import { assert } from './assert.ts';
import { daysIn } from './gs1-lint.ts';

/**
 * YYMMDD as a day. Day 00 is the last of its month. A year 51 or more ahead is of the century before, one 50 or more behind
 * of the century after.
 *
 * @param yearNow  the year that it is read in
 * @returns `2026-12-31`; null when the month or the day does not exist
 * @example dateOf('270200', 2026) // '2027-02-28'
 */
export function dateOf(text: string, yearNow: number): string | null {
  if (!/^\d{6}$/.test(text)) return null;
  const yy = Number(text.slice(0, 2));
  const month = Number(text.slice(2, 4));
  const day = Number(text.slice(4));
  const ahead = yy - (yearNow % 100);
  const century = Math.floor(yearNow / 100) + (ahead >= 51 ? -1 : ahead <= -50 ? 1 : 0);
  const year = century * 100 + yy;
  if (month < 1 || month > 12 || day > daysIn(year, month)) return null;
  const two = (part: number) => String(part).padStart(2, '0');
  return `${year}-${two(month)}-${two(day === 0 ? daysIn(year, month) : day)}`;
}

/** The last digit of a four-digit identifier tells the decimals of its value. */
export function decimalsOf(ai: string): number {
  assert(ai.length === 4, 'only identifiers of four digits tell decimals');
  return Number(ai[3]);
}

/**
 * `digits` with `decimals` behind the point, counted in units of ten to the minus `unitDecimals`.
 *
 * @returns null: it does not come out whole, or is no safe integer
 * @example scaled('000450', 3, 3) // 450 g of 0.450 kg
 * @example scaled('12345', 3, 2) // null: 12.345 is no whole cents
 */
export function scaled(digits: string, decimals: number, unitDecimals: number): number | null {
  const spare = decimals - unitDecimals;
  if (spare > 0 && !/^0*$/.test(digits.slice(-spare))) return null;
  const value = spare > 0 ? Number(digits.slice(0, -spare)) : Number(digits) * 10 ** -spare;
  return Number.isSafeInteger(value) ? value : null;
}
