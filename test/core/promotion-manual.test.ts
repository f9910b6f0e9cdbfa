/** Discounts by hand: within the limit, or approved. */
import { expect, test } from 'vitest';
import { aSet } from './a-rule.ts';
import { aBasket, aContext, anItem } from './builders.ts';
import { priceWith } from './rules-any.ts';

const basket = aBasket([{ item: anItem({ priceMinor: 1_000, minPriceMinor: 800 }) }]);
const byHand = (rateBp: number, approvalId: string | null, lineNo: number | null = 1) =>
  priceWith(
    aSet([]),
    basket,
    aContext({ manual: [{ lineNo, off: { rateBp }, limitBp: 1_000, approvalId }] }),
  );

test.each([
  ['10 % within a limit of 10 %', 1_000, null, 900, 'applied'],
  ['11 % without approval', 1_100, null, 1_000, 'over_limit'],
  ['50 % approved goes below the margin floor', 5_000, 'M1', 500, 'applied'],
  ['100 % approved is free, never below', 10_000, 'M1', 0, 'applied'],
] as const)('%s', (_, rateBp, approvalId, total, kind) => {
  expect(byHand(rateBp, approvalId)).toMatchObject({ totalMinor: total, manual: [{ kind }] });
});

test('a line that is not there, and the whole order', () => {
  expect(byHand(1_000, null, 9).manual).toEqual([{ lineNo: 9, kind: 'not_these_items' }]);
  expect(byHand(500, null, null)).toMatchObject({
    totalMinor: 950,
    manual: [{ lineNo: null, kind: 'applied', offMinor: 50 }],
  });
});
