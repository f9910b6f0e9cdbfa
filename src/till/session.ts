/**
 * The session: who stands at the till, which business date it is, what the next entry and receipt are stamped with.
 */
import { formatHlc, type Hlc, nextHlc, parseHlc, uuidV7 } from '../core/id.ts';
import type { Chance, Clock } from '../core/ports.ts';
import { receiptNumber, type SaleStamp } from '../core/sale.ts';
import { localDate, shiftIdOf } from '../core/shift.ts';
import type { Store } from '../core/store.ts';
import type { EntryStamp, Journal } from './journal.ts';

export interface Cashier {
  readonly id: string;
  readonly name: string;
}

export class Session {
  readonly cashier: Cashier;
  private readonly clock: Clock;
  private readonly chance: Chance;
  private readonly tillCode: string;
  private hlc: Hlc = { ms: 0, n: 0 };
  private lastReceiptSeq = 0;

  constructor(parts: {
    readonly clock: Clock;
    readonly chance: Chance;
    readonly tillCode: string;
    readonly cashier: Cashier;
    readonly journal: Journal;
  }) {
    this.clock = parts.clock;
    this.chance = parts.chance;
    this.tillCode = parts.tillCode;
    this.cashier = parts.cashier;
    this.resume(parts.journal);
  }

  newId(): string {
    return uuidV7(this.clock.nowMs(), this.chance.bytes(10));
  }

  nowMs(): number {
    return this.clock.nowMs();
  }

  businessDate(timeZone: string): string {
    return localDate(this.clock.nowMs(), timeZone);
  }

  entryStamp(timeZone: string): EntryStamp {
    const atMs = this.clock.nowMs();
    this.hlc = nextHlc(this.hlc, atMs);
    const businessDate = localDate(atMs, timeZone);
    return {
      atMs,
      hlc: formatHlc(this.hlc),
      businessDate,
      shiftId: shiftIdOf(this.tillCode, businessDate),
      cashierId: this.cashier.id,
    };
  }

  /** The next receipt number; it is used up only by `committed`, so a failed append leaves no gap. */
  saleStamp(store: Store): SaleStamp {
    const receiptSeq = this.lastReceiptSeq + 1;
    return {
      storeId: store.id,
      currency: store.currency.code,
      receiptSeq,
      receiptNo: receiptNumber(this.tillCode, receiptSeq),
    };
  }

  committed(receiptSeq: number): void {
    this.lastReceiptSeq = receiptSeq;
  }

  /** Goes on after the last entry and the last receipt of the journal. */
  private resume(journal: Journal): void {
    for (const { entry } of journal.backwards()) {
      if (this.hlc.ms === 0) this.hlc = parseHlc(entry.hlc) ?? this.hlc;
      if (entry.kind !== 'sale') continue;
      this.lastReceiptSeq = entry.body.receiptSeq;
      return;
    }
  }
}
