/**
 * A member's points and value by API: corrections, gifts, top-ups, spends, what comes back, and the way out.
 *
 * Here HQ is asked before the goods go, so what is not there is refused. Each write has a key (`once`).
 */

import { rightKey } from '../../src/core/lease.ts';
import { expiryOf, MOVEMENT_MAX, PLAIN_TERMS } from '../../src/core/ledger.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  CHINA_2012,
  type StoredValuePolicy,
  topUpOf,
  type ValueRefusal,
} from '../../src/core/stored-value.ts';
import type { Db, Queryable } from '../db/db.ts';
import { takenFromLeased } from '../leases/leases.ts';
import { balancesOf, type MemberBalance, publishBalances } from './balances.ts';
import { type Account, entryOf, lockAccounts, type NewEntry, record } from './ledger.ts';
import type { Word } from './offer-versions.ts';
import { publishPolicy, type VersionTaken } from './policy.ts';
import { currentProgramme } from './programme.ts';
import { type KeyTaken, once } from './request.ts';

export type LedgerRefusal =
  | KeyTaken
  | ValueRefusal
  | { readonly kind: 'unknown_member'; readonly memberId: string }
  | { readonly kind: 'not_enough'; readonly balance: number }
  | {
      readonly kind: 'overflow';
      readonly path: string;
      readonly balance: number;
      readonly balanceMax: number;
    }
  | { readonly kind: 'unknown_spend'; readonly ofKey: string }
  | { readonly kind: 'more_than_spent'; readonly openMinor: number };

/**
 * Nobody has more by a person's word: a thousand of the largest movements. What sales and jobs bring comes on top, and any such
 * sum is a safe integer still.
 */
export const BALANCE_MAX = 1_000 * MOVEMENT_MAX;

export interface Written {
  readonly key: string;
  readonly memberId: string;
  readonly nowMs: number;
  /** Business date; the day in UTC where nobody says. */
  readonly on?: string;
  readonly author?: string;
}

export interface PointsAsked extends Written {
  /** Above zero gives, below zero takes. */
  readonly points: number;
  readonly reason: string;
  /** Left out: as the programme says. */
  readonly expiresOn?: string | null;
}

/** A correction by hand. It takes no more than there is. */
export async function correctPoints(
  db: Db,
  asked: PointsAsked,
): Promise<Result<MemberBalance, LedgerRefusal>> {
  return write(db, asked, 'points', 'correct', async (tx, on) => {
    const { points, reason, key } = asked;
    const terms = (await currentProgramme(tx))?.lots ?? PLAIN_TERMS;
    const expiresOn = asked.expiresOn === undefined ? expiryOf(terms.expiry, on) : asked.expiresOn;
    return ok([
      { id: `correct:${key}`, kind: 'correct', points, reason, ...(points > 0 ? { expiresOn } : {}) },
    ]);
  });
}

/** Points for a gift. */
export async function redeemPoints(
  db: Db,
  asked: Written & { readonly points: number; readonly reason: string },
): Promise<Result<MemberBalance, LedgerRefusal>> {
  return write(db, asked, 'points', 'redeem', async () =>
    ok([{ id: `redeem:${asked.key}`, kind: 'spend', points: -asked.points, reason: asked.reason }]),
  );
}

export interface MoneyAsked extends Written {
  readonly amountMinor: number;
  readonly currency: string;
}

export async function topUpValue(db: Db, asked: MoneyAsked): Promise<Result<MemberBalance, LedgerRefusal>> {
  return write(db, asked, 'value', 'top_up', async (tx, on) => {
    const [{ valueMinor }] = (await balancesOf(tx, [asked.memberId])) as [MemberBalance];
    const policy = await currentPolicy(tx);
    const { amountMinor, currency } = asked;
    const top = topUpOf(policy, { amountMinor, currency, principalMinor: valueMinor, isNamed: true, on });
    if (!top.ok) return top;
    const { bonusMinor, bonusExpiresOn: expiresOn } = top.value;
    return ok([
      { id: `top-up:${asked.key}`, kind: 'top_up', points: amountMinor, expiresOn: top.value.expiresOn },
      ...(bonusMinor === 0
        ? []
        : [{ id: `bonus:${asked.key}`, kind: 'bonus', points: bonusMinor, expiresOn } as const]),
    ]);
  });
}

/** Principal before bonus. */
export async function spendValue(db: Db, asked: MoneyAsked): Promise<Result<MemberBalance, LedgerRefusal>> {
  return write(db, asked, 'value', 'spend', async () =>
    ok([{ id: `spend:${asked.key}`, kind: 'spend', points: -asked.amountMinor }]),
  );
}

/** What was spent goes back to the lots it came from, never more. @param asked `ofKey`: the key of the spend */
export async function giveBackValue(
  db: Db,
  asked: MoneyAsked & { readonly ofKey: string },
): Promise<Result<MemberBalance, LedgerRefusal>> {
  const ofId = `spend:${asked.ofKey}`;
  return write(db, asked, 'value', 'give_back', async (tx) => {
    const [spent] = await tx.query<{ open: number }>(
      `select (-e.points - coalesce((select sum(g.points) from ledger_entry g where g.holder_id = e.holder_id
         and g.purse = e.purse and g.kind = 'give_back' and g.of_id = e.entry_id), 0))::bigint as open
       from ledger_entry e where e.holder_id = $1 and e.purse = 'value' and e.entry_id = $2`,
      [asked.memberId, ofId],
    );
    if (spent === undefined) return err({ kind: 'unknown_spend', ofKey: asked.ofKey });
    if (asked.amountMinor > spent.open) return err({ kind: 'more_than_spent', openMinor: spent.open });
    return ok([{ id: `give-back:${asked.key}`, kind: 'give_back', points: asked.amountMinor, ofId }]);
  });
}

