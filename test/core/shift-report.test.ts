import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Sale } from '../../src/core/sale.ts';
import { countedCash, denominationsOf, expectedCash, foldShift } from '../../src/core/shift-report.ts';
import { AT_MS, aRefund, aSale } from './builders.ts';

const HEAD = {
  v: 1,
  tillId: 't',
  journalId: 'j',
  hlc: '1.0',
  businessDate: '2026-11-21',
  shiftId: 's',
  cashierId: '01',
};

function entry(seq: number, kind: string, body: unknown): JournalEntry {
  return { ...HEAD, seq, atMs: AT_MS + seq, kind, body } as unknown as JournalEntry;
}

const opened = (floatMinor: number) => entry(1, 'shift_opened', { shiftId: 's', zNo: 1, floatMinor });
const cash = (kind: string, amountMinor: number) =>
  entry(9, 'cash_moved', { kind, amountMinor, reason: 'r' });

test('tenders by kind, in and out: 2.00 in cash out of 5.00, 2.00 by card, 0.50 of it given back to the card', () => {
  const card = { token: 't', approval: 'a', brand: 'Visa', last4: '4242' };
  const byCash = { ...aSale(), tenders: [{ kind: 'cash', amountMinor: 500 }], changeMinor: 300 };
  const byCard = { ...aSale(), tenders: [{ kind: 'card', amountMinor: 200, card }] };
  const back = { ...aSale(), tenders: [{ kind: 'card', amountMinor: -50, card }] };
  const totals = foldShift([
    opened(1_000),
    ...[byCash, byCard, back].map((sale, i) => entry(2 + i, 'sale', sale)),
  ]);
  expect(totals.tenders).toEqual([
    { kind: 'cash', count: 1, amountMinor: 200 },
    { kind: 'card', count: 2, amountMinor: 150 },
  ]);
  // The drawer holds the float and the cash, whatever cards paid.
  expect(expectedCash(totals)).toBe(1_200);
});

describe('a shift of a sale, its refund, cash moved and one no-sale', () => {
  const sale: Sale = aSale();
  const refund = aRefund(sale);
  const totals = foldShift([
    opened(20_000),
    entry(2, 'sale', sale),
    cash('paid_in', 5_000),
    cash('paid_out', 1_200),
    cash('drop', 10_000),
    entry(6, 'drawer_opened', { reason: 'change' }),
    entry(7, 'sale', refund),
  ]);

  test('counts 1 sale and 1 refund and comes to 0 in goods, money and tax', () => {
    expect(totals).toMatchObject({
      sales: 1,
      refunds: 1,
      pieces: 0,
      totalMinor: 0,
      taxMinor: 0,
      cashMinor: 0,
      noSales: 1,
    });
  });

  test('the drawer should hold 200.00 + 50.00 - 12.00 - 100.00 = 138.00', () => {
    expect(expectedCash(totals)).toBe(13_800);
  });

  test('names its first and its last receipt', () => {
    expect([totals.firstReceiptNo, totals.lastReceiptNo]).toEqual([sale.receiptNo, refund.receiptNo]);
  });
});

test('an empty shift holds its float of 100.00 and names no receipt', () => {
  const totals = foldShift([opened(10_000)]);
  expect(expectedCash(totals)).toBe(10_000);
  expect(totals).toMatchObject({ sales: 0, taxes: [], firstReceiptNo: null, lastReceiptNo: null });
});

test('3 × 100.00, 2 × 0.50 and no coins of 0.10 are 301.00', () => {
  const counted = [
    { valueMinor: 10_000, count: 3 },
    { valueMinor: 50, count: 2 },
    { valueMinor: 10, count: 0 },
  ];
  expect(countedCash(counted)).toBe(30_100);
});

test.each([
  ['CNY by jiao', [1000, 2000, 5000, 10_000], 10, [10_000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10]],
  ['GBP to the penny', [500, 1000, 2000, 5000], 1, [5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2, 1]],
  ['TWD without cents', [100, 500, 1000], 1, [1000, 500, 100, 50, 20, 10, 5, 2, 1]],
])('denominations of %s', (_name, notes, step, expected) => {
  expect(denominationsOf(notes, step)).toEqual(expected);
});

test('cash moves add up whatever their order', () => {
  const moves = fc.array(
    fc.record({
      kind: fc.constantFrom('paid_in', 'paid_out', 'drop'),
      amountMinor: fc.integer({ min: 1, max: 1e9 }),
    }),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1e9 }), moves, (floatMinor, list) => {
      const fold = (order: typeof list) =>
        expectedCash(
          foldShift([opened(floatMinor), ...order.map((move) => cash(move.kind, move.amountMinor))]),
        );
      const signed = list.reduce(
        (sum, { kind, amountMinor }) => sum + (kind === 'paid_in' ? 1 : -1) * amountMinor,
        0,
      );
      expect(fold(list)).toBe(floatMinor + signed);
      expect(fold(list.toReversed())).toBe(fold(list));
    }),
  );
});
