/**
 * Where a part of a breakdown leads: the same analysis narrowed to it, by the next dimension, or the receipts behind it.
 *
 * Pure: addresses in, addresses out.
 */
import type { BreakdownAnswer } from '../../../breakdown-schemas.ts';
import type { Route } from '../../shell/routes.ts';
import { SALES_MORE } from '../../shell/routes.ts';
import type { Period } from './period.ts';

export type AnalysisRoute = Extract<Route, { page: 'analysis' }>;
export type Dimension = BreakdownAnswer['by'];

export const SHOWN_DIMENSIONS: readonly Dimension[] = [
  'store',
  'region',
  'day',
  'week',
  'month',
  'weekday',
  'hour',
  'category',
  'item',
  'brand',
  'cashier',
  'till',
  'channel',
  'buyer',
  'tier',
  'tender',
  'promotion',
  'kind',
];

/** What a part narrows, and what one looks at next; parts of the others are dates, or lead nowhere. */
const NARROWS: { readonly [D in Dimension]?: readonly [field: string, next: Dimension] } = {
  store: ['storeId', 'category'],
  region: ['region', 'store'],
  weekday: ['weekday', 'hour'],
  hour: ['hour', 'category'],
  item: ['sku', 'store'],
  category: ['category', 'item'],
  brand: ['brand', 'item'],
  cashier: ['cashierId', 'promotion'],
  buyer: ['buyer', 'tier'],
  channel: ['channel', 'store'],
  kind: ['kind', 'store'],
  tender: ['tender', 'store'],
  promotion: ['ruleId', 'item'],
};

/** @returns null where there is nothing narrower */
export function drilled(route: AnalysisRoute, by: Dimension, key: string): AnalysisRoute | null {
  const dates = datesOf(by, key);
  if (dates !== null) {
    const { days: _, ...rest } = route;
    return { ...rest, ...dates, by: by === 'day' ? 'hour' : 'day' };
  }
  const narrow = NARROWS[by];
  if (narrow === undefined || key === '') return null;
  return { ...route, [narrow[0]]: by === 'hour' ? String(Number(key)) : key, by: narrow[1] };
}

/** The receipts of a part: the list of sales with the same filter. */
export function receiptsOf(
  route: AnalysisRoute,
  period: Period,
  by: Dimension | null,
  key: string,
): Route | null {
  const filter: Record<string, string> = { ...period };
  const { storeId } = route;
  if (storeId !== undefined) filter.storeId = storeId;
  for (const field of SALES_MORE) {
    const value = route[field];
    if (value !== undefined && field !== 'from' && field !== 'to') filter[field] = value;
  }
  if (by !== null) {
    const dates = datesOf(by, key);
    const narrow = NARROWS[by];
    if (dates !== null) Object.assign(filter, dates);
    else if (narrow !== undefined && key !== '')
      filter[narrow[0]] = by === 'hour' ? String(Number(key)) : key;
    else return null;
  }
  return { page: 'sales', ...filter };
}

function datesOf(by: Dimension, key: string): Period | null {
  if (by === 'day') return { from: key, to: key };
  if (by === 'week') {
    const end = new Date(Date.parse(`${key}T00:00:00Z`) + 6 * 86_400_000);
    return { from: key, to: end.toISOString().slice(0, 10) };
  }
  if (by !== 'month') return null;
  const [year, month] = key.split('-').map(Number) as [number, number];
  return { from: `${key}-01`, to: new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10) };
}
