/**
 * Benefits of a day: birthday, festival, member day. Which members get one on a date, and in which period, so that nobody gets
 * it twice.
 *
 * Pure. Born on 29 February, the birthday of other years is 28 February. The birthday's period is the year in which the
 * birthday lies: a job that comes some days late, over New Year too, gives last year's once and this year's once. Changing a
 * birthday in the profile brings no second one within the year.
 */
import { addDays } from './ledger.ts';

export type BenefitWhen =
  /** From so many days before the birthday until so many days after it. */
  | { readonly kind: 'birthday'; readonly daysBefore: number; readonly daysAfter: number }
  /** A festival by its dates, both ends included; each span is a period of its own, whatever calendar it came from. */
  | { readonly kind: 'dates'; readonly spans: readonly { readonly from: string; readonly to: string }[] }
  /** Days of the month: 8, 18, 28. */
  | { readonly kind: 'month_days'; readonly days: readonly number[] };

/** @returns the period that a benefit given on `date` is of; null: there is none on that day */
export function periodOn(when: BenefitWhen, birthday: string | undefined, date: string): string | null {
  switch (when.kind) {
    case 'birthday':
      return birthdayPeriod(when, birthday, date);
    case 'dates':
      return when.spans.find(({ from, to }) => from <= date && date <= to)?.from ?? null;
    case 'month_days':
      return when.days.includes(Number(date.slice(8))) ? date : null;
  }
}

function birthdayPeriod(
  { daysBefore, daysAfter }: { readonly daysBefore: number; readonly daysAfter: number },
  birthday: string | undefined,
  date: string,
): string | null {
  const match = /^(?:\d{4}-)?(\d{2}-\d{2})$/.exec(birthday ?? '');
  if (match === null) return null;
  const year = Number(date.slice(0, 4));
  for (const each of [year - 1, year, year + 1]) {
    const on = birthdayIn(each, match[1]!);
    if (addDays(on, -daysBefore) <= date && date <= addDays(on, daysAfter)) return String(each);
  }
  return null;
}

/** In how many periods a benefit lies that is given on each of these days, both included: what `periodOn` tells day by day. */
export function periodsIn(
  when: BenefitWhen,
  birthday: string | undefined,
  { from, to }: { readonly from: string; readonly to: string },
): number {
  if (when.kind === 'birthday') {
    const match = /^(?:\d{4}-)?(\d{2}-\d{2})$/.exec(birthday ?? '');
    if (match === null) return 0;
    const [first, last] = [from, to].map((day) => Number(day.slice(0, 4))) as [number, number];
    let count = 0;
    for (let year = first - 1; year <= last + 1; year++) {
      const on = birthdayIn(year, match[1]!);
      if (addDays(on, -when.daysBefore) <= to && from <= addDays(on, when.daysAfter)) count++;
    }
    return count;
  }
  const met = new Set<string | null>();
  for (let day = from; day <= to; day = addDays(day, 1)) met.add(periodOn(when, birthday, day));
  met.delete(null);
  return met.size;
}

/** @param monthDay `MM-DD` */
export function birthdayIn(year: number, monthDay: string): string {
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return `${String(year).padStart(4, '0')}-${monthDay === '02-29' && !isLeap ? '02-28' : monthDay}`;
}
