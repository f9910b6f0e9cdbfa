/**
 * Stores: the settings of a shop that selling hangs on. Pure data; a till gets its own store by the feed.
 */
import type { InStoreTemplate } from './barcode.ts';
import type { ConsentSettings } from './consent.ts';
import type { Locale, Named } from './item.ts';
import type { Currency } from './money.ts';
import type { TaxPolicy } from './tax.ts';
import type { CashPolicy } from './tender.ts';

export interface Store extends Named {
  readonly id: string;
  readonly locale: Locale;
  /** IANA name; gives the business date. */
  readonly timeZone: string;
  /** Of reports by region; a store may have none. */
  readonly region?: string;
  readonly currency: Currency;
  readonly tax: TaxPolicy;
  readonly cash: CashPolicy;
  /** Notes for the quick-cash keys, minor units, ascending. */
  readonly notesMinor: readonly number[];
  readonly templates: readonly InStoreTemplate[];
  /** Printed under the name, one a line. */
  readonly address: readonly string[];
  /** Printed at the end, one a line. */
  readonly footer: readonly string[];
  /** Scanning the same article again raises the quantity of its line. */
  readonly mergeSameItem: boolean;
  /** What a person agrees to on joining; without it a plain text stands in. */
  readonly consent?: ConsentSettings;
  /** What a till pays out a business date on nothing but signed receipts of other tills; absent: 500 of the currency. */
  readonly foreignRefundLimitMinor?: number;
}

export function foreignRefundLimit(store: Pick<Store, 'foreignRefundLimitMinor' | 'currency'>): number {
  return store.foreignRefundLimitMinor ?? 500 * 10 ** store.currency.digits;
}
