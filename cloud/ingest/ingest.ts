/**
 * Ingest: one push of a till becomes entries, sales and a moved cursor in one transaction, or nothing.
 *
 * The till's row is locked first, so entries already known fall away before they are stored and each (journal, seq) has its
 * effect once. The chain is recomputed from the texts; the head must be signed by the till's key. An entry whose body
 * cannot be used is kept in the journal and set aside in `quarantine`; those after it go on. The ack follows the commit.
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
  type JournalEntry,
  type JournalOpened,
  parseEntry,
} from '../../src/core/entry.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { localHour } from '../../src/core/shift.ts';
import type { Store } from '../../src/core/store.ts';
import { type CopyRow, type CopyTable, insertRows } from '../db/copy.ts';
import { type Db, kept, type Queryable } from '../db/db.ts';
import { noteRungFor, type RungFor } from '../identity/member-rows.ts';
import { rightsProblem } from '../leases/entries.ts';
import { sealEnrolments } from '../members/enrolments.ts';
import { type MemberSale, onSalesStored } from '../segments/rollup.ts';
import { noteSeen } from '../tills/tills.ts';
import { baseOf, followsOf, keepLink, linkOf } from './journals.ts';
import { SALE_TABLE, type SaleRecord, saleRecordOf } from './sale-row.ts';

export interface PushFacts {
  readonly tillId: string;
  readonly journalId: string;
  readonly fromSeq: number;
  readonly entries: readonly string[];
  /** They need not be looked at for that. */
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

export interface PersonalRow {
  readonly personalId: string;
  /** Hex. */
  readonly salt: string;
  /** Canonical JSON. */
  readonly data: string;
}

/** Whose journal it is. */
type JournalOf = Pick<PushFacts, 'tillId' | 'journalId'>;

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

/** What HQ has of the ids that the entries name. */
interface KnownIds {
  /** Who a member is today that was merged away, or that HQ knew by another id. */
  readonly realOf: ReadonlyMap<string, string>;
  /** Ids of sales that are stored. */
  readonly taken: ReadonlySet<string>;
}

interface KnownRow {
  readonly aliases: Readonly<Record<string, string>> | null;
  readonly taken: readonly string[];
}

/** Columns of `KnownRow`. $1: ids of members, $2: of sales. */
const KNOWN = `(select json_object_agg(a.alias_id, a.member_id) from unnest($1::text[]) as m(id) cross join lateral (
    select alias_id, member_id from member_alias where alias_id = m.id offset 0) a) as aliases,
  array(select s.sale_id from unnest($2::text[]) as n(id) cross join lateral (
    select sale_id from sale where sale_id = n.id offset 0) s) as taken`;

const LOCK_TILL = kept(
  `select t.channel, t.public_key, t.revoked_at, t.stopped_at, t.journal_id, t.acked_seq, t.acked_hash, s.data, ${KNOWN}
   from till t join store s using (store_id) where t.till_id = $3 for update of t`,
);

function knownOf({ aliases, taken }: KnownRow): KnownIds {
  return { realOf: new Map(Object.entries(aliases ?? {})), taken: new Set(taken) };
}

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

async function knownIds(tx: Queryable, body: EntryBody): Promise<KnownIds> {
  const { saleIds, memberIds } = idsNamed([body]);
  const [row] = await tx.query<KnownRow>(`select ${KNOWN}`, [memberIds, saleIds]);
  return knownOf(row!);
}

/** Before anything of them is believed: whatever else stands there, HQ has nothing by it. */
function idsNamed(bodies: readonly EntryBody[]): { saleIds: string[]; memberIds: string[] } {
  const saleIds = new Set<string>();
  const memberIds = new Set<string>();
  for (const entry of bodies) {
    if (entry.kind !== 'sale') continue;
    const { id, memberId } = entry.body;
    if (isId(id)) saleIds.add(id);
    if (isId(memberId)) memberIds.add(memberId);
  }
  return { saleIds: [...saleIds], memberIds: [...memberIds] };
}

