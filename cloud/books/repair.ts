/**
 * Repair: an entry that was set aside is tried again, or dismissed with a reason. The journal's copy of it never changes.
 *
 * Tried again it becomes what it should have been, with all that follows from it in the books, once; a lease that it spends of
 * may have been given back meanwhile, which the books allow for (`short`).
 */
import type { Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Store } from '../../src/core/store.ts';
import { grantStatement } from '../../src/protocol/trust.ts';
import type { Db, Queryable } from '../db/db.ts';
import { storeAgain } from '../ingest/store.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import { RuleShelf } from './book-price.ts';
import { bookBatch, lockBooks } from './books.ts';

export interface RepairParts {
  readonly db: Db;
  readonly sha256: Sha256;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
}

export type RepairError =
  | { readonly kind: 'unknown_entry' }
  | { readonly kind: 'closed' }
  /** Another entry stands in the journal under its number: this one was written on a disk that had gone back in time. */
  | { readonly kind: 'other_bytes' }
  | { readonly kind: 'still_unusable'; readonly reason: string };

interface Aside {
  readonly tillId: string;
  readonly journalId: string;
  readonly seq: number;
  readonly text: string;
  readonly closedAt: number | null;
  readonly storeId: string;
  readonly store: Store;
  readonly held: string | null;
  readonly through: number;
}

/** @returns the sale that it is now; null: it is none */
export async function retryEntry(
  parts: RepairParts,
  id: string,
  { reason, nowMs }: { readonly reason: string; readonly nowMs: number },
): Promise<Result<string | null, RepairError>> {
  const { db, sha256, cloudId, cloudKey } = parts;
  try {
    return await db.transaction(async (tx) => {
      const aside = await lockAside(tx, id);
      if (aside === null) return err({ kind: 'unknown_entry' });
      if (aside.closedAt !== null) return err({ kind: 'closed' });
      if (aside.held !== aside.text) return err({ kind: 'other_bytes' });
      const stored = await storeAgain(tx, aside, aside.store);
      if (!stored.ok) throw new StillUnusable(stored.error);
      // Books that have not come so far will find it by themselves.
      if (aside.through >= aside.seq) {
        const { tillId, journalId, storeId } = aside;
        const vouched = (grant: Omit<Parameters<typeof grantStatement>[0], 'cloudId'>, sig: string) =>
          cloudKey.signed(grantStatement({ ...grant, cloudId }), sig);
        const { kind } = JSON.parse(aside.text) as { kind: string };
        const batch = { tx, storeId, nowMs, sha256, vouched };
        const rows = [{ ...aside, kind }];
        await bookBatch(batch, [{ tillId, journalId, rows }], new RuleShelf());
      }
      await close(tx, id, { as: 'retried', reason, nowMs });
      return ok(stored.value);
    });
  } catch (cause) {
    if (!(cause instanceof StillUnusable)) throw cause;
    await db.query('update quarantine set tries = tries + 1 where quarantine_id = $1::bigint', [id]);
    return err({ kind: 'still_unusable', reason: cause.reason });
  }
}

export async function dismissEntry(
  db: Db,
  id: string,
  given: { readonly reason: string; readonly nowMs: number },
): Promise<Result<null, RepairError>> {
  return db.transaction(async (tx) => {
    const aside = await lockAside(tx, id);
    if (aside === null) return err({ kind: 'unknown_entry' });
    if (aside.closedAt !== null) return err({ kind: 'closed' });
    await close(tx, id, { as: 'dismissed', ...given });
    return ok(null);
  });
}

/** Carries the reason out of a transaction that must leave nothing behind. */
class StillUnusable extends Error {
  override name = 'StillUnusable';
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

/** The store's books wait meanwhile: nobody books it a second time. */
async function lockAside(tx: Queryable, id: string): Promise<Aside | null> {
  const [found] = await tx.query<{ storeId: string }>(
    `select t.store_id as "storeId" from quarantine q join till t using (till_id) where q.quarantine_id = $1::bigint`,
    [id],
  );
  if (found === undefined) return null;
  await lockBooks(tx, found.storeId);
  const [row] = await tx.query<Aside>(
    `select q.till_id as "tillId", q.journal_id as "journalId", q.seq, q.text, q.closed_at as "closedAt",
       t.store_id as "storeId", s.data as store, coalesce(b.through_seq, 0)::bigint as through,
       (select e.text from journal_entry e where e.journal_id = q.journal_id and e.seq = q.seq) as held
     from quarantine q join till t using (till_id) join store s using (store_id)
       left join books_cursor b on b.journal_id = q.journal_id
     where q.quarantine_id = $1::bigint`,
    [id],
  );
  return row ?? null;
}

async function close(
  tx: Queryable,
  id: string,
  given: { readonly as: 'retried' | 'dismissed'; readonly reason: string; readonly nowMs: number },
): Promise<void> {
  const { as, reason, nowMs } = given;
  await tx.query(
    `update quarantine set closed_at = to_timestamp($2::float8 / 1000), closed_as = $3, closed_why = $4
     where quarantine_id = $1::bigint`,
    [id, nowMs, as, reason],
  );
}
