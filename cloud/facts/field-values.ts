/**
 * Values of custom fields: read, checked against their definitions, written whole or not at all.
 */
import { type FieldValue, readFieldValue } from '../../src/core/custom-field.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Queryable } from '../db/db.ts';
import { open, seal } from '../vault/cipher.ts';
import { keysOf, makeKeys } from '../vault/keys.ts';
import { membersMeant } from './aliases.ts';
import { type FieldDefinition, listFields } from './fields.ts';

/** By field id: null takes the value away, a field that is not named stays as it is. */
export type ValuesJson = Readonly<Record<string, unknown>>;

export interface MemberValues {
  readonly memberId: string;
  readonly values: ValuesJson;
}

export interface ValueFault {
  /** `[3].values.shoe` of a batch. */
  readonly path: string;
  readonly message: string;
}

export type ValuesError =
  | { readonly kind: 'unknown_member'; readonly faults: readonly ValueFault[] }
  | { readonly kind: 'field_value'; readonly faults: readonly ValueFault[] };

const FAULTS_TOLD_MAX = 100;

export interface CheckedValues {
  readonly memberId: string;
  readonly fieldId: string;
  readonly type: FieldDefinition['type'];
  readonly sensitive: boolean;
  readonly values: readonly FieldValue[];
}

/** Writes values of many members; all of them or, at the first fault, none. @returns how many fields became another value */
export async function putFieldValues(
  tx: Queryable,
  rows: readonly MemberValues[],
  word: { readonly by: string; readonly atMs: number },
): Promise<Result<number, ValuesError>> {
  const fields = new Map(
    (await listFields(tx)).filter(({ retired }) => !retired).map((field) => [field.id, field]),
  );
  const meant = await membersMeant(
    tx,
    rows.map(({ memberId }) => memberId),
  );
  const strangers = rows.flatMap(({ memberId }, index) =>
    meant.has(memberId) ? [] : [{ path: `[${index}].memberId`, message: 'there is no such member' }],
  );
  if (strangers.length > 0)
    return err({ kind: 'unknown_member', faults: strangers.slice(0, FAULTS_TOLD_MAX) });
  const faults: ValueFault[] = [];
  const checked: CheckedValues[] = [];
  for (const [index, { memberId, values }] of rows.entries()) {
    for (const [fieldId, json] of Object.entries(values)) {
      const path = `[${index}].values.${fieldId}`;
      const field = fields.get(fieldId);
      if (field === undefined) {
        faults.push({ path, message: 'there is no such custom field' });
        continue;
      }
      const read = readFieldValue(field, json);
      if (read.ok)
        checked.push({
          memberId: meant.get(memberId)!,
          fieldId,
          type: field.type,
          sensitive: field.sensitive,
          values: read.value,
        });
      else faults.push({ path, message: read.error.message });
    }
  }
  if (faults.length > 0) return err({ kind: 'field_value', faults: faults.slice(0, FAULTS_TOLD_MAX) });
  return ok(await writeValues(tx, checked, word));
}

/** Values that were checked: the same again writes nothing. @returns how many fields became another value */
export async function writeValues(
  tx: Queryable,
  checked: readonly CheckedValues[],
  word: { readonly by: string; readonly atMs: number },
): Promise<number> {
  if (checked.length === 0) return 0;
  // Of two words on one field in a batch the last counts.
  const last = new Map(checked.map((one) => [`${one.memberId}\u0000${one.fieldId}`, one]));
  const secret = [...last.values()].filter(({ sensitive }) => sensitive);
  return (
    (await writePlain(
      tx,
      [...last.values()].filter(({ sensitive }) => !sensitive),
      word,
    )) + (await writeSealed(tx, secret, word))
  );
}

