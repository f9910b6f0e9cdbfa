/**
 * Definitions of custom fields: what a shop keeps about its members beyond the profile, made by API and by no code.
 *
 * A type never changes, and an option that somebody has stays: what is stored always keeps to its definition. A field that
 * is not wanted any more is retired: its values stay, nobody is asked for them, and rules that name it are told.
 */
import {
  FIELD_TYPES,
  type FieldLimits,
  type FieldRule,
  type FieldType,
} from '../../src/core/custom-field.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';

export interface FieldDefinition extends FieldRule {
  readonly id: string;
  readonly name: string;
  /** In other languages, by locale. */
  readonly names: Readonly<Record<string, string>>;
  /** Its values lie sealed: shown to who may see the member, found by no segment. For good. */
  readonly sensitive: boolean;
  readonly revision: number;
  readonly retired: boolean;
  readonly updatedBy: string;
  readonly updatedAtMs: number;
}

export interface FieldDraft {
  readonly name: string;
  readonly names: Readonly<Record<string, string>>;
  readonly type: FieldType;
  readonly options: readonly string[];
  readonly limits: FieldLimits;
  readonly sensitive: boolean;
}

export type FieldError =
  | { readonly kind: 'unknown_field' }
  | { readonly kind: 'id_taken' }
  | { readonly kind: 'changed'; readonly revision: number }
  /** What cannot be, with its place. */
  | { readonly kind: 'field'; readonly path: string; readonly message: string };

const COLUMNS = `field_id as id, name, names, type, options, limits, is_sensitive as sensitive, revision, retired_at is not null as retired,
  updated_by as "updatedBy", updated_at as "updatedAtMs"`;

export async function listFields(db: Queryable): Promise<FieldDefinition[]> {
  return db.query<FieldDefinition>(`select ${COLUMNS} from custom_field order by field_id`);
}

export async function addField(
  db: Queryable,
  id: string,
  draft: FieldDraft,
  word: { readonly by: string; readonly atMs: number },
): Promise<Result<FieldDefinition, FieldError>> {
  const problem = draftProblem(draft);
  if (problem !== null) return err(problem);
  const [row] = await db.query<FieldDefinition>(
    `insert into custom_field (field_id, name, names, type, options, limits, created_at, updated_at, updated_by, is_sensitive)
     values ($1, $2, $3::jsonb, $4, $5::text[], $6::jsonb, to_timestamp($7::float8 / 1000), to_timestamp($7::float8 / 1000), $8, $9)
     on conflict do nothing returning ${COLUMNS}`,
    [
      id,
      draft.name,
      JSON.stringify(draft.names),
      draft.type,
      draft.options,
      JSON.stringify(draft.limits),
      word.atMs,
      word.by,
      draft.sensitive,
    ],
  );
  return row === undefined ? err({ kind: 'id_taken' }) : ok(row);
}

/** @param revision the one that was read: a change that somebody else made meanwhile is not overwritten */
export async function changeField(
  db: Db,
  id: string,
  revision: number,
  draft: FieldDraft & { readonly retired: boolean },
  word: { readonly by: string; readonly atMs: number },
): Promise<Result<FieldDefinition, FieldError>> {
  const problem = draftProblem(draft);
  if (problem !== null) return err(problem);
  return db.transaction(async (tx): Promise<Result<FieldDefinition, FieldError>> => {
    const [known] = await tx.query<FieldDefinition>(
      `select ${COLUMNS} from custom_field where field_id = $1 for update`,
      [id],
    );
    if (known === undefined) return err({ kind: 'unknown_field' });
    if (known.revision !== revision) return err({ kind: 'changed', revision: known.revision });
    if (known.type !== draft.type) {
      return err({
        kind: 'field',
        path: 'type',
        message: `it is ${known.type} for good: make another field`,
      });
    }
    if (known.sensitive !== draft.sensitive) {
      const message = `it is ${known.sensitive ? '' : 'not '}sensitive for good: make another field`;
      return err({ kind: 'field', path: 'sensitive', message });
    }
    const kept = await optionsKept(tx, id, draft);
    if (kept !== null) return err(kept);
    const [row] = await tx.query<FieldDefinition>(
      `update custom_field set name = $2, names = $3::jsonb, options = $4::text[], limits = $5::jsonb, revision = revision + 1,
         retired_at = case when $6 then coalesce(retired_at, to_timestamp($7::float8 / 1000)) end,
         updated_at = to_timestamp($7::float8 / 1000), updated_by = $8
       where field_id = $1 returning ${COLUMNS}`,
      [
        id,
        draft.name,
        JSON.stringify(draft.names),
        draft.options,
        JSON.stringify(draft.limits),
        draft.retired,
        word.atMs,
        word.by,
      ],
    );
    return ok(row!);
  });
}

function draftProblem({ type, options, limits }: FieldDraft): FieldError | null {
  const fault = (path: string, message: string): FieldError => ({ kind: 'field', path, message });
  const chosen = type === 'choice' || type === 'choices';
  if (!FIELD_TYPES.includes(type)) return fault('type', `expected one of ${FIELD_TYPES.join(', ')}`);
  if (chosen && options.length === 0) return fault('options', 'expected one option or more');
  if (!chosen && options.length > 0) return fault('options', `a field of type ${type} has no options`);
  const twice = options.findIndex((option, index) => options.indexOf(option) !== index);
  if (twice >= 0) return fault(`options[${twice}]`, 'stands twice');
  if (type === 'money' && limits.currency === undefined)
    return fault('limits.currency', 'expected the currency of the amounts, such as CNY');
  const fits: Readonly<Record<keyof FieldLimits, readonly FieldType[]>> = {
    min: ['number', 'money'],
    max: ['number', 'money'],
    decimals: ['number'],
    lengthMax: ['text'],
    currency: ['money'],
  };
  for (const [name, types] of Object.entries(fits) as [keyof FieldLimits, readonly FieldType[]][]) {
    if (limits[name] !== undefined && !types.includes(type))
      return fault(`limits.${name}`, `means nothing for type ${type}`);
  }
  if (limits.min !== undefined && limits.max !== undefined && limits.min > limits.max)
    return fault('limits.max', `expected at least ${limits.min}, the least value`);
  return null;
}

/** An option that members have may not go: their values would keep to nothing. */
async function optionsKept(tx: Queryable, id: string, { options }: FieldDraft): Promise<FieldError | null> {
  const [lost] = await tx.query<{ option: string; members: number }>(
    `select text_value as option, count(distinct member_id) as members from member_field
     where field_id = $1 and text_value <> all($2::text[]) and exists (
       select 1 from custom_field where field_id = $1 and type in ('choice', 'choices'))
     group by 1 order by 2 desc, 1 limit 1`,
    [id, options],
  );
  if (lost === undefined) return null;
  return {
    kind: 'field',
    path: 'options',
    message: `${lost.members} members have ${lost.option}: change them first`,
  };
}
