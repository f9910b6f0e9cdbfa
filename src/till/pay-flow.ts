/**
 * The way from a tender to a sale: what is checked, what is asked of a terminal, what is settled and committed.
 */
import { isEmpty, LINE_MINOR_MAX } from '../core/basket.ts';
import { rightKey } from '../core/lease.ts';
import { pointsFor, pointsLimit, pointsWorth } from '../core/points.ts';
import { walletOf } from '../core/private-code.ts';
import { closeSale } from '../core/sale.ts';
import type { Store } from '../core/store.ts';
import { exactDue, type Tender, type WalletKind } from '../core/tender.ts';
import type { PayOutcome, PendingView, TenderAsk, TillView } from './api.ts';
import type { Paid } from './checkout.ts';
import type { Counter } from './counter.ts';
import { PayAway } from './pay-away.ts';
import { cashInstead, isBound, payBackPlan } from './pay-back.ts';
import { type PaymentRow, tenderOf } from './payment-rows.ts';
import { errorOf, must, TillRefusal } from './refusal.ts';
import type { Till } from './till.ts';

interface Ask {
  readonly basketId: string;
  readonly totalMinor?: number | undefined;
}

/** A pay code that the next scan is to bring. */
interface Awaited {
  readonly basketId: string;
  readonly tenderId: string;
  readonly amountMinor: number;
  readonly sinceMs: number;
}

export class PayFlow {
  private readonly counter: Counter;
  private readonly till: Till;
  readonly away: PayAway;
  private awaited: Awaited | null = null;

  constructor(counter: Counter) {
    this.counter = counter;
    this.till = counter.till;
    this.away = new PayAway(counter.till, {
      approved: (row) => this.approved(row),
      declined: (_, reason) => this.answered({ kind: 'tender_declined', reason }),
      takenBack: (row, how) => this.takenBack(row, how),
      changed: () => void counter.changed(),
    });
    this.till.onStop = () => this.away.stop();
  }

  /** What was under way when the till went down. */
  resume(): void {
    const { checkout, payments, projections } = this.till;
    for (const row of payments.all()) {
      if (row.state === 'reversing' || row.state === 'owed') {
        // The basket that was kept may be older than the row.
        if (row.state === 'reversing') checkout.keepTenders(({ tenderId }) => tenderId !== row.tenderId);
        void this.away.keepTrying(row);
      } else if (projections.saleById(row.basketId) !== null) payments.settle(row.basketId);
      else if (row.basketId !== checkout.basket.id) this.orphan(row);
      else if (row.state === 'asked') {
        checkout.isHeld = true;
        this.away.resume(row);
      } else if (row.state === 'approved' && !checkout.hasTender(row.tenderId)) {
        checkout.paid({ tenderId: row.tenderId, tender: tenderOf(row) });
      }
    }
    // Kept with prices for a payment that never came about.
    checkout.repriced();
    const { store } = this.till.catalog;
    if (store === null || this.away.pending !== null || checkout.tenders.length === 0) return;
    try {
      this.settle(store);
    } catch (cause) {
      errorOf(cause, this.till.config.log);
    }
  }

  /** Its basket is neither open nor sold: money that came in goes back, money that is owed goes out. */
  private orphan(row: PaymentRow): void {
    const { payments } = this.till;
    if (row.state === 'declined' || (row.state === 'approved' && row.amountMinor < 0)) {
      return payments.drop(row.requestId);
    }
    const state = row.amountMinor < 0 ? 'owed' : 'reversing';
    void this.away.keepTrying(payments.put({ ...row, state }));
  }

  // ---- money in ----

  payCash({ basketId, totalMinor, amountMinor }: Ask & { readonly amountMinor: number }): PayOutcome {
    const store = this.counter.store();
    const done = this.before({ basketId, totalMinor }, store);
    if (done !== null) return done;
    if (payBackPlan(this.till, store).some(({ kind }) => kind !== 'cash')) {
      throw new TillRefusal({ kind: 'needs_approval', permission: 'refund_to_cash' });
    }
    return this.takeCash(amountMinor, null, store);
  }

  private takeCash(amountMinor: number, tenderId: string | null, store: Store): PayOutcome {
    const before = this.till.checkout.paidTenders;
    must(this.till.checkout.tender({ kind: 'cash', amountMinor }, store, tenderId));
    return this.settleOr(before, store);
  }

