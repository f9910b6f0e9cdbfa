/** Oracles with their source: D365's policies, DOMAIN 3.2 and 3.3, and the tax figures of DOMAIN 2.8 through `priceBasket`. */
import { describe, expect, test } from 'vitest';
import type { PricedBasket } from '../../src/core/pricing.ts';
import type { AcrossPolicy, Reward, Rule, RuleSet } from '../../src/core/promotion.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { aBasket, aContext, anItem, aStore, aTier } from './builders.ts';
import { priceWith } from './rules-any.ts';

function aRule(id: string, reward: Reward, over: Partial<Rule> = {}): Rule {
  return { id, name: id, priority: 0, mode: 'compound', items: { all: true }, reward, ...over };
}

function percent(id: string, rate: number, over: Partial<Rule> = {}): Rule {
  return aRule(id, { kind: 'percent_off', rateBp: rate * 100 }, over);
}

function aSet(rules: readonly Rule[], over: Partial<RuleSet> = {}): RuleSet {
  return { version: 'v', policy: { across: 'compound_within' }, rules, ...over };
}

const goods = (...prices: readonly number[]) =>
  aBasket(prices.map((priceMinor, i) => ({ item: anItem({ sku: `S${i}`, gtins: [], priceMinor }) })));

const rulesOn = (priced: PricedBasket) => priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId);
const nets = (priced: PricedBasket) => priced.lines.map((line) => line.netMinor);
const parts = (priced: PricedBasket) => priced.lines.map((line) => line.grossMinor - line.netMinor);

describe('D365 (Microsoft retaillife blog): A 10 % and B 20 % at priority 99, C 15 % at 0, all compound', () => {
  const abc = [percent('A', 10, { priority: 99 }), percent('B', 20, { priority: 99 }), percent('C', 15)];
  const d = percent('D', 35, { priority: 99, mode: 'best_price' });
  const across = (policy: AcrossPolicy, rules: readonly Rule[]) =>
    priceWith(aSet(rules, { policy: { across: policy } }), goods(10_000));

  test.each([
    ['compound_within', abc, ['A', 'B'], 7200],
    ['compete_within_compound_across', abc, ['B', 'C'], 6800],
    ['compound_within', [...abc, d], ['D'], 6500],
    ['compete_within_compound_across', [...abc, d], ['D', 'C'], 5525],
  ] as const)('%s: %#', (policy, rules, ids, netMinor) => {
    const priced = across(policy, rules);
    expect(rulesOn(priced)).toEqual(ids);
    expect(nets(priced)).toEqual([netMinor]);
  });

  test('exclusive E 5 % beats them all, though it is worse', () => {
    const e = percent('E', 5, { mode: 'exclusive' });
    expect(rulesOn(across('compound_within', [...abc, d, e]))).toEqual(['E']);
  });
});

describe('percentages of 10 and 5 on 100.00', () => {
  const both = [percent('A', 10, { group: 'g' }), percent('B', 5, { group: 'g' })];
  test('chained are 85.50', () =>
    expect(nets(priceWith(aSet(both, { groups: [{ id: 'g' }] }), goods(10_000)))).toEqual([8550]));
  test('added are 85.00', () => {
    const groups = [{ id: 'g', percents: 'add' as const }];
    expect(nets(priceWith(aSet(both, { groups }), goods(10_000)))).toEqual([8500]);
  });
});

