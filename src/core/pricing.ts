/**
 * Pricing: from a basket to what each line costs, why, and what is due.
 *
 * Pure: the same in till, cloud and preview. The order is fixed (DOMAIN 3.1) and has a version:
 *
 *  1. list price of the line, as scanned, weighed or typed
 *  2. line price: promo price, member price, the tier's percentage: the lowest, no stacking
 *  3. line offers: money off, then percent
 *  4. set offers: N for a price, buy and get, bundle, cheapest free
 *  5. thresholds in steps, on what is due after 4
 *  6. at most one automatic order discount: birthday, member day
 *  7. coupons: merchant, then platform
 *  8. manual discount, within a limit or approved
 *  9. tax; cash rounding and tenders come after the kernel
 *
 * Goods coming back on a receipt stand outside all of it, at what was paid for them (`returns.ts`).
 *
 * The result does not hang on the order of scanning: lines are worked in canonical order and put back. An adjustment names
 * its rule, reason and amount on each line; list price plus adjustments is the net, always.
 */
import type { Basket, BasketLine } from './basket.ts';
import { allocate, sumMinor } from './money.ts';
import { type NearMiss, nearMisses } from './near-miss.ts';
import type { Adjustment } from './promotion.ts';
import { type CouponAnswer, readCoupons } from './promotion-coupon.ts';
import { draftOf } from './promotion-draft.ts';
import type { CompiledRules } from './promotion-index.ts';
import { exactNet } from './promotion-line.ts';
import type { ManualAnswer } from './promotion-manual.ts';
import { gather, type PriceContext } from './promotion-run.ts';
import { bestRun } from './promotion-search.ts';
import { paidMinor, pricedAnew, taxesWith, withReturned } from './returns.ts';
import { computeTax, rateOf, type TaxPolicy, type TaxTotal } from './tax.ts';

/** Changes when the same rules and basket may give another price. */
export const PRICING_VERSION = 2;

/** The rules that a price hangs on. */
export interface PriceRules {
  /** Names the rules that were used, so that the cloud can price the sale again. */
  readonly version: string;
  readonly tax: TaxPolicy;
  readonly promotions: CompiledRules;
}

export interface PricedLine extends BasketLine {
  /** Quantity times unit price. */
  readonly grossMinor: number;
  readonly adjustments: readonly Adjustment[];
  /** Gross plus adjustments. */
  readonly netMinor: number;
  readonly taxRateBp: number;
  readonly taxMinor: number;
}

export interface PricedBasket {
  readonly lines: readonly PricedLine[];
  readonly rulesVersion: string;
  readonly grossMinor: number;
  /** Sum of all adjustments: zero or negative where nothing comes back. */
  readonly adjustmentMinor: number;
  readonly taxMode: TaxPolicy['mode'];
  readonly taxes: readonly TaxTotal[];
  readonly taxMinor: number;
  readonly totalMinor: number;
  /** An answer to each coupon that was entered. */
  readonly coupons: readonly CouponAnswer[];
  readonly manual: readonly ManualAnswer[];
  readonly nearMisses: readonly NearMiss[];
  /** How often each rule was used, for limits that are kept elsewhere. */
  readonly uses: readonly { readonly ruleId: string; readonly count: number }[];
}

/** @throws AssertionError when a line's tax code is none of the store's: who sent the item has a bug */
export function priceBasket(basket: Basket, rules: PriceRules, context: PriceContext): PricedBasket {
  const draft = draftOf(pricedAnew(basket.lines));
  const { entered, answers } = readCoupons(rules.promotions, context);
  const offers = gather(rules.promotions, draft, context, new Set(entered.map(({ number }) => number)));
  const best = bestRun({ compiled: rules.promotions, context, draft, offers, entered });
  const discounted = best.run.lines.toSorted((a, b) => a.place - b.place);
  // Only a later rounding of added tax looks behind the rounded net.
  const needsExact = rules.tax.rounding !== 'line' && rules.tax.mode === 'exclusive';
  const tax = computeTax(
    discounted.map(({ line, netMinor, adjustments }) =>
      needsExact
        ? { netMinor, taxCode: line.taxCode, exactNet: exactNet(line, netMinor, adjustments) }
        : { netMinor, taxCode: line.taxCode },
    ),
    rules.tax,
  );
  const priced = discounted.map(({ line, grossMinor, adjustments, netMinor }, index) => ({
    ...line,
    grossMinor,
    adjustments,
    netMinor,
    taxRateBp: rateOf(rules.tax, line.taxCode),
    taxMinor: tax.lineTaxMinor[index]!,
  }));
  const { mode } = rules.tax;
  const lines = withReturned(basket.lines, priced, mode);
  const netMinor = sumMinor(lines.map((line) => line.netMinor));
  const taxMinor = lines === priced ? tax.taxMinor : sumMinor(lines.map((line) => line.taxMinor));
  return {
    lines,
    rulesVersion: rules.version,
    grossMinor: sumMinor(lines.map((line) => line.grossMinor)),
    adjustmentMinor: sumMinor(lines.map((line) => line.netMinor - line.grossMinor)),
    taxMode: mode,
    taxes: taxesWith(tax.totals, lines, mode),
    taxMinor,
    totalMinor: paidMinor({ netMinor, taxMinor }, mode),
    coupons: [...answers, ...best.coupons].sort((a, b) => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0)),
    manual: best.manual,
    nearMisses: nearMisses(best.run),
    uses: [...best.run.used]
      .filter(([, count]) => count > 0)
      .map(([ruleId, count]) => ({ ruleId, count }))
      .sort((a, b) => (a.ruleId < b.ruleId ? -1 : 1)),
  };
}

/** What discounts took off the goods that were sold; goods coming back save nothing. */
export function savedMinor(lines: readonly PricedLine[]): number {
  return sumMinor(lines.filter(({ qty }) => qty > 0).map((line) => line.grossMinor - line.netMinor));
}

/**
 * What each unit of a line was sold for: the line's net split evenly, spare cents to the first units.
 *
 * Refunds give these back, so units of one line are worth the same whichever of them was "the free one".
 */
export function unitNets({ netMinor, qty }: Pick<PricedLine, 'netMinor' | 'qty'>): number[] {
  return allocate(netMinor, new Array<number>(Math.abs(qty)).fill(1));
}
