/** Reasons in three languages. */
import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import type { Reason } from '../../src/core/promotion.ts';
import { reasonText } from '../../src/core/reason.ts';

const REASONS: readonly Reason[] = [
  { kind: 'tier', tierId: 'g', tierName: 'Gold', rateBp: 825 },
  { kind: 'price', name: 'Week', unitPriceMinor: 990 },
  { kind: 'amount_off', name: 'Week', unitMinor: 50, units: 3 },
  { kind: 'percent_off', name: 'Week', rateBp: 1_000 },
  { kind: 'set_price', name: 'Tea', qty: 3, priceMinor: 2_400 },
  { kind: 'set_amount', name: 'Tea', qty: 2, offMinor: 100 },
  { kind: 'set_percent', name: 'Tea', qty: 2, rateBp: 5_000 },
  { kind: 'threshold', name: 'Spend', by: 'amount', from: 10_000, offMinor: 1_000 },
  { kind: 'threshold', name: 'Spend', by: 'quantity', from: 3, offMinor: 200 },
  { kind: 'gift', name: 'Cup', units: 1 },
  { kind: 'order', name: 'Birthday', rateBp: 1_000, offMinor: 77 },
  { kind: 'order', name: 'Day', rateBp: 0, offMinor: 77 },
  { kind: 'coupon', name: 'Welcome', code: 'C', offMinor: 500 },
  { kind: 'manual', scope: 'line', offMinor: 5, approvalId: null },
  { kind: 'manual', scope: 'order', offMinor: 5, approvalId: 'M1' },
];

test.each(LOCALES)('every kind has its words in %s', (locale) => {
  expect(REASONS.map((reason) => reasonText(reason, locale, 2))).toMatchSnapshot();
});
