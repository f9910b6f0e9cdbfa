import { expect, test } from 'vitest';
import {
  type CountEvent,
  countedOf,
  countTotal,
  NOTHING_COUNTED,
  nextCount,
  piecesOf,
} from '../../src/ui/count.ts';

const YUAN = [10_000, 5_000, 100, 50];

function typed(valueMinor: number, text: string): CountEvent {
  return { type: 'typed', valueMinor, text };
}

test('3 × 100, 1 × 50 and 7 × 0.50 are 353.50; values without a number count as none', () => {
  const count = [typed(10_000, '3'), typed(5_000, '1'), typed(50, '7')].reduce(nextCount, NOTHING_COUNTED);
  expect(countTotal(count, YUAN)).toBe(35_350);
  expect(countedOf(count, YUAN)).toEqual([
    { valueMinor: 10_000, count: 3 },
    { valueMinor: 5_000, count: 1 },
    { valueMinor: 50, count: 7 },
  ]);
});

test('an empty drawer counts zero and names no value', () => {
  expect(countTotal(NOTHING_COUNTED, YUAN)).toBe(0);
  expect(countedOf(nextCount(NOTHING_COUNTED, typed(100, '0')), YUAN)).toEqual([]);
});

test('a value that the store does not have is no part of the sum', () => {
  expect(countTotal(nextCount(NOTHING_COUNTED, typed(99, '5')), YUAN)).toBe(0);
});

test.each([
  ['12', 12],
  ['１２', 12],
  [' 4 ', 4],
  ['', 0],
  // No number of pieces: the 9 before it stays.
  ['1.5', 9],
  ['-1', 9],
  ['a', 9],
  ['690123', 9],
])('"%s" typed over 9 pieces makes %i', (text, pieces) => {
  const count = nextCount(nextCount(NOTHING_COUNTED, typed(100, '9')), typed(100, text));
  expect(piecesOf(count, 100)).toBe(pieces);
});

test('the pad starts a row over when it was just entered, and types on after that', () => {
  const press = (key: '1' | '00' | 'back', fresh: boolean): CountEvent => ({
    type: 'pad',
    valueMinor: 100,
    key,
    fresh,
  });
  const before = nextCount(NOTHING_COUNTED, typed(100, '42'));
  const started = nextCount(before, press('1', true));
  expect(piecesOf(started, 100)).toBe(1);
  expect(piecesOf(nextCount(started, press('00', false)), 100)).toBe(100);
  expect(piecesOf(nextCount(before, press('back', true)), 100)).toBe(4);
});

test('what a scanner typed into a row is taken back, and only there', () => {
  const count = [typed(100, '2'), typed(50, '69012'), { type: 'clear', valueMinor: 50 } as const].reduce(
    nextCount,
    NOTHING_COUNTED,
  );
  expect(countTotal(count, YUAN)).toBe(200);
});
