/**
 * The counter: `TillApi` done for real, put together from its desks. Refusals are `TillRefusal`s.
 */
import type { ScanSetting } from '../core/barcode.ts';
import { isEmpty } from '../core/basket.ts';
import type { Locale } from '../core/item.ts';
import { halfWidth } from '../core/keyboard-slip.ts';
import { freshnessOf } from '../core/pack.ts';
import { isReceiptToken } from '../core/receipt-token.ts';
import type { Sale } from '../core/sale.ts';
import { localDateTime } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import type { EnterOutcome, Notice, PayOutcome, TillApi, TillMethod, TillView } from './api.ts';
import type { Found } from './catalog.ts';
import { CustomerDesk } from './customer-desk.ts';
import { demoDesk } from './desk-demo.ts';
import { devicesDesk } from './desk-devices.ts';
import { membersDesk } from './desk-members.ts';
import { payDesk } from './desk-pay.ts';
import { peopleDesk } from './desk-people.ts';
import { returnsDesk } from './desk-returns.ts';
import { sellingDesk } from './desk-selling.ts';
import { shiftDesk } from './desk-shift.ts';
import { storeDesk } from './desk-store.ts';
import { PayFlow } from './pay-flow.ts';
import { errorOf, must, TillRefusal, unknownError } from './refusal.ts';
import { ScanTest } from './scan-test.ts';
import { plainCoupon, specialOf } from './special-code.ts';
import type { Till } from './till.ts';
import { itemHit, viewOf } from './view.ts';
import { saleCards } from './view-sale.ts';
import type { VirtualDevices } from './virtual.ts';

export class Counter {
  readonly till: Till;
  readonly api: TillApi;
  readonly flow: PayFlow;
  readonly scanTest: ScanTest;
  readonly customer: CustomerDesk;
  /** Set by the server: where the customer's page is. */
  customerAddress: string | null = null;
  private readonly virtual: VirtualDevices | null;
  private version = 0;
  private notice: Notice | null = null;
  private noticeId = 0;
  private lastSeq: number | null = null;
  private practised: Sale | null = null;
  private counts: { items: number; members: number };
  private countedCursor = -1;

