/**
 * Tiers at HQ: versions of the rule, the facts of members, and the review that puts each on the tier of the day.
 *
 * The facts are the sales that HQ has, and rows of `growth_entry`. A tier that somebody gave by hand (an import, the member
 * API) is seen at the next review and becomes such a row, so the tier at any date follows from the rows alone.
 */
import { isDeepStrictEqual } from 'node:util';
import { addDays } from '../../src/core/ledger.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  type GrowthFact,
  type TierAt,
  type TierRule,
  type TierRuleProblem,
  tierAt,
  tierRuleProblem,
} from '../../src/core/tier-rule.ts';
import type { Db, Queryable } from '../db/db.ts';
import { changeTiers } from '../members/tier-change.ts';
import { utcDate } from './member-ledger.ts';
import { keepVersion, OF_CHAIN, type Word } from './offer-versions.ts';

export type TierRuleError =
  | TierRuleProblem
  | { readonly kind: 'version_taken'; readonly version: string }
  | { readonly kind: 'unknown_tier'; readonly tierId: string }
  /** A version from that date or a later one has begun, or begins sooner: what it decided would change. */
  | { readonly kind: 'not_later'; readonly from: string };

/**
 * Publishes a version; the same again changes nothing. Members are put on their tiers by the next review. A version that no store
 * has begun can be replaced by another from the same day on: nobody is on a tier by it yet.
 */
export async function putTierRule(
  db: Db,
  rule: TierRule,
  word: Word,
): Promise<Result<string, TierRuleError>> {
  const problem = tierRuleProblem(rule);
  if (problem !== null) return err(problem);
  return db.transaction(async (tx) => {
    await tx.query('lock table tier_rule in share row exclusive mode');
    const rules = await tierRules(tx);
    const same = rules.find(({ version }) => version === rule.version);
    if (same !== undefined) {
      const plain = JSON.parse(JSON.stringify(rule));
      return isDeepStrictEqual(same, plain)
        ? ok(rule.version)
        : err({ kind: 'version_taken', version: rule.version });
    }
    const last = rules.at(-1)?.from;
    const isAhead = last !== undefined && last > addDays(utcDate(word.atMs), 1);
    if (last !== undefined && (rule.from < last || (rule.from === last && !isAhead)))
      return err({ kind: 'not_later', from: last });
    const known = await tx.query<{ tier_id: string }>('select tier_id from tier');
    const strange = rule.levels.find(({ tierId }) => !known.some(({ tier_id }) => tier_id === tierId));
    if (strange !== undefined) return err({ kind: 'unknown_tier', tierId: strange.tierId });
    await tx.query(
      `insert into tier_rule (version, from_on, data, published_at)
       values ($1, $2::date, $3::jsonb, to_timestamp($4::float8 / 1000))`,
      [rule.version, rule.from, JSON.stringify(rule), word.atMs],
    );
    await keepVersion(tx, { kind: 'tier_rule', id: OF_CHAIN, data: rule }, word);
    return ok(rule.version);
  });
}

/** By date; of several from one day the one that was published last. */
export async function tierRules(tx: Queryable): Promise<TierRule[]> {
  const rows = await tx.query<{ data: TierRule }>(
    'select distinct on (from_on) data from tier_rule order by from_on, published_at desc, version desc',
  );
  return rows.map(({ data }) => data);
}

/** Growth of any sign that no sale brought. Known by its id it changes nothing. @returns false: no such member */
export async function giveGrowth(
  db: Db,
  given: {
    readonly id: string;
    readonly memberId: string;
    readonly growth: number;
    readonly on: string;
    readonly reason: string;
    readonly author?: string;
  },
  nowMs: number,
): Promise<boolean> {
  return db.transaction(async (tx) => {
    const rows = await tx.query('select 1 as x from member where member_id = $1', [given.memberId]);
    if (rows.length === 0) return false;
    await tx.query(
      `insert into growth_entry (member_id, entry_id, kind, growth, on_date, reason, author, at)
       values ($1, $2, 'growth', $3, $4::date, $5, $6, to_timestamp($7::float8 / 1000)) on conflict do nothing`,
      [
        given.memberId,
        `given:${given.id}`,
        given.growth,
        given.on,
        given.reason,
        given.author ?? null,
        nowMs,
      ],
    );
    await reviewMembers(tx, [given.memberId], given.on, nowMs);
    return true;
  });
}

