/** What one code is worth at most: by its terms, and never less than what the kernel takes off a basket. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { couponWorthMax } from '../../src/core/coupon-worth.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import type { Reward } from '../../src/core/promotion.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import { aRule, aSet } from './a-rule.ts';
import { aContext, aStore } from './builders.ts';
import { anyBasket } from './rules-any.ts';

const off = (amountMinor: number): Reward => ({ kind: 'order_off', off: { amountMinor } });
const percent: Reward = { kind: 'order_off', off: { rateBp: 1_000 } };
const steps = (...amounts: readonly number[]): Reward => ({
  kind: 'threshold',
  by: 'amount',
  steps: amounts.map((amountMinor, index) => ({ from: (index + 1) * 1_000, off: { amountMinor } })),
});
const every: Reward = {
  kind: 'threshold',
  by: 'amount',
  steps: [{ from: 1_000, off: { amountMinor: 100 }, every: true }],
};

test.each<[Reward, number | undefined, number | null]>([
  [off(2_000), undefined, 2_000],
  [off(2_000), 500, 500],
  [off(2_000), 5_000, 2_000],
  [percent, undefined, null],
  [percent, 5_000, 5_000],
  [steps(500, 2_000), undefined, 2_000],
  [every, undefined, null],
  [every, 900, 900],
])('%j within %j is worth at most %j', (reward, maxDiscountMinor, most) => {
  const limits = maxDiscountMinor === undefined ? {} : { limits: { maxDiscountMinor } };
  expect(couponWorthMax({ reward, ...limits })).toBe(most);
});

test('no basket of 500 gets more off than that', () => {
  let reduced = 0;
  const anyReward = fc.oneof(
    fc.integer({ min: 1, max: 5_000 }).map(off),
    fc
      .array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 3 })
      .map((all) => steps(...all.toSorted((a, b) => a - b))),
    fc.constantFrom(percent, every),
  );
  const anyLimit = fc.option(fc.integer({ min: 1, max: 3_000 }));
  fc.assert(
    fc.property(anyBasket, anyReward, anyLimit, (basket, reward, maxDiscountMinor) => {
      const limits = maxDiscountMinor === null ? {} : { limits: { maxDiscountMinor } };
      const rule = aRule('c', reward, { coupon: { codes: ['CP-A'] }, ...limits });
      const most = couponWorthMax(rule);
      const rules = { version: 'v', tax: aStore().tax, promotions: compileRules(aSet([rule])) };
      const { adjustmentMinor } = priceBasket(basket, rules, aContext({ coupons: [{ code: 'CP-A' }] }));
      if (most !== null && adjustmentMinor < 0) reduced++;
      return most === null || -adjustmentMinor <= most;
    }),
    { numRuns: 500 },
  );
  expect(reduced).toBeGreaterThan(100);
});