  constructor(till: Till, virtual: VirtualDevices | null) {
    this.till = till;
    this.virtual = virtual;
    this.counts = till.catalog.counts();
    this.flow = new PayFlow(this);
    this.scanTest = new ScanTest(till.config.clock);
    this.api = this.guarded({
      ...sellingDesk(this),
      ...payDesk(this),
      ...returnsDesk(this),
      ...membersDesk(this),
      ...peopleDesk(this),
      ...shiftDesk(this),
      ...storeDesk(this),
      ...devicesDesk(this),
      ...demoDesk(this),
    });
    till.onScan = (text, aim, scanner) => this.scanned(text, aim, scanner ?? 0);
    till.onGarbage = () => this.say({ level: 'bad', error: { kind: 'not_text' }, ask: null });
    this.flow.resume();
    this.customer = new CustomerDesk(this);
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
      practised: this.practised,
      virtualDevices: this.virtual?.inUse === true,
      counts: this.counts,
      pending: this.flow.pendingView(),
    });
  }

  // ---- who may ----

  /** Every call passes here first: nobody sells while nobody is on. */
  private guarded(api: TillApi): TillApi {
    const calls = Object.entries(api).map(([method, call]) => [
      method,
      async (params: never) => {
        this.admit(method as TillMethod);
        return (call as (params: never) => unknown)(params);
      },
    ]);
    return Object.fromEntries(calls) as TillApi;
  }

  private admit(method: TillMethod): void {
    const { people } = this.till;
    if (people.state === 'signed_off' && !FOR_ANYBODY.has(method))
      throw new TillRefusal({ kind: 'signed_off' });
    if (SELLS.has(method) && !people.may('sell')) {
      throw new TillRefusal({ kind: 'needs_approval', permission: 'sell' });
    }
  }

  /** For what moves real money and goods. @throws TillRefusal `in_training` */
  outOfTraining(): Store {
    if (this.till.training) throw new TillRefusal({ kind: 'in_training' });
    return this.store();
  }

  // ---- scans ----

  /** A code that came in by itself: what it did, or why it did nothing, is in the view that is pushed. */
  private scanned(sent: string, aim: string | null, scanner: number): void {
    const text = halfWidth(sent);
    if (this.scanTest.take(text, aim, scanner, this.scanSetting())) return;
    try {
      this.admit('enter');
      const store = this.store();
      const receipt = this.receipt(text);
      if (receipt !== null) return this.say({ level: 'good', error: null, ask: receipt });
      const found = this.find(text, store, aim);
      if (found === 'taken') {
        this.say({ level: 'good', error: null, ask: null });
        return;
      }
      if (found.kind === 'unknown') throw new TillRefusal(unknownError(found, text));
      const taken = this.take(found, 1, store);
      const ask = taken.kind === 'needs_price' || taken.kind === 'needs_weight' ? taken : null;
      const expired = taken.kind === 'line' ? taken.expired : null;
      if (expired === null) this.say({ level: 'good', error: null, ask });
      else this.say({ level: 'bad', error: { kind: 'expired_sold', expiry: expired }, ask: null });
    } catch (cause) {
      const error = errorOf(cause, this.till.config.log);
      this.say({
        level: 'bad',
        error: error.kind === 'expired_goods' ? { ...error, code: text } : error,
        ask: null,
      });
    }
  }

  /** A code that is a receipt's QR, or the number of one of this till's; null: neither. */
  receipt(text: string): Extract<EnterOutcome, { kind: 'receipt' }> | null {
    const code = text.trim();
    const { projections, returns } = this.till;
    if (!isReceiptToken(code) && projections.saleByReceipt(code.toUpperCase()) === null) return null;
    return { kind: 'receipt', receipt: code, sale: saleCards(this.till, [returns.find(code)])[0]! };
  }

  /** Looks a code up; coupons go on the basket and a pay code pays what waits for one: these are `taken`. */
  find(text: string, store: Store, aim: string | null = null): Found | 'taken' {
    const { catalog, checkout } = this.till;
    const plain = plainCoupon(text, catalog.promotions);
    const found = plain === null ? catalog.find(text, store, aim) : null;
    if (found !== null && found.kind !== 'unknown') return found;
    const special = found === null ? null : specialOf(found.meaning);
    if (found !== null && special === null) return found;
    if (special?.kind === 'payment_code') {
      if (!this.flow.scanned(special.code)) throw new TillRefusal({ kind: 'pay_code_now' });
    } else must(checkout.addCoupon(special?.entry ?? plain!));
    return 'taken';
  }

  /**
   * @param expired  who takes goods after their day means it: then the role or the approval has to let it
   * @throws TillRefusal `expired_goods` in a store that blocks them, for whoever does not
   */
  take(
    found: Exclude<Found, { kind: 'unknown' }>,
    qty: number,
    store: Store,
    expired: { readonly sell: boolean; readonly approvalId?: string | undefined } = { sell: false },
  ): Taken {
    const { checkout } = this.till;
    if (found.kind === 'member') {
      this.begin();
      must(checkout.setMember(found.member));
      return { kind: 'member' };
    }
    const { item, gtin, priceMinor, weightG, pack } = found;
    const today = localDateTime(this.till.session.nowMs(), store.timeZone).slice(0, 10);
    const isExpired = freshnessOf(pack, today) === 'expired';
    const isBlocked = isExpired && store.expiredGoods === 'block';
    if (isBlocked && !expired.sell) throw new TillRefusal({ kind: 'expired_goods', expiry: pack!.expiry! });
    const approvalId = isBlocked && !this.till.people.may('sell_expired') ? expired.approvalId : undefined;
    if (priceMinor === undefined && item.priceMinor === null) {
      return { kind: 'needs_price', item: itemHit(item, this.locale), qty };
    }
    if (item.unit === 'kg' && weightG === undefined && priceMinor === undefined) {
      return { kind: 'needs_weight', item: itemHit(item, this.locale) };
    }
    this.begin();
    const add = () =>
      checkout.add(
        {
          item,
          gtin,
          qty,
          pack,
          approvalId,
          ...(priceMinor === undefined
            ? {}
            : { unitPriceMinor: priceMinor, priceSource: 'embedded' as const }),
          ...(weightG === undefined ? {} : { weightG }),
        },
        store,
      );
    const lineNo = isBlocked
      ? this.till.approvals.during(expired.approvalId, 'sell_expired', () => must(add()))
      : must(add());
    return { kind: 'line', lineNo, expired: isExpired ? pack!.expiry! : null };
  }

  // ---- committing ----

  /** The heart of a payment: journalled first, then the counter is empty. */
  commitSale(sale: Sale, store: Store): PayOutcome {
    this.till.returns.check(sale);
    if (this.till.training) return this.practise(sale);
    const { entry } = this.till.commit({ kind: 'sale', body: sale }, store);
    this.till.checkout.reset();
    return this.settledBy(entry.seq);
  }

  /** In training: shown and printed as it would be, and then it never was. */
  private practise(sale: Sale): PayOutcome {
    this.practised = sale;
    this.lastSeq = null;
    this.till.practise(sale);
    this.till.checkout.reset();
    return { settled: true, view: this.changed() };
  }

  settledBy(seq: number): PayOutcome {
    this.lastSeq = seq;
    this.practised = null;
    return { settled: true, view: this.changed() };
  }

  /** The last sale's result is put away. */
  forgetLast(): void {
    this.lastSeq = null;
    this.practised = null;
  }

  /** The next customer's first article puts the last sale's result away. */
  begin(): void {
    if (isEmpty(this.till.checkout.basket)) this.forgetLast();
  }

  say(notice: Omit<Notice, 'id'>): void {
    this.notice = { ...notice, id: ++this.noticeId };
    this.till.parking.touch();
    this.till.onChange();
  }

  changed(): TillView {
    this.till.parking.touch();
    this.till.leases.look();
    this.till.onChange();
    return this.view();
  }

  get locale(): Locale {
    const kept = this.till.state.text('locale') as Locale | null;
    return kept ?? this.till.catalog.store?.locale ?? 'en';
  }

  store(): Store {
    const { store } = this.till.catalog;
    if (store === null) throw new TillRefusal({ kind: 'not_ready' });
    return store;
  }

  /** What reading a code hangs on, before there is a store, too. */
  scanSetting(): ScanSetting {
    const { store } = this.till.catalog;
    if (store === null) return { templates: [], currencyDigits: 2 };
    const { templates, currency } = store;
    return { templates, currencyDigits: currency.digits, currencyCode: currency.code };
  }

  demo(): VirtualDevices {
    if (this.virtual?.inUse !== true) throw new TillRefusal({ kind: 'no_virtual_devices' });
    return this.virtual;
  }
}

/** What needs nobody signed on: it sells nothing and shows nobody's data. */
const FOR_ANYBODY: ReadonlySet<TillMethod> = new Set<TillMethod>([
  'staff',
  'signOn',
  'signOff',
  'setLocale',
  'newId',
  'clockSeen',
  'searchItems',
  'consentText',
  'retryPrinter',
  'cancelPending',
  'demoShelf',
  'demoScan',
  'demoPaper',
  'demoTerminal',
  'demoPeriphery',
  'demoHands',
  'retryDevices',
]);
const SELLS: ReadonlySet<TillMethod> = new Set<TillMethod>(['enter', 'addItem', 'recall', 'payCash', 'pay']);

/** What a found code did, before anybody looks at the till again. */
type Taken =
  | { readonly kind: 'line'; readonly lineNo: number; readonly expired: string | null }
  | { readonly kind: 'member' }
  | Extract<EnterOutcome, { kind: 'needs_price' | 'needs_weight' }>;
