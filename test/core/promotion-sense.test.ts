/** Rules that are well formed and make no sense. */
import { expect, test } from 'vitest';
import type { Rule } from '../../src/core/promotion.ts';
import { senseProblems } from '../../src/core/promotion-sense.ts';
import { aRule, aSet, percent } from './a-rule.ts';

const gift = (id: string, of: string, sku: string): Rule =>
  aRule(
    id,
    { kind: 'threshold', by: 'quantity', steps: [{ from: 1, off: { gift: { sku, qty: 1 } } }] },
    { items: { skus: [of] } },
  );

test.each([
  ['no goods', [percent('a', 1, { items: {} })], 'contradiction rules[0].items'],
  [
    'all goods and some',
    [percent('a', 1, { items: { all: true, skus: ['A'] } })],
    'contradiction rules[0].items',
  ],
  [
    'what it names it excludes',
    [percent('a', 1, { items: { skus: ['A'], exclude: { skus: ['A'] } } })],
    'contradiction rules[0].items.exclude',
  ],
  [
    'a price range upside down',
    [percent('a', 1, { items: { all: true, priceFromMinor: 2, priceToMinor: 1 } })],
    'contradiction rules[0].items.priceToMinor',
  ],
  [
    'an hour without length',
    [percent('a', 1, { validity: { hours: [{ fromMinute: 5, toMinute: 5 }] } })],
    'contradiction rules[0].validity.hours[0]',
  ],
  [
    'tiers, but not for members',
    [percent('a', 1, { audience: { membersOnly: false, tiers: ['x'] } })],
    'contradiction rules[0].audience.membersOnly',
  ],
  ['a coupon without a code', [percent('a', 1, { coupon: {} })], 'contradiction rules[0].coupon'],
  [
    'one code for two rules',
    [percent('a', 1, { coupon: { codes: ['x'] } }), percent('b', 1, { coupon: { codes: ['x'] } })],
    'duplicate rules[1].coupon',
  ],
  [
    'more a sale than in all',
    [percent('a', 1, { limits: { perSale: 2, total: 1 } })],
    'contradiction rules[0].limits.perSale',
  ],
  [
    'the value of a code that has none',
    [aRule('a', { kind: 'order_off', off: { fromCode: true } })],
    'contradiction rules[0].reward.off',
  ],
  [
    'two gifts that feed each other',
    [gift('a', 'A', 'B'), gift('b', 'B', 'A')],
    'loop rules[0].reward.steps,loop rules[1].reward.steps',
  ],
  [
    'three in a ring',
    [gift('a', 'A', 'B'), gift('b', 'B', 'C'), gift('c', 'C', 'A')],
    'loop rules[0].reward.steps,loop rules[1].reward.steps,loop rules[2].reward.steps',
  ],
  ['a gift of itself: it never counts for itself', [gift('a', 'A', 'A')], ''],
] as [string, Rule[], string][])('%s', (_, rules, expected) => {
  expect(
    senseProblems(aSet(rules))
      .map(({ kind, path }) => `${kind} ${path}`)
      .join(),
  ).toBe(expected);
});