/** As an id can be in the database: no NUL, no half of a surrogate pair. */
function isId(value: unknown): value is string {
  return typeof value === 'string' && value.length <= 64 && !value.includes('\0') && value.isWellFormed();
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

/** An entry with its place, read once: reading is the dearest part of it. */
interface ReadEntry extends ChainedEntry {
  readonly parsed: ReturnType<typeof parseEntry>;
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

interface Stored {
  readonly saleIds: string[];
  readonly memberSales: readonly MemberSale[];
  readonly quarantined: number;
  readonly lastSaleAtMs: number | null;
}

async function store(
  tx: Queryable,
  push: JournalOf,
  fresh: readonly ReadEntry[],
  given: { readonly till: LockedTill; readonly nowMs: number; readonly oneByOne: boolean },
): Promise<Stored> {
  const { till, nowMs, oneByOne } = given;
  const poison: { seq: number; text: string; reason: string }[] = [];
  const records: SaleRecord[] = [];
  for (const { seq, text, parsed } of fresh) {
    const record = parsed.ok ? recordOf(parsed.value, till.store, till.channel) : err(parsed.error.kind);
    if (!record.ok) poison.push({ seq, text, reason: record.error });
    else if (record.value !== null) records.push(record.value);
  }
  const { real, rungFor } = withRealMembers(till.known, records);
  const { usable, repeated } = withoutRepeated(till.known, real);
  const poisonOf = (record: SaleRecord, reason: string) => {
    const { seq, text } = fresh.find((entry) => entry.seq === record.seq)!;
    return { seq, text, reason };
  };
  for (const record of repeated) poison.push(poisonOf(record, REPEATED));
  await insertEntries(
    tx,
    push,
    fresh.map(({ seq, text, hash, parsed }) => ({
      seq,
      text,
      hash,
      kind: parsed.ok ? plainKind(parsed.value.kind) : 'unreadable',
    })),
    nowMs,
  );
  const refused = oneByOne ? await insertSalesOneByOne(tx, usable) : [];
  if (!oneByOne) await insertSales(tx, usable);
  for (const { record, reason } of refused) poison.push(poisonOf(record, reason));
  await setAside(tx, push, poison, nowMs);
  const refusedIds = new Set(refused.map(({ record }) => record.sale_id));
  const stored = usable.filter(({ sale_id }) => !refusedIds.has(sale_id));
  const storedIds = new Set(stored.map(({ sale_id }) => sale_id));
  await noteRungFor(
    tx,
    rungFor.filter(({ saleId }) => storedIds.has(saleId)),
  );
  return {
    saleIds: stored.map(({ sale_id }) => sale_id),
    memberSales: memberSalesOf(stored),
    quarantined: poison.length,
    lastSaleAtMs: stored.reduce<number | null>((last, { at }) => Math.max(last ?? 0, at), null),
  };
}

const REPEATED = 'sale id is already in the books';

/** As the rollup takes them: those of members. */
function memberSalesOf(records: readonly SaleRecord[]): MemberSale[] {
  return records.flatMap((record): MemberSale[] =>
    record.member_id === null
      ? []
      : [
          {
            memberId: record.member_id,
            storeId: record.store_id,
            currency: record.currency,
            kind: record.kind === 'exchange' ? 'sale' : record.kind,
            businessDate: record.business_date,
            totalMinor: record.total_minor,
            pieces: record.pieces,
          },
        ],
  );
}

/**
 * An entry that was set aside, tried again: after an upgrade, or after what stood in its way is gone.
 *
 * @returns the sale that it is now; null: it is none; or why it still cannot be used
 */
export async function storeAgain(
  tx: Queryable,
  entry: { readonly seq: number; readonly text: string },
  home: Store,
): Promise<Result<string | null, string>> {
  const parsed = parseEntry(entry.text);
  if (!parsed.ok) return err(parsed.error.kind);
  // Only a till's entries are ever set aside: those of channels are checked before they are written.
  const record = recordOf(parsed.value, home, null);
  if (!record.ok) return record;
  if (record.value === null) return ok(null);
  const known = await knownIds(tx, parsed.value);
  const { real, rungFor } = withRealMembers(known, [record.value]);
  const { usable } = withoutRepeated(known, real);
  if (usable.length === 0) return err(REPEATED);
  const [refused] = await insertSalesOneByOne(tx, usable);
  if (refused !== undefined) return err(refused.reason);
  const { sale_id } = usable[0]!;
  await noteRungFor(tx, rungFor);
  await onSalesStored(tx, memberSalesOf(usable));
  return ok(sale_id);
}

/** A kind as the column takes it. The text keeps what it was; a NUL in it must not hold up the till. */
function plainKind(kind: string): string {
  return /^[a-z0-9_]{1,64}$/.test(kind) ? kind : 'unreadable';
}

/** The end of the year 9999: later ones have no ISO date of four digits, and beyond 8.64e15 there is no date at all. */
const AT_MS_MAX = Date.UTC(9999, 11, 31, 23, 59, 59, 999);

function recordOf(
  entry: JournalEntry,
  home: Store,
  channel: string | null,
): Result<SaleRecord | null, string> {
  switch (entry.kind) {
    case 'sale':
      if (entry.atMs < 0 || entry.atMs > AT_MS_MAX) return err('at: no time of a sale');
      return saleRecordOf({
        entry,
        storeId: home.id,
        localHour: localHour(entry.atMs, home.timeZone),
        currency: home.currency.code,
        channel,
      });
    case 'journal_opened':
    case 'shift_opened':
    case 'shift_closed':
    case 'cash_moved':
    case 'drawer_opened':
    case 'signed_on':
    case 'signed_off':
    case 'approved':
    case 'training':
    case 'clock_jumped':
    case 'member_enrolled':
      return ok(null);
    case 'right_granted':
    case 'right_returned': {
      const problem = rightsProblem(entry);
      return problem === null ? ok(null) : err(problem);
    }
    default:
      return err(`unknown kind ${plainKind((entry as { kind: string }).kind)}`);
  }
}

/** Sales to an id that was merged away, or that HQ knew by another, are the member's of today; whose they were at first is kept. */
function withRealMembers(
  { realOf }: KnownIds,
  records: readonly SaleRecord[],
): { readonly real: readonly SaleRecord[]; readonly rungFor: readonly RungFor[] } {
  if (realOf.size === 0) return { real: records, rungFor: [] };
  const rungFor: RungFor[] = [];
  const real = records.map((record) => {
    const memberId = realOf.get(record.member_id ?? '');
    if (memberId === undefined) return record;
    rungFor.push({ saleId: record.sale_id, firstId: record.member_id! });
    return { ...record, member_id: memberId };
  });
  return { real, rungFor };
}

/** One sale id is one sale, whatever journal it comes from. */
function withoutRepeated(
  known: KnownIds,
  records: readonly SaleRecord[],
): { usable: SaleRecord[]; repeated: SaleRecord[] } {
  const taken = new Set(known.taken);
  const usable: SaleRecord[] = [];
  const repeated: SaleRecord[] = [];
  for (const record of records) {
    (taken.has(record.sale_id) ? repeated : usable).push(record);
    taken.add(record.sale_id);
  }
  return { usable, repeated };
}

async function insertEntries(
  tx: Queryable,
  push: JournalOf,
  entries: readonly (ChainedEntry & { readonly kind: string })[],
  nowMs: number,
): Promise<void> {
  await insertRows(
    tx,
    ENTRY_TABLE,
    entries.map(({ seq, kind, hash, text }) => [
      ...[push.journalId, seq, push.tillId, kind, hash],
      // The hash is that of the text as UTF-8, where half a surrogate pair is U+FFFD.
      text.toWellFormed(),
      nowMs,
    ]),
  );
}

const ENTRY_TABLE: CopyTable = {
  name: 'journal_entry',
  columns: {
    journal_id: 'text',
    seq: 'int8',
    till_id: 'text',
    kind: 'text',
    hash: 'text',
    text: 'text',
    received_at: 'timestamptz',
  },
};

/** All sales of the batch in one statement; one that cannot be held fails them all. */
async function insertSales(tx: Queryable, records: readonly SaleRecord[]): Promise<void> {
  await insertRows(tx, SALE_TABLE, records.map(rowOf));
}

/**
 * @returns the records that the database cannot hold (a NUL in a name, a number beyond its column), with its reason: one
 *          bad record must not hold up the others, so a batch that fails is halved until the bad ones stand alone
 */
async function insertSalesOneByOne(
  tx: Queryable,
  records: readonly SaleRecord[],
): Promise<{ readonly record: SaleRecord; readonly reason: string }[]> {
  if (records.length === 0) return [];
  await tx.query('savepoint sales');
  try {
    await insertSales(tx, records);
    return [];
  } catch (cause) {
    await tx.query('rollback to savepoint sales');
    if (!isAboutData(cause)) throw cause;
    if (records.length === 1) return [{ record: records[0]!, reason: `not storable: ${cause.message}` }];
    const half = records.length >> 1;
    return [
      ...(await insertSalesOneByOne(tx, records.slice(0, half))),
      ...(await insertSalesOneByOne(tx, records.slice(half))),
    ];
  }
}

/** Classes 22 and 23 and "untranslatable" are about the data; all else is trouble of the database's own. */
function isAboutData(cause: unknown): cause is Error {
  const { code } = cause as { code?: unknown };
  return cause instanceof Error && typeof code === 'string' && /^2[23]/.test(code);
}

const SALE_COLUMNS = Object.keys(SALE_TABLE.columns) as (keyof typeof SALE_TABLE.columns)[];

function rowOf(record: SaleRecord): CopyRow {
  return SALE_COLUMNS.map((name) => record[name]);
}

/** Of people who joined in these entries; what no entry refers to is not kept. */
async function storePersonal(
  tx: Queryable,
  push: PushFacts,
  fresh: readonly ReadEntry[],
  nowMs: number,
): Promise<void> {
  if (push.personal === undefined || push.personal.length === 0) return;
  const memberOf = new Map(
    fresh.flatMap(({ parsed }): [string, string][] =>
      parsed.ok && parsed.value.kind === 'member_enrolled'
        ? [[parsed.value.body.personalId, parsed.value.body.memberId]]
        : [],
    ),
  );
  // A NUL is the one character that PostgreSQL's text cannot hold; no till of ours sends one.
  const rows = push.personal.filter(
    ({ personalId, data }) =>
      memberOf.has(personalId) && !`${personalId}${memberOf.get(personalId)}${data}`.includes('\0'),
  );
  const memberIds = rows.map(({ personalId }) => memberOf.get(personalId)!);
  const sealed = await sealEnrolments(
    tx,
    rows.map(({ data }, index) => ({ memberId: memberIds[index]!, data })),
  );
  await tx.query(
    `insert into personal (personal_id, till_id, salt, data, received_at, member_id)
     select personal_id, $1, salt, data, to_timestamp($5::float8 / 1000), member_id
     from unnest($2::text[], $3::text[], $4::text[], $6::text[]) as p(personal_id, salt, data, member_id)
     on conflict do nothing`,
    [
      push.tillId,
      rows.map(({ personalId }) => personalId),
      rows.map(({ salt }) => salt),
      sealed,
      nowMs,
      memberIds,
    ],
  );
}

async function setAside(
  tx: Queryable,
  push: JournalOf,
  rows: readonly { readonly seq: number; readonly text: string; readonly reason: string }[],
  nowMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  await tx.query(
    `insert into quarantine (till_id, journal_id, seq, reason, text, at)
     select $1, $2, seq, reason, text, to_timestamp($6::float8 / 1000)
     from unnest($3::bigint[], $4::text[], $5::text[]) as q(seq, reason, text)
     on conflict do nothing`,
    [
      push.tillId,
      push.journalId,
      rows.map(({ seq }) => seq),
      rows.map(({ reason }) => reason),
      rows.map(({ text }) => text),
      nowMs,
    ],
  );
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
