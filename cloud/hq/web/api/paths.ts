/**
 * The questions the console asks, as paths of `/api/v1`. A path is also the key of its answer in the cache.
 */
export const SESSION = '/api/v1/session';
export const STORES = '/api/v1/stores';
export const TILLS = '/api/v1/tills';
export const LIVE = '/api/v1/live';

export function storeDaysPath(query: { from: string; to: string; storeId?: string | undefined }): string {
  return `/api/v1/figures/store-days${search(query)}`;
}

export function hoursPath(query: { businessDate: string; storeId?: string | undefined }): string {
  return `/api/v1/figures/hours${search(query)}`;
}

export function pacePath(query: { businessDate: string; beforeHour: number }): string {
  return `/api/v1/figures/store-pace${search(query)}`;
}

export interface SalesQuery {
  readonly storeId?: string | undefined;
  readonly businessDate?: string | undefined;
  readonly receiptNo?: string | undefined;
  /** What else the list can be filtered by. */
  readonly [more: string]: string | number | undefined;
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export function salesPath(query: SalesQuery): string {
  return `/api/v1/sales${search({ ...query, limit: query.limit?.toString() })}`;
}

export function salePath(saleId: string): string {
  return `/api/v1/sales/${encodeURIComponent(saleId)}`;
}

/** `?a=1&b=2` of the fields that say something; empty when none does. */
export function search(fields: Readonly<Record<string, string | number | undefined>>): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return text === '' ? '' : `?${text}`;
}
