/**
 * TillApi: everything a till's screen can ask, and the one picture of the till that it shows.
 *
 * Types only, so that the screens import no code of the till. Over the loopback WebSocket a call is
 * `{id, method, params}`, its answer `{id, result}` or `{id, error}`, and after each change the till pushes `{view}`.
 * Words are not here: kinds and numbers are, and the screen says them in the cashier's language.
 */
import type { ScanError } from '../core/barcode.ts';
import type { BasketError } from '../core/basket.ts';
import type { Locale } from '../core/item.ts';
import type { Currency } from '../core/money.ts';
import type { PricedLine } from '../core/pricing.ts';
import type { CashMoveKind, CountedCash, ShiftReport } from '../core/shift-report.ts';
import type { TaxTotal } from '../core/tax.ts';

/** Every call answers with the view after it, so that a screen needs no second question. */
export interface TillApi {
  /** What a person typed or a wedge scanned: a code, or `3*code` for a quantity. */
  enter(params: { text: string }): Promise<EnterOutcome>;
  /** Adds an item picked from a search. */
  addItem(params: { sku: string; qty: number; unitPriceMinor?: number; weightG?: number }): Promise<TillView>;
  setQuantity(params: { lineNo: number; qty: number }): Promise<TillView>;
  /** Manual price of a line: typed by the cashier, kept as such on the receipt's line. */
  setUnitPrice(params: { lineNo: number; unitPriceMinor: number }): Promise<TillView>;
  voidLine(params: { lineNo: number }): Promise<TillView>;
  /** Empties the basket, member and tenders: nothing was sold. */
  clearBasket(params: Record<string, never>): Promise<TillView>;
  searchItems(params: { text: string; limit: number }): Promise<ItemHit[]>;
  searchMembers(params: { text: string; limit: number }): Promise<MemberHit[]>;
  setMember(params: { memberId: string | null }): Promise<TillView>;
  /**
   * Pays in cash and, when that settles the basket, commits the sale. `basketId` makes it safe to say twice: the second
   * call gets the sale that the first one made. `totalMinor` is what the customer was shown: a basket that has come to
   * another total meanwhile (a crash took its last scan, a price changed) is not paid but shown again.
   */
  payCash(params: { basketId: string; amountMinor: number; totalMinor?: number }): Promise<PayOutcome>;
  /** Takes back what was tendered so far. */
  clearTenders(params: Record<string, never>): Promise<TillView>;
  /** The refund of a whole sale by its receipt number: what it would give back. Commits nothing. */
  findSale(params: { receiptNo: string }): Promise<SaleCard>;
  /** Refunds that sale in cash. `refundId` makes it safe to say twice; make it with `newId`. */
  refundSale(params: { saleId: string; refundId: string }): Promise<PayOutcome>;
  /** Parks the open basket under a label, for the next customer; it survives a restart. */
  hold(params: { label: string }): Promise<TillView>;
  /** Brings a parked basket back, onto an empty one only. */
  recall(params: { holdId: string }): Promise<TillView>;
  /** Puts a parked basket away for good: nothing was sold. */
  dropHold(params: { holdId: string }): Promise<TillView>;
  /** Starts a drawer session with its float. Until one is started, sales go by calendar days. */
  openShift(params: { floatMinor: number }): Promise<TillView>;
  /** Cash that comes or goes without a sale; `amountMinor` above zero. */
  moveCash(params: { kind: CashMoveKind; amountMinor: number; reason: string }): Promise<TillView>;
  /** Opens the drawer without a sale; the reason is journalled. */
  openDrawer(params: { reason: string }): Promise<TillView>;
  /** The X report: the open shift so far, from the journal. Without an expected sum, so that the count stays blind. */
  readShift(params: Record<string, never>): Promise<ShiftReport>;
  /** The Z report: closes the shift with the cash that was counted, numbered, for good; prints it. */
  closeShift(params: { shiftId: string; counted: readonly CountedCash[] }): Promise<ShiftReport>;
  /** Closed shifts, newest first. */
  zReports(params: { limit: number }): Promise<ShiftReport[]>;
  /** A fresh id for something that must happen at most once. */
  newId(params: Record<string, never>): Promise<{ id: string }>;
  recentSales(params: { limit: number }): Promise<SaleCard[]>;
  /** Prints again, marked as a copy. */
  reprint(params: { saleId: string }): Promise<TillView>;
  /** Tries the printer again now. */
  retryPrinter(params: Record<string, never>): Promise<TillView>;
  /** A receipt as the screen may show it: lines of text as on paper. */
  receiptPreview(params: { saleId: string }): Promise<ReceiptPreview>;
  setLocale(params: { locale: Locale }): Promise<TillView>;
  /** Virtual devices only: the goods on the demo shelf. */
  demoShelf(params: Record<string, never>): Promise<DemoShelf>;
  /** Virtual devices only: the virtual scanner sends this code over its serial line. */
  demoScan(params: { code: string }): Promise<{ sent: true }>;
  /** Virtual devices only: what the virtual printer has on paper, newest slip first. */
  demoPaper(params: { limit: number }): Promise<DemoSlip[]>;
}

