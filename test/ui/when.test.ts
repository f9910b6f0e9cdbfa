import { expect, test } from 'vitest';
import { birthdayNear, clockText, spanOf } from '../../src/ui/when.ts';

test.each([
  ['11-22', '2026-11-22', 'today'],
  ['1990-11-22', '2026-11-22', 'today'],
  ['11-28', '2026-11-22', 'week'],
  ['11-29', '2026-11-22', null],
  ['11-21', '2026-11-22', null],
  ['01-02', '2026-12-30', 'week'],
  ['02-29', '2027-02-28', 'today'],
  ['02-29', '2028-02-28', 'week'],
  ['02-29', '2028-02-29', 'today'],
  [null, '2026-11-22', null],
])('a birthday on %j is, on %s, %j', (birthday, today, near) => {
  expect(birthdayNear(birthday, today)).toBe(near);
});

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
