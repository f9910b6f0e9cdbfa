/**
 * The answers that an analysis shows: parts of the period and of the one before, the curve of both, and the equation.
 */
import type { z } from 'zod';
import type { BreakdownAnswer } from '../../../breakdown-schemas.ts';
import type { EquationAnswer } from '../../../report-schemas.ts';
import { search } from '../../api/paths.ts';
import { useQueries, useQuery } from '../../api/use-query.ts';
import { SALES_MORE } from '../../shell/routes.ts';
import type { AnalysisRoute, Dimension } from './drill.ts';
import type { Period } from './period.ts';

export type Breakdown = BreakdownAnswer;
export type SalesEquation = z.infer<typeof EquationAnswer>;

/** The route's filter without its dates, as the API names it. */
export function filterOf(route: AnalysisRoute): Record<string, string> {
  const filter: Record<string, string> = {};
  if (route.storeId !== undefined) filter.storeId = route.storeId;
  for (const field of SALES_MORE) {
    const value = route[field];
    if (field !== 'from' && field !== 'to' && value !== undefined) filter[field] = value;
  }
  return filter;
}

export function breakdownPath(
  filter: Readonly<Record<string, string>>,
  period: Period,
  by: Dimension,
  currency: string,
): string {
  return `/api/v1/reports/breakdown${search({ ...filter, ...period, by, currency, limit: 500 })}`;
}

/** The second is null without a comparison, and while it loads. */
export function useBreakdowns(
  route: AnalysisRoute,
  periods: { readonly now: Period; readonly before: Period | null },
  by: Dimension,
  currency: string,
) {
  const filter = filterOf(route);
  const paths = [periods.now, ...(periods.before === null ? [] : [periods.before])].map((period) =>
    breakdownPath(filter, period, by, currency),
  );
  const [now, before] = useQueries<Breakdown>(paths);
  return { now: now!, before: before?.data ?? null };
}

/** Of the whole chain, a store or a region: the equation knows no other filter. */
export function useEquation(route: AnalysisRoute, period: Period, currency: string) {
  const { storeId, region } = route;
  return useQuery<SalesEquation>(
    `/api/v1/reports/sales-equation${search({ ...period, storeId, region, currency, visitsMax: 5 })}`,
  );
}
