/**
 * Rights at the till: what the cloud has granted less what the journal says was spent. Never below zero.
 *
 * Grants are rows of `right_grant`; spending is folded from the journal's sales and can be rebuilt. Money given back raises no
 * right: it goes to the member's account at HQ, and may be spent again when a lease brings it.
 */
import { type RightKey, type Rights, rightKey } from '../core/lease.ts';
import { sumMinor } from '../core/money.ts';
import type { CouponEntry, UsesLeft } from '../core/promotion.ts';
import { codeOf } from '../core/promotion-coupon.ts';
import type { CompiledRules } from '../core/promotion-index.ts';
import { limitedRules } from '../core/replay.ts';
import type { Sale } from '../core/sale.ts';
import type { Sqlite, Statement } from './db.ts';

export class RightsBook implements Rights {
  private readonly catchUp: () => void;
  private readonly granted: Statement;
  private readonly spent: Statement;

  /** @param catchUp brings the fold up to the journal's head */
  constructor(db: Sqlite, catchUp: () => void) {
    this.catchUp = catchUp;
    this.granted = db.prepare('select count(*) as n, sum(granted) as sum from right_grant where key = ?');
    this.spent = db.prepare('select coalesce(sum(amount), 0) as sum from right_spent where key = ?');
  }

  usable(key: RightKey): number {
    const granted = this.grantOf(key);
    return granted === null ? 0 : this.left(key, granted);
  }

  /** What a basket may still use of limited rules and coupons; rules and codes without a limit are not listed. */
  usesLeft(
    promotions: CompiledRules,
    basket: { readonly memberId: string | null; readonly coupons: readonly CouponEntry[] },
  ): UsesLeft {
    const rules: Record<string, number> = {};
    for (const [ruleId, { total, perMember }] of limitedRules(promotions)) {
      const { memberId } = basket;
      const ofMember = memberId === null ? 0 : this.usable(rightKey.rule(ruleId, memberId));
      const ofAll = this.usable(rightKey.rule(ruleId, null));
      rules[ruleId] = Math.min(total ? ofAll : ofMember, perMember ? ofMember : ofAll);
    }
    const coupons: Record<string, number> = {};
    for (const entry of basket.coupons) {
      const left = this.couponLeft(entry);
      if (left !== null) coupons[codeOf(entry)] = left;
    }
    return {
      ...(Object.keys(rules).length === 0 ? {} : { rules }),
      ...(Object.keys(coupons).length === 0 ? {} : { coupons }),
    };
  }

  /** A code with a grant has what is left of it; a GS1 coupon with a serial is good once, as far as this till knows. */
  private couponLeft(entry: CouponEntry): number | null {
    const key = rightKey.coupon(codeOf(entry));
    const granted = this.grantOf(key);
    if (granted !== null) return this.left(key, granted);
    return 'gs1' in entry && entry.gs1.serial !== '' ? this.left(key, 1) : null;
  }

  private grantOf(key: RightKey): number | null {
    const row = this.granted.get(key) as { n: number; sum: number | null };
    return row.n === 0 ? null : row.sum;
  }

  private left(key: RightKey, granted: number): number {
    this.catchUp();
    const { sum } = this.spent.get(key) as { sum: number };
    return Math.max(0, granted - sum);
  }
}

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
