/**
 * Ingest: one push of a till becomes entries, sales and a moved cursor in one transaction, or nothing.
 *
 * The till's row is locked first, so entries already known fall away before they are stored and each (journal, seq) has its
 * effect once. The chain is recomputed from the texts; the head must be signed by the till's key. What is then done with the
 * entries is store.ts. The ack follows the commit.
 */
import { createPublicKey, verify } from 'node:crypto';
import {
  type ChainedEntry,
  type ChainHead,
  canonicalJson,
  checkEntry,
  ENTRY_VERSION,
  type EntryBody,
  entryHash,
  genesisHash,
  headStatement,
  type JournalOpened,
  parseEntry,
} from '../../src/core/entry.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Store } from '../../src/core/store.ts';
import { type Db, kept, type Queryable } from '../db/db.ts';
import { onSalesStored } from '../segments/rollup.ts';
import { noteSeen } from '../tills/tills.ts';
import { baseOf, followsOf, keepLink, linkOf } from './journals.ts';
import {
  idsNamed,
  isAboutData,
  type JournalOf,
  KNOWN,
  type KnownIds,
  type KnownRow,
  knownOf,
  type PersonalRow,
  type ReadEntry,
  setAside,
  store,
  storePersonal,
} from './store.ts';

export interface PushFacts {
  readonly tillId: string;
  readonly journalId: string;
  readonly fromSeq: number;
  readonly entries: readonly string[];
  /** They were written at HQ, of columns: that they are canonical need not be looked at. */
  readonly isCanonical?: true | undefined;
  readonly hash: string;
  /** base64 */
  readonly sig: string;
  /** Personal data that entries of this push refer to; the books check it against the entry's commitment. */
  readonly personal?: readonly PersonalRow[] | undefined;
  /** From a disk that HQ lets rescue: whether the till was cut off, and by which of its keys it signs, is looked past. */
  readonly rescued?: boolean;
  /** How many entries the till still has after these. */
  readonly unsent?: number | undefined;
}

export type PushError =
  | { readonly kind: 'unknown_till' }
  | { readonly kind: 'revoked' }
  /** HQ has stopped it: two disks speak as this till. */
  | { readonly kind: 'cloned' }
  | { readonly kind: 'gap'; readonly ackedSeq: number }
  | { readonly kind: 'chain'; readonly seq: number; readonly what: string }
  | { readonly kind: 'bad_signature' }
  /** The journal is another till's. */
  | { readonly kind: 'foreign' }
  | { readonly kind: 'forked'; readonly seq: number };

export interface Ingested {
  readonly head: ChainHead;
  readonly saleIds: readonly string[];
  readonly quarantined: number;
  /** The journal began with this push and follows another one: the till's disk went back in time. */
  readonly reopened: JournalOpened['follows'];
}

export async function ingestPush(
  db: Db,
  sha256: Sha256,
  push: PushFacts,
  nowMs: number,
): Promise<Result<Ingested, PushError>> {
  const isCanonical = push.isCanonical === true;
  const read = push.entries.map((text) => ({ text, parsed: parseEntry(text, { isCanonical }) }));
  const attempt = (oneByOne: boolean) =>
    db.transaction((tx) => ingestRead(tx, sha256, { push, read, nowMs, oneByOne }));
  try {
    return await attempt(false);
  } catch (cause) {
    // A sale that the database cannot hold: once more, and this time looking for it.
    if (isAboutData(cause)) return attempt(true);
    throw cause;
  }
}

async function ingestRead(
  tx: Queryable,
  sha256: Sha256,
  given: {
    readonly push: PushFacts;
    readonly read: readonly ReadText[];
    readonly nowMs: number;
    readonly oneByOne: boolean;
  },
): Promise<Result<Ingested, PushError>> {
  const { push, read, nowMs, oneByOne } = given;
  const till = await lockTill(tx, push.tillId, bodiesOf(read));
  if (till === null || till.publicKey === null) return err({ kind: 'unknown_till' });
  if (till.revoked && push.rescued !== true) return err({ kind: 'revoked' });
  if (till.stopped && push.rescued !== true) return err({ kind: 'cloned' });
  const found = await ackedHead(tx, sha256, till, push);
  if (!found.ok) return found;
  const acked = found.value;
  if (push.fromSeq > acked.seq + 1) return err({ kind: 'gap', ackedSeq: acked.seq });
  const start = await headBefore(tx, sha256, push, acked);
  const chain = chainOf(sha256, push, read, start);
  if (!chain.ok) return chain;
  const head = { seq: chain.value.at(-1)!.seq, hash: chain.value.at(-1)!.hash };
  const keys = push.rescued === true ? await keysOf(tx, push.tillId, till.publicKey) : [till.publicKey];
  if (!keys.some((key) => isSigned(key, push, head))) return err({ kind: 'bad_signature' });
  const known = chain.value.filter(({ seq }) => seq <= acked.seq);
  const forkedAt = await firstDifference(tx, push.journalId, known);
  if (forkedAt !== null) {
    await setAsideFork(tx, push, known.find(({ seq }) => seq === forkedAt)!, nowMs);
    return err({ kind: 'forked', seq: forkedAt });
  }
  const fresh = chain.value.slice(known.length);
  if (fresh.length === 0) {
    const { tillId, unsent, rescued } = push;
    if (rescued !== true && unsent !== undefined) await noteSeen(tx, { tillId, atMs: nowMs, unsent });
    return ok({ head: acked, saleIds: [], quarantined: 0, reopened: null });
  }
  const result = await store(tx, push, fresh, { till, nowMs, oneByOne });
  await storePersonal(tx, push, fresh, nowMs);
  await moveCursor(tx, push, head, nowMs, result.lastSaleAtMs);
  await onSalesStored(tx, result.memberSales);
  const reopened = fresh[0]!.seq === start.seq + 1 && start.seq > 0 ? followsOf(fresh[0]!.text) : null;
  if (reopened !== null) await keepLink(tx, { ...push, follows: reopened, nowMs });
  return ok({ head, saleIds: result.saleIds, quarantined: result.quarantined, reopened });
}

