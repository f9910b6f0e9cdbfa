/**
 * What somebody had on any day, worked out from the movements up to it: points, value and gift cards travel in time.
 *
 * By business dates: what a till tells late is in the past that it happened in.
 */
import { foldLedger, type Ledger } from '../../src/core/ledger.ts';
import type { Queryable } from '../db/db.ts';
import type { MemberBalance } from './balances.ts';
import { type AccountKey, storedOf } from './ledger.ts';

/** @param on `YYYY-MM-DD`, the end of that day: a lot that is good through it is there */
export async function balanceOn(db: Queryable, memberId: string, on: string): Promise<MemberBalance> {
  const [points, value] = await ledgersOn(
    db,
    [
      { holderId: memberId, purse: 'points' },
      { holderId: memberId, purse: 'value' },
    ],
    on,
  );
  const { balance, bonusBalance, currency } = value!;
  return {
    memberId,
    points: points!.balance,
    valueMinor: balance - bonusBalance,
    bonusMinor: bonusBalance,
    currency,
  };
}

/** In the order of the keys; without an account everything is 0. */
export async function ledgersOn(
  db: Queryable,
  keys: readonly AccountKey[],
  on: string,
): Promise<readonly (Ledger & { readonly currency: string | null })[]> {
  const stored = await storedOf(db, keys);
  return keys.map(({ holderId, purse }) => {
    const account = stored.accounts.find((row) => row.holderId === holderId && row.purse === purse);
    const entries = [...stored.entries.values()]
      .flat()
      .filter((entry) => entry.holderId === holderId && entry.purse === purse && entry.on <= on);
    return { ...foldLedger(entries, on), currency: account?.currency ?? null };
  });
}
