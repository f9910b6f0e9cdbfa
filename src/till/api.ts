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
import type { NearMiss } from '../core/near-miss.ts';
import type { Patch } from '../core/patch.ts';
import type { Permission } from '../core/people.ts';
import type { PricedLine } from '../core/pricing.ts';
import type { CouponAnswer } from '../core/promotion-coupon.ts';
import type { ManualAnswer } from '../core/promotion-manual.ts';
import type { Readiness } from '../core/readiness.ts';
import type { TaxTotal } from '../core/tax.ts';
import type { CardProof, DeclineReason, TenderKind, WalletKind } from '../core/tender.ts';
import type {
  DemoCalls,
  MemberCalls,
  PayCalls,
  PeopleCalls,
  ReturnCalls,
  SellingCalls,
  ShiftCalls,
  StoreCalls,
} from './api-calls.ts';
import type { DeviceCalls, DeviceRole, DevicesView, ScaleWhy } from './api-devices.ts';

export type { StoreMember, StorePage } from '../core/store-page.ts';
export type { DeclineReason } from '../core/tender.ts';
export type * from './api-calls.ts';
export type * from './api-devices.ts';

export type TillApi = SellingCalls &
  PayCalls &
  ReturnCalls &
  MemberCalls &
  PeopleCalls &
  ShiftCalls &
  StoreCalls &
  DeviceCalls &
  DemoCalls;

export type TillMethod = keyof TillApi;
export type TillParams<M extends TillMethod> = Parameters<TillApi[M]>[0];
export type TillResult<M extends TillMethod> = Awaited<ReturnType<TillApi[M]>>;

export type TillRequest = { [M in TillMethod]: { id: number; method: M; params: TillParams<M> } }[TillMethod];
/** With a picture, it is the one that the answer holds; `viewVersion` stands for it there. */
export type TillResponse =
  | ({ id: number; result: unknown } & Partial<TillPicture>)
  | { id: number; error: TillApiError };
export type TillPush = TillPicture;
/** Whole, or what changed since the picture with the version `from`. */
export type TillPicture = { view: TillView } | { patch: Patch; from: number };

/** Why a call did nothing. Kinds are stable; the screen has a sentence for each. */
export type TillApiError =
  | ScanError
  | BasketError
  | { readonly kind: 'unknown_code'; readonly code: string }
  | { readonly kind: 'unknown_member' }
  /** The scanner types for another country's keyboard. */
  | { readonly kind: 'scanner_layout' }
  | { readonly kind: 'unknown_receipt' }
  | { readonly kind: 'not_refundable' }
  | { readonly kind: 'already_refunded'; readonly receiptNo: string }
  | { readonly kind: 'empty_basket' }
  | { readonly kind: 'basket_changed' }
  | { readonly kind: 'not_enough'; readonly dueMinor: number }
  | { readonly kind: 'paying' }
  /** More than is due, by a tender that gives no change. */
  | { readonly kind: 'too_much'; readonly dueMinor: number }
  /** This cashier may not: `approve` by somebody who may, then call again with the `approvalId`. */
  | { readonly kind: 'needs_approval'; readonly permission: Permission }
  | { readonly kind: 'signed_off' }
  | { readonly kind: 'wrong_pin'; readonly triesLeft: number }
  | { readonly kind: 'locked_out'; readonly untilMs: number }
  | { readonly kind: 'unknown_staff' }
  /** The till holds no right to spend this, or less than wanted. */
  | { readonly kind: 'no_right'; readonly usable: number }
  | { readonly kind: 'points_step'; readonly stepPoints: number }
  | { readonly kind: 'points_cap'; readonly capMinor: number }
  | { readonly kind: 'no_programme' }
  | { readonly kind: 'no_member' }
  | { readonly kind: 'tender_declined'; readonly reason: DeclineReason }
  | { readonly kind: 'tender_pending' }
  /** Money that is to go back to a card or wallet is not back yet; the till keeps trying. */
  | { readonly kind: 'reverse_pending'; readonly amountMinor: number }
  /** The terminal will not take this payment back: it stays, and stands on the basket while that is open. */
  | { readonly kind: 'reverse_refused'; readonly amountMinor: number }
  | { readonly kind: 'no_terminal' }
  | { readonly kind: 'not_a_pay_code' }
  /** 13 to 19 digits that may be a card number: dropped, kept nowhere. */
  | { readonly kind: 'card_number' }
  /** A pay code came in while nothing is to be paid by it. */
  | { readonly kind: 'pay_code_now' }
  | { readonly kind: 'voucher_used'; readonly receiptNo: string }
  | { readonly kind: 'coupon_twice' }
  | { readonly kind: 'unknown_coupon'; readonly code: string }
  | { readonly kind: 'over_refund'; readonly lineNo: number; readonly qtyLeft: number }
  /** The receipt has more lines than its QR: it comes back at the till that sold it, or online. */
  | { readonly kind: 'receipt_head_only'; readonly receiptNo: string }
  | { readonly kind: 'receipt_forged' }
  | { readonly kind: 'receipt_unreadable' }
  | { readonly kind: 'receipt_other_chain' }
  | { readonly kind: 'over_exposure'; readonly limitMinor: number }
  | { readonly kind: 'phone_known'; readonly memberId: string }
  | { readonly kind: 'bad_phone' }
  | { readonly kind: 'consent_needed' }
  | { readonly kind: 'in_training' }
  | { readonly kind: 'unknown_hold' }
  | { readonly kind: 'basket_not_empty' }
  | { readonly kind: 'too_many_holds'; readonly holdsMax: number }
  | { readonly kind: 'shift_open' }
  | { readonly kind: 'no_shift' }
  | { readonly kind: 'not_ready' }
  | { readonly kind: 'no_virtual_devices' }
  /** After their day, and this store blocks them: `enter` the code again with `sellExpired`. */
  | { readonly kind: 'expired_goods'; readonly expiry: string; readonly code?: string }
  /** After their day; they are on the basket, and somebody should look. */
  | { readonly kind: 'expired_sold'; readonly expiry: string }
  /** What is in the way of a weight. */
  | { readonly kind: 'scale'; readonly why: ScaleWhy }
  /** Another role holds this line already. */
  | { readonly kind: 'device_taken'; readonly by: DeviceRole }
  /** Set on the command line, or this till has no device page. */
  | { readonly kind: 'device_fixed' }
  | { readonly kind: 'bad_device'; readonly what: string }
  /** The printer does not tell how its drawer is. */
  | { readonly kind: 'drawer_silent' }
  | { readonly kind: 'journal'; readonly detail: 'disk_full' | 'io' }
  | { readonly kind: 'bad_request'; readonly what: string }
  | { readonly kind: 'internal' };

