/** Figures of HQ's console: the equation, the matrix, the hours and the arrivals. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SaleRow, StoreDay } from '../../cloud/hq/schemas.ts';
import { lateMs, mergeArrivals } from '../../cloud/hq/web/figures/arrivals.ts';
import { byCurrency, equationOf, figuresOf } from '../../cloud/hq/web/figures/equation.ts';
import { hourRows, sumBefore, sumHours } from '../../cloud/hq/web/figures/hours.ts';
import { MEASURES, matrixOf, measured } from '../../cloud/hq/web/figures/matrix.ts';
import {
  countHearing,
  hearingOf,
  LATE_ENTRIES,
  paceOf,
  SILENT_AFTER_MS,
} from '../../cloud/hq/web/figures/pace.ts';
import { pointsOf } from '../../cloud/hq/web/pages/analysis/period.ts';

describe('the sales equation', () => {
  test('tickets × price per piece × pieces per ticket is the total, exactly, whatever the figures', () => {
    const amount = fc.integer({ min: -1e9, max: 1e9 });
    const count = fc.integer({ min: 1, max: 1e6 });
    fc.assert(
      fc.property(amount, count, count, (totalMinor, tickets, pieces) => {
        const equation = equationOf({ ...figuresOf([]), totalMinor, tickets, pieces });
        const { pricePerPiece: price, piecesPerTicket: attach } = equation;
        const left = BigInt(equation.tickets) * BigInt(price!.n) * BigInt(attach!.n);
        const right = BigInt(totalMinor) * BigInt(price!.d) * BigInt(attach!.d);
        expect(left).toBe(right);
      }),
    );
  });

  test('two stores of one day add up: 3 + 2 tickets, 10.00 + 5.50', () => {
    const days = [
      aDay({ sales: 3, totalMinor: 1000, pieces: 7 }),
      aDay({ sales: 2, totalMinor: 550, pieces: 2 }),
    ];
    expect(figuresOf(days)).toMatchObject({ tickets: 5, totalMinor: 1550, pieces: 9 });
  });

  test('a day without sales has a total of 0 and no factors to divide', () => {
    const equation = equationOf(figuresOf([]));
    expect(equation).toEqual({ totalMinor: 0, tickets: 0, pricePerPiece: null, piecesPerTicket: null });
  });

  test('CNY and TWD stores stand in two groups, the larger first', () => {
    const currency = (code: string) => ({ code, digits: 2, symbol: code });
    const groups = byCurrency(['TWD', 'CNY', 'CNY'], currency);
    expect(groups.map((group) => [group.currency.code, group.items.length])).toEqual([
      ['CNY', 2],
      ['TWD', 1],
    ]);
  });
});

describe('the matrix', () => {
  const storeIds = ['a', 'b', 'c'];
  const dates = ['2026-11-20', '2026-11-21', '2026-11-22'];

  test('store sums and day sums both add up to the total, for every measure', () => {
    const day = fc.record({
      storeId: fc.constantFrom(...storeIds, 'elsewhere'),
      businessDate: fc.constantFrom(...dates, '2026-01-01'),
      totalMinor: fc.integer({ min: -1e9, max: 1e9 }),
      memberTotalMinor: fc.integer({ min: -1e9, max: 1e9 }),
      sales: fc.nat(1e5),
      pieces: fc.integer({ min: -1e5, max: 1e5 }),
    });
    fc.assert(
      fc.property(fc.array(day), fc.constantFrom(...MEASURES), (days, measure) => {
        const matrix = matrixOf(days.map(aDay), { dates, storeIds }, measure);
        expect(storeIds.reduce((sum, id) => sum + matrix.storeSum(id), 0)).toBe(matrix.total);
        expect(dates.reduce((sum, date) => sum + matrix.dateSum(date), 0)).toBe(matrix.total);
      }),
    );
  });

  test('a store that sold nothing on a day has an empty cell, not 0', () => {
    const matrix = matrixOf(
      [aDay({ storeId: 'a', businessDate: dates[0]!, totalMinor: 0 })],
      { dates, storeIds },
      'total',
    );
    expect(matrix.cell('a', dates[0]!)).toBe(0);
    expect(matrix.cell('b', dates[0]!)).toBeNull();
  });

  test('tickets are sales without refunds', () => {
    expect(measured(aDay({ sales: 4, refunds: 2 }), 'tickets')).toBe(4);
  });
});

describe('hours', () => {
  test('two stores at 9 and one at 10 make two points', () => {
    const at = (hour: number, totalMinor: number) => ({ hour, sales: 1, totalMinor });
    expect(sumHours([[at(9, 100)], [at(10, 50), at(9, 20)]])).toEqual([
      { hour: 9, sales: 2, totalMinor: 120 },
      { hour: 10, sales: 1, totalMinor: 50 },
    ]);
  });

  test('at half past ten, 9 is finished, 10 is running, 11 is to come; the axis is 8 to 21', () => {
    const rows = hourRows([{ hour: 9, sales: 1, totalMinor: 100 }], [], 10);
    expect([rows[0]!.hour, rows.at(-1)!.hour]).toEqual([8, 21]);
    const stands = Object.fromEntries(rows.map((row) => [row.hour, [row.stands, row.todayMinor]]));
    expect(stands[9]).toEqual(['finished', 100]);
    expect(stands[10]).toEqual(['running', 0]);
    expect(stands[11]).toEqual(['to_come', null]);
  });

  test('a sale at 2 in the morning widens the axis; without a last week there is no second line', () => {
    const rows = hourRows([{ hour: 2, sales: 1, totalMinor: 1 }], [], 24);
    expect(rows[0]!.hour).toBe(2);
    expect(rows.every((row) => row.lastWeekMinor === null && row.stands === 'finished')).toBe(true);
  });

  test('the running hour is left out of a comparison', () => {
    const hours = [9, 10, 11].map((hour) => ({ hour, sales: 1, totalMinor: 100 }));
    expect(sumBefore(hours, 11)).toEqual({ sales: 2, totalMinor: 200 });
    expect(sumBefore(hours, 24).sales).toBe(3);
  });
});

describe('the wall of stores', () => {
  const against = [
    { now: 10_500, before: 10_000, pace: 'same' },
    { now: 10_501, before: 10_000, pace: 'up' },
    { now: 12_001, before: 10_000, pace: 'far_up' },
    { now: 9_499, before: 10_000, pace: 'down' },
    { now: 7_999, before: 10_000, pace: 'far_down' },
    { now: -100, before: 10_000, pace: 'far_down' },
    { now: 10_000, before: 0, pace: 'unknown' },
    { now: 10_000, before: -500, pace: 'unknown' },
  ] as const;
  for (const { now, before, pace } of against) {
    test(`${now} against ${before} is ${pace}`, () => {
      expect(paceOf(now, before)).toBe(pace);
    });
  }

  test('a till with 49 entries to send is online, with 50 late; away for 15 minutes, or never seen, it is silent', () => {
    const till = { online: true, unsent: LATE_ENTRIES - 1, lastSeenAtMs: 1_000 };
    const away = { ...till, online: false };
    const now = 1_000 + SILENT_AFTER_MS;
    const tills = [
      till,
      { ...till, unsent: LATE_ENTRIES },
      { ...till, unsent: null },
      away,
      { ...away, lastSeenAtMs: null },
    ];
    expect(tills.map((one) => hearingOf(one, now))).toEqual(['online', 'late', 'online', 'silent', 'silent']);
    expect(hearingOf(away, now - 1)).toBe('late');
    expect(countHearing(tills, now)).toEqual({ online: 2, late: 1, silent: 2 });
  });
});

describe('arrivals', () => {
  const MINUTE = 60_000;

  test('a sale that was an hour on its way stands first, because it has just come, and says that it is late', () => {
    const late = { sale: aSale({ id: 'late', atMs: 0 }), arrivedAtMs: 60 * MINUTE };
    const list = mergeArrivals([aSale({ id: 'new', atMs: 59 * MINUTE })], [late], 10);
    expect(list.map(({ sale }) => sale.id)).toEqual(['late', 'new']);
    expect(list.map(lateMs)).toEqual([60 * MINUTE, null]);
  });

  test('a sale that came live and is fetched too stands once', () => {
    const sale = aSale({ id: 'one', atMs: 5 });
    expect(mergeArrivals([sale], [{ sale, arrivedAtMs: 7 }], 10)).toHaveLength(1);
  });

  test('no more than the limit, newest kept', () => {
    const sales = [1, 2, 3].map((atMs) => aSale({ id: String(atMs), atMs }));
    expect(mergeArrivals(sales, [], 2).map(({ sale }) => sale.id)).toEqual(['3', '2']);
  });
});

test('a curve has a point for each day, Monday and month of its period, sales or not; hours run from the first to the last', () => {
  const period = { from: '2026-10-30', to: '2026-11-03' };
  const days = ['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02', '2026-11-03'];
  expect(pointsOf(period, 'day', [])).toEqual(days);
  expect(pointsOf(period, 'week', [])).toEqual(['2026-10-26', '2026-11-02']);
  expect(pointsOf(period, 'month', [])).toEqual(['2026-10', '2026-11']);
  expect(pointsOf(period, 'hour', ['11', '08'])).toEqual(['08', '09', '10', '11']);
  expect(pointsOf(period, 'hour', [])).toEqual([]);
});

function aDay(facts: Partial<StoreDay> = {}): StoreDay {
  return {
    storeId: 'a',
    businessDate: '2026-11-21',
    currency: 'CNY',
    sales: 0,
    refunds: 0,
    lines: 0,
    pieces: 0,
    grossMinor: 0,
    adjustmentMinor: 0,
    taxMinor: 0,
    totalMinor: 0,
    roundingMinor: 0,
    memberSales: 0,
    memberTotalMinor: 0,
    membersSeen: 0,
    ...facts,
  };
}

function aSale(facts: Partial<SaleRow>): SaleRow {
  return {
    id: 'sale',
    kind: 'sale',
    receiptNo: 'T01-000001',
    storeId: 'a',
    tillId: 't',
    tillCode: '01',
    channel: null,
    businessDate: '2026-11-21',
    atMs: 0,
    currency: 'CNY',
    lines: 1,
    pieces: 1,
    totalMinor: 100,
    adjustmentMinor: 0,
    memberId: null,
    flags: [],
    ...facts,
  };
}
