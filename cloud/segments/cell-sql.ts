/**
 * The rules of `src/core/rfm` as SQL, for a million members at once. A test holds the two against each other.
 *
 * The expressions read a row `s` of `stats` and the common table `shop` of one row (span_days, gaps): as scalars, which the
 * workers of a parallel plan are given, and not as a join, which they could not make.
 */
import type { RfmThresholds } from '../../src/core/rfm.ts';
import type { Params } from './params.ts';

/** Each is made when it is asked for: a statement may carry no parameter that it does not use. */
export interface CellSql {
  readonly recency: () => string;
  readonly frequency: () => string;
  readonly sleeping: () => string;
  readonly atRisk: () => string;
}

/** The shop's cycle over all of `stats`; the fall-back while nobody has come twice. */
export function shopSql(thresholds: RfmThresholds, params: Params): string {
  const fallback = params.add(thresholds.fallbackCycleDays, 'bigint');
  return `shop as materialized (
    select case when gaps > 0 then span_days else ${fallback} end as span_days, greatest(gaps, 1) as gaps
    from (select coalesce(sum(last_on - first_on), 0)::bigint as span_days,
      coalesce(sum(visits - 1), 0)::bigint as gaps from stats where visits >= 2) cycles)`;
}

/** @param asOf the day as a placeholder: `$2::date` */
export function cellSql(thresholds: RfmThresholds, asOf: string, params: Params): CellSql {
  const days = `greatest(0, ${asOf} - s.last_on)`;
  const gaps = '(case when s.visits >= 2 then s.visits - 1 else (select gaps from shop) end)::bigint';
  const span =
    '(case when s.visits >= 2 then s.last_on - s.first_on else (select span_days from shop) end)::bigint';
  const past = (bp: number) => `${days} * ${gaps} * 10000 > ${params.add(bp, 'bigint')} * ${span}`;
  const since = (from: number) => `${days} >= ${params.add(from, 'int')}`;
  const { recency, frequency } = thresholds;
  return {
    recency: () => {
      const [lost, sleeping, silent] =
        recency.by === 'days'
          ? [since(recency.lostFromDays), since(recency.sleepingFromDays), since(recency.silentFromDays)]
          : [past(recency.lostPastBp), past(recency.sleepingPastBp), past(recency.silentPastBp)];
      return `case when ${lost} then 'lost' when ${sleeping} then 'sleeping' when ${silent} then 'silent'
        else 'active' end`;
    },
    frequency: () => `case when s.visits >= ${params.add(frequency.fanFrom, 'int')} then 'fan'
      when s.visits >= ${params.add(frequency.oldFrom, 'int')} then 'old' when s.visits = 1 then 'new' else 'second' end`,
    sleeping: () => since(thresholds.sleepingDays),
    atRisk: () => past(thresholds.atRiskPastBp),
  };
}
