/**
 * The tills as a list for HQ.
 */
import type { Queryable } from '../db/db.ts';
import type { TillRow } from './schemas.ts';

export async function listTills(
  db: Queryable,
  isOnline: (tillId: string) => boolean,
  tillIds: readonly string[] | null = null,
): Promise<TillRow[]> {
  const rows = await db.query<Omit<TillRow, 'online'>>(
    `select t.till_id as id, t.store_id as "storeId", t.code, t.enrolled_at is not null as enrolled,
       t.revoked_at is not null as revoked, t.stopped_at is not null as stopped, t.last_seen_at as "lastSeenAtMs", t.last_sale_at as "lastSaleAtMs",
       t.acked_seq as "headSeq", t.acked_hash as "headHash", t.unsent, t.app_version as version, t.readiness,
       t.readiness_at as "readinessAtMs",
       (select count(*) from quarantine q where q.till_id = t.till_id and q.closed_at is null) as quarantined
     from till t where t.channel is null and ($1::text[] is null or t.till_id = any($1)) order by t.store_id, t.code`,
    [tillIds],
  );
  return rows.map((row) => ({ ...row, online: isOnline(row.id) }));
}
