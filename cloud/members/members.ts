/**
 * Members and their tiers, written by HQ and brought to the tills by the feed.
 *
 * A profile is a value (`profile.ts`), a member on disk is four rows written together (`store.ts`), found by blind indexes
 * (`lookup.ts`); consents are words of their own (`consents.ts`), numbers of people who were erased stay out
 * (`suppression.ts`). What makes one person of two, and nobody of one, is `cloud/identity`.
 *
 * What always holds: no name, phone, mail, card or address lies in clear in the database; a card is one member's; a phone may
 * be shared (families do) and is then a candidate for one person twice; an id that was merged away is never a member again by
 * a write; a batch is stored whole or not at all.
 */
import { isBirthDate, type Member, phoneDigits, type Tier } from '../../src/core/loyalty.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type FeedChange, publish } from '../feed/feed.ts';
import { announce } from '../outbox/outbox.ts';
import { vaultOf } from '../vault/vault.ts';
import { type ConsentWord, sayConsents } from './consents.ts';
import { cardForm, mailForm } from './lookup.ts';
import { applyPatch, EMPTY_PROFILE, type ProfilePatch, type ProfileSource, stampNow } from './profile.ts';
import { type MemberWrite, memberOf, readMembers, type StoredMember, writeMembers } from './store.ts';
import { suppressedIn } from './suppression.ts';

export type MemberError =
  | { readonly kind: 'unknown_tier'; readonly memberId: string; readonly tierId: string }
  | { readonly kind: 'card_taken'; readonly memberId: string; readonly cardNo: string }
  /** The id was merged into another one's. */
  | { readonly kind: 'merged'; readonly memberId: string; readonly into: string }
  | { readonly kind: 'erased'; readonly memberId: string }
  /** Somebody with this number asked to be forgotten. */
  | { readonly kind: 'suppressed'; readonly memberId: string; readonly path: string }
  | { readonly kind: 'bad_value'; readonly memberId: string; readonly path: string; readonly why: string };

/** A member as it is written: what is left out stays as it is. */
export interface MemberInput extends Member, Omit<ProfilePatch, 'name' | 'tags' | 'birthday'> {
  readonly consents?: readonly Omit<ConsentWord, 'memberId'>[];
}

/** @param kept runs in the same transaction: what else must be written with it or not at all */
export async function putTiers(
  db: Db,
  tiers: readonly Tier[],
  atMs: number,
  kept: (tx: Queryable) => Promise<void> = async () => {},
): Promise<number> {
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
    await kept(tx);
  });
  return tiers.length;
}

/** Adds or changes members; all of them or, at the first fault, none. The same again changes nothing. */
export async function putMembers(
  db: Db,
  members: readonly MemberInput[],
  atMs: number,
  source: ProfileSource = 'import',
): Promise<Result<number, MemberError>> {
  return db.transaction(async (tx) => {
    const problem = await problemWith(tx, members);
    if (problem !== null) return err(problem);
    const before = await readMembers(
      tx,
      members.map(({ id }) => id),
      true,
    );
    const writes = members.flatMap((input) => writeOf(input, before.get(input.id), atMs, source));
    await writeMembers(tx, writes, atMs);
    const moved = writes.filter(({ id, tierId }) => (before.get(id)?.tierId ?? tierId) !== tierId);
    await announce(
      tx,
      moved.map(({ id, tierId }) => ({
        kind: 'tier.changed',
        storeId: null,
        data: { memberId: id, tierId },
      })),
      atMs,
    );
    await sayConsents(
      tx,
      members.flatMap(({ id, consents }) => (consents ?? []).map((word) => ({ ...word, memberId: id }))),
    );
    return ok(members.length);
  });
}

/** None where nothing would be another. */
function writeOf(
  input: MemberInput,
  old: StoredMember | undefined,
  atMs: number,
  source: ProfileSource,
): MemberWrite[] {
  const start = old ?? { profile: EMPTY_PROFILE, stamps: {}, own: null, tierId: null, revision: 0 };
  const patch = patchOf(input, start.profile);
  const stamp = stampNow(start.stamps, atMs, source);
  const { profile, stamps, changed } = applyPatch(start, patch, stamp);
  if (old !== undefined && changed.length === 0 && old.tierId === input.tierId) return [];
  const own = start.own === null ? null : applyPatch(start.own, patch, stamp);
  return [
    {
      id: input.id,
      tierId: input.tierId,
      profile,
      stamps,
      own: own === null ? null : { profile: own.profile, stamps: own.stamps },
      revision: start.revision + 1,
    },
  ];
}

/** The one card and phone of a plain member go in front of those that are known; no phone means that there is none. */
function patchOf(
  input: MemberInput,
  before: { cards: readonly string[]; phones: readonly string[] },
): ProfilePatch {
  const {
    id: _,
    tierId: __,
    consents: ___,
    provisional: ____,
    cardNo,
    phone,
    cards,
    phones,
    mails,
    ...rest
  } = input;
  const digits = phone === null ? '' : phoneDigits(phone);
  return {
    ...rest,
    cards: distinct([cardNo, ...(cards ?? before.cards)]),
    phones: distinct(
      digits === ''
        ? (phones ?? []).map(phoneDigits)
        : [digits, ...(phones ?? before.phones).map(phoneDigits)],
    ),
    ...(mails === undefined ? {} : { mails: distinct(mails.map(mailForm)) }),
  };
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values.filter((value) => value !== ''))];
}

