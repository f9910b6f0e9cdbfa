/**
 * A changed field in the reader's words: `topUp.minMinor` of 5000 is "Top up at least" ¥50.00.
 *
 * Pure. Steps of a list are told by their number, from 1. Money, rates, moments and words of closed sets are shown as such; a
 * path or a word without a name is shown as it is.
 */
import { LOCALES, type Locale } from '../../../../src/core/item.ts';
import type { Currency } from '../../../../src/core/money.ts';
import { FIELD_WORDS, PATH_WORDS, VALUE_WORDS } from '../i18n/words/fields.ts';
import { dateTime } from './date.ts';
import { formatMoney } from './money.ts';
import { formatRateBp } from './number.ts';

/** @param path as `differencesOf` tells it: `bonus[0].fromMinor` */
export function fieldLabel(path: string, locale: Locale): string {
  const at = placeOf(locale);
  const steps = path.split(/\.|(?=\[)/);
  const names = steps.filter((step) => !step.startsWith('['));
  // The page's own name for the end of the path, under whatever it lies.
  for (let from = 0; from < names.length - 1; from++) {
    const known = own(PATH_WORDS, names.slice(from).join('.'));
    if (known === undefined) continue;
    return [...outer(steps, from, at), `${known[at]}${numberAfter(steps, from)}`].join(' › ');
  }
  return outer(steps, names.length, at).join(' › ');
}

/** The first `count` names with the numbers behind them. */
function outer(steps: readonly string[], count: number, at: 0 | 1 | 2): string[] {
  const shown: string[] = [];
  let names = 0;
  for (const step of steps) {
    if (step.startsWith('[')) {
      if (shown.length > 0 && names <= count) shown[shown.length - 1] += numberOf(step);
      continue;
    }
    if (++names > count) break;
    shown.push(own(FIELD_WORDS, step)?.[at] ?? step);
  }
  return shown;
}

function numberOf(step: string): string {
  return ` ${Number(step.slice(1, -1)) + 1}`;
}

/** The number of a list that lies in the path after so many names. */
function numberAfter(steps: readonly string[], names: number): string {
  let seen = 0;
  let number = '';
  for (const step of steps) {
    if (!step.startsWith('[')) seen++;
    else if (seen > names) number = numberOf(step);
  }
  return number;
}

/** @param text as `differencesOf` tells it; `…` is what the log leaves out */
export function fieldValue(
  path: string,
  text: string,
  shown: { locale: Locale; currency: Currency },
): string {
  const name = path
    .replaceAll(/\[\d+\]/g, '')
    .split('.')
    .at(-1)!;
  const number = /^-?\d{1,15}$/.test(text) ? Number(text) : null;
  // `perMinor.CNY` is money too.
  const isMoney = name.endsWith('Minor') || (/^[A-Z]{3}$/.test(name) && path.includes('Minor.'));
  if (number !== null && isMoney) return formatMoney(number, shown.currency);
  if (number !== null && /^times(?:Max)?Bp$/.test(name)) return `${number / 10_000} ×`;
  if (number !== null && name.endsWith('Bp')) return formatRateBp(number);
  if (number !== null && name.endsWith('AtMs')) return dateTime(number, undefined);
  return own(VALUE_WORDS, text)?.[placeOf(shown.locale)] ?? text;
}

function own<T>(table: Readonly<Record<string, T>>, key: string): T | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function placeOf(locale: Locale): 0 | 1 | 2 {
  return LOCALES.indexOf(locale) as 0 | 1 | 2;
}