  pay(ask: Ask & { readonly tenderId: string; readonly tender: TenderAsk }): PayOutcome {
    const { tender, tenderId } = ask;
    const store = this.counter.store();
    const done = this.before(ask, store, tenderId);
    if (done !== null) return done;
    if (tender.kind === 'cash') {
      this.mustComeIn(store);
      return this.takeCash(tender.amountMinor, tenderId, store);
    }
    if (tender.kind === 'card' || tender.kind === 'wallet') return this.payAway(ask, tender, store);
    const made = this.localTender(tender, store);
    const before = this.till.checkout.paidTenders;
    this.till.checkout.paid({ tenderId, tender: made });
    return this.settleOr(before, store);
  }

  /** Not on disk, so not paid: the cashier then sees the basket as it was and can try again. */
  private settleOr(before: readonly Paid[], store: Store): PayOutcome {
    try {
      return this.settle(store);
    } catch (cause) {
      this.till.checkout.keepTenders((paid) => before.includes(paid));
      throw cause;
    }
  }

  private payAway(
    ask: Ask & { readonly tenderId: string },
    tender: Extract<TenderAsk, { kind: 'card' | 'wallet' }>,
    store: Store,
  ): PayOutcome {
    const { amountMinor, kind } = tender;
    const { tenderId, basketId } = ask;
    if (!this.away.takes(kind)) throw new TillRefusal({ kind: 'no_terminal' });
    this.mustFit(amountMinor, store);
    if (kind === 'card') return this.begin({ tenderId, kind, amountMinor, proof: null }, null);
    if (tender.code === undefined) {
      this.awaited = { basketId, tenderId, amountMinor, sinceMs: this.till.session.nowMs() };
      this.till.checkout.isHeld = true;
      return { settled: false, view: this.counter.changed() };
    }
    const code = tender.code.trim();
    const wallet = walletOf(code);
    if (wallet === null) throw new TillRefusal({ kind: 'not_a_pay_code' });
    return this.begin({ tenderId, kind, amountMinor, proof: null }, { kind: wallet, code });
  }

  /** A pay code was scanned. @returns false when none is waited for */
  scanned(code: string): boolean {
    const { awaited } = this;
    const wallet = walletOf(code);
    if (awaited === null || wallet === null) return false;
    this.awaited = null;
    const { tenderId, amountMinor } = awaited;
    this.begin({ tenderId, kind: 'wallet', amountMinor, proof: null }, { kind: wallet, code });
    return true;
  }

  /** In training nobody's money moves: the terminal is played, and always pays. */
  private practise(
    { tenderId, kind, amountMinor }: Pick<PaymentRow, 'tenderId' | 'kind' | 'amountMinor'>,
    wallet: WalletKind | null,
  ): PayOutcome {
    const before = this.till.checkout.paidTenders;
    const tender: Tender =
      kind === 'card'
        ? {
            kind,
            amountMinor,
            card: { token: 'training', approval: '000000', brand: 'TRAINING', last4: '0000' },
          }
        : { kind, amountMinor, wallet: { wallet: wallet ?? 'wechat', ref: 'training' } };
    this.till.checkout.isHeld = false;
    this.till.checkout.paid({ tenderId, tender });
    return this.settleOr(before, this.counter.store());
  }

  private begin(
    asked: Pick<PaymentRow, 'tenderId' | 'kind' | 'amountMinor' | 'proof'>,
    wallet: Parameters<PayAway['begin']>[1],
  ): PayOutcome {
    if (this.till.training) return this.practise(asked, wallet?.kind ?? null);
    const { checkout, session, payments, parking } = this.till;
    const row: PaymentRow = {
      ...asked,
      requestId: session.newId(),
      basketId: checkout.basket.id,
      state: 'asked',
      reason: null,
      atMs: session.nowMs(),
    };
    checkout.isHeld = true;
    try {
      // The basket first: a payment must find what it is for.
      parking.saveNow();
      payments.put(row);
    } catch (cause) {
      checkout.isHeld = false;
      throw cause;
    }
    this.away.begin(row, wallet);
    return { settled: false, view: this.counter.changed() };
  }

