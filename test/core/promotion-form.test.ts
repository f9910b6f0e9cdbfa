/** Forming sets: which units, how many at once, what comes off. */
import { expect, test } from 'vitest';
import type { Reward } from '../../src/core/promotion.ts';
import { formSets, type Pool, setReason } from '../../src/core/promotion-form.ts';
import { aRule } from './a-rule.ts';

const pool = (...lines: readonly (readonly [qty: number, netMinor: number])[]): Pool => ({
  qtyOf: (rank) => lines[rank]![0],
  netOf: (rank) => lines[rank]![1],
  dueOf: (rank) => lines[rank]![1],
  floorOf: () => 0,
  taken: new Map(),
});
const form = (reward: Reward, slots: number[][], goods: Pool) =>
  formSets({ rule: aRule('s', reward), number: 0, slots }, goods, 1_000);
const three: Reward = { kind: 'n_for_price', qty: 3, priceMinor: 2_400 };

test('equal sets of one line are made in one go: 99,999 pieces are 33,333 sets', () => {
  expect(form(three, [[0]], pool([3_000, 3_000_000]))).toMatchObject({ sets: 1_000, offMinor: 600_000 });
});

test('the dearest go first, and 6.00 is spread over them by value', () => {
  expect(form(three, [[0, 1]], pool([2, 1_600], [2, 2_000]))).toEqual({
    sets: 1,
    takes: [
      { rank: 1, units: 2 },
      { rank: 0, units: 1 },
    ],
    parts: [
      { rank: 1, offMinor: 286 },
      { rank: 0, offMinor: 114 },
    ],
    offMinor: 400,
  });
});

test.each([
  ['too few', three, [[0]], pool([2, 2_000])],
  ['dearer than its goods', three, [[0]], pool([3, 2_000])],
  [
    'a bundle that lacks a part',
    {
      kind: 'bundle',
      parts: [
        { items: {}, qty: 1 },
        { items: {}, qty: 1 },
      ],
      off: { rateBp: 1_000 },
    },
    [[0], []],
    pool([3, 2_000]),
  ],
] as [string, Reward, number[][], Pool][])('no set: %s', (_, reward, slots, goods) => {
  expect(form(reward, slots, goods)).toBeNull();
});

test('a set names its size and price', () => {
  expect(setReason({ rule: aRule('s', three), number: 0, slots: [] }, 'Tea')).toEqual({
    kind: 'set_price',
    name: 'Tea',
    qty: 3,
    priceMinor: 2_400,
  });
});
