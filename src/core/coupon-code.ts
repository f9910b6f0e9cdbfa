/**
 * Own coupon codes that are good once: `CP-SERIES-SERIAL`.
 *
 * Pure. The series names the template, so a till finds the rule of a code that it has never seen; the serial is chance that
 * nobody guesses, and only HQ knows which were issued. All in capitals, at most 31 signs with what marks it as a coupon.
 */

/** Of a template. */
export const SERIES = /^[A-Z0-9]{1,10}$/;
/** Twelve signs of Crockford's alphabet, 60 bits. */
export const SERIAL_SIGNS = 12;
const CODE = /^CP-([A-Z0-9]{1,10})-[0-9A-HJKMNP-TV-Z]{12}$/;

/** @param serial `SERIAL_SIGNS` of Crockford's alphabet */
export function couponCode(series: string, serial: string): string {
  return `CP-${series}-${serial}`;
}

/** null: no code of a series. */
export function seriesOf(code: string): string | null {
  return CODE.exec(code)?.[1] ?? null;
}
