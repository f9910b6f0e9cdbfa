/**
 * The one door from the books to loyalty: what sales do to ledgers, coupons, referrals and tiers.
 */
import type { Queryable } from '../db/db.ts';
import { moveLedgers } from './ledger-jobs.ts';
import { bookLedgers, type SaleBatch, type SaleFacts } from './sale-ledger.ts';
import type { SaleAlert } from './sale-movements.ts';

export interface LoyaltyBooked {
  readonly alerts: readonly SaleAlert[];
  /** Feed rows. */
  readonly told: number;
}

/** @param entries sales that are stored; said again, they change nothing */
export async function bookLoyalty(batch: SaleBatch, entries: readonly SaleFacts[]): Promise<LoyaltyBooked> {
  if (entries.length === 0) return { alerts: [], told: 0 };
  return bookLedgers(batch, entries);
}

/** All that one member has becomes another's. */
export async function moveLoyalty(
  tx: Queryable,
  facts: { readonly fromId: string; readonly toId: string; readonly only?: 'first' },
  nowMs: number,
): Promise<void> {
  await moveLedgers(tx, facts, nowMs);
}
