/**
 * What the customer sees: the one picture of the sale that the second screen and the pole display show.
 *
 * Types only. It holds nothing that the next person in the queue should not read: no name, no phone, no card.
 */
import type { Locale } from '../core/item.ts';
import type { Currency } from '../core/money.ts';

/** `idle`: nobody is served. `done`: paid; the change stands until the next customer's first article. */
export type CustomerPhase = 'idle' | 'selling' | 'paying' | 'done';

export interface CustomerLine {
  readonly lineNo: number;
  readonly name: string;
  /** Below zero: coming back. */
  readonly qty: number;
  readonly weightG: number | null;
  readonly unitPriceMinor: number;
  readonly netMinor: number;
  /** What was taken off this line. */
  readonly savedMinor: number;
}

export interface CustomerView {
  readonly phase: CustomerPhase;
  readonly locale: Locale;
  readonly storeName: string;
  readonly currency: Currency;
  readonly lines: readonly CustomerLine[];
  /** The line that came last. */
  readonly touchedLineNo: number | null;
  readonly pieces: number;
  readonly totalMinor: number;
  readonly savedMinor: number;
  /** What is left to pay; below zero: what goes back. */
  readonly dueMinor: number;
  readonly paidMinor: number;
  readonly changeMinor: number;
  /** Points that this sale earns; null: no member. */
  readonly earnPoints: number | null;
  /** What the customer is to do now. */
  readonly ask: 'show_code' | 'use_terminal' | null;
  /** Picture of the shop's own pay code, as SVG; null: none to show now. */
  readonly payQrSvg: string | null;
  /** Counts as nothing: a person is learning. */
  readonly training: boolean;
  /** Whether there is a picture for when nobody is served. */
  readonly hasIdlePicture: boolean;
}
