/**
 * Import of members: each row finds its member or becomes a new one, only what is another is written, and the same file again
 * changes nothing.
 *
 * A dry run does all but write and tells the same counts and faults. Rows with a fault are left out, the others go in, a piece
 * at a time, each piece whole; a run that was cut short is finished by sending the file again.
 */
import { isDeepStrictEqual } from 'node:util';
import { uuidV7 } from '../../src/core/id.ts';
import type { Chance } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import { membersMeant } from '../facts/aliases.ts';
import { fieldValuesOf, writeValues } from '../facts/field-values.ts';
import { type FieldDefinition, listFields } from '../facts/fields.ts';
import { setTags } from '../facts/tags.ts';
import { type ConsentWord, sayConsents } from '../members/consents.ts';
import { cardForm, homeRegion, type LookupKind, phoneForm } from '../members/lookup.ts';
import { type MemberError, type MemberInput, problemWith, putMembers } from '../members/members.ts';
import { readMembers, type StoredMember } from '../members/store.ts';
import { vaultOf } from '../vault/vault.ts';
import { missingWords, wordsOf } from './consent-words.ts';
import type { Mapping } from './mapping.ts';
import { type MemberRow, type RowFault, type RowGround, readMemberRow } from './member-row.ts';
import type { Table } from './table.ts';

export interface ImportCounts {
  readonly rows: number;
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly refused: number;
}

export interface ImportReport extends ImportCounts {
  /** The first `FAULTS_TOLD_MAX`. */
  readonly faults: readonly RowFault[];
}

export interface ImportFacts {
  readonly mapping: Mapping;
  readonly dryRun: boolean;
  readonly by: string;
  readonly nowMs: number;
  readonly chance: Chance;
  /** After each piece. */
  readonly onPiece?: (report: ImportReport) => Promise<void>;
}

export const FAULTS_TOLD_MAX = 1_000;
const PIECE_ROWS = 1_000;

export async function importMembers(db: Db, table: Table, facts: ImportFacts): Promise<ImportReport> {
  const ground = await groundOf(db, facts.nowMs);
  const seen = new Map<string, number>();
  const counts = { rows: 0, added: 0, changed: 0, unchanged: 0, refused: 0 };
  const faults: RowFault[] = [];
  const report = (): ImportReport => ({ ...counts, faults: [...faults] });
  for (let from = 0; from < table.rows.length; from += PIECE_ROWS) {
    const piece = table.rows.slice(from, from + PIECE_ROWS);
    const read = piece.map((row) => readMemberRow(row, table.headers, facts.mapping, ground.rows));
    const done = await importPiece(db, read, seen, ground, facts);
    counts.rows += piece.length;
    counts.added += done.added;
    counts.changed += done.changed;
    counts.unchanged += done.unchanged;
    counts.refused += piece.length - done.added - done.changed - done.unchanged;
    faults.push(...done.faults.slice(0, FAULTS_TOLD_MAX - faults.length));
    await facts.onPiece?.(report());
  }
  return report();
}

interface Ground {
  readonly rows: RowGround;
  /** Of a new member whose row says none. */
  readonly lowestTierId: string | null;
}

async function groundOf(db: Queryable, nowMs: number): Promise<Ground> {
  const named = await db.query<{ what: 'tier' | 'store'; id: string; data: Named }>(
    `select 'tier' as what, tier_id as id, data from tier union all select 'store', store_id, data from store`,
  );
  const namesOf = (wanted: string) =>
    new Map(
      named
        .filter(({ what }) => what === wanted)
        .flatMap(({ id, data }) =>
          [data.name, ...Object.values(data.names ?? {}), id].flatMap((word) =>
            typeof word === 'string' ? [[word.toLowerCase(), id] as const] : [],
          ),
        ),
    );
  const digits = new Map(
    named.flatMap(({ data: { currency: c } }) => (c === undefined ? [] : [[c.code, c.digits ?? 2]])),
  );
  const [lowest] = await db.query<{ id: string }>(
    `select tier_id as id from tier order by (data->>'rank')::int nulls last, tier_id limit 1`,
  );
  const fields = await listFields(db);
  return {
    rows: {
      tiers: namesOf('tier'),
      stores: namesOf('store'),
      fields: new Map(fields.map((field) => [field.id, field])),
      region: await homeRegion(db),
      minorDigits: (currency) => digits.get(currency) ?? 2,
      nowMs,
    },
    lowestTierId: lowest?.id ?? null,
  };
}

