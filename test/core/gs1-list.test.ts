/** Code lists: how many there are, and a few that everybody knows. */
import { expect, test } from 'vitest';
import {
  COUNTRY_LETTERS,
  COUNTRY_NUMBERS,
  CURRENCY_NUMBERS,
  currencyNumber,
  PACKAGE_TYPES,
} from '../../src/core/gs1-list.ts';

test('249 countries with as many numbers, 431 package types', () => {
  expect([COUNTRY_LETTERS.size, COUNTRY_NUMBERS.size, PACKAGE_TYPES.size]).toEqual([249, 249, 431]);
});

test.each([
  ['CNY', '156'],
  ['TWD', '901'],
  ['HKD', '344'],
  ['EUR', '978'],
  ['USD', '840'],
  ['DEM', null],
  ['', null],
  ['156', null],
])('the number of %s is %s', (code, number) => {
  expect(currencyNumber(code)).toBe(number);
  if (number !== null) expect(CURRENCY_NUMBERS.has(number)).toBe(true);
});