async function writePlain(
  tx: Queryable,
  asked: readonly CheckedValues[],
  { by, atMs }: { readonly by: string; readonly atMs: number },
): Promise<number> {
  if (asked.length === 0) return 0;
  const column = (fits: (type: FieldDefinition['type']) => boolean) =>
    flat.map(({ type, value }) => (fits(type) ? value : null));
  const flat = asked.flatMap(({ memberId, fieldId, type, values }) =>
    values.map((value, place) => ({ memberId, fieldId, type, value, place })),
  );
  const [row] = await tx.query<{ n: number }>(
    `with asked as (select * from unnest($1::text[], $2::text[]) as a(member_id, field_id)),
     wanted as (
       select * from unnest($3::text[], $4::text[], $5::smallint[], $6::text[], $7::numeric[], $8::date[], $9::boolean[])
         as w(member_id, field_id, place, text_value, number_value, date_value, boolean_value)),
     -- Both sides in lists, joined: looked up value by value a thousand members cost a million comparisons.
     wants as (
       select member_id, field_id, jsonb_agg(jsonb_build_array(text_value, number_value::numeric(20, 6), date_value, boolean_value)
         order by place) as list
       from wanted group by member_id, field_id),
     has as (
       select f.member_id, f.field_id, jsonb_agg(jsonb_build_array(f.text_value, f.number_value, f.date_value, f.boolean_value)
         order by f.place) as list
       from member_field f join asked using (member_id, field_id) group by f.member_id, f.field_id),
     differing as (
       select a.member_id, a.field_id from asked a
       left join wants w on w.member_id = a.member_id and w.field_id = a.field_id
       left join has h on h.member_id = a.member_id and h.field_id = a.field_id
       where w.list is distinct from h.list),
     gone as (
       delete from member_field f using differing d where f.member_id = d.member_id and f.field_id = d.field_id
         and not exists (select 1 from wanted w where w.member_id = f.member_id and w.field_id = f.field_id and w.place = f.place)),
     written as (
       insert into member_field (member_id, field_id, place, text_value, number_value, date_value, boolean_value, updated_at, updated_by, origin_id)
       select w.member_id, w.field_id, w.place, w.text_value, w.number_value, w.date_value, w.boolean_value,
         to_timestamp($10::float8 / 1000), $11, w.member_id
       from wanted w join differing d on d.member_id = w.member_id and d.field_id = w.field_id
       on conflict (member_id, field_id, place) do update set text_value = excluded.text_value, number_value = excluded.number_value,
         date_value = excluded.date_value, boolean_value = excluded.boolean_value, updated_at = excluded.updated_at,
         updated_by = excluded.updated_by)
     select count(*) as n from differing`,
    [
      asked.map(({ memberId }) => memberId),
      asked.map(({ fieldId }) => fieldId),
      flat.map(({ memberId }) => memberId),
      flat.map(({ fieldId }) => fieldId),
      flat.map(({ place }) => place),
      column((type) => type === 'text' || type === 'choice' || type === 'choices'),
      column((type) => type === 'number' || type === 'money').map((value) =>
        value === null ? null : String(value),
      ),
      column((type) => type === 'date'),
      column((type) => type === 'boolean'),
      atMs,
      by,
    ],
  );
  return row!.n;
}

/** Sealed the same text is another each time, so what is there is opened and compared. */
async function writeSealed(
  tx: Queryable,
  asked: readonly CheckedValues[],
  { by, atMs }: { readonly by: string; readonly atMs: number },
): Promise<number> {
  if (asked.length === 0) return 0;
  const memberIds = [...new Set(asked.map(({ memberId }) => memberId))];
  const before = await tx.query<SealedRow>(`${SEALED_ROWS} and member_id = any($1::text[])`, [memberIds]);
  const opened = await openValues(tx, before);
  const had = new Map(before.map((row, index) => [`${row.memberId}\u0000${row.fieldId}`, opened[index]!]));
  const differing = asked.filter(
    ({ memberId, fieldId, values }) =>
      JSON.stringify(had.get(`${memberId}\u0000${fieldId}`) ?? []) !== JSON.stringify(values),
  );
  const pairs = [differing.map(({ memberId }) => memberId), differing.map(({ fieldId }) => fieldId)];
  await tx.query(
    `delete from member_field f using unnest($1::text[], $2::text[]) as d(member_id, field_id)
     where f.member_id = d.member_id and f.field_id = d.field_id`,
    pairs,
  );
  const keys = await makeKeys(tx, memberIds);
  const kept = differing.flatMap(({ memberId, fieldId, values }) => {
    const key = keys.get(memberId)!;
    return values.length === 0
      ? []
      : [
          {
            memberId,
            fieldId,
            sealed: seal(key, { holderId: memberId, what: SEALED_AS }, JSON.stringify(values)),
          },
        ];
  });
  await tx.query(
    `insert into member_field (member_id, field_id, place, sealed, updated_at, updated_by, origin_id)
     select member_id, field_id, 0, sealed, to_timestamp($4::float8 / 1000), $5, member_id
     from unnest($1::text[], $2::text[], $3::text[]) as k(member_id, field_id, sealed)`,
    [
      kept.map(({ memberId }) => memberId),
      kept.map(({ fieldId }) => fieldId),
      kept.map(({ sealed }) => sealed),
      atMs,
      by,
    ],
  );
  return differing.length;
}

