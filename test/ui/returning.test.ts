import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ReturnableLine } from '../../src/till/api.ts';
import {
  backMinor,
  lineBackMinor,
  NOTHING_PICKED,
  pick,
  pickAll,
  pickedLines,
} from '../../src/ui/returning.ts';

/** Three sold for 10.00, one of them back already: the two left give back 3.33 each. */
const SHIRTS: ReturnableLine = {
  lineNo: 1,
  name: 'shirt',
  qtySold: 3,
  qtyLeft: 2,
  unitNetsMinor: [333, 333],
};
const SOAP: ReturnableLine = { lineNo: 4, name: 'soap', qtySold: 1, qtyLeft: 1, unitNetsMinor: [500] };
const GONE: ReturnableLine = { lineNo: 5, name: 'gone', qtySold: 1, qtyLeft: 0, unitNetsMinor: [] };
const LINES = [SHIRTS, SOAP, GONE];

test('one of two left gives back 3.33, both 6.66, and more than is left cannot be picked', () => {
  const one = pick(NOTHING_PICKED, SHIRTS, 1);
  expect(lineBackMinor(one, SHIRTS)).toBe(333);
  const many = pick(one, SHIRTS, 9);
  expect(backMinor(many, LINES)).toBe(666);
  expect(pickedLines(many, LINES)).toEqual([{ lineNo: 1, qty: 2 }]);
  expect(pick(many, SHIRTS, -1)).toEqual({ 1: 0 });
});

test('one key picks the whole receipt, and the same key lets go of it', () => {
  const all = pickAll(NOTHING_PICKED, LINES);
  expect(pickedLines(all, LINES)).toEqual([
    { lineNo: 1, qty: 2 },
    { lineNo: 4, qty: 1 },
  ]);
  expect(backMinor(all, LINES)).toBe(1_166);
  expect(pickedLines(pickAll(all, LINES), LINES)).toEqual([]);
});

test('in whatever steps units are picked, all of them give back the sum of their nets', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -3, max: 9 }), { maxLength: 20 }), (steps) => {
      let picked = NOTHING_PICKED;
      for (const qty of steps) picked = pick(picked, SHIRTS, qty);
      expect(backMinor(pickAll(pick(picked, SHIRTS, 0), LINES), LINES)).toBe(1_166);
    }),
  );
});
