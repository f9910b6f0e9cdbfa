/**
 * Projections of the journal: the sale look-up and the print queue. Each has its own cursor and is rebuilt from there.
 */
import type { Returned } from '../core/basket.ts';
import type { JournalEntry } from '../core/entry.ts';
import type { PricedLine } from '../core/pricing.ts';
import { claimOf, paidMinor } from '../core/returns.ts';
import type { Sale } from '../core/sale.ts';
import type { Sqlite, Statement } from './db.ts';
import type { Journal } from './journal.ts';
import { MoneyFold } from './money-fold.ts';
import type { State } from './state.ts';

export interface IndexedSale {
  readonly saleId: string;
  readonly receiptNo: string;
  readonly seq: number;
  readonly refundOfSaleId: string | null;
}

export interface ShiftRow {
  readonly shiftId: string;
  readonly zNo: number;
  readonly openedSeq: number;
  readonly closedSeq: number | null;
}

/** Entries per transaction when a whole journal is projected again. */
const CATCH_UP_ENTRIES = 1_000;

export class Projections {
  private readonly db: Sqlite;
  private readonly journal: Journal;
  private readonly state: State;
  private readonly prints: boolean;
  private readonly clockMs: () => number;
  readonly money: MoneyFold;
  private readonly putSale: Statement;
  private readonly putReturned: Statement;
  private readonly putJob: Statement;
  private readonly openShift: Statement;
  private readonly closeShift: Statement;
  private readonly putOnce: Statement;

