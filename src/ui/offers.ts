/**
 * Offers: what a basket's discounts come to, rule by rule, and what is wanted by a discount typed by hand. Pure.
 */
import type { PricedLine } from '../core/pricing.ts';
import type { Reason } from '../core/promotion.ts';
import { parseAmount } from './amount.ts';

export interface RuleTotal {
  readonly ruleId: string;
  readonly reason: Reason;
  readonly amountMinor: number;
}

/** What each rule took off the whole basket, the largest first; goods coming back are not in it. */
export function discountsByRule(lines: readonly PricedLine[]): RuleTotal[] {
  const totals = new Map<string, RuleTotal>();
  for (const line of lines) {
    if (line.qty < 0) continue;
    for (const { ruleId, reason, amountMinor } of line.adjustments) {
      const before = totals.get(ruleId)?.amountMinor ?? 0;
      totals.set(ruleId, { ruleId, reason, amountMinor: before + amountMinor });
    }
  }
  return [...totals.values()].sort((a, b) => a.amountMinor - b.amountMinor || (a.ruleId < b.ruleId ? -1 : 1));
}

/** What all rules took off the goods that are sold, in minor units, as a positive amount. */
export function savedOn(lines: readonly PricedLine[]): number {
  let savedMinor = 0;
  for (const { qty, adjustments } of lines) {
    if (qty >= 0) for (const { amountMinor } of adjustments) savedMinor -= amountMinor;
  }
  return savedMinor;
}

/** The rule's own name; null: the reason has none, and its kind says it. */
export function reasonName(reason: Reason): string | null {
  if (reason.kind === 'tier') return reason.tierName;
  return 'name' in reason ? reason.name : null;
}

export type OffUnit = 'percent' | 'amount';
export type Off = { readonly amountMinor: number } | { readonly rateBp: number };

/** @returns what was typed as a discount, null when it is none: 0, or more than all of it */
export function readOff(text: string, unit: OffUnit, digits: number, ofMinor: number): Off | null {
  if (unit === 'percent') {
    const rateBp = parseAmount(text, { digits: 2 });
    return rateBp !== null && rateBp > 0 && rateBp <= 10_000 ? { rateBp } : null;
  }
  const amountMinor = parseAmount(text, { digits });
  return amountMinor !== null && amountMinor > 0 && amountMinor <= ofMinor ? { amountMinor } : null;
}

/** The part of a sum in basis points, rounded up: whether it is over a limit is asked of this. */
export function offRateBp(off: Off, ofMinor: number): number {
  if ('rateBp' in off) return off.rateBp;
  return ofMinor <= 0 ? 10_000 : Math.ceil((off.amountMinor * 10_000) / ofMinor);
}

/** Whole and half percents as a person says them: 1000 is `10`, 250 is `2.5`. */
export function percentText(rateBp: number): string {
  return String(rateBp / 100);
}
