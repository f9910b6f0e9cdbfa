/** Points: earned by line with real money, taken back by unit, spent in whole steps. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sumMinor } from '../../src/core/money.ts';
import {
  type Earner,
  earnPoints,
  type Multiplier,
  type Programme,
  pointsFor,
  pointsLimit,
  pointsWorth,
  unitPoints,
} from '../../src/core/points.ts';
import type { PricedBasket } from '../../src/core/pricing.ts';
import type { Tender } from '../../src/core/tender.ts';
import { aBasket, aContext, anItem, aPricedBasket } from './builders.ts';
import { anyBasket, anyContext, anyRuleSet, priceWith } from './rules-any.ts';

const { at } = aContext();
const GOLD: Earner = { tierId: 'gold', birthday: '1990-11-02' };

function aProgramme(
  over: { earn?: Partial<Programme['earn']>; spend?: Partial<Programme['spend']> } = {},
): Programme {
  return {
    version: 'points-1',
    earn: { perMinor: 100, multipliers: [], timesMaxBp: 100_000, ...over.earn },
    spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000, ...over.spend },
  };
}

/** Lines at these prices; one piece each. */
function priced(...prices: number[]): PricedBasket {
  return aPricedBasket(
    aBasket(prices.map((priceMinor, i) => ({ item: anItem({ sku: `P${i}`, gtins: [], priceMinor }) }))),
  );
}

const earned = (
  basket: PricedBasket,
  programme = aProgramme(),
  tenders: readonly Tender[] = [],
  who = GOLD,
) => earnPoints(programme, who, at, { lines: basket.lines, tenders }, basket.taxMode);

describe('what a ticket earns', () => {
  test('12.34, 5.67 and 1.98 at a point a yuan: 19.99 is 19 points, spread 12, 6, 1', () => {
    // 12.34 + 5.67 + 1.98 = 19.99 → 19; whole parts 12 + 5 + 1 = 18, the one left goes to the remainder .98.
    expect(earned(priced(1_234, 567, 198))).toEqual({
      programme: 'points-1',
      earned: 19,
      byLine: [12, 5, 2],
    });
  });

  test('rounded down once a ticket: 0.60 and 0.60 are one point together', () => {
    expect(earned(priced(60, 60))).toMatchObject({ earned: 1, byLine: [1, 0] });
  });

  test('of 100.00, 25.00 paid by points earn nothing: 75 points', () => {
    const tenders: Tender[] = [{ kind: 'points', amountMinor: 2_500, points: 2_500 }];
    expect(earned(priced(10_000), aProgramme(), tenders).earned).toBe(75);
  });

  test('stored value earns, its bonus part does not: 60.00 of which 10.00 bonus of 100.00 leave 90', () => {
    const tenders: Tender[] = [{ kind: 'stored_value', amountMinor: 6_000, bonusMinor: 1_000 }];
    expect(earned(priced(10_000), aProgramme(), tenders).earned).toBe(90);
  });

  test('flagged goods earn nothing, and points paid are still shared by them', () => {
    const basket = aPricedBasket(
      aBasket([
        { item: anItem({ sku: 'A', gtins: [], priceMinor: 5_000 }) },
        { item: anItem({ sku: 'T', gtins: [], priceMinor: 5_000, flags: { noPoints: true } }) },
      ]),
    );
    expect(earned(basket).byLine).toEqual([50, 0]);
    // 20.00 of points pay half of each: 40.00 of the first is real money.
    const tenders: Tender[] = [{ kind: 'points', amountMinor: 2_000, points: 2_000 }];
    expect(earned(basket, aProgramme(), tenders).byLine).toEqual([40, 0]);
  });

  test.each<[string, Multiplier[], number]>([
    ['none', [], 10],
    ['double for gold', [{ id: 'm', timesBp: 20_000, tiers: ['gold'] }], 20],
    ['double for silver', [{ id: 'm', timesBp: 20_000, tiers: ['silver'] }], 10],
    ['double on Saturdays', [{ id: 'm', timesBp: 20_000, validity: { weekdays: [6] } }], 20],
    ['double on Sundays', [{ id: 'm', timesBp: 20_000, validity: { weekdays: [7] } }], 10],
    ['one and a half in the month of birth', [{ id: 'm', timesBp: 15_000, birthdayMonth: true }], 15],
    ['double for another article', [{ id: 'm', timesBp: 20_000, items: { skus: ['X'] } }], 10],
    ['double for this article', [{ id: 'm', timesBp: 20_000, items: { skus: ['P0'] } }], 20],
    [
      'double and one and a half multiply',
      [
        { id: 'm', timesBp: 20_000, tiers: ['gold'] },
        { id: 'n', timesBp: 15_000, birthdayMonth: true },
      ],
      30,
    ],
    ['none at all on a blocked day', [{ id: 'm', timesBp: 0 }], 0],
  ])('10.00, %s', (_, multipliers, points) => {
    expect(earned(priced(1_000), aProgramme({ earn: { multipliers } })).earned).toBe(points);
  });

  test('the product stops at the top: 3 × 3 at most 5', () => {
    const multipliers = [
      { id: 'm', timesBp: 30_000 },
      { id: 'n', timesBp: 30_000 },
    ];
    expect(earned(priced(1_000), aProgramme({ earn: { multipliers, timesMaxBp: 50_000 } })).earned).toBe(50);
  });

  test('goods coming back take their own points back, whatever the programme says now', () => {
    const [line] = priced(1_000).lines;
    const back = {
      saleId: 's',
      receiptNo: 'T01-000001',
      lineNo: 1,
      taxMode: 'inclusive' as const,
      grossMinor: -3_000,
      netMinor: -3_000,
      taxRateBp: 0,
      taxMinor: 0,
      points: 33,
    };
    const lines = [line!, { ...line!, lineNo: 2, qty: -3, grossMinor: -3_000, netMinor: -3_000, back }];
    expect(earnPoints(aProgramme(), GOLD, at, { lines, tenders: [] }, 'inclusive')).toMatchObject({
      earned: -23,
      byLine: [10, -33],
    });
  });
});

