/**
 * The session: who stands at the till, which business date it is, what the next entry and receipt are stamped with.
 */
import { formatHlc, type Hlc, nextHlc, parseHlc, uuidV7 } from '../core/id.ts';
import type { Chance, Clock } from '../core/ports.ts';
import { receiptNumber, type SaleStamp } from '../core/sale.ts';
import { localDate, shiftIdOf } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import type { ShiftView } from './api.ts';
import type { EntryStamp, Journal } from './journal.ts';
import type { Projections } from './projection.ts';

export interface Cashier {
  readonly id: string;
  readonly name: string;
}

export class Session {
  /** Who stands here now: stamped on every entry. */
  cashier: Cashier;
  private readonly clock: Clock;
  private readonly chance: Chance;
  private readonly tillCode: string;
  private hlc: Hlc = { ms: 0, n: 0 };
  private lastReceiptSeq = 0;
  /** The open drawer session; null: none was opened, and sales go by calendar days. */
  shift: ShiftView | null = null;

  constructor(parts: {
    readonly clock: Clock;
    readonly chance: Chance;
    readonly tillCode: string;
    readonly cashier: Cashier;
    readonly journal: Journal;
    readonly projections: Projections;
  }) {
    this.clock = parts.clock;
    this.chance = parts.chance;
    this.tillCode = parts.tillCode;
    this.cashier = parts.cashier;
    this.resume(parts.journal, parts.projections);
  }

  newId(): string {
    return uuidV7(this.clock.nowMs(), this.chance.bytes(10));
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  /** Of the shift: a sale after midnight belongs to the day the shift opened. */
  businessDate(timeZone: string): string {
    return this.shift?.businessDate ?? localDate(this.clock.nowMs(), timeZone);
  }

  entryStamp(timeZone: string): EntryStamp {
    const atMs = this.clock.nowMs();
    this.hlc = nextHlc(this.hlc, atMs);
    const businessDate = this.businessDate(timeZone);
    return {
      atMs,
      hlc: formatHlc(this.hlc),
      businessDate,
      shiftId: this.shift?.shiftId ?? shiftIdOf(this.tillCode, businessDate),
      cashierId: this.cashier.id,
    };
  }

  /** In training no number is used: a slip of practice carries none. */
  training = false;

  /** The next receipt number; it is used up only by `committed`, so a failed append leaves no gap. */
  saleStamp(store: Store): SaleStamp {
    const receiptSeq = this.training ? 0 : this.lastReceiptSeq + 1;
    const receiptNo = this.training ? `${this.tillCode}-TRAINING` : receiptNumber(this.tillCode, receiptSeq);
    return { storeId: store.id, currency: store.currency.code, receiptSeq, receiptNo };
  }

  committed(receiptSeq: number): void {
    this.lastReceiptSeq = receiptSeq;
  }

  /** HQ knows of a receipt with this number: the next one is above it. */
  receiptsThrough(receiptSeq: number): void {
    this.lastReceiptSeq = Math.max(this.lastReceiptSeq, receiptSeq);
  }

  /** Goes on after the last entry, the last receipt and in the shift that is still open. */
  resume(journal: Journal, projections: Projections): void {
    this.shift = null;
    const last = journal.at(journal.head.seq);
    if (last !== null) this.hlc = parseHlc(last.entry.hlc) ?? this.hlc;
    const sale = projections.recent(1)[0];
    const entry = sale === undefined ? null : journal.at(sale.seq)!.entry;
    if (entry?.kind === 'sale') this.receiptsThrough(entry.body.receiptSeq);
    const row = projections.openShiftRow();
    const opened = row === null ? null : journal.at(row.openedSeq)!.entry;
    if (opened?.kind !== 'shift_opened') return;
    const { shiftId, zNo, floatMinor } = opened.body;
    this.shift = { shiftId, zNo, floatMinor, openedAtMs: opened.atMs, businessDate: opened.businessDate };
  }
}
