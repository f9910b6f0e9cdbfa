/**
 * Rights to refund: how many units of a sold line may still come back, and which till may pay them out.
 *
 * The till that sold holds all of them from the sale on, without a word of HQ: its journal knows what it paid back. Only when another
 * till asks does HQ write that down as a lease of the seller (`home:SALE:LINE`), ask for it back, and hand it on once the seller's
 * journal says `right_returned`: from then on the seller pays back nothing of that line without a lease of its own.
 */
import { homeLeaseId, refundOf } from '../../src/core/lease.ts';
import type { Queryable } from '../db/db.ts';

/** Units sold less units that came back, as far as HQ's books go; null: HQ has no such line. */
export async function refundableOf(tx: Queryable, key: string): Promise<number | null> {
  const line = refundOf(key);
  if (line === null) return null;
  const [row] = await tx.query<{ left: number }>(
    `select (l.qty - (select coalesce(sum(r.qty), 0) from return_line r
       where r.original_sale_id = $1 and r.original_line_no = $2))::bigint as left
     from sale_line l where l.sale_id = $1 and l.line_no = $2 and l.qty > 0`,
    [line.saleId, line.lineNo],
  );
  return row === undefined ? null : Math.max(0, row.left);
}

/**
 * Writes down that the seller holds the line, the first time that another till asks for it. The caller holds the right.
 *
 * Orders that HQ itself wrote have no till: what is left of them is free.
 *
 * @param left units that may still come back, by HQ's books: the seller has paid back the rest already
 */
export async function holdAtSeller(
  tx: Queryable,
  key: string,
  { left, nowMs }: { readonly left: number; readonly nowMs: number },
): Promise<void> {
  const line = refundOf(key);
  if (line === null || left === 0) return;
  const leaseId = homeLeaseId(line);
  const rows = await tx.query<{ amount: number }>(
    `insert into lease (lease_id, key, till_id, journal_id, request_id, amount, purpose, epoch, until_at, state, granted_at, is_frozen)
     select $1, $2, s.till_id, coalesce(t.heard_journal_id, s.journal_id), $1, $6, 'ahead', 0, to_timestamp(253402300799), 'held',
       to_timestamp($5::float8 / 1000), t.revoked_at is not null
     from sale s join till t using (till_id) join sale_line l on l.store_id = s.store_id and l.sale_id = s.sale_id and l.line_no = $4
     where s.sale_id = $3 and t.channel is null on conflict do nothing returning amount`,
    [leaseId, key, line.saleId, line.lineNo, nowMs, left],
  );
  for (const { amount } of rows)
    await tx.query('update right_balance set leased = leased + $2 where key = $1', [key, amount]);
}

/**
 * The seller's journal says that it pays back nothing more of the line; said again, or by a stranger, it changes nothing.
 *
 * HQ may not know the lease: its database was put back. Then it is written down as given back, so that nobody is asked again.
 *
 * @returns false when the line is not of this till
 */
export async function sellerGaveBack(
  tx: Queryable,
  said: { readonly tillId: string; readonly journalId: string; readonly key: string; readonly nowMs: number },
): Promise<boolean> {
  const { tillId, journalId, key, nowMs } = said;
  const line = refundOf(key);
  if (line === null) return false;
  const leaseId = homeLeaseId(line);
  const [held] = await tx.query<{ left: number; state: string }>(
    'select amount - spent - returned as left, state from lease where lease_id = $1 and till_id = $2',
    [leaseId, tillId],
  );
  if (held !== undefined) {
    if (held.state !== 'held') return true;
    await tx.query("update lease set state = 'closed', returned = amount - spent where lease_id = $1", [
      leaseId,
    ]);
    await tx.query('update right_balance set leased = leased - $2 where key = $1', [key, held.left]);
    return true;
  }
  const rows = await tx.query(
    `insert into lease (lease_id, key, till_id, journal_id, request_id, amount, returned, purpose, epoch, until_at, state, granted_at)
     select $1, $2, s.till_id, $5, $1, l.qty, l.qty, 'ahead', 0, to_timestamp(253402300799), 'closed', to_timestamp($7::float8 / 1000)
     from sale s join sale_line l on l.store_id = s.store_id and l.sale_id = s.sale_id and l.line_no = $4
     where s.sale_id = $3 and s.till_id = $6 and l.qty > 0 on conflict do nothing returning lease_id`,
    [leaseId, key, line.saleId, line.lineNo, journalId, tillId, nowMs],
  );
  return rows.length > 0;
}
