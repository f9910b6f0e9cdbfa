/** Loyalty: how a member is found and how a receipt names one. */
import { expect, test } from 'vitest';
import { cardTail, phoneDigits } from '../../src/core/loyalty.ts';
import { aMember } from './builders.ts';

test.each([
  ['138 0013 8000', '13800138000'],
  ['+86 138-0013-8000', '8613800138000'],
  ['(02) 2345.6789', '0223456789'],
  ['', ''],
  ['王小明', ''],
])('"%s" is compared as "%s"', (text, digits) => {
  expect(phoneDigits(text)).toBe(digits);
});

test('a receipt names a member by the last 4 of the card and nothing more', () => {
  expect(cardTail(aMember().cardNo)).toBe('0016');
  expect(cardTail('42')).toBe('42');
});