/** Members in one transaction. */
const MEMBERS_AT_ONCE = 1_000;

export interface TierReview {
  readonly reviewed: number;
  readonly changed: number;
}

/**
 * Puts every member whose tier may have changed by `asOf` on the tier of that day: tiers that end, members never looked at,
 * tiers given by hand, a new version. Again, or after a crash, it goes on with who is left.
 *
 * @param all every member, whatever is stored: after a repair
 */
export async function reviewTiers(db: Db, asOf: string, nowMs: number, all = false): Promise<TierReview> {
  const version = versionOn(await tierRules(db), asOf);
  let reviewed = 0;
  let changed = 0;
  let after = '';
  if (version === null) return { reviewed, changed };
  for (;;) {
    const due = await db.query<{ member_id: string }>(
      `select m.member_id from member m left join tier_state t using (member_id)
       where m.member_id > $1 and ($4 or t.member_id is null or t.next_review_on <= $2::date or t.tier_id <> m.tier_id
         or (t.rule_version <> $3 and t.reviewed_on <= $2::date))
       order by m.member_id limit $5`,
      [after, asOf, version, all, MEMBERS_AT_ONCE],
    );
    if (due.length === 0) return { reviewed, changed };
    const ids = due.map(({ member_id }) => member_id);
    changed += await db.transaction((tx) => reviewMembers(tx, ids, asOf, nowMs));
    reviewed += ids.length;
    after = ids.at(-1)!;
  }
}

function versionOn(rules: readonly TierRule[], date: string): string | null {
  return rules.findLast(({ from }) => from <= date)?.version ?? null;
}

/** The day of a review after sales: today, or tomorrow where a store further east is there already. */
export function bookedDay(dates: readonly string[], nowMs: number): string {
  const today = utcDate(nowMs);
  const last = dates.reduce((a, b) => (a > b ? a : b), today);
  const tomorrow = addDays(today, 1);
  return last > tomorrow ? tomorrow : last;
}

interface StateRow {
  readonly memberId: string;
  readonly tierId: string;
  readonly stateTierId: string | null;
  readonly reviewedOn: string | null;
}

/** @returns how many are on another tier than before */
export async function reviewMembers(
  tx: Queryable,
  memberIds: readonly string[],
  asOf: string,
  nowMs: number,
): Promise<number> {
  const rules = await tierRules(tx);
  if (versionOn(rules, asOf) === null || memberIds.length === 0) return 0;
  const rows = await tx.query<StateRow>(
    `select m.member_id as "memberId", m.tier_id as "tierId", t.tier_id as "stateTierId", t.reviewed_on as "reviewedOn"
     from member m left join tier_state t using (member_id)
     where m.member_id = any($1::text[]) order by m.member_id for update of m`,
    [memberIds],
  );
  // Days never go back: who was looked at tomorrow, by a till further east, stays there.
  const dayOf = ({ reviewedOn }: StateRow) => (reviewedOn !== null && reviewedOn > asOf ? reviewedOn : asOf);
  await keepHandGiven(tx, rows, { rules, dayOf, nowMs });
  const facts = await growthFacts(
    tx,
    rows.map(({ memberId }) => memberId),
  );
  const states = rows.map((row) => ({
    row,
    day: dayOf(row),
    at: tierAt(rules, facts.get(row.memberId) ?? [], dayOf(row))!,
  }));
  await writeStates(tx, states);
  return changeTiers(
    tx,
    states.map(({ row, at }) => ({ memberId: row.memberId, tierId: at.tierId })),
    nowMs,
  );
}

