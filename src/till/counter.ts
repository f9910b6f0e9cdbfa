/**
 * The counter: `TillApi` done for real. Each method reads, lets core decide, and writes; refusals are `TillRefusal`s.
 */
import { isEmpty } from '../core/basket.ts';
import type { Locale } from '../core/item.ts';
import { receiptOf } from '../core/receipt.ts';
import type { Result } from '../core/result.ts';
import { closeSale, refundSale, type Sale } from '../core/sale.ts';
import type { CashMoveKind, CountedCash, ShiftReport } from '../core/shift-report.ts';
import type { Store } from '../core/store.ts';
import { receiptSvg } from '../devices/print.ts';
import type { EnterOutcome, Notice, PayOutcome, TillApi, TillApiError, TillParams, TillView } from './api.ts';
import type { Found } from './catalog.ts';
import { TillDbError } from './db.ts';
import { HOLDS_MAX } from './parking.ts';
import type { Till } from './till.ts';
import { itemHit, memberHit, saleCard, viewOf } from './view.ts';
import type { VirtualDevices } from './virtual.ts';

/** A call that did nothing, with the reason that the screen puts in words. */
export class TillRefusal extends Error {
  override name = 'TillRefusal';
  readonly error: TillApiError;

  constructor(error: TillApiError) {
    super(error.kind);
    this.error = error;
  }
}

export class Counter implements TillApi {
  private readonly till: Till;
  private readonly virtual: VirtualDevices | null;
  private version = 0;
  private notice: Notice | null = null;
  private noticeId = 0;
  private lastSeq: number | null = null;
  private counts: { items: number; members: number };
  private countedCursor = -1;

  constructor(till: Till, virtual: VirtualDevices | null) {
    this.till = till;
    this.virtual = virtual;
    this.counts = till.catalog.counts();
    till.onScan = (text) => this.scanned(text);
    till.onGarbage = () => this.say({ level: 'bad', error: { kind: 'not_text' }, ask: null });
  }

  view(): TillView {
    const { till } = this;
    if (this.countedCursor !== till.feed.cursor) {
      this.countedCursor = till.feed.cursor;
      this.counts = till.catalog.counts();
    }
    return viewOf(till, {
      version: ++this.version,
      locale: this.locale,
      notice: this.notice,
      lastSeq: this.lastSeq,
      virtualDevices: this.virtual !== null,
      counts: this.counts,
    });
  }

  async enter({ text }: { text: string }): Promise<EnterOutcome> {
    const store = this.store();
    const { qty, code } = readQuantity(text);
    const found = this.till.catalog.find(code, store);
    if (found.kind !== 'unknown') {
      const taken = this.take(found, qty, store);
      if (taken.kind === 'needs_price' || taken.kind === 'needs_weight') return taken;
      return { ...taken, view: this.changed() };
    }
    const items = this.till.catalog.searchItems(code, 20).map((item) => itemHit(item, this.locale));
    const members = this.till.catalog
      .searchMembers(code, 10)
      .map((member) => memberHit(this.till, member, this.locale));
    if (items.length + members.length === 0) throw new TillRefusal(unknownError(found, code));
    return { kind: 'choices', items, members };
  }

  async addItem(params: {
    sku: string;
    qty: number;
    unitPriceMinor?: number;
    weightG?: number;
  }): Promise<TillView> {
    const item = this.till.catalog.itemBySku(params.sku);
    if (item === null) throw new TillRefusal({ kind: 'unknown_code', code: params.sku });
    const { qty, unitPriceMinor, weightG } = params;
    const manual = unitPriceMinor !== undefined && unitPriceMinor !== item.priceMinor;
    this.begin();
    must(
      this.till.checkout.add(
        {
          item,
          gtin: item.gtins[0] ?? null,
          qty,
          ...(manual ? { unitPriceMinor, priceSource: 'manual' as const } : {}),
          ...(weightG === undefined ? {} : { weightG }),
        },
        this.store(),
      ),
    );
    return this.changed();
  }

  async setQuantity({ lineNo, qty }: { lineNo: number; qty: number }): Promise<TillView> {
    must(this.till.checkout.setQuantity(lineNo, qty));
    return this.changed();
  }

