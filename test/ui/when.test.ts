import { expect, test } from 'vitest';
import { clockText, durationOf, spanOf } from '../../src/ui/when.ts';

test('offline for 12 minutes, 5 hours, 3 days: the unit that a cashier thinks in', () => {
  const minutes = (n: number) => spanOf(0, n * 60_000);
  expect(minutes(12)).toEqual({ unit: 'minutes', n: 12 });
  expect(minutes(59)).toEqual({ unit: 'minutes', n: 59 });
  expect(minutes(5 * 60 + 59)).toEqual({ unit: 'hours', n: 5 });
  expect(minutes(3 * 1_440)).toEqual({ unit: 'days', n: 3 });
  // A clock that was set back is no negative age.
  expect(spanOf(10_000, 0)).toEqual({ unit: 'minutes', n: 0 });
});

test('data of today has a time, older data a date too', () => {
  const noon = Date.parse('2026-11-22T12:00:00+08:00');
  expect(clockText(noon - 3_600_000, noon, 'Asia/Shanghai')).toBe('11:00');
  expect(clockText(noon - 86_400_000, noon, 'Asia/Shanghai')).toBe('11-21 12:00');
});

test('a clock that is 90 minutes wrong is an hour wrong', () => {
  expect(durationOf(90 * 60_000)).toEqual({ unit: 'hours', n: 1 });
});
