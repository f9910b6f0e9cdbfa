/**
 * The calls of TillApi, one interface a desk: what a screen can ask of the till.
 *
 * Types only. Calls that change what is at the counter answer with the view after them. Calls that a role may lack take an
 * `approvalId`: without one they answer `needs_approval`, and `approve` gives one for a single use.
 */
import type { Locale } from '../core/item.ts';
import type { Permission } from '../core/people.ts';
import type { CashMoveKind, CountedCash, ShiftReport } from '../core/shift-report.ts';
import type {
  DemoShelf,
  DemoSlip,
  EnterOutcome,
  ItemHit,
  MemberHit,
  PayOutcome,
  ReceiptPreview,
  SaleCard,
  StorePage,
  TillView,
} from './api.ts';

type Nothing = Record<string, never>;

export interface SellingCalls {
  /** What a person typed or a wedge scanned: a code, or `3*code` for a quantity. */
  /** `sellExpired`: goods after their day are meant, where the store blocks them. */
  enter(params: { text: string; sellExpired?: boolean; approvalId?: string }): Promise<EnterOutcome>;
  /** Adds an item picked from a search. */
  addItem(params: {
    sku: string;
    qty: number;
    unitPriceMinor?: number;
    weightG?: number;
    approvalId?: string;
  }): Promise<TillView>;
  setQuantity(params: { lineNo: number; qty: number; approvalId?: string }): Promise<TillView>;
  /** Manual price of a line: typed by the cashier, kept as such on the receipt's line. */
  setUnitPrice(params: { lineNo: number; unitPriceMinor: number; approvalId?: string }): Promise<TillView>;
  voidLine(params: { lineNo: number; approvalId?: string }): Promise<TillView>;
  /** Empties the basket, member and tenders: nothing was sold. */
  clearBasket(params: { approvalId?: string }): Promise<TillView>;
  searchItems(params: { text: string; limit: number }): Promise<ItemHit[]>;
  /** Enters a coupon code; the answer to it is in the basket's `coupons`. */
  addCoupon(params: { code: string }): Promise<TillView>;
  removeCoupon(params: { code: string }): Promise<TillView>;
  /** A discount by hand: of one line, or with `lineNo` null of the whole order. A second one replaces the first. */
  setDiscount(params: {
    lineNo: number | null;
    off: { amountMinor: number } | { rateBp: number };
    approvalId?: string;
  }): Promise<TillView>;
  clearDiscount(params: { lineNo: number | null }): Promise<TillView>;
  /** Parks the open basket under a label, for the next customer; it survives a restart. `print`: with a slip for the customer. */
  hold(params: { label: string; print?: boolean }): Promise<TillView>;
  /** Brings a parked basket back, onto an empty one only. */
  recall(params: { holdId: string }): Promise<TillView>;
  /** Puts a parked basket away for good: nothing was sold. */
  dropHold(params: { holdId: string; approvalId?: string }): Promise<TillView>;
  setLocale(params: { locale: Locale }): Promise<TillView>;
  /** A fresh id for something that must happen at most once. */
  newId(params: Nothing): Promise<{ id: string }>;
  /** The notice was read: the clock's warning goes away until it moves again. */
  clockSeen(params: Nothing): Promise<TillView>;
}

/** How the customer pays a part or all. */
export type TenderAsk =
  | { readonly kind: 'cash'; readonly amountMinor: number }
  | { readonly kind: 'card'; readonly amountMinor: number }
  /**
   * `code` is the customer's pay code as scanned: sent on at once, kept nowhere. Without one the till waits for the next
   * scan of one (`payment.pending` says `code`), until `cancelPending`.
   */
  | { readonly kind: 'wallet'; readonly amountMinor: number; readonly code?: string }
  | { readonly kind: 'points'; readonly points: number }
  | { readonly kind: 'stored_value'; readonly amountMinor: number }
  | { readonly kind: 'gift_card'; readonly amountMinor: number; readonly code: string }
  | { readonly kind: 'voucher'; readonly faceMinor: number; readonly voucherNo: string };

