/**
 * Settling: HQ's database was put back to an older state, so tills may hold leases that it does not know.
 *
 * Nothing is handed out until each till that could hold one has said what its journal holds (and the books have it), or a
 * manager has decided not to wait. No clock ends it.
 */
import type { Queryable } from '../db/db.ts';

export async function beginSettling(tx: Queryable, nowMs: number): Promise<void> {
  await tx.query(
    `insert into lease_settling (since_at) values (to_timestamp($1::float8 / 1000))
     on conflict (place) do update set since_at = excluded.since_at`,
    [nowMs],
  );
}

/** @returns whether there was anything to end */
export async function endSettling(db: Queryable): Promise<boolean> {
  return (await db.query('delete from lease_settling returning place')).length === 1;
}

export interface Settling {
  readonly sinceMs: number;
  /** Tills whose word is awaited. */
  readonly tills: readonly { readonly tillId: string; readonly code: string }[];
}

/** null: it is known what tills hold. */
export async function settling(db: Queryable): Promise<Settling | null> {
  const [row] = await db.query<{ since: number }>('select since_at as since from lease_settling');
  if (row === undefined) return null;
  const tills = await db.query<{ tillId: string; code: string }>(
    `select t.till_id as "tillId", t.code from till t cross join cloud_identity c
     where t.enrolled_at is not null and t.revoked_at is null
       and (t.heard_generation is distinct from c.generation or (t.heard_seq > 0 and not exists (
         select 1 from books_cursor b where b.journal_id = t.heard_journal_id and b.through_seq >= t.heard_seq)))
     order by t.code`,
  );
  return { sinceMs: row.since, tills };
}

/** Whether HQ may lease; ends the settling when everybody has been heard. */
export async function isSettled(db: Queryable): Promise<boolean> {
  const state = await settling(db);
  if (state === null) return true;
  if (state.tills.length > 0) return false;
  await endSettling(db);
  return true;
}
