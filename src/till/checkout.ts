/**
 * Checkout: the open basket, its member and tenders, and every change a cashier can make to them.
 *
 * Holds state, decides nothing: prices, sums and limits come from core. A change that core refuses leaves all as it was.
 */
import {
  type Addition,
  addLine,
  addReturned,
  type Basket,
  isEmpty,
  LINE_MINOR_MAX,
  openBasket,
  type ReturnedGoods,
  setQuantity,
  setUnitPrice,
  voidLine,
} from '../core/basket.ts';
import { nameIn } from '../core/item.ts';
import type { Member } from '../core/loyalty.ts';
import { earnPoints, type SalePoints } from '../core/points.ts';
import { type PricedBasket, type PriceRules, priceBasket } from '../core/pricing.ts';
import type { CouponEntry } from '../core/promotion.ts';
import { codeOf, isAwaited } from '../core/promotion-coupon.ts';
import type { ManualDiscount, PriceContext } from '../core/promotion-run.ts';
import { limitedUses, pricedWith } from '../core/replay.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { PricedWith, RuleUses, SaleContext } from '../core/sale.ts';
import { localTime } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import { type Settlement, settleTenders, type Tender } from '../core/tender.ts';
import type { TillApiError } from './api.ts';
import type { Catalog } from './catalog.ts';
import type { Parked } from './parking.ts';
import type { RightsBook } from './rights.ts';
import type { Session } from './session.ts';

type Done<T> = Result<T, TillApiError>;

/** A tender with the id under which it was asked for; null: cash, or of an older program. */
export interface Paid {
  readonly tenderId: string | null;
  readonly tender: Tender;
}

/** The prices of a basket with what they were made of. */
export interface Pricing {
  readonly priced: PricedBasket;
  readonly with: PricedWith;
  readonly uses: readonly RuleUses[];
}

export const COUPONS_MAX = 50;

export class Checkout {
  private readonly catalog: Catalog;
  private readonly session: Session;
  private readonly rights: RightsBook;
  private readonly rulesVersion: () => string;
  private basketNow: Basket;
  private memberNow: Member | null = null;
  private paidNow: readonly Paid[] = [];
  private couponsNow: readonly CouponEntry[] = [];
  private manualNow: readonly ManualDiscount[] = [];
  private pricingNow: Pricing | null = null;
  /** A terminal is asked for money: the basket stands as it is until it has answered. */
  isHeld = false;
  /** The line that was touched last, for the screen to show. */
  touchedLineNo: number | null = null;

  constructor(catalog: Catalog, session: Session, rights: RightsBook, rulesVersion: () => string) {
    this.catalog = catalog;
    this.session = session;
    this.rights = rights;
    this.rulesVersion = rulesVersion;
    this.basketNow = openBasket(session.newId(), session.nowMs());
  }

  get basket(): Basket {
    return this.basketNow;
  }

  get member(): Member | null {
    return this.memberNow;
  }

  get tenders(): readonly Tender[] {
    return this.paidNow.map(({ tender }) => tender);
  }

  get paidTenders(): readonly Paid[] {
    return this.paidNow;
  }

  get coupons(): readonly CouponEntry[] {
    return this.couponsNow;
  }

  get manual(): readonly ManualDiscount[] {
    return this.manualNow;
  }

  /** Money has come in or is asked for: the basket is closed to changes. */
  get isPaying(): boolean {
    return this.paidNow.length > 0 || this.isHeld;
  }

  hasTender(tenderId: string): boolean {
    return this.paidNow.some((paid) => paid.tenderId === tenderId);
  }

  add(addition: Omit<Addition, 'name'>, store: Store): Done<number> {
    if (this.isPaying) return err({ kind: 'paying' });
    const named = { ...addition, name: nameIn(addition.item, store.locale) };
    const result = addLine(this.basketNow, named, { merge: store.mergeSameItem });
    if (!result.ok) return result;
    return this.accept(result.value.basket, result.value.lineNo);
  }

  /** What `add` would say; changes nothing. */
  tryAdd(addition: Omit<Addition, 'name'>, store: Store): Done<unknown> {
    const named = { ...addition, name: nameIn(addition.item, store.locale) };
    return addLine(this.basketNow, named, { merge: store.mergeSameItem });
  }

  /** All of them or none. */
  addReturned(goods: readonly ReturnedGoods[]): Done<number> {
    if (this.isPaying) return err({ kind: 'paying' });
    let basket = this.basketNow;
    let lineNo = basket.lastLineNo;
    for (const line of goods) {
      const added = addReturned(basket, line);
      if (!added.ok) return added;
      ({ basket, lineNo } = added.value);
    }
    return this.accept(basket, lineNo);
  }

