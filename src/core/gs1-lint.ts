/**
 * The checks that the table of application identifiers names: is this piece of data a date, a country, a check digit …
 *
 * Pure. Each takes one component and returns what is wrong with it, or null. Names are those of the GS1 Barcode Syntax
 * Dictionary. Sources: GS1 General Specifications 7.9 (check digit), 7.11 (character sets), ISO 13616 (IBAN), ISO 5218.
 */
import { assert } from './assert.ts';
import { couponCode, couponPosOffer } from './gs1-coupon.ts';
import type { Flaw, Gs1What } from './gs1-fault.ts';
import { COUNTRY_LETTERS, COUNTRY_NUMBERS, CURRENCY_NUMBERS, PACKAGE_TYPES } from './gs1-list.ts';
import { checkDigit } from './gtin.ts';

/** @returns null: nothing is wrong */
export type Check = (data: string) => Flaw | null;

/** @throws AssertionError when the table names a check that is not here */
export function checkNamed(name: string): Check {
  const check = CHECKS[name];
  assert(check !== undefined, `there is a check named ${name}`);
  return check;
}

/** Whether all characters are of the set: N digits, X set 82, Y set 39, Z base64url with padding. */
export function checkSet(set: 'N' | 'X' | 'Y' | 'Z', data: string): Flaw | null {
  return SETS[set](data);
}

function flaw(what: Gs1What, at: number, length: number): Flaw {
  return { what, at, length };
}

function whole(what: Gs1What, data: string): Flaw {
  return { what, at: 0, length: data.length };
}

function odd(pattern: RegExp, what: Gs1What): Check {
  return (data) => {
    const at = data.search(pattern);
    return at < 0 ? null : flaw(what, at, 1);
  };
}

/** Set 82 in the order of its values 0..81. */
const SET_82 = '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz';
const digits = odd(/[^0-9]/, 'non_digit_character');