interface Named {
  readonly name?: string;
  readonly names?: Readonly<Record<string, string>>;
  /** Of a store. */
  readonly currency?: { readonly code: string; readonly digits?: number };
}

interface PieceDone {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
  readonly faults: readonly RowFault[];
}

interface Planned {
  readonly row: MemberRow;
  readonly input: MemberInput;
  readonly isNew: boolean;
  readonly profileDiffers: boolean;
  readonly fieldsDiffer: boolean;
  readonly tagsMissing: readonly string[];
  readonly words: readonly ConsentWord[];
}

async function importPiece(
  db: Db,
  read: readonly ReturnType<typeof readMemberRow>[],
  seen: Map<string, number>,
  ground: Ground,
  facts: ImportFacts,
): Promise<PieceDone> {
  return db.transaction(async (tx) => {
    const faults = read.flatMap((row) => row.faults);
    const good = read.filter((row) => row.faults.length === 0).map(({ member }) => member);
    const found = await findMembers(tx, good);
    const planned: Planned[] = [];
    const stored = await readMembers(tx, [
      ...new Set(found.values().flatMap((id) => (typeof id === 'string' ? [id] : []))),
    ]);
    const values = await fieldValuesOf(tx, [...stored.keys()]);
    const tags = await tagsOfMany(tx, [...stored.keys()]);
    const words = good.some(({ consents }) => consents.length > 0)
      ? await wordsOf(tx, [...stored.keys()])
      : null;
    for (const row of good) {
      const known = found.get(row)!;
      const problem = typeof known === 'object' && known !== null ? known : twiceFault(row, known, seen);
      if (problem !== null) {
        faults.push(problem);
        continue;
      }
      const id = known as string | null;
      const old = id === null ? undefined : stored.get(id);
      const plan = planOf(
        row,
        old,
        { values: values.get(id ?? ''), tags: tags.get(id ?? '') ?? [], words: words?.get(id ?? '') ?? [] },
        ground,
        facts,
      );
      if ('kind' in plan) faults.push(plan);
      else planned.push(plan);
    }
    const written = await write(tx, planned, facts);
    faults.push(...written.faults);
    const refused = new Set(written.faults.map(({ row }) => row));
    const kept = planned.filter(({ row }) => !refused.has(row.no));
    const differs = (plan: Planned) =>
      plan.profileDiffers || plan.fieldsDiffer || plan.tagsMissing.length > 0 || plan.words.length > 0;
    return {
      added: kept.filter(({ isNew }) => isNew).length,
      changed: kept.filter((plan) => !plan.isNew && differs(plan)).length,
      unchanged: kept.filter((plan) => !plan.isNew && !differs(plan)).length,
      faults: faults.sort((a, b) => a.row - b.row),
    };
  });
}

/** Two rows of one person would each undo the other. */
function twiceFault(row: MemberRow, known: string | null, seen: Map<string, number>): RowFault | null {
  const keys = [
    ...(known === null ? [] : [`m ${known}`]),
    ...(row.memberId === undefined ? [] : [`m ${row.memberId}`]),
    ...(row.cardNo === undefined ? [] : [`c ${row.cardNo}`]),
    // A phone is shared by families that have cards.
    ...(row.cardNo === undefined && row.memberId === undefined
      ? [`p ${row.phone ?? ''} ${row.mail ?? ''}`]
      : []),
  ];
  const before = keys.map((key) => seen.get(key)).find((no) => no !== undefined);
  if (before !== undefined) {
    return { row: row.no, column: null, kind: 'twice', message: `the same member stands in row ${before}` };
  }
  for (const key of keys) seen.set(key, row.no);
  return null;
}

