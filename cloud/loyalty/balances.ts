/**
 * Balances on their way to the tills: feed kind `member_points`.
 *
 * Every store that was told of a member is told of each change; a store where the member just was is told for the first time.
 */
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import type { AccountKey } from './ledger.ts';

export interface MemberBalance {
  readonly memberId: string;
  /** What HQ's ledger says; below zero where points are owed. */
  readonly points: number;
  /** Bought value and what the shop gave on top, minor units of `currency`. */
  readonly valueMinor: number;
  readonly bonusMinor: number;
  readonly currency: string | null;
}

export async function balancesOf(tx: Queryable, memberIds: readonly string[]): Promise<MemberBalance[]> {
  return tx.query<MemberBalance>(
    `select m.member_id as "memberId", coalesce(p.balance, 0)::bigint as points,
       coalesce(v.balance - v.bonus_balance, 0)::bigint as "valueMinor", coalesce(v.bonus_balance, 0)::bigint as "bonusMinor",
       v.currency
     from (select distinct member_id from unnest($1::text[]) as i(member_id)) m
     left join ledger_account p on p.holder_id = m.member_id and p.purse = 'points'
     left join ledger_account v on v.holder_id = m.member_id and v.purse = 'value'
     order by m.member_id`,
    [memberIds],
  );
}

/** @param given `storeId`: where the members just were @returns how many feed rows were published */
export async function publishBalances(
  tx: Queryable,
  accounts: readonly AccountKey[],
  given: { readonly nowMs: number; readonly storeId?: string },
): Promise<number> {
  const memberIds = [
    ...new Set(accounts.filter(({ purse }) => purse !== 'gift_card').map((a) => a.holderId)),
  ].sort();
  return publishMembers(tx, memberIds, given);
}

export async function publishMembers(
  tx: Queryable,
  memberIds: readonly string[],
  { nowMs, storeId }: { readonly nowMs: number; readonly storeId?: string },
): Promise<number> {
  if (memberIds.length === 0) return 0;
  const balances = await balancesOf(tx, memberIds);
  const told = await tx.query<{ key: string; store_id: string }>(
    `select key, store_id from feed_row where kind = 'member_points' and key = any($1::text[]) order by key, store_id`,
    [memberIds],
  );
  const storesOf = Map.groupBy(told, ({ key }) => key);
  const changes = balances.flatMap(({ memberId, points, valueMinor, bonusMinor }) => {
    const stores = new Set((storesOf.get(memberId) ?? []).map(({ store_id }) => store_id));
    if (storeId !== undefined) stores.add(storeId);
    return [...stores].map((at) => ({
      kind: 'member_points',
      key: memberId,
      storeId: at === '' ? null : at,
      data: { memberId, confirmed: points, asOfMs: nowMs, storedValueMinor: valueMinor + bonusMinor },
    }));
  });
  await publish(tx, changes);
  return changes.length;
}
