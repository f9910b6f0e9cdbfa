/** A basket from a file: what is taken, and that nothing is ever thrown. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { priceFile } from '../../src/core/price-file.ts';

const FILE = {
  at: '2026-11-21T16:41',
  items: [{ sku: 'A', priceMinor: 1_000 }],
  rules: [],
  basket: [{ sku: 'A', qty: 2 }],
};

test('items, rules, basket and time are enough', () => {
  const result = priceFile(FILE);
  expect(result.ok && result.value.priced.totalMinor).toBe(2_000);
});

test('a quantity of -1 is goods coming back', () => {
  const result = priceFile({ ...FILE, basket: [{ sku: 'A', qty: -1 }] });
  expect(result.ok && result.value.priced.totalMinor).toBe(-1_000);
});

test('whatever comes, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(priceFile(value).ok).toBe(false);
    }),
  );
  const field = fc.constantFrom(
    'at',
    'items',
    'rules',
    'basket',
    'member',
    'coupons',
    'tax',
    'manual',
    'usesLeft',
    'policy',
  );
  fc.assert(
    fc.property(field, fc.jsonValue(), (key, value) => {
      priceFile({ ...FILE, [key]: value });
    }),
  );
});