/** What an entered text did. */
export type EnterOutcome =
  /** `expired`: the day the goods were to be used by, where it is over. */
  | { readonly kind: 'line'; readonly lineNo: number; readonly view: TillView; readonly expired?: string }
  | { readonly kind: 'member'; readonly view: TillView }
  /** A receipt, by its number or its QR: show what of it may come back. */
  | { readonly kind: 'receipt'; readonly receipt: string; readonly sale: SaleCard }
  /** A coupon, or a pay code that was waited for: its answer is in the view. */
  | { readonly kind: 'taken'; readonly view: TillView }
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
  readonly people: PeopleView;
  /** Nothing that is rung up counts. */
  readonly training: boolean;
  /** How well this till would do with the line down. */
  readonly readiness: Readiness;
  /** A fire drill that runs, or the last one's report; null: none since the start. */
  readonly drill: DrillView | null;
  readonly clock: ClockView;
  readonly businessDate: string;
  readonly timeZone: string;
  readonly locale: Locale;
  readonly sync: SyncView;
  readonly printer: PrinterView;
  readonly scanner: { readonly state: 'ready' | 'absent' | 'none'; readonly detail: string | null };
  readonly devices: DevicesView;
  readonly basket: BasketView;
  readonly member: MemberView | null;
  readonly payment: PaymentView;
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

export interface PeopleView {
  /** `open`: the store has no staff list yet, anybody sells and may do all. */
  readonly state: 'open' | 'signed_on' | 'signed_off';
  readonly roleName: string | null;
  readonly permissions: readonly Permission[];
  /** Discount by hand without approval: 1000 = 10 %. */
  readonly discountLimitBp: number;
}

export interface ClockView {
  /** `jumped`: it moved by itself; `skewed`: HQ's clock says otherwise. Told until the cashier has seen it. */
  readonly state: 'ok' | 'jumped' | 'skewed';
  /** This till's clock less what it should be: below zero is behind. */
  readonly byMs: number;
}

export interface PaymentView {
  /** What cash would settle: rounded as the store rounds. Below zero: to be paid out. */
  readonly dueMinor: number;
  /** What any other tender would have to pay, to the cent. */
  readonly exactDueMinor: number;
  readonly tenderedMinor: number;
  readonly roundingMinor: number;
  readonly quickMinor: readonly number[];
  readonly tenders: readonly TenderCard[];
  /** A card or wallet payment that the terminal is working on. */
  readonly pending: PendingView | null;
  /** Tender kinds that this till can take now. */
  readonly kinds: readonly TenderKind[];
  readonly points: PointsOffer | null;
  /** null: no member. */
  readonly storedValueMinor: number | null;
  /** On money going back: where it goes, original tenders in reverse; empty otherwise. */
  readonly payBack: readonly PayBack[];
}

export interface TenderCard {
  readonly kind: TenderKind;
  readonly amountMinor: number;
  /** Brand and last four, wallet, points, card or voucher number: what tells it from another. */
  readonly detail: string | null;
}

