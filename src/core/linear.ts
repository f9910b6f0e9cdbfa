/**
 * Numbers of linear barcodes as people write them: EAN, UPC, ITF-14, SSCC, books (ISBN), serials (ISSN), sheet music (ISMN).
 *
 * Pure. A check digit that is left out is worked out, one that is given must be right. Behind a space an add-on of 2 or 5
 * digits may follow (issue number, price). Sources: GS1 General Specifications 5.2, 7.9; ISO 2108, ISO 3297, ISO 10957.
 */

import type { Gs1Fault, Gs1What } from './gs1-fault.ts';
import { checkDigit, expandUpcE, expandUpcEBody, type Gtin14 } from './gtin.ts';
import { err, ok, type Result } from './result.ts';

export type LinearKind =
  | ('EAN13' | 'EAN8' | 'UPCA' | 'UPCE' | 'EAN14' | 'ITF14' | 'SSCC18')
  | ('ISBN' | 'ISSN' | 'ISMN');

export interface LinearCode {
  /** All digits of the symbol, check digit included; a UPC-E in its short form. */
  readonly digits: string;
  /** null: it numbers a parcel (SSCC), no article. */
  readonly gtin: Gtin14 | null;
  readonly addOn: string | null;
}

/** Reads `text` as a number of one kind. */
export function readLinear(kind: LinearKind, text: string): Result<LinearCode, Gs1Fault> {
  const space = text.indexOf(' ');
  if (kind === 'ISSN') return readIssn(text);
  const main = space < 0 ? text : text.slice(0, space);
  const digits = readMain(kind, main);
  if (!digits.ok) return digits;
  const addOn = space < 0 ? null : text.slice(space + 1);
  if (addOn !== null && !(HAS_ADD_ON.test(kind) && ADD_ON.test(addOn))) {
    return fault('bad_add_on', space + 1, text.length - space - 1);
  }
  return ok({ digits: digits.value, gtin: gtinOf(kind, digits.value), addOn });
}

/** The kinds that are told by their hyphens alone. @returns null: this is not written as one of them */
export function hyphenatedKind(text: string): LinearKind | null {
  const [main = ''] = text.split(' ', 1);
  if (/^\d{4}-\d{3}[\dX]$/.test(main)) return 'ISSN';
  if (main.length !== 13 && main.length !== 17) return null;
  if (/^(?:M-|979-0-)\d+-\d+-\d$/.test(main)) return 'ISMN';
  return /^(?:97[89]-)?\d+-\d+-\d+-[\dX]$/.test(main) ? 'ISBN' : null;
}

const ADD_ON = /^(?:\d{2}|\d{5})$/;
const HAS_ADD_ON = /^(?:EAN13|EAN8|UPCA|UPCE|ISBN|ISMN)$/;

function readMain(kind: Exclude<LinearKind, 'ISSN'>, text: string): Result<string, Gs1Fault> {
  switch (kind) {
    case 'EAN13':
    case 'EAN8':
    case 'ITF14':
      return readDigits(text, 0, LENGTHS[kind]);
    case 'EAN14':
      return readPrefixed(text, '(01)', 14);
    case 'SSCC18':
      return readPrefixed(text, '(00)', 18);
    case 'UPCA':
      return text.length === 7 || text.length === 8 ? expanded(text) : readDigits(text, 0, 12);
    case 'UPCE': {
      const full = expanded(text);
      return full.ok ? ok(text.slice(0, 7) + full.value[11]) : full;
    }
    case 'ISBN':
      return readBook(text);
    case 'ISMN':
      return readMusic(text);
  }
}

const LENGTHS = { EAN13: 13, EAN8: 8, ITF14: 14 } as const;

/** @param length  with the check digit; one less is taken too */
function readDigits(text: string, from: number, length: number): Result<string, Gs1Fault> {
  const body = text.slice(from);
  if (body.length !== length && body.length !== length - 1) return fault('bad_length', from, body.length);
  const odd = body.search(/\D/);
  if (odd >= 0) return fault('bad_character', from + odd, 1);
  const check = checkDigit(body.slice(0, length - 1));
  if (body.length === length && Number(body.at(-1)) !== check) {
    return fault('incorrect_check_digit', text.length - 1, 1);
  }
  return ok(body.slice(0, length - 1) + check);
}

function readPrefixed(text: string, prefix: string, length: number): Result<string, Gs1Fault> {
  const body = text.startsWith(prefix) ? prefix.length : 0;
  return body === 0 ? fault('bad_length', 0, text.length) : readDigits(text, body, length);
}

/** UPC-E with or without its check digit, as the 12 digits of UPC-A. */
function expanded(text: string): Result<string, Gs1Fault> {
  if (text.length !== 7 && text.length !== 8) return fault('bad_length', 0, text.length);
  const odd = text.search(/\D/);
  if (odd >= 0) return fault('bad_character', odd, 1);
  if (text[0]! > '1') return fault('bad_prefix', 0, 1);
  const full = text[0] + expandUpcEBody(text.slice(1, 7));
  const check = String(checkDigit(full));
  if (text.length === 8 && text[7] !== check) return fault('incorrect_check_digit', 7, 1);
  return ok(full + check);
}

