/**
 * All vectors of ../shared/data/gs1, each kind by what it is about; `npm run vectors` prints what passed.
 *
 * Passed over, with their reasons: see `outOfScope`. Skipped as a whole where ../shared is absent.
 */
import { describe, expect, test } from 'vitest';
import { readScan, type SymbologyName, scanOf, splitAim } from '../../src/core/aim.ts';
import { readCode } from '../../src/core/barcode.ts';
import { reportOn } from '../../src/core/code-report.ts';
import {
  bracketed,
  elementString,
  type PlacedElement,
  readableLines,
  readBracketed,
  readElements,
  readUnbracketed,
  unbracketed,
} from '../../src/core/gs1.ts';
import type { Gs1Fault } from '../../src/core/gs1-fault.ts';
import { linkOf, readLink } from '../../src/core/gs1-link.ts';
import { checkNamed } from '../../src/core/gs1-lint.ts';
import { pairingFault } from '../../src/core/gs1-pairing.ts';
import { dateOf } from '../../src/core/gs1-value.ts';
import { checkDigit, expandUpcE, parseGtin } from '../../src/core/gtin.ts';
import { type LinearKind, readLinear } from '../../src/core/linear.ts';
import { err, type Result } from '../../src/core/result.ts';
import { VectorTally } from '../kit/vector-tally.ts';
import { allGs1Vectors, type Gs1Vector, hasShared } from './shared.ts';

type Read = Result<PlacedElement[], Gs1Fault>;
/** What ours answers, in the words of the vector: equal or not. */
type Judge = (vector: Gs1Vector) => { readonly ours: unknown; readonly theirs: unknown };

const SETTING = { templates: [], currencyDigits: 2, currencyCode: 'CNY', yearNow: 2026 };

/** Why a vector is not judged; null: it is. */
function outOfScope(vector: Gs1Vector): string | null {
  if (vector.peers_disagree === true) return 'the reference implementations disagree about it';
  if (vector.kind === 'component_lint' && /GCP_PREFIX|GCP_DATASOURCE/.test(vector.error ?? '')) {
    return "asks GS1's register of companies, which nobody has at a till";
  }
  if (vector.error?.startsWith('renderXdim') === true) return 'is about the width of a bar on paper';
  return null;
}

function together(read: Read): Read {
  const fault = read.ok ? pairingFault(read.value) : null;
  return fault === null ? read : err(fault);
}

function valueIf<T, U>(read: Result<T, unknown>, told: (value: T) => U): U | null {
  return read.ok ? told(read.value) : null;
}

/** `12*3*4`: the part at fault between marks. */
function marked(text: string, { at, length }: { at: number; length: number }): string {
  return `${text.slice(0, at)}*${text.slice(at, at + length)}*${text.slice(at + length)}`;
}

const errorName = (error: string | undefined) => error?.toLowerCase().replace('exipiration', 'expiration');

const bracketedTogether: Judge = ({ input, valid, options }) => {
  const read = readBracketed(input, { isUnknownAiPermitted: options?.PermitUnknownAIs === true });
  const isChecked = options?.requisites !== false;
  return { ours: (isChecked ? together(read) : read).ok, theirs: valid };
};

const bareLink: Judge = ({ input, valid, options, expect: theirs }) => {
  const read = together(
    readLink(input, {
      isShortGtinPermitted: options?.PermitZeroSuppressedGTINinDLuris === true,
      isUnknownAttributePermitted: options?.validate_UNKNOWN_AI_NOT_DL_ATTR === false,
    }),
  );
  return theirs === undefined
    ? { ours: read.ok, theirs: valid }
    : { ours: valueIf(read, unbracketed), theirs: valid ? theirs : null };
};

