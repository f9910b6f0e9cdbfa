/**
 * Addresses of the console: what each means, and how each is written.
 *
 * Pure. Everything that changes what a page shows is in its address, so a page can be sent to a colleague. A field
 * that makes no sense is dropped, an unknown path is `missing`.
 */
import { search } from '../api/paths.ts';
import { isDate } from '../format/date.ts';

export type Route =
  | { readonly page: 'today'; readonly date?: string }
  | { readonly page: 'store'; readonly storeId: string; readonly date?: string }
  | { readonly page: 'days'; readonly from?: string; readonly to?: string; readonly measure?: string }
  | {
      readonly page: 'sales';
      readonly storeId?: string;
      readonly businessDate?: string;
      readonly receiptNo?: string;
    }
  | { readonly page: 'sale'; readonly saleId: string }
  | { readonly page: 'tills' }
  | { readonly page: 'missing'; readonly path: string };

export function parseRoute(pathname: string, query: string): Route {
  const params = new URLSearchParams(query);
  const parts = pathname.split('/').filter((part) => part !== '');
  const [head, id] = [parts[0], partOf(parts[1])];
  if (parts.length === 0) return { page: 'today', ...date('date', params) };
  if (head === 'stores' && id !== null && parts.length === 2) {
    return { page: 'store', storeId: id, ...date('date', params) };
  }
  if (head === 'sales' && id !== null && parts.length === 2) return { page: 'sale', saleId: id };
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
    };
  }
  if (head === 'tills') return { page: 'tills' };
  return { page: 'missing', path: pathname };
}

export function hrefOf(route: Route): string {
  switch (route.page) {
    case 'today':
      return `/${search({ date: route.date })}`;
    case 'store':
      return `/stores/${encodeURIComponent(route.storeId)}${search({ date: route.date })}`;
    case 'days':
      return `/days${search({ from: route.from, to: route.to, measure: route.measure })}`;
    case 'sales': {
      const { storeId, businessDate, receiptNo } = route;
      return `/sales${search({ storeId, businessDate, receiptNo })}`;
    }
    case 'sale':
      return `/sales/${encodeURIComponent(route.saleId)}`;
    case 'tills':
      return '/tills';
    case 'missing':
      return route.path;
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

function date<K extends string>(name: K, params: URLSearchParams): { [key in K]?: string } {
  const value = params.get(name);
  return (isDate(value) ? { [name]: value } : {}) as { [key in K]?: string };
}

function text<K extends string>(name: K, params: URLSearchParams): { [key in K]?: string } {
  const value = params.get(name)?.trim();
  return (value ? { [name]: value } : {}) as { [key in K]?: string };
}
