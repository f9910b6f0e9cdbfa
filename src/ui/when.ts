/**
 * Dates and ages as the screen says them. Pure: "now" is given.
 */
import { localDate, localDateTime } from '../core/shift.ts';

/** `14:02` on the same day, `11-20 14:02` before it. */
export function clockText(atMs: number, nowMs: number, timeZone: string): string {
  const text = localDateTime(atMs, timeZone);
  return localDate(nowMs, timeZone) === text.slice(0, 10) ? text.slice(11) : text.slice(5);
}

/** How long something lasts, in the two largest units that a cashier thinks in. */
export function spanOf(fromMs: number, nowMs: number): Duration {
  return durationOf(nowMs - fromMs);
}

export interface Duration {
  readonly unit: 'minutes' | 'hours' | 'days';
  readonly n: number;
}

export function durationOf(lengthMs: number): Duration {
  const minutes = Math.max(0, Math.floor(lengthMs / 60_000));
  if (minutes < 60) return { unit: 'minutes', n: minutes };
  return minutes < 48 * 60
    ? { unit: 'hours', n: Math.floor(minutes / 60) }
    : { unit: 'days', n: Math.floor(minutes / 1_440) };
}
