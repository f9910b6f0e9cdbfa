/**
 * People who joined at a till: a new member, or an alias of one whom HQ knows already.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import { canonicalJson, fromHex, toHex } from '../../src/core/entry.ts';
import type { Member, Tier } from '../../src/core/loyalty.ts';
import { phoneDigits } from '../../src/core/loyalty.ts';
import { phoneEnds } from '../../src/core/phone.ts';
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { initialsOf } from '../feed/initials.ts';
import { moveLoyalty } from '../loyalty/sale-loyalty.ts';
import { announce } from '../outbox/outbox.ts';
import { recomputeMembers } from '../segments/rollup.ts';
import type { Batch } from './books.ts';

type Enrolled = JournalEntry & { readonly kind: 'member_enrolled' };

/** What the till sent beside the entry. */
interface Personal {
  readonly name: string;
  readonly phone: string;
  readonly birthday?: string;
}

/** @returns how many members or aliases the tills are told */
export async function bookEnrolments(batch: Batch, entries: readonly JournalEntry[]): Promise<number> {
  let told = 0;
  for (const entry of entries) {
    if (entry.kind === 'member_enrolled') told += (await bookEnrolment(batch, entry)) ? 1 : 0;
  }
  return told;
}

async function bookEnrolment(batch: Batch, { body, atMs }: Enrolled): Promise<boolean> {
  const { tx } = batch;
  const personal = await personalOf(batch, body.personalId, body.commitment);
  // Erased before it came, or not what the till committed to: the entry stands, there is nobody to make.
  if (personal === null) return false;
  const phone = phoneDigits(personal.phone);
  const [known] = await tx.query<{ member_id: string }>(
    `select member_id from member where phone = any($1::text[]) or member_id = $2
     order by (member_id = $2) desc, member_id limit 1`,
    // The till says the country code; numbers that were typed in elsewhere may lack it.
    [[phone, ...phoneEnds(phone)], body.memberId],
  );
  if (known?.member_id === body.memberId) return false;
  if (known !== undefined) {
    await addAlias(batch, body.memberId, known.member_id, atMs);
    return true;
  }
  await addMember(batch, {
    id: body.memberId,
    cardNo: body.cardNo,
    name: personal.name,
    phone,
    tierId: await lowestTier(tx, atMs),
    ...(personal.birthday === undefined ? {} : { birthday: personal.birthday }),
    homeStoreId: body.storeId,
    consents: body.consents.map((consent) => ({ ...consent, channel: 'till', atMs })),
  });
  return true;
}

async function personalOf(batch: Batch, personalId: string, commitment: string): Promise<Personal | null> {
  const [row] = await batch.tx.query<{ salt: string; data: string }>(
    'select salt, data from personal where personal_id = $1 and till_id = $2',
    [personalId, batch.tillId],
  );
  if (row === undefined) return null;
  const text = new TextEncoder().encode(row.data);
  return toHex(batch.sha256(fromHex(row.salt), text)) === commitment
    ? (JSON.parse(row.data) as Personal)
    : null;
}

/** What was sold to the provisional id is the known member's. */
async function addAlias(
  { tx, nowMs }: Batch,
  aliasId: string,
  memberId: string,
  atMs: number,
): Promise<void> {
  await tx.query(
    `insert into member_alias (alias_id, member_id, at) values ($1, $2, to_timestamp($3::float8 / 1000))
     on conflict do nothing`,
    [aliasId, memberId, atMs],
  );
  await tx.query('update sale set member_id = $2 where member_id = $1', [aliasId, memberId]);
  await moveLoyalty(tx, { fromId: aliasId, toId: memberId }, nowMs);
  await recomputeMembers(tx, [aliasId, memberId]);
  await publish(tx, [{ kind: 'member_alias', key: aliasId, storeId: null, data: { memberId } }]);
}

async function addMember({ tx, nowMs }: Batch, member: Member & Record<string, unknown>): Promise<void> {
  await tx.query(
    `insert into member (member_id, card_no, name, phone, tier_id, data, updated_at)
     values ($1, $2, $3, $4, $5, $6::jsonb, now())`,
    [member.id, member.cardNo, member.name, member.phone, member.tierId, canonicalJson(member)],
  );
  const { id, cardNo, name, phone, tierId, birthday } = member;
  const data = { id, cardNo, name, phone, tierId, initials: initialsOf(name), ...(birthday && { birthday }) };
  await publish(tx, [{ kind: 'member', key: id, storeId: null, data }]);
  await announce(tx, [{ kind: 'member.created', storeId: null, data: { memberId: id } }], nowMs);
}

/** Where a chain has no tiers yet, it gets the one that says nothing but "member". */
async function lowestTier(tx: Queryable, atMs: number): Promise<string> {
  const [tier] = await tx.query<{ tier_id: string }>(
    "select tier_id from tier order by (data->>'rank')::int, tier_id limit 1",
  );
  if (tier !== undefined) return tier.tier_id;
  const plain: Tier = {
    id: 'member',
    name: '会员',
    names: { 'zh-TW': '會員', en: 'Member' },
    rank: 1,
    discountBp: 0,
  };
  await tx.query(
    'insert into tier (tier_id, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))',
    [plain.id, JSON.stringify(plain), atMs],
  );
  await publish(tx, [{ kind: 'tier', key: plain.id, storeId: null, data: plain }]);
  return plain.id;
}
