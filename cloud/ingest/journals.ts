/**
 * Journals of a till that follow one another: a disk that went back in time goes on under a new journal, which begins after
 * the last entry that till and cloud both have. Numbers go on, so one number says how far a till's journals have come.
 */
import { type ChainHead, genesisHash, type JournalOpened, parseEntry } from '../../src/core/entry.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Hello } from '../../src/protocol/up.ts';
import { kept, type Queryable } from '../db/db.ts';

/** A journal with the head that it begins after; `baseSeq` 0: it follows none. */
export interface JournalPart {
  readonly journalId: string;
  readonly baseSeq: number;
  readonly baseHash: string;
}

/** What a till says of its journals, oldest first. */
export function partsOf(
  sha256: Sha256,
  { journalId, journals }: Pick<Hello, 'journalId' | 'journals'>,
): JournalPart[] {
  if (journals !== undefined && journals.at(-1)?.journalId === journalId) return journals;
  return [{ journalId, baseSeq: 0, baseHash: genesisHash(sha256, journalId) }];
}

/**
 * How far the cloud's copy of a till's journals goes: what it says in `welcome`.
 *
 * @returns null when one of them is another till's
 */
export async function heldHead(
  db: Queryable,
  tillId: string,
  parts: readonly JournalPart[],
): Promise<ChainHead | null> {
  for (let index = parts.length - 1; index >= 0; index--) {
    const head = await headOf(db, parts[index]!.journalId);
    if (head === null) continue;
    if (head.tillId !== tillId) return null;
    const next = parts[index + 1];
    if (next === undefined || head.seq <= next.baseSeq) return { seq: head.seq, hash: head.hash };
    // The cloud has more of it than the till: what both have ends where the next one begins, if they have it alike.
    const hash = await hashAt(db, parts[index]!.journalId, next.baseSeq);
    return { seq: next.baseSeq, hash: hash ?? head.hash };
  }
  const [first] = parts;
  return { seq: first!.baseSeq, hash: first!.baseHash };
}

/** Where a journal begins that the cloud has no entry of, by its first entry; `gap`: what it follows is not here yet. */
export async function baseOf(
  db: Queryable,
  sha256: Sha256,
  push: {
    readonly tillId: string;
    readonly journalId: string;
    readonly fromSeq: number;
    readonly entries: readonly string[];
  },
): Promise<
  Result<ChainHead, { readonly kind: 'gap'; readonly ackedSeq: number } | { readonly kind: 'foreign' }>
> {
  const genesis = { seq: 0, hash: genesisHash(sha256, push.journalId) };
  if (push.fromSeq === 1) return ok(genesis);
  const link = await linkOf(db, push.journalId);
  if (link !== null) return ok({ seq: link.baseSeq, hash: link.baseHash });
  const follows = followsOf(push.entries[0]!);
  if (follows === null || follows.seq !== push.fromSeq - 1) return err({ kind: 'gap', ackedSeq: 0 });
  const head = await headOf(db, follows.journalId);
  if (head === null) return err({ kind: 'gap', ackedSeq: 0 });
  if (head.tillId !== push.tillId) return err({ kind: 'foreign' });
  if (head.seq < follows.seq) return err({ kind: 'gap', ackedSeq: head.seq });
  if ((await hashAt(db, follows.journalId, follows.seq)) !== follows.hash) return err({ kind: 'foreign' });
  return ok({ seq: follows.seq, hash: follows.hash });
}

/** What a journal's first entry says that it follows. */
export function followsOf(text: string): JournalOpened['follows'] {
  const parsed = parseEntry(text);
  if (!parsed.ok || parsed.value.kind !== 'journal_opened') return null;
  const { follows } = parsed.value.body;
  if (typeof follows !== 'object' || follows === null) return null;
  const { journalId, seq, hash } = follows;
  const isHead = typeof journalId === 'string' && !journalId.includes('\0') && Number.isSafeInteger(seq);
  return isHead && seq > 0 && /^[0-9a-f]{64}$/.test(hash) ? { journalId, seq, hash } : null;
}

export async function keepLink(
  tx: Queryable,
  link: {
    readonly tillId: string;
    readonly journalId: string;
    readonly follows: NonNullable<JournalOpened['follows']>;
    readonly nowMs: number;
  },
): Promise<void> {
  const { tillId, journalId, follows, nowMs } = link;
  await tx.query(
    `insert into journal_link (journal_id, till_id, follows_journal_id, base_seq, base_hash, at)
     values ($1, $2, $3, $4, $5, to_timestamp($6::float8 / 1000)) on conflict do nothing`,
    [journalId, tillId, follows.journalId, follows.seq, follows.hash, nowMs],
  );
  // What HQ has said goes on, goes on in this one.
  await tx.query('update till set kept_journal_id = $2 where till_id = $1 and kept_journal_id = $3', [
    tillId,
    journalId,
    follows.journalId,
  ]);
}

const FOLLOWER = kept(
  'select journal_id as id from journal_link where till_id = $1 and follows_journal_id = $2 order by at desc limit 1',
);

/** The journal that follows this one; null: none does. */
export async function followerOf(db: Queryable, tillId: string, journalId: string): Promise<string | null> {
  const [row] = await db.query<{ id: string }>(FOLLOWER, [tillId, journalId]);
  return row?.id ?? null;
}

export async function linkOf(db: Queryable, journalId: string): Promise<JournalPart | null> {
  const [row] = await db.query<JournalPart>(
    'select journal_id as "journalId", base_seq as "baseSeq", base_hash as "baseHash" from journal_link where journal_id = $1',
    [journalId],
  );
  return row ?? null;
}

export async function hashesOf(
  db: Queryable,
  ask: {
    readonly tillId: string;
    readonly journalId: string;
    readonly fromSeq: number;
    readonly count: number;
  },
): Promise<string[]> {
  const rows = await db.query<{ hash: string }>(
    `select hash from journal_entry where journal_id = $1 and till_id = $2 and seq >= $3 order by seq limit $4`,
    [ask.journalId, ask.tillId, ask.fromSeq, ask.count],
  );
  return rows.map(({ hash }) => hash);
}

/** The highest receipt number that the cloud has of a till, whatever journal it stands in; 0: none. */
export async function lastReceiptSeq(db: Queryable, tillId: string): Promise<number> {
  const rows = await db.query<{ no: string }>(
    `select s.receipt_no as no from books_cursor b cross join lateral (
       select receipt_no from sale where journal_id = b.journal_id order by seq desc limit 1) s where b.till_id = $1`,
    [tillId],
  );
  return rows.reduce((most, { no }) => Math.max(most, Number(/-(\d{1,12})$/.exec(no)?.[1] ?? 0)), 0);
}

/** The last entry that the cloud has of a journal; null: none. */
export async function headOf(
  db: Queryable,
  journalId: string,
): Promise<{ readonly tillId: string; readonly seq: number; readonly hash: string } | null> {
  const [row] = await db.query<{ tillId: string; seq: number; hash: string }>(
    'select till_id as "tillId", seq, hash from journal_entry where journal_id = $1 order by seq desc limit 1',
    [journalId],
  );
  return row ?? null;
}

async function hashAt(db: Queryable, journalId: string, seq: number): Promise<string | null> {
  const [row] = await db.query<{ hash: string }>(
    'select hash from journal_entry where journal_id = $1 and seq = $2',
    [journalId, seq],
  );
  return row?.hash ?? null;
}
