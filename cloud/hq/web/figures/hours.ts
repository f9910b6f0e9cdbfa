/**
 * The hourly curve: sales by local hour, today beside the same weekday a week ago.
 *
 * Pure. A running hour is never compared with a finished one: the change counts finished hours only.
 */
import type { HourPoint } from '../../schemas.ts';

export type Hour = HourPoint;

/** Adds several stores' hours up, one point an hour, ascending. */
export function sumHours(lists: readonly (readonly Hour[])[]): Hour[] {
  const byHour = new Map<number, Hour>();
  for (const { hour, sales, totalMinor } of lists.flat()) {
    const sum = byHour.get(hour);
    byHour.set(hour, {
      hour,
      sales: sales + (sum?.sales ?? 0),
      totalMinor: totalMinor + (sum?.totalMinor ?? 0),
    });
  }
  return [...byHour.values()].sort((a, b) => a.hour - b.hour);
}

export interface HourRow {
  readonly hour: number;
  /** Finished hours are whole; the running one only holds what it has so far. */
  readonly stands: 'finished' | 'running' | 'to_come';
  /** Null: this hour has not come yet. */
  readonly todayMinor: number | null;
  readonly todaySales: number | null;
  /** Null: no data for that day at all. */
  readonly lastWeekMinor: number | null;
}

// A shop that is open from nine to five still gets an axis on which a morning looks like a morning.
const OPEN_FROM = 8;
const OPEN_TO = 21;

/**
 * One row an hour over the hours in which anything happened, at least the usual opening hours.
 *
 * @param hourNow  the running local hour, or 24 for a day that is over
 */
export function hourRows(today: readonly Hour[], lastWeek: readonly Hour[], hourNow: number): HourRow[] {
  const hours = [...today, ...lastWeek].map((point) => point.hour);
  const first = Math.min(OPEN_FROM, ...hours);
  const last = Math.max(OPEN_TO, ...hours);
  return Array.from({ length: last - first + 1 }, (_, index) => {
    const hour = first + index;
    const now = today.find((point) => point.hour === hour);
    const before = lastWeek.find((point) => point.hour === hour);
    const come = hour <= hourNow;
    return {
      hour,
      stands: hour < hourNow ? 'finished' : hour === hourNow ? 'running' : 'to_come',
      todayMinor: come ? (now?.totalMinor ?? 0) : null,
      todaySales: come ? (now?.sales ?? 0) : null,
      lastWeekMinor: lastWeek.length === 0 ? null : (before?.totalMinor ?? 0),
    };
  });
}

export interface HoursSum {
  readonly totalMinor: number;
  readonly sales: number;
}

/** Sum of the hours before `beforeHour` (24 = the whole day). */
export function sumBefore(hours: readonly Hour[], beforeHour: number): HoursSum {
  const counted = hours.filter((point) => point.hour < beforeHour);
  return {
    totalMinor: counted.reduce((sum, point) => sum + point.totalMinor, 0),
    sales: counted.reduce((sum, point) => sum + point.sales, 0),
  };
}