export interface PayCalls {
  /**
   * Pays in cash and, when that settles the basket, commits the sale. `basketId` makes it safe to say twice: the second
   * call gets the sale that the first one made. `totalMinor` is what the customer was shown: a basket that has come to
   * another total meanwhile (a crash took its last scan, a price changed) is not paid but shown again.
   */
  payCash(params: { basketId: string; amountMinor: number; totalMinor?: number }): Promise<PayOutcome>;
  /**
   * Pays a part or all by any tender; safe to say twice as `payCash` is, by `tenderId` (make it with `newId`). A card or
   * wallet answers at once with `payment.pending`; what came of it is pushed, and settles the sale when nothing is left.
   */
  pay(params: {
    basketId: string;
    totalMinor: number;
    tenderId: string;
    tender: TenderAsk;
  }): Promise<PayOutcome>;
  /** Money going back: one of `payment.payBack`, or `cash` instead of it (needs `refund_to_cash`). */
  payBack(params: {
    basketId: string;
    totalMinor: number;
    tenderId: string;
    to: 'original' | 'cash';
    approvalId?: string;
  }): Promise<PayOutcome>;
  /**
   * Asks the terminal to stop; what it had already approved stands. A payment of which nobody knows (`unknown`) is set
   * aside: should it turn out to be approved, the till takes it back by itself.
   */
  cancelPending(params: Nothing): Promise<TillView>;
  /** Takes back what was tendered so far: card and wallet payments are reversed. */
  clearTenders(params: Nothing): Promise<TillView>;
}

export interface ReturnCalls {
  /** A sale by its receipt number or its receipt's QR, with what may still come back. Commits nothing. */
  findSale(params: { receiptNo: string }): Promise<SaleCard>;
  /**
   * Puts units of that sale on the basket as goods coming back, at what was paid for them. With other goods beside them the
   * basket is an exchange. Of another store or till: `approvalId` for `refund_foreign`.
   */
  returnLines(params: {
    /** Receipt number or QR text, as given to `findSale`. */
    receipt: string;
    lines: readonly { readonly lineNo: number; readonly qty: number }[];
    approvalId?: string;
  }): Promise<TillView>;
  /** Goods without a receipt, at a price that a manager lets go out. */
  returnWithoutReceipt(params: {
    sku: string;
    qty: number;
    unitPriceMinor: number;
    weightG?: number;
    approvalId?: string;
  }): Promise<TillView>;
  recentSales(params: { limit: number }): Promise<SaleCard[]>;
  /** Prints again, marked as a copy; as a gift receipt it has no prices, and is no copy. */
  reprint(params: { saleId: string; gift?: boolean; approvalId?: string }): Promise<TillView>;
  /** Tries the printer again now. */
  retryPrinter(params: Nothing): Promise<TillView>;
  /** A receipt as the screen may show it: lines of text as on paper. */
  receiptPreview(params: { saleId: string }): Promise<ReceiptPreview>;
}

export interface MemberCalls {
  /** By card, phone or its last digits, QR, name (from two Han characters) or pinyin initials. */
  searchMembers(params: { text: string; limit: number }): Promise<MemberHit[]>;
  setMember(params: { memberId: string | null }): Promise<TillView>;
  /** What a person agrees to on joining, in the till's language. */
  consentText(params: Nothing): Promise<ConsentText>;
  /** Joins a person offline or online under a provisional id, and puts them on the basket. Safe to say twice by `memberId`. */
  enrolMember(params: {
    memberId: string;
    name: string;
    phone: string;
    birthday?: string;
    consents: readonly { readonly purpose: string; readonly granted: boolean }[];
    textVersion: string;
    approvalId?: string;
  }): Promise<TillView>;
}

export interface ConsentText {
  readonly textVersion: string;
  readonly purposes: readonly {
    readonly purpose: string;
    readonly text: string;
    /** Without this one nobody can join. */
    readonly needed: boolean;
  }[];
}

export interface PeopleCalls {
  /** Who may sign on here. */
  staff(params: Nothing): Promise<StaffCard[]>;
  /** Signs on, instead of who is signed on if anybody is: the basket stays. */
  signOn(params: { staffId: string; pin: string }): Promise<TillView>;
  signOff(params: Nothing): Promise<TillView>;
  /** Somebody who may lets one call pass: journalled with the reason, good once and for two minutes. */
  approve(params: {
    staffId: string;
    pin: string;
    permission: Permission;
    reason: string;
  }): Promise<{ approvalId: string }>;
  setTraining(params: { on: boolean; approvalId?: string }): Promise<TillView>;
}

