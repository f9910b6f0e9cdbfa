/**
 * Shift reports: X and Z as folds over the journal's entries of one shift.
 *
 * Pure, so the till and the cloud come to the same report from the same entries. A Z is written into the journal when the
 * shift closes; entries after it belong to the next shift and never change it.
 */
import { assert } from './assert.ts';
import type { JournalEntry } from './entry.ts';
import { sumMinor } from './money.ts';
import type { Sale } from './sale.ts';
import type { TaxTotal } from './tax.ts';
import { TENDER_KINDS, type TenderKind } from './tender.ts';

export type CashMoveKind = 'paid_in' | 'paid_out' | 'drop';

/** Cash that came or went without a sale. */
export interface CashMoved {
  readonly kind: CashMoveKind;
  /** Above zero; the kind says the direction. */
  readonly amountMinor: number;
  readonly reason: string;
  /** Of the call, so that it happens once however often it is said. */
  readonly id?: string;
}

export interface CountedCash {
  readonly valueMinor: number;
  readonly count: number;
}

export interface ShiftOpened {
  readonly shiftId: string;
  readonly zNo: number;
  readonly floatMinor: number;
}

export interface ShiftClosed {
  readonly shiftId: string;
  readonly zNo: number;
  readonly counted: readonly CountedCash[];
  readonly totals: ShiftTotals;
}

/** What a shift's entries add up to. */
export interface ShiftTotals {
  readonly openedAtMs: number;
  readonly floatMinor: number;
  readonly sales: number;
  readonly refunds: number;
  readonly pieces: number;
  readonly grossMinor: number;
  readonly adjustmentMinor: number;
  readonly taxes: readonly TaxTotal[];
  readonly taxMinor: number;
  /** Sales less refunds. */
  readonly totalMinor: number;
  readonly roundingMinor: number;
  /** Cash of sales less change and refunds paid out. */
  readonly cashMinor: number;
  /** What each kind brought less what it gave back, cash less change; kinds that were used. Absent on a Z of an older program. */
  readonly tenders?: readonly TenderTotal[];
  readonly paidInMinor: number;
  readonly paidOutMinor: number;
  readonly dropMinor: number;
  readonly noSales: number;
  readonly firstReceiptNo: string | null;
  readonly lastReceiptNo: string | null;
}

export interface TenderTotal {
  readonly kind: TenderKind;
  /** Tenders, in and out. */
  readonly count: number;
  readonly amountMinor: number;
}

export interface ShiftReport {
  readonly kind: 'x' | 'z';
  readonly shiftId: string;
  readonly zNo: number;
  readonly businessDate: string;
  readonly cashierId: string;
  /** When it was read or closed. */
  readonly atMs: number;
  readonly totals: ShiftTotals;
  /** What the drawer should hold; on a Z only, since an X must not spoil the blind count. */
  readonly expectedCashMinor: number | null;
  readonly countedCashMinor: number | null;
  /** Counted less expected. */
  readonly differenceMinor: number | null;
}

