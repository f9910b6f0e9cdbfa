/** Readiness: what each thing that lacks takes from the score. */
import { describe, expect, test } from 'vitest';
import { type ReadinessFacts, readinessOf } from '../../src/core/readiness.ts';

const HOUR_MS = 3_600_000;
const WELL: ReadinessFacts = {
  catalogueAgeMs: 60_000,
  itemCount: 1,
  hasStore: true,
  hasRules: true,
  regulars: 200,
  regularsCovered: 200,
  queued: 0,
  queueAgeMs: 0,
  diskFreeBytes: 50_000_000_000,
  printer: 'ready',
  clockIsRight: true,
};

test('a till that lacks nothing has 100 and no reason', () => {
  expect(readinessOf(WELL)).toEqual({ score: 100, reasons: [] });
});

describe('what takes from it', () => {
  test.each<[string, Partial<ReadinessFacts>, number, string]>([
    ['goods as of 1 h and 1 ms ago', { catalogueAgeMs: HOUR_MS + 1 }, 95, 'catalogue_old'],
    ['goods as of 25 h ago', { catalogueAgeMs: 25 * HOUR_MS }, 85, 'catalogue_old'],
    ['goods as of 8 days ago', { catalogueAgeMs: 8 * 24 * HOUR_MS }, 75, 'catalogue_old'],
    ['no rules', { hasRules: false }, 90, 'no_rules'],
    ['1 of 200 regulars without a lease', { regularsCovered: 199 }, 99, 'leases_missing'],
    ['half of the regulars without a lease', { regularsCovered: 100 }, 90, 'leases_missing'],
    ['no regular with a lease', { regularsCovered: 0 }, 80, 'leases_missing'],
    ['3 entries that wait for 2 h', { queued: 3, queueAgeMs: 2 * HOUR_MS }, 95, 'queue_old'],
    ['3 entries that wait for 2 days', { queued: 3, queueAgeMs: 48 * HOUR_MS }, 90, 'queue_old'],
    ['999 MB of disk', { diskFreeBytes: 999_000_000 }, 90, 'disk_low'],
    ['99 MB of disk', { diskFreeBytes: 99_000_000 }, 70, 'disk_full'],
    ['a printer that is gone', { printer: 'gone' }, 85, 'printer'],
    ['a slip of which nobody knows', { printer: 'unsure' }, 95, 'printer'],
    ['a clock that HQ calls wrong', { clockIsRight: false }, 95, 'clock'],
    ['no goods at all', { itemCount: 0 }, 0, 'no_catalogue'],
    ['a till that never heard of HQ', { catalogueAgeMs: null }, 0, 'no_catalogue'],
  ])('%s', (_, facts, score, kind) => {
    const readiness = readinessOf({ ...WELL, ...facts });
    expect(readiness.score).toBe(score);
    expect(readiness.reasons).toEqual([{ kind, points: 100 - score }]);
  });

  test.each<[string, Partial<ReadinessFacts>]>([
    ['entries that wait for 59 min', { queued: 9, queueAgeMs: 59 * 60_000 }],
    ['no printer by choice', { printer: 'none' }],
    ['a system that does not tell its disk', { diskFreeBytes: null }],
    ['a store without regulars', { regulars: 0, regularsCovered: 0 }],
  ])('not %s', (_, facts) => {
    expect(readinessOf({ ...WELL, ...facts }).score).toBe(100);
  });

  test('all at once is above 0 or 0, the dearest first', () => {
    const worst = readinessOf({
      ...WELL,
      catalogueAgeMs: 30 * 24 * HOUR_MS,
      hasRules: false,
      regularsCovered: 0,
      queued: 1,
      queueAgeMs: 48 * HOUR_MS,
      diskFreeBytes: 0,
      printer: 'gone',
      clockIsRight: false,
    });
    expect(worst.score).toBe(0);
    expect(worst.reasons.map(({ kind }) => kind).slice(0, 2)).toEqual(['disk_full', 'catalogue_old']);
  });
});
