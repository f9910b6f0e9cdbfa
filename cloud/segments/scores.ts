/**
 * RFM scores: cut points over all buyers of a scope, and each buyer's three scores, cell and cycle as of a day.
 *
 * A cut by quantile is a value of the data, so equal values always score the same; more is always better: R is cut by the
 * date of the last visit, so a later one scores higher.
 */
import {
  type Cycle,
  cutRank,
  type FrequencyBand,
  type RecencyState,
  type RfmThresholds,
} from '../../src/core/rfm.ts';
import type { Db, Queryable } from '../db/db.ts';
import { cellSql, shopSql } from './cell-sql.ts';
import { Params } from './params.ts';
import { roomy } from './rollup.ts';
import { homeSql, type Scope, statsSql } from './scope.ts';

/** How scores are cut: into so many bins of one size, or at given points. */
export type ScoreCuts =
  | { readonly by: 'quantile'; readonly bins: number }
  | {
      readonly by: 'points';
      /** Days since the last visit, ascending: up to the first scores highest. */
      readonly recencyDays: readonly number[];
      /** Ascending: above the last scores highest. */
      readonly visits: readonly number[];
      readonly netMinor: readonly number[];
    };

/** Values below or at which a score is lower, ascending. */
export interface CutPoints {
  readonly lastOn: readonly string[];
  readonly visits: readonly number[];
  readonly netMinor: readonly number[];
}

export interface ScoredMember {
  readonly memberId: string;
  readonly visits: number;
  readonly tickets: number;
  readonly netMinor: number;
  readonly firstOn: string;
  readonly lastOn: string;
  readonly homeStoreId: string;
  readonly r: number;
  readonly f: number;
  readonly m: number;
  readonly recency: RecencyState;
  readonly frequency: FrequencyBand;
  readonly sleeping: boolean;
  readonly atRisk: boolean;
  /** Own cycle; null below two visits. */
  readonly cycle: Cycle | null;
}

export interface ScorePage {
  readonly buyers: number;
  readonly cuts: CutPoints;
  readonly members: readonly ScoredMember[];
  /** Member id to go on after; null at the end. */
  readonly nextCursor: string | null;
}

export interface PageFacts {
  readonly after: string | null;
  readonly limit: number;
  readonly only: 'all' | 'at_risk' | 'sleeping';
}

export async function rfmScores(
  db: Db,
  scope: Scope,
  thresholds: RfmThresholds,
  cuts: ScoreCuts,
  page: PageFacts,
): Promise<ScorePage> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const points = await cutPoints(tx, scope, cuts);
    const rows = await scoredMembers(tx, scope, thresholds, points.cuts, { ...page, limit: page.limit + 1 });
    const members = rows.slice(0, page.limit);
    const more = rows.length > page.limit;
    return { ...points, members, nextCursor: more ? (members.at(-1)?.memberId ?? null) : null };
  });
}

/** One moment for all statements of a report: sales that come in meanwhile are of the next one. */
export async function steady(tx: Queryable): Promise<void> {
  await tx.query('set transaction isolation level repeatable read');
  await roomy(tx);
}

