/**
 * What a sale takes of rights: its tenders, limited uses and coupons, by right key. Pure, the same at till and cloud: the till
 * counts by it what it may still spend, HQ what is left of the till's leases.
 */
import { type RightKey, rightKey } from './lease.ts';
import { sumMinor } from './money.ts';
import type { Sale } from './sale.ts';

/** What a sale takes of rights: by key, above zero. */
export function spendsOf(sale: Sale): ReadonlyMap<RightKey, number> {
  const spends = new Map<RightKey, number>();
  const add = (key: RightKey, amount: number) => {
    if (amount > 0) spends.set(key, sumMinor([spends.get(key) ?? 0, amount]));
  };
  const { memberId } = sale;
  for (const tender of sale.tenders) {
    if (tender.kind === 'gift_card') add(rightKey.giftCard(tender.giftCardId), tender.amountMinor);
    if (memberId === null) continue;
    if (tender.kind === 'points') add(rightKey.points(memberId), tender.points);
    if (tender.kind === 'stored_value') {
      const bonusMinor = tender.bonusMinor ?? 0;
      add(rightKey.storedValue(memberId), tender.amountMinor - bonusMinor);
      add(rightKey.storedBonus(memberId), bonusMinor);
    }
  }
  for (const { ruleId, count } of sale.uses ?? []) {
    add(rightKey.rule(ruleId, null), count);
    if (memberId !== null) add(rightKey.rule(ruleId, memberId), count);
  }
  for (const code of couponsOf(sale)) add(rightKey.coupon(code), 1);
  for (const { back, qty } of sale.lines) if (back?.from === 'lease') add(rightKey.refund(back), -qty);
  return spends;
}

/** Codes of the coupons that took something off. */
function couponsOf({ lines }: Sale): ReadonlySet<string> {
  const codes = lines
    .filter(({ qty }) => qty > 0)
    .flatMap(({ adjustments }) => adjustments)
    .flatMap(({ reason }) => (reason.kind === 'coupon' ? [reason.code] : []));
  return new Set(codes);
}
