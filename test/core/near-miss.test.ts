/** Near misses: what is short, and what it would gain. */
import { expect, test } from 'vitest';
import { aRule, aSet, goods } from './a-rule.ts';
import { aBasket, anItem } from './builders.ts';
import { priceWith } from './rules-any.ts';

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

test('one more piece makes three for 24.00: 6.00 to gain', () => {
  const rule = aRule('n', { kind: 'n_for_price', qty: 3, priceMinor: 2_400 });
  const basket = aBasket([{ item: anItem({ priceMinor: 1_000 }), qty: 2 }]);
  expect(priceWith(aSet([rule]), basket).nearMisses).toEqual([
    { ruleId: 'n', name: 'n', kind: 'quantity', missingQty: 1, gainMinor: 600 },
  ]);
});

test('a gift that was reached and not taken is told; what is far away is not', () => {
  const gift = aRule('g', {
    kind: 'threshold',
    by: 'amount',
    steps: [{ from: 500, off: { gift: { sku: 'CUP', qty: 1 } } }],
  });
  const far = aRule('f', {
    kind: 'threshold',
    by: 'amount',
    steps: [{ from: 5_000, off: { amountMinor: 9 } }],
  });
  expect(priceWith(aSet([gift, far]), goods(1_000)).nearMisses).toEqual([
    { ruleId: 'g', name: 'g', kind: 'gift', sku: 'CUP', missingQty: 1, gainMinor: 0 },
  ]);
});
