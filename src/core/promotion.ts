/**
 * Promotions as data: what a rule is, who it is for, what it gives, and the words' key that it leaves on a line.
 *
 * Pure data, no code: HQ writes a rule set, the feed carries it, `parseRuleSet` checks it, `compileRules` makes it fast, and
 * `priceBasket` applies it. A set is immutable and has a version; every sale names it. Amounts are minor units, rates basis
 * points, dates and minutes the store's own (`LocalTime`): the kernel has no clock.
 */
import type { Named } from './item.ts';

/** How a rule stands to others on the same goods (as in Dynamics 365). */
export type Mode =
  /** Beats all others; of several, the highest priority, then the best for the customer. */
  | 'exclusive'
  /** Alone, against the others: the best for the customer stays. */
  | 'best_price'
  /** On top of other compound rules. */
  | 'compound';

/** What rules of different priority do to each other on the same goods. */
export type AcrossPolicy =
  /** Within the highest priority compounds stack; lower priorities get nothing. */
  | 'compound_within'
  /** Within each priority one rule wins; the winners of all priorities stack. */
  | 'compete_within_compound_across';

export interface RuleSet {
  readonly version: string;
  readonly policy: {
    readonly across: AcrossPolicy;
    /** The tier's percentage comes off a promo or member price too; default: the lower of the two wins. */
    readonly tierOnPromoPrice?: boolean;
  };
  readonly groups?: readonly RuleGroup[];
  readonly rules: readonly Rule[];
}

export interface RuleGroup {
  readonly id: string;
  /** 10 % and 5 % of 100: chained are 85.50, added 85. Default `chain`. */
  readonly percents?: 'chain' | 'add';
  /** At most one rule of the group on the same goods: a coupon of it is refused where an automatic one is in. */
  readonly onlyOne?: boolean;
}

export interface Rule extends Named {
  readonly id: string;
  readonly version?: string;
  /** 0..999; the higher goes first. */
  readonly priority: number;
  readonly mode: Mode;
  readonly group?: string;
  readonly validity?: Validity;
  readonly audience?: Audience;
  readonly items: ItemFilter;
  /** All must hold. Line and set offers count list prices, later ones what is due after line and set offers. */
  readonly conditions?: readonly Condition[];
  /** With this the rule waits for its coupon, and applies at the coupons' place in the order. */
  readonly coupon?: CouponTerms;
  readonly limits?: Limits;
  readonly reward: Reward;
}

/** Goods by any of the lists, or all; then the price range and the exclusions cut. */
export interface ItemFilter {
  readonly all?: boolean;
  readonly skus?: readonly string[];
  readonly categories?: readonly string[];
  readonly brands?: readonly string[];
  /** List price a unit (a kilogram), both ends included. */
  readonly priceFromMinor?: number;
  readonly priceToMinor?: number;
  /** Skips goods that a promo or member price has already reduced. */
  readonly regularOnly?: boolean;
  readonly exclude?: {
    readonly skus?: readonly string[];
    readonly categories?: readonly string[];
    readonly brands?: readonly string[];
  };
}

export interface Validity {
  /** `YYYY-MM-DD`, both ends included. */
  readonly from?: string;
  readonly to?: string;
  /** 1 = Monday .. 7 = Sunday. */
  readonly weekdays?: readonly number[];
  /** Member days: 8, 18, 28. */
  readonly monthDays?: readonly number[];
  /** Happy hours, `[from, to)` in minutes of the day; `from > to` runs over midnight. */
  readonly hours?: readonly { readonly fromMinute: number; readonly toMinute: number }[];
}

export interface Audience {
  readonly stores?: readonly string[];
  readonly membersOnly?: boolean;
  /** Any of them. Each of the next three makes the rule members-only. */
  readonly tiers?: readonly string[];
  readonly tags?: readonly string[];
  readonly segments?: readonly string[];
  /** Days around the birthday, or its month. Born on 29 February: 28 February in other years. */
  readonly birthday?: { readonly daysBefore: number; readonly daysAfter: number } | 'month';
}

export type Condition =
  | { readonly kind: 'amount'; readonly items?: ItemFilter; readonly fromMinor: number }
  | { readonly kind: 'quantity'; readonly items?: ItemFilter; readonly from: number };

export interface Limits {
  /** Times a sale: units of a line offer, sets of a set offer, repeats of an `every` threshold. */
  readonly perSale?: number;
  /** Kept by leases outside the kernel, which is given what is left as `usesLeft`. */
  readonly perMember?: number;
  readonly total?: number;
  /** Units of one line that a line offer takes. */
  readonly unitsPerLine?: number;
  /** The rule never takes off more than this in one sale. */
  readonly maxDiscountMinor?: number;
}

export interface CouponTerms {
  /** Own codes, exactly as printed. */
  readonly codes?: readonly string[];
  /** Series of own codes that are good once each: `CP-SERIES-SERIAL`. HQ issues them, and says by lease which are left. */
  readonly series?: readonly string[];
  /** GS1 coupon numbers (AI 255) without serial: 13 digits. */
  readonly gs1?: readonly string[];
  /** Merchant coupons come off before platform coupons. Default `merchant`. */
  readonly issuer?: 'merchant' | 'platform';
}

