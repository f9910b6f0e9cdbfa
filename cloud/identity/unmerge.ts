/**
 * Two members of one person: a merge is taken back.
 *
 * To whoever is a member again goes all that was first theirs, and of what they brought along all that came of it: a sale rung
 * up for their id since, what undoes their points. What the one person did since stays with the survivor, who may owe for it.
 * A no said since is both their no.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { returnFacts } from '../facts/move.ts';
import { publish } from '../feed/feed.ts';
import { moveLedgers } from '../loyalty/ledger-jobs.ts';
import { utcDate } from '../loyalty/member-ledger.ts';
import { reviewMembers } from '../loyalty/tiers.ts';
import { sayConsents, settleConsents } from '../members/consents.ts';
import { cardForm } from '../members/lookup.ts';
import { foldProfiles, type StampedProfile } from '../members/profile.ts';
import { readMembers, type StoredMember, writeMembers } from '../members/store.ts';
import { announce } from '../outbox/outbox.ts';
import { recomputeMembers } from '../segments/rollup.ts';
import { familyOf, mergedInto } from './family.ts';
import { moveRowsBack } from './member-rows.ts';
import { leaseHolders, logMerge } from './merge.ts';

export type UnmergeRefusal =
  | { readonly kind: 'not_merged'; readonly memberId: string }
  /** Nothing is known of who it was: erased, or joined before merges were kept. */
  | { readonly kind: 'no_profile'; readonly memberId: string }
  | { readonly kind: 'leases_open'; readonly memberId: string; readonly tillIds: readonly string[] };

export interface UnmergeAsked {
  readonly memberId: string;
  readonly reason: string;
  readonly author: string | null;
}

export async function unmergeMember(
  db: Db,
  asked: UnmergeAsked,
  nowMs: number,
): Promise<Result<{ readonly member: StoredMember; readonly survivor: StoredMember }, UnmergeRefusal>> {
  return db.transaction(async (tx) => {
    const { memberId } = asked;
    const [alias] = await tx.query<{ member_id: string }>(
      'select member_id from member_alias where alias_id = $1',
      [memberId],
    );
    if (alias === undefined) return err({ kind: 'not_merged', memberId });
    const survivorId = alias.member_id;
    const survivor = (await readMembers(tx, [survivorId], true)).get(survivorId);
    if (survivor === undefined) return err({ kind: 'no_profile', memberId });
    const parts = await mergedInto(tx, survivorId);
    const own = parts.get(memberId);
    if (own === undefined) return err({ kind: 'no_profile', memberId });
    const tillIds = await leaseHolders(tx, survivorId);
    if (tillIds.length > 0) return err({ kind: 'leases_open', memberId: survivorId, tillIds });
    const firstIds = await familyOf(tx, memberId);
    const since = await noesSince(tx, survivorId, memberId);
    const edge = await cutEdge(tx, asked, survivorId, firstIds, nowMs);
    const leaving = firstIds.slice(1).flatMap((id) => parts.get(id) ?? []);
    const staying = [...parts].filter(([id]) => !firstIds.includes(id)).map(([, part]) => part);
    await moveRowsBack(tx, { survivorId, toId: memberId, firstIds });
    await returnFacts(tx, { fromId: survivorId, toId: memberId, originIds: firstIds });
    await writeBoth(tx, { survivor, own, leaving, staying, memberId, edge }, nowMs);
    await moveLedgers(tx, { fromId: survivorId, toId: memberId, firstIds }, nowMs);
    await sayConsents(
      tx,
      since.map((word) => ({
        ...word,
        memberId,
        entryId: `unmerge:${word.entryId}`,
        granted: false,
        source: 'unmerge',
      })),
    );
    await settleConsents(tx, [survivorId, memberId]);
    await recomputeMembers(tx, [survivorId, memberId]);
    await reviewMembers(tx, [survivorId, memberId].sort(), utcDate(nowMs), nowMs);
    await tellUnmerge(tx, memberId, firstIds);
    await announce(
      tx,
      [{ kind: 'member.unmerged', storeId: null, data: { memberId, fromId: survivorId } }],
      nowMs,
    );
    const both = await readMembers(tx, [memberId, survivorId]);
    return ok({ member: both.get(memberId)!, survivor: both.get(survivorId)! });
  });
}

interface Edge {
  readonly tierId: string | null;
  readonly revision: number;
}

async function cutEdge(
  tx: Queryable,
  { memberId, author, reason }: UnmergeAsked,
  survivorId: string,
  firstIds: readonly string[],
  nowMs: number,
): Promise<Edge> {
  const [edge] = await tx.query<Edge>(
    'delete from member_merge where member_id = $1 returning tier_id as "tierId", revision',
    [memberId],
  );
  await tx.query('delete from member_alias where alias_id = $1', [memberId]);
  await tx.query('update member_alias set member_id = $1 where alias_id = any($2::text[])', [
    memberId,
    firstIds,
  ]);
  await logMerge(tx, { memberId, kind: 'unmerge', intoId: survivorId, author, reason }, nowMs);
  return edge!;
}

async function writeBoth(
  tx: Queryable,
  given: {
    readonly survivor: StoredMember;
    readonly own: StampedProfile;
    readonly leaving: readonly (StampedProfile & { readonly mergedAtMs: number })[];
    readonly staying: readonly (StampedProfile & { readonly mergedAtMs: number })[];
    readonly memberId: string;
    readonly edge: Edge;
  },
  nowMs: number,
): Promise<void> {
  const { survivor, own, leaving, staying, memberId, edge } = given;
  const member = foldProfiles(own, leaving);
  const gone = new Set(member.profile.cards.map(cardForm));
  // A list of cards that was written since may name those of the other: a card is one member's.
  const without = ({ profile, stamps }: StampedProfile): StampedProfile => ({
    profile: { ...profile, cards: profile.cards.filter((card) => !gone.has(cardForm(card))) },
    stamps,
  });
  const kept = without(survivor.own ?? survivor);
  const rest = without(foldProfiles(kept, staying));
  await writeMembers(
    tx,
    [
      {
        id: survivor.id,
        tierId: survivor.tierId,
        ...rest,
        own: staying.length === 0 ? null : kept,
        revision: survivor.revision + 1,
      },
      {
        id: memberId,
        tierId: edge.tierId ?? survivor.tierId,
        ...member,
        own: leaving.length === 0 ? null : { profile: own.profile, stamps: own.stamps },
        revision: edge.revision + 1,
      },
    ],
    nowMs,
  );
}

/** What the one person said no to since the merge. */
async function noesSince(tx: Queryable, survivorId: string, memberId: string) {
  return tx.query<{
    entryId: string;
    purpose: string;
    channel: string;
    textVersion: string;
    atMs: number;
  }>(
    `select distinct on (purpose, channel) entry_id as "entryId", purpose, channel, text_version as "textVersion", at as "atMs"
     from (select distinct on (purpose, channel) * from consent_entry
       where member_id = $1 and at > (select at from member_merge where member_id = $2)
       order by purpose, channel, at desc, granted, entry_id desc) newest
     where not granted`,
    [survivorId, memberId],
  );
}

async function tellUnmerge(tx: Queryable, memberId: string, firstIds: readonly string[]): Promise<void> {
  await publish(
    tx,
    firstIds.map((id) => ({
      kind: 'member_alias',
      key: id,
      storeId: null,
      data: id === memberId ? null : { memberId },
    })),
  );
}