const anyProgramme: fc.Arbitrary<Programme> = fc
  .record({
    perMinor: fc.constantFrom(1, 7, 100, 1_000),
    multipliers: fc.array(
      fc.record({
        id: fc.constant('m'),
        timesBp: fc.constantFrom(0, 5_000, 15_000, 20_000, 33_333),
        items: fc.constantFrom({ all: true }, { brands: ['A', 'B'] }, { categories: ['drink'] }),
      }),
      { maxLength: 3 },
    ),
    timesMaxBp: fc.constantFrom(10_000, 50_000),
  })
  .map((earn) => aProgramme({ earn }));

const sold = anyBasket.map((basket) => ({ ...basket, lines: basket.lines.filter(({ qty }) => qty > 0) }));

describe('for any basket, rules and programme', () => {
  test('lines sum to the ticket, no line of a sale is below zero, and points paid never earn more', () => {
    fc.assert(
      fc.property(
        anyProgramme,
        anyRuleSet(),
        sold,
        anyContext,
        fc.nat(10_000),
        (programme, set, basket, context, bp) => {
          const result = priceWith(set, basket, context);
          const all = earned(result, programme);
          const amountMinor = Math.floor((Math.max(0, result.totalMinor) * bp) / 10_000);
          const part = earned(result, programme, [{ kind: 'points', amountMinor, points: amountMinor }]);
          for (const { byLine, earned: sum } of [all, part]) {
            expect(sumMinor(byLine)).toBe(sum);
            expect(Math.min(0, ...byLine)).toBe(0);
          }
          expect(part.earned).toBeLessThanOrEqual(all.earned);
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('any split of returns takes back exactly what was earned', () => {
    fc.assert(
      fc.property(anyProgramme, sold, fc.infiniteStream(fc.nat()), (programme, basket, cuts) => {
        const { byLine } = earned(
          priceWith({ version: 'n', policy: { across: 'compound_within' }, rules: [] }, basket),
          programme,
        );
        for (const [index, line] of basket.lines.entries()) {
          const units = unitPoints(byLine[index]!, line.qty);
          let taken = 0;
          for (let from = 0; from < units.length; ) {
            const count = 1 + (cuts.next().value! % (units.length - from));
            taken += sumMinor(units.slice(from, from + count));
            from += count;
          }
          expect(taken).toBe(byLine[index]);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('adding a discount never earns more', () => {
    fc.assert(
      fc.property(
        anyProgramme,
        sold,
        fc.nat(),
        fc.integer({ min: 1, max: 10_000 }),
        fc.nat(10_000),
        (programme, basket, which, rateBp, paidBp) => {
          if (basket.lines.length === 0) return;
          const { lineNo } = basket.lines[which % basket.lines.length]!;
          const set = { version: 'n', policy: { across: 'compound_within' as const }, rules: [] };
          const manual = [{ lineNo, off: { rateBp }, limitBp: 10_000, approvalId: 'M' }];
          const less = priceWith(set, basket, aContext({ manual }));
          const amountMinor = Math.floor((Math.max(0, less.totalMinor) * paidBp) / 10_000);
          const tenders: Tender[] = [{ kind: 'points', amountMinor, points: amountMinor }];
          const before = earned(priceWith(set, basket), programme, tenders);
          expect(earned(less, programme, tenders).earned).toBeLessThanOrEqual(before.earned);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});

describe('points as payment', () => {
  test('100 points are 1.00: 1,234 points pay 12.34', () => {
    expect(pointsWorth(aProgramme().spend, 1_234)).toBe(1_234);
  });

  test('100 points are 0.07: 10 cents take 143 points, rounded up, and 143 points are worth 10 cents, rounded down', () => {
    const { spend } = aProgramme({ spend: { worthMinor: 7 } });
    expect([pointsFor(spend, 10), pointsWorth(spend, 143), pointsWorth(spend, 142)]).toEqual([143, 10, 9]);
  });

  const given = { usable: 5_000, totalMinor: 10_000, dueMinor: 10_000, paidMinor: 0 };
  test.each([
    ['all that is held', aProgramme(), given, 5_000, 5_000],
    [
      'half of the total by the cap',
      aProgramme({ spend: { capBp: 5_000 } }),
      { ...given, usable: 9_000 },
      5_000,
      5_000,
    ],
    [
      'the cap less what points paid before',
      aProgramme({ spend: { capBp: 5_000 } }),
      { ...given, paidMinor: 4_000 },
      1_000,
      1_000,
    ],
    ['no more than is due', aProgramme(), { ...given, dueMinor: 1_234 }, 1_234, 1_234],
    [
      'whole steps of 100',
      aProgramme({ spend: { stepPoints: 100 } }),
      { ...given, dueMinor: 1_234 },
      1_200,
      1_200,
    ],
    ['nothing without a right', aProgramme(), { ...given, usable: 0 }, 0, 0],
    [
      'nothing where a step is too much',
      aProgramme({ spend: { stepPoints: 500 } }),
      { ...given, dueMinor: 400 },
      0,
      0,
    ],
    [
      'nothing where the total is below zero',
      aProgramme(),
      { ...given, totalMinor: -100, dueMinor: -100 },
      0,
      0,
    ],
  ])('%s', (_, programme, facts, maxPoints, maxWorthMinor) => {
    expect(pointsLimit(programme, facts)).toMatchObject({ maxPoints, maxWorthMinor });
  });

  test('for any programme: what is offered is held, in steps, within cap and due, and worth what it says', () => {
    fc.assert(
      fc.property(
        fc.record({
          points: fc.integer({ min: 1, max: 1_000 }),
          worthMinor: fc.integer({ min: 1, max: 1_000 }),
          stepPoints: fc.constantFrom(1, 10, 100, 37),
          capBp: fc.integer({ min: 0, max: 10_000 }),
        }),
        fc.nat(100_000),
        fc.nat(100_000),
        (spend, usable, totalMinor) => {
          const limit = pointsLimit(aProgramme({ spend }), {
            usable,
            totalMinor,
            dueMinor: totalMinor,
            paidMinor: 0,
          });
          expect(limit.maxPoints).toBeLessThanOrEqual(usable);
          expect(limit.maxPoints % spend.stepPoints).toBe(0);
          expect(limit.maxWorthMinor).toBeLessThanOrEqual(Math.min(totalMinor, limit.capMinor));
          expect(pointsWorth(spend, limit.maxPoints)).toBe(limit.maxWorthMinor);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
