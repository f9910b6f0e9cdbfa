/**
 * What HQ's books say of a right: the one place that knows where each kind of right is counted.
 */
import type { Limits } from '../../src/core/promotion.ts';
import { currentRuleSet } from '../catalog/rules.ts';
import type { Queryable } from '../db/db.ts';
import { familyKeys } from './keys.ts';
import { refundableOf } from './refunds.ts';

/**
 * The balance of a right, leased parts included, in points, minor units or uses.
 *
 * Read inside the transaction that holds the right's row.
 *
 * @returns null when HQ counts no such right: nobody has it, or it has no limit
 */
export async function balanceOf(tx: Queryable, key: string): Promise<number | null> {
  const cut = key.indexOf(':');
  const of = key.slice(cut + 1);
  switch (key.slice(0, cut)) {
    case 'points':
      return pointsOf(tx, of);
    case 'stored_value':
      return accountOf(tx, of, 'value', 'balance - bonus_balance');
    case 'stored_bonus':
      return accountOf(tx, of, 'value', 'bonus_balance');
    case 'gift_card':
      return cardOf(tx, of);
    case 'rule':
      return usesOf(tx, key, of);
    case 'coupon':
      return couponOf(tx, key, of);
    case 'refund':
      return refundableOf(tx, key);
    default:
      return null;
  }
}

async function pointsOf(tx: Queryable, memberId: string): Promise<number | null> {
  const [row] = await tx.query<{ balance: number }>(
    `select (select coalesce(sum(points), 0)::bigint from points_entry p where p.member_id = m.member_id) as balance
     from member m where member_id = $1`,
    [memberId],
  );
  return row?.balance ?? null;
}

/** Of a ledger account; null where nobody ever had one. Debt is no right to spend. */
async function accountOf(
  tx: Queryable,
  holderId: string,
  purse: 'value' | 'gift_card',
  what: 'balance' | 'bonus_balance' | 'balance - bonus_balance',
): Promise<number | null> {
  const [row] = await tx.query<{ free: number }>(
    `select greatest(${what}, 0)::bigint as free from ledger_account where holder_id = $1 and purse = $2`,
    [holderId, purse],
  );
  return row?.free ?? null;
}

/** A card that is blocked, or whose time is over for good, grants nothing; one that HQ never issued is no right. */
async function cardOf(tx: Queryable, giftCardId: string): Promise<number | null> {
  const [card] = await tx.query<{ blocked: boolean }>(
    'select blocked_at is not null as blocked from gift_card where gift_card_id = $1',
    [giftCardId],
  );
  if (card?.blocked === true) return 0;
  return accountOf(tx, giftCardId, 'gift_card', 'balance');
}

/**
 * `of`: `RULE` or `RULE:MEMBER`. A rule that is not in force any more grants nothing.
 *
 * A limit is a person's: what was used, or is leased, under an id that was merged into this one counts too, and goes with that
 * id when the merge is taken back.
 */
async function usesOf(tx: Queryable, key: string, of: string): Promise<number | null> {
  const set = await currentRuleSet(tx);
  const limit = set?.rules.map(({ id, limits }) => limitOf(of, id, limits)).find((found) => found !== null);
  if (limit === undefined || limit === null) return null;
  const [row] = await tx.query<{ used: number }>(
    `select coalesce(sum(spent + case when key = $1 then 0 else leased end), 0)::bigint as used
     from right_balance where key = any($2::text[])`,
    [key, await familyKeys(tx, key)],
  );
  return limit - row!.used;
}

function limitOf(of: string, ruleId: string, limits: Limits | undefined): number | null {
  if (of === ruleId) return limits?.total ?? null;
  return of.startsWith(`${ruleId}:`) ? (limits?.perMember ?? null) : null;
}

/** A code of its own is good once. Codes that a rule shares are counted by the rule's limits. */
async function couponOf(tx: Queryable, key: string, code: string): Promise<number | null> {
  const [row] = await tx.query<{ used: boolean }>(
    'select used_at is not null as used from member_coupon where coupon_id = $1 limit 1',
    [code],
  );
  if (row === undefined) return null;
  return row.used ? 0 : 1 - (await spentOf(tx, key));
}

async function spentOf(tx: Queryable, key: string): Promise<number> {
  const [row] = await tx.query<{ spent: number }>('select spent from right_balance where key = $1', [key]);
  return row?.spent ?? 0;
}
