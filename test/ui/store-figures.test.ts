import fc from 'fast-check';
import { expect, test } from 'vitest';
import { curveOf, equationOf, heatOf, shareBp, shareText } from '../../src/ui/store-figures.ts';

const DAY = {
  businessDate: '2026-11-22',
  netMinor: 10_000,
  tickets: 8,
  pieces: 19,
  newMinor: 0,
  returningMinor: 0,
  noMemberMinor: 0,
  refundMinor: 0,
  hours: [],
  cashiers: [],
};

test('100.00 in 8 tickets of 19 pieces: 5.26 a piece, 2.38 pieces a ticket', () => {
  expect(equationOf(DAY)).toEqual({ netMinor: 10_000, tickets: 8, unitPriceMinor: 526, attachCenti: 238 });
});

test('a day without sales has no unit price and no attach rate', () => {
  expect(equationOf({ ...DAY, netMinor: 0, tickets: 0, pieces: 0 })).toMatchObject({
    unitPriceMinor: null,
    attachCenti: null,
  });
});

test('a share is said in tenths of a percent, of nothing as a dash', () => {
  expect(shareText(shareBp(6_380, 10_000))).toBe('63.8%');
  expect(shareText(shareBp(1, 3))).toBe('33.3%');
  expect(shareText(shareBp(0, 0))).toBe('—');
  expect(shareText(10_000)).toBe('100.0%');
});

test('heat is by quarters of the largest cell; an empty cell has none', () => {
  const counts = [
    [0, 1],
    [50, 100],
  ];
  expect([0, 1, 25, 26, 50, 75, 76, 100].map((count) => heatOf(count, counts))).toEqual([
    0, 1, 1, 2, 2, 3, 4, 4,
  ]);
  expect(heatOf(0, [[0]])).toBe(0);
});

test('the curve goes from the first hour to the last, an hour without sales lies on the floor', () => {
  const points = curveOf([
    { hour: 11, tickets: 1, netMinor: 500 },
    { hour: 9, tickets: 2, netMinor: 1_000 },
  ]);
  expect(points.map(({ hour, x, y }) => [hour, x, y])).toEqual([
    [9, 0, 0],
    [10, 500, 1_000],
    [11, 1_000, 500],
  ]);
  expect(curveOf([])).toEqual([]);
  expect(curveOf([{ hour: 9, tickets: 1, netMinor: 5 }])[0]).toMatchObject({ x: 500, y: 0 });
});

test('every point is inside the field, refunds too', () => {
  const hour = fc.record({
    hour: fc.integer({ min: 0, max: 23 }),
    tickets: fc.nat(50),
    netMinor: fc.integer({ min: -100_000, max: 1_000_000 }),
  });
  fc.assert(
    fc.property(fc.uniqueArray(hour, { selector: ({ hour: at }) => at }), (hours) => {
      for (const { x, y } of curveOf(hours)) {
        expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
        expect(Math.max(x, y)).toBeLessThanOrEqual(1_000);
      }
    }),
  );
});
