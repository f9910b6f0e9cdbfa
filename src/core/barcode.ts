/**
 * Barcodes: what a scanned or typed code means, before any look-up.
 *
 * Pure. The order is that of DOMAIN 2.2: own member code, own receipt, own coupon, payment code, card number, GS1 data (element
 * strings, Digital Link), in-store template, GTIN, then a plain alias (SKU, PLU). An AIM identifier before the code, or told
 * apart, narrows this down: an EAN is no payment code. In-store codes (GS1 prefixes 02 and 20-29) mean what the store's
 * templates say, never what another country's do.
 */
import { type Carrier, carrierOf, splitAim } from './aim.ts';
import { assert } from './assert.ts';
import { type PlacedElement, readElements } from './gs1.ts';
import type { Gs1Fault } from './gs1-fault.ts';
import { pairingFault } from './gs1-pairing.ts';
import {
  type ArticleFacts,
  articleFacts,
  couponIn,
  type Gs1Coupon,
  gtinIn,
  type MoneySetting,
  readGs1Text,
} from './gs1-text.ts';
import { checkDigit, type Gtin14, parseGtin } from './gtin.ts';
import { hyphenatedKind, readLinear } from './linear.ts';
import { fitsCardScheme, isCardNumber, type Wallet, walletOf } from './private-code.ts';

export type ScanMeaning =
  | { readonly kind: 'member'; readonly cardNo: string }
  /** Own receipt: `CF1.`, then what the receipt's own reader understands. */
  | { readonly kind: 'receipt'; readonly text: string }
  /** Own coupon, in capitals: `CP-…`. */
  | { readonly kind: 'coupon'; readonly code: string }
  /** `gtin`: an EAN-13 of a coupon prefix, which some shops use to number goods. */
  | ({ readonly kind: 'gs1_coupon'; readonly gtin?: Gtin14 } & Gs1Coupon)
  /** A live credential: handed to the payment, never logged, stored or shown. */
  | { readonly kind: 'payment_code'; readonly wallet: Wallet; readonly code: string }
  /** A card was scanned or swiped: its digits go no further, not even into this. */
  | { readonly kind: 'card_number' }
  | GtinMeaning
  /** GS1 data that names no article: a parcel, a place, an asset. */
  | { readonly kind: 'elements'; readonly elements: readonly PlacedElement[] }
  | { readonly kind: 'embedded_price'; readonly plu: string; readonly priceMinor: number }
  | { readonly kind: 'embedded_weight'; readonly plu: string; readonly weightG: number }
  | {
      readonly kind: 'alias';
      readonly text: string;
      /** What to say when no item goes by this text: it looks like a trade code, but is damaged. */
      readonly error?: ScanError;
    }
  | { readonly kind: 'invalid'; readonly error: ScanError };

export interface GtinMeaning extends ArticleFacts {
  readonly kind: 'gtin';
  readonly gtin: Gtin14;
  /** Also readable as. */
  readonly alternatives: readonly Gtin14[];
  /** It may be a card number too: when no item has it, it is dropped and not shown. */
  readonly mayBeCard?: true;
  /** The small symbol beside: issue of a magazine (2 digits), price of a book (5). */
  readonly addOn?: string;
}

export type ScanError =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too_long'; readonly lengthMax: number }
  | { readonly kind: 'not_text' }
  | { readonly kind: 'check_digit'; readonly expected: number }
  | { readonly kind: 'price_verifier'; readonly expected: number }
  | { readonly kind: 'member_check_digit'; readonly expected: number }
  /** GS1 data with a fault: `at` counts in the code as it was given, its AIM identifier included. */
  | ({ readonly kind: 'gs1' } & Gs1Fault);

/** What reading a code hangs on, of a store. */
export interface ScanSetting extends MoneySetting {
  readonly templates: readonly InStoreTemplate[];
}

