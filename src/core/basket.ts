/**
 * Basket: what is being bought, open and editable, before any price is worked out.
 *
 * Pure and immutable: every change returns a new basket. A line with a negative quantity is goods coming back; it keeps
 * the price it is given and never gets a discount.
 */
import { assert } from './assert.ts';
import type { Gtin14 } from './gtin.ts';
import type { Item, ItemFlags } from './item.ts';
import { assertMoney, mulDivHalfUp } from './money.ts';
import { isSamePack, type PackFacts } from './pack.ts';
import { err, ok, type Result } from './result.ts';

export interface BasketLine {
  /** 1, 2, 3 … in the order the lines came; a voided line's number is not used again. */
  readonly lineNo: number;
  readonly sku: string;
  readonly gtin: Gtin14 | null;
  readonly name: string;
  /** Whole pieces; 1 or -1 for weighed goods. Negative: goods coming back. */
  readonly qty: number;
  /** Grams in this line for weighed goods, else null. */
  readonly weightG: number | null;
  /** Per piece, or per kilogram where `weightG` is set. */
  readonly unitPriceMinor: number;
  readonly priceSource: 'list' | 'embedded' | 'manual';
  readonly taxCode: string;
  readonly flags?: ItemFlags;
  /** What promotions look for; kept with the line, so that a sale can be priced again from itself. */
  readonly brand?: string;
  readonly category?: string;
  /** No promotion sells the unit (the kilogram) below this. */
  readonly minPriceMinor?: number;
  /** What a 2D code said of the pack: its batch, its serial number, when it expires. */
  readonly pack?: PackFacts;
  /** Who let the cashier set this price, take these goods back without a receipt, or sell them after their day. */
  readonly approvalId?: string;
  /** Goods coming back on a receipt: what they were sold for is fixed, whatever they cost today. */
  readonly back?: Returned;
}

/**
 * Units of a line that was sold, coming back at what was paid for them then (DOMAIN 3.5).
 *
 * All amounts are those of the units that come back, below zero as the line is: `netMinor` of them is paid out.
 */
export interface Returned {
  readonly saleId: string;
  readonly receiptNo: string;
  /** The line of that sale. */
  readonly lineNo: number;
  /** How that sale was taxed: the amounts below are in this mode, as they were paid. */
  readonly taxMode: 'inclusive' | 'exclusive';
  readonly grossMinor: number;
  readonly netMinor: number;
  readonly taxRateBp: number;
  readonly taxMinor: number;
  /** Points that the units earned then and take back. */
  readonly points: number;
  /** `token`: nothing but a signed receipt of another till vouches for them: HQ looks at these. `lease`: HQ gave the right to it. */
  readonly from?: 'token' | 'lease';
}

export interface Basket {
  /** UUIDv7; the sale keeps it, so a retried payment finds the sale already made. */
  readonly id: string;
  readonly openedAtMs: number;
  readonly lines: readonly BasketLine[];
  readonly lastLineNo: number;
  readonly memberId: string | null;
}

export const LINES_MAX = 2_000;
export const QTY_MAX = 99_999;
/** One line of more than this is a slip of the finger, and sums stay far inside safe integers. */
export const LINE_MINOR_MAX = 1_000_000_000_00;

export type BasketError =
  | { readonly kind: 'quantity'; readonly qtyMax: number }
  | { readonly kind: 'price_missing'; readonly sku: string }
  | { readonly kind: 'amount_too_large'; readonly amountMinorMax: number }
  | { readonly kind: 'too_many_lines'; readonly linesMax: number }
  | { readonly kind: 'no_such_line'; readonly lineNo: number }
  | { readonly kind: 'weight_missing'; readonly sku: string }
  | { readonly kind: 'weighed_goods'; readonly lineNo: number }
  /** Quantity and price of goods coming back on a receipt are what they were. */
  | { readonly kind: 'returned_goods'; readonly lineNo: number };

