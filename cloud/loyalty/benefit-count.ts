/**
 * How many members a benefit would have reached on past days. Nothing is given, and nothing that was given is looked at.
 */
import { periodsIn } from '../../src/core/benefit.ts';
import type { Queryable } from '../db/db.ts';
import type { Benefit } from './benefits.ts';

export interface BenefitReach {
  /** Who would have got it. */
  readonly members: number;
  /** Times that it would have been given: once a member and period. */
  readonly grants: number;
}

/** @param days  business dates, both included */
export async function benefitReach(
  db: Queryable,
  { when, tiers, active }: Benefit,
  days: { readonly from: string; readonly to: string },
): Promise<BenefitReach> {
  if (!active) return { members: 0, grants: 0 };
  // Members of one birthday are due together: at most 367 groups, however many members there are.
  const groups = await db.query<{ birthday: string | null; members: number }>(
    `select case when $2 then right(data->>'birthday', 5) end as birthday, count(*) as members from member
     where ($1::text[] is null or tier_id = any($1::text[])) group by 1`,
    [tiers, when.kind === 'birthday'],
  );
  let [members, grants] = [0, 0];
  for (const group of groups) {
    const periods = periodsIn(when, group.birthday ?? undefined, days);
    if (periods > 0) members += group.members;
    grants += periods * group.members;
  }
  return { members, grants };
}