  private localTender(ask: Exclude<TenderAsk, { kind: 'cash' | 'card' | 'wallet' }>, store: Store): Tender {
    switch (ask.kind) {
      case 'points':
        return this.pointsTender(ask.points, store);
      case 'stored_value':
        return this.storedValueTender(ask.amountMinor, store);
      case 'gift_card': {
        const giftCardId = ask.code.trim();
        if (giftCardId === '') throw new TillRefusal({ kind: 'unknown_code', code: '' });
        this.mustFit(ask.amountMinor, store);
        const usable =
          this.till.rights.usable(rightKey.giftCard(giftCardId)) - this.tendered('gift_card', giftCardId);
        if (ask.amountMinor > usable) throw new TillRefusal({ kind: 'no_right', usable });
        return { kind: 'gift_card', amountMinor: ask.amountMinor, giftCardId };
      }
      case 'voucher':
        return this.voucherTender(ask, store);
    }
  }

  private pointsTender(points: number, store: Store): Tender {
    const { programme } = this.till.catalog;
    if (programme === null) throw new TillRefusal({ kind: 'no_programme' });
    if (this.till.checkout.member === null) throw new TillRefusal({ kind: 'no_member' });
    const { stepPoints } = programme.spend;
    if (points % stepPoints !== 0) throw new TillRefusal({ kind: 'points_step', stepPoints });
    const { usable, limit, dueMinor } = pointsRoom(this.till, store)!;
    if (points > usable) throw new TillRefusal({ kind: 'no_right', usable });
    const amountMinor = pointsWorth(programme.spend, points);
    if (amountMinor > dueMinor) throw new TillRefusal({ kind: 'too_much', dueMinor });
    if (amountMinor > limit.capMinor) throw new TillRefusal({ kind: 'points_cap', capMinor: limit.capMinor });
    if (amountMinor === 0) throw new TillRefusal({ kind: 'points_step', stepPoints });
    // Only what the worth takes: points that pay no whole minor unit stay with the member.
    return { kind: 'points', amountMinor, points: pointsFor(programme.spend, amountMinor) };
  }

  private storedValueTender(amountMinor: number, store: Store): Tender {
    const { rights, checkout } = this.till;
    if (checkout.member === null) throw new TillRefusal({ kind: 'no_member' });
    this.mustFit(amountMinor, store);
    const { id } = checkout.member;
    const plain = rights.usable(rightKey.storedValue(id)) - this.tendered('stored_value', 'plain');
    const usable = plain + rights.usable(rightKey.storedBonus(id)) - this.tendered('stored_value', 'bonus');
    if (amountMinor > usable) throw new TillRefusal({ kind: 'no_right', usable });
    const bonusMinor = Math.max(0, amountMinor - plain);
    return { kind: 'stored_value', amountMinor, ...(bonusMinor === 0 ? {} : { bonusMinor }) };
  }

  private voucherTender(
    { faceMinor, voucherNo }: Extract<TenderAsk, { kind: 'voucher' }>,
    store: Store,
  ): Tender {
    const { checkout, projections } = this.till;
    this.mustComeIn(store);
    const dueMinor = this.dueOf(store);
    if (dueMinor === 0) throw new TillRefusal({ kind: 'too_much', dueMinor });
    projections.catchUp();
    const receiptNo = projections.money.voucherReceipt(voucherNo);
    if (receiptNo !== null) throw new TillRefusal({ kind: 'voucher_used', receiptNo });
    const here = checkout.tenders.some(
      (tender) => tender.kind === 'voucher' && tender.voucherNo === voucherNo,
    );
    if (here) throw new TillRefusal({ kind: 'voucher_used', receiptNo: '' });
    return { kind: 'voucher', amountMinor: Math.min(faceMinor, dueMinor), voucherNo, faceMinor };
  }

  /** What this basket has tendered already of a right that the journal does not know yet. */
  private tendered(kind: 'gift_card' | 'stored_value', which: string): number {
    return this.till.checkout.tenders.reduce((sum, tender) => {
      if (tender.kind !== kind || tender.amountMinor < 0) return sum;
      if (tender.kind === 'gift_card') return tender.giftCardId === which ? sum + tender.amountMinor : sum;
      const bonusMinor = tender.bonusMinor ?? 0;
      return sum + (which === 'bonus' ? bonusMinor : tender.amountMinor - bonusMinor);
    }, 0);
  }

  private mustComeIn(store: Store): void {
    const { totalMinor } = this.till.checkout.priced(store);
    if (totalMinor < 0) throw new TillRefusal({ kind: 'too_much', dueMinor: totalMinor });
  }

  private mustFit(amountMinor: number, store: Store): void {
    this.mustComeIn(store);
    if (amountMinor > LINE_MINOR_MAX) {
      throw new TillRefusal({ kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX });
    }
    const dueMinor = this.dueOf(store);
    if (amountMinor > dueMinor) throw new TillRefusal({ kind: 'too_much', dueMinor });
  }