/** @param entries of one shift in the order of the journal; its `shift_opened` is the first of them */
export function foldShift(entries: Iterable<JournalEntry>): ShiftTotals {
  const sales: Sale[] = [];
  const moved: CashMoved[] = [];
  let noSales = 0;
  let opened: { atMs: number; floatMinor: number } | null = null;
  for (const entry of entries) {
    if (entry.kind === 'shift_opened') opened = { atMs: entry.atMs, floatMinor: entry.body.floatMinor };
    else if (entry.kind === 'sale') sales.push(entry.body);
    else if (entry.kind === 'cash_moved') moved.push(entry.body);
    else if (entry.kind === 'drawer_opened') noSales++;
  }
  assert(opened !== null, 'the entries of a shift begin with its opening');
  const movedMinor = (kind: CashMoveKind) =>
    sumMinor(moved.filter((move) => move.kind === kind).map((move) => move.amountMinor));
  return {
    openedAtMs: opened.atMs,
    floatMinor: opened.floatMinor,
    sales: sales.filter(({ kind }) => kind !== 'refund').length,
    refunds: sales.filter(({ kind }) => kind === 'refund').length,
    pieces: sumMinor(sales.flatMap(({ lines }) => lines.map(({ qty }) => qty))),
    grossMinor: sumMinor(sales.map((sale) => sale.grossMinor)),
    adjustmentMinor: sumMinor(sales.map((sale) => sale.adjustmentMinor)),
    taxes: taxesOf(sales),
    taxMinor: sumMinor(sales.map((sale) => sale.taxMinor)),
    totalMinor: sumMinor(sales.map((sale) => sale.totalMinor)),
    roundingMinor: sumMinor(sales.map((sale) => sale.roundingMinor)),
    cashMinor: sumMinor(sales.map(cashOf)),
    tenders: tendersOf(sales),
    paidInMinor: movedMinor('paid_in'),
    paidOutMinor: movedMinor('paid_out'),
    dropMinor: movedMinor('drop'),
    noSales,
    firstReceiptNo: sales[0]?.receiptNo ?? null,
    lastReceiptNo: sales.at(-1)?.receiptNo ?? null,
  };
}

function tendersOf(sales: readonly Sale[]): TenderTotal[] {
  const all = sales.flatMap(({ tenders }) => tenders);
  const changeMinor = sumMinor(sales.map((sale) => sale.changeMinor));
  return TENDER_KINDS.map((kind) => {
    const some = all.filter((tender) => tender.kind === kind);
    const amountMinor = sumMinor(some.map((tender) => tender.amountMinor));
    return {
      kind,
      count: some.length,
      amountMinor: kind === 'cash' ? amountMinor - changeMinor : amountMinor,
    };
  }).filter(({ count, amountMinor }) => count > 0 || amountMinor !== 0);
}

function cashOf(sale: Sale): number {
  return tenderedAs(sale, 'cash') - sale.changeMinor;
}

function tenderedAs(sale: Sale, kind: TenderKind): number {
  return sumMinor(sale.tenders.filter((tender) => tender.kind === kind).map((tender) => tender.amountMinor));
}

function taxesOf(sales: readonly Sale[]): TaxTotal[] {
  const byRate = Map.groupBy(
    sales.flatMap((sale) => sale.taxes),
    ({ taxCode, rateBp }) => `${taxCode} ${rateBp}`,
  );
  return [...byRate.entries()]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, taxes]) => ({
      taxCode: taxes[0]!.taxCode,
      rateBp: taxes[0]!.rateBp,
      baseMinor: sumMinor(taxes.map((tax) => tax.baseMinor)),
      taxMinor: sumMinor(taxes.map((tax) => tax.taxMinor)),
    }));
}

/** Float, cash of sales, and what was put in or taken out. */
export function expectedCash(totals: ShiftTotals): number {
  const { floatMinor, cashMinor, paidInMinor, paidOutMinor, dropMinor } = totals;
  return sumMinor([floatMinor, cashMinor, paidInMinor, -paidOutMinor, -dropMinor]);
}

export function countedCash(counted: readonly CountedCash[]): number {
  return sumMinor(counted.map(({ valueMinor, count }) => valueMinor * count));
}

/** Notes and coins of a currency, largest first: the notes given, then coins 5, 2, 1 of each power down to the cash step. */
export function denominationsOf(notesMinor: readonly number[], cashStepMinor: number): number[] {
  const smallestNote = notesMinor.length === 0 ? 10_000 : Math.min(...notesMinor);
  const coins: number[] = [];
  for (let power = 1; power < smallestNote; power *= 10) {
    for (const digit of [1, 2, 5]) {
      const coin = digit * power;
      if (coin >= cashStepMinor && coin % cashStepMinor === 0 && coin < smallestNote) coins.push(coin);
    }
  }
  return [...new Set([...notesMinor, ...coins])].sort((a, b) => b - a);
}