/** `(15)2602|30|`: the element at fault, and in it the part. */
const label: Judge = (vector) => {
  const { input, valid, markup } = vector;
  const read = together(readBracketed(input));
  if (read.ok) {
    const link = linkOf(read.value, 'https://id.gs1.org');
    const ours = {
      unbracketed: unbracketed(read.value),
      hri: readableLines(read.value),
      sent: elementString(read.value),
      ...(vector.dl == null ? {} : { dl: valueIf(link, (text) => text) }),
    };
    const sent = splitAim(vector.scan ?? '').text;
    const { unbracketed: plain, hri, dl } = vector;
    return { ours, theirs: { unbracketed: plain, hri, sent, ...(dl == null ? {} : { dl }) } };
  }
  if (markup === undefined || markup === '') return { ours: read.ok, theirs: valid };
  const { at, length, ai } = read.error;
  // The last element of its identifier is the damaged one; only the failing component is shown.
  const valueAt = input.lastIndexOf(`(${ai})`) + ai!.length + 2;
  const [before, part] = markup.split('|') as [string, string];
  const ours = { ai: `(${ai})`, at: at - valueAt, part: input.slice(at, at + length) };
  const theirAi = /^\(\d+\)/.exec(markup)![0];
  return { ours, theirs: { ai: theirAi, at: before.length - theirAi.length, part } };
};

const JUDGES: Readonly<Record<string, Judge>> = {
  ai_association: bracketedTogether,
  ai_element_string: bracketedTogether,
  ai_component_lint: ({ input, error }) => {
    const read = readBracketed(input);
    return { ours: read.ok ? undefined : read.error.what, theirs: errorName(error) };
  },
  ai_error_markup: label,
  label_roundtrip: label,
  ai_to_dl: ({ input, stem = 'https://id.gs1.org', expect: theirs }) => {
    const read = readBracketed(input);
    const link = read.ok ? linkOf(read.value, stem) : read;
    return { ours: valueIf(link, (text) => text), theirs: theirs ?? null };
  },
  bracketed_to_unbracketed: ({ input, expect: theirs }) => ({
    ours: valueIf(readBracketed(input), unbracketed),
    theirs: theirs ?? null,
  }),
  unbracketed_valid: ({ input, valid }) => ({ ours: readUnbracketed(input).ok, theirs: valid }),
  component_lint: ({ input, linter, error, markup }) => {
    const flaw = checkNamed(linter!)(input);
    return {
      ours: flaw === null ? {} : { what: flaw.what, markup: marked(input, flaw) },
      theirs: error === undefined ? {} : { what: errorName(error), markup },
    };
  },
  dl_to_unbracketed: bareLink,
  dl_uri: bareLink,
  scan_to_data: ({ input, symbology, expect: data, valid }) => ({
    ours: valueIf(readScan(input), (scan) => ({ symbology: scan.symbology, data: scan.data })),
    theirs: valid ? { symbology, data } : null,
  }),
  data_to_scan: ({ input, symbology, expect: theirs }) => ({
    ours: valueIf(scanOf(symbology as SymbologyName, input), (text) => text),
    theirs: theirs ?? null,
  }),
  scanner_input: ({ input, symbology, data, bracketed: labelled, hri, valid }) => ({
    ours: valueIf(readScan(input), (scan) => ({
      symbology: scan.symbology,
      data: scan.data,
      labelled: scan.elements.length === 0 ? null : bracketed(scan.elements),
      hri: readableLines(scan.elements),
    })),
    theirs: valid ? { symbology, data, labelled, hri } : null,
  }),
  linear_code: ({ input, symbology, valid, bars }) => {
    const read = readLinear(symbology as LinearKind, input);
    if (!read.ok || bars === undefined) return { ours: read.ok, theirs: valid };
    const { digits, addOn } = read.value;
    return { ours: addOn === null ? digits : `${digits} ${addOn}`, theirs: digitsOfBars(symbology!, bars) };
  },
  decoded_text: decodedText,
  embedded_value: embeddedValue,
  gs1_date: ({ input, expect: theirs }) => ({ ours: dateOf(input, 2020), theirs: theirs ?? null }),
  gs1_values: ({ input, expect: theirs }) => ({
    ours: valueIf(readElements(input, 0), (elements) =>
      elements.map(({ ai, value }) => [
        ai,
        ai === '30' ? Number(value) : ai === '13' ? dateOf(value, 2020) : value,
      ]),
    ),
    theirs,
  }),
};

