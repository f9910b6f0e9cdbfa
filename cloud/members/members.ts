/**
 * Members and their tiers, written by HQ and brought to the tills by the feed.
 */
import { type Member, phoneDigits, type Tier } from '../../src/core/loyalty.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { setProfileTags } from '../facts/tags.ts';
import { type FeedChange, publish } from '../feed/feed.ts';
import { initialsOf } from '../feed/initials.ts';
import { announce } from '../outbox/outbox.ts';

export type MemberError =
  | { readonly kind: 'unknown_tier'; readonly memberId: string; readonly tierId: string }
  | { readonly kind: 'card_taken'; readonly memberId: string; readonly cardNo: string };

export async function putTiers(db: Db, tiers: readonly Tier[], atMs: number): Promise<number> {
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into tier (tier_id, data, updated_at)
       select key, data, to_timestamp($3::float8 / 1000) from unnest($1::text[], $2::jsonb[]) as r(key, data)
       on conflict (tier_id) do update set data = excluded.data, updated_at = excluded.updated_at`,
      [tiers.map(({ id }) => id), tiers.map((tier) => JSON.stringify(tier)), atMs],
    );
    await publish(
      tx,
      tiers.map((tier): FeedChange => ({ kind: 'tier', key: tier.id, storeId: null, data: tier })),
    );
  });
  return tiers.length;
}

/** Adds or changes members; all of them or, at the first fault, none. */
export async function putMembers(
  db: Db,
  members: readonly Member[],
  atMs: number,
): Promise<Result<number, MemberError>> {
  const rows = members.map((member) => ({
    ...member,
    phone: member.phone === null || member.phone === '' ? null : phoneDigits(member.phone),
  }));
  return db.transaction(async (tx) => {
    const problem = await problemWith(tx, rows);
    if (problem !== null) return err(problem);
    const stored = await tx.query<{ member_id: string; is_new: boolean }>(
      `insert into member (member_id, card_no, name, phone, tier_id, data, updated_at)
       select id, card_no, name, phone, tier_id, data, to_timestamp($7::float8 / 1000)
       from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::jsonb[])
         as r(id, card_no, name, phone, tier_id, data)
       on conflict (member_id) do update set card_no = excluded.card_no, name = excluded.name,
         phone = excluded.phone, tier_id = excluded.tier_id, data = excluded.data, updated_at = excluded.updated_at
       returning member_id, xmax = 0 as is_new`,
      [
        rows.map(({ id }) => id),
        rows.map(({ cardNo }) => cardNo),
        rows.map(({ name }) => name),
        rows.map(({ phone }) => phone),
        rows.map(({ tierId }) => tierId),
        rows.map((row) => JSON.stringify(row)),
        atMs,
      ],
    );
    await setProfileTags(
      tx,
      rows.map(({ id, tags }) => ({ memberId: id, tags: tags ?? [] })),
      { by: 'hq', why: '', atMs },
    );
    await publish(
      tx,
      rows.map((row): FeedChange => {
        const initials = initialsOf(row.name);
        return { kind: 'member', key: row.id, storeId: null, data: { ...row, initials } };
      }),
    );
    await announce(
      tx,
      stored.map(({ member_id: memberId, is_new }) => ({
        kind: is_new ? 'member.created' : 'member.changed',
        storeId: null,
        data: { memberId },
      })),
      atMs,
    );
    return ok(rows.length);
  });
}

async function problemWith(tx: Queryable, rows: readonly Member[]): Promise<MemberError | null> {
  const tiers = await tx.query<{ tier_id: string }>('select tier_id from tier');
  const known = new Set(tiers.map(({ tier_id }) => tier_id));
  const strange = rows.find(({ tierId }) => !known.has(tierId));
  if (strange !== undefined) return { kind: 'unknown_tier', memberId: strange.id, tierId: strange.tierId };
  const ownerOf = new Map<string, string>();
  for (const { id, cardNo } of rows) {
    if (ownerOf.has(cardNo)) return { kind: 'card_taken', memberId: id, cardNo };
    ownerOf.set(cardNo, id);
  }
  const taken = await tx.query<{ member_id: string; card_no: string }>(
    'select member_id, card_no from member where card_no = any($1::text[])',
    [[...ownerOf.keys()]],
  );
  const other = taken.find(({ member_id, card_no }) => ownerOf.get(card_no) !== member_id);
  return other === undefined
    ? null
    : { kind: 'card_taken', memberId: ownerOf.get(other.card_no)!, cardNo: other.card_no };
}

export async function memberById(db: Queryable, memberId: string): Promise<Member | null> {
  const rows = await db.query<{ data: Member }>('select data from member where member_id = $1', [memberId]);
  return rows[0]?.data ?? null;
}
