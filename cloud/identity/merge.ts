/**
 * One person of two members.
 *
 * The plan. Data: a forest of merges (`member_merge`), a flat map from every id to the member it is now (`member_alias`), and
 * for each thing the id that it was first of. Invariant: what belongs to whom is a function of first owners and edges alone,
 * so any sequence of merges and un-merges keeps every sale, point, coupon and total, and taking all merges back gives what
 * was there. The one path: lock both, refuse what must not be, draw the edge, move rows and ledgers, fold the profiles,
 * settle consents and tier, add the purchases up again, tell the tills.
 *
 * Refused is what could be spent twice: points or value that a till holds a lease of come back first.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { moveFacts } from '../facts/move.ts';
import { publish } from '../feed/feed.ts';
import { moveLedgers } from '../loyalty/ledger-jobs.ts';
import { utcDate } from '../loyalty/member-ledger.ts';
import { reviewMembers } from '../loyalty/tiers.ts';
import { settleConsents } from '../members/consents.ts';
import type { StampedProfile } from '../members/profile.ts';
import { readMembers, type StoredMember, writeMembers } from '../members/store.ts';
import { announce } from '../outbox/outbox.ts';
import { recomputeMembers } from '../segments/rollup.ts';
import { familyOf, foldFamily, sealOwn } from './family.ts';
import { moveRows } from './member-rows.ts';

export type MergeRefusal =
  | { readonly kind: 'same_member' }
  | { readonly kind: 'unknown_member'; readonly memberId: string }
  | { readonly kind: 'erased'; readonly memberId: string }
  /** It was merged away before. */
  | { readonly kind: 'merged'; readonly memberId: string; readonly into: string }
  /** The survivor is part of who is to be merged into it. */
  | { readonly kind: 'circle'; readonly memberId: string; readonly into: string }
  /** Tills hold rights of it: they come back, or are written off, first. */
  | { readonly kind: 'leases_open'; readonly memberId: string; readonly tillIds: readonly string[] }
  | { readonly kind: 'other_currency'; readonly currencies: readonly string[] };

export interface MergeAsked {
  readonly fromId: string;
  readonly intoId: string;
  readonly reason: string;
  readonly author: string | null;
}

export async function mergeMembers(
  db: Db,
  asked: MergeAsked,
  nowMs: number,
): Promise<Result<StoredMember, MergeRefusal>> {
  return db.transaction(async (tx) => {
    const { fromId, intoId } = asked;
    const members = await readMembers(tx, [fromId, intoId], true);
    const refused = await refusalOf(tx, asked, members);
    if (refused !== null) return err(refused);
    const from = members.get(fromId)!;
    await join(tx, { ...asked, tierId: from.tierId, revision: from.revision, own: from.own ?? from }, nowMs);
    return ok((await readMembers(tx, [intoId])).get(intoId)!);
  });
}

async function refusalOf(
  tx: Queryable,
  { fromId, intoId }: MergeAsked,
  members: ReadonlyMap<string, StoredMember>,
): Promise<MergeRefusal | null> {
  if (fromId === intoId) return { kind: 'same_member' };
  for (const [memberId, other] of [
    [fromId, intoId],
    [intoId, fromId],
  ] as const) {
    if (members.has(memberId)) continue;
    return whyNot(tx, memberId, other);
  }
  const tillIds = await leaseHolders(tx, fromId);
  if (tillIds.length > 0) return { kind: 'leases_open', memberId: fromId, tillIds };
  const currencies = await tx.query<{ currency: string }>(
    `select distinct currency from ledger_account where holder_id in ($1, $2) and purse = 'value' and currency is not null
     order by currency`,
    [fromId, intoId],
  );
  return currencies.length < 2
    ? null
    : { kind: 'other_currency', currencies: currencies.map(({ currency }) => currency) };
}

/** Why an id is no member. */
export async function whyNot(
  tx: Queryable,
  memberId: string,
  otherId: string | null = null,
): Promise<Extract<MergeRefusal, { kind: 'unknown_member' | 'erased' | 'merged' | 'circle' }>> {
  const [erased] = await tx.query('select 1 as x from member_erasure where member_id = $1', [memberId]);
  if (erased !== undefined) return { kind: 'erased', memberId };
  const [alias] = await tx.query<{ member_id: string }>(
    'select member_id from member_alias where alias_id = $1',
    [memberId],
  );
  if (alias === undefined) return { kind: 'unknown_member', memberId };
  const { member_id: into } = alias;
  return { kind: into === otherId ? 'circle' : 'merged', memberId, into };
}

