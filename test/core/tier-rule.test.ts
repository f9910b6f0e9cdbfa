/** Tiers by growth: hand-worked lives of a member, and what holds for any. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addDays } from '../../src/core/ledger.ts';
import {
  type GrowthFact,
  growthAt,
  type TierRule,
  tierAt,
  tierRuleProblem,
} from '../../src/core/tier-rule.ts';

/** A point of growth a yuan over 12 months; silver from 1000, gold from 5000, for 12 months and 30 days of grace. */
function aRule(over: Partial<TierRule> = {}): TierRule {
  return {
    version: 't1',
    from: '2026-01-01',
    growth: { perMinor: { CNY: 100 }, windowMonths: 12 },
    levels: [
      { tierId: 'member', fromGrowth: 0 },
      { tierId: 'silver', fromGrowth: 1_000 },
      { tierId: 'gold', fromGrowth: 5_000 },
    ],
    validity: { months: 12, graceDays: 30, drop: 'earned' },
    ...over,
  };
}
const sale = (on: string, yuan: number, over: Partial<GrowthFact> = {}): GrowthFact =>
  ({ kind: 'sale', on, for: on, amountMinor: yuan * 100, currency: 'CNY', ...over }) as GrowthFact;
const tierOn = (facts: readonly GrowthFact[], date: string, rules: readonly TierRule[] = [aRule()]) =>
  tierAt(rules, facts, date)?.tierId ?? null;

describe('a life', () => {
  const facts = [sale('2026-02-10', 600), sale('2026-03-01', 400), sale('2026-07-01', 4_200)];

  test.each([
    ['2025-12-31', null],
    ['2026-01-01', 'member'],
    ['2026-02-28', 'member'],
    // 1000 on the day it is reached.
    ['2026-03-01', 'silver'],
    // 5200 of 5000.
    ['2026-07-01', 'gold'],
    // Through 2027-06-30: the window of 07-01 holds nothing; the grace is 30 days.
    ['2027-06-30', 'gold'],
    ['2027-07-30', 'gold'],
    ['2027-07-31', 'member'],
  ])('on %s the tier is %s', (date, tierId) => {
    expect(tierOn(facts, date)).toBe(tierId);
  });

  test('says since when, through when, with what growth, and when it is looked at again', () => {
    expect(tierAt([aRule()], facts, '2026-07-01')).toEqual({
      tierId: 'gold',
      sinceOn: '2026-07-01',
      throughOn: '2027-06-30',
      growth: 5_200,
      version: 't1',
      nextReviewOn: '2027-07-01',
    });
    expect(tierAt([aRule()], facts, '2027-07-10')).toMatchObject({
      tierId: 'gold',
      nextReviewOn: '2027-07-31',
    });
  });

  test('5000 bought within the grace keep the tier for another year, 4999 do not', () => {
    expect(tierOn([...facts, sale('2027-07-20', 5_000)], '2028-07-19')).toBe('gold');
    expect(tierOn([...facts, sale('2027-07-20', 4_999)], '2027-07-31')).toBe('silver');
  });

  test('a fall of at most one level goes from gold to silver, and a year later to the lowest', () => {
    const rules = [aRule({ validity: { months: 12, graceDays: 0, drop: 'one' } })];
    expect(tierOn(facts, '2027-07-01', rules)).toBe('silver');
    expect(tierOn(facts, '2028-06-30', rules)).toBe('silver');
    expect(tierOn(facts, '2028-07-01', rules)).toBe('member');
  });

  test('what was bought and given back is no growth: the tier goes when the goods do, and was there before', () => {
    const back = sale('2026-08-05', -4_200, { for: '2026-07-01' } as Partial<GrowthFact>);
    expect(tierOn([...facts, back], '2026-08-04')).toBe('gold');
    expect(tierOn([...facts, back], '2026-08-05')).toBe('silver');
  });

  test('a tier given by hand holds a year, and does not hold back who has grown', () => {
    const given: GrowthFact = { kind: 'tier', on: '2026-01-15', tierId: 'gold' };
    expect(tierOn([given], '2027-01-14')).toBe('gold');
    expect(tierOn([given], '2027-02-14')).toBe('member');
    expect(tierOn([...facts, { ...given, on: '2026-07-02', tierId: 'member' }], '2026-07-02')).toBe('gold');
  });

  test('a new version holds from its day: gold from 1000 lifts the silver member then and not before', () => {
    const two = aRule({
      version: 't2',
      from: '2026-06-01',
      levels: [
        { tierId: 'member', fromGrowth: 0 },
        { tierId: 'gold', fromGrowth: 1_000 },
      ],
    });
    const rules = [two, aRule()];
    expect([tierOn(facts, '2026-05-31', rules), tierOn(facts, '2026-06-01', rules)]).toEqual([
      'silver',
      'gold',
    ]);
    expect(tierAt([aRule()], facts, '2026-05-31')!.nextReviewOn).toBe('2027-03-01');
    expect(tierAt(rules, facts, '2026-05-31')!.nextReviewOn).toBe('2026-06-01');
  });

  test('money of a currency without a rate brings nothing; growth that was given counts', () => {
    const rule = aRule();
    expect(
      growthAt(rule, [sale('2026-02-01', 900, { currency: 'TWD' } as Partial<GrowthFact>)], '2026-02-01'),
    ).toBe(0);
    expect(
      growthAt(rule, [sale('2026-02-01', -5), { kind: 'growth', on: '2026-02-01', growth: 3 }], '2026-02-02'),
    ).toBe(0);
    expect(growthAt(rule, [{ kind: 'growth', on: '2026-02-01', growth: 1_000 }], '2026-02-02')).toBe(1_000);
  });

  test('a window of 12 months that ends on 31 March begins on 1 April', () => {
    const rule = aRule();
    expect(growthAt(rule, [sale('2026-03-31', 10), sale('2026-04-01', 20)], '2027-03-31')).toBe(20);
  });

  test.each([
    [{ levels: [{ tierId: 'a', fromGrowth: 5 }] }, 'levels'],
    [
      {
        levels: [
          { tierId: 'a', fromGrowth: 0 },
          { tierId: 'b', fromGrowth: 0 },
        ],
      },
      'levels',
    ],
    [
      {
        levels: [
          { tierId: 'a', fromGrowth: 0 },
          { tierId: 'a', fromGrowth: 9 },
        ],
      },
      'levels',
    ],
    [{ growth: { perMinor: { CNY: 0 }, windowMonths: 12 } }, 'growth'],
  ])('%j is refused for its %s', (over, kind) => {
    expect(tierRuleProblem(aRule(over))?.kind).toBe(kind);
  });
});