  private dueOf(store: Store): number {
    const { checkout } = this.till;
    return exactDue(checkout.priced(store).totalMinor, checkout.tenders, store.cash);
  }

  // ---- money back ----

  payBack(
    ask: Ask & {
      readonly tenderId: string;
      readonly to: 'original' | 'cash';
      readonly approvalId?: string | undefined;
    },
  ): PayOutcome {
    const store = this.counter.store();
    const done = this.before(ask, store, ask.tenderId);
    if (done !== null) return done;
    const { checkout } = this.till;
    const plan = payBackPlan(this.till, store);
    const [next] = plan;
    if (next === undefined) {
      // All of it went back, and the disk did not take the sale then.
      const again = checkout.tenders.length === 0 ? null : this.settle(store);
      if (again?.settled === true) return again;
      throw new TillRefusal({ kind: 'not_enough', dueMinor: checkout.settlement(store).dueMinor });
    }
    if (ask.to === 'cash' && plan.some(({ kind }) => kind !== 'cash')) {
      this.till.approvals.must(ask.approvalId, 'refund_to_cash');
      return this.backInCash(plan.filter(isBound), ask.tenderId, store);
    }
    if (next.kind === 'card' || next.kind === 'wallet') {
      const { kind, amountMinor } = next;
      if (!this.away.takes(kind)) throw new TillRefusal({ kind: 'no_terminal' });
      const proof = next.kind === 'card' ? next.card : next.wallet;
      return this.begin({ tenderId: ask.tenderId, kind, amountMinor, proof }, null);
    }
    const before = checkout.paidTenders;
    checkout.paid({ tenderId: ask.tenderId, tender: next });
    return this.settleOr(before, store);
  }

  /** What is bound goes back where it came from all the same. */
  private backInCash(bound: readonly Tender[], tenderId: string, store: Store): PayOutcome {
    const before = this.till.checkout.paidTenders;
    const cash = cashInstead(this.till, store);
    for (const tender of [...bound, ...(cash === null ? [] : [cash])]) {
      this.till.checkout.paid({ tenderId, tender });
    }
    return this.settleOr(before, store);
  }

  // ---- answers ----

  private approved(row: PaymentRow): void {
    const { checkout, parking } = this.till;
    if (checkout.basket.id !== row.basketId) {
      this.orphan(row);
      return;
    }
    checkout.isHeld = false;
    checkout.paid({ tenderId: row.tenderId, tender: tenderOf(row) });
    try {
      parking.saveNow();
      if (!this.settle(this.counter.store()).settled) this.counter.changed();
    } catch (cause) {
      // The money is in and stays: the basket can be finished once the disk takes it.
      this.counter.say({ level: 'bad', error: errorOf(cause, this.till.config.log), ask: null });
    }
  }

  private answered(error: NonNullable<Parameters<Counter['say']>[0]['error']>): void {
    this.release();
    this.counter.say({ level: 'bad', error, ask: null });
  }

  /** Nobody is asked for money any more; what the feed brought meanwhile counts now, unless a part is paid. */
  private release(): void {
    this.till.checkout.isHeld = false;
    this.till.checkout.repriced();
  }

  private takenBack(row: PaymentRow, how: 'done' | 'pending' | 'refused'): void {
    const { checkout, payments } = this.till;
    const { amountMinor } = row;
    if (how === 'done') {
      this.counter.changed();
      return;
    }
    if (how === 'pending') {
      this.answered({ kind: 'reverse_pending', amountMinor });
      return;
    }
    if (amountMinor > 0 && row.proof !== null && checkout.basket.id === row.basketId && !checkout.isHeld) {
      checkout.paid({
        tenderId: row.tenderId,
        tender: tenderOf(payments.put({ ...row, state: 'approved' })),
      });
    }
    this.counter.say({ level: 'bad', error: { kind: 'reverse_refused', amountMinor }, ask: null });
  }

  // ---- taking back, settling ----

  cancel(): TillView {
    if (this.awaited !== null) {
      this.awaited = null;
      this.release();
    }
    this.away.cancel();
    return this.counter.changed();
  }

