/**
 * What is done to whole ledgers: lots that expire, members that turn out to be one, and the proof that stored = recomputed.
 */
import { foldLedger } from '../../src/core/ledger.ts';
import type { Db, Queryable } from '../db/db.ts';
import { publishBalances } from './balances.ts';
import {
  type AccountKey,
  Changes,
  lockAccounts,
  owedOf,
  type Purse,
  refold,
  storedOf,
  textOf,
} from './ledger.ts';

/** Accounts in one transaction. */
const ACCOUNTS_AT_ONCE = 500;

export interface ExpiryRun {
  readonly accounts: number;
  /** What expired, by purse: points, minor units of whatever currency. */
  readonly expired: Readonly<Record<Purse, number>>;
}

/**
 * Lots whose last good day is before `asOf` are gone. Again, or after a crash, it goes on where lots are left; days never go
 * back.
 *
 * @param asOf `YYYY-MM-DD`: the business date that begins
 */
export async function expirePoints(db: Db, asOf: string, nowMs: number): Promise<ExpiryRun> {
  const expired: Record<Purse, number> = { points: 0, value: 0, gift_card: 0 };
  let accounts = 0;
  for (;;) {
    const done = await db.transaction((tx) => expireSome(tx, asOf, nowMs));
    accounts += done.length;
    for (const { purse, points } of done) expired[purse] += points;
    if (done.length < ACCOUNTS_AT_ONCE) return { accounts, expired };
  }
}

async function expireSome(tx: Queryable, asOf: string, nowMs: number) {
  // In the order in which every writer locks.
  const due = await tx.query<AccountKey & { balance: number; isStale: boolean }>(
    `select holder_id as "holderId", purse, balance, is_stale as "isStale" from ledger_account
     where next_expiry_on < $1::date or is_stale order by holder_id, purse limit $2 for update`,
    [asOf, ACCOUNTS_AT_ONCE],
  );
  if (due.length === 0) return [];
  const before = new Map(due.map((row) => [textOf(row), row.balance]));
  const accounts = await refold(tx, due, { nowMs, asOf });
  await publishBalances(tx, accounts, { nowMs });
  return accounts.map(({ holderId, purse, ledger }) => ({
    purse,
    points: before.get(textOf({ holderId, purse }))! - ledger.balance,
  }));
}

/**
 * Everything in one member's ledgers becomes another's: a provisional member that HQ knows already, or two that were merged.
 *
 * @param facts `firstIds`: only what was booked to these at first, and all that came of it: what undoes an entry goes where
 *              the entry goes, so do entries of their sales and what follows from their lots. That takes a merge back.
 */
export async function moveLedgers(
  tx: Queryable,
  facts: { readonly fromId: string; readonly toId: string; readonly firstIds?: readonly string[] },
  nowMs: number,
): Promise<void> {
  const { fromId, toId, firstIds } = facts;
  const rows = await tx.query<{ purse: Purse; currency: string | null }>(
    `select purse, currency from ledger_account
     where holder_id = $1 and purse <> 'gift_card'`,
    [fromId],
  );
  if (rows.length === 0) return;
  const keysOf = (holderId: string) => rows.map(({ purse, currency }) => ({ holderId, purse, currency }));
  const keys = [...keysOf(fromId), ...keysOf(toId)];
  await lockAccounts(tx, keys, nowMs);
  if (firstIds === undefined) {
    await tx.query(`update ledger_entry set holder_id = $2 where holder_id = $1 and purse <> 'gift_card'`, [
      fromId,
      toId,
    ]);
  } else await tx.query(MOVE_BACK, [fromId, toId, firstIds]);
  // A day that is over for one of them is over for both.
  await tx.query(
    `update ledger_account t set expired_to = greatest(t.expired_to, f.expired_to),
       currency = coalesce(t.currency, f.currency)
     from ledger_account f where f.holder_id = $1 and t.holder_id = $2 and f.purse = t.purse and t.purse <> 'gift_card'`,
    [fromId, toId],
  );
  const accounts = await refold(tx, keys, { nowMs });
  await publishBalances(tx, accounts, { nowMs });
}

/** A lot that came back bears the id of its movement and a number: `ID~1`. */
const MOVE_BACK = `
  with recursive own as (
    select purse, entry_id from ledger_entry e
    where holder_id = $1 and purse <> 'gift_card' and kind not in ('expire', 'forgive', 'unfounded')
      and (first_holder_id = any($3::text[]) or exists (select 1 from sale s
        where s.sale_id = e.sale_id and s.member_id = $2 and e.kind in ('earn', 'spend')))
    union
    select e.purse, e.entry_id from ledger_entry e join own o on o.purse = e.purse
      and (e.of_id = o.entry_id or (e.kind = 'expire' and regexp_replace(e.of_id, '~[0-9]+$', '') = o.entry_id))
    where e.holder_id = $1)
  update ledger_entry e set holder_id = $2 from own o
  where e.holder_id = $1 and e.purse = o.purse and e.entry_id = o.entry_id`;

export interface LedgerProof {
  readonly accounts: number;
  /** Accounts whose rows are not what their entries fold to. */
  readonly differences: readonly AccountKey[];
}

/** Folds every account from its entries and compares all that is stored. Reads only. */
export async function proveLedgers(db: Db): Promise<LedgerProof> {
  const differences: AccountKey[] = [];
  let accounts = 0;
  let after: AccountKey | null = null;
  for (;;) {
    // One moment for all of a page's rows.
    const page: { keys: AccountKey[]; wrong: AccountKey[] } = await db.transaction((tx) =>
      provePage(tx, after),
    );
    accounts += page.keys.length;
    differences.push(...page.wrong);
    after = page.keys.at(-1) ?? null;
    if (after === null || page.keys.length < ACCOUNTS_AT_ONCE) return { accounts, differences };
  }
}

async function provePage(tx: Queryable, after: AccountKey | null) {
  await tx.query('set transaction isolation level repeatable read');
  const keys = await tx.query<AccountKey & { total: number }>(
    `select a.holder_id as "holderId", a.purse,
       (select coalesce(sum(points), 0)::bigint from ledger_entry e where e.holder_id = a.holder_id and e.purse = a.purse) as total
     from ledger_account a
     where (a.holder_id, a.purse) > ($1, $2) order by a.holder_id, a.purse limit $3`,
    [after?.holderId ?? '', after?.purse ?? '', ACCOUNTS_AT_ONCE],
  );
  const stored = await storedOf(tx, keys);
  const totals = new Map(keys.map((row) => [textOf(row), row.total]));
  const wrong = stored.accounts.filter((row) => {
    const ledger = foldLedger(stored.entries.get(textOf(row)) ?? [], row.expiredTo);
    const changes = new Changes();
    changes.compare(row, ledger, stored);
    return (
      changes.count > 0 ||
      row.balance !== ledger.balance ||
      row.balance !== totals.get(textOf(row)) ||
      row.bonusBalance !== ledger.bonusBalance ||
      row.owed !== owedOf(ledger) ||
      row.nextExpiryOn !== ledger.nextExpiryOn
    );
  });
  return { keys, wrong };
}

/** Folds all that differs again: after a repair, or a version that folds better. A difference is a fault of ours. */
export async function mendLedgers(db: Db, nowMs: number): Promise<LedgerProof> {
  const proof = await proveLedgers(db);
  for (const key of proof.differences) {
    await db.transaction(async (tx) => {
      await lockAccounts(tx, [key], nowMs);
      await publishBalances(tx, await refold(tx, [key], { nowMs }), { nowMs });
    });
  }
  return proof;
}
