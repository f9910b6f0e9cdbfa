/**
 * Counts, quotients and shares as the console shows them.
 *
 * Pure. Quotients are rounded half away from zero from their exact fraction. What cannot be divided is null, and the
 * screen shows a dash for it.
 */
import { divHalfUp, formatMinor } from '../../../../src/core/money.ts';

/** `12345` is `12,345`. */
export function formatCount(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `n / d` with a fixed number of digits: `formatQuotient(7, 3, 2)` is `2.33`. */
export function formatQuotient(n: number, d: number, digits: number): string | null {
  if (d === 0) return null;
  const scaled = divHalfUp(BigInt(n) * 10n ** BigInt(digits) * (d < 0 ? -1n : 1n), BigInt(Math.abs(d)));
  return formatMinor(scaled, digits);
}

/** A part of a whole with one digit: `formatShare(638, 1000)` is `63.8 %`, of thousands `1,504.8 %`. A share of nothing, or of less, is null. */
export function formatShare(part: number, whole: number): string | null {
  if (whole <= 0) return null;
  const [digits, fraction] = formatQuotient(part * 100, whole, 1)!.split('.') as [string, string];
  return `${digits.replace(/\B(?=(\d{3})+$)/g, ',')}.${fraction} %`;
}

/** A rate in basis points without needless zeros: 500 is `5 %`, 1250 is `12.5 %`. */
export function formatRateBp(rateBp: number): string {
  return `${formatMinor(rateBp, 2).replace(/\.?0+$/, '')} %`;
}

export interface Change {
  readonly direction: 'up' | 'down' | 'same';
  /** Magnitude with one digit, for example `3.1 %`. */
  readonly text: string;
}

/** How a figure moved against an earlier one; null when there is nothing to compare with. */
export function changeOf(now: number, before: number): Change | null {
  if (before <= 0) return null;
  const text = formatShare(Math.abs(now - before), before)!;
  if (text === '0.0 %') return { direction: 'same', text };
  return { direction: now > before ? 'up' : 'down', text };
}
