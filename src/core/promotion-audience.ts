/**
 * Who a rule is for and when it runs.
 *
 * Pure: the store's local time is given as data. A date is a text `YYYY-MM-DD` and compares as one; days between dates are
 * counted on the calendar, so daylight saving never moves a birthday.
 */
import type { LocalTime, Rule, Validity } from './promotion.ts';

/** Why a rule does not run for this customer, here and now; coupons answer with it. */
export type NotLive = 'not_yet' | 'expired' | 'not_now' | 'wrong_store' | 'needs_member' | 'not_this_member';

/** The member as far as prices hang on them. */
export interface Shopper {
  readonly tierId: string | null;
  readonly tags?: readonly string[];
  readonly segments?: readonly string[];
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday?: string;
}

export interface Here {
  readonly at: LocalTime;
  readonly storeId: string;
  readonly shopper: Shopper | null;
}

/** @returns null when the rule runs */
export function notLive(rule: Rule, here: Here): NotLive | null {
  return notAtThisTime(rule.validity, here.at) ?? notForThem(rule, here);
}

/** Whether a span of dates, days and hours holds; none always does. */
export function isOn(validity: Validity | undefined, at: LocalTime): boolean {
  return notAtThisTime(validity, at) === null;
}

function notAtThisTime(validity: Validity | undefined, at: LocalTime): NotLive | null {
  if (validity === undefined) return null;
  const { from, to, weekdays, monthDays, hours } = validity;
  if (from !== undefined && at.date < from) return 'not_yet';
  if (to !== undefined && at.date > to) return 'expired';
  if (weekdays !== undefined && !weekdays.includes(at.weekday)) return 'not_now';
  if (monthDays !== undefined && !monthDays.includes(Number(at.date.slice(8)))) return 'not_now';
  if (hours !== undefined && !hours.some((span) => isWithin(at.minuteOfDay, span))) return 'not_now';
  return null;
}

function isWithin(minute: number, span: { readonly fromMinute: number; readonly toMinute: number }): boolean {
  const { fromMinute, toMinute } = span;
  return fromMinute <= toMinute
    ? minute >= fromMinute && minute < toMinute
    : minute >= fromMinute || minute < toMinute;
}

function notForThem({ audience }: Rule, { storeId, shopper, at }: Here): NotLive | null {
  if (audience === undefined) return null;
  const { stores, membersOnly, tiers, tags, segments, birthday } = audience;
  if (stores !== undefined && !stores.includes(storeId)) return 'wrong_store';
  const personal = tiers ?? tags ?? segments ?? birthday;
  if (personal === undefined && membersOnly !== true) return null;
  if (shopper === null) return 'needs_member';
  if (tiers !== undefined && (shopper.tierId === null || !tiers.includes(shopper.tierId)))
    return 'not_this_member';
  if (tags !== undefined && !tags.some((tag) => shopper.tags?.includes(tag))) return 'not_this_member';
  if (segments !== undefined && !segments.some((id) => shopper.segments?.includes(id)))
    return 'not_this_member';
  if (birthday !== undefined && !isBirthday(birthday, shopper.birthday, at.date)) return 'not_this_member';
  return null;
}

/**
 * Whether a date lies around a birthday; the window may run over New Year.
 *
 * Somebody born on 29 February has the birthday on 28 February in years without one.
 */
export function isBirthday(
  span: { readonly daysBefore: number; readonly daysAfter: number } | 'month',
  birthday: string | undefined,
  date: string,
): boolean {
  const match = /^(?:\d{4}-)?(\d{2})-(\d{2})$/.exec(birthday ?? '');
  if (match === null) return false;
  const month = Number(match[1]);
  const day = Number(match[2]);
  if (span === 'month') return Number(date.slice(5, 7)) === month;
  const today = dayNumber(date);
  const year = Number(date.slice(0, 4));
  return [year - 1, year, year + 1].some((candidate) => {
    const on = month === 2 && day === 29 && !isLeap(candidate) ? 28 : day;
    const away = today - dayCount(candidate, month, on);
    return away >= -span.daysBefore && away <= span.daysAfter;
  });
}

/** Days since 1970-01-01 of a calendar date. */
export function dayNumber(date: string): number {
  return dayCount(Number(date.slice(0, 4)), Number(date.slice(5, 7)), Number(date.slice(8, 10)));
}

/** 1 = Monday .. 7 = Sunday of a calendar date. */
export function weekdayOf(date: string): number {
  return ((((dayNumber(date) + 3) % 7) + 7) % 7) + 1;
}

/** Source: Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil. */
function dayCount(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const era = Math.floor(y / 400);
  const yearOfEra = y - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear;
  return era * 146_097 + dayOfEra - 719_468;
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
}
