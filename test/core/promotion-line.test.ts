/** Promotions: what a tier takes off a line, and where it takes nothing. */
import { describe, expect, test } from 'vitest';
import type { BasketLine } from '../../src/core/basket.ts';
import { exactNet, tierAdjustment } from '../../src/core/promotion-line.ts';
import { aRule, aSet, goods } from './a-rule.ts';
import { aBasket, aContext, anItem, aTier, aWeighedItem } from './builders.ts';
import { priceWith } from './rules-any.ts';

const lineOf = (over: Partial<BasketLine> = {}): BasketLine => ({ ...aBasket().lines[0]!, ...over });

describe('a tier of 5 % takes', () => {
  test.each([
    ['0.10 off 2.00', lineOf(), -10],
    ['0.30 off 3 × 2.00', lineOf({ qty: 3 }), -30],
    ['0.01 off 0.10, half up', lineOf({ unitPriceMinor: 10 }), -1],
    ['0.04 off 0.87 of weighed goods', aBasket([{ item: aWeighedItem(), weightG: 1234 }]).lines[0]!, -43],
    ['0.05 off 0.99', lineOf({ unitPriceMinor: 99 }), -5],
  ])('%s', (_, line, amountMinor) => {
    expect(tierAdjustment(line, aTier(), '金卡')).toEqual({
      ruleId: 'tier:gold',
      reason: { kind: 'tier', tierId: 'gold', tierName: '金卡', rateBp: 500 },
      amountMinor,
    });
  });
});

describe('nothing comes off', () => {
  test.each([
    ['goods without a member', lineOf(), null],
    ['a tier of 0 %', lineOf(), aTier({ discountBp: 0 })],
    ['goods coming back', lineOf({ qty: -1 }), aTier()],
    ['goods without discounts (tobacco)', lineOf({ flags: { noDiscount: true } }), aTier()],
    ['a price the cashier typed', lineOf({ priceSource: 'manual' }), aTier()],
    ['0.09: 5 % of it is less than half a cent', lineOf({ unitPriceMinor: 9 }), aTier()],
    ['free goods', lineOf({ unitPriceMinor: 0 }), aTier()],
  ])('%s', (_, line, tier) => {
    expect(tierAdjustment(line, tier, '金卡')).toBeNull();
  });

  test('goods marked for no points or no coupons still get the tier’s price', () => {
    const line = lineOf({ flags: { noPoints: true, noCoupon: true } });
    expect(tierAdjustment(line, aTier(), '金卡')?.amountMinor).toBe(-10);
  });
});

test('100 % off is exactly the price, never below', () => {
  for (const unitPriceMinor of [1, 3, 99, 12_345]) {
    const line = lineOf({ unitPriceMinor, qty: 7 });
    expect(tierAdjustment(line, aTier({ discountBp: 10_000 }), '')?.amountMinor).toBe(-7 * unitPriceMinor);
  }
});

test('16 × 348.35 less 4 % is exactly 5350.656', () => {
  const line = aBasket([{ item: anItem({ priceMinor: 34_835 }), qty: 16 }]).lines[0]!;
  const adjustment = tierAdjustment(line, aTier({ discountBp: 400 }), '');
  expect(adjustment?.amountMinor).toBe(-22_294);
  const { n, d } = exactNet(line, 557_360 - 22_294, [adjustment!]);
  expect((n * 10n) / d).toBe(5_350_656n);
  expect(exactNet(line, 557_360, [])).toEqual({ n: 557_360n, d: 1n });
});

describe('price candidates', () => {
  const promo = aRule('promo', { kind: 'unit_price', priceMinor: 900 });
  const gold = (discountBp: number) => aContext({ member: { tier: aTier({ discountBp }) } });
  test.each([
    ['the promo price 9.00 beats 5 % of 10.00', 500, {}, 900],
    ['15 % of 10.00 beats the promo price', 1_500, {}, 850],
    ['both where the set says so', 1_000, { tierOnPromoPrice: true }, 810],
  ])('%s', (_, discountBp, policy, total) => {
    const set = aSet([promo], { policy: { across: 'compound_within', ...policy } });
    expect(priceWith(set, goods(1_000), gold(discountBp)).totalMinor).toBe(total);
  });
});