/** Why these would not be taken, found without writing anything. */
export async function problemWith(
  tx: Queryable,
  inputs: readonly MemberInput[],
): Promise<MemberError | null> {
  const tiers = await tx.query<{ tier_id: string }>('select tier_id from tier');
  const known = new Set(tiers.map(({ tier_id }) => tier_id));
  const strange = inputs.find(({ tierId }) => !known.has(tierId));
  if (strange !== undefined) return { kind: 'unknown_tier', memberId: strange.id, tierId: strange.tierId };
  const gone = await goneOf(
    tx,
    inputs.map(({ id }) => id),
  );
  if (gone !== null) return gone;
  for (const input of inputs) {
    const bad = badValue(input);
    if (bad !== null) return { kind: 'bad_value', memberId: input.id, ...bad };
  }
  const cards = inputs.flatMap(({ id, cardNo, cards: more = [] }) =>
    distinct([cardNo, ...more]).map((card) => ({ memberId: id, card })),
  );
  const taken = await cardsTaken(tx, cards);
  if (taken !== null) return { kind: 'card_taken', memberId: taken.memberId, cardNo: taken.card };
  const listed = await suppressedIn(
    tx,
    inputs.map(({ phone, phones = [], mails = [] }) => ({
      phones: phone === null ? phones : [phone, ...phones],
      mails,
    })),
  );
  const at = listed.findIndex((each) => each !== null);
  if (at < 0) return null;
  const { field, index } = listed[at]!;
  return { kind: 'suppressed', memberId: inputs[at]!.id, path: `${field}[${index}]` };
}

function badValue({ birthday, phone, phones = [], mails = [] }: MemberInput) {
  if (birthday != null && !isBirthDate(birthday)) {
    return { path: 'birthday', why: 'there is no such day; MM-DD or YYYY-MM-DD' };
  }
  const numbers = phone === null ? phones : [phone, ...phones];
  const badPhone = numbers.findIndex((text) => text !== '' && !isPhone(text));
  if (badPhone >= 0) return { path: `phones[${badPhone}]`, why: 'a phone has 5 to 20 digits' };
  const badMail = mails.findIndex((mail) => !isMail(mail));
  return badMail < 0 ? null : { path: `mails[${badMail}]`, why: 'an address looks like name@example.org' };
}

export function isPhone(text: string): boolean {
  const wide = text.normalize('NFKC').trim();
  return /^\+?[\d\s().-]+$/.test(wide) && /^\d{5,20}$/.test(phoneDigits(wide));
}

export function isMail(text: string): boolean {
  return text.length <= 254 && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(mailForm(text));
}

/** A card that is another member's, or that stands twice. */
export async function cardsTaken(
  tx: Queryable,
  cards: readonly { readonly memberId: string; readonly card: string }[],
): Promise<{ readonly memberId: string; readonly card: string } | null> {
  const vault = vaultOf(tx);
  const ownerOf = new Map<string, { memberId: string; card: string }>();
  for (const { memberId, card } of cards) {
    const blind = vault.blind('card', cardForm(card));
    const other = ownerOf.get(blind);
    if (other !== undefined && other.memberId !== memberId) return { memberId, card };
    ownerOf.set(blind, { memberId, card });
  }
  const rows = await tx.query<{ blind: string; member_id: string }>(
    `select blind, member_id from member_lookup where kind = 'card' and blind = any($1::text[])`,
    [[...ownerOf.keys()]],
  );
  const other = rows.find(({ blind, member_id }) => ownerOf.get(blind)!.memberId !== member_id);
  return other === undefined ? null : ownerOf.get(other.blind)!;
}

/** An id that is no member's any more. */
async function goneOf(tx: Queryable, ids: readonly string[]): Promise<MemberError | null> {
  const [merged] = await tx.query<{ alias_id: string; member_id: string }>(
    'select alias_id, member_id from member_alias where alias_id = any($1::text[]) order by alias_id limit 1',
    [ids],
  );
  if (merged !== undefined) return { kind: 'merged', memberId: merged.alias_id, into: merged.member_id };
  const [erased] = await tx.query<{ member_id: string }>(
    'select member_id from member_erasure where member_id = any($1::text[]) order by member_id limit 1',
    [ids],
  );
  return erased === undefined ? null : { kind: 'erased', memberId: erased.member_id };
}

/** The id that a member has now: its own, or the one that it was merged into. */
export async function liveIdOf(db: Queryable, memberId: string): Promise<string> {
  const [row] = await db.query<{ member_id: string }>(
    'select member_id from member_alias where alias_id = $1',
    [memberId],
  );
  return row?.member_id ?? memberId;
}

/** By any id that it ever had; null: nobody's, or erased. */
export async function memberById(db: Queryable, memberId: string): Promise<Member | null> {
  const id = await liveIdOf(db, memberId);
  const member = (await readMembers(db, [id])).get(id);
  return member === undefined ? null : memberOf(member);
}
