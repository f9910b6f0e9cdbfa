/**
 * What a page may send: one shape a method of `TillApi`, checked before anything is called.
 */
import { z } from 'zod';
import { SCAN_CHARS_MAX } from '../core/barcode.ts';
import { LINE_MINOR_MAX, LINES_MAX, QTY_MAX } from '../core/basket.ts';
import { LOCALES, type Locale } from '../core/item.ts';
import { PERMISSIONS } from '../core/people.ts';
import type { TillMethod } from './api.ts';
import { SCANNERS_MAX, SETTINGS } from './device-settings.ts';

const code = z.string().max(SCAN_CHARS_MAX * 2);
const id = z.string().min(1).max(64);
/** Cash that nobody has is a slip of the finger, and its change would be on the receipt. */
const cash = z.int().min(-LINE_MINOR_MAX).max(LINE_MINOR_MAX);
const limit = z.int().min(1).max(200);
const none = z.object({});
const approvalId = id.optional();
const paid = z.int().min(1).max(LINE_MINOR_MAX);
/** A receipt number, or the text of its QR. */
const receipt = z.string().min(1).max(4_096);
const pin = z.string().min(1).max(32);
const reason = z.string().trim().min(1).max(120);

export const PARAMS: Readonly<Record<TillMethod, z.ZodType>> = {
  enter: z.object({ text: code, sellExpired: z.boolean().optional(), approvalId }),
  addItem: z.object({
    sku: z.string().max(64),
    qty: z.int().min(-QTY_MAX).max(QTY_MAX),
    unitPriceMinor: z.int().min(0).optional(),
    weightG: z.int().min(1).optional(),
    approvalId,
  }),
  setQuantity: z.object({ lineNo: z.int(), qty: z.int(), approvalId }),
  setUnitPrice: z.object({ lineNo: z.int(), unitPriceMinor: z.int().min(0), approvalId }),
  voidLine: z.object({ lineNo: z.int(), approvalId }),
  clearBasket: z.object({ approvalId }),
  addCoupon: z.object({ code }),
  removeCoupon: z.object({ code }),
  setDiscount: z.object({
    lineNo: z.int().nullable(),
    off: z.union([
      z.strictObject({ amountMinor: z.int().min(1).max(LINE_MINOR_MAX) }),
      z.strictObject({ rateBp: z.int().min(1).max(10_000) }),
    ]),
    approvalId,
  }),
  clearDiscount: z.object({ lineNo: z.int().nullable() }),
  clockSeen: none,
  startDrill: z.object({ minutes: z.int().min(1).max(240), approvalId }),
  endDrill: none,
  searchItems: z.object({ text: code, limit }),
  searchMembers: z.object({ text: code, limit }),
  setMember: z.object({ memberId: id.nullable() }),
  payCash: z.object({ basketId: id, amountMinor: cash, totalMinor: cash.optional() }),
  pay: z.object({
    basketId: id,
    totalMinor: cash,
    tenderId: z.uuid(),
    tender: z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('cash'), amountMinor: cash }),
      z.object({ kind: z.literal('card'), amountMinor: paid }),
      z.object({ kind: z.literal('wallet'), amountMinor: paid, code: code.optional() }),
      z.object({ kind: z.literal('points'), points: z.int().min(1).max(LINE_MINOR_MAX) }),
      z.object({ kind: z.literal('stored_value'), amountMinor: paid }),
      z.object({ kind: z.literal('gift_card'), amountMinor: paid, code }),
      z.object({ kind: z.literal('voucher'), faceMinor: paid, voucherNo: z.string().trim().min(1).max(64) }),
    ]),
  }),
  payBack: z.object({
    basketId: id,
    totalMinor: cash,
    tenderId: z.uuid(),
    to: z.enum(['original', 'cash']),
    approvalId,
  }),
  cancelPending: none,
  clearTenders: none,
  findSale: z.object({ receiptNo: receipt }),
  returnLines: z.object({
    receipt,
    lines: z
      .array(z.object({ lineNo: z.int(), qty: z.int().min(1).max(QTY_MAX) }))
      .min(1)
      .max(LINES_MAX),
    approvalId,
  }),
  returnWithoutReceipt: z.object({
    sku: z.string().max(64),
    qty: z.int().min(1).max(QTY_MAX),
    unitPriceMinor: z.int().min(0).max(LINE_MINOR_MAX),
    weightG: z.int().min(1).optional(),
    approvalId,
  }),
  hold: z.object({ label: z.string().trim().min(1).max(80), print: z.boolean().optional() }),
  recall: z.object({ holdId: id }),
  dropHold: z.object({ holdId: id, approvalId }),
  openShift: z.object({
    floatMinor: z.int().min(0).max(LINE_MINOR_MAX),
    id: z.uuid().optional(),
    approvalId,
  }),
  moveCash: z.object({
    kind: z.enum(['paid_in', 'paid_out', 'drop']),
    amountMinor: z.int().min(1).max(LINE_MINOR_MAX),
    reason,
    id: z.uuid().optional(),
    approvalId,
  }),
  openDrawer: z.object({ reason, approvalId }),
  readShift: none,
  closeShift: z.object({
    shiftId: id,
    counted: z
      .array(z.object({ valueMinor: z.int().min(1).max(LINE_MINOR_MAX), count: z.int().min(0).max(100_000) }))
      .max(40),
    approvalId,
  }),
  reprintZ: z.object({ shiftId: id }),
  zReports: z.object({ limit }),
  newId: none,
  recentSales: z.object({ limit }),
  reprint: z.object({ saleId: id, gift: z.boolean().optional(), approvalId }),
  retryPrinter: none,
  receiptPreview: z.object({ saleId: id }),
  setLocale: z.object({ locale: z.enum(LOCALES as unknown as [Locale, ...Locale[]]) }),
  consentText: none,
  enrolMember: z.object({
    memberId: z.uuid(),
    name: z.string().trim().min(1).max(80),
    phone: z.string().trim().min(1).max(32),
    birthday: z
      .string()
      .regex(/^(?:\d{4}-)?\d{2}-\d{2}$/)
      .optional(),
    consents: z.array(z.object({ purpose: z.string().min(1).max(40), granted: z.boolean() })).max(20),
    textVersion: z.string().max(64),
    approvalId,
  }),
  staff: none,
  signOn: z.object({ staffId: id, pin }),
  signOff: none,
  approve: z.object({ staffId: id, pin, permission: z.enum(PERMISSIONS), reason }),
  setTraining: z.object({ on: z.boolean(), approvalId }),
  storePage: z.object({ approvalId }),
  demoShelf: none,
  demoScan: z.object({ code }),
  demoPaper: z.object({ limit }),
  demoTerminal: z.object({ mode: z.enum(['approve', 'decline', 'slow', 'no_answer', 'unreachable']) }),
  demoPeriphery: none,
  demoHands: z.strictObject({
    paperEnd: z.boolean().optional(),
    paperNearEnd: z.boolean().optional(),
    coverOpen: z.boolean().optional(),
    drawerOpen: z.boolean().optional(),
    plugged: z.boolean().optional(),
    cutAfterBytes: z.int().min(0).max(1_000_000).optional(),
    scale: z
      .strictObject({ weightG: z.int().min(0).max(99_999).optional(), moving: z.boolean().optional() })
      .optional(),
  }),
  deviceBoard: z.object({ look: z.boolean().optional() }),
  setDevice: z.object({
    device: z.discriminatedUnion('role', [
      z.object({
        role: z.literal('scanner'),
        index: z
          .int()
          .min(0)
          .max(SCANNERS_MAX - 1),
        setting: SETTINGS.scanner.nullable(),
      }),
      z.object({ role: z.literal('printer'), setting: SETTINGS.printer }),
      z.object({ role: z.literal('drawer'), setting: SETTINGS.drawer }),
      z.object({ role: z.literal('scale'), setting: SETTINGS.scale }),
      z.object({ role: z.literal('display'), setting: SETTINGS.display }),
      z.object({ role: z.literal('customer_screen'), setting: SETTINGS.customer_screen }),
      z.object({ role: z.literal('terminal'), setting: SETTINGS.terminal }),
    ]),
    approvalId,
  }),
  testDevice: z.object({ role: z.enum(['printer', 'display']) }),
  scanTest: z.object({ on: z.boolean() }),
  heardScan: z.object({ text: code }),
  learnDrawer: z.object({ open: z.boolean(), approvalId }),
  weigh: none,
  retryDevices: none,
};
