/**
 * Which tables hold something of a member, and what becomes of it in a merge, an un-merge and an erasure.
 *
 * A test reads the catalogue and fails where a table with a member in it is not named here: whoever adds one decides.
 */
import type { Queryable } from '../db/db.ts';

export interface MemberRows {
  readonly table: string;
  /** The column that names the member. */
  readonly column: string;
  /** The rest of the key: with the member it names one row. */
  readonly key: readonly string[];
  /** Columns by which the survivor may have the same thing already: then the row stays with its first owner. */
  readonly free?: readonly string[];
  /** Only these rows move, as SQL on `t`. `$2` is the survivor. */
  readonly only?: string;
  /** What an erasure does: personal facts go, books stay under the pseudonym. */
  readonly erase: 'delete' | 'keep';
}

/** Moved row by row. */
export const MEMBER_ROWS: readonly MemberRows[] = [
  { table: 'sale', column: 'member_id', key: ['sale_id'], erase: 'keep' },
  { table: 'growth_entry', column: 'member_id', key: ['entry_id'], free: ['entry_id'], erase: 'keep' },
  { table: 'member_coupon', column: 'member_id', key: ['coupon_id'], erase: 'keep' },
  { table: 'coupon_use', column: 'member_id', key: ['coupon_id', 'sale_id'], erase: 'keep' },
  {
    table: 'benefit_grant',
    column: 'member_id',
    key: ['benefit_id', 'period'],
    // A benefit that both had is one that the one had.
    free: ['benefit_id', 'period'],
    erase: 'keep',
  },
  {
    table: 'draw_ticket',
    column: 'member_id',
    key: ['draw_id', 'ticket_no'],
    only: 'exists (select 1 from draw d where d.draw_id = t.draw_id and d.drawn_at is null)',
    erase: 'keep',
  },
  // Two that referred each other and are one have referred nobody.
  { table: 'referral', column: 'friend_id', key: [], free: [], only: 't.referrer_id <> $2', erase: 'keep' },
  { table: 'referral', column: 'referrer_id', key: ['friend_id'], only: 't.friend_id <> $2', erase: 'keep' },
  { table: 'gift_card', column: 'named_member_id', key: ['gift_card_id'], erase: 'keep' },
  { table: 'member_cost', column: 'member_id', key: ['cost_id'], free: ['cost_id'], erase: 'keep' },
  {
    table: 'campaign_contact',
    column: 'member_id',
    key: ['contact_id'],
    free: ['contact_id'],
    erase: 'delete',
  },
  {
    table: 'segment_member',
    column: 'member_id',
    key: ['segment_id'],
    free: ['segment_id'],
    erase: 'delete',
  },
];

/** Tables with a member in them that are dealt with elsewhere, and where. */
export const ELSEWHERE: Readonly<Record<string, string>> = {
  member: 'merge, erase',
  member_person: 'goes with its member',
  member_lookup: 'goes with its member',
  member_alias: 'merge',
  member_merge: 'merge',
  member_merge_log: 'a log',
  member_moved: 'merge',
  member_erasure: 'erase',
  member_unsealed: 'empty since the first start after 0061',
  member_consent: 'follows from consent_entry',
  consent_entry: 'words stay with who said them; who was erased leaves them without a name',
  member_purchase: 'recomputed from sales',
  member_store_purchase: 'recomputed from sales',
  member_sale: 'a view',
  sale_line: 'a view',
  points_entry: 'a view',
  audience_row: 'kept by triggers',
  audience_stale: 'kept by triggers',
  tier_state: 'made anew by the review',
  member_tag: 'cloud/facts/move',
  tag_change: 'cloud/facts/move',
  member_field: 'cloud/facts/move',
  member_event: 'cloud/facts/move',
  interaction: 'cloud/facts/move',
  visitor: 'cloud/facts/move',
  till_segment: 'made anew with the segments',
  personal: 'stays with the id that joined; goes with an erasure',
};

const keySql = (key: readonly string[], alias: string) =>
  `jsonb_build_array(${key.map((column) => `${alias}.${column}`).join(', ')})::text`;

/**
 * All that one member has becomes another's, as far as it has not got it already; who had it first is kept.
 *
 * @param facts `familyIds`: who was merged into `fromId` before
 */
export async function moveRows(
  tx: Queryable,
  {
    fromId,
    intoId,
    familyIds,
  }: { readonly fromId: string; readonly intoId: string; readonly familyIds: readonly string[] },
): Promise<void> {
  for (const rows of MEMBER_ROWS) {
    const { table, column, key, free, only } = rows;
    const conflict =
      free === undefined
        ? ''
        : `and not exists (select 1 from ${table} o where o.${column} = $2 ${free.map((each) => `and o.${each} = t.${each}`).join(' ')})`;
    const update = `update ${table} t set ${column} = $2 where t.${column} = $1 ${only === undefined ? '' : `and ${only}`} ${conflict}`;
    await tx.query(
      `with moved as (${update} returning ${keySql(key, 't')} as row_key)
       insert into member_moved (first_member_id, table_name, row_key)
       select $1, '${tableName(rows)}', row_key from moved where not exists (
         select 1 from member_moved k where k.table_name = '${tableName(rows)}' and k.row_key = moved.row_key
           and k.first_member_id = any($3::text[]))
       on conflict do nothing`,
      [fromId, intoId, familyIds],
    );
  }
}

/** What was first these members' goes back from the survivor to the one of them that is a member again. */
export async function moveRowsBack(
  tx: Queryable,
  facts: { readonly survivorId: string; readonly toId: string; readonly firstIds: readonly string[] },
): Promise<void> {
  const { survivorId, toId, firstIds } = facts;
  for (const rows of MEMBER_ROWS) {
    const { table, column, key } = rows;
    const first = `${keySql(key, 't')} in (
      select row_key from member_moved where table_name = '${tableName(rows)}' and first_member_id = any($3::text[]))`;
    await tx.query(
      `update ${table} t set ${column} = $2 where t.${column} = $1 and ${first}
         and not exists (select 1 from ${table} o where o.${column} = $2 ${key.map((each) => `and o.${each} = t.${each}`).join(' ')})`,
      [survivorId, toId, firstIds],
    );
  }
  // At home again.
  await tx.query('delete from member_moved where first_member_id = $1', [toId]);
}

function tableName({ table, column }: MemberRows): string {
  return column === 'member_id' ? table : `${table}.${column}`;
}

/** A sale that was rung up for an id which is another member's by now. */
export interface RungFor {
  readonly saleId: string;
  readonly firstId: string;
}

/** If the id is ever a member of its own again, the sale is its. */
export async function noteRungFor(tx: Queryable, sales: readonly RungFor[]): Promise<void> {
  if (sales.length === 0) return;
  await tx.query(
    `insert into member_moved (first_member_id, table_name, row_key)
     select first_id, 'sale', jsonb_build_array(sale_id)::text from unnest($1::text[], $2::text[]) as s(first_id, sale_id)
     on conflict do nothing`,
    [sales.map(({ firstId }) => firstId), sales.map(({ saleId }) => saleId)],
  );
}
