/** Rights: their keys, and the till that holds none. */
import { expect, test } from 'vitest';
import { NO_RIGHTS, rightKey } from '../../src/core/lease.ts';

test('each right has a key of its own', () => {
  const keys = [
    rightKey.points('m1'),
    rightKey.storedValue('m1'),
    rightKey.storedBonus('m1'),
    rightKey.giftCard('m1'),
    rightKey.rule('m1', null),
    rightKey.rule('m1', 'm1'),
    rightKey.coupon('m1'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a till without leases may spend nothing', () => {
  expect(NO_RIGHTS.usable(rightKey.points('m1'))).toBe(0);
});