/** By id, card, phone, mail in this order: the first that a row has decides. null: a new member. */
async function findMembers(
  tx: Queryable,
  rows: readonly MemberRow[],
): Promise<Map<MemberRow, string | null | RowFault>> {
  const vault = vaultOf(tx);
  const meant = await membersMeant(
    tx,
    rows.flatMap(({ memberId }) => memberId ?? []),
  );
  const byBlind = async (kind: LookupKind, values: readonly string[]) => {
    const blinds = new Map(values.map((text) => [vault.blind(kind, text), text]));
    const found = await tx.query<{ blind: string; ids: string[] }>(
      `select blind, array_agg(member_id order by member_id) as ids from member_lookup
       where kind = $1 and blind = any($2::text[]) group by blind`,
      [kind, [...blinds.keys()]],
    );
    return new Map(found.map(({ blind, ids }) => [blinds.get(blind)!, ids]));
  };
  const cards = await byBlind(
    'card',
    rows.flatMap(({ cardNo }) => cardNo ?? []),
  );
  const phones = await byBlind(
    'phone',
    rows.flatMap(({ phone }) => phone ?? []),
  );
  const mails = await byBlind(
    'mail',
    rows.flatMap(({ mail }) => mail ?? []),
  );
  return new Map(
    rows.map((row): [MemberRow, string | null | RowFault] => {
      const fault = (kind: string, message: string): RowFault => ({
        row: row.no,
        column: null,
        kind,
        message,
      });
      if (row.memberId !== undefined && meant.has(row.memberId)) return [row, meant.get(row.memberId)!];
      if (row.memberId !== undefined && row.cardNo === undefined) return [row, null];
      if (row.cardNo !== undefined)
        return [row, row.memberId === undefined ? (cards.get(row.cardNo)?.[0] ?? null) : null];
      const candidates = row.phone === undefined ? mails.get(row.mail ?? '') : phones.get(row.phone);
      if (row.phone === undefined && row.mail === undefined)
        return [row, fault('key', 'expected a card, phone or mail by which the member is known')];
      if (candidates === undefined) return [row, null];
      return candidates.length === 1
        ? [row, candidates[0]!]
        : [row, fault('several', `${candidates.length} members have this number: say which by card or id`)];
    }),
  );
}

async function tagsOfMany(tx: Queryable, memberIds: readonly string[]): Promise<Map<string, string[]>> {
  const rows = await tx.query<{ id: string; tags: string[] }>(
    'select member_id as id, array_agg(distinct tag) as tags from member_tag where member_id = any($1::text[]) group by 1',
    [memberIds],
  );
  return new Map(rows.map(({ id, tags }) => [id, tags]));
}

function planOf(
  row: MemberRow,
  old: StoredMember | undefined,
  has: {
    readonly values: readonly { fieldId: string; value: unknown }[] | undefined;
    readonly tags: readonly string[];
    readonly words: readonly ConsentWord[];
  },
  { lowestTierId, rows: { region } }: Ground,
  { nowMs, chance }: ImportFacts,
): Planned | RowFault {
  const fault = (kind: string, message: string): RowFault => ({ row: row.no, column: null, kind, message });
  const id = old?.id ?? row.memberId ?? uuidV7(nowMs, chance.bytes(10));
  const tierId = row.tierId ?? old?.tierId ?? lowestTierId;
  if (tierId === null) return fault('unknown_tier', 'this chain has no tiers yet: make one first');
  const name = row.name ?? old?.profile.name;
  if (name === undefined) return fault('name', 'a new member needs a name');
  const cards = old?.profile.cards ?? [];
  const phones = old?.profile.phones ?? [];
  // Without a card of the chain the id is one: a till needs something to type.
  const sameCard = cards[0] !== undefined && (row.cardNo ?? cardForm(cards[0])) === cardForm(cards[0]);
  const ownCard = `I${id.replaceAll('-', '').slice(-12).toUpperCase()}`;
  const cardNo = sameCard ? cards[0]! : (row.cardNo ?? cards[0] ?? ownCard);
  // The same number in another form is no change.
  const samePhone = phones[0] !== undefined && (row.phone ?? phones[0]) === phoneForm(phones[0], region);
  const phone = samePhone ? phones[0]! : (row.phone ?? phones[0] ?? null);
  const texts = [
    'birthday',
    'gender',
    'residence',
    'address',
    'preferredPayment',
    'needs',
    'purchaseMotive',
    'homeStoreId',
    'note',
  ] as const;
  const said = Object.fromEntries(texts.flatMap((key) => (row[key] === undefined ? [] : [[key, row[key]]])));
  const mails = row.mail === undefined ? undefined : [...new Set([row.mail, ...(old?.profile.mails ?? [])])];
  const input: MemberInput = {
    id,
    tierId,
    name,
    cardNo,
    phone,
    ...said,
    ...(mails === undefined ? {} : { mails }),
  };
  const { profile } = old ?? { profile: null };
  const profileDiffers =
    profile === null ||
    old!.tierId !== tierId ||
    profile.name !== name ||
    profile.cards[0] !== cardNo ||
    (row.phone !== undefined && !samePhone) ||
    (mails !== undefined && !isDeepStrictEqual(mails, profile.mails)) ||
    texts.some((key) => row[key] !== undefined && row[key] !== profile[key]);
  const shown = new Map((has.values ?? []).map(({ fieldId, value }) => [fieldId, value]));
  const fieldsDiffer = row.fields.some(
    ({ field, values }) =>
      !isDeepStrictEqual(field.type === 'choices' ? values : values[0], shown.get(field.id)),
  );
  const tagsMissing = (row.tags ?? []).filter((tag) => !has.tags.includes(tag));
  const words = missingWords(id, row.consents, has.words, nowMs);
  return { row, input, isNew: old === undefined, profileDiffers, fieldsDiffer, tagsMissing, words };
}

