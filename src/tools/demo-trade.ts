/**
 * The trade of one till of the demo: visits become entries, days become shifts with a count of the drawer at their end.
 *
 * Pure but for the state that it is given and gives back.
 */
import type { JournalEntry } from '../core/entry.ts';
import type { Sale } from '../core/sale.ts';
import { shiftIdOf } from '../core/shift.ts';
import { type CountedCash, denominationsOf, expectedCash, foldShift } from '../core/shift-report.ts';
import type { Store } from '../core/store.ts';
import { type DemoShop, refundOfSale, saleOfVisit } from './demo-basket.ts';
import { dateOfDay, type Visit } from './demo-plan.ts';
import type { NewEntry } from './demo-till.ts';
import { seeded } from './demo-world.ts';

export interface TradeState {
  readonly receiptSeq: number;
  readonly zNo: number;
  /** Visits before this place in the till's plan are done. */
  readonly doneAtMs: number;
  /** The shift that is open: its day and what it holds so far. */
  readonly open: { readonly day: number; readonly entries: readonly NewEntry[] } | null;
  /** Sales of which something will come back. */
  readonly comingBack: readonly { readonly day: number; readonly sale: Sale }[];
}

export const FRESH_TRADE: TradeState = { receiptSeq: 0, zNo: 0, doneAtMs: 0, open: null, comingBack: [] };

export interface TradePlace {
  readonly store: Store;
  readonly tillCode: string;
  readonly cashiers: readonly string[];
  readonly firstDate: string;
  /** Midnight of the plan's first day in the store. */
  readonly firstMs: number;
}

const FLOAT_MINOR = 50_000;
const OPEN_MINUTE = 8 * 60 + 50;
const CLOSE_MINUTE = 22 * 60 + 10;
/** This one's drawer is short too often, and gives too much away: something for the fraud lens to find. */
const ODD_CASHIER = '18';

/** Opens the journal: the first entry of every till. */
export function openingOf(place: TradePlace): NewEntry {
  const { store, tillCode } = place;
  return {
    ...stamp(place, 0, OPEN_MINUTE - 5, place.cashiers[0]!),
    what: { kind: 'journal_opened', body: { storeId: store.id, tillCode, follows: null } },
  };
}

export function momentOf({ firstMs }: TradePlace, { day, minuteOfDay, seed }: Visit): number {
  return firstMs + day * 86_400_000 + minuteOfDay * 60_000 + (seed % 60_000);
}

/** The visit as entries, after whatever of shift and day has to come first. */
export function trade(
  shop: DemoShop,
  place: TradePlace,
  state: TradeState,
  visit: Visit,
): { readonly entries: readonly NewEntry[]; readonly state: TradeState } {
  const entries: NewEntry[] = [];
  let { receiptSeq, zNo, open, comingBack } = state;
  if (open !== null && open.day < visit.day) {
    entries.push(closing(place, open, zNo));
    open = null;
  }
  if (open === null) {
    zNo += 1;
    const opened = opening(place, visit.day, zNo);
    entries.push(opened);
    open = { day: visit.day, entries: [opened] };
  }
  const cashierId = cashierAt(place, visit);
  const odd = cashierId === ODD_CASHIER;
  const atMs = momentOf(place, visit);
  const add = (sale: Sale, whenMs: number) => {
    const { businessDate, shiftId } = stamp(place, visit.day, 0, cashierId);
    const entry: NewEntry = {
      atMs: whenMs,
      businessDate,
      shiftId,
      cashierId,
      what: { kind: 'sale', body: sale },
    };
    entries.push(entry);
    open = { day: visit.day, entries: [...open!.entries, entry] };
  };
  const due = comingBack.find(({ day }) => day <= visit.day);
  const facts = { store: place.store, tillCode: place.tillCode, discounts: odd ? 15 : 2 };
  if (due !== undefined) {
    comingBack = comingBack.filter((one) => one !== due);
    receiptSeq += 1;
    const backMs = Math.max(atMs - 90_000, open.entries.at(-1)!.atMs + 1_000);
    add(refundOfSale(shop, due.sale, { ...facts, receiptSeq, atMs: backMs }, visit.seed ^ 0x5a5a), backMs);
  }
  receiptSeq += 1;
  const saleMs = Math.max(atMs, open.entries.at(-1)!.atMs + 1_000);
  const sale = saleOfVisit(shop, visit, { ...facts, receiptSeq, atMs: saleMs });
  add(sale, saleMs);
  const draw = seeded(visit.seed ^ 0x1234567)();
  if (draw < (odd ? 0.07 : 0.017) && comingBack.length < 20) {
    comingBack = [...comingBack, { day: visit.day + 1 + Math.floor(draw * 300), sale }];
  }
  return { entries, state: { receiptSeq, zNo, doneAtMs: atMs, open, comingBack } };
}

