/**
 * Referrals: a member brings a friend, and is thanked when the friend's first goods can no longer come back.
 *
 * A friend is referred once, before buying anything. Nobody refers themselves: not by card, phone or mail, not within a household,
 * and not in a circle; two who turn out to be one person by then are paid nothing. What pays is the first sale of the friend
 * that is worth enough after all that came back of it.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import type { Word } from './offer-versions.ts';
import { publishPolicy, type VersionTaken } from './policy.ts';
import { giveRewards, type Reward } from './reward.ts';

export interface ReferralTerms {
  readonly version: string;
  /** Days in which goods may come back; the day after them pays. */
  readonly returnDays: number;
  /** By currency what the first sale must be worth; another currency pays nothing. */
  readonly fromMinor: Readonly<Record<string, number>>;
  readonly referrer: Reward;
  readonly friend: Reward;
}

export type ReferralRefusal =
  | { readonly kind: 'unknown_member'; readonly memberId: string }
  | { readonly kind: 'self' }
  | { readonly kind: 'household' }
  | { readonly kind: 'circular' }
  | { readonly kind: 'has_bought' }
  | { readonly kind: 'referred_by_another' };

interface Person {
  readonly id: string;
  readonly household: string | null;
  readonly hasBought: boolean;
  readonly isSame: boolean;
}

/** Said again it changes nothing. */
export async function refer(
  db: Db,
  said: { readonly friendId: string; readonly referrerId: string },
  nowMs: number,
): Promise<Result<{ readonly friendId: string; readonly referrerId: string }, ReferralRefusal>> {
  const { friendId, referrerId } = said;
  return db.transaction(async (tx) => {
    // Two that refer each other at once: one of them sees the other.
    await tx.query('lock table referral in share row exclusive mode');
    const [before] = await tx.query<{ referrer_id: string }>(
      'select referrer_id from referral where friend_id = $1',
      [friendId],
    );
    if (before !== undefined) {
      return before.referrer_id === referrerId ? ok(said) : err({ kind: 'referred_by_another' });
    }
    const refused = await refusalOf(tx, friendId, referrerId);
    if (refused !== null) return err(refused);
    await tx.query(
      `insert into referral (friend_id, referrer_id, at) values ($1, $2, to_timestamp($3::float8 / 1000))`,
      [friendId, referrerId, nowMs],
    );
    return ok(said);
  });
}

/** Whether two members have a card, phone or mail in common, as blind values. */
function sharesSql(one: string, other: string): string {
  return `exists (select 1 from member_lookup l join member_lookup o using (kind, blind)
    where l.member_id = ${one} and o.member_id = ${other} and l.kind <> 'name_birthday')`;
}

async function refusalOf(
  tx: Queryable,
  friendId: string,
  referrerId: string,
): Promise<ReferralRefusal | null> {
  if (friendId === referrerId) return { kind: 'self' };
  const people = await tx.query<Person>(
    `select member_id as id, data->>'householdId' as household,
       exists (select 1 from sale s where s.member_id = m.member_id and s.kind <> 'refund') as "hasBought",
       ${sharesSql('$2', '$3')} as "isSame"
     from member m where member_id = any($1::text[])`,
    [[friendId, referrerId], friendId, referrerId],
  );
  const friend = people.find(({ id }) => id === friendId);
  const referrer = people.find(({ id }) => id === referrerId);
  if (friend === undefined) return { kind: 'unknown_member', memberId: friendId };
  if (referrer === undefined) return { kind: 'unknown_member', memberId: referrerId };
  if (friend.isSame) return { kind: 'self' };
  const { household } = friend;
  if (household !== null && household !== '' && household === referrer.household)
    return { kind: 'household' };
  if (friend.hasBought) return { kind: 'has_bought' };
  const [circle] = await tx.query(
    `with recursive up as (
       select referrer_id as id from referral where friend_id = $1
       union select r.referrer_id from referral r join up on r.friend_id = up.id)
     select 1 as x from up where id = $2`,
    [referrerId, friendId],
  );
  return circle === undefined ? null : { kind: 'circular' };
}

/** Terms under a version never change. */
export function putReferralTerms(
  db: Db,
  terms: ReferralTerms,
  word: Word,
): Promise<Result<string, VersionTaken>> {
  return publishPolicy(db, 'referral', terms, word);
}

export async function currentTerms(db: Queryable): Promise<ReferralTerms | null> {
  const [row] = await db.query<{ data: ReferralTerms }>(
    `select data from loyalty_policy where name = 'referral' order by published_at desc, version desc limit 1`,
  );
  return row?.data ?? null;
}

/** Pays what is due by the day that begins; each friend once. @returns how many were paid */
export async function payReferrals(db: Db, asOf: string, nowMs: number): Promise<number> {
  const terms = await currentTerms(db);
  if (terms === null) return 0;
  return db.transaction(async (tx) => {
    const due = await tx.query<{ friendId: string; referrerId: string; saleId: string }>(
      `select r.friend_id as "friendId", r.referrer_id as "referrerId", s.sale_id as "saleId"
       from referral r cross join lateral (
         select s.sale_id from sale s
         where s.member_id = r.friend_id and s.kind <> 'refund' and s.business_date + $2::int < $1::date
           and s.total_minor - coalesce((select sum(b.net_minor) from return_line b
             where b.original_sale_id = s.sale_id), 0) >= ($3::jsonb->>s.currency)::bigint
           and not exists (select 1 from sale f where f.refund_of_sale_id = s.sale_id and f.kind = 'refund'
             and f.line_back is null)
         order by s.business_date, s.at, s.sale_id limit 1) s
       where r.paid_at is null and not ${sharesSql('r.friend_id', 'r.referrer_id')} order by r.friend_id for update of r`,
      [asOf, terms.returnDays, JSON.stringify(terms.fromMinor)],
    );
    if (due.length === 0) return 0;
    await giveRewards(
      tx,
      due.flatMap(({ friendId, referrerId }) => [
        { memberId: referrerId, reward: terms.referrer, source: `referral:${friendId}` },
        { memberId: friendId, reward: terms.friend, source: `referred:${friendId}` },
      ]),
      { on: asOf, nowMs },
    );
    await tx.query(
      `update referral r set paid_at = to_timestamp($3::float8 / 1000), first_sale_id = d.sale_id
       from unnest($1::text[], $2::text[]) as d(friend_id, sale_id) where r.friend_id = d.friend_id`,
      [due.map(({ friendId }) => friendId), due.map(({ saleId }) => saleId), nowMs],
    );
    return due.length;
  });
}
