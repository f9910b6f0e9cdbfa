/**
 * Enrolling: what the screen lets through before the till looks at it again. Pure.
 */

/** Eight to fifteen digits, with a plus, blanks and dashes as people write them. */
export function isPhone(text: string): boolean {
  return /^\+?[\d -]{8,20}$/.test(text.trim()) && /^\d{8,15}$/.test(text.replace(/\D/g, ''));
}

/** `1990-11-22`, or `11-22` where somebody keeps the year to themselves. A day that no calendar has is none. */
export function isBirthday(text: string): boolean {
  const match = /^(?:(\d{4})-)?(\d{2})-(\d{2})$/.exec(text.trim());
  if (match === null) return false;
  // 29 February is a birthday whatever the year that is not told.
  const [year, month, day] = [Number(match[1] ?? '2000'), Number(match[2]), Number(match[3])];
  if (year < 1900) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}
