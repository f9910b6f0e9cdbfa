/**
 * What a scanner sends: an AIM symbology identifier such as `]C1`, then the content of the barcode.
 *
 * Pure. The identifier tells whether the content is GS1 data, an EAN, or any text. "Data" here is the content without the ways
 * of the line: `^` for FNC1, `|` before a composite part, and a `\` before a text that itself begins with `^`.
 * Sources: ISO/IEC 15424; GS1 General Specifications 7.8 and 5.1.
 */
import { elementString, GS, type PlacedElement, readElements, readUnbracketed } from './gs1.ts';
import type { Gs1Fault } from './gs1-fault.ts';
import { isWebAddress, readLink } from './gs1-link.ts';
import { pairingFault } from './gs1-pairing.ts';
import { type LinearKind, readLinear } from './linear.ts';
import { err, ok, type Result } from './result.ts';

/** `gs1`: element strings. `ean`: digits of one length. `text`: 2D without FNC1. `other`: no carrier of GS1 data. */
export type Carrier = 'gs1' | 'ean' | 'text' | 'other';

export interface Symbology {
  readonly name: SymbologyName;
  readonly carrier: Exclude<Carrier, 'other'>;
}

export type SymbologyName =
  | ('EAN13' | 'EAN8' | 'UPCA' | 'UPCE' | 'EAN_ADD_ON' | 'ITF14')
  | ('GS1_128_CCA' | 'GS1_128_CCC' | 'DataBarExpanded' | 'QR' | 'DM' | 'DotCode');

export interface ScanData {
  readonly symbology: SymbologyName;
  readonly data: string;
  /** Of GS1 data, of a Digital Link, of a composite part; `at` counts in what was sent. */
  readonly elements: readonly PlacedElement[];
}

/**
 * The AIM symbology identifier, `]` with a letter and a modifier, apart from the code.
 *
 * @example splitAim(']E04006381333931') // { text: '4006381333931', aim: ']E0' }
 */
export function splitAim(text: string): { readonly text: string; readonly aim: string | null } {
  const match = /^\][A-Za-z][0-9A-Za-z]/.exec(text);
  return match === null ? { text, aim: null } : { text: text.slice(3), aim: match[0] };
}

export function carrierOf(aim: string): Carrier {
  return SYMBOLOGIES[aim]?.carrier ?? 'other';
}

const SYMBOLOGIES: Readonly<Record<string, Symbology>> = {
  ']E0': { name: 'EAN13', carrier: 'ean' },
  ']E3': { name: 'EAN_ADD_ON', carrier: 'ean' },
  ']E4': { name: 'EAN8', carrier: 'ean' },
  ']I1': { name: 'ITF14', carrier: 'ean' },
  ']C1': { name: 'GS1_128_CCA', carrier: 'gs1' },
  ']e0': { name: 'DataBarExpanded', carrier: 'gs1' },
  ']d2': { name: 'DM', carrier: 'gs1' },
  ']Q3': { name: 'QR', carrier: 'gs1' },
  ']J1': { name: 'DotCode', carrier: 'gs1' },
  ']d0': { name: 'DM', carrier: 'text' },
  ']d1': { name: 'DM', carrier: 'text' },
  ']Q0': { name: 'QR', carrier: 'text' },
  ']Q1': { name: 'QR', carrier: 'text' },
  ']J0': { name: 'DotCode', carrier: 'text' },
};

/**
 * Reads all that a scanner sent, and takes nothing for granted: without an identifier, or with one of a barcode that does not
 * carry GS1 data, it is refused. A till is more forgiving: see `readCode`.
 */
export function readScan(raw: string): Result<ScanData, Gs1Fault> {
  const { aim, text } = splitAim(raw);
  if (aim === null) return err({ what: 'missing_symbology_identifier', at: 0, length: 0 });
  const symbology = SYMBOLOGIES[aim];
  if (symbology === undefined) return err({ what: 'unsupported_symbology', at: 0, length: 3 });
  const { name, carrier } = symbology;
  if (carrier === 'gs1') {
    const elements = whole(readElements(raw, 3));
    return elements.ok
      ? ok({ symbology: name, data: `^${dataOf(text)}`, elements: elements.value })
      : elements;
  }
  if (carrier === 'ean') return readPrimary(raw, name);
  if (!isWebAddress(text)) return ok({ symbology: name, data: escaped(text), elements: [] });
  const link = whole(readLink(text));
  return link.ok ? ok({ symbology: name, data: text, elements: moved(link.value, 3) }) : moveFault(link, 3);
}

/** Elements that also go together. */
function whole(read: Result<PlacedElement[], Gs1Fault>): Result<PlacedElement[], Gs1Fault> {
  if (!read.ok) return read;
  const fault = pairingFault(read.value);
  return fault === null ? read : err(fault);
}

