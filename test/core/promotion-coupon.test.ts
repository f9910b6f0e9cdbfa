/** Coupons: an answer to each code, the reason where it does not apply. */
import { describe, expect, test } from 'vitest';
import type { Rule } from '../../src/core/promotion.ts';
import { aRule, aSet, goods } from './a-rule.ts';
import { aContext } from './builders.ts';
import { priceWith } from './rules-any.ts';

describe('coupons answer', () => {
  const coupon = (id: string, over: Partial<Rule> = {}) =>
    aRule(id, { kind: 'order_off', off: { amountMinor: 100 } }, { coupon: { codes: [id] }, ...over });
  const answer = (rule: Rule, context = {}) =>
    priceWith(aSet([rule]), goods(1_000), aContext({ coupons: [{ code: rule.id }], ...context })).coupons[0];

  test.each([
    ['applied', coupon('c'), {}, { kind: 'applied', offMinor: 100 }],
    ['not yet', coupon('c', { validity: { from: '2026-11-22' } }), {}, { kind: 'not_yet' }],
    ['expired', coupon('c', { validity: { to: '2026-11-20' } }), {}, { kind: 'expired' }],
    ['wrong store', coupon('c', { audience: { stores: ['S02'] } }), {}, { kind: 'wrong_store' }],
    ['needs a member', coupon('c', { audience: { membersOnly: true } }), {}, { kind: 'needs_member' }],
    ['used up', coupon('c'), { usesLeft: { coupons: { c: 0 } } }, { kind: 'used_up' }],
    ['not these items', coupon('c', { items: { skus: ['X'] } }), {}, { kind: 'not_these_items' }],
    [
      '9.20 short of 19.20',
      coupon('c', { conditions: [{ kind: 'amount', fromMinor: 1_920 }] }),
      {},
      { kind: 'below_minimum', missingMinor: 920 },
    ],
  ])('%s', (_, rule, context, expected) => {
    expect(answer(rule, context)).toMatchObject(expected);
  });

  test('of two that may not meet, one applies and one is kept', () => {
    const rules = [coupon('a', { mode: 'best_price' }), coupon('b', { mode: 'best_price' })];
    const priced = priceWith(
      aSet(rules),
      goods(1_000),
      aContext({ coupons: [{ code: 'b' }, { code: 'a' }] }),
    );
    expect(priced.coupons.map(({ kind }) => kind)).toEqual(['applied', 'not_combinable']);
  });

  test('GS1 255 with 390n takes off what the code says; one of another chain is told', () => {
    const rule = aRule(
      'gs1',
      { kind: 'order_off', off: { fromCode: true } },
      { coupon: { gs1: ['9501101530010'] } },
    );
    const entries = ['9501101530010', '9501101530027'].map((number) => ({
      gs1: { number, serial: '7', amountMinor: 250 },
    }));
    const priced = priceWith(aSet([rule]), goods(1_000), aContext({ coupons: entries }));
    expect(priced.totalMinor).toBe(750);
    expect(priced.coupons.map(({ kind }) => kind)).toEqual(['applied', 'other_chain']);
  });
});
