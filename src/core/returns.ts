/**
 * Returns: units of a line that was sold, coming back at what was paid for them then (DOMAIN 3.5).
 *
 * Pure. What is left of a line is split to its units by largest remainder, spare cents first, and units go back in that order:
 * whatever way a line comes back in parts, net, tax and points of the parts sum to those of the line, and the last unit takes
 * what is left. A till that did not sell them begins at the other end (`ReturnOrder`). Nothing is ever worked out anew: no discount, no rate, no price of today.
 */
import { assert } from './assert.ts';
import type { BasketLine, Returned } from './basket.ts';
import { allocate, sumMinor } from './money.ts';
import type { PricedLine } from './pricing.ts';
import type { Sale } from './sale.ts';
import type { TaxPolicy, TaxTotal } from './tax.ts';

type TaxMode = TaxPolicy['mode'];

/** A line as it was sold, from its journal entry or its receipt's token. */
export interface SoldLine
  extends Pick<
    PricedLine,
    | 'lineNo'
    | 'sku'
    | 'gtin'
    | 'name'
    | 'qty'
    | 'weightG'
    | 'unitPriceMinor'
    | 'priceSource'
    | 'taxCode'
    | 'taxRateBp'
    | 'grossMinor'
    | 'netMinor'
    | 'taxMinor'
  > {
  /** Points that the line earned. */
  readonly points: number;
}

/** A receipt, whichever way it was read. */
export interface SoldReceipt {
  readonly saleId: string;
  readonly receiptNo: string;
  readonly taxMode: TaxMode;
  readonly lines: readonly SoldLine[];
}

/** What of a line has come back already, is on an open basket or on hold; above zero, in the mode of the sale. */
export interface Claimed {
  readonly qty: number;
  readonly netMinor: number;
  readonly taxMinor: number;
  readonly points: number;
}

export const NOTHING_CLAIMED: Claimed = { qty: 0, netMinor: 0, taxMinor: 0, points: 0 };

export function addClaims(claims: Iterable<Claimed>): Claimed {
  let { qty, netMinor, taxMinor, points } = NOTHING_CLAIMED;
  for (const claim of claims) {
    qty += claim.qty;
    netMinor += claim.netMinor;
    taxMinor += claim.taxMinor;
    points += claim.points;
  }
  return { qty, netMinor, taxMinor, points };
}

/** What a line of goods coming back claims of the line that was sold. */
export function claimOf(line: Pick<BasketLine, 'qty'>, back: Returned): Claimed {
  const { netMinor, taxMinor, points } = back;
  return {
    qty: -line.qty,
    netMinor: negate(netMinor),
    taxMinor: negate(taxMinor),
    points: negate(points),
  };
}

/** What of a sale can come back at all: goods sold. Goods that came back on it never come back again. */
export function soldReceipt(sale: Sale): SoldReceipt {
  const { id, receiptNo, taxMode, points } = sale;
  const lines = sale.lines.map((line, index) => ({ ...line, points: points?.byLine[index] ?? 0 }));
  return { saleId: id, receiptNo, taxMode, lines: lines.filter(({ qty }) => qty > 0) };
}

/**
 * Which units of a line a till pays back before others: who sold it begins with the first, who has HQ's word or a signed receipt with
 * the last. Two tills that hear nothing of each other never pay the cents of one unit both: parts of a line never sum to
 * more than it, and those of its own till and one other to exactly that. (A unit's share never grows along the line, so what two
 * strangers pay from the end is at most what any two other units would bring.)
 */
export type ReturnOrder = 'from_first' | 'from_last';

/** What each unit still here would pay back, tax included, in the order in which they come back. A weighed line is one unit. */
export function unitsLeftMinor(
  line: SoldLine,
  claimed: Claimed,
  taxMode: TaxMode,
  order: ReturnOrder = 'from_first',
): number[] {
  const qty = line.qty - claimed.qty;
  if (qty <= 0) return [];
  const nets = shares(line.netMinor - claimed.netMinor, qty, order);
  const taxes = shares(line.taxMinor - claimed.taxMinor, qty, order);
  return nets.map((netMinor, unit) => paidMinor({ netMinor, taxMinor: taxes[unit]! }, taxMode));
}

/** What the customer paid for it: net, and the tax where it came on top. */
export function paidMinor(
  amounts: { readonly netMinor: number; readonly taxMinor: number },
  taxMode: TaxMode,
): number {
  return taxMode === 'inclusive' ? amounts.netMinor : amounts.netMinor + amounts.taxMinor;
}