/** What HQ itself writes into a journal of its own: the orders of a channel. */
export interface OwnEntry {
  readonly atMs: number;
  readonly businessDate: string;
  readonly body: EntryBody;
}

/**
 * Entries that HQ writes itself, chained and stored like a till's; nobody signs them, nobody else writes that journal.
 *
 * @throws Error when one cannot be stored: the caller has checked them, and its transaction rolls back
 */
export async function ingestOwn(
  tx: Queryable,
  sha256: Sha256,
  own: {
    readonly tillId: string;
    readonly journalId: string;
    readonly author: string;
    readonly entries: readonly OwnEntry[];
  },
  nowMs: number,
): Promise<readonly string[]> {
  const { tillId, journalId, author } = own;
  const bodies = own.entries.map(({ body }) => body);
  const till = await lockTill(tx, tillId, bodies);
  if (till === null || till.channel === null) throw new Error(`${tillId} is no channel of HQ's`);
  // One journal a channel, for good: no other machine writes it, so none goes back in time.
  let head: ChainHead =
    till.ackedHash === null
      ? { seq: 0, hash: genesisHash(sha256, journalId) }
      : { seq: till.ackedSeq, hash: till.ackedHash };
  const fresh = own.entries.map(({ atMs, businessDate, body }): ReadEntry => {
    const seq = head.seq + 1;
    const shiftId = `${author}/${businessDate}`;
    const common = {
      v: ENTRY_VERSION,
      tillId,
      journalId,
      seq,
      atMs,
      hlc: `${atMs}.0`,
      businessDate,
      shiftId,
      cashierId: author,
    };
    const text = canonicalJson({ ...common, ...body });
    const entry = { seq, text, hash: entryHash(sha256, head.hash, text), parsed: parseEntry(text) };
    head = entry;
    return entry;
  });
  const push = { tillId, journalId };
  const result = await store(tx, push, fresh, { till, nowMs, oneByOne: false });
  if (result.quarantined > 0) throw new Error('an entry of our own cannot be stored');
  await moveCursor(tx, push, head, nowMs, result.lastSaleAtMs);
  await onSalesStored(tx, result.memberSales);
  return result.saleIds;
}

interface LockedTill {
  /** Of a journal that HQ writes itself; null: a till's. */
  readonly channel: string | null;
  readonly store: Store;
  readonly publicKey: string | null;
  readonly revoked: boolean;
  readonly stopped: boolean;
  readonly journalId: string | null;
  readonly ackedSeq: number;
  readonly ackedHash: string | null;
  readonly known: KnownIds;
}

const LOCK_TILL = kept(
  `select t.channel, t.public_key, t.revoked_at, t.stopped_at, t.journal_id, t.acked_seq, t.acked_hash, s.data, ${KNOWN}
   from till t join store s using (store_id) where t.till_id = $3 for update of t`,
);

/**
 * Locks the till's row. One look for all that is asked of the ids too: what another till stores or merges meanwhile is found by
 * the table's own key, or by the books.
 */
async function lockTill(
  tx: Queryable,
  tillId: string,
  bodies: readonly EntryBody[],
): Promise<LockedTill | null> {
  const { saleIds, memberIds } = idsNamed(bodies);
  const [row] = await tx.query<
    {
      public_key: string | null;
      revoked_at: number | null;
      stopped_at: number | null;
      journal_id: string | null;
      acked_seq: number;
      acked_hash: string | null;
      channel: string | null;
      data: Store;
    } & KnownRow
  >(LOCK_TILL, [memberIds, saleIds, tillId]);
  if (row === undefined) return null;
  return {
    channel: row.channel,
    store: row.data,
    publicKey: row.public_key,
    revoked: row.revoked_at !== null,
    stopped: row.stopped_at !== null,
    journalId: row.journal_id,
    ackedSeq: row.acked_seq,
    ackedHash: row.acked_hash,
    known: knownOf(row),
  };
}