/** Digits with their check digit, and what a composite part, if there is one, tells beside them. */
function readPrimary(raw: string, name: SymbologyName): Result<ScanData, Gs1Fault> {
  const bar = raw.indexOf('|');
  const end = bar < 0 ? raw.length : bar;
  const digits = raw.slice(3, end);
  const [length, addOnMax] =
    name === 'EAN8' ? [8, 0] : name === 'ITF14' ? [14, 0] : [13, name === 'EAN13' ? 0 : 5];
  const addOn = digits.slice(length);
  const isLong = addOnMax === 0 ? addOn !== '' : !/^(?:\d{2}|\d{5})$/.test(addOn);
  if (digits.length < length || isLong) return err({ what: 'bad_length', at: 3, length: digits.length });
  const number = readLinear(name === 'EAN_ADD_ON' ? 'EAN13' : (name as LinearKind), digits.slice(0, length));
  if (!number.ok) return moveFault(number, 3);
  const main = addOn === '' ? digits : `${digits.slice(0, length)} ${addOn}`;
  if (bar < 0) return ok({ symbology: name, data: main, elements: [] });
  if (!raw.startsWith(']e0', bar + 1)) return err({ what: 'unsupported_symbology', at: bar + 1, length: 3 });
  const composite = readElements(raw, bar + 4);
  if (!composite.ok) return composite;
  return ok({ symbology: name, data: `${main}|^${dataOf(raw.slice(bar + 4))}`, elements: composite.value });
}

function dataOf(text: string): string {
  return text.replaceAll(GS, '^');
}

/** A text that begins with `^`, or with backslashes before it, gets one more, so that it is no GS1 data. */
function escaped(text: string): string {
  return /^\\*\^/.test(text) ? `\\${text}` : text;
}

function moved(elements: readonly PlacedElement[], by: number): PlacedElement[] {
  return elements.map((element) => ({ ...element, at: element.at + by }));
}

function moveFault(
  failed: { readonly ok: false; readonly error: Gs1Fault },
  by: number,
): { readonly ok: false; readonly error: Gs1Fault } {
  return err({ ...failed.error, at: failed.error.at + by });
}

// ---- the other way: what a scanner would send ----

/** What a scanner sends for a symbol with this data: for virtual scanners and tests of real ones. */
export function scanOf(symbology: SymbologyName, data: string): Result<string, Gs1Fault> {
  const bar = data.indexOf('|^');
  const isPlain = PLAIN_AIM[symbology] !== undefined && !data.startsWith('^');
  const main = bar < 0 || isPlain ? data : data.slice(0, bar);
  const composite = bar < 0 || isPlain ? null : data.slice(bar + 1);
  if (isPlain) return ok(`${PLAIN_AIM[symbology]}${/^\\+\^/.test(data) ? data.slice(1) : data}`);
  const gs1Aim = GS1_AIM[symbology];
  if (gs1Aim === undefined) return scanOfPrimary(symbology, main, composite);
  const elements = readUnbracketed(main);
  if (!elements.ok) return elements;
  if (composite === null) return ok(`${gs1Aim}${main.slice(1).replaceAll('^', GS)}`);
  const more = readUnbracketed(composite);
  // Both parts of a composite symbol are sent as one element string, as DataBar.
  return more.ok ? ok(`]e0${elementString([...elements.value, ...more.value])}`) : more;
}

const GS1_AIM: Readonly<Partial<Record<SymbologyName, string>>> = {
  GS1_128_CCA: ']C1',
  GS1_128_CCC: ']C1',
  DataBarExpanded: ']e0',
  DM: ']d2',
  QR: ']Q3',
  DotCode: ']J1',
};

const PLAIN_AIM: Readonly<Partial<Record<SymbologyName, string>>> = { DM: ']d1', QR: ']Q1', DotCode: ']J0' };

/** UPC-A and UPC-E are sent as the 13 digits of EAN-13. */
function scanOfPrimary(
  symbology: SymbologyName,
  main: string,
  composite: string | null,
): Result<string, Gs1Fault> {
  const size = symbology === 'EAN8' ? 8 : symbology === 'ITF14' ? 14 : 13;
  const digits = main.startsWith('^01') ? main.slice(3).slice(-size) : main;
  const kind = symbology === 'UPCE' ? 'UPCA' : (symbology as LinearKind);
  const number = readLinear(size === 13 && digits.length >= 13 ? 'EAN13' : kind, digits);
  if (!number.ok) return number;
  const aim = symbology === 'EAN8' ? ']E4' : symbology === 'ITF14' ? ']I1' : ']E0';
  const sent = `${aim}${number.value.digits.padStart(size, '0')}`;
  return ok(composite === null ? sent : `${sent}|]e0${composite.slice(1).replaceAll('^', GS)}`);
}
