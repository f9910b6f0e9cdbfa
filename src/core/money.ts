/**
 * Money: whole minor units, exact rates, and splits that add up to the cent.
 *
 * Pure. An amount is a safe integer of minor units (fen, cents) and may be negative for a refund. Products are
 * taken with bigint, so no float ever touches money. Each rounding rule is one function and its name says so.
 */
import { assert } from './assert.ts';

export interface Currency {
  /** ISO 4217, for example `CNY`. */
  readonly code: string;
  /** Digits after the point: 2 for CNY, 0 for JPY. */
  readonly digits: number;
  /** What the receipt and the screens put before the amount: `￥`, `NT$`, `£`. */
  readonly symbol: string;
}

export function assertMoney(amountMinor: number): void {
  assert(Number.isSafeInteger(amountMinor), `money is whole minor units, not ${amountMinor}`);
}

export function sumMinor(amounts: Iterable<number>): number {
  let total = 0;
  for (const amount of amounts) total += amount;
  assertMoney(total);
  return total;
}

/**
 * `amount * numerator / denominator`, rounded half away from zero (commercial rounding).
 *
 * Symmetric, so that a refund mirrors its sale to the cent.
 *
 * @param denominator  whole, > 0
 * @throws AssertionError  when an argument is not whole or the result is no safe integer
 */
export function mulDivHalfUp(amount: number, numerator: number, denominator: number): number {
  assertMoney(amount);
  assert(
    Number.isSafeInteger(numerator) && Number.isSafeInteger(denominator),
    'a rate is a ratio of whole numbers',
  );
  // Whole numbers below 2^53 are exact as floats, and ten times as fast as bigint: this runs for every line of a basket.
  const product = Math.abs(amount * numerator);
  if (product < FAST_PRODUCT_MAX && denominator > 0 && denominator < FAST_PRODUCT_MAX) {
    const rounded = Math.floor((2 * product + denominator) / (2 * denominator));
    return rounded === 0 ? 0 : amount < 0 !== numerator < 0 ? -rounded : rounded;
  }
  return divHalfUp(BigInt(amount) * BigInt(numerator), BigInt(denominator));
}

/** Far enough below 2^53 that the quotient's float cannot reach the next whole number. */
const FAST_PRODUCT_MAX = 2 ** 50;

/** `n / d` rounded half away from zero, `d > 0`. */
export function divHalfUp(n: bigint, d: bigint): number {
  assert(d > 0n, 'a denominator is above zero');
  const magnitude = n < 0n ? -n : n;
  const rounded = (2n * magnitude + d) / (2n * d);
  const value = Number(n < 0n ? -rounded : rounded);
  assertMoney(value);
  return value === 0 ? 0 : value;
}

/** A part of an amount in basis points, rounded half away from zero: `partBp(1000, 850)` is 85. */
export function partBp(amountMinor: number, rateBp: number): number {
  return mulDivHalfUp(amountMinor, rateBp, 10_000);
}

/**
 * Splits an amount over weights so that the parts sum exactly to the whole.
 *
 * Largest remainder, ties to the earlier part: a reprint shows the same split.
 *
 * @param totalMinor  minor units; negative for a refund
 * @param weights     whole numbers >= 0, one per part, at least one > 0
 * @returns           minor units per part, same order and length as `weights`
 * @throws AssertionError  when `weights` is empty or all zero: the caller has a bug
 * @example allocate(1000, [1, 1, 1]) // [334, 333, 333]
 */
export function allocate(totalMinor: number, weights: readonly number[]): number[] {
  assertMoney(totalMinor);
  for (let i = 0; i < weights.length; i++) {
    assert(Number.isSafeInteger(weights[i]) && weights[i]! >= 0, 'a weight is a whole number >= 0');
  }
  const quick = allocateSmall(totalMinor, weights);
  if (quick !== null) return quick;
  let sum = 0n;
  for (const weight of weights) sum += BigInt(weight);
  assert(sum > 0n, 'an amount is split over at least one weight above zero');
  return largestRemainder(
    totalMinor,
    weights.map((weight) => ({ n: BigInt(Math.abs(totalMinor)) * BigInt(weight), d: sum })),
  );
}

