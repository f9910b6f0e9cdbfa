/**
 * What a code means, told in full: for people who set up scanners and labels, one object a code.
 *
 * Pure. A till is forgiving, because it wants to sell; a report is strict. So a code may well have a meaning and not be valid:
 * a GTIN in a barcode that may not carry one, a batch without the number of its article.
 */
import { type Carrier, carrierOf, readScan, splitAim } from './aim.ts';
import { readCode, type ScanError, type ScanMeaning, type ScanSetting } from './barcode.ts';
import type { PlacedElement } from './gs1.ts';
import type { Gs1Fault } from './gs1-fault.ts';
import { readLink } from './gs1-link.ts';
import { pairingFault } from './gs1-pairing.ts';
import { aiEntry } from './gs1-table.ts';
import { type CodeDecimal, gtinIn, priceTold, readGs1Text, weightTold } from './gs1-text.ts';

export interface CodeReport {
  /** As it came; left out for payment codes and card numbers. */
  readonly input?: string;
  readonly valid: boolean;
  readonly kind: ScanMeaning['kind'];
  readonly error?: CodeFault;
  readonly gtin?: string;
  readonly elements?: readonly { readonly ai: string; readonly title: string; readonly value: string }[];
  /** As the code tells it: 1299 with 2 decimals is 12.99. `currency`: ISO 4217 number, where it is named. */
  readonly price?: CodeDecimal & { readonly currency?: string };
  readonly weight?: CodeDecimal & { readonly unit: 'kg' | 'lb' };
  /** What else is known: `expiry`, `batch`, `plu`, `cardNo`, `wallet` … */
  readonly [fact: string]: unknown;
}

export interface CodeFault {
  /** Index in `input` of the first character at fault. */
  readonly at: number;
  /** lower_snake_case and stable. */
  readonly what: string;
  readonly length?: number;
  /** The GS1 application identifier that is to blame. */
  readonly ai?: string;
  /** The digit that would be right. */
  readonly expected?: number;
}

export interface ReportSetting extends ScanSetting {
  /** Whether identifiers must go together: false for a label that is one of several on an article. */
  readonly isPairingChecked: boolean;
}

export function reportOn(raw: string, setting: ReportSetting): CodeReport {
  const meaning = readCode(raw, setting);
  if (meaning.kind === 'card_number') return { valid: true, kind: meaning.kind };
  if (meaning.kind === 'payment_code') return { valid: true, kind: meaning.kind, wallet: meaning.wallet };
  const strict = readStrictly(raw, meaning);
  const error = (strict.fault === null ? null : plainFault(strict.fault)) ?? errorOf(raw, meaning, setting);
  const isForgiven = error !== null && !setting.isPairingChecked && PAIRING.has(error.what);
  const gtin = meaning.kind === 'gtin' ? meaning.gtin : gtinIn(strict.elements);
  return {
    input: raw,
    valid: error === null || isForgiven,
    kind: kindOf(meaning, isForgiven),
    ...(error === null || isForgiven ? {} : { error }),
    ...(gtin === null ? {} : { gtin }),
    ...(strict.elements.length === 0 ? {} : { elements: strict.elements.map(titled) }),
    ...measures(meaning, strict.elements, setting),
    ...factsOf(meaning),
  };
}

/** No catalogue is asked here, so a damaged code is no alias. */
function kindOf(meaning: ScanMeaning, isForgiven: boolean): ScanMeaning['kind'] {
  if (meaning.kind !== 'alias' || meaning.error === undefined) return meaning.kind;
  return isForgiven ? 'elements' : 'invalid';
}

const PAIRING: ReadonlySet<string> = new Set([
  'ai_required',
  'ai_excluded',
  'ai_repeated_with_other_value',
  'signature_without_serialised_key',
]);

interface Strict {
  readonly elements: readonly PlacedElement[];
  /** Where it stands in the text as it came. */
  readonly fault: Gs1Fault | null;
}

const NOTHING: Strict = { elements: [], fault: null };

function readStrictly(raw: string, meaning: ScanMeaning): Strict {
  if (meaning.kind === 'invalid') return NOTHING;
  const sent = raw.trim();
  const by = raw.length - raw.trimStart().length;
  const { aim, text } = splitAim(sent);
  const carrier = aim === null ? null : carrierOf(aim);
  if (carrier === null || carrier === 'text') return readForm(text, carrier, by + sent.length - text.length);
  // In a barcode that carries no GS1 data a shop's own numbers are at home, but no GTIN.
  const isOwn = meaning.kind !== 'gtin' && !('error' in meaning);
  if (carrier === 'other' && isOwn) return NOTHING;
  const read = readScan(sent);
  if (read.ok) return { elements: read.value.elements, fault: null };
  const { elements } = carrier === 'gs1' ? readForm(text, carrier, by + 3) : NOTHING;
  return { elements, fault: { ...read.error, at: read.error.at + by } };
}

