/**
 * A member's tier as the rule says it: written where the member is, and told to the tills.
 */
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { announce } from '../outbox/outbox.ts';
import { memberFeed, readMembers } from './store.ts';

export interface TierChange {
  readonly memberId: string;
  readonly tierId: string;
}

/** @returns how many members are on another tier than before */
export async function changeTiers(
  tx: Queryable,
  changes: readonly TierChange[],
  nowMs: number,
): Promise<number> {
  if (changes.length === 0) return 0;
  const rows = await tx.query<{ member_id: string }>(
    `update member m set tier_id = c.tier_id, updated_at = to_timestamp($3::float8 / 1000)
     from unnest($1::text[], $2::text[]) as c(member_id, tier_id)
     where m.member_id = c.member_id and m.tier_id <> c.tier_id
     returning m.member_id`,
    [changes.map(({ memberId }) => memberId), changes.map(({ tierId }) => tierId), nowMs],
  );
  const members = await readMembers(
    tx,
    rows.map(({ member_id }) => member_id),
  );
  await publish(tx, [...members.values()].map(memberFeed));
  await announce(
    tx,
    [...members.values()].map(({ id, tierId }) => ({
      kind: 'tier.changed',
      storeId: null,
      data: { memberId: id, tierId },
    })),
    nowMs,
  );
  return rows.length;
}
