/**
 * Concentration: which share of the trade the best members bring, as single figures and as a curve.
 *
 * Buyers are ordered by net amount, the greatest first; equal amounts by id, so the same day gives the same curve.
 */
import { shareBpOf, type TopShare, topCount } from '../../src/core/rfm.ts';
import type { Db } from '../db/db.ts';
import { Params } from './params.ts';
import { homeSql, type Scope, statsSql } from './scope.ts';
import { steady } from './scores.ts';

export interface ParetoPoint extends TopShare {
  readonly topBp: number;
}

export interface Pareto {
  readonly buyers: number;
  readonly netMinor: number;
  /** For each part that was asked for, in its order. */
  readonly tops: readonly ParetoPoint[];
  /** The whole curve in steps of one per cent, 0 to 100. */
  readonly curve: readonly ParetoPoint[];
}

const CURVE_STEPS = Array.from({ length: 101 }, (_, index) => index * 100);

export async function paretoOf(db: Db, scope: Scope, topsBp: readonly number[]): Promise<Pareto> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const params = new Params();
    const stats = statsSql(scope, params);
    const home = homeSql(scope, params);
    const [whole] = await tx.query<{ buyers: number; netMinor: number }>(
      `with ${stats} select count(*) as buyers, coalesce(sum(s.net_minor), 0)::bigint as "netMinor"
       from stats s where ${home}`,
      params.values,
    );
    const { buyers, netMinor } = whole!;
    const counts = new Set([...CURVE_STEPS, ...topsBp].map((topBp) => topCount(buyers, topBp)));
    const rows = await tx.query<{ place: number; amountMinor: number }>(
      `with ${stats}, ordered as (
         select row_number() over best as place, (sum(s.net_minor) over best)::bigint as "amountMinor"
         from stats s where ${home}
         window best as (order by s.net_minor desc, s.member_id rows unbounded preceding))
       select * from ordered where place = any(${params.add([...counts], 'bigint[]')})`,
      params.values,
    );
    const amountOf = new Map(rows.map(({ place, amountMinor }) => [place, amountMinor]));
    const pointOf = (topBp: number): ParetoPoint => {
      const members = topCount(buyers, topBp);
      const amountMinor = amountOf.get(members) ?? 0;
      return { topBp, members, amountMinor, shareBp: shareBpOf(amountMinor, netMinor) };
    };
    return { buyers, netMinor, tops: topsBp.map(pointOf), curve: CURVE_STEPS.map(pointOf) };
  });
}
