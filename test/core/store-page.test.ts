/** The store manager's page: grid, shares, risk, birthdays and the day's equation, from hand-worked members and sales. */
import { describe, expect, test } from 'vitest';
import { DEFAULT_THRESHOLDS } from '../../src/core/rfm.ts';
import {
  type Buyer,
  type DaySale,
  foldDay,
  type PageFacts,
  storePage,
  withSales,
} from '../../src/core/store-page.ts';
import { aDemoSale } from '../kit/sales.ts';

const DATE = '2026-11-22';

function aBuyer(memberId: string, visits: number, lastOn: string, more: Partial<Buyer> = {}): Buyer {
  const stats = { visits, firstOn: '2026-01-01', lastOn, netMinor: 1_000 };
  return { memberId, name: memberId, tierName: '', birthday: null, stats, ...more };
}

function aPage(buyers: readonly Buyer[], more: Partial<PageFacts> = {}) {
  return storePage({
    asOfMs: 2,
    othersAsOfMs: 1,
    businessDate: DATE,
    buyers,
    thresholds: DEFAULT_THRESHOLDS,
    days: [],
    cashierName: (id) => `name of ${id}`,
    zReports: [],
    ...more,
  });
}

function aDaySale(receiptSeq: number, facts: { memberId?: string; hour?: number; cashierId?: string } = {}) {
  const { memberId = null, hour = 10, cashierId = 'C1' } = facts;
  const sale = aDemoSale({ receiptSeq, memberId, lines: 1 });
  return { sale, hour, cashierId, businessDate: DATE };
}

function aRefund(row: DaySale): DaySale {
  const { sale } = row;
  const lines = sale.lines.map((line) => ({ ...line, qty: -line.qty }));
  return { ...row, sale: { ...sale, kind: 'refund', totalMinor: -sale.totalMinor, lines } };
}

describe('the grid', () => {
  test('puts each buyer in one cell, and the counts add up to the buyers', () => {
    const { grid, buyers } = aPage([
      aBuyer('fan', 9, '2026-11-01'),
      aBuyer('second', 2, '2026-07-01'),
      aBuyer('asleep', 1, '2026-05-26'),
      aBuyer('awake', 1, '2026-05-27'),
      aBuyer('gone', 4, '2025-01-01'),
      { ...aBuyer('never', 0, '2026-01-01'), stats: { visits: 0, firstOn: null, lastOn: null, netMinor: 0 } },
    ]);
    // Rows active, silent, sleeping, lost; columns new, second, old, fan. 2026-05-26 is 180 days ago.
    expect(grid.counts).toEqual([
      [0, 0, 0, 1],
      [1, 1, 0, 0],
      [1, 0, 0, 0],
      [0, 0, 1, 0],
    ]);
    expect(buyers).toBe(5);
    expect(grid.netMinor.flat().reduce((sum, minor) => sum + minor, 0)).toBe(5_000);
  });

  test('of nobody is empty, without a share', () => {
    expect(aPage([])).toMatchObject({
      buyers: 0,
      topShareBp: null,
      topMembers: [],
      atRisk: [],
      birthdays: [],
    });
  });
});

test('the best 15 % of seven buyers are two of them: 800 of 1,300 is 61.54 %', () => {
  const money = [500, 300, 100, 100, 100, 100, 100];
  const buyers = money.map((netMinor, i) => {
    const buyer = aBuyer(`m${i}`, 2, DATE);
    return { ...buyer, stats: { ...buyer.stats, netMinor } };
  });
  const page = aPage(buyers);
  expect(page.topShareBp).toBe(6_154);
  expect(page.topMembers.slice(0, 2).map(({ memberId }) => memberId)).toEqual(['m0', 'm1']);
});

