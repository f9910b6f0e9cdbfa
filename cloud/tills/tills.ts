/**
 * Tills as HQ sees them: who they are, how far their journal has come, whether they are connected now.
 */
import type { Db, Queryable } from '../db/db.ts';

export interface TillRecord {
  readonly tillId: string;
  readonly storeId: string;
  readonly code: string;
  readonly publicKey: string | null;
  readonly revoked: boolean;
}

export async function tillById(db: Queryable, tillId: string): Promise<TillRecord | null> {
  const [row] = await db.query<{
    till_id: string;
    store_id: string;
    code: string;
    public_key: string | null;
    revoked_at: number | null;
  }>('select till_id, store_id, code, public_key, revoked_at from till where till_id = $1', [tillId]);
  if (row === undefined) return null;
  return {
    tillId: row.till_id,
    storeId: row.store_id,
    code: row.code,
    publicKey: row.public_key,
    revoked: row.revoked_at !== null,
  };
}

/** Notes that a till was heard, what it runs and how much it still has. */
export async function noteSeen(
  db: Queryable,
  seen: {
    readonly tillId: string;
    readonly atMs: number;
    readonly unsent: number;
    readonly appVersion?: string;
  },
): Promise<void> {
  await db.query(
    `update till set last_seen_at = to_timestamp($2::float8 / 1000), unsent = $3,
       app_version = coalesce($4, app_version) where till_id = $1`,
    [seen.tillId, seen.atMs, seen.unsent, seen.appVersion ?? null],
  );
}

/** This cloud's own id: made once, part of what tills sign. */
export async function cloudIdOf(db: Db, fresh: string, nowMs: number): Promise<string> {
  return db.transaction(async (tx) => {
    const rows = await tx.query<{ cloud_id: string }>('select cloud_id from cloud_identity limit 1');
    if (rows[0] !== undefined) return rows[0].cloud_id;
    await tx.query(
      'insert into cloud_identity (cloud_id, created_at) values ($1, to_timestamp($2::float8 / 1000))',
      [fresh, nowMs],
    );
    return fresh;
  });
}