  setQuantity(lineNo: number, qty: number): Done<number> {
    return this.change(setQuantity(this.basketNow, lineNo, qty), lineNo);
  }

  /** @param approvalId who let the cashier, where the role does not */
  setUnitPrice(lineNo: number, unitPriceMinor: number, approvalId?: string): Done<number> {
    return this.change(setUnitPrice(this.basketNow, lineNo, unitPriceMinor, approvalId), lineNo);
  }

  voidLine(lineNo: number): Done<number> {
    const result = this.change(voidLine(this.basketNow, lineNo), lineNo);
    if (result.ok) this.manualNow = this.manualNow.filter((discount) => discount.lineNo !== lineNo);
    this.touchedLineNo = null;
    return result;
  }

  setMember(member: Member | null): Done<null> {
    if (this.isPaying) return err({ kind: 'paying' });
    this.memberNow = member;
    this.basketNow = { ...this.basketNow, memberId: member?.id ?? null };
    this.pricingNow = null;
    return ok(null);
  }

  // ---- coupons and discounts by hand ----

  /** `unknown_coupon` for an own code that no rule waits for; a GS1 coupon of another chain goes on, with its answer. */
  addCoupon(entry: CouponEntry): Done<null> {
    if (this.isPaying) return err({ kind: 'paying' });
    const code = codeOf(entry);
    if (this.couponsNow.some((other) => codeOf(other) === code)) return err({ kind: 'coupon_twice' });
    if ('code' in entry && !isAwaited(this.catalog.promotions, code)) {
      return err({ kind: 'unknown_coupon', code: code.slice(0, 64) });
    }
    if (this.couponsNow.length >= COUPONS_MAX) return err({ kind: 'too_many_lines', linesMax: COUPONS_MAX });
    this.couponsNow = [...this.couponsNow, entry];
    this.pricingNow = null;
    return ok(null);
  }

  removeCoupon(code: string): Done<null> {
    if (this.isPaying) return err({ kind: 'paying' });
    this.couponsNow = this.couponsNow.filter((entry) => codeOf(entry) !== code);
    this.pricingNow = null;
    return ok(null);
  }

  /** Puts a discount by hand on a line or the order, instead of the one that is there; null takes it off. */
  setManual(lineNo: number | null, discount: Omit<ManualDiscount, 'lineNo'> | null): Done<null> {
    if (this.isPaying) return err({ kind: 'paying' });
    if (lineNo !== null && !this.basketNow.lines.some((line) => line.lineNo === lineNo)) {
      return err({ kind: 'no_such_line', lineNo });
    }
    const others = this.manualNow.filter((other) => other.lineNo !== lineNo);
    this.manualNow = discount === null ? others : [...others, { lineNo, ...discount }];
    this.pricingNow = null;
    return ok(null);
  }

  // ---- tenders ----

  /** Cash: more than is due gives change. */
  tender(tender: Tender, store: Store, tenderId: string | null = null): Done<Settlement> {
    if (isEmpty(this.basketNow)) return err({ kind: 'empty_basket' });
    if (Math.abs(tender.amountMinor) > LINE_MINOR_MAX) {
      return err({ kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX });
    }
    const before = this.settlement(store);
    // Paying out is to the cent and once; paying in may come in parts.
    const refund = this.priced(store).totalMinor < 0;
    const fits = refund
      ? tender.amountMinor === before.dueMinor
      : tender.amountMinor > 0 || before.dueMinor === 0;
    if (!fits) return err({ kind: 'not_enough', dueMinor: before.dueMinor });
    // Nothing in cash settles the cents that a card has left and no coin can pay.
    if (tender.amountMinor !== 0 || !before.settled) this.paid({ tenderId, tender });
    return ok(this.settlement(store));
  }

  /** Takes a tender that was checked and is paid. */
  paid(paid: Paid): void {
    this.paidNow = [...this.paidNow, paid];
  }

  /** Keeps only these tenders. */
  keepTenders(keeps: (paid: Paid) => boolean): void {
    this.paidNow = this.paidNow.filter(keeps);
  }

  // ---- kept over a crash ----

