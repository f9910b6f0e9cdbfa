/**
 * Tenders: how a sale is paid, what remains due, what change goes back.
 *
 * Pure. Amounts are minor units of the sale currency. Cash is rounded to the store's
 * `cashStepMinor` (5 = five cents, 1 = exact); cards are charged to the cent.
 */
import { assert } from './assert.ts';
import { assertMoney, type CashRounding, roundCash, sumMinor } from './money.ts';

export interface Tender {
  readonly kind: 'cash';
  /** What the customer handed over, before change; negative: paid out on a refund. */
  readonly amountMinor: number;
}

export interface CashPolicy {
  readonly cashStepMinor: number;
  readonly cashRounding: CashRounding;
}

export interface Settlement {
  readonly totalMinor: number;
  /** What cash would settle the sale now: rounded; zero when it is paid. */
  readonly dueMinor: number;
  /** Cash rounding, its own line on the receipt: `totalMinor + roundingMinor` is what was paid in the end. */
  readonly roundingMinor: number;
  readonly changeMinor: number;
  readonly settled: boolean;
}

/** @param tenders so far, in order; none for a total of zero is settled */
export function settleTenders(
  totalMinor: number,
  tenders: readonly Tender[],
  policy: CashPolicy,
): Settlement {
  assertMoney(totalMinor);
  const paidMinor = sumMinor(tenders.map((tender) => tender.amountMinor));
  // Only cash so far, so all of the rest is cash and is rounded as one amount.
  const payableMinor = roundCash(totalMinor, policy.cashStepMinor, policy.cashRounding);
  const restMinor = payableMinor - paidMinor;
  const refund = totalMinor < 0;
  // Money is paid out to the cent or not at all: there is no change on a refund.
  const settled = refund ? restMinor === 0 : restMinor <= 0;
  return {
    totalMinor,
    dueMinor: settled ? 0 : restMinor,
    roundingMinor: payableMinor - totalMinor,
    changeMinor: settled ? Math.abs(restMinor) : 0,
    settled,
  };
}

/**
 * Notes a cashier is likely handed for an amount: the exact sum, then the next whole notes.
 *
 * @param notesMinor the currency's notes, for example [1000, 2000, 5000, 10000]
 * @returns at most four ascending amounts, the first exact
 */
export function quickCash(dueMinor: number, notesMinor: readonly number[]): number[] {
  assert(dueMinor >= 0, 'quick cash is offered for money coming in');
  const rounded = notesMinor.map((note) => Math.ceil(dueMinor / note) * note);
  return [...new Set([dueMinor, ...rounded])].sort((a, b) => a - b).slice(0, 4);
}
