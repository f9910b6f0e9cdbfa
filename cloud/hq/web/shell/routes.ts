/**
 * Addresses of the console: what each means, and how each is written.
 *
 * Pure. Everything that changes what a page shows is in its address, so a page can be sent to a colleague. A field
 * that makes no sense is dropped, an unknown path is `missing`.
 */
import { search } from '../api/paths.ts';
import { isDate } from '../format/date.ts';

/** More that the list of sales can be filtered by, as `/api/v1/sales` knows it. */
export const SALES_MORE = [
  'region',
  'from',
  'to',
  'kind',
  'memberId',
  'buyer',
  'tillId',
  'cashierId',
  'channel',
  'hour',
  'weekday',
  'sku',
  'category',
  'brand',
  'tender',
  'ruleId',
] as const;
type SalesMore = { readonly [F in (typeof SALES_MORE)[number]]?: string };

/** Pages with an address of one word, and what of the query they know. */
const LISTS = {
  analysis: [...SALES_MORE, 'storeId', 'vs', 'by', 'days'],
  members: ['q', 'tierId', 'tab'],
  segments: ['tab', 'storeId', 'region', 'segmentId', 'with', 'rule', 'months'],
  loyalty: ['tab'],
  prices: ['tab', 'q', 'category', 'rule'],
  fleet: ['tab', 'storeId', 'from', 'to', 'aside'],
  audit: ['actor'],
  settings: ['tab'],
  account: [],
} as const;
type ListPage = keyof typeof LISTS;
type Listed = {
  readonly [P in ListPage]: { readonly page: P } & { readonly [F in (typeof LISTS)[P][number]]?: string };
}[ListPage];

/** Pages about one thing, by the word that their address begins with. */
const DETAILS = {
  member: { under: 'members', fields: ['tab'] },
  till: { under: 'tills', fields: ['tab', 'aside'] },
} as const;
type DetailPage = keyof typeof DETAILS;
type Detailed = {
  readonly [P in DetailPage]: { readonly page: P; readonly id: string } & {
    readonly [F in (typeof DETAILS)[P]['fields'][number]]?: string;
  };
}[DetailPage];

export type Route =
  | { readonly page: 'today'; readonly date?: string; readonly view?: string }
  | { readonly page: 'store'; readonly storeId: string; readonly date?: string }
  | { readonly page: 'days'; readonly from?: string; readonly to?: string; readonly measure?: string }
  | ({
      readonly page: 'sales';
      readonly storeId?: string;
      readonly businessDate?: string;
      readonly receiptNo?: string;
    } & SalesMore)
  | { readonly page: 'sale'; readonly saleId: string }
  | { readonly page: 'tills' }
  | Listed
  | Detailed
  | { readonly page: 'missing'; readonly path: string };

export function parseRoute(pathname: string, query: string): Route {
  const params = new URLSearchParams(query);
  const parts = pathname.split('/').filter((part) => part !== '');
  const [head, id] = [parts[0], partOf(parts[1])];
  if (parts.length === 0) return { page: 'today', ...date('date', params), ...text('view', params) };
  if (head === 'stores' && id !== null && parts.length === 2) {
    return { page: 'store', storeId: id, ...date('date', params) };
  }
  if (head === 'sales' && id !== null && parts.length === 2) return { page: 'sale', saleId: id };
  for (const [page, { under, fields }] of Object.entries(DETAILS)) {
    if (head === under && id !== null && parts.length === 2)
      return { page, id, ...fieldsOf(fields, params) } as Route;
  }
  if (parts.length > 1) return { page: 'missing', path: pathname };
  if (head === 'days') {
    return { page: 'days', ...date('from', params), ...date('to', params), ...text('measure', params) };
  }
  if (head === 'sales') {
    return {
      page: 'sales',
      ...text('storeId', params),
      ...date('businessDate', params),
      ...text('receiptNo', params),
      ...fieldsOf(SALES_MORE, params),
    };
  }
  if (head !== undefined && Object.hasOwn(LISTS, head))
    return { page: head, ...fieldsOf(LISTS[head as ListPage], params) } as Route;
  if (head === 'tills') return { page: 'tills' };
  return { page: 'missing', path: pathname };
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'today':
      return `/${search({ date: route.date, view: route.view })}`;
    case 'store':
      return `/stores/${encodeURIComponent(route.storeId)}${search({ date: route.date })}`;
    case 'days':
      return `/days${search({ from: route.from, to: route.to, measure: route.measure })}`;
    case 'sales': {
      const { page: _, storeId, businessDate, receiptNo, ...more } = route;
      return `/sales${search({ storeId, businessDate, receiptNo, ...more })}`;
    }
    case 'sale':
      return `/sales/${encodeURIComponent(route.saleId)}`;
    case 'tills':
      return '/tills';
    case 'missing':
      return route.path;
    case 'member':
    case 'till': {
      const { page, id, ...fields } = route;
      return `/${DETAILS[page].under}/${encodeURIComponent(id)}${search(fields)}`;
    }
    default: {
      const { page, ...fields } = route;
      return `/${page}${search(fields)}`;
    }
  }
}

/** The page without its filters: what is shown there is drawn anew only when this changes. */
export function placeOf(route: Route): string {
  return hrefOf(route).split('?')[0]!;
}

function partOf(text: string | undefined): string | null {
  if (text === undefined) return null;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

/** Dates that are none are dropped, like all that makes no sense. */
function fieldsOf(names: readonly string[], params: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = params.get(name)?.trim();
      if (!value || ((name === 'from' || name === 'to') && !isDate(value))) return [];
      return [[name, value]];
    }),
  );
}

function date<K extends string>(name: K, params: URLSearchParams): { [key in K]?: string } {
  const value = params.get(name);
  return (isDate(value) ? { [name]: value } : {}) as { [key in K]?: string };
}

function text<K extends string>(name: K, params: URLSearchParams): { [key in K]?: string } {
  const value = params.get(name)?.trim();
  return (value ? { [name]: value } : {}) as { [key in K]?: string };
}