/** Writes what differs; rows that members refuse are told and left out. */
async function write(
  tx: Queryable,
  planned: readonly Planned[],
  { dryRun, by, nowMs }: ImportFacts,
): Promise<{ readonly faults: readonly RowFault[] }> {
  const faults: RowFault[] = [];
  let left = [...planned];
  for (;;) {
    const inputs = left.filter(({ profileDiffers }) => profileDiffers).map(({ input }) => input);
    // Both ask the same and refuse before anything is written; a dry run leaves it at that.
    const refused = dryRun
      ? await problemWith(tx, inputs)
      : errorOf(await putMembers(within(tx), inputs, nowMs, 'import'));
    if (refused === null) break;
    const at = left.findIndex(({ input }) => input.id === refused.memberId);
    faults.push(refusal(left[at]!.row.no, refused));
    left = left.filter((_plan, index) => index !== at);
  }
  if (dryRun) return { faults };
  await writeValues(tx, checkedOf(left), { by, atMs: nowMs });
  const marks = left.flatMap(({ input, tagsMissing }) =>
    tagsMissing.map((tag) => ({ memberId: input.id, tag })),
  );
  await setTags(tx, marks, { source: 'import', by, why: '', atMs: nowMs });
  await sayConsents(
    tx,
    left.flatMap(({ words }) => words),
  );
  return { faults };
}

function errorOf(result: Awaited<ReturnType<typeof putMembers>>): MemberError | null {
  return result.ok ? null : result.error;
}

function checkedOf(planned: readonly Planned[]) {
  return planned
    .filter(({ fieldsDiffer }) => fieldsDiffer)
    .flatMap(({ input, row }) =>
      row.fields.map(
        ({ field, values }: { field: FieldDefinition; values: MemberRow['fields'][number]['values'] }) => ({
          memberId: input.id,
          fieldId: field.id,
          type: field.type,
          sensitive: field.sensitive,
          values,
        }),
      ),
    );
}

/** What asks for a transaction of its own gets the one that is open. */
function within(tx: Queryable): Db {
  const db = { ...tx, query: tx.query.bind(tx) } as unknown as Db;
  return Object.assign(db, { transaction: <T>(work: (inner: Queryable) => Promise<T>) => work(tx) });
}

function refusal(row: number, error: MemberError): RowFault {
  const fault = (kind: string, message: string): RowFault => ({ row, column: null, kind, message });
  switch (error.kind) {
    case 'card_taken':
      return fault(error.kind, 'another member has this card');
    case 'suppressed':
      return fault(error.kind, 'somebody with this number asked to be forgotten');
    case 'merged':
      return fault(error.kind, 'this id was merged into another member');
    case 'erased':
      return fault(error.kind, 'this member was erased');
    case 'unknown_tier':
      return fault(error.kind, 'there is no such tier');
    case 'bad_value':
      return fault(error.kind, `${error.path}: ${error.why}`);
  }
}
