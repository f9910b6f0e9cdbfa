/**
 * Business dates and times as the console shows them.
 *
 * Pure. A business date is `YYYY-MM-DD`, a day of trade and no instant: it is counted and named in UTC, so that the
 * viewer's own time zone never moves it. An instant is shown in the time zone of its store.
 */
import type { Locale } from '../../../../src/core/item.ts';

const DAY_MS = 86_400_000;

export function addDays(date: string, days: number): string {
  return new Date(utcMs(date) + days * DAY_MS).toISOString().slice(0, 10);
}

/** From one date to another; negative when that is earlier. */
export function daysBetween(from: string, to: string): number {
  return (utcMs(to) - utcMs(from)) / DAY_MS;
}

/** Every date from `from` to `to`, both included; empty when they are the wrong way round. */
export function datesBetween(from: string, to: string): string[] {
  const dates: string[] = [];
  for (let date = from; date <= to; date = addDays(date, 1)) dates.push(date);
  return dates;
}

export function isDate(text: string | null | undefined): text is string {
  return typeof text === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(utcMs(text));
}

/** `11月21日 周六`, `Sat, 21 Nov`. */
export function formatDay(date: string, locale: Locale): string {
  if (locale === 'en') {
    return dateFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' }).format(utcMs(date));
  }
  const day = dateFormat(locale, { day: 'numeric', month: 'long' }).format(utcMs(date));
  return `${day} ${weekdayOf(date, locale)}`;
}

/** `周六`, `週六`, `Sat`. */
export function weekdayOf(date: string, locale: Locale): string {
  return dateFormat(locale, { weekday: 'short' }).format(utcMs(date));
}

export function isWeekend(date: string): boolean {
  return [0, 6].includes(new Date(utcMs(date)).getUTCDay());
}

/** `11-21`: the year is left out where the list names it. */
export function monthDay(date: string): string {
  return date.slice(5);
}

/** `16:41`, or `16:41:07` with seconds. @param timeZone IANA name; the viewer's own when undefined */
export function clockTime(atMs: number, timeZone: string | undefined, seconds = false): string {
  return zoned(timeZone, seconds ? 'seconds' : 'minutes').format(atMs);
}

/** `2026-11-21 16:41:07`. */
export function dateTime(atMs: number, timeZone: string | undefined): string {
  return zoned(timeZone, 'full').format(atMs).replace(',', '');
}

/** `2026-11-21 16:41`: where nobody counts seconds. */
export function dateMinute(atMs: number, timeZone: string | undefined): string {
  return dateTime(atMs, timeZone).slice(0, -3);
}

/** Hour of the day, 0..23, in a time zone. */
export function hourIn(atMs: number, timeZone: string): number {
  return Number(clockTime(atMs, timeZone).slice(0, 2));
}

export type Ago =
  | { readonly unit: 'now' }
  | { readonly unit: 'minutes' | 'hours' | 'days'; readonly count: number };

/** How long ago, coarse enough to read at a glance. */
export function agoOf(atMs: number, nowMs: number): Ago {
  const minutes = Math.floor((nowMs - atMs) / 60_000);
  if (minutes < 1) return { unit: 'now' };
  if (minutes < 60) return { unit: 'minutes', count: minutes };
  if (minutes < 48 * 60) return { unit: 'hours', count: Math.floor(minutes / 60) };
  return { unit: 'days', count: Math.floor(minutes / 1440) };
}

function utcMs(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

const formats = new Map<string, Intl.DateTimeFormat>();

function dateFormat(locale: Locale, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  return cached(`${locale} ${JSON.stringify(parts)}`, () => {
    return new Intl.DateTimeFormat(locale === 'en' ? 'en-GB' : locale, { ...parts, timeZone: 'UTC' });
  });
}

function zoned(timeZone: string | undefined, detail: 'minutes' | 'seconds' | 'full'): Intl.DateTimeFormat {
  return cached(`${timeZone} ${detail}`, () => {
    const day = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
    return new Intl.DateTimeFormat('sv-SE', {
      ...(detail === 'full' ? day : {}),
      ...(detail === 'minutes' ? {} : { second: '2-digit' }),
      hour: '2-digit',
      minute: '2-digit',
      hourCycle: 'h23',
      ...(timeZone === undefined ? {} : { timeZone }),
    });
  });
}

// Building a format costs a hundred times what using it does.
function cached(key: string, make: () => Intl.DateTimeFormat): Intl.DateTimeFormat {
  const known = formats.get(key);
  if (known !== undefined) return known;
  const made = make();
  formats.set(key, made);
  return made;
}