/**
 * An in-store EAN-13 layout, one character a digit: `2` and other digits stand for themselves, `I` item (PLU),
 * `V` verifier of the value, `P` price, `W` weight in grams, `C` check digit; for example `21IIIIIPPPPPC` or `2IIIIIIVPPPPC`.
 */
export interface InStoreTemplate {
  readonly pattern: string;
  /** Digits after the point of the printed value, relative to minor units (price) or kilograms (weight). Price: 2 = minor units of a 2-digit currency. Weight: 3 = grams. */
  readonly decimals: number;
}

/** Longest code taken: a GS1 2D code holds less, a stuck scanner sends more. */
export const SCAN_CHARS_MAX = 512;

/**
 * Reads a code.
 *
 * @param raw  as scanned or typed; an AIM identifier at its start is understood
 * @param aim  the AIM identifier, where the scanner's reader took it off already
 */
export function readCode(raw: string, store: ScanSetting, aim: string | null = null): ScanMeaning {
  const sent = raw.trim();
  const apart = aim === null ? splitAim(sent) : { text: sent, aim };
  const { text } = apart;
  if (text.length === 0) return invalid({ kind: 'empty' });
  if (text.length > SCAN_CHARS_MAX) return invalid({ kind: 'too_long', lengthMax: SCAN_CHARS_MAX });
  if (/[\u0000-\u001c\u001e\u001f\u007f\ufffd]/.test(text)) return invalid({ kind: 'not_text' });
  const carrier = apart.aim === null ? null : carrierOf(apart.aim);
  // Faults are told where they stand in what was given.
  const by = raw.length - raw.trimStart().length + sent.length - text.length;
  return (
    (carrier === 'gs1' || carrier === 'ean' ? null : readOwnCode(text)) ??
    readGs1(text, carrier, by, store) ??
    readInStore(text, store) ??
    readTradeCode(text, carrier, by, store)
  );
}

/** What is ours, and what must not go any further. */
function readOwnCode(text: string): ScanMeaning | null {
  if (MEMBER_SHAPE.test(text)) return readMemberCard(text);
  if (text.startsWith('CF1.')) return { kind: 'receipt', text };
  if (COUPON_SHAPE.test(text)) return { kind: 'coupon', code: text.toUpperCase() };
  const wallet = walletOf(text);
  if (wallet !== null) return { kind: 'payment_code', wallet, code: text };
  return isCardNumber(text) && !parseGtin(text.replaceAll(/[ -]/g, '')).ok ? { kind: 'card_number' } : null;
}

/** `CP-` and at most 28 more: the code with its `C` has 31 characters, as promotions take them. */
const COUPON_SHAPE = /^CP-[A-Z0-9-]{1,28}$/i;

// ---- GS1 data ----

function readGs1(text: string, carrier: Carrier | null, by: number, store: ScanSetting): ScanMeaning | null {
  const found = readGs1Text(text, carrier);
  if (found === null) return null;
  const { read } = found;
  const fault = read.ok ? contradictionIn(read.value) : read.error;
  if (fault !== null) return damaged(text, fault, by);
  const elements = read.ok ? read.value : [];
  const gtin = gtinIn(elements);
  if (gtin !== null) return { kind: 'gtin', gtin, alternatives: [], ...articleFacts(elements, store) };
  const coupon = couponIn(elements, store);
  if (coupon === null) return { kind: 'elements', elements };
  return coupon.ok ? { kind: 'gs1_coupon', ...coupon.value } : damaged(text, coupon.error, by);
}

/** What must be there beside an article's number and is not, keeps nobody from buying it; two weights do. */
function contradictionIn(elements: readonly PlacedElement[]): Gs1Fault | null {
  const fault = pairingFault(elements);
  return fault?.what === 'ai_required' && gtinIn(elements) !== null ? null : fault;
}

/** Shops do number goods with codes that are wrong, so the catalogue is asked before this is an error. */
function damaged(text: string, fault: Gs1Fault, by: number): ScanMeaning {
  return { kind: 'alias', text, error: { kind: 'gs1', ...fault, at: fault.at + by } };
}