  async setUnitPrice(params: { lineNo: number; unitPriceMinor: number }): Promise<TillView> {
    must(this.till.checkout.setUnitPrice(params.lineNo, params.unitPriceMinor));
    return this.changed();
  }

  async voidLine({ lineNo }: { lineNo: number }): Promise<TillView> {
    must(this.till.checkout.voidLine(lineNo));
    return this.changed();
  }

  async clearBasket(): Promise<TillView> {
    this.till.checkout.reset();
    return this.changed();
  }

  async searchItems({ text, limit }: { text: string; limit: number }) {
    return this.till.catalog.searchItems(text, limit).map((item) => itemHit(item, this.locale));
  }

  async searchMembers({ text, limit }: { text: string; limit: number }) {
    return this.till.catalog
      .searchMembers(text, limit)
      .map((member) => memberHit(this.till, member, this.locale));
  }

  async setMember({ memberId }: { memberId: string | null }): Promise<TillView> {
    const member = memberId === null ? null : this.till.catalog.memberById(memberId);
    if (memberId !== null && member === null) throw new TillRefusal({ kind: 'unknown_member' });
    this.begin();
    must(this.till.checkout.setMember(member));
    return this.changed();
  }

  async payCash({ basketId, amountMinor, totalMinor }: TillParams<'payCash'>): Promise<PayOutcome> {
    const { checkout, projections, session } = this.till;
    const store = this.store();
    const done = projections.saleById(basketId);
    if (done !== null) return this.settledBy(done.seq);
    if (checkout.basket.id !== basketId) throw new TillRefusal({ kind: 'basket_changed' });
    if (isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'empty_basket' });
    if (totalMinor !== undefined && totalMinor !== checkout.priced(store).totalMinor) {
      throw new TillRefusal({ kind: 'basket_changed' });
    }
    const before = checkout.tenders;
    const settlement = must(checkout.tender({ kind: 'cash', amountMinor }, store));
    if (!settlement.settled) return { settled: false, view: this.changed() };
    const { basket, tenders } = checkout;
    const sale = closeSale(
      { basket, tenders, priced: checkout.priced(store) },
      store.cash,
      session.saleStamp(store),
    );
    try {
      return this.commit(sale, store);
    } catch (cause) {
      // Not on disk, so not paid: the cashier sees the basket as it was and can try again.
      checkout.clearTenders();
      for (const tender of before) checkout.tender(tender, store);
      throw cause;
    }
  }

  async clearTenders(): Promise<TillView> {
    this.till.checkout.clearTenders();
    return this.changed();
  }

  async findSale({ receiptNo }: { receiptNo: string }) {
    const found = this.till.projections.saleByReceipt(receiptNo.trim().toUpperCase());
    if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
    return saleCard(this.till, this.till.saleAt(found.seq)!);
  }

  async refundSale({ saleId, refundId }: { saleId: string; refundId: string }): Promise<PayOutcome> {
    const { projections, session } = this.till;
    const store = this.store();
    const done = projections.saleById(refundId);
    if (done !== null) return this.settledBy(done.seq);
    const found = projections.saleById(saleId);
    if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
    const original = this.till.saleAt(found.seq)!.sale;
    if (original.kind === 'refund') throw new TillRefusal({ kind: 'not_refundable' });
    const refunded = projections.refundOf(saleId);
    if (refunded !== null) throw new TillRefusal({ kind: 'already_refunded', receiptNo: refunded.receiptNo });
    const refund = refundSale(original, { id: refundId }, store.cash, session.saleStamp(store));
    return this.commit(refund, store, { keepBasket: true });
  }

  async hold({ label }: { label: string }): Promise<TillView> {
    const { checkout, parking, session } = this.till;
    if (isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'empty_basket' });
    if (checkout.tenders.length > 0) throw new TillRefusal({ kind: 'paying' });
    if (parking.list().length >= HOLDS_MAX)
      throw new TillRefusal({ kind: 'too_many_holds', holdsMax: HOLDS_MAX });
    parking.hold({ holdId: session.newId(), label, atMs: session.nowMs() });
    checkout.reset();
    return this.changed();
  }

  async recall({ holdId }: { holdId: string }): Promise<TillView> {
    const { checkout, parking } = this.till;
    if (!isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'basket_not_empty' });
    const parked = parking.recall(holdId);
    if (parked === null) throw new TillRefusal({ kind: 'unknown_hold' });
    this.lastSeq = null;
    checkout.restore(parked);
    return this.changed();
  }

  async dropHold({ holdId }: { holdId: string }): Promise<TillView> {
    if (!this.till.parking.drop(holdId)) throw new TillRefusal({ kind: 'unknown_hold' });
    return this.changed();
  }

  async openShift({ floatMinor }: { floatMinor: number }): Promise<TillView> {
    must(this.till.drawer.open(floatMinor, this.store()));
    return this.changed();
  }

  async moveCash(params: { kind: CashMoveKind; amountMinor: number; reason: string }): Promise<TillView> {
    must(this.till.drawer.move(params, this.store()));
    return this.changed();
  }

  async openDrawer({ reason }: { reason: string }): Promise<TillView> {
    this.till.drawer.noSale(reason, this.store());
    return this.changed();
  }

  async readShift(): Promise<ShiftReport> {
    return must(this.till.drawer.read());
  }

  async closeShift(params: { shiftId: string; counted: readonly CountedCash[] }): Promise<ShiftReport> {
    const report = must(this.till.drawer.close(params.shiftId, params.counted, this.store()));
    this.changed();
    return report;
  }

  async zReports({ limit }: { limit: number }): Promise<ShiftReport[]> {
    return this.till.drawer.zReports(limit);
  }

  async newId(): Promise<{ id: string }> {
    return { id: this.till.session.newId() };
  }

  async recentSales({ limit }: { limit: number }) {
    return this.till.projections.recent(limit).map(({ seq }) => saleCard(this.till, this.till.saleAt(seq)!));
  }

  async reprint({ saleId }: { saleId: string }): Promise<TillView> {
    const found = this.till.projections.saleById(saleId);
    if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
    this.till.spool.reprint(found.seq, this.till.session.nowMs());
    return this.changed();
  }

  async retryPrinter(): Promise<TillView> {
    this.till.spool.poke();
    return this.changed();
  }

  async receiptPreview({ saleId }: { saleId: string }) {
    const found = this.till.projections.saleById(saleId);
    const facts = found === null ? null : this.till.receiptFacts(this.till.saleAt(found.seq)!, false);
    if (facts === null) throw new TillRefusal({ kind: 'unknown_receipt' });
    return { receiptNo: facts.sale.receiptNo, svg: receiptSvg(receiptOf(facts)) };
  }

  async setLocale({ locale }: { locale: Locale }): Promise<TillView> {
    this.till.state.set('locale', locale);
    return this.changed();
  }

  async demoShelf() {
    return this.demo().shelf(this.till.catalog, this.locale);
  }

  async demoScan({ code }: { code: string }): Promise<{ sent: true }> {
    await this.demo().scan(code);
    return { sent: true };
  }

  async demoPaper({ limit }: { limit: number }) {
    return this.demo().paper(limit);
  }

  // ---- scans ----

  /** A code that came in by itself: what it did, or why it did nothing, is in the view that is pushed. */
  private scanned(text: string): void {
    try {
      const store = this.store();
      const found = this.till.catalog.find(text, store);
      if (found.kind === 'unknown') throw new TillRefusal(unknownError(found, text));
      const taken = this.take(found, 1, store);
      const ask = taken.kind === 'needs_price' || taken.kind === 'needs_weight' ? taken : null;
      this.say({ level: 'good', error: null, ask });
    } catch (cause) {
      this.say({ level: 'bad', error: errorOf(cause, this.till.config.log), ask: null });
    }
  }

  private take(found: Exclude<Found, { kind: 'unknown' }>, qty: number, store: Store): Taken {
    const { checkout } = this.till;
    if (found.kind === 'member') {
      this.begin();
      must(checkout.setMember(found.member));
      return { kind: 'member' };
    }
    const { item, gtin, priceMinor, weightG } = found;
    if (priceMinor === undefined && item.priceMinor === null) {
      return { kind: 'needs_price', item: itemHit(item, this.locale), qty };
    }
    if (item.unit === 'kg' && weightG === undefined && priceMinor === undefined) {
      return { kind: 'needs_weight', item: itemHit(item, this.locale) };
    }
    this.begin();
    const lineNo = must(
      checkout.add(
        {
          item,
          gtin,
          qty,
          ...(priceMinor === undefined
            ? {}
            : { unitPriceMinor: priceMinor, priceSource: 'embedded' as const }),
          ...(weightG === undefined ? {} : { weightG }),
        },
        store,
      ),
    );
    return { kind: 'line', lineNo };
  }

  // ---- committing ----

  private commit(sale: Sale, store: Store, options: { readonly keepBasket?: boolean } = {}): PayOutcome {
    const { entry } = this.till.commit({ kind: 'sale', body: sale }, store);
    if (options.keepBasket !== true) this.till.checkout.reset();
    return this.settledBy(entry.seq);
  }

  private settledBy(seq: number): PayOutcome {
    this.lastSeq = seq;
    return { settled: true, view: this.changed() };
  }

  /** The next customer's first article puts the last sale's result away. */
  private begin(): void {
    if (isEmpty(this.till.checkout.basket)) this.lastSeq = null;
  }

  private say(notice: Omit<Notice, 'id'>): void {
    this.notice = { ...notice, id: ++this.noticeId };
    this.till.parking.touch();
    this.till.onChange();
  }

  private changed(): TillView {
    this.till.parking.touch();
    this.till.onChange();
    return this.view();
  }

  private get locale(): Locale {
    const kept = this.till.state.text('locale') as Locale | null;
    return kept ?? this.till.catalog.store?.locale ?? 'en';
  }

  private store(): Store {
    const { store } = this.till.catalog;
    if (store === null) throw new TillRefusal({ kind: 'not_ready' });
    return store;
  }

  private demo(): VirtualDevices {
    if (this.virtual === null) throw new TillRefusal({ kind: 'no_virtual_devices' });
    return this.virtual;
  }
}