export type Off = { readonly amountMinor: number } | { readonly rateBp: number };
/** Free units of an article that the customer takes along; the kernel never puts goods in a basket. */
export interface Gift {
  readonly gift: { readonly sku: string; readonly qty: number };
}

export type Reward =
  /** A promo, member or tier price: one for all goods of the rule, or a price list by SKU. */
  | { readonly kind: 'unit_price'; readonly priceMinor: number }
  | { readonly kind: 'unit_price'; readonly prices: Readonly<Record<string, number>> }
  /** Off each unit; off each kilogram of weighed goods. */
  | { readonly kind: 'amount_off'; readonly amountMinor: number }
  | { readonly kind: 'percent_off'; readonly rateBp: number }
  | { readonly kind: 'n_for_price'; readonly qty: number; readonly priceMinor: number }
  /** Without `getItems`: the cheapest of each `buyQty + getQty` are the ones got ("cheapest free", "second at half price"). */
  | {
      readonly kind: 'buy_get';
      readonly buyQty: number;
      readonly getQty: number;
      /** 10 000 = free. */
      readonly rateBp: number;
      readonly getItems?: ItemFilter;
      /** Which of other goods are got; the dearest unless the merchant says otherwise. */
      readonly pick?: 'cheapest' | 'dearest';
    }
  | {
      readonly kind: 'bundle';
      readonly parts: readonly { readonly items: ItemFilter; readonly qty: number }[];
      readonly off: Off | { readonly priceMinor: number };
    }
  | { readonly kind: 'threshold'; readonly by: 'amount' | 'quantity'; readonly steps: readonly Step[] }
  | { readonly kind: 'order_off'; readonly off: Off | { readonly fromCode: true } };

export interface Step {
  /** Minor units, or pieces. */
  readonly from: number;
  readonly off: Off | Gift;
  /** Once for every whole `from`: only as the one step of its rule. */
  readonly every?: boolean;
}

// ---- what a rule leaves on a line ----

/** Why a line costs less: the rule, the amount, and the words' key and numbers for screen and receipt. */
export interface Adjustment {
  readonly ruleId: string;
  readonly reason: Reason;
  /** Negative: money off. On the reversed line of a refund positive. */
  readonly amountMinor: number;
}

/** Closed set; `name` is the rule's name in the store's language. */
export type Reason =
  | {
      readonly kind: 'tier';
      readonly tierId: string;
      readonly tierName: string;
      readonly rateBp: number;
    }
  | { readonly kind: 'price'; readonly name: string; readonly unitPriceMinor: number }
  | { readonly kind: 'amount_off'; readonly name: string; readonly unitMinor: number; readonly units: number }
  | { readonly kind: 'percent_off'; readonly name: string; readonly rateBp: number }
  | { readonly kind: 'set_price'; readonly name: string; readonly qty: number; readonly priceMinor: number }
  | { readonly kind: 'set_amount'; readonly name: string; readonly qty: number; readonly offMinor: number }
  | { readonly kind: 'set_percent'; readonly name: string; readonly qty: number; readonly rateBp: number }
  | {
      readonly kind: 'threshold';
      readonly name: string;
      readonly by: 'amount' | 'quantity';
      readonly from: number;
      /** The whole reduction, of which this line carries its part. */
      readonly offMinor: number;
    }
  | { readonly kind: 'gift'; readonly name: string; readonly units: number }
  | { readonly kind: 'order'; readonly name: string; readonly rateBp: number; readonly offMinor: number }
  | { readonly kind: 'coupon'; readonly name: string; readonly code: string; readonly offMinor: number }
  | {
      readonly kind: 'manual';
      readonly scope: 'line' | 'order';
      readonly offMinor: number;
      readonly approvalId: string | null;
    }
  /** On goods coming back: what had been taken off them when they were sold. */
  | { readonly kind: 'returned'; readonly receiptNo: string };

// ---- what is given beside basket and rules ----

/** The store's local time as data. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** 0..1439. */
  readonly minuteOfDay: number;
  /** 1 = Monday .. 7 = Sunday. */
  readonly weekday: number;
}

/** A coupon as it was entered: an own code, or the parsed elements of a GS1 coupon. */
export type CouponEntry =
  | { readonly code: string }
  | {
      readonly gs1: {
        /** AI 255, first 13 digits, and the serial after them. */
        readonly number: string;
        readonly serial: string;
        /** AI 390n, already in minor units of the store's currency. */
        readonly amountMinor?: number;
        /** AI 394n in basis points. */
        readonly rateBp?: number;
      };
    };

/** What is still free to use here; an id that is not listed has no limit but `perSale`. */
export interface UsesLeft {
  readonly rules?: Readonly<Record<string, number>>;
  /** By coupon code; for GS1 number and serial. */
  readonly coupons?: Readonly<Record<string, number>>;
}

export const NO_RULES: RuleSet = { version: 'none', policy: { across: 'compound_within' }, rules: [] };

/** Order of work and of ties: higher priority first, then id. */
export function byPriority(a: Rule, b: Rule): number {
  return b.priority - a.priority || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
}