// ---- trade codes ----

function readTradeCode(text: string, carrier: Carrier | null, by: number, store: ScanSetting): ScanMeaning {
  if (carrier === 'ean' && text.includes('|]e0')) return readComposite(text, by, store);
  const parts = text.length > 13 || text.includes(' ') ? ADD_ON.exec(text) : null;
  // Without a space only the AIM identifier of an EAN tells that the last digits are an add-on.
  if (parts !== null && (parts[2] !== undefined || carrier === 'ean')) {
    const main = readNumber(parts[1]!, carrier);
    return main.kind === 'gtin' ? { ...main, addOn: parts[3]! } : { kind: 'alias', text, ...errorIn(main) };
  }
  const kind = hyphenatedKind(text);
  if (kind === null) return readNumber(text, carrier);
  const number = readLinear(kind, text);
  if (!number.ok) return damaged(text, number.error, by);
  const { gtin, addOn } = number.value;
  return { kind: 'gtin', gtin: gtin!, alternatives: [], ...(addOn === null ? {} : { addOn }) };
}

/** Number, perhaps a space, add-on of 2 or 5 digits. */
const ADD_ON = /^(\d{8}|\d{12,13})(?:( )|(?<=^\d{13}))(\d{5}|\d{2})$/;

function errorIn(meaning: ScanMeaning): { readonly error?: ScanError } {
  return 'error' in meaning && meaning.error !== undefined ? { error: meaning.error } : {};
}

/** An EAN or UPC with a small 2D part above it that tells more of the same article. */
function readComposite(text: string, by: number, store: ScanSetting): ScanMeaning {
  const bar = text.indexOf('|');
  const main = readNumber(text.slice(0, bar), 'ean');
  if (main.kind !== 'gtin') return { kind: 'alias', text, ...errorIn(main) };
  const more = readElements(text, bar + 4);
  if (!more.ok) return damaged(text, more.error, by);
  return { ...main, ...articleFacts(more.value, store) };
}

function readNumber(text: string, carrier: Carrier | null): ScanMeaning {
  const parsed = parseGtin(text);
  if (parsed.ok) {
    if (text.length === 13 && COUPON_PREFIX.test(text)) {
      return { kind: 'gs1_coupon', number: text, serial: '', gtin: parsed.value.gtin };
    }
    // Eight digits from 0 can be a UPC-E or a GTIN-8: the catalogue knows which one the shop sells.
    const gtin8 = parsed.value.form === 'upce' && checkDigit(text.slice(0, 7)) === Number(text[7]);
    return {
      kind: 'gtin',
      gtin: parsed.value.gtin,
      alternatives: gtin8 ? [text.padStart(14, '0')] : [],
      ...(carrier !== 'ean' && fitsCardScheme(text) ? { mayBeCard: true } : {}),
    };
  }
  return parsed.error.kind === 'check_digit'
    ? { kind: 'alias', text, error: parsed.error }
    : { kind: 'alias', text };
}

/** 99 coupons, 981-984 coupons of a currency area. Source: GS1 General Specifications, prefixes. */
const COUPON_PREFIX = /^(?:99|98[1-4])/;

// ---- member cards ----

const MEMBER_SHAPE = /^[Mm]\d{10}$/;

/** Own member code: `M`, nine digits, GS1 check digit over the nine. @param number 0..999999999 */
export function memberCardNo(number: number): string {
  assert(
    Number.isInteger(number) && number >= 0 && number <= 999_999_999,
    'a member number has at most nine digits',
  );
  const digits = number.toString().padStart(9, '0');
  return `M${digits}${checkDigit(digits)}`;
}

function readMemberCard(text: string): ScanMeaning {
  const expected = checkDigit(text.slice(1, 10));
  if (expected !== Number(text[10])) return invalid({ kind: 'member_check_digit', expected });
  return { kind: 'member', cardNo: text.toUpperCase() };
}

