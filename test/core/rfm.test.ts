/** RFM: cells at their edges, cycles as fractions, risk past two cycles, cut points with ties, shares of the top. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  allCells,
  cycleOf,
  DEFAULT_THRESHOLDS,
  daysBetween,
  daysSinceLast,
  isAtRisk,
  isSleeping,
  type PurchaseStats,
  quantileCuts,
  type RfmThresholds,
  rfmCell,
  scoreOf,
  shareBpOf,
  shopCycleOf,
  thresholdsProblem,
  topShare,
} from '../../src/core/rfm.ts';

const AS_OF = '2026-11-22';
const NEVER: PurchaseStats = { visits: 0, firstOn: null, lastOn: null, netMinor: 0 };

/** So many days before `AS_OF`. */
const daysAgo = (days: number) => new Date(Date.parse(AS_OF) - days * 86_400_000).toISOString().slice(0, 10);
const aBuyer = (visits: number, lastDaysAgo: number, spanDays = 0): PurchaseStats => ({
  visits,
  firstOn: daysAgo(lastDaysAgo + spanDays),
  lastOn: daysAgo(lastDaysAgo),
  netMinor: 1000,
});
const cellOf = (stats: PurchaseStats, thresholds = DEFAULT_THRESHOLDS) => {
  const cell = rfmCell(stats, thresholds, AS_OF);
  return cell === null ? null : `${cell.recency} ${cell.frequency}`;
};

describe('the cell of the grid', () => {
  test.each([
    [1, 0, 'active new'],
    [1, 89, 'active new'],
    [1, 90, 'silent new'],
    [2, 179, 'silent second'],
    [2, 180, 'sleeping second'],
    [3, 364, 'sleeping old'],
    [5, 365, 'lost old'],
    [6, 0, 'active fan'],
    [100, 4000, 'lost fan'],
  ])('%i visits, the last %i days ago: %s', (visits, days, cell) => {
    expect(cellOf(aBuyer(visits, days, visits - 1))).toBe(cell);
  });

  test('somebody who never bought is in no cell, sleeps not and is not at risk', () => {
    expect(cellOf(NEVER)).toBeNull();
    expect(isSleeping(NEVER, DEFAULT_THRESHOLDS, AS_OF)).toBe(false);
    expect(isAtRisk(NEVER, DEFAULT_THRESHOLDS, AS_OF)).toBe(false);
  });

  const byCycles: RfmThresholds = {
    ...DEFAULT_THRESHOLDS,
    recency: { by: 'cycles', silentPastBp: 10_000, sleepingPastBp: 20_000, lostPastBp: 40_000 },
  };
  test.each([
    // Four visits over 31 days: a cycle of 10 1/3 days.
    [4, 31, 10, 'active old'],
    [4, 31, 11, 'silent old'],
    [4, 31, 20, 'silent old'],
    [4, 31, 21, 'sleeping old'],
    [4, 31, 41, 'sleeping old'],
    [4, 31, 42, 'lost old'],
    // At the multiple is not past it.
    [2, 10, 20, 'silent second'],
    [2, 10, 21, 'sleeping second'],
  ])('%i visits over %i days, the last %i days ago, by cycles: %s', (visits, span, days, cell) => {
    expect(cellOf(aBuyer(visits, days, span), byCycles)).toBe(cell);
  });

  test('one visit goes by the shop cycle, and while there is none by the fall-back of 60 days', () => {
    const once = aBuyer(1, 50);
    expect(rfmCell(once, byCycles, AS_OF, { spanDays: 49, gaps: 1 })?.recency).toBe('silent');
    expect(rfmCell(once, byCycles, AS_OF)?.recency).toBe('active');
    expect(rfmCell(aBuyer(1, 61), byCycles, AS_OF)?.recency).toBe('silent');
  });

  test('each buyer is in exactly one of 16 cells, whatever the thresholds', () => {
    const cells = allCells().map(({ recency, frequency }) => `${recency} ${frequency}`);
    expect(new Set(cells).size).toBe(16);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 40 }),
        fc.integer({ min: 0, max: 2000 }),
        fc.integer({ min: 0, max: 500 }),
        fc.boolean(),
        (visits, days, extra, cycles) => {
          const stats = aBuyer(visits, days, visits === 1 ? 0 : visits - 1 + extra);
          expect(cells).toContain(cellOf(stats, cycles ? byCycles : DEFAULT_THRESHOLDS));
        },
      ),
    );
  });
});

