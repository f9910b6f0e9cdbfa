/** Thresholds in steps, gifts, and the one automatic order discount. */
import { expect, test } from 'vitest';
import type { Step } from '../../src/core/promotion.ts';
import { aRule, aSet, goods, nets } from './a-rule.ts';
import { aBasket, anItem } from './builders.ts';
import { priceWith } from './rules-any.ts';

const threshold = (...steps: Step[]) => aSet([aRule('t', { kind: 'threshold', by: 'amount', steps })]);

test.each([
  [4_999, 0],
  [5_000, 300],
  [9_999, 300],
  [10_000, 1_000],
])('steps 50.00 → 3.00 and 100.00 → 10.00: %i takes %i', (due, off) => {
  const set = threshold(
    { from: 5_000, off: { amountMinor: 300 } },
    { from: 10_000, off: { amountMinor: 1_000 } },
  );
  expect(priceWith(set, goods(due)).adjustmentMinor + 0).toBe(0 - off);
});

test('every 100.00 takes 10.00: 3 times of 399.99', () => {
  const set = threshold({ from: 10_000, every: true, off: { amountMinor: 1_000 } });
  expect(priceWith(set, goods(39_999)).adjustmentMinor).toBe(-3_000);
});

test('a gift is free where it was taken along, and does not help to reach its own threshold', () => {
  const set = threshold({ from: 1_000, off: { gift: { sku: 'CUP', qty: 1 } } });
  const withCup = (priceMinor: number) =>
    aBasket([
      { item: anItem({ sku: 'A', gtins: [], priceMinor }) },
      { item: anItem({ sku: 'CUP', gtins: [], priceMinor: 300 }), qty: 2 },
    ]);
  expect(nets(priceWith(set, withCup(800)))).toEqual([800, 300]);
  expect(nets(priceWith(set, withCup(600)))).toEqual([600, 600]);
});

test('of birthday 10 % and member day 8 % one applies, the better', () => {
  const order = (id: string, rateBp: number) => aRule(id, { kind: 'order_off', off: { rateBp } });
  const priced = priceWith(aSet([order('day', 800), order('birthday', 1_000)]), goods(1_000));
  expect(priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId)).toEqual(['birthday']);
});

test('a best-price threshold that loses on shared goods still counts on its own', () => {
  const off = (id: string, brands: string[], amountMinor: number) =>
    aRule(
      id,
      { kind: 'threshold', by: 'amount', steps: [{ from: 1_000, off: { amountMinor } }] },
      { mode: 'best_price', items: { brands } },
    );
  const of = (brand: string) => ({ item: anItem({ sku: brand, gtins: [], brand, priceMinor: 1_000 }) });
  const priced = priceWith(
    aSet([off('x', ['A', 'B'], 300), off('y', ['B', 'C'], 100)]),
    aBasket([of('A'), of('B'), of('C')]),
  );
  expect(nets(priced)).toEqual([850, 850, 900]);
});
