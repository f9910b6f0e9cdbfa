/**
 * Projections of the journal: the sale look-up and the print queue. Each has its own cursor and is rebuilt from there.
 */

import type { Returned } from '../core/basket.ts';
import type { JournalEntry, MemberEnrolled } from '../core/entry.ts';
import { type Member, NEW_MEMBER_TIER } from '../core/loyalty.ts';
import { parsePersonal } from '../core/personal.ts';
import type { PricedLine } from '../core/pricing.ts';
import { claimOf, paidMinor } from '../core/returns.ts';
import type { Sale } from '../core/sale.ts';
import type { Sqlite, Statement } from './db.ts';
import type { Journal } from './journal.ts';
import type { MemberIndex } from './member-index.ts';
import { MoneyFold } from './money-fold.ts';
import type { Personal } from './personal.ts';
import { RightsFold } from './rights.ts';
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

/** A sale of this till to a member. */
export interface MemberSale {
  readonly seq: number;
  readonly atMs: number;
  /** Earned; below zero when goods came back. */
  readonly points: number;
  /** Something was bought, not only brought back. */
  readonly bought: boolean;
}

/** Sales of one member that a card looks at: those that HQ has not counted are far fewer. */
const MEMBER_SALES_MAX = 200;

/** Entries per transaction when a whole journal is projected again. */
const CATCH_UP_ENTRIES = 1_000;

export class Projections {
  private readonly db: Sqlite;
  private readonly journal: Journal;
  private readonly state: State;
  private readonly prints: () => boolean;
  private readonly clockMs: () => number;
  readonly money: MoneyFold;
  private readonly rights: RightsFold;
  private readonly putSale: Statement;
  private readonly putReturned: Statement;
  private readonly putJob: Statement;
  private readonly openShift: Statement;
  private readonly closeShift: Statement;
  private readonly putOnce: Statement;
  private readonly putMemberSale: Statement;
  private readonly putEnrolled: Statement;
  private readonly members: MemberIndex;
  private readonly personal: Personal;