const anyFacts = fc
  .array(
    fc.record({
      day: fc.integer({ min: 0, max: 900 }),
      yuan: fc.integer({ min: 1, max: 4_000 }),
      backAfter: fc.option(fc.nat({ max: 60 })),
    }),
    { maxLength: 12 },
  )
  .map((rows) =>
    rows.flatMap(({ day, yuan, backAfter }): GrowthFact[] => {
      const on = addDays('2026-01-01', day);
      const back =
        backAfter === null ? [] : [sale(addDays(on, backAfter), -yuan, { for: on } as Partial<GrowthFact>)];
      return [sale(on, yuan), ...back];
    }),
  );

describe('whatever was bought', () => {
  test('the tier of a date does not hang on the order of the facts, nor on what comes after the date', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 0, max: 1_500 }), (facts, day) => {
        const date = addDays('2026-01-01', day);
        const known = facts.filter(({ on }) => on <= date);
        expect(tierAt([aRule()], facts.toReversed(), date)).toEqual(tierAt([aRule()], known, date));
      }),
      { numRuns: 500 },
    );
  });

  test('between two looks it does not change: the day before the next review is as today', () => {
    fc.assert(
      fc.property(anyFacts, fc.integer({ min: 0, max: 1_500 }), (facts, day) => {
        const date = addDays('2026-01-01', day);
        const known = facts.filter(({ on }) => on <= date);
        const now = tierAt([aRule()], known, date)!;
        if (now.nextReviewOn === null) return;
        expect(now.nextReviewOn > date).toBe(true);
        expect(tierAt([aRule()], known, addDays(now.nextReviewOn, -1))!.tierId).toBe(now.tierId);
      }),
      { numRuns: 500 },
    );
  });

  test('who gives everything back is on the lowest tier', () => {
    fc.assert(
      fc.property(anyFacts, (facts) => {
        const sold = facts.filter((fact) => fact.kind === 'sale' && fact.amountMinor > 0) as Extract<
          GrowthFact,
          { kind: 'sale' }
        >[];
        const all = sold.flatMap((fact) => [
          fact,
          { ...fact, on: addDays(fact.on, 7), amountMinor: -fact.amountMinor },
        ]);
        expect(tierOn(all, '2030-01-01')).toBe('member');
      }),
    );
  });
});
