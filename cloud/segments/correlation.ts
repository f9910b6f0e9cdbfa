/**
 * Correlation: do members who fit one rule also fit another more often than the rest? Criterion against purchase, product or
 * response: each side is any segment rule.
 */
import { ok, type Result } from '../../src/core/result.ts';
import type { Db } from '../db/db.ts';
import { audienceSql, ruleFacts } from './audience.ts';
import type { At } from './comparison.ts';
import { type Group, type RateDifference, rateDifference } from './interval.ts';
import { Params } from './params.ts';
import { groundSql, needsOf, readRule } from './rule.ts';
import { steady } from './scores.ts';
import type { RuleProblem } from './source.ts';

export interface Correlation {
  /** Members looked at: those of `among`, or all. */
  readonly n: number;
  /** With the criterion, and the rest: how many, and how many of them show the outcome. */
  readonly with: Group;
  readonly without: Group;
  /** Null when one of the groups is empty. */
  readonly rates: RateDifference | null;
}

export interface CorrelationAsked {
  readonly criterion: unknown;
  readonly outcome: unknown;
  /** Only members of this rule; null: all. */
  readonly among: unknown;
  readonly currency: string | null;
  readonly asOf: string;
}

/** A fault in a rule names which: `criterion.all[0].value`. */
export async function correlationOf(
  db: Db,
  asked: CorrelationAsked,
): Promise<Result<Correlation, RuleProblem>> {
  const facts = await ruleFacts(db, asked.currency);
  const rules = [];
  for (const name of ['criterion', 'outcome', 'among'] as const) {
    if (name === 'among' && asked.among === null) continue;
    const rule = readRule(asked[name], facts);
    if (!rule.ok)
      return { ok: false, error: { ...rule.error, path: rule.error.path.replace(/^rule/, name) } };
    rules.push(rule.value);
  }
  const params = new Params();
  const at: At = { params, asOf: params.add(asked.asOf, 'date') };
  const ground = groundSql(new Set(rules.flatMap((rule) => [...needsOf(rule)])), facts, params);
  const [criterion, outcome, among] = rules.map((rule) => audienceSql(rule, at));
  const [row] = await db.transaction(async (tx) => {
    await steady(tx);
    return tx.query<{ n: number; withN: number; withYes: number; yes: number }>(
      `${ground.with} select count(*) as n, count(*) filter (where c) as "withN",
         count(*) filter (where c and o) as "withYes", count(*) filter (where o) as yes
       from (select ${criterion} as c, ${outcome} as o ${ground.from}
         where ${at.asOf} is not null ${among === undefined ? '' : `and ${among}`}) asked`,
      params.values,
    );
  });
  const { n, withN, withYes, yes } = row!;
  const first = { n: withN, yes: withYes };
  const second = { n: n - withN, yes: yes - withYes };
  return ok({ n, with: first, without: second, rates: rateDifference(first, second) });
}