describe('1000: -100, -10 %, -20 % is 648 with parts 100, 90, 162 (odoo/odoo#241043 gave 160)', () => {
  test.each([
    [
      'line offers, then the order discount',
      'compound_within',
      [
        aRule('a', { kind: 'amount_off', amountMinor: 10_000 }),
        percent('b', 10),
        aRule('c', { kind: 'order_off', off: { rateBp: 2_000 } }),
      ],
    ],
    [
      'three thresholds by priority',
      'compete_within_compound_across',
      [
        aRule(
          'a',
          { kind: 'threshold', by: 'amount', steps: [{ from: 0, off: { amountMinor: 10_000 } }] },
          { priority: 3 },
        ),
        aRule(
          'b',
          { kind: 'threshold', by: 'amount', steps: [{ from: 0, off: { rateBp: 1_000 } }] },
          { priority: 2 },
        ),
        aRule(
          'c',
          { kind: 'threshold', by: 'amount', steps: [{ from: 0, off: { rateBp: 2_000 } }] },
          { priority: 1 },
        ),
      ],
    ],
  ] as [string, AcrossPolicy, Rule[]][])('%s', (_, across, rules) => {
    const priced = priceWith(aSet(rules, { policy: { across } }), goods(100_000));
    expect(priced.lines[0]!.adjustments.map((a) => -a.amountMinor)).toEqual([10_000, 9_000, 16_200]);
    expect(priced.totalMinor).toBe(64_800);
  });
});

describe('an order amount is spread by net, to the cent (DOMAIN 3.3)', () => {
  test.each([
    [1_000, [333, 333, 334], [333, 333, 334]],
    [200, [500, 500, 500], [67, 67, 66]],
    [1_000, [5_000, 5_000, 5_000], [334, 333, 333]],
  ])('%i over %j is %j', (amountMinor, prices, expected) => {
    const rule = aRule('o', { kind: 'order_off', off: { amountMinor } });
    expect(parts(priceWith(aSet([rule]), goods(...prices)))).toEqual(expected);
  });

  test('what a floor does not take falls on the others, the rest is void', () => {
    const rule = aRule('o', { kind: 'order_off', off: { amountMinor: 900 } });
    const basket = aBasket([
      { item: anItem({ sku: 'F', gtins: [], priceMinor: 500, minPriceMinor: 450 }) },
      { item: anItem({ sku: 'G', gtins: [], priceMinor: 500 }) },
    ]);
    expect(parts(priceWith(aSet([rule]), basket))).toEqual([50, 500]);
  });

  test('100 % off is exactly 0 in every tax rounding (odoo/odoo#271032)', () => {
    for (const rounding of ['line', 'rate', 'document'] as const) {
      const tax = { ...aStore().tax, mode: 'exclusive' as const, rounding };
      const priced = priceWith(aSet([percent('p', 100)]), goods(333, 1, 99), aContext(), tax);
      expect(priced).toMatchObject({ totalMinor: 0, taxMinor: 0 });
    }
  });
});