export interface PendingView {
  readonly kind: 'card' | 'wallet';
  /** Below zero: going back. */
  readonly amountMinor: number;
  readonly wallet: WalletKind | null;
  /** `code`: the customer's pay code is waited for. `unknown`: the line broke; the terminal is asked what became of it. */
  readonly state: 'code' | 'waiting' | 'unknown' | 'cancelling';
  readonly sinceMs: number;
}

export interface PointsOffer {
  /** Points that this till holds a lease for. */
  readonly usable: number;
  /** Most that this sale takes: by lease, step, cap and due. */
  readonly maxPoints: number;
  readonly maxWorthMinor: number;
  readonly stepPoints: number;
  /** What `points` pay: `points` points for `worthMinor`. */
  readonly rate: { readonly points: number; readonly worthMinor: number };
}

export interface PayBack {
  readonly kind: TenderKind;
  /** Above zero: goes out. */
  readonly amountMinor: number;
  readonly card: CardProof | null;
}

/** A message of the till's own accord. `id` counts up, so the same words twice are two notices. */
export interface Notice {
  readonly id: number;
  readonly level: 'good' | 'bad';
  readonly error: TillApiError | null;
  /** A scan that needs a number first; the screen asks for it. */
  readonly ask: EnterOutcome | null;
}

export interface DrillView {
  /** The line is cut until then; null: it is over. */
  readonly untilMs: number | null;
  readonly report: DrillReport | null;
}

/** What the score promised before a drill, and what then happened. */
export interface DrillReport {
  readonly startedAtMs: number;
  readonly endedAtMs: number;
  readonly promised: Readiness;
  readonly sales: number;
  readonly totalMinor: number;
  /** Sales that spent points, stored value, a gift card, a limited offer: each from what the till held. */
  readonly byRights: number;
  /** Payments that were refused since the till held no right to them. */
  readonly refusedRights: number;
  readonly slipsWaiting: number;
  /** Nothing failed that the score had not named. */
  readonly keptItsWord: boolean;
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
  /** Codes as they were entered, and what became of each. */
  readonly coupons: readonly CouponAnswer[];
  readonly manual: readonly ManualAnswer[];
  /** What is short of an offer, largest gain first. */
  readonly nearMisses: readonly NearMiss[];
  /** Points that this basket would earn; null: no member, or no programme. */
  readonly earnPoints: number | null;
}

export interface MemberView {
  readonly id: string;
  readonly name: string;
  readonly cardNo: string;
  readonly phoneTail: string | null;
  readonly tierName: string;
  readonly tierDiscountBp: number;
  readonly birthday: string | null;
  /** Today, in the next seven days, or neither. */
  readonly birthdayNear: 'today' | 'soon' | null;
  readonly tags: readonly string[];
  /** Enrolled here and not yet known to HQ. */
  readonly provisional: boolean;
  readonly points: PointsView | null;
  readonly storedValue: { readonly usableMinor: number } | null;
  /** In this store as far as this till knows; null: nothing known. */
  readonly visits: number | null;
  readonly lastVisit: string | null;
  /** Newest first, this till's own sales included at once. */
  readonly lastPurchases: readonly LastPurchase[];
  readonly suggestions: readonly ItemHit[];
}

export interface PointsView {
  /** HQ's balance and when HQ said so; null: not told yet. */
  readonly confirmed: number | null;
  readonly confirmedAtMs: number | null;
  /** May be spent here, now, with the line down. */
  readonly usable: number;
  /** Earned here since HQ's balance. */
  readonly pending: number;
}

export interface LastPurchase {
  readonly date: string;
  readonly totalMinor: number;
  readonly items: readonly string[];
}

export interface LastSale {
  readonly saleId: string;
  readonly kind: 'sale' | 'refund' | 'exchange';
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
  readonly kind: 'sale' | 'refund' | 'exchange';
  readonly receiptNo: string;
  readonly atMs: number;
  readonly totalMinor: number;
  /** What a refund of it pays back in cash, rounded as the store rounds; positive. */
  readonly refundMinor: number;
  readonly pieces: number;
  readonly memberName: string | null;
  readonly lines: readonly PricedLine[];
  /** What may still come back, one a line that was sold. */
  readonly returnable: readonly ReturnableLine[];
  /** Where the receipt came from: this till's journal, or a signed QR of another. */
  readonly from: 'journal' | 'token';
  readonly refundedBy: string | null;
  /** Acknowledged by HQ. */
  readonly synced: boolean;
}

export interface ReturnableLine {
  readonly lineNo: number;
  readonly name: string;
  readonly qtySold: number;
  readonly qtyLeft: number;
  /** What each unit still here pays back, tax included, in the order in which they come back. */
  readonly unitNetsMinor: readonly number[];
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
