/** The draft: canonical order, floors, and amounts that fall on others where one line is full. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  draftOf,
  roomOf,
  shareOfUnits,
  spreadCapped,
  takeOff,
  valueOfUnits,
} from '../../src/core/promotion-draft.ts';
import { aBasket, anItem } from './builders.ts';

test('lines stand by what they are, then by number', () => {
  const of = (sku: string, qty = 1) => ({ item: anItem({ sku, gtins: [] }), qty });
  const draft = draftOf(aBasket([of('B'), of('A', 2), of('A')]).lines);
  expect(draft.map(({ line }) => line.lineNo)).toEqual([3, 2, 1]);
});

test('a floor leaves 0.50 of 5.00 to take; two amounts of one rule are one adjustment; 0 leaves no trace', () => {
  const [line] = draftOf(aBasket([{ item: anItem({ priceMinor: 500, minPriceMinor: 450 }) }]).lines);
  const reason = { kind: 'gift', name: 'x', units: 1 } as const;
  expect([roomOf(line!), roomOf(line!, true)]).toEqual([50, 500]);
  for (const off of [20, 0, 10]) takeOff(line!, 'r', off, reason);
  expect(line!.adjustments).toEqual([{ ruleId: 'r', reason, amountMinor: -30 }]);
  expect(line!.netMinor).toBe(470);
});

test.each([
  [1_200, [1_000, 2_000, 5_000, 3_000], [1_000, 100, 0, 100], [1_000, 100, 0, 100]],
  [1_200, [1_000, 2_000, 5_000, 3_000], [1_000, 100, 0, 400], [700, 100, 0, 400]],
  [10, [1, 1], [3, 3], [3, 3]],
  [10, [], [], []],
])('%i over %j with room %j is %j', (amount, weights, rooms, expected) => {
  expect(spreadCapped(amount, weights, rooms)).toEqual(expected);
});

test('parts fit their rooms and sum to the amount or to all the room', () => {
  const part = fc.record({
    weight: fc.integer({ min: 1, max: 100_000 }),
    share: fc.integer({ min: 0, max: 100 }),
  });
  fc.assert(
    fc.property(fc.nat(1_000_000), fc.array(part, { maxLength: 20 }), (amount, lines) => {
      const rooms = lines.map(({ weight, share }) => Math.floor((weight * share) / 100));
      const parts = spreadCapped(
        amount,
        lines.map(({ weight }) => weight),
        rooms,
      );
      const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0);
      expect(sum(parts)).toBe(Math.min(amount, sum(rooms)));
      for (const [i, value] of parts.entries()) expect(value).toBeLessThanOrEqual(rooms[i]!);
    }),
  );
});

test('three units of 10.00: the first is 3.34, all are 10.00; a half of 7 units is half up', () => {
  expect([1, 2, 3].map((units) => valueOfUnits(1_000, 3, units))).toEqual([334, 667, 1_000]);
  expect([shareOfUnits(1_001, 2, 1), shareOfUnits(1_001, 2, 2)]).toEqual([501, 1_001]);
});

test('a free article that comes back costs 0, not -0', () => {
  const [line] = draftOf(aBasket([{ item: anItem({ priceMinor: 0 }), qty: -1 }]).lines);
  expect(Object.is(line!.grossMinor, 0) && Object.is(line!.netMinor, 0)).toBe(true);
});
