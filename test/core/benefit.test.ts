/** Benefits of a day: once a period, 29 February and New Year among them. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type BenefitWhen, birthdayIn, periodOn, periodsIn } from '../../src/core/benefit.ts';
import { addDays } from '../../src/core/ledger.ts';

const onTheDay = { kind: 'birthday', daysBefore: 0, daysAfter: 0 } as const;
const around = { kind: 'birthday', daysBefore: 3, daysAfter: 7 } as const;

describe('a birthday', () => {
  test.each([
    ['1990-05-04', '2026-05-04', '2026'],
    ['05-04', '2026-05-04', '2026'],
    ['1990-05-04', '2026-05-05', null],
    // 29 February: the 28th where there is none.
    ['1992-02-29', '2026-02-28', '2026'],
    ['1992-02-29', '2028-02-28', null],
    ['1992-02-29', '2028-02-29', '2028'],
    ['1992-02-29', '2026-03-01', null],
    [undefined, '2026-05-04', null],
    ['soon', '2026-05-04', null],
  ])('of %s on %s is of period %s', (birthday, date, period) => {
    expect(periodOn(onTheDay, birthday, date)).toBe(period);
  });

  test.each([
    ['12-30', '2027-01-05', '2026'],
    ['01-02', '2026-12-30', '2027'],
    ['01-02', '2027-01-09', '2027'],
    ['01-02', '2027-01-10', null],
  ])('of %s, three days before to seven after, on %s is of period %s', (birthday, date, period) => {
    expect(periodOn(around, birthday, date)).toBe(period);
  });

  test('comes once a year: the days of one period are one span of eleven days', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 365 }), fc.integer({ min: 2024, max: 2100 }), (day, year) => {
        const monthDay = addDays('2024-01-01', day).slice(5);
        const start = `${year}-01-01`;
        const days = Array.from({ length: 400 }, (_, n) => addDays(start, n)).filter(
          (date) => periodOn(around, monthDay, date) === String(year),
        );
        const on = birthdayIn(year, monthDay);
        const span = Array.from({ length: 11 }, (_, n) => addDays(on, n - 3)).filter((date) => date >= start);
        expect(days).toEqual(span);
      }),
    );
  });
});

test('a festival is a period for each of its spans, whatever calendar they came from', () => {
  const spring = {
    kind: 'dates',
    spans: [
      { from: '2026-02-16', to: '2026-02-22' },
      { from: '2027-02-05', to: '2027-02-11' },
    ],
  } as const;
  expect(
    ['2026-02-15', '2026-02-16', '2026-02-22', '2027-02-06'].map((date) => periodOn(spring, undefined, date)),
  ).toEqual([null, '2026-02-16', '2026-02-16', '2027-02-05']);
});

test('a member day is a period of its own each time', () => {
  const days = { kind: 'month_days', days: [8, 18, 28] } as const;
  expect(['2026-11-08', '2026-11-09', '2026-11-18'].map((date) => periodOn(days, undefined, date))).toEqual([
    '2026-11-08',
    null,
    '2026-11-18',
  ]);
});

test('over any days and benefits the periods are those that are met day by day', () => {
  const day = fc.integer({ min: 0, max: 900 }).map((n) => addDays('2026-01-01', n));
  const around = fc.integer({ min: 0, max: 180 });
  const when: fc.Arbitrary<BenefitWhen> = fc.oneof(
    fc.record({ kind: fc.constant('birthday' as const), daysBefore: around, daysAfter: around }),
    fc.record({
      kind: fc.constant('month_days' as const),
      days: fc.uniqueArray(fc.integer({ min: 1, max: 31 }), { minLength: 1, maxLength: 4 }),
    }),
    fc.array(fc.tuple(day, fc.integer({ min: 0, max: 20 })), { minLength: 1, maxLength: 3 }).map((all) => ({
      kind: 'dates' as const,
      spans: all.map(([from, n]) => ({ from, to: addDays(from, n) })),
    })),
  );
  const birthday = fc.constantFrom(
    '1990-02-29',
    '02-29',
    '12-31',
    '01-01',
    '1988-07-15',
    undefined,
    'no day',
  );
  fc.assert(
    fc.property(when, birthday, day, fc.integer({ min: 0, max: 60 }), (one, born, from, more) => {
      const met = new Set<string>();
      for (let n = 0; n <= more; n++) met.add(periodOn(one, born, addDays(from, n)) ?? '');
      met.delete('');
      return periodsIn(one, born, { from, to: addDays(from, more) }) === met.size;
    }),
    { numRuns: 300 },
  );
});