export function openBasket(id: string, openedAtMs: number): Basket {
  return { id, openedAtMs, lines: [], lastLineNo: 0, memberId: null };
}

export function isEmpty(basket: Basket): boolean {
  return basket.lines.length === 0;
}

/** What a scan or a key adds. `weightG` for weighed goods; a price only where it is not the item's own. */
export interface Addition {
  readonly item: Item;
  readonly name: string;
  readonly gtin: Gtin14 | null;
  readonly qty: number;
  readonly weightG?: number;
  readonly unitPriceMinor?: number;
  readonly priceSource?: BasketLine['priceSource'];
  readonly pack?: PackFacts | undefined;
  readonly approvalId?: string | undefined;
}

/** Adds a line; with `merge`, an equal piece-goods line takes the quantity instead. */
export function addLine(
  basket: Basket,
  add: Addition,
  options: { readonly merge: boolean },
): Result<{ basket: Basket; lineNo: number }, BasketError> {
  const line = lineOf(basket.lastLineNo + 1, add);
  if (!line.ok) return line;
  const twin = options.merge ? basket.lines.find((other) => canMerge(other, line.value)) : undefined;
  if (twin !== undefined) {
    const changed = setQuantity(basket, twin.lineNo, twin.qty + line.value.qty);
    return changed.ok ? ok({ basket: changed.value, lineNo: twin.lineNo }) : changed;
  }
  if (basket.lines.length >= LINES_MAX) return err({ kind: 'too_many_lines', linesMax: LINES_MAX });
  const { lineNo } = line.value;
  return ok({ basket: { ...basket, lines: [...basket.lines, line.value], lastLineNo: lineNo }, lineNo });
}

/** Goods coming back on a receipt, `qty` below zero: a line of its own each time, fixed but for being voided. */
export interface ReturnedGoods
  extends Pick<
    BasketLine,
    'sku' | 'gtin' | 'name' | 'qty' | 'weightG' | 'unitPriceMinor' | 'priceSource' | 'taxCode' | 'approvalId'
  > {
  readonly back: Returned;
}

export function addReturned(
  basket: Basket,
  goods: ReturnedGoods,
): Result<{ basket: Basket; lineNo: number }, BasketError> {
  assert(goods.qty < 0, 'goods coming back have a negative quantity');
  if (basket.lines.length >= LINES_MAX) return err({ kind: 'too_many_lines', linesMax: LINES_MAX });
  const lineNo = basket.lastLineNo + 1;
  const line: BasketLine = { lineNo, ...goods };
  return ok({ basket: { ...basket, lines: [...basket.lines, line], lastLineNo: lineNo }, lineNo });
}

function lineOf(lineNo: number, add: Addition): Result<BasketLine, BasketError> {
  const { item } = add;
  const unitPriceMinor = add.unitPriceMinor ?? item.priceMinor;
  if (unitPriceMinor === null) return err({ kind: 'price_missing', sku: item.sku });
  const priceSource = add.priceSource ?? 'list';
  const weightG = item.unit === 'kg' && priceSource !== 'embedded' ? (add.weightG ?? null) : null;
  if (item.unit === 'kg' && priceSource !== 'embedded' && weightG === null) {
    return err({ kind: 'weight_missing', sku: item.sku });
  }
  return checkLine({
    lineNo,
    sku: item.sku,
    gtin: add.gtin,
    name: add.name,
    qty: add.qty,
    weightG,
    unitPriceMinor,
    priceSource,
    taxCode: item.taxCode,
    ...(item.flags === undefined ? {} : { flags: item.flags }),
    ...(item.brand === undefined ? {} : { brand: item.brand }),
    ...(item.category === undefined ? {} : { category: item.category }),
    ...(item.minPriceMinor === undefined ? {} : { minPriceMinor: item.minPriceMinor }),
    ...(add.pack === undefined ? {} : { pack: add.pack }),
    ...(add.approvalId === undefined ? {} : { approvalId: add.approvalId }),
  });
}

