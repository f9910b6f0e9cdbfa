/**
 * Checkout: the open basket, its member and tenders, and every change a cashier can make to them.
 *
 * Holds state, decides nothing: prices, sums and limits come from core. A change that core refuses leaves all as it was.
 */
import {
  type Addition,
  addLine,
  type Basket,
  isEmpty,
  LINE_MINOR_MAX,
  openBasket,
  setQuantity,
  setUnitPrice,
  voidLine,
} from '../core/basket.ts';
import { nameIn } from '../core/item.ts';
import type { Member } from '../core/loyalty.ts';
import { type PricedBasket, type PriceRules, priceBasket } from '../core/pricing.ts';
import { plainContext } from '../core/promotion-run.ts';
import { err, ok, type Result } from '../core/result.ts';
import { localTime } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import { type Settlement, settleTenders, type Tender } from '../core/tender.ts';
import type { TillApiError } from './api.ts';
import type { Catalog } from './catalog.ts';
import type { Parked } from './parking.ts';
import type { Session } from './session.ts';

type Done<T> = Result<T, TillApiError>;

export class Checkout {
  private readonly catalog: Catalog;
  private readonly session: Session;
  private readonly rulesVersion: () => string;
  private basketNow: Basket;
  private memberNow: Member | null = null;
  private tendersNow: readonly Tender[] = [];
  private pricedNow: PricedBasket | null = null;
  /** The line that was touched last, for the screen to show. */
  touchedLineNo: number | null = null;

  constructor(catalog: Catalog, session: Session, rulesVersion: () => string) {
    this.catalog = catalog;
    this.session = session;
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
    return this.tendersNow;
  }

  add(addition: Omit<Addition, 'name'>, store: Store): Done<number> {
    if (this.tendersNow.length > 0) return err({ kind: 'paying' });
    const named = { ...addition, name: nameIn(addition.item, store.locale) };
    const result = addLine(this.basketNow, named, { merge: store.mergeSameItem });
    if (!result.ok) return result;
    return this.accept(result.value.basket, result.value.lineNo);
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
    this.touchedLineNo = null;
    return result;
  }

  setMember(member: Member | null): Done<null> {
    if (this.tendersNow.length > 0) return err({ kind: 'paying' });
    this.memberNow = member;
    this.basketNow = { ...this.basketNow, memberId: member?.id ?? null };
    this.pricedNow = null;
    return ok(null);
  }

  tender(tender: Tender, store: Store): Done<Settlement> {
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
    this.tendersNow = tender.amountMinor === 0 ? this.tendersNow : [...this.tendersNow, tender];
    return ok(this.settlement(store));
  }

  clearTenders(): void {
    this.tendersNow = [];
  }

  /** What is at the counter, to be kept over a crash or parked. */
  parked(): Parked {
    return { basket: this.basketNow, memberId: this.memberNow?.id ?? null, tenders: this.tendersNow };
  }

  /** Puts a kept basket back on the counter. A member that is gone meanwhile is left out. */
  restore({ basket, memberId, tenders }: Parked): void {
    this.memberNow = memberId === null ? null : this.catalog.memberById(memberId);
    this.basketNow = { ...basket, memberId: this.memberNow?.id ?? null };
    this.tendersNow = tenders;
    this.pricedNow = null;
    this.touchedLineNo = null;
  }

  /** An empty basket for the next customer. */
  reset(): void {
    this.basketNow = openBasket(this.session.newId(), this.session.nowMs());
    this.memberNow = null;
    this.tendersNow = [];
    this.pricedNow = null;
    this.touchedLineNo = null;
  }

  /** Prices of the basket as it stands; worked out once a change. */
  priced(store: Store): PricedBasket {
    if (this.pricedNow === null) {
      const version = this.rulesVersion();
      const rules: PriceRules = { version, tax: store.tax, promotions: this.catalog.promotions };
      const at = localTime(this.session.nowMs(), store.timeZone);
      const member =
        this.memberNow === null
          ? null
          : { ...this.memberNow, tier: this.catalog.tier(this.memberNow.tierId) };
      this.pricedNow = priceBasket(this.basketNow, rules, {
        ...plainContext(store.id, at, store.locale),
        member,
      });
    }
    return this.pricedNow;
  }

  settlement(store: Store): Settlement {
    return settleTenders(this.priced(store).totalMinor, this.tendersNow, store.cash);
  }

  /** The feed brought other prices, rates or tiers; lines keep the price they were scanned at. */
  repriced(): void {
    if (this.tendersNow.length === 0) this.pricedNow = null;
  }

  /** The feed said that this member is another one, or nobody any more. What is being paid stays as it was shown. */
  memberAgain(): void {
    if (this.memberNow === null || this.tendersNow.length > 0) return;
    this.setMember(this.catalog.memberById(this.memberNow.id));
  }

  private change(result: Result<Basket, TillApiError>, lineNo: number): Done<number> {
    if (this.tendersNow.length > 0) return err({ kind: 'paying' });
    return result.ok ? this.accept(result.value, lineNo) : result;
  }

  private accept(basket: Basket, lineNo: number): Done<number> {
    this.basketNow = basket;
    this.pricedNow = null;
    this.touchedLineNo = lineNo;
    return ok(lineNo);
  }
}
