/**
 * Projections of the journal: the sale look-up and the print queue. Each has its own cursor and is rebuilt from there.
 */
import type { Sale } from '../core/sale.ts';
import type { Sqlite, Statement } from './db.ts';
import type { Journal } from './journal.ts';
import type { State } from './state.ts';

export interface IndexedSale {
  readonly saleId: string;
  readonly receiptNo: string;
  readonly seq: number;
  readonly refundOfSaleId: string | null;
}

/** Entries per transaction when a whole journal is projected again. */
const CATCH_UP_ENTRIES = 1_000;

export class Projections {
  private readonly db: Sqlite;
  private readonly journal: Journal;
  private readonly state: State;
  private readonly prints: boolean;
  private readonly clockMs: () => number;
  private readonly putSale: Statement;
  private readonly putJob: Statement;

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
    const entry = JSON.parse(text) as { kind: string; body: Sale };
    if (entry.kind !== 'sale') return;
    const { id, receiptNo, refundOf } = entry.body;
    this.putSale.run(id, receiptNo, seq, refundOf?.saleId ?? null);
    if (toPrint && this.prints) this.putJob.run(seq, this.clockMs());
  }

  saleById(saleId: string): IndexedSale | null {
    return this.one('sale_id = ?', saleId);
  }

  saleByReceipt(receiptNo: string): IndexedSale | null {
    return this.one('receipt_no = ?', receiptNo);
  }

  refundOf(saleId: string): IndexedSale | null {
    return this.one('refund_of_sale_id = ?', saleId);
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

const SELECT = `select sale_id as "saleId", receipt_no as "receiptNo", seq, refund_of_sale_id as "refundOfSaleId"
  from sale_index`;