function checkLine(line: BasketLine): Result<BasketLine, BasketError> {
  assertMoney(line.unitPriceMinor);
  assert(
    line.unitPriceMinor >= 0,
    'a unit price is not negative: goods coming back have a negative quantity',
  );
  if (!Number.isInteger(line.qty) || line.qty === 0 || Math.abs(line.qty) > QTY_MAX) {
    return err({ kind: 'quantity', qtyMax: QTY_MAX });
  }
  const tooLarge = err({ kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX } as const);
  if (
    line.weightG !== null &&
    (!Number.isInteger(line.weightG) || line.weightG <= 0 || line.weightG > 9_999_999)
  ) {
    return err({ kind: 'weight_missing', sku: line.sku });
  }
  // A weight is that of the whole line: three of a weighed label are three lines, not one at the price of one.
  if (line.weightG !== null && Math.abs(line.qty) !== 1) {
    return err({ kind: 'weighed_goods', lineNo: line.lineNo });
  }
  if (line.unitPriceMinor > LINE_MINOR_MAX) return tooLarge;
  return Math.abs(grossMinor(line)) > LINE_MINOR_MAX ? tooLarge : ok(line);
}

function canMerge(a: BasketLine, b: BasketLine): boolean {
  const samePiece = a.weightG === null && b.weightG === null && a.priceSource === b.priceSource;
  const sameSide = Math.sign(a.qty) === Math.sign(b.qty);
  return (
    a.back === undefined &&
    a.approvalId === b.approvalId &&
    isSamePack(a.pack, b.pack) &&
    samePiece &&
    sameSide &&
    b.priceSource === 'list' &&
    a.sku === b.sku &&
    a.unitPriceMinor === b.unitPriceMinor
  );
}

/** The line before any discount: quantity times price, or weight times price a kilogram, half up. */
export function grossMinor(line: Pick<BasketLine, 'qty' | 'weightG' | 'unitPriceMinor'>): number {
  if (line.weightG === null) {
    const product = line.qty * line.unitPriceMinor;
    if (!Number.isSafeInteger(product)) return Number.POSITIVE_INFINITY;
    // Goods that cost nothing, coming back: there is no minus zero in money.
    return product === 0 ? 0 : product;
  }
  return mulDivHalfUp(line.unitPriceMinor, line.weightG * Math.sign(line.qty), 1_000);
}

export function setQuantity(basket: Basket, lineNo: number, qty: number): Result<Basket, BasketError> {
  return changeLine(basket, lineNo, (line) =>
    line.weightG === null ? checkLine({ ...line, qty }) : err({ kind: 'weighed_goods', lineNo }),
  );
}

export function setUnitPrice(
  basket: Basket,
  lineNo: number,
  unitPriceMinor: number,
  approvalId?: string,
): Result<Basket, BasketError> {
  return changeLine(basket, lineNo, ({ approvalId: _before, ...line }) =>
    checkLine({
      ...line,
      unitPriceMinor,
      priceSource: 'manual',
      ...(approvalId === undefined ? {} : { approvalId }),
    }),
  );
}

export function voidLine(basket: Basket, lineNo: number): Result<Basket, BasketError> {
  if (!basket.lines.some((line) => line.lineNo === lineNo)) return err({ kind: 'no_such_line', lineNo });
  return ok({ ...basket, lines: basket.lines.filter((line) => line.lineNo !== lineNo) });
}

function changeLine(
  basket: Basket,
  lineNo: number,
  change: (line: BasketLine) => Result<BasketLine, BasketError>,
): Result<Basket, BasketError> {
  const index = basket.lines.findIndex((line) => line.lineNo === lineNo);
  const line = basket.lines[index];
  if (line === undefined) return err({ kind: 'no_such_line', lineNo });
  if (line.back !== undefined) return err({ kind: 'returned_goods', lineNo });
  const changed = change(line);
  if (!changed.ok) return changed;
  return ok({ ...basket, lines: basket.lines.with(index, changed.value) });
}
