/**
 * Barcodes: what a scanned or typed code means, before any look-up.
 *
 * Pure. The order is that of DOMAIN 2.2: own member code, in-store template, GTIN, then a plain alias (SKU, PLU).
 * In-store codes (GS1 prefixes 02 and 20-29) mean what the store's templates say, never what another country's do.
 */
import { assert } from './assert.ts';
import { checkDigit, type Gtin14, parseGtin } from './gtin.ts';

export type ScanMeaning =
  | { readonly kind: 'member'; readonly cardNo: string }
  | {
      readonly kind: 'gtin';
      readonly gtin: Gtin14 /** also readable as */;
      readonly alternatives: readonly Gtin14[];
    }
  | { readonly kind: 'embedded_price'; readonly plu: string; readonly priceMinor: number }
  | { readonly kind: 'embedded_weight'; readonly plu: string; readonly weightG: number }
  | {
      readonly kind: 'alias';
      readonly text: string;
      /** What to say when no item goes by this text: it looks like a trade code, but is damaged. */
      readonly error?: ScanError;
    }
  | { readonly kind: 'invalid'; readonly error: ScanError };

export type ScanError =
  | { readonly kind: 'empty' }
  | { readonly kind: 'too_long'; readonly lengthMax: number }
  | { readonly kind: 'not_text' }
  | { readonly kind: 'check_digit'; readonly expected: number }
  | { readonly kind: 'price_verifier'; readonly expected: number }
  | { readonly kind: 'member_check_digit'; readonly expected: number };

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

/** @param currencyDigits digits of the store's currency, to read prices in templates */
export function readCode(
  raw: string,
  store: { readonly templates: readonly InStoreTemplate[]; readonly currencyDigits: number },
): ScanMeaning {
  const text = raw.trim();
  if (text.length === 0) return invalid({ kind: 'empty' });
  if (text.length > SCAN_CHARS_MAX) return invalid({ kind: 'too_long', lengthMax: SCAN_CHARS_MAX });
  if (/[\u0000-\u001c\u001e\u001f\u007f\ufffd]/.test(text)) return invalid({ kind: 'not_text' });
  if (MEMBER_SHAPE.test(text)) return readMemberCard(text);
  for (const template of store.templates) {
    const meaning = readTemplate(text, template, store.currencyDigits);
    if (meaning !== null) return meaning;
  }
  return readTradeCode(text);
}

function readTradeCode(text: string): ScanMeaning {
  const parsed = parseGtin(text);
  if (parsed.ok) {
    // Eight digits from 0 can be a UPC-E or a GTIN-8: the catalogue knows which one the shop sells.
    const gtin8 = parsed.value.form === 'upce' && checkDigit(text.slice(0, 7)) === Number(text[7]);
    return { kind: 'gtin', gtin: parsed.value.gtin, alternatives: gtin8 ? [text.padStart(14, '0')] : [] };
  }
  // Shops do number goods with codes whose check digit is wrong, so the catalogue is asked before this is an error.
  return parsed.error.kind === 'check_digit'
    ? { kind: 'alias', text, error: parsed.error }
    : { kind: 'alias', text };
}

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
