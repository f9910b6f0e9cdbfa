/**
 * Shifts: the drawer session a sale belongs to, and the business date it gives.
 *
 * Pure. So far one shift a till and business day, opened by the first sale of the day.
 */

import type { LocalTime } from './promotion.ts';
import { weekdayOf } from './promotion-audience.ts';

/** The calendar date of an instant in a time zone, `YYYY-MM-DD`. @param timeZone IANA name, for example `Asia/Shanghai` */
export function localDate(atMs: number, timeZone: string): string {
  return localParts(atMs, timeZone).date;
}

/** Date and time as a receipt prints them, `2026-11-21 16:41`. */
export function localDateTime(atMs: number, timeZone: string): string {
  const { date, time } = localParts(atMs, timeZone);
  return `${date} ${time}`;
}

/** The hour of a store's own clock, 0..23. */
export function localHour(atMs: number, timeZone: string): number {
  // Since zones began, clocks differ from UTC by whole quarters of an hour, and change there.
  const quarter = Math.floor(atMs / QUARTER_MS);
  if (atMs < QUARTERS_SINCE_MS) return hourAt(atMs, timeZone);
  if (hourMemo.quarter !== quarter || hourMemo.timeZone !== timeZone) {
    hourMemo = { quarter, timeZone, hour: hourAt(atMs, timeZone) };
  }
  return hourMemo.hour;
}

function hourAt(atMs: number, timeZone: string): number {
  return Number(localParts(atMs, timeZone).time.slice(0, 2));
}

const QUARTER_MS = 900_000;
/** 1990: by then the last zone that was off by minutes had gone over (Liberia, 1972). */
const QUARTERS_SINCE_MS = 631_152_000_000;
/** A batch of sales is mostly of one quarter: asking the calendar takes as long as reading half an entry. */
let hourMemo = { quarter: Number.NaN, timeZone: '', hour: 0 };

/** The store's own clock as the pricing kernel is given it. */
export function localTime(atMs: number, timeZone: string): LocalTime {
  const { date, time } = localParts(atMs, timeZone);
  const minuteOfDay = Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  return { date, minuteOfDay, weekday: weekdayOf(date) };
}

const formats = new Map<string, Intl.DateTimeFormat>();

function localParts(atMs: number, timeZone: string): { date: string; time: string } {
  let format = formats.get(timeZone);
  if (format === undefined) {
    // Made once a zone: building one costs a hundred times what using it does.
    format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      minute: '2-digit',
    });
    formats.set(timeZone, format);
  }
  const part = Object.fromEntries(format.formatToParts(atMs).map(({ type, value }) => [type, value]));
  return {
    date: `${part.year!.padStart(4, '0')}-${part.month}-${part.day}`,
    time: `${part.hour}:${part.minute}`,
  };
}

/** One till's drawer session of one business date. */
export function shiftIdOf(tillCode: string, businessDate: string): string {
  return `${tillCode}/${businessDate}`;
}
