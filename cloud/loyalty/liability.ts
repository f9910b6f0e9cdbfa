/**
 * What the chain owes its members: points, stored value and gift cards that are out, and what of it ends when.
 *
 * Read from balances and lots as the ledgers fold them; nothing is worked out anew.
 */
import type { Queryable } from '../db/db.ts';

export interface Purse {
  readonly purse: 'points' | 'value' | 'gift_card';
  /** Of money; null for points. */
  readonly currency: string | null;
  readonly holders: number;
  /** Points or minor units, bonus included. */
  readonly balance: number;
  readonly bonus: number;
  /** Below zero accounts: what members owe, above zero. */
  readonly owed: number;
}

export interface EndingMonth {
  readonly purse: Purse['purse'];
  /** `YYYY-MM`. */
  readonly month: string;
  readonly left: number;
}

export interface CouponDay {
  readonly templateId: string;
  readonly on: string;
  readonly uses: number;
  readonly offMinor: number;
}

export interface Liability {
  readonly purses: readonly Purse[];
  /** Of the twelve months ahead; those in which nothing ends are left out. */
  readonly ending: readonly EndingMonth[];
  /** Uses of coupons in the ninety days before. */
  readonly coupons: readonly CouponDay[];
}

export async function liabilityOn(db: Queryable, asOf: string): Promise<Liability> {
  const purses = await db.query<Purse>(
    `select purse, currency, count(*) filter (where balance > 0)::int as holders,
       coalesce(sum(balance) filter (where balance > 0), 0)::bigint as balance,
       coalesce(sum(bonus_balance), 0)::bigint as bonus, coalesce(sum(owed), 0)::bigint as owed
     from ledger_account group by purse, currency order by purse, currency`,
  );
  const ending = await db.query<EndingMonth>(
    `select purse, to_char(expires_on, 'YYYY-MM') as month, sum(left_points)::bigint as left from ledger_lot
     where left_points > 0 and expires_on >= $1::date and expires_on < $1::date + interval '12 months'
     group by 1, 2 order by 1, 2`,
    [asOf],
  );
  const coupons = await db.query<CouponDay>(
    `select c.template_id as "templateId", u.on_date as on, count(*)::int as uses, sum(u.off_minor)::bigint as "offMinor"
     from coupon_use u join member_coupon c using (coupon_id)
     where not u.returned and u.on_date > $1::date - 90 and u.on_date <= $1::date group by 1, 2 order by 1, 2`,
    [asOf],
  );
  return { purses, ending, coupons };
}
