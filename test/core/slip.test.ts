import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import type { ShiftReport } from '../../src/core/shift-report.ts';
import { cashMovedSlip, drawerOpenedSlip, shiftSlip } from '../../src/core/slip.ts';
import { AT_MS, aStore } from './builders.ts';

const report: ShiftReport = {
  kind: 'z',
  shiftId: 's',
  zNo: 7,
  businessDate: '2026-11-21',
  cashierId: '01',
  atMs: AT_MS,
  expectedCashMinor: 13_800,
  countedCashMinor: 13_750,
  differenceMinor: -50,
  totals: {
    openedAtMs: AT_MS,
    floatMinor: 20_000,
    sales: 3,
    refunds: 1,
    pieces: 9,
    grossMinor: 30_000,
    adjustmentMinor: -1_500,
    taxes: [{ taxCode: 'standard', rateBp: 1300, baseMinor: 25_221, taxMinor: 3_279 }],
    taxMinor: 3_279,
    totalMinor: 28_500,
    roundingMinor: 4,
    cashMinor: 28_504,
    paidInMinor: 0,
    paidOutMinor: 0,
    dropMinor: 0,
    noSales: 2,
    firstReceiptNo: 'T01-000001',
    lastReceiptNo: 'T01-000004',
  },
};

const facts = { tillCode: 'T01', cashierId: '01', atMs: AT_MS, copy: false };
const words = (doc: { blocks: readonly object[] }) => JSON.stringify(doc.blocks);

test.each([
  ['zh-CN', '银行卡 × 2', '现金 × 3'],
  ['zh-TW', '銀行卡 × 2', '現金 × 3'],
  ['en', 'Card × 2', 'Cash × 3'],
] as const)(
  'a Z slip in %s lists tenders by kind; one of an older program, without them, is as it was',
  (locale, ...lines) => {
    const tenders = [
      { kind: 'cash' as const, count: 3, amountMinor: 28_504 },
      { kind: 'card' as const, count: 2, amountMinor: 12_345 },
    ];
    const store = aStore({ locale });
    const doc = shiftSlip({ ...report, totals: { ...report.totals, tenders } }, { ...facts, store });
    for (const part of [...lines, '123.45']) expect(words(doc)).toContain(part);
    expect(shiftSlip(report, { ...facts, store }).blocks.length).toBe(doc.blocks.length - 3);
  },
);

test.each(LOCALES)(
  'a Z slip in %s says number, net sales 285.00, expected 138.00, counted 137.50, difference -0.50',
  (locale) => {
    const doc = shiftSlip(report, { ...facts, store: aStore({ locale }) });
    for (const part of ['7', '285.00', '138.00', '137.50', '-0.50', 'T01-000001 – T01-000004', '13%']) {
      expect(words(doc)).toContain(part);
    }
    expect(doc.openDrawer).toBe(false);
  },
);

test('an X slip shows no expected sum: the count stays blind', () => {
  const x = {
    ...report,
    kind: 'x',
    expectedCashMinor: null,
    countedCashMinor: null,
    differenceMinor: null,
  } as const;
  const doc = shiftSlip(x, { ...facts, store: aStore() });
  expect(words(doc)).not.toContain('138.00');
});

test('a paid-out slip of 12.00 and a no-sale slip open the drawer; their copies do not', () => {
  const store = aStore({ locale: 'en' });
  const moved = { kind: 'paid_out', amountMinor: 1_200, reason: 'stamps' } as const;
  expect(words(cashMovedSlip(moved, { ...facts, store }))).toContain('stamps');
  expect(cashMovedSlip(moved, { ...facts, store }).openDrawer).toBe(true);
  expect(cashMovedSlip(moved, { ...facts, store, copy: true }).openDrawer).toBe(false);
  expect(drawerOpenedSlip('change', { ...facts, store }).openDrawer).toBe(true);
});
