/**
 * Near misses: what is short of an offer, so that a cashier can say "13.87 more takes 10 off".
 *
 * Pure, and worked out from the run that was chosen. Only offers that are at least half reached and would gain something are
 * told, the largest gains first.
 */
import { partBp } from './money.ts';
import type { Step } from './promotion.ts';
import { nameOf, type Offer, type Run, usesLeftOf } from './promotion-run.ts';
import { measured, thresholdRanks } from './promotion-threshold.ts';

export type NearMiss = { readonly ruleId: string; readonly name: string; readonly gainMinor: number } & (
  | { readonly kind: 'amount'; readonly missingMinor: number }
  | { readonly kind: 'quantity'; readonly missingQty: number }
  /** Reached: the gift may be taken along. */
  | { readonly kind: 'gift'; readonly sku: string; readonly missingQty: number }
);

/** What a cashier can say while the next article is on its way. */
export const NEAR_MISSES_MAX = 5;

export function nearMisses(run: Run): NearMiss[] {
  const found = [
    ...run.offers.threshold.map((offer) => nearThreshold(run, offer)),
    ...run.offers.set.map((offer) => nearSet(run, offer)),
  ].filter((miss) => miss !== null);
  return found
    .sort((a, b) => b.gainMinor - a.gainMinor || (a.ruleId < b.ruleId ? -1 : 1))
    .slice(0, NEAR_MISSES_MAX);
}

function nearThreshold(run: Run, offer: Offer): NearMiss | null {
  const { rule } = offer;
  const { reward } = rule;
  if (reward.kind !== 'threshold') return null;
  const named = { ruleId: rule.id, name: nameOf(run, rule) };
  const ranks = thresholdRanks(run, offer);
  if (ranks.length === 0) return null;
  const nowMinor = run.offMinor.get(rule.id) ?? 0;
  for (const step of reward.steps) {
    const have = measured(run, offer, step, ranks);
    const from = step.every === true ? (Math.floor(have / step.from) + 1) * step.from : step.from;
    const missing = from - have;
    if (missing <= 0) {
      if (!('gift' in step.off)) continue;
      const { sku, qty } = step.off.gift;
      const there = run.lines.reduce(
        (sum, { line }) => sum + (line.sku === sku && line.qty > 0 ? line.qty : 0),
        0,
      );
      if (there < qty) return { ...named, kind: 'gift', sku, missingQty: qty - there, gainMinor: 0 };
      continue;
    }
    const gainMinor = worthAt(step, from) - nowMinor;
    const isNear = missing * 2 <= step.from && have > 0;
    if (!isNear || (gainMinor <= 0 && !('gift' in step.off))) continue;
    return reward.by === 'amount'
      ? { ...named, kind: 'amount', missingMinor: missing, gainMinor: Math.max(0, gainMinor) }
      : { ...named, kind: 'quantity', missingQty: missing, gainMinor: Math.max(0, gainMinor) };
  }
  return null;
}

function worthAt({ off, from: each, every }: Step, from: number): number {
  if ('amountMinor' in off) return off.amountMinor * (every === true ? from / each : 1);
  return 'rateBp' in off ? partBp(from, off.rateBp) : 0;
}

function nearSet(run: Run, offer: Offer): NearMiss | null {
  const { rule, slots } = offer;
  const { reward } = rule;
  if (slots.length !== 1 || usesLeftOf(run, rule) === 0 || (run.used.get(rule.id) ?? 0) > 0) return null;
  const pieces = slots[0]!
    .map((rank) => run.lines[rank]!)
    .filter(({ line, closed }) => line.weightG === null && !closed);
  const count = pieces.reduce((sum, { line }) => sum + line.qty, 0);
  const need =
    reward.kind === 'n_for_price'
      ? reward.qty
      : reward.kind === 'buy_get'
        ? reward.buyQty + reward.getQty
        : 0;
  const missingQty = need - count;
  if (count === 0 || missingQty <= 0 || missingQty * 2 > need) return null;
  const cheapest = Math.min(...pieces.map(({ line }) => line.unitPriceMinor));
  const dueMinor = pieces.reduce((sum, { netMinor }) => sum + netMinor, 0);
  const gainMinor =
    reward.kind === 'n_for_price'
      ? dueMinor + missingQty * cheapest - reward.priceMinor
      : reward.kind === 'buy_get'
        ? partBp(cheapest, reward.rateBp) * Math.min(missingQty, reward.getQty)
        : 0;
  if (gainMinor <= 0) return null;
  return { ruleId: rule.id, name: nameOf(run, rule), kind: 'quantity', missingQty, gainMinor };
}
