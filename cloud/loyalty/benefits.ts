/**
 * Benefits of a day (core/benefit): a job gives them, once a period and member, whenever and however often it runs.
 */
import { type BenefitWhen, periodOn } from '../../src/core/benefit.ts';
import type { Db, Queryable } from '../db/db.ts';
import { keepVersion, type Word } from './offer-versions.ts';
import { giveRewards, type Reward } from './reward.ts';

export interface Benefit {
  readonly id: string;
  readonly name: string;
  readonly when: BenefitWhen;
  /** null: every tier. */
  readonly tiers: readonly string[] | null;
  readonly give: Reward;
  readonly active: boolean;
}

export async function putBenefit(db: Db, benefit: Benefit, word: Word): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into benefit (benefit_id, data, updated_at) values ($1, $2::jsonb, to_timestamp($3::float8 / 1000))
       on conflict (benefit_id) do update set data = excluded.data, updated_at = excluded.updated_at`,
      [benefit.id, JSON.stringify(benefit), word.atMs],
    );
    await keepVersion(tx, { kind: 'benefit', id: benefit.id, data: benefit }, word);
  });
}

export async function listBenefits(db: Queryable): Promise<Benefit[]> {
  const rows = await db.query<{ data: Benefit }>('select data from benefit order by benefit_id');
  return rows.map(({ data }) => data);
}

/** Members in one transaction. */
const MEMBERS_AT_ONCE = 1_000;

/** @returns how many members got something, by benefit */
export async function giveBenefits(
  db: Db,
  asOf: string,
  nowMs: number,
): Promise<Readonly<Record<string, number>>> {
  const given: Record<string, number> = {};
  for (const benefit of await listBenefits(db)) {
    if (!benefit.active) continue;
    given[benefit.id] = 0;
    for (let after: string | null = ''; after !== null; ) {
      const from: string = after;
      const page = await db.transaction((tx) => givePage(tx, benefit, { from, asOf, nowMs }));
      given[benefit.id]! += page.given;
      after = page.last;
    }
  }
  return given;
}

async function givePage(
  tx: Queryable,
  benefit: Benefit,
  { from, asOf, nowMs }: { readonly from: string; readonly asOf: string; readonly nowMs: number },
): Promise<{ readonly given: number; readonly last: string | null }> {
  const { id, when, tiers, give } = benefit;
  const rows = await tx.query<{ memberId: string; birthday: string | null }>(
    `select member_id as "memberId", data->>'birthday' as birthday from member
     where member_id > $1 and ($2::text[] is null or tier_id = any($2::text[])) and ($3 or data ? 'birthday')
     order by member_id limit $4`,
    [from, tiers, when.kind !== 'birthday', MEMBERS_AT_ONCE],
  );
  const due = rows.flatMap(({ memberId, birthday }) => {
    const period = periodOn(when, birthday ?? undefined, asOf);
    return period === null ? [] : [{ memberId, period }];
  });
  const fresh = await tx.query<{ memberId: string; period: string }>(
    `insert into benefit_grant (member_id, benefit_id, period, on_date, at)
     select member_id, $1, period, $2::date, to_timestamp($3::float8 / 1000)
     from unnest($4::text[], $5::text[]) as g(member_id, period)
     on conflict do nothing returning member_id as "memberId", period`,
    [id, asOf, nowMs, due.map(({ memberId }) => memberId), due.map(({ period }) => period)],
  );
  await giveRewards(
    tx,
    fresh.map(({ memberId, period }) => ({
      memberId,
      reward: give,
      source: `benefit:${id}:${period}:${memberId}`,
    })),
    { on: asOf, nowMs },
  );
  return { given: fresh.length, last: rows.length < MEMBERS_AT_ONCE ? null : rows.at(-1)!.memberId };
}
