/**
 * GTIN: trade item numbers of 8, 12, 13 and 14 digits, UPC-E, and their check digits.
 *
 * Pure. An item is kept under its 14-digit form, so UPC-A 12 and EAN-13 with a leading zero are one item.
 * Source: GS1 General Specifications, section 7.9 (check digit), 7.10 (UPC-E).
 */
import { assert } from './assert.ts';
import { err, ok, type Result } from './result.ts';

/** Fourteen digits with a right check digit. */
export type Gtin14 = string;

export type GtinError =
  | { readonly kind: 'not_digits' }
  | { readonly kind: 'length'; readonly length: number }
  | { readonly kind: 'check_digit'; readonly expected: number };

export type GtinForm = 'gtin8' | 'gtin12' | 'gtin13' | 'gtin14' | 'upce';

const ZERO = '0'.charCodeAt(0);

/**
 * The GS1 check digit: weights 3, 1, 3, 1 … from the right.
 *
 * @param digits  the number without its check digit
 * @example checkDigit('950110153100') // 0
 */
export function checkDigit(digits: string): number {
  assert(/^\d+$/.test(digits), 'a check digit is taken over digits');
  let sum = 0;
  for (let i = 0; i < digits.length; i++) {
    sum += (digits.charCodeAt(digits.length - 1 - i) - ZERO) * (i % 2 === 0 ? 3 : 1);
  }
  return (10 - (sum % 10)) % 10;
}

/**
 * Reads a GTIN of any length.
 *
 * Eight digits that start with 0 and whose check digit fits UPC-E are read as UPC-E: a GTIN-8 that starts with 0 is an
 * in-store number, and those belong in the store's templates.
 */
export function parseGtin(text: string): Result<{ gtin: Gtin14; form: GtinForm }, GtinError> {
  if (!/^\d+$/.test(text)) return err({ kind: 'not_digits' });
  if (text.length === 8 && text[0] === '0') {
    const expanded = expandUpcE(text);
    if (expanded !== null) return ok({ gtin: expanded.padStart(14, '0'), form: 'upce' });
  }
  const form = FORM_BY_LENGTH[text.length];
  if (form === undefined) return err({ kind: 'length', length: text.length });
  const expected = checkDigit(text.slice(0, -1));
  if (expected !== Number(text.at(-1))) return err({ kind: 'check_digit', expected });
  return ok({ gtin: text.padStart(14, '0'), form });
}

const FORM_BY_LENGTH: Readonly<Record<number, GtinForm>> = {
  8: 'gtin8',
  12: 'gtin12',
  13: 'gtin13',
  14: 'gtin14',
};

/**
 * Expands UPC-E to UPC-A.
 *
 * @param text  8 digits: number system 0 or 1, six digits, check digit
 * @returns     12 digits, or null when the shape or the check digit is wrong
 * @example expandUpcE('04252614') // '042100005264'
 */
export function expandUpcE(text: string): string | null {
  if (!/^[01]\d{7}$/.test(text)) return null;
  const full = text[0] + expandUpcEBody(text.slice(1, 7));
  return checkDigit(full) === Number(text[7]) ? full + text[7] : null;
}

/** The ten digits between number system and check digit. @param six  the six digits of the symbol */
export function expandUpcEBody(six: string): string {
  const last = six[5]!;
  if (last <= '2') return `${six.slice(0, 2)}${last}0000${six.slice(2, 5)}`;
  if (last === '3') return `${six.slice(0, 3)}00000${six.slice(3, 5)}`;
  if (last === '4') return `${six.slice(0, 4)}00000${six[4]}`;
  return `${six.slice(0, 5)}0000${last}`;
}

/** The shortest usual form for people: 14 digits lose leading zeros down to 13, 12 stays 13, 8 stays 8. */
export function shortGtin(gtin: Gtin14): string {
  if (gtin.startsWith('000000')) return gtin.slice(6);
  return gtin.startsWith('0') ? gtin.slice(1) : gtin;
}
