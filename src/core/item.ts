/**
 * Items: what a store sells. Pure data; a till gets them by the feed.
 */
import type { Gtin14 } from './gtin.ts';

export type Locale = 'zh-CN' | 'zh-TW' | 'en';
export const LOCALES: readonly Locale[] = ['zh-CN', 'zh-TW', 'en'];

/** A text with its translations; `name` is what the shelf says and the fall-back. */
export interface Named {
  readonly name: string;
  readonly names?: Readonly<Partial<Record<Locale, string>>>;
}

export function nameIn(thing: Named, locale: Locale): string {
  return thing.names?.[locale] ?? thing.name;
}

export interface Item extends Named {
  readonly sku: string;
  /** All trade codes that stand for one unit of it. */
  readonly gtins: readonly Gtin14[];
  /** Code of weighed goods in the store's scale templates. */
  readonly plu?: string;
  readonly brand?: string;
  readonly category?: string;
  /** `each`: price a piece. `kg`: price a kilogram, sold by weight in grams. */
  readonly unit: 'each' | 'kg';
  /** List price in minor units per unit; null: the cashier types the price. */
  readonly priceMinor: number | null;
  /** Margin floor: no promotion sells a unit below this. */
  readonly minPriceMinor?: number;
  readonly taxCode: string;
  readonly flags?: ItemFlags;
}

/** What the pricing kernel may not do with an item (tobacco, gift cards). */
export interface ItemFlags {
  readonly noDiscount?: boolean;
  readonly noCoupon?: boolean;
  readonly noPoints?: boolean;
}