const tally = new VectorTally('gs1');

describe.skipIf(!hasShared('gs1/vectors.jsonl'))(
  'GS1 vectors (skipped where ../shared/data/gs1 is absent)',
  () => {
    const vectors = hasShared('gs1/vectors.jsonl') ? allGs1Vectors() : [];
    const kinds = [...new Set(vectors.map(({ kind }) => kind))].toSorted();
    test.each(kinds)('%s: every vector in scope is answered as it says', (kind) => {
      const missed: unknown[] = [];
      for (const vector of vectors.filter((one) => one.kind === kind)) {
        const reason = outOfScope(vector);
        if (reason !== null) {
          tally.leaveOut(kind, reason);
          continue;
        }
        const { ours, theirs } = JUDGES[kind]!(vector);
        const passed = JSON.stringify(ours) === JSON.stringify(theirs);
        tally.add(kind, passed);
        if (!passed) missed.push({ input: vector.input, ours, theirs });
      }
      expect(missed).toEqual([]);
    });

    test('a report agrees with each vector that is a code as people have it, without any setting', () => {
      const whole =
        /^(?:scanner_input|scan_to_data|label_roundtrip|ai_(?:association|element_string)|dl_uri)$/;
      const missed = vectors
        .filter((vector) => whole.test(vector.kind) && outOfScope(vector) === null)
        .filter(({ options }) => options?.requisites !== false)
        .filter(({ input, valid }) => reportOn(input, { ...SETTING, isPairingChecked: true }).valid !== valid)
        .map(({ kind, input }) => `${kind} ${input}`);
      expect(missed).toEqual([]);
    });

    test('no vector, cut at any place, makes reading throw', () => {
      for (const { input, kind } of vectors) {
        if (kind === 'component_lint') continue;
        for (let end = 0; end <= input.length; end++) readCode(input.slice(0, end), SETTING);
      }
    });
  },
);

// ---- texts that a decoder read off a photograph ----

/** EAN, UPC, ITF-14 and DataBar number an article; GS1 texts are told apart into elements; the rest is any text. */
function decodedText({ input, symbology }: Gs1Vector): ReturnType<Judge> {
  const isNumber = /^(?:EAN13|EAN8|UPCA|UPCE|DATABAR_OMNI)$/.test(symbology!) && /^\d+$/.test(input);
  if (isNumber) {
    const meaning = readCode(input, SETTING);
    const digits = symbology === 'UPCE' ? expandUpcE(input)! : input;
    return { ours: 'gtin' in meaning ? meaning.gtin : meaning.kind, theirs: digits.padStart(14, '0') };
  }
  if (!input.startsWith('(')) return { ours: readCode(input, SETTING).kind !== null, theirs: true };
  const read = readBracketed(input);
  // The decoder checks nothing: these hold countries, currencies and characters that GS1 does not allow.
  const ours = read.ok ? bracketed(read.value) : `${read.error.ai} ${read.error.what}`;
  return { ours, theirs: UNLAWFUL[input] ?? input };
}

const UNLAWFUL: Readonly<Record<string, string>> = {
  '(01)90012345678908(3932)0401234': '3932 not_iso4217',
  '(01)90012345678908(3932)04055GBP': '3932 not_iso4217',
  '(01)90012345678908(3932)04066USD778899': '3932 not_iso4217',
  '(01)90012345678908(3932)040EUR': '3932 not_iso4217',
  '(01)98898765432106(15)991231(3103)001750(10)12A(422)123(21)123456(423)012345678901': '422 not_iso3166',
  '(15)991231(3103)001750(10)12A(422)123(21)123456(423)0123456789012': '422 not_iso3166',
  '(10)1098 1234': '10 invalid_cset82_character',
  '(8110))2345672(1*813': '8110 non_digit_character',
};

// ---- values in the digits ----

