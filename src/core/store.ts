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
  /** Goods after their day (AI 17): sold with a warning, or only when somebody lets it; absent: with a warning. */
  readonly expiredGoods?: 'warn' | 'block';
  /** Batch, serial number and days of a pack are on the receipt. */
  readonly printPack?: boolean;
  /** How much of what members may spend its tills ask for; absent: `DEFAULT_LEASES`. */
  readonly leases?: LeasePolicy;
}

/** What a till asks of HQ before it is needed (core/lease): what it holds can be spent with the line down. */
export interface LeasePolicy {
  /** Of a member at the counter: at most so many points, and so much stored value. */
  readonly pointsMax: number;
  readonly valueMinorMax: number;
  /** Who has been in this store so often is a regular. */
  readonly regularVisits: number;
  /** So many regulars, those who came last first, each with so many points; 0: none ahead. */
  readonly regularsMax: number;
  readonly aheadPointsMax: number;
  /** Uses of a rule limited over all sales that a till holds. */
  readonly usesAhead: number;
}

export const DEFAULT_LEASES: LeasePolicy = {
  pointsMax: 100_000,
  valueMinorMax: 500_000,
  regularVisits: 3,
  regularsMax: 200,
  aheadPointsMax: 2_000,
  usesAhead: 10,
};

export function foreignRefundLimit(store: Pick<Store, 'foreignRefundLimitMinor' | 'currency'>): number {
  return store.foreignRefundLimitMinor ?? 500 * 10 ** store.currency.digits;
}
