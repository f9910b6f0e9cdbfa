/** Plans: which rules may meet, and which meeting is best. */
import { expect, test } from 'vitest';
import type { AcrossPolicy, Mode } from '../../src/core/promotion.ts';
import { allowedPlans, bestOf, components, PLANS_MAX } from '../../src/core/promotion-combine.ts';
import { percent } from './a-rule.ts';

const offer = (id: string, rate: number, priority = 0, mode: Mode = 'compound') => ({
  rule: percent(id, rate, { priority, mode }),
  off: rate,
});
const plans = (across: AcrossPolicy, ...offers: ReturnType<typeof offer>[]) =>
  allowedPlans(offers, { across, groups: new Map() }, ({ off }) => off).map((plan) =>
    plan.map(({ rule }) => rule.id).join('+'),
  );

test.each([
  ['compound_within', [offer('A', 10, 9), offer('B', 20, 9), offer('C', 15)], ['A+B']],
  ['compete_within_compound_across', [offer('A', 10, 9), offer('B', 20, 9), offer('C', 15)], ['A+C', 'B+C']],
  ['compound_within', [offer('A', 10), offer('D', 35, 0, 'best_price')], ['A', 'D']],
  ['compound_within', [offer('A', 10, 9), offer('E', 5, 0, 'exclusive')], ['E']],
  ['compound_within', [offer('E', 5, 9, 'exclusive'), offer('F', 50, 0, 'exclusive')], ['E']],
] as [AcrossPolicy, ReturnType<typeof offer>[], string[]][])('%s of %#: %j', (across, offers, expected) => {
  expect(plans(across, ...offers)).toEqual(expected);
});

test('beyond the bound each priority sends its best', () => {
  const offers = [3, 2, 1, 0].flatMap((p) => [1, 2, 3].map((n) => offer(`r${p}${n}`, n, p)));
  expect(3 ** 4).toBeGreaterThan(PLANS_MAX);
  expect(plans('compete_within_compound_across', ...offers)).toEqual(['r33+r23+r13+r03']);
});

test('ties go to the lower priority number, then to the id', () => {
  const best = (...offers: ReturnType<typeof offer>[]) =>
    bestOf(
      offers,
      (one) => [one],
      () => 1,
    ).rule.id;
  expect(best(offer('a', 1, 9), offer('b', 1, 0))).toBe('b');
  expect(best(offer('b', 1), offer('a', 1))).toBe('a');
});

test('lists that share a line hang together', () => {
  expect(components([[1], [2], [2, 3], [4], [3, 1]], (lines) => lines)).toEqual([
    [[1], [2], [2, 3], [3, 1]],
    [[4]],
  ]);
});
