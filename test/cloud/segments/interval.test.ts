/** Rates and their difference: the worked examples of the papers. */
import { describe, expect, test } from 'vitest';
import { rateDifference, wilson } from '../../../cloud/segments/interval.ts';

const rounded = (value: number) => Math.round(value * 10_000) / 10_000;

test.each([
  // Newcombe 1998 (two-sided 95 % intervals for the single proportion), table I, method 3.
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
  [10, 10, 0.7225, 1],
])('%i of %i lies between %d and %d', (yes, n, low, high) => {
  const interval = wilson({ n, yes });
  expect([rounded(interval.low), rounded(interval.high)]).toEqual([low, high]);
});

describe('the difference of two rates', () => {
  test.each([
    // Newcombe 1998 (interval estimation for the difference), table II, method 10.
    [56, 70, 48, 80, 0.2, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.6, 0.1705, 0.809],
    [0, 10, 0, 10, 0, -0.2775, 0.2775],
    [10, 10, 0, 10, 1, 0.6075, 1],
  ])('%i/%i less %i/%i is %d, between %d and %d', (yes1, n1, yes2, n2, difference, low, high) => {
    const found = rateDifference({ n: n1, yes: yes1 }, { n: n2, yes: yes2 })!;
    expect([found.difference, found.low, found.high].map(rounded)).toEqual([difference, low, high]);
  });

  test('an empty group has no rate; a question with one answer only has no correlation', () => {
    expect(rateDifference({ n: 0, yes: 0 }, { n: 5, yes: 1 })).toBeNull();
    expect(rateDifference({ n: 4, yes: 4 }, { n: 5, yes: 5 })?.phi).toBeNull();
    expect(rateDifference({ n: 5, yes: 5 }, { n: 5, yes: 0 })?.phi).toBe(1);
  });
});
