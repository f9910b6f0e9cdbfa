/**
 * What becomes of the facts about a member when it becomes another, when that is taken back, and when it is forgotten.
 *
 * Every row keeps the member it was of first, so taking back finds its rows again.
 */
import type { Queryable } from '../db/db.ts';
import { openValues } from './field-values.ts';
import { openSaid } from './interactions.ts';

/** Tables whose rows may all stand beside those of the other member. */
const BESIDE = ['tag_change'] as const;

/**
 * Facts of one member become another's. A custom field that both have keeps the value of `toId`; the other value waits under
 * `fromId` until the merge is taken back or the member is forgotten.
 */
export async function moveFacts(
  tx: Queryable,
  { fromId, toId }: { readonly fromId: string; readonly toId: string },
): Promise<void> {
  await moveRows(tx, 'member_id = $1', fromId, toId);
  await tx.query('update visitor set member_id = $2 where member_id = $1', [fromId, toId]);
}

/** Gives back what was of these members first: `originIds` are `toId` and all that had become it before the merge. */
export async function returnFacts(
  tx: Queryable,
  {
    fromId,
    toId,
    originIds,
  }: { readonly fromId: string; readonly toId: string; readonly originIds: readonly string[] },
): Promise<void> {
  await moveRows(tx, 'member_id = $1 and origin_id = any($3::text[])', fromId, toId, originIds);
  await tx.query(
    `update visitor v set member_id = $2 where v.member_id = $1 and exists (
       select 1 from member_event e where e.member_id = $2 and e.visitor_id = v.visitor_id)`,
    [fromId, toId],
  );
}

async function moveRows(
  tx: Queryable,
  which: string,
  fromId: string,
  toId: string,
  originIds?: readonly string[],
): Promise<void> {
  const params = originIds === undefined ? [fromId, toId] : [fromId, toId, originIds];
  const unlessThere = (table: string, same: string) =>
    `update ${table} t set member_id = $2 where ${which.replaceAll(/\b(member_id|origin_id)\b/g, 't.$1')}
       and not exists (select 1 from ${table} o where o.member_id = $2 and ${same})`;
  for (const table of BESIDE) await tx.query(unlessThere(table, 'o.change_id = t.change_id'), params);
  await tx.query(
    unlessThere('member_tag', 'o.tag = t.tag and o.source = t.source and o.origin_id = t.origin_id'),
    params,
  );
  await tx.query(unlessThere('member_event', 'o.event_id = t.event_id'), params);
  await tx.query(unlessThere('interaction', 'o.interaction_id = t.interaction_id'), params);
  await tx.query(unlessThere('member_field', 'o.field_id = t.field_id'), params);
}

/** Nothing of it is left: tags, fields, events, words that were said. @returns rows that are gone */
export async function eraseFacts(tx: Queryable, memberIds: readonly string[]): Promise<number> {
  let gone = 0;
  const tables = ['member_tag', 'tag_change', 'member_field', 'member_event', 'interaction', 'audience_row'];
  for (const table of tables) {
    const [row] = await tx.query<{ n: number }>(
      `with gone as (delete from ${table} where member_id = any($1::text[]) returning 1) select count(*) as n from gone`,
      [memberIds],
    );
    gone += row!.n;
  }
  await tx.query(
    `with gone as (delete from visitor where member_id = any($1::text[]) returning visitor_id)
     delete from visitor_event e using gone g where e.visitor_id = g.visitor_id`,
    [memberIds],
  );
  return gone;
}

/** All facts about members, as they are stored: a part of the bundle that a member may ask for. */
export async function exportFacts(
  db: Queryable,
  memberIds: readonly string[],
): Promise<Record<string, unknown[]>> {
  const bundle: Record<string, unknown[]> = {};
  for (const table of ['member_tag', 'tag_change', 'member_field', 'member_event', 'interaction']) {
    bundle[table] = (
      await db.query<{ row: unknown }>(
        `select to_jsonb(t) as row from ${table} t where member_id = any($1::text[]) order by to_jsonb(t)::text`,
        [memberIds],
      )
    ).map(({ row }) => row);
  }
  await openSealed(db, bundle);
  return bundle;
}

/** The member may read it: sealed values and words in the bundle are opened. */
async function openSealed(db: Queryable, bundle: Record<string, unknown[]>): Promise<void> {
  const fields = bundle.member_field as { origin_id: string; sealed: string | null }[];
  const secret = fields.filter(({ sealed }) => sealed !== null);
  const values = await openValues(
    db,
    secret.map(({ origin_id, sealed }) => ({ originId: origin_id, sealed: sealed! })),
  );
  bundle.member_field = fields.map((row) =>
    row.sealed === null ? row : { ...row, sealed: values[secret.indexOf(row)] },
  );
  const talks = bundle.interaction as { origin_id: string; subject: string; text: string }[];
  const said = await openSaid(
    db,
    talks.map(({ origin_id, ...words }) => ({ originId: origin_id, ...words })),
  );
  bundle.interaction = talks.map((row, index) => ({ ...row, ...said[index] }));
}