function readForm(text: string, carrier: Carrier | null, by: number): Strict {
  const found = readGs1Text(text, carrier);
  if (found === null) return NOTHING;
  const { form, read } = found;
  if (!read.ok) return { elements: [], fault: { ...read.error, at: read.error.at + by } };
  if (form === 'bare') {
    return { elements: read.value, fault: { what: 'missing_symbology_identifier', at: by, length: 0 } };
  }
  const strict = form === 'link' ? readLink(text) : read;
  const fault = strict.ok ? pairingFault(strict.value) : strict.error;
  return { elements: read.value, fault: fault === null ? null : { ...fault, at: fault.at + by } };
}

function titled({ ai, value }: PlacedElement): { ai: string; title: string; value: string } {
  return { ai, title: aiEntry(ai)?.title ?? '', value };
}

function plainFault({ at, what, length, ai }: Gs1Fault): CodeFault {
  return { at, what, length, ...(ai === undefined ? {} : { ai }) };
}

/** What the till would say, with the place. */
function errorOf(raw: string, meaning: ScanMeaning, setting: ScanSetting): CodeFault | null {
  if (meaning.kind !== 'invalid' && meaning.kind !== 'alias') return null;
  return meaning.error === undefined ? null : placed(raw, meaning.error, setting);
}

function placed(raw: string, error: ScanError, setting: ScanSetting): CodeFault {
  const last = raw.trimEnd().length - 1;
  switch (error.kind) {
    case 'gs1':
      return plainFault(error);
    case 'check_digit':
    case 'member_check_digit': {
      // Behind a space is an add-on: the check digit is the last digit before it.
      const space = raw.trimEnd().indexOf(' ', raw.length - raw.trimStart().length);
      return { at: space < 0 ? last : space - 1, what: 'incorrect_check_digit', expected: error.expected };
    }
    case 'price_verifier': {
      const digits = splitAim(raw.trim()).text;
      const verifiers = setting.templates
        .filter(({ pattern }) => fitsDigits(pattern, digits.padStart(pattern.length, '0')))
        .map(({ pattern }) => pattern.length - pattern.indexOf('V'));
      return {
        at: last + 1 - (verifiers[0] ?? 1),
        what: 'incorrect_price_verifier',
        expected: error.expected,
      };
    }
    case 'empty':
      return { at: 0, what: 'empty' };
    case 'too_long':
      return { at: error.lengthMax, what: 'too_long' };
    case 'not_text':
      return { at: Math.max(0, raw.search(/[\u0000-\u001c\u001e\u001f\u007f\ufffd]/)), what: 'not_text' };
  }
}

function fitsDigits(pattern: string, digits: string): boolean {
  return (
    pattern.includes('V') &&
    pattern.length === digits.length &&
    [...pattern].every((mark, index) => !/\d/.test(mark) || mark === digits[index])
  );
}

function measures(
  meaning: ScanMeaning,
  elements: readonly PlacedElement[],
  { currencyDigits }: ScanSetting,
): Pick<CodeReport, 'price' | 'weight'> {
  if (meaning.kind === 'embedded_price') {
    return { price: { value: meaning.priceMinor, decimals: currencyDigits } };
  }
  if (meaning.kind === 'embedded_weight') {
    return { weight: { value: meaning.weightG, decimals: 3, unit: 'kg' } };
  }
  const [price, weight] = [priceTold(elements), weightTold(elements)];
  return { ...(price === null ? {} : { price }), ...(weight === null ? {} : { weight }) };
}

/** Told elsewhere, or not for a report. */
const TOLD: ReadonlySet<string> = new Set(['kind', 'gtin', 'elements', 'error', 'priceMinor', 'weightG']);

function factsOf(meaning: ScanMeaning): Record<string, unknown> {
  if (meaning.kind === 'alias' && meaning.error !== undefined) return {};
  return Object.fromEntries(
    Object.entries(meaning).filter(
      ([name, value]) => !TOLD.has(name) && !(Array.isArray(value) && value.length === 0),
    ),
  );
}