const SETS: Readonly<Record<'N' | 'X' | 'Y' | 'Z', Check>> = {
  N: digits,
  X: odd(/[^!"%-?A-Z_a-z]/, 'invalid_cset82_character'),
  Y: odd(/[^#\-/0-9A-Z]/, 'invalid_cset39_character'),
  Z: base64url,
};

/** Padding is at most two `=`, and fills up to a multiple of three characters. */
function base64url(data: string): Flaw | null {
  const body = /^[A-Za-z0-9_-]*/.exec(data)![0].length;
  if (body === data.length) return null;
  const rest = data.slice(body);
  if (!/^=+$/.test(rest)) return flaw('invalid_cset64_character', body, 1);
  if (rest.length <= 2 && data.length % 3 === 0) return null;
  return flaw('invalid_cset64_padding', body, rest.length);
}

function csum(data: string): Flaw | null {
  const flawed = digits(data);
  if (flawed !== null || data === '') return flawed;
  const right = data.length > 1 && checkDigit(data.slice(0, -1)) === Number(data.at(-1));
  return right ? null : flaw('incorrect_check_digit', data.length - 1, 1);
}

const PAIR_SET = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ';
const PRIMES = Array.from({ length: 510 }, (_, n) => n).filter(
  (n) => n > 1 && !Array.from({ length: 23 }, (_, d) => d + 2).some((d) => d < n && n % d === 0),
);

/** Two check characters: values of set 82 times the primes from the right, modulo 1021. Source: General Specifications 7.9.5. */
function csumAlpha(data: string): Flaw | null {
  if (data.length < 2) return whole('too_short_for_check_pair', data);
  if (data.length - 2 > PRIMES.length) return whole('too_long_for_check_pair_implementation', data);
  const body = data.slice(0, -2);
  const flawed = SETS.X(body);
  if (flawed !== null) return flawed;
  let sum = 0;
  for (let i = 0; i < body.length; i++) sum += SET_82.indexOf(body[body.length - 1 - i]!) * PRIMES[i]!;
  sum %= 1021;
  const pair = PAIR_SET[sum >> 5]! + PAIR_SET[sum & 31]!;
  return data.endsWith(pair) ? null : flaw('incorrect_check_pair', data.length - 2, 2);
}

/** A company prefix has four digits at least; whether it was given out, only GS1's own register knows. */
function companyPrefix(from: number): Check {
  return (data) => {
    const head = data.slice(from, from + 4);
    if (head.length < 4) return whole('too_short_for_gcp', data);
    const at = head.search(/[^0-9]/);
    return at < 0 ? null : flaw('invalid_gcp_prefix', from + at, 1);
  };
}

// ---- dates and times ----

/** @param yearDigits  2 or 4 @param isDayFree  day 00 means the whole month */
function date(yearDigits: 2 | 4, isDayFree: boolean): Check {
  return (data) => {
    const length = yearDigits + 4;
    if (data.length < length) return whole('date_too_short', data);
    if (data.length > length) return whole('date_too_long', data);
    const flawed = digits(data);
    if (flawed !== null) return flawed;
    const year = Number(data.slice(0, yearDigits));
    const month = Number(data.slice(yearDigits, yearDigits + 2));
    if (month < 1 || month > 12) return flaw('illegal_month', yearDigits, 2);
    const day = Number(data.slice(yearDigits + 2));
    // Two digits of a year: every fourth is a leap year, 2000 too.
    const isBad = day > daysIn(yearDigits === 2 ? 2000 + year : year, month) || (day === 0 && !isDayFree);
    return isBad ? flaw('illegal_day', yearDigits + 2, 2) : null;
  };
}

/** @param month 1..12 */
export function daysIn(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

function clock(unit: 'hour' | 'minute' | 'second', end: number): Check {
  return (data) => {
    if (data.length !== 2) return whole(`${unit}_${data.length < 2 ? 'too_short' : 'too_long'}`, data);
    const flawed = digits(data);
    if (flawed !== null) return flawed;
    return Number(data) < end ? null : whole(`illegal_${unit}`, data);
  };
}

const hour = clock('hour', 24);
const minute = clock('minute', 60);

function hourMinute(data: string): Flaw | null {
  if (data.length !== 4) return whole(`hour_with_minute_${data.length < 4 ? 'too_short' : 'too_long'}`, data);
  const flawed = digits(data) ?? hour(data.slice(0, 2));
  if (flawed !== null) return flawed;
  const late = minute(data.slice(2));
  return late === null ? null : { ...late, at: late.at + 2 };
}

// ---- lists ----

function listed(list: ReadonlySet<string>, what: Gs1What): Check {
  return (data) => (list.has(data) ? null : whole(what, data));
}

function shaped(pattern: RegExp, what: Gs1What): Check {
  return (data) => (pattern.test(data) ? null : whole(what, data));
}

function iban(data: string): Flaw | null {
  const at = data.search(/[^A-Z0-9]/);
  if (at >= 0) return flaw('invalid_iban_character', at, 1);
  // The shortest IBAN, Norway's, has 15 characters.
  if (data.length < 15) return whole('iban_too_short', data);
  if (data.length > 34) return whole('iban_too_long', data);
  if (!COUNTRY_LETTERS.has(data.slice(0, 2))) return flaw('illegal_iban_country_code', 0, 2);
  let rest = 0;
  for (const char of data.slice(4) + data.slice(0, 4)) {
    const value = Number.parseInt(char, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1 ? null : flaw('incorrect_iban_checksum', 2, 2);
}

/** Degrees from the south pole or the date line, times 10^7. */
function degrees(name: 'latitude' | 'longitude', degreesMax: number): Check {
  return (data) => {
    if (data.length !== 10) return whole(`${name}_invalid_length`, data);
    const flawed = digits(data);
    if (flawed !== null) return flawed;
    return Number(data) <= degreesMax * 10_000_000 ? null : whole(`invalid_${name}`, data);
  };
}

// ---- shapes ----

function importerIndex(data: string): Flaw | null {
  if (data.length !== 1) return whole('importer_idx_must_be_one_character', data);
  return /^[A-Za-z0-9_-]$/.test(data) ? null : whole('invalid_import_idx_character', data);
}

function nonZero(data: string): Flaw | null {
  return digits(data) ?? (/[1-9]/.test(data) ? null : whole('illegal_zero_value', data));
}

function noZeroPrefix(data: string): Flaw | null {
  return digits(data) ?? (data.startsWith('0') ? flaw('illegal_zero_prefix', 0, 1) : null);
}

function percentEncoded(data: string): Flaw | null {
  const at = data.search(/%(?![0-9A-Fa-f]{2})/);
  return at < 0 ? null : flaw('invalid_percent_sequence', at, Math.min(3, data.length - at));
}

function pieceOfTotal(data: string): Flaw | null {
  const flawed = digits(data);
  if (flawed !== null) return flawed;
  if (data === '' || data.length % 2 === 1) return whole('invalid_length_for_piece_of_total', data);
  const half = data.length / 2;
  const [piece, total] = [data.slice(0, half), data.slice(half)];
  if (!/[1-9]/.test(piece)) return flaw('zero_piece_number', 0, half);
  if (!/[1-9]/.test(total)) return flaw('zero_total_pieces', half, half);
  // Same length, so the order of texts is that of numbers.
  return piece > total ? whole('piece_number_exceeds_total', data) : null;
}

function positionInSequence(data: string): Flaw | null {
  const match = /^(\d+)\/(\d+)$/.exec(data);
  if (match === null) return whole('position_in_sequence_malformed', data);
  const [, position, end] = match as unknown as [string, string, string];
  if (position.startsWith('0')) return flaw('illegal_zero_prefix', 0, position.length);
  if (end.startsWith('0')) return flaw('illegal_zero_prefix', position.length + 1, end.length);
  return BigInt(position) > BigInt(end) ? whole('position_exceeds_end', data) : null;
}

const CHECKS: Readonly<Record<string, Check>> = {
  cset39: SETS.Y,
  cset64: SETS.Z,
  cset82: SETS.X,
  csetnumeric: SETS.N,
  csum,
  csumalpha: csumAlpha,
  gcppos1: companyPrefix(0),
  gcppos2: companyPrefix(1),
  yymmdd: date(2, false),
  yymmd0: date(2, true),
  yyyymmdd: date(4, false),
  yyyymmd0: date(4, true),
  hh: hour,
  mi: minute,
  ss: clock('second', 60),
  hhmi: hourMinute,
  iso3166: listed(COUNTRY_NUMBERS, 'not_iso3166'),
  iso3166999: listed(new Set([...COUNTRY_NUMBERS, '999']), 'not_iso3166_or_999'),
  iso3166alpha2: listed(COUNTRY_LETTERS, 'not_iso3166_alpha2'),
  iso4217: listed(CURRENCY_NUMBERS, 'not_iso4217'),
  iso5218: shaped(/^[0129]$/, 'invalid_biological_sex_code'),
  iban,
  latitude: degrees('latitude', 180),
  longitude: degrees('longitude', 360),
  // 01-10 and 80-99 are given out. Source: General Specifications, AIDC media types.
  mediatype: shaped(/^(?:0[1-9]|10|[89][0-9])$/, 'invalid_media_type'),
  importeridx: importerIndex,
  nonzero: nonZero,
  nozeroprefix: noZeroPrefix,
  hasnondigit: shaped(/[^0-9]/, 'requires_non_digit_character'),
  packagetype: listed(PACKAGE_TYPES, 'invalid_package_type'),
  pcenc: percentEncoded,
  pieceoftotal: pieceOfTotal,
  posinseqslash: positionInSequence,
  winding: shaped(/^[019]$/, 'invalid_winding_direction'),
  yesno: shaped(/^[01]$/, 'not_zero_or_one'),
  zero: shaped(/^0$/, 'not_zero'),
  hyphen: shaped(/^-+$/, 'not_hyphen'),
  couponcode: couponCode,
  couponposoffer: couponPosOffer,
};
