/**
 * A quick look at a sale: whether it is plainly of the shape that `sale-row` asks for.
 *
 * Says yes only where the schema would say yes and leave nothing out; all else (older programs, a field that this list does
 * not know, what is wrong) is the schema's to judge. It takes a tenth of the schema's time, and nearly every sale passes.
 */
import type { Sale } from '../../src/core/sale.ts';

/** @param minorMax amounts of minor units lie within this, below and above zero */
export function isPlainSale(body: unknown, minorMax: number): body is Sale {
  if (!isObject(body)) return false;
  for (const key in body) if (!SALE_KEYS.has(key)) return false;
  const isMinor = (value: unknown) => isWhole(value) && value <= minorMax && value >= -minorMax;
  return (
    isText(body.id, 1, 64) &&
    (body.kind === 'sale' || body.kind === 'refund' || body.kind === 'exchange') &&
    isText(body.receiptNo, 1, 64) &&
    isWhole(body.receiptSeq) &&
    body.receiptSeq >= 1 &&
    isText(body.storeId, 0) &&
    isText(body.currency, 0, 8) &&
    (body.memberId === null || isText(body.memberId, 0, 64)) &&
    isText(body.rulesVersion, 0, 128) &&
    (body.taxMode === 'inclusive' || body.taxMode === 'exclusive') &&
    isMinor(body.grossMinor) &&
    isMinor(body.adjustmentMinor) &&
    isMinor(body.taxMinor) &&
    isMinor(body.totalMinor) &&
    isMinor(body.roundingMinor) &&
    isMinor(body.changeMinor) &&
    isList(body.lines, (line) => isPlainLine(line, isMinor)) &&
    body.lines.length > 0 &&
    isList(body.taxes, (tax) => isPlainTax(tax, isMinor)) &&
    isList(
      body.tenders,
      (tender) => isObject(tender) && isText(tender.kind, 0) && isMinor(tender.amountMinor),
    ) &&
    // Goods coming back take the long way.
    body.refundOf === null &&
    (body.points == null || isPlainPoints(body.points)) &&
    (body.priced === undefined || (isObject(body.priced) && isWhole(body.priced.kernel)))
  );
}

type Check = (value: unknown) => boolean;

const SALE_KEYS = new Set(
  `id kind receiptNo receiptSeq storeId currency memberId rulesVersion taxMode lines taxes grossMinor adjustmentMinor taxMinor
  totalMinor roundingMinor tenders changeMinor refundOf priced uses points proof`.split(/\s+/),
);
/** Those of `PricedLine` without `back`. */
const LINE_KEYS = new Set(
  `lineNo sku gtin name qty weightG unitPriceMinor priceSource taxCode flags brand category minPriceMinor approvalId grossMinor
  adjustments netMinor taxRateBp taxMinor`.split(/\s+/),
);

function isPlainLine(line: unknown, isMinor: Check): boolean {
  if (!isObject(line)) return false;
  for (const key in line) if (!LINE_KEYS.has(key)) return false;
  return (
    isWhole(line.lineNo) &&
    isText(line.sku, 0) &&
    (line.gtin === null || isText(line.gtin, 0)) &&
    isText(line.name, 0) &&
    isWhole(line.qty) &&
    (line.weightG === null || isWhole(line.weightG)) &&
    isMinor(line.unitPriceMinor) &&
    isMinor(line.grossMinor) &&
    isMinor(line.netMinor) &&
    isWhole(line.taxRateBp) &&
    isMinor(line.taxMinor) &&
    isList(line.adjustments, (adjustment) => isPlainAdjustment(adjustment, isMinor))
  );
}

function isPlainAdjustment(value: unknown, isMinor: Check): boolean {
  return (
    hasFields(value, 3) &&
    isText(value.ruleId, 0) &&
    isMinor(value.amountMinor) &&
    isObject(value.reason) &&
    isText(value.reason.kind, 0)
  );
}

function isPlainTax(value: unknown, isMinor: Check): boolean {
  return (
    hasFields(value, 4) &&
    isText(value.taxCode, 0) &&
    isWhole(value.rateBp) &&
    isMinor(value.baseMinor) &&
    isMinor(value.taxMinor)
  );
}

function isPlainPoints(value: unknown): boolean {
  return (
    hasFields(value, 3) &&
    isText(value.programme, 0, 64) &&
    isWhole(value.earned) &&
    isList(value.byLine, isWhole)
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** As many as the schema names: it would leave others out. */
function hasFields(value: unknown, count: number): value is Record<string, unknown> {
  return isObject(value) && Object.keys(value).length === count;
}

function isText(value: unknown, min: number, max = Number.MAX_SAFE_INTEGER): value is string {
  return typeof value === 'string' && value.length >= min && value.length <= max;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isList(value: unknown, check: Check): value is readonly unknown[] {
  if (!Array.isArray(value)) return false;
  for (let i = 0; i < value.length; i++) if (!check(value[i])) return false;
  return true;
}