async function ackedHead(
  tx: Queryable,
  sha256: Sha256,
  till: Pick<LockedTill, 'journalId' | 'ackedSeq' | 'ackedHash'>,
  push: PushFacts,
): Promise<Result<ChainHead, PushError>> {
  const { tillId, journalId } = push;
  if (till.journalId === journalId && till.ackedHash !== null)
    return ok({ seq: till.ackedSeq, hash: till.ackedHash });
  // Not the current journal: an older one that is pushed again, or a new one.
  const [row] = await tx.query<{ till_id: string; seq: number; hash: string }>(
    'select till_id, seq, hash from journal_entry where journal_id = $1 order by seq desc limit 1',
    [journalId],
  );
  if (row === undefined) return baseOf(tx, sha256, push);
  return row.till_id === tillId ? ok({ seq: row.seq, hash: row.hash }) : err({ kind: 'foreign' });
}

/** Of a till, the one that it has and those that it had. */
async function keysOf(tx: Queryable, tillId: string, publicKey: string): Promise<string[]> {
  const rows = await tx.query<{ key: string }>(
    'select public_key as key from till_former_key where till_id = $1',
    [tillId],
  );
  return [publicKey, ...rows.map(({ key }) => key)];
}

/** The head that the first pushed entry must follow. */
async function headBefore(
  tx: Queryable,
  sha256: Sha256,
  push: PushFacts,
  acked: ChainHead,
): Promise<ChainHead> {
  const seq = push.fromSeq - 1;
  if (seq === acked.seq) return acked;
  if (seq === 0) return { seq: 0, hash: genesisHash(sha256, push.journalId) };
  const [row] = await tx.query<{ hash: string }>(
    'select hash from journal_entry where journal_id = $1 and seq = $2',
    [push.journalId, seq],
  );
  if (row !== undefined) return { seq, hash: row.hash };
  const link = await linkOf(tx, push.journalId);
  return link?.baseSeq === seq ? { seq, hash: link.baseHash } : acked;
}

type ReadText = Pick<ReadEntry, 'text' | 'parsed'>;

function bodiesOf(read: readonly ReadText[]): EntryBody[] {
  return read.flatMap(({ parsed }) => (parsed.ok ? parsed.value : []));
}

function chainOf(
  sha256: Sha256,
  push: PushFacts,
  read: readonly ReadText[],
  start: ChainHead,
): Result<readonly ReadEntry[], PushError> {
  let head = start;
  const chain: ReadEntry[] = [];
  for (const { text, parsed } of read) {
    const seq = head.seq + 1;
    const entry = { seq, text, hash: entryHash(sha256, head.hash, text), parsed };
    const problem = checkEntry(push, seq, entry.parsed);
    if (problem !== null) {
      return err({ kind: 'chain', seq: entry.seq, what: 'what' in problem ? problem.what : problem.kind });
    }
    chain.push(entry);
    head = entry;
  }
  // The till says what its head is: other bytes on the way give another hash.
  if (head.hash !== push.hash) return err({ kind: 'chain', seq: head.seq, what: 'hash' });
  return ok(chain);
}

function isSigned(publicKey: string, push: PushFacts, head: ChainHead): boolean {
  const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
  return verify(null, headStatement(push.tillId, push.journalId, head), key, Buffer.from(push.sig, 'base64'));
}

/** @returns the first seq whose bytes differ from what we hold */
async function firstDifference(
  tx: Queryable,
  journalId: string,
  known: readonly ChainedEntry[],
): Promise<number | null> {
  if (known.length === 0) return null;
  const rows = await tx.query<{ seq: number; hash: string }>(
    'select seq, hash from journal_entry where journal_id = $1 and seq between $2 and $3 order by seq',
    [journalId, known[0]!.seq, known.at(-1)!.seq],
  );
  const hashOf = new Map(rows.map(({ seq, hash }) => [seq, hash]));
  return known.find(({ seq, hash }) => hashOf.get(seq) !== hash)?.seq ?? null;
}

async function setAsideFork(
  tx: Queryable,
  push: PushFacts,
  entry: ChainedEntry,
  nowMs: number,
): Promise<void> {
  await setAside(tx, push, [{ seq: entry.seq, text: entry.text, reason: 'same seq, other bytes' }], nowMs);
}

const MOVE_CURSOR = kept(
  `with books as (
     insert into books_cursor (journal_id, till_id, head_seq, through_seq) values ($2, $1, $3, 0)
     on conflict (journal_id) do update set head_seq = greatest(books_cursor.head_seq, excluded.head_seq))
   update till set journal_id = $2, acked_seq = $3, acked_hash = $4,
     last_seen_at = to_timestamp($5::float8 / 1000),
     last_sale_at = greatest(last_sale_at, to_timestamp($6::float8 / 1000)), unsent = coalesce($7, unsent)
   where till_id = $1`,
);

async function moveCursor(
  tx: Queryable,
  push: JournalOf & Pick<PushFacts, 'rescued' | 'unsent'>,
  head: ChainHead,
  nowMs: number,
  lastSaleAtMs: number | null,
): Promise<void> {
  const unsent = push.rescued === true ? undefined : push.unsent;
  await tx.query(MOVE_CURSOR, [
    push.tillId,
    push.journalId,
    head.seq,
    head.hash,
    nowMs,
    lastSaleAtMs,
    unsent ?? null,
  ]);
}