/** The way out: the principal is paid to the member, the bonus lapses. @returns the balance; what was paid is in the ledger */
export async function payOutValue(db: Db, asked: Written): Promise<Result<MemberBalance, LedgerRefusal>> {
  return write(db, asked, 'value', 'pay_out', async (tx) => {
    const [{ valueMinor, bonusMinor }] = (await balancesOf(tx, [asked.memberId])) as [MemberBalance];
    if (valueMinor + bonusMinor <= 0) return err({ kind: 'not_enough', balance: valueMinor });
    return ok([
      ...(valueMinor > 0
        ? [{ id: `pay-out:${asked.key}`, kind: 'pay_out', points: -valueMinor } as const]
        : []),
      ...(bonusMinor > 0
        ? [{ id: `lapse:${asked.key}`, kind: 'correct', points: -bonusMinor, bonus: bonusMinor } as const]
        : []),
    ]);
  });
}

type Move = Pick<NewEntry, 'id' | 'kind' | 'points'> & Partial<NewEntry>;

async function write(
  db: Db,
  asked: Written & { readonly currency?: string; readonly reason?: string },
  purse: 'points' | 'value',
  op: string,
  movesOf: (tx: Queryable, on: string) => Promise<Result<readonly Move[], LedgerRefusal>>,
): Promise<Result<MemberBalance, LedgerRefusal>> {
  const { nowMs, memberId: holderId, key, on = utcDate(nowMs) } = asked;
  const { nowMs: _, ...words } = asked;
  const request = { key: `${purse}:${key}`, asked: { op, ...words }, nowMs };
  return once<MemberBalance, LedgerRefusal>(db, request, async (tx) => {
    const [member] = await tx.query('select 1 as x from member where member_id = $1', [holderId]);
    if (member === undefined) return err({ kind: 'unknown_member', memberId: holderId });
    const currency = purse === 'value' ? (asked.currency ?? null) : null;
    await lockAccounts(tx, [{ holderId, purse, currency }], nowMs);
    const foreign = currency === null ? null : await otherCurrency(tx, holderId, currency);
    if (foreign !== null) return err({ kind: 'other_currency', currency: foreign });
    const moves = await movesOf(tx, on);
    if (!moves.ok) return moves;
    const author = asked.author ?? null;
    const accounts = await record(
      tx,
      moves.value.map((move) => entryOf({ ...move, holderId, purse, atMs: nowMs, on, author, currency })),
      nowMs,
    );
    const refused = shortOf(accounts[0]!, moves.value) ?? overflowOf(accounts[0]!, moves.value);
    if (refused !== null) return err(refused);
    await publishBalances(tx, accounts, { nowMs });
    const taken = -moves.value.reduce((sum, { points }) => sum + Math.min(0, points), 0);
    const beyond = taken === 0 ? 0 : await takenFromLeased(tx, RIGHTS[purse](holderId));
    if (beyond > 0) return err({ kind: 'not_enough', balance: Math.max(0, taken - beyond) });
    return ok((await balancesOf(tx, [holderId]))[0]!);
  });
}

/** What tills may hold of a purse. */
const RIGHTS = {
  points: (memberId: string) => [rightKey.points(memberId)],
  value: (memberId: string) => [rightKey.storedValue(memberId), rightKey.storedBonus(memberId)],
} as const;

/** A draw that is not wholly there is not made: the transaction ends without it. */
function shortOf({ ledger }: Account, moves: readonly Move[]): LedgerRefusal | null {
  const owed = ledger.owed.filter(({ movementId }) =>
    moves.some(({ id, points }) => id === movementId && points < 0),
  );
  const missing = owed.reduce((sum, { points }) => sum + points, 0);
  if (missing === 0) return null;
  return { kind: 'not_enough', balance: ledger.balance - moves.reduce((sum, { points }) => sum + points, 0) };
}

function overflowOf({ purse, ledger }: Account, moves: readonly Move[]): LedgerRefusal | null {
  if (ledger.balance <= BALANCE_MAX || moves.every(({ points }) => points < 0)) return null;
  const balance = ledger.balance - moves.reduce((sum, { points }) => sum + points, 0);
  return {
    kind: 'overflow',
    path: purse === 'points' ? 'points' : 'amountMinor',
    balance,
    balanceMax: BALANCE_MAX,
  };
}

async function otherCurrency(tx: Queryable, holderId: string, currency: string): Promise<string | null> {
  const [row] = await tx.query<{ currency: string | null }>(
    `update ledger_account set currency = coalesce(currency, $2) where holder_id = $1 and purse = 'value' returning currency`,
    [holderId, currency],
  );
  return row!.currency === currency ? null : row!.currency;
}

/** Without a published one the strictest that we know. */
export async function currentPolicy(tx: Queryable): Promise<StoredValuePolicy> {
  const [row] = await tx.query<{ data: StoredValuePolicy }>(
    `select data from loyalty_policy where name = 'stored_value' order by published_at desc, version desc limit 1`,
  );
  return row?.data ?? CHINA_2012;
}

/** Values under a version never change: cards name it. */
export function putPolicy(
  db: Db,
  policy: StoredValuePolicy,
  word: Word,
): Promise<Result<string, VersionTaken>> {
  return publishPolicy(db, 'stored_value', policy, word);
}

export function utcDate(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
