/**
 * Retention: members are forgotten when the reason to know them is over. Rules are data; a job applies them.
 */
import type { Db, Queryable } from '../db/db.ts';
import { sweepKeys } from '../vault/keys.ts';
import { erase } from './erase.ts';

export interface RetentionRule {
  readonly id: string;
  /** Months without a purchase, and since the profile was changed last. */
  readonly afterMonths: number;
  /** `any`: whatever they said; `no_consent`: only who holds to no consent. */
  readonly who: 'any' | 'no_consent';
  readonly active: boolean;
}

export async function putRetentionRule(db: Queryable, rule: RetentionRule, atMs: number): Promise<void> {
  await db.query(
    `insert into retention_rule (rule_id, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
     on conflict (rule_id) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [rule.id, JSON.stringify(rule), atMs],
  );
}

export async function retentionRules(db: Queryable): Promise<RetentionRule[]> {
  const rows = await db.query<{ data: RetentionRule }>('select data from retention_rule order by rule_id');
  return rows.map(({ data }) => data);
}

/** Of `m`: whom a rule ($1 the day, $2 its months, $3 whatever they said) forgets. Who has something to spend is kept: there is still business. */
const IS_DUE = `m.updated_at < $1::date - make_interval(months => $2::int)
  and not exists (select 1 from member_purchase p
    where p.member_id = m.member_id and p.changed_on >= $1::date - make_interval(months => $2::int))
  and not exists (select 1 from ledger_account a
    where a.holder_id = m.member_id and a.purse <> 'gift_card' and a.balance > 0)
  and ($3::boolean or not exists (select 1 from member_consent c where c.member_id = m.member_id and c.granted))`;

/** How many it would forget on that day, by itself: others may have forgotten them already. */
export async function countDue(
  db: Queryable,
  rule: Pick<RetentionRule, 'afterMonths' | 'who'>,
  asOf: string,
): Promise<number> {
  const [row] = await db.query<{ n: number }>(`select count(*)::int as n from member m where ${IS_DUE}`, [
    asOf,
    rule.afterMonths,
    rule.who === 'any',
  ]);
  return row!.n;
}

/** Members whom a rule forgets on a day. */
export async function dueBy(
  db: Queryable,
  rule: RetentionRule,
  asOf: string,
  page: { readonly after: string; readonly limit: number },
): Promise<string[]> {
  const rows = await db.query<{ member_id: string }>(
    `select m.member_id from member m where ${IS_DUE} and m.member_id > $4 order by m.member_id limit $5`,
    [asOf, rule.afterMonths, rule.who === 'any', page.after, page.limit],
  );
  return rows.map(({ member_id }) => member_id);
}

/** Members in one transaction. */
const MEMBERS_AT_ONCE = 100;

/**
 * Forgets who is due by the day that begins, by every active rule. Again, or after a crash, it goes on with who is left.
 *
 * @returns how many were erased, by rule
 */
export async function applyRetention(db: Db, asOf: string, nowMs: number): Promise<Record<string, number>> {
  const erased: Record<string, number> = {};
  for (const rule of (await retentionRules(db)).filter(({ active }) => active)) {
    erased[rule.id] = 0;
    for (let after = ''; ; ) {
      const ids = await dueBy(db, rule, asOf, { after, limit: MEMBERS_AT_ONCE });
      if (ids.length === 0) break;
      after = ids.at(-1)!;
      erased[rule.id]! += await db.transaction(async (tx) => {
        let count = 0;
        for (const memberId of ids) {
          const done = await erase(
            tx,
            { memberId, reason: `retention:${rule.id}`, author: null, giveUpValue: false },
            nowMs,
          );
          if (done.ok) count++;
        }
        return count;
      });
    }
  }
  if (Object.values(erased).some((count) => count > 0)) await sweepKeys(db);
  return erased;
}