/** Tills that may still spend what a member has. */
export async function leaseHolders(tx: Queryable, memberId: string): Promise<string[]> {
  const rows = await tx.query<{ till_id: string }>(
    `select distinct till_id from lease where key = any($1::text[]) and state in ('offered', 'held', 'short') order by till_id`,
    [['points', 'stored_value', 'stored_bonus'].map((kind) => `${kind}:${memberId}`)],
  );
  return rows.map(({ till_id }) => till_id);
}

/** Who is merged away: a member, or somebody who joined at a till and was a member before. */
export interface Joined extends MergeAsked {
  readonly tierId: string | null;
  readonly revision: number;
  readonly own: StampedProfile;
}

/** The survivor is locked, and nothing stands against it. */
export async function join(tx: Queryable, joined: Joined, nowMs: number): Promise<void> {
  const { fromId, intoId } = joined;
  await drawEdge(tx, joined, nowMs);
  await moveRows(tx, { fromId, intoId, familyIds: (await familyOf(tx, fromId)).slice(1) });
  await moveFacts(tx, { fromId, toId: intoId });
  await moveLedgers(tx, { fromId, toId: intoId }, nowMs);
  await tx.query('delete from tier_state where member_id = $1', [fromId]);
  // Before the survivor is written: a card is one member's.
  await tx.query('delete from member where member_id = $1', [fromId]);
  await tx.query('delete from member_consent where member_id = $1', [fromId]);
  const survivor = (await readMembers(tx, [intoId])).get(intoId)!;
  const family = await foldFamily(tx, intoId, survivor.own ?? survivor);
  await writeMembers(
    tx,
    [{ ...survivor, ...family, own: survivor.own ?? survivor, revision: survivor.revision + 1 }],
    nowMs,
  );
  await settleConsents(tx, [intoId]);
  await recomputeMembers(tx, [fromId, intoId]);
  await reviewMembers(tx, [intoId], utcDate(nowMs), nowMs);
  await tellMerge(tx, fromId, intoId);
  await announce(tx, [{ kind: 'member.merged', storeId: null, data: { memberId: fromId, intoId } }], nowMs);
}

async function drawEdge(tx: Queryable, joined: Joined, nowMs: number): Promise<void> {
  const { fromId, intoId, author, reason, tierId, revision, own } = joined;
  await tx.query(
    `insert into member_merge (member_id, parent_id, at, author, reason, tier_id, revision, own_sealed)
     values ($1, $2, to_timestamp($3::float8 / 1000), $4, $5, $6, $7, $8)`,
    [fromId, intoId, nowMs, author, reason, tierId, revision, await sealOwn(tx, fromId, own)],
  );
  await tx.query('update member_alias set member_id = $2 where member_id = $1', [fromId, intoId]);
  await tx.query(
    `insert into member_alias (alias_id, member_id, at) values ($1, $2, to_timestamp($3::float8 / 1000))`,
    [fromId, intoId, nowMs],
  );
  await logMerge(tx, { memberId: fromId, kind: 'merge', intoId, author, reason }, nowMs);
}

export async function logMerge(
  tx: Queryable,
  said: {
    readonly memberId: string;
    readonly kind: 'merge' | 'unmerge';
    readonly intoId: string;
    readonly author: string | null;
    readonly reason: string;
  },
  nowMs: number,
): Promise<void> {
  await tx.query(
    `insert into member_merge_log (member_id, at, kind, into_id, author, reason)
     values ($1, to_timestamp($2::float8 / 1000), $3, $4, $5, $6) on conflict do nothing`,
    [said.memberId, nowMs, said.kind, said.intoId, said.author, said.reason],
  );
}

/**
 * The tills get every id that leads to the survivor; rows about who is gone go without a farewell, since a farewell would
 * make a till forget the survivor too.
 */
async function tellMerge(tx: Queryable, fromId: string, intoId: string): Promise<void> {
  await tx.query(
    `delete from feed_row where key = $1 and kind in ('member', 'member_points', 'member_stats')`,
    [fromId],
  );
  const aliases = await tx.query<{ alias_id: string }>(
    'select alias_id from member_alias where member_id = $1 order by alias_id',
    [intoId],
  );
  await publish(
    tx,
    aliases.map(({ alias_id }) => ({
      kind: 'member_alias',
      key: alias_id,
      storeId: null,
      data: { memberId: intoId },
    })),
  );
}