  /** @param prints whether this till has a printer: without one nothing is queued */
  constructor(
    db: Sqlite,
    journal: Journal,
    state: State,
    options: {
      readonly prints: () => boolean;
      readonly clockMs: () => number;
      readonly members: MemberIndex;
      readonly personal: Personal;
    },
  ) {
    this.db = db;
    this.journal = journal;
    this.state = state;
    this.prints = options.prints;
    this.clockMs = options.clockMs;
    this.members = options.members;
    this.personal = options.personal;
    this.putMemberSale = db.prepare(
      'insert or replace into member_sale (member_id, seq, at_ms, points, bought) values (?, ?, ?, ?, ?)',
    );
    this.putEnrolled = db.prepare(
      'insert or ignore into enrolled (member_id, card_no, personal_id, seq) values (?, ?, ?, ?)',
    );
    // A new `shop.db` beside a journal with sales: their originals were printed from the lost one, or nobody knows. They
    // are in the journal and print as copies.
    if (state.number('spool') === null) state.set('spool', journal.head.seq);
    // The power went between the new journal and this file.
    const known = state.text('journal_id');
    if (known === null) state.set('journal_id', journal.journalId);
    this.putSale = db.prepare(
      'insert or replace into sale_index (sale_id, receipt_no, seq, refund_of_sale_id) values (?, ?, ?, ?)',
    );
    this.putReturned = db.prepare(
      `insert or replace into returned_line
         (seq, line_no, sale_id, sold_line_no, qty, net_minor, tax_minor, points, token_minor, business_date)
       values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    );
    this.money = new MoneyFold(db);
    this.rights = new RightsFold(db);
    this.openShift = db.prepare(
      'insert or replace into shift (shift_id, z_no, opened_seq, closed_seq) values (?, ?, ?, null)',
    );
    this.closeShift = db.prepare('update shift set closed_seq = ? where shift_id = ?');
    this.putOnce = db.prepare('insert or ignore into once (id, seq) values (?, ?)');
    this.putJob = db.prepare(
      "insert or ignore into print_job (seq, copy, state, queued_at_ms) values (?, 0, 'queued', ?)",
    );
    if (known !== null && known !== journal.journalId) {
      this.rebuild(journal.parts.at(-1)!.baseSeq, journal.restated());
    }
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

  /**
   * Folds the journal again from its first entry: it goes on under another name after `baseSeq`.
   *
   * @param newSeqOf of entries after it that were said again: slips that wait keep waiting, nothing is printed twice
   */
  rebuild(baseSeq: number, newSeqOf: ReadonlyMap<number, number>): void {
    this.db.transaction(() => {
      for (const table of FOLDED) this.db.prepare(`delete from ${table}`).run();
      const jobs = this.db
        .prepare('select job_id as id, seq, state from print_job where seq > ? and doc is null')
        .all(baseSeq) as { id: number; seq: number; state: string }[];
      this.db.prepare('delete from print_job where seq > ? and doc is null').run(baseSeq);
      const put = this.db.prepare(
        'insert into print_job (job_id, seq, copy, state, queued_at_ms) values (?, ?, 0, ?, ?)',
      );
      const done = new Set<number>();
      for (const { id, seq, state } of jobs) {
        const now = newSeqOf.get(seq);
        if (now === undefined || done.has(now)) continue;
        done.add(now);
        put.run(id, now, state, this.clockMs());
      }
      this.state.set('training', 'off');
      this.state.set('sale_index', 0);
      this.state.set('spool', this.journal.head.seq);
      this.state.set('journal_id', this.journal.journalId);
    })();
    this.catchUp();
  }

  private project(seq: number, text: string, toPrint: boolean): void {
    const entry = JSON.parse(text) as JournalEntry;
    switch (entry.kind) {
      case 'journal_opened':
        // Leases are good in the journal that they were granted to.
        this.rights.journalOpened();
        break;
      case 'sale':
        this.putSale.run(entry.body.id, entry.body.receiptNo, seq, entry.body.refundOf?.saleId ?? null);
        this.projectReturned(seq, entry.businessDate, entry.body);
        this.money.fold(seq, entry.body);
        this.rights.sale(seq, entry.body);
        this.projectMember(seq, entry.atMs, entry.body);
        break;
      case 'right_granted':
        this.rights.granted(entry.body);
        break;
      case 'right_returned':
        this.rights.returned(entry.body);
        break;
      case 'member_enrolled':
        this.projectEnrolled(seq, entry.body);
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
    if (toPrint && this.prints() && PRINTED.has(entry.kind)) this.putJob.run(seq, this.clockMs());
  }

  private projectMember(seq: number, atMs: number, sale: Sale): void {
    if (sale.memberId === null) return;
    const bought = sale.kind === 'refund' ? 0 : 1;
    this.putMemberSale.run(sale.memberId, seq, atMs, sale.points?.earned ?? 0, bought);
  }

  /** A member who joined here is known here at once, and again after this file was lost; unless the person was erased. */
  private projectEnrolled(seq: number, { memberId, cardNo, personalId }: MemberEnrolled): void {
    this.putEnrolled.run(memberId, cardNo, personalId, seq);
    const kept = this.personal.get(personalId);
    const person = kept === null ? null : parsePersonal(kept.data);
    if (kept === null || person === null || this.members.byId(memberId) !== null) return;
    if (this.db.prepare('select 1 from member_alias where provisional_id = ?').get(memberId)) return;
    const member: Member = { id: memberId, cardNo, tierId: NEW_MEMBER_TIER, provisional: true, ...person };
    this.members.put(member, kept.initials);
  }

  enrolledHere(memberId: string): boolean {
    this.catchUp();
    return this.db.prepare('select 1 from enrolled where member_id = ?').get(memberId) !== undefined;
  }

  enrolledCount(): number {
    this.catchUp();
    return (this.db.prepare('select count(*) as n from enrolled').get() as { n: number }).n;
  }

  /** Personal rows of a member, under whatever id the person joined. */
  personalIdsOf(memberId: string): string[] {
    this.catchUp();
    const rows = this.db
      .prepare(
        `select personal_id as personalId from enrolled where member_id = ?
         or member_id in (select provisional_id from member_alias where member_id = ?)`,
      )
      .all(memberId, memberId) as { personalId: string }[];
    return rows.map(({ personalId }) => personalId);
  }

  /** This till's sales to somebody, newest first. */
  salesOf(memberIds: readonly string[]): MemberSale[] {
    this.catchUp();
    const select = this.db.prepare(
      `select seq, at_ms as atMs, points, bought from member_sale where member_id = ?
       order by seq desc limit ${MEMBER_SALES_MAX}`,
    );
    return memberIds
      .flatMap((id) => select.all(id) as (Omit<MemberSale, 'bought'> & { bought: number })[])
      .map((row) => ({ ...row, bought: row.bought === 1 }))
      .sort((a, b) => b.seq - a.seq);
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

/** What the fold of the journal fills, each from its first entry. */
const FOLDED = [
  'sale_index',
  'returned_line',
  'member_sale',
  'enrolled',
  'shift',
  'once',
  'right_grant',
  'right_spent',
  'voucher_used',
  'tender_back',
];

/** Kinds of entries that come out on paper. */
const PRINTED = new Set(['sale', 'shift_closed', 'cash_moved', 'drawer_opened', 'member_enrolled']);

const SELECT_SHIFT = `select shift_id as "shiftId", z_no as "zNo", opened_seq as "openedSeq", closed_seq as "closedSeq"
  from shift`;

const SELECT = `select sale_id as "saleId", receipt_no as "receiptNo", seq, refund_of_sale_id as "refundOfSaleId"
  from sale_index`;