  /** What is at the counter, to be kept over a crash or parked. */
  parked(): Parked {
    return {
      basket: this.basketNow,
      memberId: this.memberNow?.id ?? null,
      tenders: this.tenders,
      tenderIds: this.paidNow.map(({ tenderId }) => tenderId),
      coupons: this.couponsNow,
      manual: this.manualNow,
      // What has been paid in part keeps its prices, whatever the clock and the feed say after a restart.
      ...(this.isPaying && this.pricingNow !== null ? { pricing: this.pricingNow } : {}),
    };
  }

  /** Puts a kept basket back on the counter. A member that is gone meanwhile is left out. */
  restore(parked: Parked): void {
    const { basket, memberId, tenders } = parked;
    this.memberNow = memberId === null ? null : this.catalog.memberById(memberId);
    // What is paid in part stays the sale that the customer saw.
    this.basketNow = tenders.length > 0 ? basket : { ...basket, memberId: this.memberNow?.id ?? null };
    this.paidNow = tenders.map((tender, index) => ({ tenderId: parked.tenderIds?.[index] ?? null, tender }));
    this.couponsNow = parked.coupons ?? [];
    this.manualNow = parked.manual ?? [];
    this.pricingNow = parked.pricing ?? null;
    this.touchedLineNo = null;
  }

  /** An empty basket for the next customer. */
  reset(): void {
    this.basketNow = openBasket(this.session.newId(), this.session.nowMs());
    this.memberNow = null;
    this.paidNow = [];
    this.couponsNow = [];
    this.manualNow = [];
    this.pricingNow = null;
    this.touchedLineNo = null;
    this.isHeld = false;
  }

  // ---- prices ----

  /** Prices of the basket as it stands; worked out once a change. */
  priced(store: Store): PricedBasket {
    return this.pricing(store).priced;
  }

  /** The same with what they were made of. */
  pricing(store: Store): Pricing {
    this.pricingNow ??= this.price(store);
    return this.pricingNow;
  }

  private price(store: Store): Pricing {
    const { promotions } = this.catalog;
    const rules: PriceRules = { version: this.rulesVersion(), tax: store.tax, promotions };
    const coupons = this.couponsNow;
    const member = this.memberNow;
    const context: PriceContext = {
      at: localTime(this.session.nowMs(), store.timeZone),
      storeId: store.id,
      locale: store.locale,
      member: member === null ? null : this.shopper(member),
      coupons,
      usesLeft: this.rights.usesLeft(promotions, { memberId: member?.id ?? null, coupons }),
      manual: this.manualNow,
    };
    const priced = priceBasket(this.basketNow, rules, context);
    return {
      priced,
      with: pricedWith(context, { promotions, taxRounding: store.tax.rounding }),
      uses: limitedUses(promotions, priced.uses),
    };
  }

  private shopper(member: Member): NonNullable<PriceContext['member']> {
    const segments = this.catalog.memberSegments(member.id);
    return { ...member, tier: this.catalog.tier(member.tierId), segments };
  }

  /** What the basket, paid as it is so far, earns; null: no member, or no programme. */
  points(store: Store): SalePoints | null {
    const { programme } = this.catalog;
    if (programme === null || this.memberNow === null) return null;
    const { priced, with: given } = this.pricing(store);
    const { birthday } = this.memberNow;
    const earner = { tierId: given.tier?.id ?? null, ...(birthday === undefined ? {} : { birthday }) };
    const ticket = { lines: priced.lines, tenders: this.tenders };
    return earnPoints(programme, earner, given.at, ticket, priced.taxMode);
  }

  /** What the sale keeps beside its lines and tenders. */
  context(store: Store): SaleContext {
    const { with: priced, uses } = this.pricing(store);
    return { priced, points: this.points(store), ...(uses.length === 0 ? {} : { uses }) };
  }

  settlement(store: Store): Settlement {
    return settleTenders(this.priced(store).totalMinor, this.tenders, store.cash);
  }

  /** The feed brought other prices, rates or tiers; lines keep the price they were scanned at. */
  repriced(): void {
    if (!this.isPaying) this.pricingNow = null;
  }

  /** The feed said that this member is another one, or nobody any more. What is being paid stays as it was shown. */
  memberAgain(): void {
    if (this.memberNow === null || this.tenders.length > 0) return;
    this.setMember(this.catalog.memberById(this.memberNow.id));
  }

  private change(result: Result<Basket, TillApiError>, lineNo: number): Done<number> {
    if (this.isPaying) return err({ kind: 'paying' });
    return result.ok ? this.accept(result.value, lineNo) : result;
  }

  private accept(basket: Basket, lineNo: number): Done<number> {
    this.basketNow = basket;
    this.pricingNow = null;
    this.touchedLineNo = lineNo;
    return ok(lineNo);
  }
}