  /** @param prints whether this till has a printer: without one nothing is queued */
  constructor(
    db: Sqlite,
    journal: Journal,
    state: State,
    options: { readonly prints: boolean; readonly clockMs: () => number },
  ) {
    this.db = db;
    this.journal = journal;
    this.state = state;
    this.prints = options.prints;
    this.clockMs = options.clockMs;
    // A new `shop.db` beside a journal with sales: their originals were printed from the lost one, or nobody knows. They
    // are in the journal and print as copies.
    if (state.number('spool') === null) state.set('spool', journal.head.seq);
    this.putSale = db.prepare(
      'insert or replace into sale_index (sale_id, receipt_no, seq, refund_of_sale_id) values (?, ?, ?, ?)',
    );
    this.putReturned = db.prepare(
      `insert or replace into returned_line
         (seq, line_no, sale_id, sold_line_no, qty, net_minor, tax_minor, points, token_minor, business_date)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.money = new MoneyFold(db);
    this.openShift = db.prepare(
      'insert or replace into shift (shift_id, z_no, opened_seq, closed_seq) values (?, ?, ?, null)',
    );
    this.closeShift = db.prepare('update shift set closed_seq = ? where shift_id = ?');
    this.putOnce = db.prepare('insert or ignore into once (id, seq) values (?, ?)');
    this.putJob = db.prepare(
      "insert or ignore into print_job (seq, copy, state, queued_at_ms) values (?, 0, 'queued', ?)",
    );
  }

  /** Brings both up to the journal's head. Cheap when there is nothing to do. */
  catchUp(): void {
    let indexed = this.state.number('sale_index') ?? 0;
    const head = this.journal.head.seq;
    while (indexed < head) {
      const entries = this.journal.read(indexed + 1, CATCH_UP_ENTRIES);
      const spooled = this.state.number('spool') ?? 0;
      indexed = entries.at(-1)!.seq;
      this.db.transaction(() => {
        for (const { seq, text } of entries) this.project(seq, text, seq > spooled);
        this.state.set('sale_index', indexed);
        this.state.set('spool', Math.max(indexed, spooled));
      })();
    }
  }

  private project(seq: number, text: string, toPrint: boolean): void {
    const entry = JSON.parse(text) as JournalEntry;
    switch (entry.kind) {
      case 'sale':
        this.putSale.run(entry.body.id, entry.body.receiptNo, seq, entry.body.refundOf?.saleId ?? null);
        this.projectReturned(seq, entry.businessDate, entry.body);
        this.money.fold(seq, entry.body);
        break;
      case 'shift_opened':
        this.openShift.run(entry.body.shiftId, entry.body.zNo, seq);
        break;
      case 'training':
        this.state.set('training', entry.body.on ? 'on' : 'off');
        break;
      case 'cash_moved':
        if (entry.body.id !== undefined) this.putOnce.run(entry.body.id, seq);
        break;
      case 'shift_closed':
        this.closeShift.run(seq, entry.body.shiftId);
        break;
    }
    if (toPrint && this.prints && PRINTED.has(entry.kind)) this.putJob.run(seq, this.clockMs());
  }

  private projectReturned(seq: number, businessDate: string, sale: Sale): void {
    for (const line of sale.lines) {
      const back = line.back ?? wholeRefund(sale, line);
      if (back === null) continue;
      const { qty, netMinor, taxMinor, points } = claimOf(line, back);
      const tokenMinor = back.from === 'token' ? paidMinor({ netMinor, taxMinor }, back.taxMode) : 0;
      const amounts = [qty, netMinor, taxMinor, points, tokenMinor] as const;
      this.putReturned.run(seq, line.lineNo, back.saleId, back.lineNo, ...amounts, businessDate);
    }
  }

  /** Whether the till was training when it went down: nothing that a crash does makes practice count. */
  training(): boolean {
    this.catchUp();
    return this.state.text('training') === 'on';
  }

  /** Whether what was told under this id has happened. */
  happened(id: string): boolean {
    this.catchUp();
    return this.db.prepare('select 1 from once where id = ?').get(id) !== undefined;
  }

  shiftById(shiftId: string): ShiftRow | null {
    this.catchUp();
    return (
      (this.db.prepare(`${SELECT_SHIFT} where shift_id = ?`).get(shiftId) as ShiftRow | undefined) ?? null
    );
  }

  /** The newest shift that nobody has closed. */
  openShiftRow(): ShiftRow | null {
    this.catchUp();
    const row = this.db.prepare(`${SELECT_SHIFT} where closed_seq is null order by z_no desc limit 1`).get();
    return (row as ShiftRow | undefined) ?? null;
  }

  closedShifts(limit: number): ShiftRow[] {
    this.catchUp();
    return this.db
      .prepare(`${SELECT_SHIFT} where closed_seq is not null order by z_no desc limit ?`)
      .all(limit) as ShiftRow[];
  }

  lastZNo(): number {
    this.catchUp();
    return (this.db.prepare('select coalesce(max(z_no), 0) as z from shift').get() as { z: number }).z;
  }

  saleById(saleId: string): IndexedSale | null {
    return this.one('sale_id = ?', saleId);
  }

  saleByReceipt(receiptNo: string): IndexedSale | null {
    return this.one('receipt_no = ?', receiptNo);
  }

  /** The newest refund or exchange that goods of this sale came back on. */
  lastReturnOf(saleId: string): IndexedSale | null {
    return this.one('seq = (select max(seq) from returned_line where returned_line.sale_id = ?)', saleId);
  }

  recent(limit: number): IndexedSale[] {
    this.catchUp();
    return this.db.prepare(`${SELECT} order by seq desc limit ?`).all(limit) as IndexedSale[];
  }

  private one(where: string, value: string): IndexedSale | null {
    this.catchUp();
    return (this.db.prepare(`${SELECT} where ${where}`).get(value) as IndexedSale | undefined) ?? null;
  }
}

/** Refunds of older programs reversed a whole sale, line by line under its numbers. */
function wholeRefund({ refundOf, taxMode }: Sale, line: PricedLine): Returned | null {
  if (refundOf === null || line.qty >= 0) return null;
  const { lineNo, grossMinor, netMinor, taxRateBp, taxMinor } = line;
  return { ...refundOf, lineNo, taxMode, grossMinor, netMinor, taxRateBp, taxMinor, points: 0 };
}

/** Kinds of entries that come out on paper. */
const PRINTED = new Set(['sale', 'shift_closed', 'cash_moved', 'drawer_opened', 'member_enrolled']);

const SELECT_SHIFT = `select shift_id as "shiftId", z_no as "zNo", opened_seq as "openedSeq", closed_seq as "closedSeq"
  from shift`;

const SELECT = `select sale_id as "saleId", receipt_no as "receiptNo", seq, refund_of_sale_id as "refundOfSaleId"
  from sale_index`;
