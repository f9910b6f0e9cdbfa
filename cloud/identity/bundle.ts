/**
 * All that HQ knows of somebody, as one JSON document: what a member may ask for and take along.
 */
import type { Queryable } from '../db/db.ts';
import { exportFacts } from '../facts/move.ts';
import { consentWords } from '../members/consents.ts';
import { liveIdOf } from '../members/members.ts';
import { readMembers } from '../members/store.ts';
import { familyOf } from './family.ts';
import { MEMBER_ROWS } from './member-rows.ts';

export interface Bundle {
  readonly memberId: string;
  /** Ids that were merged into it. */
  readonly aliases: readonly string[];
  readonly madeAtMs: number;
  readonly profile: object;
  readonly tierId: string;
  readonly consents: readonly object[];
  /** Movements of points and stored value, oldest first. */
  readonly ledger: readonly object[];
  /** Sales with their lines, oldest first. */
  readonly purchases: readonly object[];
  readonly merges: readonly object[];
  /** Rows of every other table about the member, by table. */
  readonly facts: Readonly<Record<string, readonly unknown[]>>;
}

/** null: there is no such member. */
export async function bundleOf(db: Queryable, memberId: string, nowMs: number): Promise<Bundle | null> {
  const id = await liveIdOf(db, memberId);
  const member = (await readMembers(db, [id])).get(id);
  if (member === undefined) return null;
  const ids = await familyOf(db, id);
  const facts: Record<string, readonly unknown[]> = await exportFacts(db, ids);
  for (const { table, column } of MEMBER_ROWS) {
    if (table === 'sale') continue;
    const rows = await db.query<{ row: object }>(
      `select to_jsonb(t) as row from ${table} t where ${column} = any($1::text[])`,
      [ids],
    );
    if (rows.length > 0) facts[table] = [...(facts[table] ?? []), ...rows.map(({ row }) => row)];
  }
  return {
    memberId: id,
    aliases: ids.slice(1),
    madeAtMs: nowMs,
    profile: member.profile,
    tierId: member.tierId,
    consents: await consentWords(db, id),
    ledger: await db.query(
      `select purse, entry_id as "entryId", kind, points as amount, on_date as on, at as "atMs", store_id as "storeId",
         sale_id as "saleId", expires_on as "expiresOn", reason
       from ledger_entry where holder_id = $1 and purse <> 'gift_card' order by at, entry_id`,
      [id],
    ),
    purchases: await db.query(
      `select sale_id as "saleId", kind, receipt_no as "receiptNo", store_id as "storeId", business_date as date, at as "atMs",
         currency, total_minor as "totalMinor", line_sku as skus, line_name as names, line_qty as qty, line_net_minor as "netMinor"
       from sale where member_id = $1 order by at, sale_id`,
      [id],
    ),
    merges: await db.query(
      `select member_id as "memberId", kind, into_id as "intoId", at as "atMs", reason from member_merge_log
       where member_id = any($1::text[]) or into_id = any($1::text[]) order by at`,
      [ids],
    ),
    facts,
  };
}
