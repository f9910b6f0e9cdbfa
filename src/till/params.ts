/**
 * What a page may send: one shape a method of `TillApi`, checked before anything is called.
 */
import { z } from 'zod';
import { SCAN_CHARS_MAX } from '../core/barcode.ts';
import { LINE_MINOR_MAX, QTY_MAX } from '../core/basket.ts';
import { LOCALES, type Locale } from '../core/item.ts';
import type { TillMethod } from './api.ts';

const code = z.string().max(SCAN_CHARS_MAX * 2);
const id = z.string().min(1).max(64);
/** Cash that nobody has is a slip of the finger, and its change would be on the receipt. */
const cash = z.int().min(-LINE_MINOR_MAX).max(LINE_MINOR_MAX);
const limit = z.int().min(1).max(200);
const none = z.object({});
const reason = z.string().trim().min(1).max(120);

export const PARAMS: Readonly<Record<TillMethod, z.ZodType>> = {
  enter: z.object({ text: code }),
  addItem: z.object({
    sku: z.string().max(64),
    qty: z.int().min(-QTY_MAX).max(QTY_MAX),
    unitPriceMinor: z.int().min(0).optional(),
    weightG: z.int().min(1).optional(),
  }),
  setQuantity: z.object({ lineNo: z.int(), qty: z.int() }),
  setUnitPrice: z.object({ lineNo: z.int(), unitPriceMinor: z.int().min(0) }),
  voidLine: z.object({ lineNo: z.int() }),
  clearBasket: none,
  searchItems: z.object({ text: code, limit }),
  searchMembers: z.object({ text: code, limit }),
  setMember: z.object({ memberId: id.nullable() }),
  payCash: z.object({ basketId: id, amountMinor: cash, totalMinor: cash.optional() }),
  clearTenders: none,
  findSale: z.object({ receiptNo: z.string().max(64) }),
  refundSale: z.object({ saleId: id, refundId: z.uuid() }),
  hold: z.object({ label: z.string().trim().min(1).max(80) }),
  recall: z.object({ holdId: id }),
  dropHold: z.object({ holdId: id }),
  openShift: z.object({ floatMinor: z.int().min(0).max(LINE_MINOR_MAX) }),
  moveCash: z.object({
    kind: z.enum(['paid_in', 'paid_out', 'drop']),
    amountMinor: z.int().min(1).max(LINE_MINOR_MAX),
    reason,
  }),
  openDrawer: z.object({ reason }),
  readShift: none,
  closeShift: z.object({
    shiftId: id,
    counted: z
      .array(z.object({ valueMinor: z.int().min(1).max(LINE_MINOR_MAX), count: z.int().min(0).max(100_000) }))
      .max(40),
  }),
  zReports: z.object({ limit }),
  newId: none,
  recentSales: z.object({ limit }),
  reprint: z.object({ saleId: id }),
  retryPrinter: none,
  receiptPreview: z.object({ saleId: id }),
  setLocale: z.object({ locale: z.enum(LOCALES as unknown as [Locale, ...Locale[]]) }),
  demoShelf: none,
  demoScan: z.object({ code }),
  demoPaper: z.object({ limit }),
};