/** `22......{NNDD}.` is `22IIIIIIPPPPC` with 2 decimals. A currency of as many decimals makes the value whole. */
function embeddedValue(vector: Gs1Vector): ReturnType<Judge> {
  const right = parseGtin(vector.input).ok;
  for (const { pattern } of vector.patterns!.toSorted((a, b) => sequenceOf(a) - sequenceOf(b))) {
    const value = /\{(N+)(D*)\}/.exec(pattern);
    const decimals = value === null ? 0 : value[2]!.length;
    const marks = value === null ? pattern : pattern.replace(value[0], 'P'.repeat(value[0].length - 2));
    const template = { pattern: marks.replace(/\.$/, 'C').replaceAll('.', 'I'), decimals };
    const meaning = readCode(vector.input, { templates: [template], currencyDigits: decimals });
    if (meaning.kind === 'embedded_price' && right) {
      return { ours: [true, meaning.priceMinor / 10 ** decimals], theirs: [vector.valid, vector.value] };
    }
  }
  // No template fits: a plain number when the digits are right and a pattern without a value was asked for.
  const isPlain = right && vector.patterns!.some(({ pattern }) => !pattern.includes('{'));
  return { ours: [isPlain, 0], theirs: [vector.valid, vector.value] };
}

function sequenceOf(pattern: object): number {
  return (pattern as { sequence?: number }).sequence ?? 0;
}

// ---- bars back to digits ----

/** Widths of the four bars and spaces of a digit in set A; set B is the same backwards. */
const WIDTHS = '3211 2221 2122 1411 1132 1231 1114 1312 1213 3112'.split(' ');
/** Which of the six left digits are of set B, for the first digit of an EAN-13. */
const FIRST_DIGIT = 'AAAAAA AABABB AABBAB AABBBA ABAABB ABBAAB ABBBAA ABABAB ABABBA ABBABA'.split(' ');

/** Reads the widths of an EAN or UPC symbol: its digits, then those of an add-on. */
function digitsOfBars(symbology: string, bars: readonly number[]): string {
  const gap = bars.findIndex((width) => !Number.isInteger(width) || width > 4);
  const main = gap < 0 ? bars : bars.slice(0, gap);
  const [sets, digits] = symbology === 'UPCE' ? pieces(main, [3], 6) : halves(main);
  const addOn = gap < 0 ? '' : ` ${addOnDigits(bars.slice(gap + 1))}`;
  if (symbology === 'UPCE') return upcE(sets, digits) + addOn;
  if (digits.length === 8) return digits + addOn;
  const first = FIRST_DIGIT.indexOf(sets.slice(0, 6));
  return (symbology === 'UPCA' ? digits : `${first}${digits}`) + addOn;
}

function halves(bars: readonly number[]): [string, string] {
  const count = (bars.length - 11) / 8;
  return pieces(bars, [3, 3 + count * 4 + 5], count);
}

function pieces(bars: readonly number[], starts: readonly number[], count: number): [string, string] {
  let [sets, digits] = ['', ''];
  for (const start of starts) {
    for (let index = 0; index < count; index++) {
      const widths = bars.slice(start + index * 4, start + index * 4 + 4).join('');
      const inA = WIDTHS.indexOf(widths);
      sets += inA >= 0 ? 'A' : 'B';
      digits += inA >= 0 ? inA : WIDTHS.indexOf([...widths].reverse().join(''));
    }
  }
  return [sets, digits];
}

/** The check digit of a UPC-E is in its sets: those of an EAN-13 with A and B changed, B first. */
function upcE(sets: string, six: string): string {
  const swapped = sets.replaceAll('A', 'x').replaceAll('B', 'A').replaceAll('x', 'B');
  const check = FIRST_DIGIT.indexOf(swapped);
  expect(checkDigit(expandUpcE(`0${six}${check}`)!.slice(0, 11))).toBe(check);
  return `0${six}${check}`;
}

/** Two digits: start bar, digit, separator, digit. */
function addOnDigits(bars: readonly number[]): string {
  const [, first] = pieces(bars, [3], 1);
  const [, second] = pieces(bars, [9], 1);
  return first + second;
}
