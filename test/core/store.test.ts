/** Stores: what goes out on trust a day. */
import { expect, test } from 'vitest';
import { foreignRefundLimit } from '../../src/core/store.ts';
import { aStore } from './builders.ts';

test('without a setting 500 of the currency: 500.00 yuan, 500 new dollars; else what is set, nothing too', () => {
  const dollars = { currency: { code: 'TWD', digits: 0, symbol: 'NT$' } };
  expect(foreignRefundLimit(aStore())).toBe(50_000);
  expect(foreignRefundLimit(aStore(dollars))).toBe(500);
  expect(foreignRefundLimit(aStore({ foreignRefundLimitMinor: 0 }))).toBe(0);
});
