/**
 * The one door from the books to loyalty: what sales do to ledgers, coupons, packs and tiers.
 */
import { bookCoupons } from './coupon-sales.ts';
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