export interface StaffCard {
  readonly id: string;
  readonly name: string;
  readonly roleName: string;
  readonly permissions: readonly Permission[];
  readonly lockedUntilMs: number | null;
}

export interface ShiftCalls {
  /** Starts a drawer session with its float. Until one is started, sales go by calendar days. `id` makes it safe to say twice. */
  openShift(params: { floatMinor: number; id?: string; approvalId?: string }): Promise<TillView>;
  /** Cash that comes or goes without a sale; `amountMinor` above zero. `id` makes it safe to say twice. */
  moveCash(params: {
    kind: CashMoveKind;
    amountMinor: number;
    reason: string;
    id?: string;
    approvalId?: string;
  }): Promise<TillView>;
  /** Opens the drawer without a sale; the reason is journalled. */
  openDrawer(params: { reason: string; approvalId?: string }): Promise<TillView>;
  /** The X report: the open shift so far, from the journal. Without an expected sum, so that the count stays blind. */
  readShift(params: Nothing): Promise<ShiftReport>;
  /** The Z report: closes the shift with the cash that was counted, numbered, for good; prints it. */
  closeShift(params: {
    shiftId: string;
    counted: readonly CountedCash[];
    approvalId?: string;
  }): Promise<ShiftReport>;
  /** Closed shifts, newest first. */
  zReports(params: { limit: number }): Promise<ShiftReport[]>;
  /** Prints a Z again, marked as a copy. */
  reprintZ(params: { shiftId: string }): Promise<TillView>;
}

export interface StoreCalls {
  /** The store manager's page, from local data. */
  storePage(params: { approvalId?: string }): Promise<StorePage>;
  /** Cuts the till's own line for so many minutes of trade, then tells what the readiness had promised and what happened. */
  startDrill(params: { minutes: number; approvalId?: string }): Promise<TillView>;
  /** Ends it now. */
  endDrill(params: Nothing): Promise<TillView>;
}

export interface DemoCalls {
  /** Virtual devices only: the goods on the demo shelf. */
  demoShelf(params: Nothing): Promise<DemoShelf>;
  /** Virtual devices only: the virtual scanner sends this code over its serial line. */
  demoScan(params: { code: string }): Promise<{ sent: true }>;
  /** Virtual devices only: what the virtual printer has on paper, newest slip first. */
  demoPaper(params: { limit: number }): Promise<DemoSlip[]>;
  /** Virtual devices only: what the virtual card terminal and wallets do with the next payments. */
  demoTerminal(params: { mode: DemoTerminalMode }): Promise<{ mode: DemoTerminalMode }>;
  /** Virtual devices only: how the played printer, scale and pole display are. */
  demoPeriphery(params: Nothing): Promise<DemoPeriphery>;
  /** Virtual devices only: paper out, cover open, cable pulled, something put on the scale. */
  demoHands(params: DemoHands): Promise<DemoPeriphery>;
}

export interface DemoPeriphery {
  readonly printer: {
    readonly paperEnd: boolean;
    readonly paperNearEnd: boolean;
    readonly coverOpen: boolean;
    readonly drawerOpen: boolean;
    readonly plugged: boolean;
  };
  /** Grams on the pan; `moving`: not at rest. */
  readonly scale: { readonly weightG: number; readonly moving: boolean };
  readonly display: readonly [string, string];
}

/** What hands do; what is left out stays as it is. */
export interface DemoHands {
  readonly paperEnd?: boolean;
  readonly paperNearEnd?: boolean;
  readonly coverOpen?: boolean;
  readonly drawerOpen?: boolean;
  /** The printer's cable. */
  readonly plugged?: boolean;
  /** The cable is pulled by itself after so many more bytes: in the middle of a slip. */
  readonly cutAfterBytes?: number;
  readonly scale?: { readonly weightG?: number; readonly moving?: boolean };
}

export type DemoTerminalMode = 'approve' | 'decline' | 'slow' | 'no_answer' | 'unreachable';
