/**
 * Stores as the pages need them: by id, in the reader's language, with the day that it is there.
 */
import { type Locale, nameIn } from '../../../../src/core/item.ts';
import type { Currency } from '../../../../src/core/money.ts';
import { localDate } from '../../../../src/core/shift.ts';
import type { StoreList } from '../../schemas.ts';
import { STORES } from '../api/paths.ts';
import type { Store } from '../api/types.ts';
import { type Query, useQuery } from '../api/use-query.ts';
import { currencyOf } from '../format/money.ts';

export function useStores(): Query<StoreList> {
  return useQuery<StoreList>(STORES);
}

/** The stores at hand; none while they load. */
export function useStoreIndex(): ReadonlyMap<string, Store> {
  const { data } = useStores();
  return new Map((data?.stores ?? []).map((store) => [store.id, store]));
}

export function storeName(store: Store | undefined, storeId: string, locale: Locale): string {
  if (store === undefined) return storeId;
  return nameIn({ name: store.name, names: (store.names ?? {}) as Partial<Record<Locale, string>> }, locale);
}

/** A row's currency: its store knows digits and sign, else the code has to do. */
export function rowCurrency(
  row: { currency: string; storeId: string },
  stores: ReadonlyMap<string, Store>,
): Currency {
  const store = stores.get(row.storeId);
  return store !== undefined && store.currency.code === row.currency
    ? store.currency
    : currencyOf(row.currency);
}

/** The business date that each store is in, or the one day that was picked for all. */
export function datesOf(
  stores: readonly Store[],
  picked: string | undefined,
  nowMs: number,
): ReadonlyMap<string, string> {
  return new Map(stores.map((store) => [store.id, picked ?? localDate(nowMs, store.timeZone)]));
}

/** The newest day it is in any of the stores. */
export function newestDate(stores: readonly Store[], nowMs: number): string {
  const dates = stores.map((store) => localDate(nowMs, store.timeZone));
  return dates.sort().at(-1) ?? localDate(nowMs, 'UTC');
}

/** What loyalty counts in: the money of the chain's first store, as HQ itself does. */
export function useChainCurrency(): Currency {
  return useStores().data?.stores[0]?.currency ?? currencyOf('CNY');
}
