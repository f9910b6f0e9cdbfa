/**
 * The one door from the books to loyalty: what sales do to ledgers, coupons, packs and tiers.
 */
import type { Queryable } from '../db/db.ts';
import { bookCoupons } from './coupon-sales.ts';
import { moveLedgers } from './ledger-jobs.ts';
import { bookLedgers, type SaleBatch, type SaleFacts } from './sale-ledger.ts';
import type { SaleAlert } from './sale-movements.ts';
import { bookedDay, reviewMembers } from './tiers.ts';

export interface LoyaltyBooked {
  readonly alerts: readonly SaleAlert[];
  /** Feed rows. */
  readonly told: number;
}

/** @param entries sales that are stored; said again, they change nothing */
export async function bookLoyalty(batch: SaleBatch, entries: readonly SaleFacts[]): Promise<LoyaltyBooked> {
  if (entries.length === 0) return { alerts: [], told: 0 };
  const { tx, nowMs } = batch;
  const ledgers = await bookLedgers(batch, entries);
  const coupons = await bookCoupons(batch, entries);
  const memberIds = [...new Set(entries.flatMap(({ body }) => body.memberId ?? []))].sort();
  const day = bookedDay(
    entries.map(({ businessDate }) => businessDate),
    nowMs,
  );
  const changed = await reviewMembers(tx, memberIds, day, nowMs);
  return { alerts: [...ledgers.alerts, ...coupons], told: ledgers.told + changed };
}

/**
 * All that one member has becomes another's.
 *
 * @param facts `only: 'first'`: just the ledger rows that were booked to `toId` at first, which takes a merge back
 */
export async function moveLoyalty(
  tx: Queryable,
  facts: { readonly fromId: string; readonly toId: string; readonly only?: 'first' },
  nowMs: number,
): Promise<void> {
  const { fromId, toId, only } = facts;
  await moveLedgers(tx, facts, nowMs);
  if (only !== undefined) return;
  await tx.query('update member_coupon set member_id = $2 where member_id = $1', [fromId, toId]);
  // Both may have been given the same tier on the same day.
  await tx.query(
    `update growth_entry g set member_id = $2 where member_id = $1
       and not exists (select 1 from growth_entry o where o.member_id = $2 and o.entry_id = g.entry_id)`,
    [fromId, toId],
  );
  // A benefit that both had is one that the one had.
  await tx.query(
    `update benefit_grant g set member_id = $2 where member_id = $1 and not exists (select 1 from benefit_grant o
       where o.member_id = $2 and o.benefit_id = g.benefit_id and o.period = g.period)`,
    [fromId, toId],
  );
  await tx.query(
    'update draw_ticket set member_id = $2 where member_id = $1 and draw_id in (select draw_id from draw where drawn_at is null)',
    [fromId, toId],
  );
  // Two that referred each other and are one have referred nobody.
  await tx.query(
    'delete from referral where (friend_id, referrer_id) in (($1, $2), ($2, $1)) and paid_at is null',
    [fromId, toId],
  );
  await tx.query('update referral set referrer_id = $2 where referrer_id = $1 and friend_id <> $2', [
    fromId,
    toId,
  ]);
  await tx.query(
    `update referral set friend_id = $2 where friend_id = $1 and referrer_id <> $2
       and not exists (select 1 from referral where friend_id = $2)`,
    [fromId, toId],
  );
  await tx.query('update coupon_use set member_id = $2 where member_id = $1', [fromId, toId]);
  await tx.query('delete from tier_state where member_id = $1', [fromId]);
}
