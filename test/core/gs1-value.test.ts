/** Values: centuries of dates, last days of months, decimals that come out whole or do not. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { dateOf, decimalsOf, scaled } from '../../src/core/gs1-value.ts';

test.each([
  ['261231', 2026, '2026-12-31'],
  ['270200', 2026, '2027-02-28'],
  ['280200', 2026, '2028-02-29'],
  ['760101', 2026, '2076-01-01'],
  ['770101', 2026, '1977-01-01'],
  ['050101', 2095, '2105-01-01'],
  ['450101', 2095, '2145-01-01'],
  ['460101', 2095, '2046-01-01'],
  ['000229', 2026, '2000-02-29'],
  ['261301', 2026, null],
  ['260431', 2026, null],
  ['2604', 2026, null],
  ['26043A', 2026, null],
])('%s read in %i is %s', (text, yearNow, date) => {
  expect(dateOf(text, yearNow)).toBe(date);
});

test('every year is within 49 back and 50 ahead of now', () => {
  fc.assert(
    fc.property(fc.nat(99), fc.integer({ min: 2000, max: 2199 }), (yy, yearNow) => {
      const year = Number(dateOf(`${String(yy).padStart(2, '0')}0101`, yearNow)!.slice(0, 4));
      expect(year % 100).toBe(yy);
      expect(year - yearNow).toBeGreaterThanOrEqual(-49);
      expect(year - yearNow).toBeLessThanOrEqual(50);
    }),
  );
});

test.each([
  ['000450', 3, 3, 450],
  ['000450', 0, 3, 450_000],
  ['012345', 4, 3, null],
  ['012340', 4, 3, 1234],
  ['12345', 3, 2, null],
  ['12340', 3, 2, 1234],
  ['999', 2, 2, 999],
  ['5', 0, 2, 500],
  ['0', 5, 0, 0],
  ['999999999999999', 0, 2, null],
])('%s with %i decimals in units of %i decimals is %s', (digits, decimals, unit, value) => {
  expect(scaled(digits, decimals, unit)).toBe(value);
});

test('the last digit of (3103) tells 3 decimals; (10) tells none and asking is a bug', () => {
  expect(decimalsOf('3103')).toBe(3);
  expect(() => decimalsOf('10')).toThrow(AssertionError);
});