export type TillMethod = keyof TillApi;
export type TillParams<M extends TillMethod> = Parameters<TillApi[M]>[0];
export type TillResult<M extends TillMethod> = Awaited<ReturnType<TillApi[M]>>;

export type TillRequest = { [M in TillMethod]: { id: number; method: M; params: TillParams<M> } }[TillMethod];
export type TillResponse = { id: number; result: unknown } | { id: number; error: TillApiError };
export type TillPush = { view: TillView };

/** Why a call did nothing. Kinds are stable; the screen has a sentence for each. */
export type TillApiError =
  | ScanError
  | BasketError
  | { readonly kind: 'unknown_code'; readonly code: string }
  | { readonly kind: 'unknown_member' }
  | { readonly kind: 'unknown_receipt' }
  | { readonly kind: 'not_refundable' }
  | { readonly kind: 'already_refunded'; readonly receiptNo: string }
  | { readonly kind: 'empty_basket' }
  | { readonly kind: 'basket_changed' }
  | { readonly kind: 'not_enough'; readonly dueMinor: number }
  | { readonly kind: 'paying' }
  | { readonly kind: 'unknown_hold' }
  | { readonly kind: 'basket_not_empty' }
  | { readonly kind: 'too_many_holds'; readonly holdsMax: number }
  | { readonly kind: 'shift_open' }
  | { readonly kind: 'no_shift' }
  | { readonly kind: 'not_ready' }
  | { readonly kind: 'no_virtual_devices' }
  | { readonly kind: 'journal'; readonly detail: 'disk_full' | 'io' }
  | { readonly kind: 'bad_request'; readonly what: string }
  | { readonly kind: 'internal' };

/** What an entered text did. */
export type EnterOutcome =
  | { readonly kind: 'line'; readonly lineNo: number; readonly view: TillView }
  | { readonly kind: 'member'; readonly view: TillView }
  /** No code, but these match: show them to pick from. */
  | { readonly kind: 'choices'; readonly items: readonly ItemHit[]; readonly members: readonly MemberHit[] }
  /** Open price or weight: ask for the number, then call `addItem`. */
  | { readonly kind: 'needs_price'; readonly item: ItemHit; readonly qty: number }
  | { readonly kind: 'needs_weight'; readonly item: ItemHit };

export type PayOutcome = { readonly settled: boolean; readonly view: TillView };

export interface ItemHit {
  readonly sku: string;
  readonly name: string;
  readonly gtin: string | null;
  readonly unit: 'each' | 'kg';
  readonly priceMinor: number | null;
}

export interface MemberHit {
  readonly id: string;
  readonly name: string;
  readonly cardNo: string;
  /** Last four digits of the phone. */
  readonly phoneTail: string | null;
  readonly tierName: string;
}

export interface TillView {
  /** Counts up with each change: a screen ignores an older picture. */
  readonly version: number;
  readonly atMs: number;
  readonly store: {
    readonly id: string;
    readonly name: string;
    readonly currency: Currency;
    readonly notesMinor: readonly number[];
    /** Notes and coins for the blind count, largest first. */
    readonly denominationsMinor: readonly number[];
  } | null;
  readonly till: { readonly code: string; readonly tillId: string; readonly virtualDevices: boolean };
  readonly cashier: { readonly id: string; readonly name: string };
  readonly businessDate: string;
  readonly timeZone: string;
  readonly locale: Locale;
  readonly sync: SyncView;
  readonly printer: PrinterView;
  readonly scanner: { readonly state: 'ready' | 'absent' | 'none'; readonly detail: string | null };
  readonly basket: BasketView;
  readonly member: MemberView | null;
  readonly payment: {
    readonly dueMinor: number;
    readonly tenderedMinor: number;
    readonly roundingMinor: number;
    readonly quickMinor: readonly number[];
  };
  /** The line that the last scan touched, to be flashed once a `version`. */
  readonly touchedLineNo: number | null;
  /** What the till has to say now; newest only. Scans report here, since nobody called for them. */
  readonly notice: Notice | null;
  readonly lastSale: LastSale | null;
  /** Parked baskets, oldest first. */
  readonly holds: readonly HoldCard[];
  /** The open drawer session; null: none was opened, sales go by calendar days. */
  readonly shift: ShiftView | null;
}

