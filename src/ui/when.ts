/**
 * Dates and ages as the screen says them. Pure: "now" is given.
 */
import { localDate, localDateTime } from '../core/shift.ts';

const DAY_MS = 86_400_000;

/** `14:02` on the same day, `11-20 14:02` before it. */
export function clockText(atMs: number, nowMs: number, timeZone: string): string {
  const text = localDateTime(atMs, timeZone);
  return localDate(nowMs, timeZone) === text.slice(0, 10) ? text.slice(11) : text.slice(5);
}

/** How long something lasts, in the two largest units that a cashier thinks in. */
export function spanOf(
  fromMs: number,
  nowMs: number,
): { readonly unit: 'minutes' | 'hours' | 'days'; readonly n: number } {
  const minutes = Math.max(0, Math.floor((nowMs - fromMs) / 60_000));
  if (minutes < 60) return { unit: 'minutes', n: minutes };
  return minutes < 48 * 60
    ? { unit: 'hours', n: Math.floor(minutes / 60) }
    : { unit: 'days', n: Math.floor(minutes / 1_440) };
}

/**
 * Whether a member's birthday is today or within the coming six days.
 *
 * @param birthday `MM-DD` or `YYYY-MM-DD`; 29 February is kept on the 28th in other years
 * @param today    business date, `YYYY-MM-DD`
 */
export function birthdayNear(birthday: string | null, today: string): 'today' | 'week' | null {
  if (birthday === null) return null;
  const monthDay = birthday.slice(-5);
  const start = Date.parse(`${today}T00:00:00Z`);
  for (let days = 0; days < 7; days++) {
    const day = new Date(start + days * DAY_MS);
    if (monthDayOf(day) !== leapSafe(monthDay, day.getUTCFullYear())) continue;
    return days === 0 ? 'today' : 'week';
  }
  return null;
}

function monthDayOf(day: Date): string {
  return day.toISOString().slice(5, 10);
}

function leapSafe(monthDay: string, year: number): string {
  const leap = new Date(Date.UTC(year, 1, 29)).getUTCMonth() === 1;
  return monthDay === '02-29' && !leap ? '02-28' : monthDay;
}
