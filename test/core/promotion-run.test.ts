/** Gathering: offers that run here and now, with the lines that they find; limits that are given. */
import { expect, test } from 'vitest';
import { plainContext } from '../../src/core/promotion-run.ts';
import { aSet, goods, percent } from './a-rule.ts';
import { aContext } from './builders.ts';
import { priceWith } from './rules-any.ts';

test('a plain context has no member, no coupon and nothing by hand', () => {
  const at = { date: '2026-11-21', minuteOfDay: 0, weekday: 6 };
  expect(plainContext('S01', at, 'en')).toMatchObject({
    member: null,
    coupons: [],
    usesLeft: {},
    manual: [],
  });
});

test.each([
  ['two of three units where two uses are left', { usesLeft: { rules: { p: 2 } } }, 2],
  ['none where none is left', { usesLeft: { rules: { p: 0 } } }, 0],
  ['all where nothing is said', {}, 3],
])('%s, the dearest first', (_, context, units) => {
  const priced = priceWith(aSet([percent('p', 100)]), goods(100, 300, 200), aContext(context));
  expect(priced.adjustmentMinor + 0).toBe([0, -300, -500, -600][units]!);
  expect(priced.uses).toEqual(units === 0 ? [] : [{ ruleId: 'p', count: units }]);
});

test('a rule for another store, or without its member, finds nothing', () => {
  const rules = [
    percent('a', 10, { audience: { stores: ['S02'] } }),
    percent('b', 10, { audience: { tags: ['x'] } }),
  ];
  expect(priceWith(aSet(rules), goods(100)).adjustmentMinor).toBe(0);
});
