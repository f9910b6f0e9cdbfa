/** Shifts: the date and hour of the store's own clock, at midnight and where clocks are changed. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { localDate, localDateTime, localHour, shiftIdOf } from '../../src/core/shift.ts';

describe.each([
  ['Asia/Shanghai', '2026-11-21T15:59:59.999Z', '2026-11-21 23:59', 'a millisecond before midnight'],
  ['Asia/Shanghai', '2026-11-21T16:00:00Z', '2026-11-22 00:00', 'midnight is the new day'],
  ['Asia/Shanghai', '2026-12-31T16:00:00Z', '2027-01-01 00:00', 'new year'],
  ['Asia/Shanghai', '2028-02-28T16:00:00Z', '2028-02-29 00:00', 'leap day'],
  ['Asia/Taipei', '2026-11-21T08:41:00Z', '2026-11-21 16:41', 'afternoon'],
  ['Europe/Berlin', '2026-03-28T23:00:00Z', '2026-03-29 00:00', 'midnight before summer time'],
  ['Europe/Berlin', '2026-03-29T00:59:59Z', '2026-03-29 01:59', 'the last second of winter time'],
  ['Europe/Berlin', '2026-03-29T01:00:00Z', '2026-03-29 03:00', 'there is no 02:00 that day'],
  ['Europe/Berlin', '2026-03-29T22:00:00Z', '2026-03-30 00:00', 'a day of 23 hours'],
  ['Europe/Berlin', '2026-10-25T00:30:00Z', '2026-10-25 02:30', '02:30 for the first time'],
  ['Europe/Berlin', '2026-10-25T01:30:00Z', '2026-10-25 02:30', '02:30 for the second time'],
  ['Europe/Berlin', '2026-10-25T23:00:00Z', '2026-10-26 00:00', 'a day of 25 hours'],
  ['America/New_York', '2026-03-08T06:59:00Z', '2026-03-08 01:59', 'before summer time'],
  ['America/New_York', '2026-03-08T07:00:00Z', '2026-03-08 03:00', 'after'],
  ['America/New_York', '2026-11-01T05:30:00Z', '2026-11-01 01:30', '01:30 for the first time'],
  ['America/New_York', '2026-11-01T06:30:00Z', '2026-11-01 01:30', '01:30 for the second time'],
  ['America/New_York', '2026-11-22T04:59:00Z', '2026-11-21 23:59', 'still yesterday'],
  ['Pacific/Kiritimati', '2026-11-21T10:00:00Z', '2026-11-22 00:00', '14 hours ahead'],
  ['Asia/Kathmandu', '2026-11-21T18:15:00Z', '2026-11-22 00:00', '5:45 ahead'],
  ['UTC', '1970-01-01T00:00:00Z', '1970-01-01 00:00', 'the beginning of time'],
])('%s at %s', (zone, instant, local, why) => {
  const atMs = Date.parse(instant);

  test(`is ${local}: ${why}`, () => {
    expect(localDateTime(atMs, zone)).toBe(local);
    expect(localDate(atMs, zone)).toBe(local.slice(0, 10));
    expect(localHour(atMs, zone)).toBe(Number(local.slice(11, 13)));
  });
});

test('hours asked for in any order, of any zones, are those of the calendar: quarters of an hour are remembered', () => {
  const zones = fc.constantFrom(
    'Asia/Shanghai',
    'Asia/Kathmandu',
    'Australia/Lord_Howe',
    'America/St_Johns',
    'Europe/Berlin',
  );
  const instants = fc.integer({ min: Date.UTC(1960, 0, 1), max: Date.UTC(2060, 0, 1) });
  fc.assert(
    fc.property(fc.array(fc.tuple(instants, zones), { minLength: 1, maxLength: 5 }), (asked) => {
      for (const [atMs, zone] of asked) {
        for (const near of [atMs, atMs + 60_000, atMs + 899_999]) {
          expect(localHour(near, zone)).toBe(Number(localDateTime(near, zone).slice(11, 13)));
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('a time zone that there is not throws, it never means UTC', () => {
  expect(() => localDate(0, 'Asia/Nowhere')).toThrow(RangeError);
});

test('a shift is named by till and business date', () => {
  expect(shiftIdOf('T01', '2026-11-21')).toBe('T01/2026-11-21');
});
