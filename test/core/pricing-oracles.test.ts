/** Oracles with their source: D365's policies, DOMAIN 3.2 and 3.3, and the tax figures of DOMAIN 2.8 through `priceBasket`. */
import { describe, expect, test } from 'vitest';
import type { PricedBasket } from '../../src/core/pricing.ts';
import type { AcrossPolicy, Rule } from '../../src/core/promotion.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { aRule, aSet, goods, nets, percent } from './a-rule.ts';
import { aBasket, aContext, anItem, aStore } from './builders.ts';
import { priceWith } from './rules-any.ts';

const rulesOn = (priced: PricedBasket) => priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId);
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
