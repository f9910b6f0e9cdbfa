/**
 * Runs beyond the first: an early offer that would cost a later one its minimum, exclusive rules of later steps, and sets of a
 * coupon whose goods automatic sets took.
 */
import { describe, expect, test } from 'vitest';
import { aRule, aSet, goods, percent } from './a-rule.ts';
import { aContext } from './builders.ts';
import { priceWith } from './rules-any.ts';

test('a 1 % offer that would miss 20.00 off from 100.00 is left out', () => {
  const rules = [
    percent('one', 1),
    aRule('spend', {
      kind: 'threshold',
      by: 'amount',
      steps: [{ from: 10_000, off: { amountMinor: 2_000 } }],
    }),
  ];
  const priced = priceWith(aSet(rules), goods(10_000));
  expect(priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId)).toEqual(['spend']);
  expect(priced.totalMinor).toBe(8_000);
});

test('a 30 % offer that is worth more stays', () => {
  const rules = [
    percent('thirty', 30),
    aRule('spend', {
      kind: 'threshold',
      by: 'amount',
      steps: [{ from: 10_000, off: { amountMinor: 2_000 } }],
    }),
  ];
  expect(priceWith(aSet(rules), goods(10_000)).totalMinor).toBe(7_000);
});

test('an exclusive order discount has its goods for itself, though 10 % and 5 % would be better', () => {
  const rules = [
    percent('ten', 10),
    aRule('day', { kind: 'order_off', off: { rateBp: 500 } }, { mode: 'exclusive' }),
  ];
  const priced = priceWith(aSet(rules), goods(1_000));
  expect(priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId)).toEqual(['day']);
});

describe('second piece at 5 % off, and a coupon of 2 for 12.00, on two pieces at 10.00', () => {
  const second = aRule('second', { kind: 'buy_get', buyQty: 1, getQty: 1, rateBp: 500 });
  const coupon = aRule(
    'pair',
    { kind: 'n_for_price', qty: 2, priceMinor: 1_200 },
    { coupon: { codes: ['PAIR'] } },
  );
  const withCoupon = aContext({ coupons: [{ code: 'PAIR' }] });

  test('the coupon takes 8.00 off, and the 0.50 of the automatic rule is given up for it', () => {
    const priced = priceWith(aSet([second, coupon]), goods(1_000, 1_000), withCoupon);
    expect(priced.totalMinor).toBe(1_200);
    expect(priced.coupons).toEqual([{ code: 'PAIR', ruleId: 'pair', kind: 'applied', offMinor: 800 }]);
    expect(priced.uses).toEqual([{ ruleId: 'pair', count: 1 }]);
  });

  test('without the coupon the second piece is 9.50', () => {
    expect(priceWith(aSet([second, coupon]), goods(1_000, 1_000)).totalMinor).toBe(1_950);
  });

  test('an exclusive automatic rule keeps the goods', () => {
    const rules = [{ ...second, mode: 'exclusive' as const }, coupon];
    const priced = priceWith(aSet(rules), goods(1_000, 1_000), withCoupon);
    expect(priced.totalMinor).toBe(1_950);
    expect(priced.coupons[0]!.kind).toBe('not_combinable');
  });
});
