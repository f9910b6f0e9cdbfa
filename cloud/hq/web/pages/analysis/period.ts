/**
 * The period that an analysis is of, and the one that it is compared with.
 *
 * Pure. Dates are business dates; both ends count.
 */
import { addDays, datesBetween } from '../../format/date.ts';

export interface Period {
  readonly from: string;
  readonly to: string;
}

export const PRESETS = [1, 7, 30, 90, 365] as const;
export const COMPARISONS = ['previous', 'year', 'none'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** A preset moves on with the days, dates in the address stay. @param days so many up to the newest */
export function periodOf(
  asked: {
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly days?: string | undefined;
  },
  newest: string,
): Period {
  if (asked.from !== undefined || asked.to !== undefined) {
    const to = asked.to ?? newest;
    const from = asked.from ?? addDays(to, -29);
    return from <= to ? { from, to } : { from: to, to: from };
  }
  const wanted = Number(asked.days);
  const days = PRESETS.find((preset) => preset === wanted) ?? 30;
  return { from: addDays(newest, 1 - days), to: newest };
}

export function lengthOf({ from, to }: Period): number {
  return datesBetween(from, to).length;
}

/** The period of the same length that ends the day before, or the same weekdays 52 weeks ago. */
export function comparedWith(period: Period, how: Comparison): Period | null {
  if (how === 'none') return null;
  const shift = how === 'year' ? 364 : lengthOf(period);
  return { from: addDays(period.from, -shift), to: addDays(period.to, -shift) };
}

/** The step of the curve: some tens of points whatever the period. */
export function stepOf(period: Period): 'hour' | 'day' | 'week' | 'month' {
  const days = lengthOf(period);
  if (days <= 1) return 'hour';
  if (days <= 62) return 'day';
  return days <= 400 ? 'week' : 'month';
}

/**
 * Every point of the curve, so that a day without a sale is a zero and the n-th day stands against the n-th of the period before.
 *
 * @param known  keys of the parts that have sales, of both periods: hours are drawn from the first to the last of these
 */
export function pointsOf(
  period: Period,
  step: ReturnType<typeof stepOf>,
  known: readonly string[],
): string[] {
  switch (step) {
    case 'hour': {
      const hours = known.map(Number);
      const first = Math.min(...hours);
      return Array.from({ length: known.length === 0 ? 0 : Math.max(...hours) - first + 1 }, (_, index) =>
        String(first + index).padStart(2, '0'),
      );
    }
    case 'day':
      return datesBetween(period.from, period.to);
    case 'week':
      return [...new Set(datesBetween(period.from, period.to).map(mondayOf))];
    case 'month':
      return [...new Set(datesBetween(period.from, period.to).map((date) => date.slice(0, 7)))];
  }
}

function mondayOf(date: string): string {
  return addDays(date, -((new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7));
}
