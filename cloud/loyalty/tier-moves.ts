/**
 * Who would be on another tier if a rule were published: each member's tier on the first day of the rule, with it and without it,
 * from the facts that HQ has now. Nothing is written.
 *
 * Tiers that are held by then run to their end, so a stricter rule lets members fall later than it lifts them.
 */
import { type TierRule, tierAt } from '../../src/core/tier-rule.ts';
import type { Queryable } from '../db/db.ts';
import { growthFacts, tierRules } from './tiers.ts';

/** Members of a larger chain: those whose ids come first. */
const MEMBERS_MAX = 20_000;
const AT_ONCE = 2_000;

export interface TierMoves {
  readonly on: string;
  readonly members: number;
  readonly looked: number;
  readonly moves: readonly {
    readonly memberId: string;
    readonly fromTierId: string;
    readonly toTierId: string;
  }[];
}

export async function tierMoves(db: Queryable, rule: TierRule): Promise<TierMoves> {
  const out = await tierRules(db);
  const next = [...out.filter(({ from }) => from !== rule.from), rule];
  const on = rule.from;
  const [count] = await db.query<{ n: number }>('select count(*) as n from member');
  const moves: { memberId: string; fromTierId: string; toTierId: string }[] = [];
  let looked = 0;
  for (let after = ''; looked < MEMBERS_MAX; ) {
    const rows = await db.query<{ memberId: string; tierId: string }>(
      `select member_id as "memberId", tier_id as "tierId" from member where member_id > $1 order by member_id limit $2`,
      [after, AT_ONCE],
    );
    if (rows.length === 0) break;
    const facts = await growthFacts(
      db,
      rows.map(({ memberId }) => memberId),
    );
    for (const { memberId, tierId } of rows) {
      const known = facts.get(memberId) ?? [];
      // Before the first rule members are on what they were given.
      const fromTierId = tierAt(out, known, on)?.tierId ?? tierId;
      const toTierId = tierAt(next, known, on)!.tierId;
      if (toTierId !== fromTierId) moves.push({ memberId, fromTierId, toTierId });
    }
    looked += rows.length;
    after = rows.at(-1)!.memberId;
  }
  return { on, members: count!.n, looked, moves };
}