describe('sets', () => {
  const tea = (qty: number, priceMinor: number, sku: string) => ({
    item: anItem({ sku, gtins: [], priceMinor, category: 'tea' }),
    qty,
  });
  const category = { items: { categories: ['tea'] } };
  test.each([
    [
      '3 for 24.00 of 3 × 10.00',
      { kind: 'n_for_price', qty: 3, priceMinor: 2400 },
      [tea(3, 1000, 'A')],
      2400,
    ],
    ['3 for 24.00 twice in 7', { kind: 'n_for_price', qty: 3, priceMinor: 2400 }, [tea(7, 1000, 'A')], 5800],
    [
      'second at half price: the cheaper one',
      { kind: 'buy_get', buyQty: 1, getQty: 1, rateBp: 5_000 },
      [tea(1, 1000, 'A'), tea(1, 601, 'B')],
      1300,
    ],
    [
      'cheapest of three free',
      { kind: 'buy_get', buyQty: 2, getQty: 1, rateBp: 10_000 },
      [tea(1, 900, 'A'), tea(2, 500, 'B')],
      1400,
    ],
    [
      'cheapest of each three free, dearest together',
      { kind: 'buy_get', buyQty: 2, getQty: 1, rateBp: 10_000 },
      [tea(3, 900, 'A'), tea(3, 500, 'B')],
      2800,
    ],
    [
      'a set dearer than its goods takes nothing',
      { kind: 'n_for_price', qty: 2, priceMinor: 5000 },
      [tea(2, 1000, 'A')],
      2000,
    ],
  ] as [string, Reward, Parameters<typeof aBasket>[0], number][])('%s', (_, reward, additions, total) => {
    expect(priceWith(aSet([aRule('s', reward, category)]), aBasket(additions)).totalMinor).toBe(total);
  });

  test('3 for 10.00 once and 2 for 6.90 twice beat either alone on 7 × 4.00', () => {
    const rules = [
      aRule('three', { kind: 'n_for_price', qty: 3, priceMinor: 1000 }),
      aRule('two', { kind: 'n_for_price', qty: 2, priceMinor: 690 }),
    ];
    expect(priceWith(aSet(rules), aBasket([tea(7, 400, 'A')])).totalMinor).toBe(1000 + 690 * 2);
  });

  test('units without a set keep a competing line offer', () => {
    const rules = [
      percent('ten', 10, { mode: 'best_price' }),
      aRule('two', { kind: 'n_for_price', qty: 2, priceMinor: 1500 }, { mode: 'best_price' }),
    ];
    const priced = priceWith(aSet(rules), aBasket([tea(3, 1000, 'A')]));
    expect(priced.totalMinor).toBe(1500 + 900);
  });
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

test('a near miss: 13.87 more takes 10.00 off', () => {
  const rule = aRule('t', {
    kind: 'threshold',
    by: 'amount',
    steps: [{ from: 10_000, off: { amountMinor: 1_000 } }],
  });
  expect(priceWith(aSet([rule]), goods(8_613)).nearMisses).toEqual([
    { ruleId: 't', name: 't', kind: 'amount', missingMinor: 1_387, gainMinor: 1_000 },
  ]);
});

describe('tax (DOMAIN 2.8) through the kernel', () => {
  const rates = [
    { code: 'a', rateBp: 2_200 },
    { code: 'b', rateBp: 1_000 },
    { code: 'c', rateBp: 2_000 },
    { code: 'free', rateBp: 0 },
  ];
  const tax = (mode: TaxPolicy['mode'], rounding: TaxPolicy['rounding']): TaxPolicy => ({
    mode,
    rounding,
    rates,
  });
  const line = (priceMinor: number, taxCode: string, qty = 1) => ({
    item: anItem({ sku: taxCode, gtins: [], priceMinor, taxCode }),
    qty,
  });
  const none = aSet([]);

  test('28.90 at 22 % + 1.25 at 10 %: once over the document 5.33, per rate 5.21 + 0.11, both 30.15', () => {
    const basket = aBasket([line(2_890, 'a'), line(125, 'b')]);
    const document = priceWith(none, basket, aContext(), tax('inclusive', 'document'));
    expect(document).toMatchObject({ taxMinor: 533, totalMinor: 3_015 });
    const perRate = priceWith(none, basket, aContext(), tax('inclusive', 'rate'));
    expect(perRate.taxes.map(({ taxMinor }) => taxMinor)).toEqual([521, 11]);
    expect(perRate.totalMinor).toBe(3_015);
  });

  test.each([
    ['line', 652_781],
    ['document', 652_780],
  ] as const)('16 × 348.35 less 4 %, 22 %% added, by %s: %i', (rounding, total) => {
    const priced = priceWith(
      aSet([percent('p', 4)]),
      aBasket([line(34_835, 'a', 16)]),
      aContext(),
      tax('exclusive', rounding),
    );
    expect(priced.totalMinor).toBe(total);
  });

  test('8.01 with 20 % inside stays 8.01; zero-rated goods have tax 0', () => {
    const priced = priceWith(
      none,
      aBasket([line(801, 'c'), line(100, 'free')]),
      aContext(),
      tax('inclusive', 'line'),
    );
    expect(priced.totalMinor).toBe(901);
    expect(priced.lines.map(({ taxMinor }) => taxMinor)).toEqual([134, 0]);
  });
});