/** The shift's end where its day is over and nobody came since. @returns null when there is nothing to close */
export function closeIfOver(
  place: TradePlace,
  state: TradeState,
  nowMs: number,
): { readonly entries: readonly NewEntry[]; readonly state: TradeState } | null {
  const { open, zNo } = state;
  if (open === null || place.firstMs + open.day * 86_400_000 + CLOSE_MINUTE * 60_000 > nowMs) return null;
  return { entries: [closing(place, open, zNo)], state: { ...state, open: null } };
}

function cashierAt({ cashiers, tillCode }: TradePlace, { day, minuteOfDay }: Visit): string {
  const turn = minuteOfDay < 15 * 60 + 30 ? 0 : 1;
  return cashiers[(day + turn + Number(tillCode.at(-1))) % cashiers.length]!;
}

function opening(place: TradePlace, day: number, zNo: number): NewEntry {
  const head = stamp(place, day, OPEN_MINUTE, cashierAt(place, { day, minuteOfDay: OPEN_MINUTE } as Visit));
  const body = { shiftId: head.shiftId, zNo, floatMinor: FLOAT_MINOR };
  return { ...head, what: { kind: 'shift_opened', body } };
}

function closing(place: TradePlace, open: NonNullable<TradeState['open']>, zNo: number): NewEntry {
  const cashierId = cashierAt(place, { day: open.day, minuteOfDay: CLOSE_MINUTE } as Visit);
  const head = stamp(place, open.day, CLOSE_MINUTE, cashierId);
  const totals = foldShift(
    open.entries.map(({ what, ...entry }) => ({ ...entry, ...what }) as unknown as JournalEntry),
  );
  const next = seeded(open.day * 1_000 + place.tillCode.charCodeAt(0));
  const odd = cashierId === ODD_CASHIER;
  const off =
    next() < (odd ? 0.5 : 0.09) ? Math.round((next() - (odd ? 0.85 : 0.5)) * (odd ? 1_200 : 400)) * 10 : 0;
  const countedMinor = Math.max(0, expectedCash(totals) + off);
  const body = { shiftId: head.shiftId, zNo, counted: countedIn(place.store, countedMinor), totals };
  return {
    ...head,
    atMs: Math.max(head.atMs, open.entries.at(-1)!.atMs + 60_000),
    what: { kind: 'shift_closed', body },
  };
}

function countedIn({ notesMinor, cash }: Store, amountMinor: number): CountedCash[] {
  let left = amountMinor;
  return denominationsOf(notesMinor, cash.cashStepMinor).flatMap((valueMinor) => {
    const count = Math.floor(left / valueMinor);
    left -= count * valueMinor;
    return count === 0 ? [] : [{ valueMinor, count }];
  });
}

function stamp(place: TradePlace, day: number, minute: number, cashierId: string) {
  const businessDate = dateOfDay(place.firstDate, day);
  return {
    atMs: place.firstMs + day * 86_400_000 + minute * 60_000,
    businessDate,
    shiftId: shiftIdOf(place.tillCode, businessDate),
    cashierId,
  };
}
