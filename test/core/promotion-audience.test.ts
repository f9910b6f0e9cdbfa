/** Who and when: happy hours over midnight, member days, birthdays over New Year and on 29 February. */
import { describe, expect, test } from 'vitest';
import type { Rule, Validity } from '../../src/core/promotion.ts';
import { dayNumber, isBirthday, notLive, weekdayOf } from '../../src/core/promotion-audience.ts';

describe('a birthday window of 3 days before and 3 after', () => {
  test.each([
    ['05-20', '2026-05-20', true],
    ['1990-05-20', '2026-05-17', true],
    ['05-20', '2026-05-16', false],
    ['05-20', '2026-05-23', true],
    ['05-20', '2026-05-24', false],
    ['01-01', '2025-12-29', true],
    ['12-31', '2026-01-03', true],
    ['02-29', '2026-02-28', true],
    ['02-29', '2026-03-04', false],
    ['02-29', '2024-02-29', true],
    ['02-29', '2024-03-03', true],
    ['nonsense', '2026-01-01', false],
    [undefined, '2026-01-01', false],
  ])('born %s, on %s: %s', (birthday, date, expected) => {
    expect(isBirthday({ daysBefore: 3, daysAfter: 3 }, birthday, date)).toBe(expected);
  });
});

test('days and weekdays agree with the calendar from 1970 to 2100', () => {
  const odd: string[] = [];
  for (let day = 0; day < 47_500; day += 1) {
    const date = new Date(day * 86_400_000);
    const text = date.toISOString().slice(0, 10);
    if (dayNumber(text) !== day || weekdayOf(text) !== (date.getUTCDay() || 7)) odd.push(text);
  }
  expect(odd).toEqual([]);
});

describe('Saturday 2026-11-21', () => {
  const rule = (validity: Validity): Rule => ({
    id: 'r',
    name: 'r',
    priority: 0,
    mode: 'compound',
    items: { all: true },
    validity,
    reward: { kind: 'percent_off', rateBp: 100 },
  });
  const at = (minuteOfDay: number) => ({
    at: { date: '2026-11-21', minuteOfDay, weekday: 6 },
    storeId: 'S01',
    shopper: null,
  });
  test.each([
    ['16:00 to 18:00 at 16:00', { hours: [{ fromMinute: 960, toMinute: 1080 }] }, 960, null],
    ['16:00 to 18:00 at 18:00', { hours: [{ fromMinute: 960, toMinute: 1080 }] }, 1080, 'not_now'],
    ['22:00 to 02:00 at 01:59', { hours: [{ fromMinute: 1320, toMinute: 120 }] }, 119, null],
    ['22:00 to 02:00 at 02:00', { hours: [{ fromMinute: 1320, toMinute: 120 }] }, 120, 'not_now'],
    ['weekends', { weekdays: [6, 7] }, 0, null],
    ['Mondays', { weekdays: [1] }, 0, 'not_now'],
    ['member days 8, 18, 28', { monthDays: [8, 18, 28] }, 0, 'not_now'],
    ['member day 21', { monthDays: [21] }, 0, null],
    ['its last day', { to: '2026-11-21' }, 1439, null],
  ] as [string, Validity, number, string | null][])('%s: %s', (_, validity, minute, expected) => {
    expect(notLive(rule(validity), at(minute))).toBe(expected);
  });
});