describe('sleeping and at risk', () => {
  test('with N = 180, day 179 is not sleeping, day 180 is', () => {
    expect([179, 180, 181].map((days) => isSleeping(aBuyer(3, days, 9), DEFAULT_THRESHOLDS, AS_OF))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test('a cycle of 7 days is at risk on day 15, not on day 14', () => {
    const at = (days: number) => isAtRisk(aBuyer(3, days, 14), DEFAULT_THRESHOLDS, AS_OF);
    expect([at(14), at(15)]).toEqual([false, true]);
  });

  test('with one visit the shop cycle decides, also when it is a fraction of a day', () => {
    const at = (days: number) =>
      isAtRisk(aBuyer(1, days), DEFAULT_THRESHOLDS, AS_OF, { spanDays: 31, gaps: 3 });
    expect([at(20), at(21)]).toEqual([false, true]);
  });

  test('the shop cycle is all days over all gaps: (10 + 30) / (1 + 3); nobody twice: none', () => {
    expect(shopCycleOf([aBuyer(2, 0, 10), aBuyer(4, 5, 30), aBuyer(1, 9), NEVER])).toEqual({
      spanDays: 40,
      gaps: 4,
    });
    expect(shopCycleOf([aBuyer(1, 9), NEVER])).toBeNull();
    expect(cycleOf(aBuyer(1, 9))).toBeNull();
  });

  test('days count over leap days and year ends; a visit of tomorrow is today', () => {
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2026-12-31', '2027-01-01')).toBe(1);
    expect(daysBetween('2027-01-01', '2026-12-31')).toBe(-1);
    expect(daysSinceLast(aBuyer(1, -1), AS_OF)).toBe(0);
    expect(() => daysBetween('yesterday', AS_OF)).toThrow('YYYY-MM-DD');
  });
});

describe('thresholds', () => {
  const { recency, frequency } = DEFAULT_THRESHOLDS;
  test.each([
    [{ recency: { ...recency, silentFromDays: 0 } }, 'recency.silentFromDays'],
    [{ recency: { ...recency, sleepingFromDays: 90 } }, 'recency.sleepingFromDays'],
    [{ recency: { ...recency, lostFromDays: 180 } }, 'recency.lostFromDays'],
    [
      { recency: { by: 'cycles', silentPastBp: 10_000, sleepingPastBp: 10_000, lostPastBp: 40_000 } },
      'recency.sleepingPastBp',
    ],
    [{ frequency: { ...frequency, oldFrom: 2 } }, 'frequency.oldFrom'],
    [{ frequency: { ...frequency, fanFrom: 3 } }, 'frequency.fanFrom'],
    [{ sleepingDays: 1.5 }, 'sleepingDays'],
    [{ atRiskPastBp: 0 }, 'atRiskPastBp'],
    [{ fallbackCycleDays: 10_000_000 }, 'fallbackCycleDays'],
  ])('%j is refused at %s', (over, path) => {
    expect(thresholdsProblem({ ...DEFAULT_THRESHOLDS, ...over } as RfmThresholds)?.path).toBe(path);
  });

  test('the defaults hold', () => {
    expect(thresholdsProblem(DEFAULT_THRESHOLDS)).toBeNull();
  });
});

describe('scores', () => {
  test('1..10 in five bins is cut at 2, 4, 6, 8: two in each', () => {
    const values = Array.from({ length: 10 }, (_, index) => index + 1);
    const cuts = quantileCuts(values, 5);
    expect(cuts).toEqual([2, 4, 6, 8]);
    expect(values.map((value) => scoreOf(value, cuts))).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
  });

  test('equal values score the same: nine ones and a two give 1 and 5', () => {
    const cuts = quantileCuts([1, 1, 1, 1, 1, 1, 1, 1, 1, 2], 5);
    expect([scoreOf(1, cuts), scoreOf(2, cuts)]).toEqual([1, 5]);
  });

  test('dates are cut as they sort, and of nobody there are no cuts', () => {
    expect(quantileCuts(['2026-01-01', '2026-02-01', '2026-03-01'], 3)).toEqual(['2026-01-01', '2026-02-01']);
    expect(quantileCuts([], 5)).toEqual([]);
    expect(() => quantileCuts([1], 1)).toThrow('two bins');
  });

  test('a score is within 1..bins and never falls as the value rises', () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1 }), fc.integer({ min: 2, max: 10 }), (any, bins) => {
        const values = any.toSorted((a, b) => a - b);
        const scores = values.map((value) => scoreOf(value, quantileCuts(values, bins)));
        expect(scores).toEqual(scores.toSorted((a, b) => a - b));
        expect(Math.min(...scores)).toBeGreaterThanOrEqual(1);
        expect(Math.max(...scores)).toBeLessThanOrEqual(bins);
      }),
    );
  });
});

describe('concentration', () => {
  test('of 100, 50, 30, 20 the top 25 % bring 50 %, the top 26 % are two members and 75 %', () => {
    const amounts = [30, 100, 20, 50];
    expect(topShare(amounts, 2_500)).toEqual({ members: 1, amountMinor: 100, shareBp: 5_000 });
    expect(topShare(amounts, 2_600)).toEqual({ members: 2, amountMinor: 150, shareBp: 7_500 });
    expect(topShare(amounts, 10_000)).toEqual({ members: 4, amountMinor: 200, shareBp: 10_000 });
    expect(topShare(amounts, 0)).toEqual({ members: 0, amountMinor: 0, shareBp: 0 });
  });

  test('refunds may push the top above the whole; without a whole there is no share', () => {
    expect(topShare([300, -100], 5_000).shareBp).toBe(15_000);
    expect(topShare([100, -100], 5_000).shareBp).toBeNull();
    expect(topShare([], 5_000)).toEqual({ members: 0, amountMinor: 0, shareBp: null });
  });

  test('shares are rounded half up on both sides of zero: 1/3, 2/3, -1/3, half', () => {
    expect([
      shareBpOf(1, 3),
      shareBpOf(2, 3),
      shareBpOf(-1, 3),
      shareBpOf(1, 20_000),
      shareBpOf(-1, 20_000),
    ]).toEqual([3333, 6667, -3333, 1, 0]);
  });
});
