/**
 * What an order spends of rights (points, stored value, gift cards, coupons): leased to the channel's journal as to a till,
 * and named in it before the order. So tills and channels together spend no more than there is.
 */
import { epochAt, type RightGranted } from '../../src/core/lease.ts';
import type { Sale } from '../../src/core/sale.ts';
import { spendsOf } from '../../src/core/spend.ts';
import type { Queryable } from '../db/db.ts';
import { balanceOf } from '../leases/balance.ts';
import { insertLease, lockRight } from '../leases/leases.ts';
import type { OrderProblem } from './order.ts';

export interface ChannelJournal {
  readonly tillId: string;
  readonly journalId: string;
}

/** @returns the leases that the journal must name before the sale, or what there is not enough of: then nothing is leased */
export async function leaseFor(
  tx: Queryable,
  journal: ChannelJournal,
  sale: Omit<Sale, 'receiptSeq'>,
  given: { readonly newId: () => string; readonly nowMs: number },
): Promise<{ readonly leases: readonly RightGranted[]; readonly problems: readonly OrderProblem[] }> {
  const spends = [...spendsOf({ ...sale, receiptSeq: 1 })].sort(([a], [b]) => (a < b ? -1 : 1));
  const counted: (readonly [string, number])[] = [];
  for (const spend of spends) if ((await balanceOf(tx, spend[0])) !== null) counted.push(spend);
  const problems: OrderProblem[] = [];
  for (const [key, amount] of counted) {
    const { balance, leased } = await lockRight(tx, key);
    const free = Math.max(0, balance - leased);
    if (free < amount)
      problems.push({
        path: pathOf(key, sale),
        message: `${free} are free of ${amount}: tills may hold the rest`,
      });
  }
  if (problems.length > 0) return { leases: [], problems };
  const leases: RightGranted[] = [];
  for (const [key, amount] of counted) {
    const lease = { leaseId: given.newId(), key, amount, purpose: 'visit' as const, ...epochAt(given.nowMs) };
    await insertLease(tx, { ...journal, requestId: `order:${sale.id}:${key}`, key }, lease, given.nowMs);
    leases.push(lease);
  }
  return { leases, problems };
}

function pathOf(key: string, { tenders }: Pick<Sale, 'tenders'>): string {
  const kind = key.startsWith('stored_') ? 'stored_value' : key.slice(0, key.indexOf(':'));
  const index = tenders.findIndex((tender) => tender.kind === kind);
  return index === -1 ? 'lines' : `tenders[${index}]`;
}
