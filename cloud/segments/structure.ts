/**
 * Customer structure against the customers that are wanted: by gender, age, residence, tier, store, region or a custom
 * field, with the gap to the target. Shares add up to 100 % to the basis point.
 */
import { allocate } from '../../src/core/money.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { Params } from './params.ts';
import { MEMBERS, PROFILE_FIELDS } from './profile-sql.ts';
import { type Place, placeSql } from './scope.ts';
import { steady } from './scores.ts';

/** Lower edges of the age bands; the last is open. */
const AGE_EDGES = [0, 18, 25, 35, 45, 55, 65];

export interface StructurePart {
  /** '' is not known. */
  readonly key: string;
  readonly members: number;
  readonly shareBp: number;
  /** Null: no target is set for the dimension. */
  readonly targetBp: number | null;
  /** shareBp - targetBp. */
  readonly gapBp: number | null;
}

export interface Structure {
  readonly members: number;
  readonly parts: readonly StructurePart[];
}

export type StructureError =
  | { readonly kind: 'unknown_dimension'; readonly known: readonly string[] }
  | { readonly kind: 'shares'; readonly sumBp: number }
  | { readonly kind: 'unknown_store' };

export const DIMENSIONS = [
  'gender',
  'age',
  'residence',
  'preferredPayment',
  'tier',
  'store',
  'region',
] as const;

export interface StructureAsked extends Place {
  /** One of `DIMENSIONS`, or `field:ID` of a custom field. */
  readonly dimension: string;
  /** Members at home in the place; with `members` and the whole chain, those too who never bought. */
  readonly population: 'members' | 'buyers';
  readonly currency: string | null;
  readonly asOf: string;
}

export async function structureOf(db: Db, asked: StructureAsked): Promise<Result<Structure, StructureError>> {
  const params = new Params();
  const asOf = params.add(asked.asOf, 'date');
  const key = await keySql(db, asked.dimension, asOf, params);
  if (key === null) return err({ kind: 'unknown_dimension', known: [...DIMENSIONS, 'field:ID'] });
  const currency = params.add(asked.currency, 'text');
  const home = placeSql(asked, 's.home_store_id', params);
  const buyers = asked.population === 'buyers' ? 's.first_on is not null' : 'true';
  const { rows, targets } = await db.transaction(async (tx) => {
    await steady(tx);
    // With several books the home is that of the currency asked for, else of the oldest purchase.
    const found = await tx.query<{ key: string; members: number }>(
      `with homes as (
         select distinct on (member_id) member_id, home_store_id, first_on from member_purchase
         where visits > 0 and first_on <= ${asOf} and (${currency} is null or currency = ${currency})
         order by member_id, first_on, currency)
       select coalesce(${key}, '') as key, count(*) as members
       from ${MEMBERS} left join homes s using (member_id) where ${home} and ${buyers} group by 1 order by 1`,
      params.values,
    );
    return { rows: found, targets: await targetsOf(tx, asked.storeId ?? '', asked.dimension) };
  });
  return ok(structureWith(rows, targets));
}

function structureWith(
  rows: readonly { readonly key: string; readonly members: number }[],
  targets: ReadonlyMap<string, number>,
): Structure {
  const counts = new Map(rows.map(({ key, members }) => [key, members]));
  const keys = [...new Set([...counts.keys(), ...targets.keys()])].sort();
  const members = rows.reduce((sum, row) => sum + row.members, 0);
  const weights = keys.map((key) => counts.get(key) ?? 0);
  const shares = members === 0 ? weights : allocate(10_000, weights);
  return {
    members,
    parts: keys.map((key, index) => {
      const targetBp = targets.size === 0 ? null : (targets.get(key) ?? 0);
      const shareBp = shares[index]!;
      return {
        key,
        members: weights[index]!,
        shareBp,
        targetBp,
        gapBp: targetBp === null ? null : shareBp - targetBp,
      };
    }),
  };
}

async function keySql(
  db: Queryable,
  dimension: string,
  asOf: string,
  params: Params,
): Promise<string | null> {
  switch (dimension) {
    case 'gender':
    case 'residence':
    case 'preferredPayment':
      return PROFILE_FIELDS[dimension]!.sql(asOf);
    case 'age':
      return ageBandSql(PROFILE_FIELDS.age!.sql(asOf));
    case 'tier':
      return 'm.tier_id';
    case 'store':
      return 's.home_store_id';
    case 'region':
      return "(select st.data->>'region' from store st where st.store_id = s.home_store_id)";
    default: {
      const id = /^field:(.+)$/.exec(dimension)?.[1];
      if (id === undefined) return null;
      const fields = await db.query('select 1 from custom_field where field_id = $1', [id]);
      if (fields.length === 0) return null;
      // Of several choices the first: a member is in one part.
      return `(select coalesce(f.text_value, f.number_value::text, f.date_value::text, f.boolean_value::text)
        from member_field f where f.member_id = m.member_id and f.field_id = ${params.add(id, 'text')}
        order by f.place limit 1)`;
    }
  }
}

/** `00-17`, `18-24` … `65+`; null without an age, or below zero. */
function ageBandSql(age: string): string {
  const bands = AGE_EDGES.map((edge, index) => {
    const next = AGE_EDGES[index + 1];
    const name = next === undefined ? `${edge}+` : `${String(edge).padStart(2, '0')}-${next - 1}`;
    return { edge, name };
  });
  const cases = bands.toReversed().map(({ edge, name }) => `when years >= ${edge} then '${name}'`);
  return `(select case ${cases.join(' ')} end from (select ${age} as years) a)`;
}

async function targetsOf(db: Queryable, storeId: string, dimension: string): Promise<Map<string, number>> {
  const rows = await db.query<{ part: string; shareBp: number }>(
    'select part, share_bp as "shareBp" from structure_target where store_id = $1 and dimension = $2',
    [storeId, dimension],
  );
  return new Map(rows.map(({ part, shareBp }) => [part, shareBp]));
}

/** Sets the wanted shares of a dimension, all at once; none takes the target away. They must add up to 10000. */
export async function putTargets(
  db: Db,
  target: {
    readonly storeId: string | null;
    readonly dimension: string;
    readonly parts: readonly { readonly key: string; readonly shareBp: number }[];
  },
): Promise<Result<number, StructureError>> {
  const { dimension, parts } = target;
  const storeId = target.storeId ?? '';
  if ((await keySql(db, dimension, '$1', new Params())) === null) {
    return err({ kind: 'unknown_dimension', known: [...DIMENSIONS, 'field:ID'] });
  }
  const sumBp = parts.reduce((sum, { shareBp }) => sum + shareBp, 0);
  if (parts.length > 0 && sumBp !== 10_000) return err({ kind: 'shares', sumBp });
  return db.transaction(async (tx): Promise<Result<number, StructureError>> => {
    if (storeId !== '') {
      const stores = await tx.query('select 1 from store where store_id = $1', [storeId]);
      if (stores.length === 0) return err({ kind: 'unknown_store' });
    }
    await tx.query('delete from structure_target where store_id = $1 and dimension = $2', [
      storeId,
      dimension,
    ]);
    await tx.query(
      `insert into structure_target (store_id, dimension, part, share_bp)
       select $1, $2, part, share from unnest($3::text[], $4::int[]) as t(part, share)`,
      [storeId, dimension, parts.map(({ key }) => key), parts.map(({ shareBp }) => shareBp)],
    );
    return ok(parts.length);
  });
}
