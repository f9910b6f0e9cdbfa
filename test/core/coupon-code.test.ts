/** Coupon codes of a series, and the rule that waits for them. */
import { describe, expect, test } from 'vitest';
import { couponCode, seriesOf } from '../../src/core/coupon-code.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import { aBasket, aContext, anItem, aStore } from './builders.ts';

const SERIAL = '0123456789AB';

describe('a code', () => {
  test.each([
    ['CP-WELCOME-0123456789AB', 'WELCOME'],
    ['CP-A-ZZZZZZZZZZZZ', 'A'],
    ['CP-WELCOME', null],
    ['CP-AUTUMN10', null],
    ['CP-WELCOME-0123456789A', null],
    ['CP-WELCOME-0123456789ABC', null],
    ['cp-welcome-0123456789ab', null],
    // Letters that are read as digits are in no serial.
    ['CP-WELCOME-O123456789AB', null],
    ['CP-ELEVENSIGNS-0123456789AB', null],
  ])('%s is of series %s', (code, series) => {
    expect(seriesOf(code)).toBe(series);
  });

  test('of the longest series still fits what a coupon label may hold: 31 signs', () => {
    expect(`C${couponCode('ABCDEFGHIJ', SERIAL)}`.length).toBeLessThanOrEqual(31);
  });
});

describe('a rule of a series', () => {
  const set: RuleSet = {
    version: 's1',
    policy: { across: 'compound_within' },
    rules: [
      {
        id: 'cp.WELCOME',
        name: '欢迎 5 元',
        priority: 5,
        mode: 'compound',
        items: { all: true },
        coupon: { series: ['WELCOME'] },
        reward: { kind: 'order_off', off: { amountMinor: 500 } },
      },
    ],
  };
  const priced = (codes: readonly string[], usesLeft = {}) =>
    priceBasket(
      aBasket([{ item: anItem({ priceMinor: 2_000 }) }]),
      { version: 'r', tax: aStore().tax, promotions: compileRules(set) },
      aContext({ coupons: codes.map((code) => ({ code })), usesLeft }),
    );

  test('takes any code of it, and none of another', () => {
    expect(priced([couponCode('WELCOME', SERIAL)])).toMatchObject({
      totalMinor: 1_500,
      coupons: [{ kind: 'applied', ruleId: 'cp.WELCOME', offMinor: 500 }],
    });
    expect(priced([couponCode('OTHER', SERIAL), 'CP-WELCOME']).coupons.map(({ kind }) => kind)).toEqual([
      'unknown',
      'unknown',
    ]);
  });

  test('does not take a code whose right is spent', () => {
    const code = couponCode('WELCOME', SERIAL);
    expect(priced([code], { coupons: { [code]: 0 } }).coupons).toMatchObject([{ kind: 'used_up' }]);
  });

  test('is read from outside, and refused where two rules wait for one series', () => {
    expect(parseRuleSet(JSON.parse(JSON.stringify(set)))).toEqual({ ok: true, value: set });
    const twice = { ...set, rules: [set.rules[0], { ...set.rules[0], id: 'other' }] };
    expect(parseRuleSet(twice)).toMatchObject({ ok: false, error: [{ kind: 'duplicate' }] });
    const wrong = { ...set, rules: [{ ...set.rules[0], coupon: { series: ['lower'] } }] };
    expect(parseRuleSet(wrong)).toMatchObject({ ok: false, error: [{ kind: 'shape' }] });
  });
});