/** Cut points over the buyers of a scope, and how many they are. */
export async function cutPoints(
  tx: Queryable,
  scope: Scope,
  cuts: ScoreCuts,
): Promise<{ readonly buyers: number; readonly cuts: CutPoints }> {
  const params = new Params();
  const stats = statsSql(scope, params);
  const home = homeSql(scope, params);
  // Days and visits have few values: counted, not sorted.
  const counted = await tx.query<{ lastOn: string | null; visits: number | null; n: number }>(
    `with ${stats} select s.last_on as "lastOn", s.visits, count(*) as n from stats s where ${home}
     group by grouping sets ((s.last_on), (s.visits))`,
    params.values,
  );
  const days = counted.flatMap(({ lastOn, n }) => (lastOn === null ? [] : [{ value: lastOn, n }]));
  const visits = counted.flatMap(({ visits: value, n }) => (value === null ? [] : [{ value, n }]));
  const buyers = days.reduce((sum, { n }) => sum + n, 0);
  if (cuts.by === 'points') {
    const [row] = await tx.query<{ dates: string[] }>(
      `select coalesce(array_agg(($1::date - d - 1)::text order by d desc), '{}') as dates from unnest($2::int[]) d`,
      [scope.asOf, cuts.recencyDays],
    );
    return { buyers, cuts: { lastOn: row!.dates, visits: cuts.visits, netMinor: cuts.netMinor } };
  }
  if (buyers === 0) return { buyers, cuts: { lastOn: [], visits: [], netMinor: [] } };
  const ranks = Array.from({ length: cuts.bins - 1 }, (_, index) => cutRank(index + 1, buyers, cuts.bins));
  // The value at rank r is the first whose part of the whole reaches (r - 1/2) / n: half a rank away from any rounding.
  const parts = params.add(
    ranks.map((rank) => (rank - 0.5) / buyers),
    'float8[]',
  );
  const [money] = await tx.query<{ cuts: number[] }>(
    `with ${stats} select percentile_disc(${parts}) within group (order by s.net_minor) as cuts from stats s where ${home}`,
    params.values,
  );
  return {
    buyers,
    cuts: { lastOn: valuesAt(days, ranks), visits: valuesAt(visits, ranks), netMinor: money!.cuts },
  };
}

/** The values at some ranks (from 1, ascending) of a counted list. */
function valuesAt<T extends number | string>(
  counted: readonly { readonly value: T; readonly n: number }[],
  ranks: readonly number[],
): T[] {
  const sorted = counted.toSorted((a, b) => (a.value < b.value ? -1 : 1));
  const found: T[] = [];
  let below = 0;
  for (const { value, n } of sorted) {
    below += n;
    while (found.length < ranks.length && ranks[found.length]! <= below) found.push(value);
  }
  return found;
}

interface ScoredRow extends Omit<ScoredMember, 'cycle'> {
  readonly spanDays: number;
}

/** Buyers in the order of their ids with what the day says about them; `memberId` picks one. */
export async function scoredMembers(
  tx: Queryable,
  scope: Scope,
  thresholds: RfmThresholds,
  cuts: CutPoints,
  page: PageFacts & { readonly memberId?: string },
): Promise<ScoredMember[]> {
  const params = new Params();
  const stats = statsSql(scope, params);
  const shop = shopSql(thresholds, params);
  const cell = cellSql(thresholds, params.add(scope.asOf, 'date'), params);
  const conditions = [homeSql(scope, params)];
  if (page.memberId !== undefined) conditions.push(`s.member_id = ${params.add(page.memberId)}`);
  if (page.after !== null) conditions.push(`s.member_id > ${params.add(page.after)}`);
  if (page.only !== 'all') conditions.push(page.only === 'at_risk' ? cell.atRisk() : cell.sleeping());
  const score = (column: string, points: readonly (number | string)[], type: string) =>
    `1 + (select count(*) from unnest(${params.add(points, `${type}[]`)}) cut where ${column} > cut)::int`;
  const rows = await tx.query<ScoredRow>(
    `with ${stats}, ${shop}
     select s.member_id as "memberId", s.visits, s.tickets, s.net_minor as "netMinor", s.first_on as "firstOn",
       s.last_on as "lastOn", s.home_store_id as "homeStoreId",
       ${score('s.last_on', cuts.lastOn, 'date')} as r, ${score('s.visits', cuts.visits, 'bigint')} as f,
       ${score('s.net_minor', cuts.netMinor, 'bigint')} as m,
       ${cell.recency()} as recency, ${cell.frequency()} as frequency, ${cell.sleeping()} as sleeping,
       ${cell.atRisk()} as "atRisk", s.last_on - s.first_on as "spanDays"
     from stats s where ${conditions.join(' and ')}
     order by s.member_id limit ${params.add(page.limit, 'int')}`,
    params.values,
  );
  return rows.map(({ spanDays, ...row }) => ({
    ...row,
    cycle: row.visits < 2 ? null : { spanDays, gaps: row.visits - 1 },
  }));
}
