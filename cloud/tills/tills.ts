/**
 * Tills as HQ sees them: who they are, how far their journal has come, whether they are connected now.
 */
import { type Db, kept, type Queryable } from '../db/db.ts';

export interface TillRecord {
  readonly tillId: string;
  readonly storeId: string;
  readonly code: string;
  readonly publicKey: string | null;
  readonly revoked: boolean;
  /** Two disks speak as this till: HQ has to say which journal goes on. */
  readonly stopped: boolean;
  /** What HQ has said; null: it was never asked. */
  readonly keptJournalId: string | null;
  /** HQ's generation at its last hello. */
  readonly heardGeneration: string | null;
  /** Keys that it had before. */
  readonly formerKeys: readonly string[];
  /** The journal that it pushed last, and how far HQ has it; null: it has pushed none. */
  readonly journalId: string | null;
  readonly ackedSeq: number;
  readonly ackedHash: string | null;
}

const TILL_BY_ID = kept(
  `select till_id as "tillId", store_id as "storeId", code, public_key as "publicKey", revoked_at as "revokedAt",
     stopped_at as "stoppedAt", kept_journal_id as "keptJournalId", heard_generation as "heardGeneration",
     array(select public_key from till_former_key f where f.till_id = t.till_id) as "formerKeys",
     journal_id as "journalId", acked_seq as "ackedSeq", acked_hash as "ackedHash"
   from till t where till_id = $1`,
);

export async function tillById(db: Queryable, tillId: string): Promise<TillRecord | null> {
  const [row] = await db.query<
    Omit<TillRecord, 'revoked' | 'stopped'> & { revokedAt: number | null; stoppedAt: number | null }
  >(TILL_BY_ID, [tillId]);
  if (row === undefined) return null;
  const { revokedAt, stoppedAt, ...rest } = row;
  return { ...rest, revoked: revokedAt !== null, stopped: stoppedAt !== null };
}

const NOTE_HELLO = kept(
  `update till set heard_generation = $2, heard_journal_id = $3, heard_seq = $4, app_version = $5, unsent = $6,
     last_seen_at = to_timestamp($7::float8 / 1000)
   where till_id = $1`,
);

/** What a till said at its hello, and that it was heard. */
export async function noteHello(
  db: Queryable,
  hello: {
    readonly tillId: string;
    readonly journalId: string;
    readonly headSeq: number;
    readonly appVersion: string;
    readonly generation: string;
    readonly unsent: number;
    readonly atMs: number;
  },
): Promise<void> {
  await db.query(NOTE_HELLO, [
    hello.tillId,
    hello.generation,
    hello.journalId,
    hello.headSeq,
    hello.appVersion,
    hello.unsent,
    hello.atMs,
  ]);
}

/** Nothing is taken of this till until HQ has said which journal goes on. */
export async function stopTill(db: Queryable, tillId: string, nowMs: number): Promise<void> {
  await db.query(
    'update till set stopped_at = coalesce(stopped_at, to_timestamp($2::float8 / 1000)) where till_id = $1',
    [tillId, nowMs],
  );
}

/** HQ has looked: this journal, or one that follows it, goes on. @returns false when the till is not stopped */
export async function resumeTill(db: Queryable, tillId: string, journalId: string): Promise<boolean> {
  const rows = await db.query(
    `update till set stopped_at = null, kept_journal_id = $2 where till_id = $1 and stopped_at is not null
     returning till_id`,
    [tillId, journalId],
  );
  return rows.length === 1;
}

const NOTE_SEEN = kept(
  'update till set last_seen_at = to_timestamp($2::float8 / 1000), unsent = $3 where till_id = $1',
);

/** Notes that a till was heard, and how much it still has; what pings say goes by `SeenDesk`. */
export async function noteSeen(
  db: Queryable,
  seen: { readonly tillId: string; readonly atMs: number; readonly unsent: number },
): Promise<void> {
  await db.query(NOTE_SEEN, [seen.tillId, seen.atMs, seen.unsent]);
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