/**
 * The next `qty` units of a line.
 *
 * @param claimed what of the line came back before
 * @throws AssertionError when the line has not that many left, or a weighed line is to be divided
 */
export function returnOf(
  receipt: Pick<SoldReceipt, 'saleId' | 'receiptNo' | 'taxMode'>,
  line: SoldLine,
  claimed: Claimed,
  qty: number,
  order: ReturnOrder = 'from_first',
): Returned {
  const left = line.qty - claimed.qty;
  assert(Number.isInteger(qty) && qty > 0 && qty <= left, `${qty} units come back of ${left}`);
  const part = (totalMinor: number) => negate(sumMinor(shares(totalMinor, left, order).slice(0, qty)));
  return {
    saleId: receipt.saleId,
    receiptNo: receipt.receiptNo,
    lineNo: line.lineNo,
    taxMode: receipt.taxMode,
    // Before discounts all units of a line cost the same.
    grossMinor: negate((line.grossMinor / line.qty) * qty),
    netMinor: part(line.netMinor - claimed.netMinor),
    taxRateBp: line.taxRateBp,
    taxMinor: part(line.taxMinor - claimed.taxMinor),
    points: part(line.points - claimed.points),
  };
}

function shares(total: number, qty: number, order: ReturnOrder): number[] {
  const parts = allocate(total, new Array<number>(qty).fill(1));
  return order === 'from_first' ? parts : parts.reverse();
}

// ---- in a basket ----

/** Lines that prices are worked out for: all but goods coming back on a receipt. */
export function pricedAnew(lines: readonly BasketLine[]): readonly BasketLine[] {
  return lines.some(({ back }) => back !== undefined)
    ? lines.filter(({ back }) => back === undefined)
    : lines;
}

/**
 * Puts goods coming back between the lines that were priced, in the order of the basket, at what is fixed.
 *
 * @param mode of the basket's prices: a sale that was taxed the other way comes back at the same money
 */
export function withReturned(
  lines: readonly BasketLine[],
  priced: readonly PricedLine[],
  mode: TaxMode,
): readonly PricedLine[] {
  if (lines.length === priced.length) return priced;
  let next = 0;
  return lines.map((line) =>
    line.back === undefined ? priced[next++]! : returnedLine(line, line.back, mode),
  );
}

function returnedLine(line: BasketLine, back: Returned, mode: TaxMode): PricedLine {
  const { receiptNo, taxRateBp, taxMinor } = back;
  const shiftMinor = back.taxMode === mode ? 0 : mode === 'inclusive' ? taxMinor : negate(taxMinor);
  const grossMinor = back.grossMinor + shiftMinor;
  const netMinor = back.netMinor + shiftMinor;
  const offMinor = netMinor - grossMinor;
  const reason = { kind: 'returned', receiptNo } as const;
  const adjustments = offMinor === 0 ? [] : [{ ruleId: 'returned', reason, amountMinor: offMinor }];
  return { ...line, grossMinor, adjustments, netMinor, taxRateBp, taxMinor };
}

/** Tax totals with what comes back in them; a rate that has changed since stands beside today's. */
export function taxesWith(
  totals: readonly TaxTotal[],
  lines: readonly PricedLine[],
  mode: TaxMode,
): readonly TaxTotal[] {
  const returned = lines.filter(({ back }) => back !== undefined);
  if (returned.length === 0) return totals;
  const all = [
    ...totals,
    ...returned.map(({ taxCode, taxRateBp, netMinor, taxMinor }) => ({
      taxCode,
      rateBp: taxRateBp,
      baseMinor: mode === 'inclusive' ? netMinor - taxMinor : netMinor,
      taxMinor,
    })),
  ];
  return [...Map.groupBy(all, ({ taxCode, rateBp }) => `${taxCode} ${rateBp}`).values()]
    .map((same) => ({
      ...same[0]!,
      baseMinor: sumMinor(same.map(({ baseMinor }) => baseMinor)),
      taxMinor: sumMinor(same.map(({ taxMinor }) => taxMinor)),
    }))
    .sort((a, b) => (a.taxCode < b.taxCode ? -1 : a.taxCode > b.taxCode ? 1 : a.rateBp - b.rateBp));
}

function negate(value: number): number {
  return value === 0 ? 0 : -value;
}
