/**
 * Pricing: from a basket to what each line costs, why, and what is due.
 *
 * Pure: the same in till, cloud and preview. Order (DOMAIN 3.1): list price, tier discount a line, tax.
 */
import { type Basket, type BasketLine, grossMinor } from './basket.ts';
import type { Tier } from './loyalty.ts';
import { sumMinor } from './money.ts';
import { type Adjustment, exactNetAfterTier, tierAdjustment } from './promotion.ts';
import { computeTax, rateOf, type TaxPolicy, type TaxTotal } from './tax.ts';

/** Everything besides the basket that a price hangs on. */
export interface PriceRules {
  /** Names the rules that were used, so that the cloud can price the sale again. */
  readonly version: string;
  readonly tax: TaxPolicy;
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
  /** Sum of all adjustments: zero or negative. */
  readonly adjustmentMinor: number;
  readonly taxMode: TaxPolicy['mode'];
  readonly taxes: readonly TaxTotal[];
  readonly taxMinor: number;
  readonly totalMinor: number;
}

/** @param tier the member's tier with its name in the store's language, null without a member */
export function priceBasket(
  basket: Basket,
  rules: PriceRules,
  tier: { readonly tier: Tier; readonly name: string } | null,
): PricedBasket {
  const adjusted = basket.lines.map((line) => {
    const adjustment = tierAdjustment(line, tier?.tier ?? null, tier?.name ?? '');
    const gross = grossMinor(line);
    return { line, gross, adjustment, netMinor: gross + (adjustment?.amountMinor ?? 0) };
  });
  const tax = computeTax(
    adjusted.map(({ line, netMinor, adjustment }) => ({
      netMinor,
      taxCode: line.taxCode,
      ...(rules.tax.rounding === 'line' ? {} : { exactNet: exactNetAfterTier(line, adjustment) }),
    })),
    rules.tax,
  );
  const lines = adjusted.map(({ line, gross, adjustment, netMinor }, index) => ({
    ...line,
    grossMinor: gross,
    adjustments: adjustment === null ? [] : [adjustment],
    netMinor,
    taxRateBp: rateOf(rules.tax, line.taxCode),
    taxMinor: tax.lineTaxMinor[index]!,
  }));
  return {
    lines,
    rulesVersion: rules.version,
    grossMinor: sumMinor(lines.map((line) => line.grossMinor)),
    adjustmentMinor: sumMinor(lines.map((line) => line.netMinor - line.grossMinor)),
    taxMode: rules.tax.mode,
    taxes: tax.totals,
    taxMinor: tax.taxMinor,
    totalMinor: tax.totalMinor,
  };
}