export interface HoldCard {
  readonly holdId: string;
  readonly label: string;
  readonly atMs: number;
  readonly pieces: number;
  /** List prices; the member's discount is worked out again when it comes back. */
  readonly grossMinor: number;
  readonly memberName: string | null;
}

export interface ShiftView {
  readonly shiftId: string;
  /** Number that its Z report will carry. */
  readonly zNo: number;
  readonly openedAtMs: number;
  readonly businessDate: string;
  readonly floatMinor: number;
}

/** A message of the till's own accord. `id` counts up, so the same words twice are two notices. */
export interface Notice {
  readonly id: number;
  readonly level: 'good' | 'bad';
  readonly error: TillApiError | null;
  /** A scan that needs a number first; the screen asks for it. */
  readonly ask: EnterOutcome | null;
}

export interface SyncView {
  readonly state: 'online' | 'connecting' | 'offline' | 'not_enrolled' | 'refused';
  readonly sinceMs: number;
  /** Entries on disk that HQ has not acknowledged. */
  readonly unsent: number;
  readonly oldestUnsentAtMs: number | null;
  /** When the till last knew that its goods, prices and members were up to date; null: never. */
  readonly dataAsOfMs: number | null;
  readonly itemCount: number;
  readonly memberCount: number;
  /** Stable reason when refused or offline, for example `revoked`, `unreachable`. */
  readonly reason: string | null;
}

export interface PrinterView {
  readonly state: 'ready' | 'printing' | 'stopped' | 'absent' | 'none';
  readonly queued: number;
  /** Slips of which nobody knows whether they came out whole (power cut while sending). */
  readonly unknown: number;
  readonly detail: string | null;
}

export interface BasketView {
  readonly id: string;
  readonly lines: readonly PricedLine[];
  readonly grossMinor: number;
  readonly adjustmentMinor: number;
  readonly taxes: readonly TaxTotal[];
  readonly taxMode: 'inclusive' | 'exclusive';
  readonly totalMinor: number;
  /** Pieces; a weighed line counts as one. */
  readonly pieces: number;
}

export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly cardNo: string;
  readonly phoneTail: string | null;
  readonly tierName: string;
  readonly tierDiscountBp: number;
  readonly birthday: string | null;
  readonly tags: readonly string[];
}

export interface LastSale {
  readonly saleId: string;
  readonly kind: 'sale' | 'refund';
  readonly receiptNo: string;
  readonly totalMinor: number;
  readonly payableMinor: number;
  readonly tenderedMinor: number;
  readonly changeMinor: number;
  readonly savedMinor: number;
  readonly print: 'queued' | 'sending' | 'sent' | 'printed' | 'unknown' | 'failed' | 'none';
}

export interface SaleCard {
  readonly saleId: string;
  readonly kind: 'sale' | 'refund';
  readonly receiptNo: string;
  readonly atMs: number;
  readonly totalMinor: number;
  /** What a refund of it pays back in cash, rounded as the store rounds; positive. */
  readonly refundMinor: number;
  readonly pieces: number;
  readonly memberName: string | null;
  readonly lines: readonly PricedLine[];
  readonly refundedBy: string | null;
  /** Acknowledged by HQ. */
  readonly synced: boolean;
}

export interface ReceiptPreview {
  readonly receiptNo: string;
  /** The slip as SVG, from the same document that is printed. */
  readonly svg: string;
}

export interface DemoShelf {
  readonly items: readonly {
    readonly sku: string;
    readonly name: string;
    readonly code: string;
    readonly priceMinor: number | null;
    readonly category: string;
  }[];
  readonly members: readonly { readonly name: string; readonly code: string; readonly tierName: string }[];
  /** Codes that are damaged on purpose, to see what the till says. */
  readonly faulty: readonly { readonly code: string; readonly why: 'check_digit' | 'unknown' }[];
}

export interface DemoSlip {
  readonly no: number;
  readonly atMs: number;
  /** The paper, drawn from the bytes that the printer received. */
  readonly svg: string;
  readonly text: string;
}