  /**
   * Takes back what was tendered so far. What went back to a card or wallet already stays.
   *
   * @throws TillRefusal `tender_pending` while a terminal is asked
   */
  async clear(): Promise<TillView> {
    this.mustRest();
    const { checkout, payments, parking } = this.till;
    const stays = ({ tender }: Paid) => isAway(tender) && tender.amountMinor < 0 && !this.till.training;
    const rows = checkout.paidTenders
      .filter((paid) => isAway(paid.tender) && !stays(paid) && !this.till.training)
      .map((paid) => this.rowOf(paid));
    payments.putAll(rows);
    checkout.keepTenders(stays);
    checkout.repriced();
    parking.saveNow();
    for (const row of rows) {
      const how = await this.away.takeBack(row);
      if (how !== 'done') this.takenBack(row, how);
    }
    return this.counter.changed();
  }

  private rowOf({ tenderId, tender }: Paid): PaymentRow {
    const kept = this.till.payments.byTender(tenderId!);
    if (kept === null) throw new Error(`no payment was kept of a ${tender.kind} tender`);
    return { ...kept, state: 'reversing' };
  }

  /** @throws TillRefusal while a payment is under way */
  mustRest(): void {
    if (this.awaited !== null || this.away.pending !== null)
      throw new TillRefusal({ kind: 'tender_pending' });
  }

  /** Commits the sale when its tenders settle it. */
  private settle(store: Store): PayOutcome {
    const { checkout, session, payments } = this.till;
    if (!checkout.settlement(store).settled) return { settled: false, view: this.counter.changed() };
    const { basket, tenders } = checkout;
    const sale = closeSale(
      { basket, tenders, priced: checkout.priced(store), context: checkout.context(store) },
      store.cash,
      session.saleStamp(store),
    );
    const outcome = this.counter.commitSale(sale, store);
    try {
      payments.settle(basket.id);
    } catch (cause) {
      // The sale stands; the rows go at the next start.
      errorOf(cause, this.till.config.log);
    }
    return outcome;
  }

  /** What every payment asks first. @returns the outcome of a call that was made before */
  private before(ask: Ask, store: Store, tenderId: string | null = null): PayOutcome | null {
    const { checkout, projections, payments } = this.till;
    const done = projections.saleById(ask.basketId);
    if (done !== null) return this.counter.settledBy(done.seq);
    if (checkout.basket.id !== ask.basketId) throw new TillRefusal({ kind: 'basket_changed' });
    if (tenderId !== null) {
      const underWay = this.awaited?.tenderId === tenderId || this.away.pending?.row.tenderId === tenderId;
      if (underWay || checkout.hasTender(tenderId)) return { settled: false, view: this.counter.changed() };
      const earlier = payments.byTender(tenderId);
      if (earlier?.state === 'declined') {
        throw new TillRefusal({ kind: 'tender_declined', reason: earlier.reason ?? 'declined' });
      }
      if (earlier !== null) throw new TillRefusal({ kind: 'tender_declined', reason: 'cancelled' });
    }
    this.mustRest();
    if (isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'empty_basket' });
    if (ask.totalMinor !== undefined && ask.totalMinor !== checkout.priced(store).totalMinor) {
      throw new TillRefusal({ kind: 'basket_changed' });
    }
    return null;
  }

  /** What the screen shows of a payment under way. */
  pendingView(): PendingView | null {
    const { awaited } = this;
    if (awaited !== null) {
      const { amountMinor, sinceMs } = awaited;
      return { kind: 'wallet', amountMinor, wallet: null, state: 'code', sinceMs };
    }
    const { pending } = this.away;
    if (pending === null) return null;
    const { row, wallet, state } = pending;
    return { kind: row.kind, amountMinor: row.amountMinor, wallet, state, sinceMs: row.atMs };
  }
}

function isAway(tender: Tender): boolean {
  return tender.kind === 'card' || tender.kind === 'wallet';
}

/** What points may still pay of the basket; null: no member, or no programme. */
export function pointsRoom(till: Till, store: Store) {
  const { checkout, catalog, rights } = till;
  const { member, tenders } = checkout;
  if (catalog.programme === null || member === null) return null;
  const mine = tenders.flatMap((tender) => (tender.kind === 'points' && tender.points > 0 ? [tender] : []));
  const spent = mine.reduce((sum, { points }) => sum + points, 0);
  const paidMinor = mine.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  const usable = Math.max(0, rights.usable(rightKey.points(member.id)) - spent);
  const { totalMinor } = checkout.priced(store);
  const dueMinor = Math.max(0, exactDue(totalMinor, tenders, store.cash));
  const limit = pointsLimit(catalog.programme, { usable, totalMinor, dueMinor, paidMinor });
  return { usable, limit, dueMinor };
}