function gtinOf(kind: LinearKind, digits: string): Gtin14 | null {
  if (kind === 'SSCC18') return null;
  return (kind === 'UPCE' ? expandUpcE(digits)! : digits).padStart(14, '0');
}

// ---- books, serials, sheet music ----

/** ISBN-13 with four hyphens, ISBN-10 with three; the last group is the check digit and may be missing. */
function readBook(text: string): Result<string, Gs1Fault> {
  const isThirteen = text.length === 17 || text.length === 15;
  if (!isThirteen && text.length !== 13 && text.length !== 11) return fault('bad_length', 0, text.length);
  const prefix = isThirteen ? text.slice(0, 4) : '978-';
  if (prefix !== '978-' && prefix !== '979-') return fault('bad_prefix', 0, 4);
  const from = isThirteen ? 4 : 0;
  const groups = readGroups(text, from, 3, isThirteen ? /\d/ : /[\dX]/);
  if (!groups.ok) return groups;
  const body = groups.value.slice(0, 9);
  const check = groups.value[9];
  if (!isThirteen && check !== undefined && check !== modulo11(body, 10)) {
    return fault('incorrect_check_digit', text.length - 1, 1);
  }
  return closed(prefix.slice(0, 3) + body, isThirteen ? check : undefined, text);
}

/** ISMN: `979-0-…` or the older `M-…`. */
function readMusic(text: string): Result<string, Gs1Fault> {
  const isOld = text.length === 13 || text.length === 11;
  if (!isOld && text.length !== 17 && text.length !== 15) return fault('bad_length', 0, text.length);
  const prefix = isOld ? 'M-' : '979-0-';
  if (!text.startsWith(prefix)) return fault('bad_prefix', 0, prefix.length);
  const groups = readGroups(text, prefix.length, 2, /\d/);
  if (!groups.ok) return groups;
  // M and the leading 0 of the longer form count the same, so both have the same check digit.
  return closed(`9790${groups.value.slice(0, 8)}`, groups.value[8], text);
}

/** `dddd-dddc`, a variant of two digits behind a space (00 unless told), then an add-on. */
function readIssn(text: string): Result<LinearCode, Gs1Fault> {
  const [number = '', variant = '00', addOn = null, ...more] = text.split(' ');
  if (number.length !== 8 && number.length !== 9) return fault('bad_length', 0, number.length);
  const odd = [...number].findIndex((char, index) =>
    index === 4 ? char !== '-' : !(index === 8 ? /[\dX]/ : /\d/).test(char),
  );
  if (odd >= 0) return fault(odd === 4 ? 'bad_hyphens' : 'bad_character', odd, 1);
  const body = number.slice(0, 4) + number.slice(5, 8);
  const check = number[8];
  if (check !== undefined && check !== modulo11(body, 8)) return fault('incorrect_check_digit', 8, 1);
  const variantAt = number.length + 1;
  if (!/^\d{2}$/.test(variant)) return fault('bad_variant', variantAt, variant.length);
  if (more.length > 0 || (addOn !== null && !ADD_ON.test(addOn))) {
    const at = variantAt + variant.length + 1;
    return fault('bad_add_on', at, text.length - at);
  }
  const digits = `977${body}${variant}`;
  const full = digits + checkDigit(digits);
  return ok({ digits: full, gtin: `0${full}`, addOn });
}

/**
 * Groups between hyphens: `count` of them, then a check group of one character, which may be missing.
 *
 * @returns the characters without hyphens
 */
function readGroups(text: string, from: number, count: number, last: RegExp): Result<string, Gs1Fault> {
  const isClosed = text.length === 13 || text.length === 17;
  const end = isClosed ? text.length - 2 : text.length;
  const body = text.slice(from, end);
  const odd = body.search(/[^\d-]/);
  if (odd >= 0) return fault('bad_character', from + odd, 1);
  const groups = body.split('-');
  if (groups.length !== count || groups.includes('')) return fault('bad_hyphens', from, body.length);
  if (!isClosed) return ok(groups.join(''));
  if (text[end] !== '-') return fault('bad_hyphens', end, 1);
  return last.test(text[end + 1]!) ? ok(groups.join('') + text[end + 1]) : fault('bad_character', end + 1, 1);
}

function closed(digits: string, check: string | undefined, text: string): Result<string, Gs1Fault> {
  const right = checkDigit(digits);
  return check === undefined || Number(check) === right
    ? ok(digits + right)
    : fault('incorrect_check_digit', text.length - 1, 1);
}

/** Weights from `first` down to 2; 10 is written X. */
function modulo11(digits: string, first: number): string {
  const sum = [...digits].reduce((total, digit, index) => total + Number(digit) * (first - index), 0);
  const check = (11 - (sum % 11)) % 11;
  return check === 10 ? 'X' : String(check);
}

function fault(what: Gs1What, at: number, length: number): { readonly ok: false; readonly error: Gs1Fault } {
  return err({ what, at, length });
}