/** The same in plain numbers, where every product is far inside the safe integers; null where one might not be. */
function allocateSmall(totalMinor: number, weights: readonly number[]): number[] | null {
  const total = Math.abs(totalMinor);
  const count = weights.length;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += weights[i]!;
  if (sum === 0 || total * sum >= FAST_PRODUCT_MAX || sum * count >= FAST_PRODUCT_MAX) return null;
  const parts = new Array<number>(count);
  let missing = total;
  for (let i = 0; i < count; i++) {
    // Exact: below 2^50 a quotient's float does not reach the next whole number. `%` on such floats is slow.
    const part = Math.floor((total * weights[i]!) / sum);
    parts[i] = part;
    missing -= part;
  }
  if (missing > 0) {
    // One number orders by remainder, then by place.
    const keys = new Float64Array(count);
    for (let i = 0; i < count; i++)
      keys[i] = (total * weights[i]! - parts[i]! * sum) * count + (count - 1 - i);
    keys.sort();
    for (let i = 1; i <= missing; i++) parts[count - 1 - (keys[count - i]! % count)]! += 1;
  }
  if (totalMinor < 0) for (let i = 0; i < count; i++) parts[i] = parts[i] === 0 ? 0 : -parts[i]!;
  return parts;
}

/** An exact fraction, `d > 0`. */
export interface Ratio {
  readonly n: bigint;
  readonly d: bigint;
}

/**
 * Whole parts that sum to `totalMinor`, each as near below its exact share as can be.
 *
 * Shares are magnitudes (>= 0) whose sum lies within one unit a part of |totalMinor|; the sign is that of the total.
 * Units left over go to the largest remainders, units too many come from the smallest; ties to the earlier part.
 */
export function largestRemainder(totalMinor: number, shares: readonly Ratio[]): number[] {
  const sign = totalMinor < 0 ? -1 : 1;
  const parts = shares.map(({ n, d }) => Number(n / d));
  let missing = Math.abs(totalMinor) - sumMinor(parts);
  // Remainders are compared as cross products: exact, whatever the denominators.
  const byRemainder = shares
    .map((share, index) => ({ index, rem: share.n % share.d, d: share.d, positive: share.n > 0n }))
    .filter((entry) => entry.positive)
    .sort((a, b) => {
      const difference = b.rem * a.d - a.rem * b.d;
      return difference > 0n ? 1 : difference < 0n ? -1 : a.index - b.index;
    });
  assert(Math.abs(missing) <= byRemainder.length, 'shares sum to within one unit a part of the total');
  for (const { index } of missing >= 0 ? byRemainder : byRemainder.toReversed()) {
    if (missing === 0) break;
    const step = Math.sign(missing);
    parts[index]! += step;
    missing -= step;
  }
  return parts.map((part) => (part === 0 ? 0 : part * sign));
}

/** How cash is rounded: to the nearest step (half up), or down to it (a shop that drops the fen). */
export type CashRounding = 'nearest' | 'down';

/**
 * Rounds a cash amount to the coins there are. Works on the magnitude, so a refund mirrors its sale.
 *
 * @param stepMinor  the smallest coin in minor units, 1 = exact
 * @example roundCash(5254, 5) // 5255
 */
export function roundCash(amountMinor: number, stepMinor: number, mode: CashRounding = 'nearest'): number {
  assert(Number.isSafeInteger(stepMinor) && stepMinor >= 1, 'a cash step is at least one minor unit');
  assertMoney(amountMinor);
  const magnitude = Math.abs(amountMinor);
  const below = magnitude - (magnitude % stepMinor);
  const rest = magnitude - below;
  const rounded = mode === 'nearest' && rest * 2 >= stepMinor && rest > 0 ? below + stepMinor : below;
  return amountMinor < 0 && rounded > 0 ? -rounded : rounded;
}

/** `-1234` in a 2-digit currency is `-12.34`. No grouping: this is what receipts and files hold. */
export function formatMinor(amountMinor: number, digits: number): string {
  assertMoney(amountMinor);
  const text = Math.abs(amountMinor)
    .toString()
    .padStart(digits + 1, '0');
  const sign = amountMinor < 0 ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}

/**
 * Reads a decimal amount typed by a person or found in a file.
 *
 * @returns null when it is no amount, has more digits than the currency, or is no safe integer of minor units
 */
export function parseMinor(text: string, digits: number): number | null {
  const match = /^([+-]?)(\d{1,15})(?:\.(\d*))?$/.exec(text.trim());
  if (!match) return null;
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > digits) return null;
  const minor = Number(match[2]! + fraction.padEnd(digits, '0'));
  if (!Number.isSafeInteger(minor)) return null;
  return match[1] === '-' && minor !== 0 ? -minor : minor;
}
