/** Days over time zones: who takes waits for the last store, who gives begins with the first. */
import { describe, expect, test } from 'vitest';
import { type DayTerms, dayDue, nextDueMs } from '../../../cloud/jobs/days.ts';

const SHANGHAI = 'Asia/Shanghai';
const terms = (over: Partial<DayTerms> = {}): DayTerms => ({
  zones: [SHANGHAI],
  begun: 'everywhere',
  minute: 5,
  ...over,
});
const at = (text: string) => Date.parse(text);

describe('the day that is due', () => {
  test.each<[string, string, Partial<DayTerms>]>([
    ['2026-11-21T16:04:59Z', '2026-11-21', {}],
    ['2026-11-21T16:05:00Z', '2026-11-22', {}],
    // Auckland is five hours ahead in November, Los Angeles sixteen behind.
    ['2026-11-21T11:30:00Z', '2026-11-22', { zones: [SHANGHAI, 'Pacific/Auckland'], begun: 'somewhere' }],
    ['2026-11-21T11:30:00Z', '2026-11-21', { zones: [SHANGHAI, 'Pacific/Auckland'] }],
    ['2026-11-22T08:04:00Z', '2026-11-21', { zones: [SHANGHAI, 'America/Los_Angeles'] }],
    ['2026-11-22T08:05:00Z', '2026-11-22', { zones: [SHANGHAI, 'America/Los_Angeles'] }],
    ['2026-11-21T00:05:00Z', '2026-11-21', { zones: [] }],
  ])('at %s it is %s', (now, day, over) => {
    expect(dayDue(terms(over), at(now))).toBe(day);
  });
});

describe('the next one', () => {
  test.each<[string, string | null, string, Partial<DayTerms>]>([
    ['2026-11-21T10:17:00Z', null, '2026-11-21T10:17:00Z', {}],
    ['2026-11-21T10:17:00Z', '2026-11-20', '2026-11-21T10:17:00Z', {}],
    ['2026-11-21T10:17:00Z', '2026-11-21', '2026-11-21T16:05:00Z', {}],
    ['2026-11-21T10:17:00Z', '2026-11-22', '2026-11-22T16:05:00Z', {}],
    ['2026-11-21T10:17:00Z', '2026-11-21', '2026-11-21T18:15:00Z', { zones: ['Asia/Kathmandu'], minute: 0 }],
    // The clock goes back an hour on 1 November 2026: 00:30 of that day is still daylight time.
    [
      '2026-10-31T20:00:00Z',
      '2026-10-31',
      '2026-11-01T07:30:00Z',
      { zones: ['America/Los_Angeles'], minute: 30 },
    ],
  ])('at %s, %s done, begins at %s', (now, through, next, over) => {
    expect(new Date(nextDueMs(terms(over), through, at(now))).toISOString()).toBe(
      new Date(next).toISOString(),
    );
  });

  test('a clock that was put back a year asks again within three days', () => {
    const now = at('2025-11-21T10:00:00Z');
    expect(nextDueMs(terms(), '2026-11-21', now) - now).toBe(3 * 86_400_000);
  });
});