const SEALED_AS = 'field';
const SEALED_ROWS = `select member_id as "memberId", field_id as "fieldId", origin_id as "originId", sealed
  from member_field where sealed is not null`;

interface SealedRow {
  readonly memberId: string;
  readonly fieldId: string;
  readonly originId: string;
  readonly sealed: string;
}

/** In the order of the rows; [] where the key is gone. */
export async function openValues(
  db: Queryable,
  rows: readonly Pick<SealedRow, 'originId' | 'sealed'>[],
): Promise<FieldValue[][]> {
  const keys = await keysOf(
    db,
    rows.map(({ originId }) => originId),
  );
  return rows.map(({ originId, sealed }) => {
    const key = keys.get(originId);
    return key === undefined ? [] : JSON.parse(open(key, { holderId: originId, what: SEALED_AS }, sealed));
  });
}

export interface FieldShown {
  readonly fieldId: string;
  readonly type: FieldDefinition['type'];
  readonly value: FieldValue | readonly FieldValue[];
  readonly updatedAtMs: number;
  readonly updatedBy: string;
}

/** What members have, fields in the order of their ids; retired ones are not told. */
export async function fieldValuesOf(
  db: Queryable,
  memberIds: readonly string[],
): Promise<Map<string, FieldShown[]>> {
  const rows = await db.query<{
    memberId: string;
    fieldId: string;
    type: FieldDefinition['type'];
    values: FieldValue[];
    updatedAtMs: number;
    updatedBy: string;
  }>(
    `select f.member_id as "memberId", f.field_id as "fieldId", c.type,
       jsonb_agg(coalesce(to_jsonb(f.text_value), to_jsonb(f.number_value::float8), to_jsonb(f.date_value), to_jsonb(f.boolean_value))
         order by f.place) as values,
       max(f.updated_at) as "updatedAtMs", max(f.updated_by) as "updatedBy"
     from member_field f join custom_field c using (field_id)
     where f.member_id = any($1::text[]) and c.retired_at is null and f.sealed is null
     group by f.member_id, f.field_id, c.type order by f.member_id, f.field_id`,
    [memberIds],
  );
  const found = new Map<string, FieldShown[]>();
  const add = (memberId: string, shown: Omit<FieldShown, 'value'>, values: readonly FieldValue[]) => {
    if (values.length === 0) return;
    const list = found.get(memberId) ?? [];
    list.push({ ...shown, value: shown.type === 'choices' ? values : values[0]! });
    found.set(memberId, list);
  };
  for (const { memberId, values, ...shown } of rows) add(memberId, shown, values);
  const sealed = await db.query<SealedRow & Omit<FieldShown, 'value'>>(
    `select f.member_id as "memberId", f.field_id as "fieldId", f.origin_id as "originId", f.sealed, c.type,
       f.updated_at as "updatedAtMs", f.updated_by as "updatedBy"
     from member_field f join custom_field c using (field_id)
     where f.member_id = any($1::text[]) and c.retired_at is null and f.sealed is not null order by 1, 2`,
    [memberIds],
  );
  const opened = await openValues(db, sealed);
  for (const [index, { memberId, originId: _, sealed: __, ...shown }] of sealed.entries()) {
    add(memberId, shown, opened[index]!);
  }
  return found;
}
