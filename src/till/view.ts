/**
 * The view: the one picture of the till that its screens show, made fresh from the parts after each change.
 */
import { grossMinor } from '../core/basket.ts';
import { type Item, type Locale, nameIn } from '../core/item.ts';
import { type PricedBasket, savedMinor } from '../core/pricing.ts';
import type { Sale } from '../core/sale.ts';
import { denominationsOf } from '../core/shift-report.ts';
import type { Store } from '../core/store.ts';
import type {
  BasketView,
  HoldCard,
  ItemHit,
  LastSale,
  Notice,
  PendingView,
  SyncView,
  TillView,
} from './api.ts';
import type { Hold } from './parking.ts';
import type { JobState } from './spool.ts';
import type { Till } from './till.ts';
import { memberView } from './view-member.ts';
import { paymentView } from './view-pay.ts';

export interface ViewExtras {
  readonly version: number;
  readonly locale: Locale;
  readonly notice: Notice | null;
  readonly lastSeq: number | null;
  /** The last sale, when it was only practised. */
  readonly practised: Sale | null;
  readonly virtualDevices: boolean;
  readonly pending: PendingView | null;
  readonly counts: { readonly items: number; readonly members: number };
}

export function viewOf(till: Till, extras: ViewExtras): TillView {
  const { store } = till.catalog;
  const { session, checkout } = till;
  return {
    version: extras.version,
    atMs: session.nowMs(),
    store: store === null ? null : storeView(store, extras.locale),
    till: {
      code: till.identity.tillCode,
      tillId: till.identity.tillId,
      virtualDevices: extras.virtualDevices,
    },
    cashier: session.cashier,
    people: till.people.view(extras.locale),
    training: till.training,
    readiness: till.readiness.now(),
    drill: till.readiness.view(),
    clock: till.clockWatch.view(),
    businessDate: session.businessDate(store?.timeZone ?? 'UTC'),
    timeZone: store?.timeZone ?? 'UTC',
    locale: extras.locale,
    sync: syncView(till, extras.counts),
    printer: till.spool.state,
    scanner: till.devices.scanner,
    devices: till.devices.view(),
    basket: basketView(till, store),
    member: checkout.member === null ? null : memberView(till, checkout.member, extras.locale),
    payment: paymentView(till, store, { pending: extras.pending, locale: extras.locale }),
    touchedLineNo: checkout.touchedLineNo,
    notice: extras.notice,
    lastSale: lastSale(till, extras),
    holds: till.parking.list().map((hold) => holdCard(till, hold)),
    shift: session.shift,
  };
}

function storeView(store: Store, locale: Locale) {
  return {
    id: store.id,
    name: nameIn(store, locale),
    currency: store.currency,
    notesMinor: store.notesMinor,
    denominationsMinor: denominationsOf(store.notesMinor, store.cash.cashStepMinor),
  };
}

function holdCard(till: Till, { holdId, label, atMs, parked }: Hold): HoldCard {
  const { lines } = parked.basket;
  return {
    holdId,
    label,
    atMs,
    pieces: piecesOf(lines),
    grossMinor: lines.reduce((sum, line) => sum + (line.back?.grossMinor ?? grossMinor(line)), 0),
    memberName: parked.memberId === null ? null : (till.catalog.memberById(parked.memberId)?.name ?? null),
  };
}

function syncView(till: Till, counts: ViewExtras['counts']): SyncView {
  const head = till.journal.head.seq;
  const acked = till.link?.ackedSeq ?? 0;
  const oldest = acked < head ? till.journal.at(acked + 1) : null;
  const status = till.link?.status ?? { state: 'offline' as const, sinceMs: 0, reason: 'off' };
  return {
    ...status,
    unsent: head - acked,
    oldestUnsentAtMs: oldest?.entry.atMs ?? null,
    dataAsOfMs: till.state.number('data_as_of_ms'),
    itemCount: counts.items,
    memberCount: counts.members,
  };
}

const NOTHING: PricedBasket = {
  lines: [],
  rulesVersion: 'none',
  coupons: [],
  manual: [],
  nearMisses: [],
  uses: [],
  grossMinor: 0,
  adjustmentMinor: 0,
  taxMode: 'inclusive',
  taxes: [],
  taxMinor: 0,
  totalMinor: 0,
};

function basketView(till: Till, store: Store | null): BasketView {
  const priced = store === null ? NOTHING : till.checkout.priced(store);
  return {
    id: till.checkout.basket.id,
    lines: priced.lines,
    grossMinor: priced.grossMinor,
    adjustmentMinor: priced.adjustmentMinor,
    taxes: priced.taxes,
    taxMode: priced.taxMode,
    totalMinor: priced.totalMinor,
    pieces: piecesOf(priced.lines),
    coupons: priced.coupons,
    manual: priced.manual,
    nearMisses: priced.nearMisses,
    earnPoints: store === null ? null : (till.checkout.points(store)?.earned ?? null),
  };
}

export function itemHit(item: Item, locale: Locale): ItemHit {
  const { sku, unit, priceMinor } = item;
  return { sku, name: nameIn(item, locale), gtin: item.gtins[0] ?? null, unit, priceMinor };
}

function lastSale(till: Till, { lastSeq, practised }: ViewExtras): LastSale | null {
  const sale = practised ?? (lastSeq === null ? null : (till.saleAt(lastSeq)?.sale ?? null));
  if (sale === null) return null;
  const payableMinor = sale.totalMinor + sale.roundingMinor;
  const job = practised === null ? till.spool.jobState(lastSeq!) : 'sent';
  return {
    saleId: sale.id,
    kind: sale.kind,
    receiptNo: sale.receiptNo,
    totalMinor: sale.totalMinor,
    payableMinor,
    tenderedMinor: payableMinor + sale.changeMinor,
    changeMinor: sale.changeMinor,
    savedMinor: savedMinor(sale.lines),
    print: printState(till, job),
  };
}

function printState(till: Till, job: JobState | null): LastSale['print'] {
  if (till.spool.state.state === 'none') return 'none';
  return job ?? 'queued';
}

function piecesOf(lines: readonly { readonly qty: number }[]): number {
  return lines.reduce((sum, line) => sum + Math.abs(line.qty), 0);
}
