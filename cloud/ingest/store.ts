/**
 * Entries that are known to be a till's go to disk: all as they came, sales as rows too. What cannot be a row is set aside in
 * `quarantine` with its reason; those after it go on.
 */
import { type ChainedEntry, type EntryBody, type JournalEntry, parseEntry } from '../../src/core/entry.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import { localHour } from '../../src/core/shift.ts';
import type { Store } from '../../src/core/store.ts';
import { type CopyRow, type CopyTable, insertRows } from '../db/copy.ts';
import type { Queryable } from '../db/db.ts';
import { noteRungFor, type RungFor } from '../identity/member-rows.ts';
import { rightsProblem } from '../leases/entries.ts';
import { sealEnrolments } from '../members/enrolments.ts';
import { type MemberSale, onSalesStored } from '../segments/rollup.ts';
import { SALE_TABLE, type SaleRecord, saleRecordOf } from './sale-row.ts';

/** Whose journal it is. */
export interface JournalOf {
  readonly tillId: string;
  readonly journalId: string;
}

export interface PersonalRow {
  readonly personalId: string;
  /** Hex. */
  readonly salt: string;
  /** Canonical JSON. */
  readonly data: string;
}

/** An entry with its place, read once: reading is the dearest part of it. */
export interface ReadEntry extends ChainedEntry {
  readonly parsed: ReturnType<typeof parseEntry>;
}

/** What HQ has of the ids that the entries name. */
export interface KnownIds {
  /** Who a member is today that was merged away, or that HQ knew by another id. */
  readonly realOf: ReadonlyMap<string, string>;
  /** Ids of sales that are stored. */
  readonly taken: ReadonlySet<string>;
}

export interface KnownRow {
  readonly aliases: Readonly<Record<string, string>> | null;
  readonly taken: readonly string[];
}

/** Columns of `KnownRow`. $1: ids of members, $2: of sales. */
export const KNOWN = `(select json_object_agg(a.alias_id, a.member_id) from unnest($1::text[]) as m(id) cross join lateral (
    select alias_id, member_id from member_alias where alias_id = m.id offset 0) a) as aliases,
  array(select s.sale_id from unnest($2::text[]) as n(id) cross join lateral (
    select sale_id from sale where sale_id = n.id offset 0) s) as taken`;

export function knownOf({ aliases, taken }: KnownRow): KnownIds {
  return { realOf: new Map(Object.entries(aliases ?? {})), taken: new Set(taken) };
}

async function knownIds(tx: Queryable, body: EntryBody): Promise<KnownIds> {
  const { saleIds, memberIds } = idsNamed([body]);
  const [row] = await tx.query<KnownRow>(`select ${KNOWN}`, [memberIds, saleIds]);
  return knownOf(row!);
}

/** Before anything of them is believed: whatever else stands there, HQ has nothing by it. */
export function idsNamed(bodies: readonly EntryBody[]): { saleIds: string[]; memberIds: string[] } {
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

/** Where the entries come from. */
interface Home {
  readonly store: Store;
  /** Of a journal that HQ writes itself; null: a till's. */
  readonly channel: string | null;
  readonly known: KnownIds;
}

interface Stored {
  readonly saleIds: string[];
  readonly memberSales: readonly MemberSale[];
  readonly quarantined: number;
  readonly lastSaleAtMs: number | null;
}

export async function store(
  tx: Queryable,
  push: JournalOf,
  fresh: readonly ReadEntry[],
  given: {
    readonly till: Home;
    readonly nowMs: number;
    /** One of them cannot be held: it is looked for. */
    readonly oneByOne: boolean;
  },
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
export function isAboutData(cause: unknown): cause is Error {
  const { code } = cause as { code?: unknown };
  return cause instanceof Error && typeof code === 'string' && /^2[23]/.test(code);
}

const SALE_COLUMNS = Object.keys(SALE_TABLE.columns) as (keyof typeof SALE_TABLE.columns)[];

function rowOf(record: SaleRecord): CopyRow {
  return SALE_COLUMNS.map((name) => record[name]);
}

/** Of people who joined in these entries; what no entry refers to is not kept. */
export async function storePersonal(
  tx: Queryable,
  push: JournalOf & { readonly personal?: readonly PersonalRow[] | undefined },
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

export async function setAside(
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
