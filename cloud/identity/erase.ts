/**
 * Erasure that keeps the books: who somebody was goes, what was sold stays.
 *
 * What goes: the keys of all ids that the person ever had (and with them whatever was sealed under those, in every row, copy
 * and old page of a file), the profile, look-up values, enrolments, tags, custom fields, events, contacts, places in segments.
 * What stays under ids that are nobody's any more: sales, ledgers, coupons, consent words as proof, the journal with its
 * chain. Phones and mails go blind onto the suppression list. The tills get a farewell and delete their copy.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { eraseFacts, exportFacts } from '../facts/move.ts';
import { publish } from '../feed/feed.ts';
import { liveIdOf } from '../members/members.ts';
import { readMembers } from '../members/store.ts';
import { suppress, suppressible } from '../members/suppression.ts';
import { announce } from '../outbox/outbox.ts';
import { shredKeys, sweepKeys } from '../vault/keys.ts';
import { familyOf } from './family.ts';
import { MEMBER_ROWS } from './member-rows.ts';
import { whyNot } from './merge.ts';

export type EraseRefusal =
  | { readonly kind: 'unknown_member'; readonly memberId: string }
  | { readonly kind: 'erased'; readonly memberId: string }
  /** Bought value is the member's money: it is paid out first, or given up in so many words. */
  | { readonly kind: 'value_left'; readonly valueMinor: number; readonly currency: string | null };

export interface ErasePreview {
  readonly memberId: string;
  /** Every id that the person had. */
  readonly ids: readonly string[];
  /** Rows by table. */
  readonly goes: Readonly<Record<string, number>>;
  readonly stays: Readonly<Record<string, number>>;
  readonly points: number;
  readonly valueMinor: number;
  readonly currency: string | null;
}

/** What an erasure would do; null: there is no such member. */
export async function previewErasure(db: Queryable, memberId: string): Promise<ErasePreview | null> {
  const id = await liveIdOf(db, memberId);
  if (!(await readMembers(db, [id])).has(id)) return null;
  const ids = await familyOf(db, id);
  const count = async (sql: string) => (await db.query<{ n: number }>(sql, [ids]))[0]!.n;
  const goes: Record<string, number> = { profile: ids.length };
  const stays: Record<string, number> = {};
  for (const { table, column, erase } of MEMBER_ROWS) {
    const n = await count(`select count(*) as n from ${table} where ${column} = any($1::text[])`);
    const kind = erase === 'delete' ? goes : stays;
    if (n > 0) kind[table] = (kind[table] ?? 0) + n;
  }
  for (const [table, rows] of Object.entries(await exportFacts(db, ids))) {
    if (rows.length > 0) goes[table] = rows.length;
  }
  goes.enrolments = await count('select count(*) as n from personal where member_id = any($1::text[])');
  stays.consentWords = await count(
    'select count(*) as n from consent_entry where member_id = any($1::text[])',
  );
  const [balance] = await db.query<{ points: number; valueMinor: number; currency: string | null }>(
    `select coalesce(sum(balance) filter (where purse = 'points'), 0)::bigint as points,
       coalesce(sum(balance - bonus_balance) filter (where purse = 'value'), 0)::bigint as "valueMinor",
       max(currency) as currency
     from ledger_account where holder_id = $1 and purse <> 'gift_card'`,
    [id],
  );
  return { memberId: id, ids, goes, stays, ...balance! };
}

export interface EraseAsked {
  readonly memberId: string;
  readonly reason: string;
  readonly author: string | null;
  /** The member gives up the stored value that is left. */
  readonly giveUpValue: boolean;
}

/** @returns what went and what stayed */
export async function eraseMember(
  db: Db,
  asked: EraseAsked,
  nowMs: number,
): Promise<Result<ErasePreview, EraseRefusal>> {
  const result = await db.transaction((tx) => erase(tx, asked, nowMs));
  // The rows are gone with the commit; the bytes of the keys go with this.
  if (result.ok) await sweepKeys(db);
  return result;
}

/** In the caller's transaction; the caller sweeps the keys after it. */
export async function erase(
  tx: Queryable,
  { memberId, reason, author, giveUpValue }: EraseAsked,
  nowMs: number,
): Promise<Result<ErasePreview, EraseRefusal>> {
  const id = await liveIdOf(tx, memberId);
  const member = (await readMembers(tx, [id], true)).get(id);
  if (member === undefined) {
    const why = await whyNot(tx, id);
    return err({ kind: why.kind === 'erased' ? 'erased' : 'unknown_member', memberId });
  }
  const preview = (await previewErasure(tx, id))!;
  if (preview.valueMinor > 0 && !giveUpValue) {
    return err({ kind: 'value_left', valueMinor: preview.valueMinor, currency: preview.currency });
  }
  const { ids } = preview;
  await suppress(tx, await suppressible(tx, member.profile), { reason: 'erased', atMs: nowMs });
  for (const { table, column, erase: what } of MEMBER_ROWS) {
    if (what === 'delete') await tx.query(`delete from ${table} where ${column} = any($1::text[])`, [ids]);
  }
  await eraseFacts(tx, ids);
  await tx.query('delete from till_segment where member_id = any($1::text[])', [ids]);
  await tx.query('delete from personal where member_id = any($1::text[])', [ids]);
  await tx.query('delete from member_consent where member_id = any($1::text[])', [ids]);
  await tx.query('delete from tier_state where member_id = any($1::text[])', [ids]);
  await tx.query('update member_merge set own_sealed = null where member_id = any($1::text[])', [ids]);
  await tx.query('delete from member where member_id = any($1::text[])', [ids]);
  await shredKeys(tx, ids);
  await tx.query(
    `insert into member_erasure (member_id, person_id, at, reason, author, counts)
     select id, $2, to_timestamp($3::float8 / 1000), $4, $5, $6::jsonb from unnest($1::text[]) as i(id)
     on conflict do nothing`,
    [ids, id, nowMs, reason, author, JSON.stringify(preview.goes)],
  );
  await tellErasure(tx, ids);
  await announce(tx, [{ kind: 'member.erased', storeId: null, data: { memberId: id } }], nowMs);
  return ok(preview);
}

/** A farewell wherever a till was told something; which id is whose stays, for receipts that come late. */
async function tellErasure(tx: Queryable, ids: readonly string[]): Promise<void> {
  const told = await tx.query<{ kind: string; key: string; storeId: string }>(
    `select kind, key, store_id as "storeId" from feed_row
     where key = any($1::text[]) and kind like 'member%' and kind <> 'member_alias' order by kind, key, store_id`,
    [ids],
  );
  const farewells = new Map(
    [...told, ...ids.map((key) => ({ kind: 'member', key, storeId: '' }))].map((row) => [
      `${row.kind} ${row.key} ${row.storeId}`,
      row,
    ]),
  );
  await publish(
    tx,
    [...farewells.values()].map(({ kind, key, storeId }) => ({
      kind,
      key,
      storeId: storeId === '' ? null : storeId,
      data: null,
    })),
  );
}