// ---- in-store weight and price codes ----

function readInStore(text: string, store: ScanSetting): ScanMeaning | null {
  // A UPC-A scanner leaves out the leading zero of prefix 02.
  const digits = /^\d{12}$/.test(text) ? `0${text}` : text;
  for (const template of store.templates) {
    const meaning = readTemplate(digits, template, store.currencyDigits);
    if (meaning !== null) return meaning;
  }
  return null;
}

function readTemplate(text: string, template: InStoreTemplate, currencyDigits: number): ScanMeaning | null {
  const { pattern } = template;
  if (text.length !== pattern.length || !/^\d+$/.test(text)) return null;
  const field = { I: '', V: '', P: '', W: '' };
  for (let i = 0; i < pattern.length; i++) {
    const mark = pattern[i]!;
    const digit = text[i]!;
    if (mark === 'I' || mark === 'V' || mark === 'P' || mark === 'W') field[mark] += digit;
    else if (mark !== 'C' && mark !== digit) return null;
  }
  if (pattern.endsWith('C')) {
    const expected = checkDigit(text.slice(0, -1));
    if (expected !== Number(text.at(-1))) return invalid({ kind: 'check_digit', expected });
  }
  const value = field.P + field.W;
  if (field.V !== '') {
    const expected = priceVerifierDigit(value);
    if (expected !== Number(field.V)) return invalid({ kind: 'price_verifier', expected });
  }
  if (field.W !== '') {
    return { kind: 'embedded_weight', plu: field.I, weightG: scaleDecimal(value, 3 - template.decimals) };
  }
  return {
    kind: 'embedded_price',
    plu: field.I,
    priceMinor: scaleDecimal(value, currencyDigits - template.decimals),
  };
}

function scaleDecimal(digits: string, power: number): number {
  assert(power >= 0 && power <= 6, 'a template has no finer value than the till counts in');
  return Number(digits) * 10 ** power;
}

// Weighting tables for digits 0..9. Source: GS1 General Specifications 7.9.2-7.9.4.
const MINUS_2 = [0, 2, 4, 6, 8, 9, 1, 3, 5, 7];
const TIMES_3 = [0, 3, 6, 9, 2, 5, 8, 1, 4, 7];
const PLUS_5 = [0, 5, 1, 6, 2, 7, 3, 8, 4, 9];
const MINUS_5 = [0, 5, 9, 4, 8, 3, 7, 2, 6, 1];

/**
 * The price verifier digit of a 4- or 5-digit price field.
 *
 * @example priceVerifierDigit('2875') // 9
 * @example priceVerifierDigit('14685') // 6
 */
export function priceVerifierDigit(price: string): number {
  const d = Array.from(price, Number);
  if (d.length === 4) {
    return (3 * (MINUS_2[d[0]!]! + MINUS_2[d[1]!]! + TIMES_3[d[2]!]! + MINUS_5[d[3]!]!)) % 10;
  }
  assert(d.length === 5, 'a verifier stands before a value of four or five digits');
  const sum = PLUS_5[d[0]!]! + MINUS_2[d[1]!]! + MINUS_5[d[2]!]! + PLUS_5[d[3]!]! + MINUS_2[d[4]!]!;
  return MINUS_5.indexOf((10 - (sum % 10)) % 10);
}

/** Whether a pattern is one that `readCode` can hold: its own letters, one value, whole length. */
export function isTemplatePattern(pattern: string): boolean {
  const values = (pattern.match(/[PW]/g) ?? []).length;
  const verifier = (pattern.match(/V/g) ?? []).length;
  return (
    /^\d{1,3}I{3,6}V?(?:P{4,6}|W{4,6})C$/.test(pattern) &&
    pattern.length === 13 &&
    (verifier === 0 || values === 4 || values === 5)
  );
}

function invalid(error: ScanError): ScanMeaning {
  return { kind: 'invalid', error };
}