/** What a found code did, before anybody looks at the till again. */
type Taken =
  | { readonly kind: 'line'; readonly lineNo: number }
  | { readonly kind: 'member' }
  | Extract<EnterOutcome, { kind: 'needs_price' | 'needs_weight' }>;

/** `3*code` is three of it; everything else is one. */
function readQuantity(text: string): { qty: number; code: string } {
  const match = /^(\d{1,5})\s*[*x×]\s*(.+)$/i.exec(text.trim());
  return match ? { qty: Number(match[1]), code: match[2]! } : { qty: 1, code: text };
}

function unknownError(found: Extract<Found, { kind: 'unknown' }>, code: string): TillApiError {
  const { meaning } = found;
  if (meaning.kind === 'invalid') return meaning.error;
  if (meaning.kind === 'alias' && meaning.error !== undefined) return meaning.error;
  // What may be a card or pays for something is not shown again, not even to say that nothing goes by it.
  const isPrivate =
    meaning.kind === 'card_number' ||
    meaning.kind === 'payment_code' ||
    (meaning.kind === 'gtin' && meaning.mayBeCard === true);
  if (isPrivate) return { kind: 'unknown_code', code: '' };
  return meaning.kind === 'member'
    ? { kind: 'unknown_member' }
    : { kind: 'unknown_code', code: code.slice(0, 64) };
}

function must<T>(result: Result<T, TillApiError>): T {
  if (!result.ok) throw new TillRefusal(result.error);
  return result.value;
}

/** What a screen is told of any trouble; what it is not told is logged. */
export function errorOf(cause: unknown, log: (text: string) => void): TillApiError {
  if (cause instanceof TillRefusal) return cause.error;
  log(`till: ${(cause as Error).stack ?? String(cause)}`);
  if (cause instanceof TillDbError)
    return { kind: 'journal', detail: cause.kind === 'disk_full' ? 'disk_full' : 'io' };
  return { kind: 'internal' };
}
