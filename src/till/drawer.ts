/**
 * The drawer: sessions with float, cash moved, X and Z. All of it is journal entries and folds over them.
 */
import { err, ok, type Result } from '../core/result.ts';
import {
  type CashMoved,
  type CountedCash,
  countedCash,
  expectedCash,
  foldShift,
  type ShiftReport,
  type ShiftTotals,
} from '../core/shift-report.ts';
import type { Store } from '../core/store.ts';
import type { TillApiError } from './api.ts';
import type { Appended } from './journal.ts';
import type { ShiftRow } from './projection.ts';
import type { Till } from './till.ts';

type Done<T> = Result<T, TillApiError>;

export class Drawer {
  private readonly till: Till;

  constructor(till: Till) {
    this.till = till;
  }

  /** @param id said twice, it is one shift */
  open(floatMinor: number, store: Store, id?: string): Done<null> {
    const { session, projections } = this.till;
    if (id !== undefined && projections.shiftById(id) !== null) return ok(null);
    if (session.shift !== null) return err({ kind: 'shift_open' });
    const shiftId = id ?? session.newId();
    const zNo = projections.lastZNo() + 1;
    const { entry } = this.till.commit({ kind: 'shift_opened', body: { shiftId, zNo, floatMinor } }, store, {
      shiftId,
    });
    session.shift = { shiftId, zNo, openedAtMs: entry.atMs, businessDate: entry.businessDate, floatMinor };
    return ok(null);
  }

  move(moved: CashMoved, store: Store): Done<null> {
    if (moved.id !== undefined && this.till.projections.happened(moved.id)) return ok(null);
    if (this.till.session.shift === null) return err({ kind: 'no_shift' });
    this.till.commit({ kind: 'cash_moved', body: moved }, store);
    return ok(null);
  }

  noSale(reason: string, store: Store): void {
    this.till.commit({ kind: 'drawer_opened', body: { reason } }, store);
  }

  /** The open shift so far. */
  read(): Done<ShiftReport> {
    const { session, projections } = this.till;
    if (session.shift === null) return err({ kind: 'no_shift' });
    const row = projections.shiftById(session.shift.shiftId)!;
    const { shiftId, zNo, businessDate } = session.shift;
    return ok({
      kind: 'x',
      shiftId,
      zNo,
      businessDate,
      cashierId: session.cashier.id,
      atMs: session.nowMs(),
      totals: this.fold(row, this.till.journal.head.seq),
      expectedCashMinor: null,
      countedCashMinor: null,
      differenceMinor: null,
    });
  }

  /** Closes for good. Said twice, the second call gets the Z that the first one made. */
  close(shiftId: string, counted: readonly CountedCash[], store: Store): Done<ShiftReport> {
    const { session, projections } = this.till;
    const row = projections.shiftById(shiftId);
    if (row === null) return err({ kind: 'no_shift' });
    if (row.closedSeq !== null) return ok(this.zReport(this.till.journal.at(row.closedSeq)!));
    const totals = this.fold(row, this.till.journal.head.seq);
    const closed = this.till.commit(
      { kind: 'shift_closed', body: { shiftId, zNo: row.zNo, counted, totals } },
      store,
    );
    session.shift = null;
    return ok(this.zReport(closed));
  }

  zReports(limit: number): ShiftReport[] {
    return this.till.projections
      .closedShifts(limit)
      .map(({ closedSeq }) => this.zReport(this.till.journal.at(closedSeq!)!));
  }

  /** Prints a Z again, marked as a copy. */
  reprint(shiftId: string): Done<null> {
    const row = this.till.projections.shiftById(shiftId);
    if (row === null || row.closedSeq === null) return err({ kind: 'no_shift' });
    this.till.spool.reprint(row.closedSeq, this.till.session.nowMs());
    return ok(null);
  }

  zReport({ entry }: Appended): ShiftReport {
    return zReportOf(entry);
  }

  private fold(row: ShiftRow, throughSeq: number): ShiftTotals {
    return foldShift(this.till.journal.range(row.openedSeq, throughSeq));
  }
}

/** The Z report that a closing entry is. */
export function zReportOf(entry: Appended['entry']): ShiftReport {
  if (entry.kind !== 'shift_closed') throw new Error(`entry ${entry.seq} closes no shift`);
  const { shiftId, zNo, counted, totals } = entry.body;
  const expectedCashMinor = expectedCash(totals);
  const countedCashMinor = countedCash(counted);
  return {
    kind: 'z',
    shiftId,
    zNo,
    businessDate: entry.businessDate,
    cashierId: entry.cashierId,
    atMs: entry.atMs,
    totals,
    expectedCashMinor,
    countedCashMinor,
    differenceMinor: countedCashMinor - expectedCashMinor,
  };
}