/** A tier other than the last review's was given by somebody; of a member never reviewed, one above the lowest. */
async function keepHandGiven(
  tx: Queryable,
  rows: readonly StateRow[],
  {
    rules,
    dayOf,
    nowMs,
  }: {
    readonly rules: readonly TierRule[];
    readonly dayOf: (row: StateRow) => string;
    readonly nowMs: number;
  },
): Promise<void> {
  const lowest = (row: StateRow) => rules.findLast(({ from }) => from <= dayOf(row))?.levels[0]?.tierId;
  const given = rows.filter((row) => row.tierId !== (row.stateTierId ?? lowest(row)));
  if (given.length === 0) return;
  await tx.query(
    `insert into growth_entry (member_id, entry_id, kind, growth, tier_id, on_date, reason, at)
     select member_id, 'tier:' || on_date || ':' || tier_id, 'tier', 0, tier_id, on_date::date, 'given', to_timestamp($4::float8 / 1000)
     from unnest($1::text[], $2::text[], $3::text[]) as g(member_id, tier_id, on_date)
     on conflict do nothing`,
    [given.map(({ memberId }) => memberId), given.map(({ tierId }) => tierId), given.map(dayOf), nowMs],
  );
}

export async function growthFacts(
  tx: Queryable,
  memberIds: readonly string[],
): Promise<Map<string, GrowthFact[]>> {
  const sales = await tx.query<{
    memberId: string;
    on: string;
    for: string;
    amountMinor: number;
    currency: string;
  }>(
    `select s.member_id as "memberId", s.business_date as on, coalesce(o.business_date, s.business_date) as for, s.currency,
       sum(s.total_minor)::bigint as "amountMinor"
     from sale s left join sale o on o.sale_id = s.refund_of_sale_id
     where s.member_id = any($1::text[])
     group by s.member_id, s.business_date, coalesce(o.business_date, s.business_date), s.currency
     order by s.business_date`,
    [memberIds],
  );
  const given = await tx.query<{
    memberId: string;
    kind: string;
    growth: number;
    tierId: string | null;
    on: string;
  }>(
    `select member_id as "memberId", kind, growth, tier_id as "tierId", on_date as on from growth_entry
     where member_id = any($1::text[]) order by on_date, at, entry_id`,
    [memberIds],
  );
  const facts = new Map<string, GrowthFact[]>();
  const add = (memberId: string, fact: GrowthFact) => {
    const list = facts.get(memberId);
    if (list === undefined) facts.set(memberId, [fact]);
    else list.push(fact);
  };
  for (const { memberId, ...sale } of sales) add(memberId, { kind: 'sale', ...sale });
  for (const { memberId, kind, growth, tierId, on } of given) {
    add(memberId, kind === 'tier' ? { kind, on, tierId: tierId! } : { kind: 'growth', on, growth });
  }
  return facts;
}

async function writeStates(
  tx: Queryable,
  states: readonly { readonly row: StateRow; readonly day: string; readonly at: TierAt }[],
): Promise<void> {
  await tx.query(
    `insert into tier_state (member_id, tier_id, since_on, through_on, growth, rule_version, reviewed_on, next_review_on)
     select member_id, tier_id, since::date, through::date, growth, version, reviewed::date, next::date
     from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::text[], $8::text[])
       as s(member_id, tier_id, since, through, growth, version, reviewed, next)
     on conflict (member_id) do update set tier_id = excluded.tier_id, since_on = excluded.since_on,
       through_on = excluded.through_on, growth = excluded.growth, rule_version = excluded.rule_version,
       reviewed_on = excluded.reviewed_on, next_review_on = excluded.next_review_on`,
    [
      states.map(({ row }) => row.memberId),
      states.map(({ at }) => at.tierId),
      states.map(({ at }) => at.sinceOn),
      states.map(({ at }) => at.throughOn),
      states.map(({ at }) => at.growth),
      states.map(({ at }) => at.version),
      states.map(({ day }) => day),
      states.map(({ at }) => at.nextReviewOn),
    ],
  );
}

/** The tier of a member at any date, from the facts alone; null: no such member, or no rule by then. */
export async function tierOfMember(tx: Queryable, memberId: string, date: string): Promise<TierAt | null> {
  const facts = await growthFacts(tx, [memberId]);
  const rows = await tx.query('select 1 as x from member where member_id = $1', [memberId]);
  return rows.length === 0 ? null : tierAt(await tierRules(tx), facts.get(memberId) ?? [], date);
}