test('who is past twice the own cycle is at risk, dearest first', () => {
  // Ten days a cycle: 2026-01-01 and 2026-01-11; 20 days after the last is not past, 21 is.
  const visits = (memberId: string, lastOn: string, netMinor: number): Buyer => ({
    ...aBuyer(memberId, 2, lastOn),
    stats: { visits: 2, firstOn: '2026-01-01', lastOn, netMinor },
  });
  const page = aPage([visits('a', '2026-01-11', 5), visits('b', '2026-01-11', 9)], {
    businessDate: '2026-02-01',
  });
  expect(page.atRisk.map(({ memberId }) => memberId)).toEqual(['b', 'a']);
  expect(aPage([visits('a', '2026-01-11', 5)], { businessDate: '2026-01-31' }).atRisk).toEqual([]);
});

test.each([
  ['2026-11-22', ['11-22', '11-28'], ['11-21', '11-29']],
  ['2026-12-30', ['12-31', '01-05'], ['01-06', '12-29']],
  ['2027-02-25', ['02-29', '02-28'], ['03-04']],
  ['2028-02-25', ['02-29', '02-28'], ['03-03']],
])('birthdays in the week from %s: %s in, %s out', (businessDate, within, without) => {
  const buyers = [...within, ...without].map((birthday) => aBuyer(birthday, 1, DATE, { birthday }));
  const born = aPage(buyers, { businessDate }).birthdays.map(({ birthday }) => birthday);
  expect([...born].sort()).toEqual([...within].sort());
});

describe('the day', () => {
  const sales = [
    aDaySale(1),
    aDaySale(2, { memberId: 'new', hour: 11 }),
    aDaySale(3, { memberId: 'old', hour: 11, cashierId: 'C2' }),
  ];
  const firstOn = (memberId: string) => (memberId === 'new' ? DATE : '2026-01-01');
  const [plain, fresh, loyal] = sales.map(({ sale }) => sale.totalMinor) as [number, number, number];

  test('is new and returning members and the others, to the cent; a refund takes its money off and is no ticket', () => {
    const day = foldDay([...sales, aRefund(sales[2]!)], firstOn);
    expect(day).toMatchObject({
      tickets: 3,
      pieces: 2,
      netMinor: plain + fresh,
      refundMinor: loyal,
      newMinor: fresh,
      returningMinor: 0,
      noMemberMinor: plain,
      hours: [
        { hour: 10, tickets: 1, netMinor: plain },
        { hour: 11, tickets: 2, netMinor: fresh },
      ],
      cashiers: [
        { id: 'C1', tickets: 2, netMinor: plain + fresh, refunds: 0 },
        { id: 'C2', tickets: 1, netMinor: 0, refunds: 1, pieces: 0 },
      ],
    });
    expect(day.newMinor + day.returningMinor + day.noMemberMinor).toBe(day.netMinor);
  });

  test('of several tills adds up by hour and by cashier', () => {
    const day = foldDay(sales, firstOn);
    const { today } = aPage([], { days: [day, day] });
    expect(today.netMinor).toBe(2 * (plain + fresh + loyal));
    expect(today.hours).toEqual([
      { hour: 10, tickets: 2, netMinor: 2 * plain },
      { hour: 11, tickets: 4, netMinor: 2 * (fresh + loyal) },
    ]);
    expect(today.cashiers.find(({ id }) => id === 'C2')).toMatchObject({
      name: 'name of C2',
      tickets: 2,
      netMinor: 2 * loyal,
    });
  });
});

test('own sales that HQ has not counted are in at once: another date is another visit, the same date is not', () => {
  const stats = { visits: 3, firstOn: '2026-01-01', lastOn: '2026-11-21', netMinor: 100 };
  const [first, second] = [aDaySale(1), aDaySale(2)];
  const sum = first.sale.totalMinor + second.sale.totalMinor;
  expect(withSales(stats, [first, second])).toEqual({
    visits: 4,
    firstOn: '2026-01-01',
    lastOn: DATE,
    netMinor: 100 + sum,
  });
  expect(withSales(stats, [aRefund(first)])).toEqual({ ...stats, netMinor: 100 - first.sale.totalMinor });
});
