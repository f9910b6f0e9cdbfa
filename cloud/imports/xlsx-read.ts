/**
 * A sheet of an Excel workbook (.xlsx) as rows of texts. Formulas are never evaluated: what the file stored as their result
 * is what counts.
 *
 * A workbook is a zip of XML. Its declared sizes are checked before anything is inflated, and only the parts that are needed
 * are; the XML reader expands no entities, so neither kind of bomb goes off. Source: ECMA-376 part 1, 18.3 and 18.8.
 */
import { strFromU8, unzipSync } from 'fflate';
import { SaxesParser, type SaxesTagPlain } from 'saxes';
import { err, ok, type Result } from '../../src/core/result.ts';

export interface Sheet {
  readonly name: string;
  readonly names: readonly string[];
  readonly rows: readonly { readonly no: number; readonly cells: readonly string[] }[];
}

export type SheetError =
  | { readonly kind: 'xlsx_broken'; readonly message: string }
  | { readonly kind: 'xlsx_too_large'; readonly part: string; readonly bytesMax: number }
  | { readonly kind: 'unknown_sheet'; readonly names: readonly string[] };

/** What one part may be after inflating; a sheet of 300,000 rows is about 150 MB. */
const PART_BYTES_MAX = 256 * 1024 * 1024;
const PARTS_MAX = 10_000;
/** Excel's own. */
const COLUMNS_MAX = 16_384;

export function readSheet(bytes: Uint8Array, wanted: string | null): Result<Sheet, SheetError> {
  try {
    return ok(sheetOf(new Parts(bytes), wanted));
  } catch (cause) {
    if (cause instanceof SheetFault) return err(cause.error);
    return err({ kind: 'xlsx_broken', message: 'this is no whole Excel workbook: open and save it again' });
  }
}

class SheetFault extends Error {
  readonly error: SheetError;
  constructor(error: SheetError) {
    super(error.kind);
    this.error = error;
  }
}

class Parts {
  private readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** null when there is no such part. */
  read(name: string): Uint8Array | null {
    let seen = 0;
    const found = unzipSync(this.bytes, {
      filter: (file) => {
        if (++seen > PARTS_MAX)
          throw new SheetFault({ kind: 'xlsx_broken', message: 'it has too many parts' });
        if (file.name !== name) return false;
        if (file.originalSize > PART_BYTES_MAX)
          throw new SheetFault({ kind: 'xlsx_too_large', part: name, bytesMax: PART_BYTES_MAX });
        return true;
      },
    });
    return found[name] ?? null;
  }

  need(name: string): Uint8Array {
    const part = this.read(name);
    if (part === null) throw new SheetFault({ kind: 'xlsx_broken', message: `it lacks ${name}` });
    return part;
  }
}

function sheetOf(parts: Parts, wanted: string | null): Sheet {
  const { sheets, is1904 } = workbookOf(parts.need('xl/workbook.xml'));
  const targets = targetsOf(parts.need('xl/_rels/workbook.xml.rels'));
  const names = sheets.map(({ name }) => name);
  const sheet = wanted === null ? sheets[0] : sheets.find(({ name }) => name === wanted);
  if (sheet === undefined) throw new SheetFault({ kind: 'unknown_sheet', names });
  const target = targets.get(sheet.relation) ?? '';
  const shared = stringsOf(parts.read('xl/sharedStrings.xml'));
  const dated = datedStylesOf(parts.read('xl/styles.xml'));
  const path = target.startsWith('/') ? target.slice(1) : `xl/${target}`;
  return { name: sheet.name, names, rows: rowsOf(parts.need(path), { shared, dated, is1904 }) };
}

/** @param on.text of the element that is open, said in pieces */
function parseXml(
  bytes: Uint8Array,
  on: {
    readonly open: (name: string, attributes: SaxesTagPlain['attributes']) => void;
    readonly text?: (text: string) => void;
    readonly close?: (name: string) => void;
  },
): void {
  const parser = new SaxesParser();
  const local = (name: string) => name.slice(name.indexOf(':') + 1);
  parser.on('opentag', ({ name, attributes }) => on.open(local(name), attributes));
  if (on.text !== undefined) parser.on('text', on.text);
  if (on.close !== undefined) parser.on('closetag', ({ name }) => on.close!(local(name)));
  parser.on('error', (cause) => {
    throw cause;
  });
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const step = 1 << 20;
  for (let from = 0; from < bytes.length; from += step) {
    parser.write(decoder.decode(bytes.subarray(from, from + step), { stream: true }));
  }
  parser.write(decoder.decode()).close();
}

function workbookOf(bytes: Uint8Array) {
  const sheets: { name: string; relation: string }[] = [];
  let is1904 = false;
  parseXml(bytes, {
    open: (name, attributes) => {
      if (name === 'sheet') sheets.push({ name: attributes.name ?? '', relation: attributes['r:id'] ?? '' });
      if (name === 'workbookPr') is1904 = attributes.date1904 === '1' || attributes.date1904 === 'true';
    },
  });
  return { sheets, is1904 };
}

function targetsOf(bytes: Uint8Array): Map<string, string> {
  const targets = new Map<string, string>();
  parseXml(bytes, {
    open: (name, { Id, Target }) => {
      if (name === 'Relationship' && Id !== undefined && Target !== undefined) targets.set(Id, Target);
    },
  });
  return targets;
}

/** Rich text is its runs together; phonetic hints are not part of it. */
function stringsOf(bytes: Uint8Array | null): string[] {
  const strings: string[] = [];
  if (bytes === null) return strings;
  let text = '';
  let [inText, hints] = [false, 0];
  parseXml(bytes, {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') hints++;
      if (name === 't') inText = hints === 0;
    },
    text: (piece) => {
      if (inText) text += piece;
    },
    close: (name) => {
      if (name === 't') inText = false;
      if (name === 'rPh') hints--;
      if (name === 'si') strings.push(text);
    },
  });
  return strings;
}

/** Number formats that show a day: those built in (the East Asian ones too), and those whose code has y or d in it. */
const DATED_BUILT_IN = new Set([14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58]);

/** Which cell styles show a day. */
function datedStylesOf(bytes: Uint8Array | null): boolean[] {
  const dated: boolean[] = [];
  if (bytes === null) return dated;
  const codes = new Map<string, string>();
  let inCells = false;
  parseXml(bytes, {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(attributes.numFmtId ?? '', attributes.formatCode ?? '');
      if (name === 'cellXfs') inCells = true;
      if (name === 'xf' && inCells) dated.push(isDated(attributes.numFmtId ?? '0', codes));
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false;
    },
  });
  return dated;
}

function isDated(id: string, codes: ReadonlyMap<string, string>): boolean {
  const code = codes.get(id);
  if (code === undefined) return DATED_BUILT_IN.has(Number(id));
  // Not what stands in quotes, brackets or after a backslash.
  return /[yd]/i.test(code.replace(/"[^"]*"|\[[^\]]*\]|\\./g, ''));
}

interface Ground {
  readonly shared: readonly string[];
  readonly dated: readonly boolean[];
  readonly is1904: boolean;
}

function rowsOf(bytes: Uint8Array, ground: Ground): Sheet['rows'] {
  const rows: { no: number; cells: string[] }[] = [];
  let cells: string[] = [];
  let [rowNo, column, type, style, value, inValue] = [0, -1, 'n', 0, '', false];
  parseXml(bytes, {
    open: (name, attributes) => {
      if (name === 'row') {
        rowNo = attributes.r === undefined ? rowNo + 1 : Number(attributes.r);
        cells = [];
        column = -1;
      } else if (name === 'c') {
        column = attributes.r === undefined ? column + 1 : columnOf(attributes.r);
        if (column < 0 || column >= COLUMNS_MAX)
          throw new SheetFault({ kind: 'xlsx_broken', message: 'a cell has no place' });
        [type, style, value] = [attributes.t ?? 'n', Number(attributes.s ?? 0), ''];
      } else if (name === 'v' || name === 't') inValue = true;
    },
    text: (piece) => {
      if (inValue) value += piece;
    },
    close: (name) => {
      if (name === 'v' || name === 't') inValue = false;
      else if (name === 'c') {
        while (cells.length < column) cells.push('');
        cells[column] = cellText(type, style, value, ground);
      } else if (name === 'row') rows.push({ no: rowNo, cells });
    },
  });
  return rows;
}

/** `AB12` as 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (const sign of reference) {
    const letter = sign.charCodeAt(0) - 64;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  return column - 1;
}

function cellText(type: string, style: number, value: string, { shared, dated, is1904 }: Ground): string {
  switch (type) {
    case 's':
      return shared[Number(value)] ?? '';
    case 'b':
      return value === '1' ? 'true' : value === '' ? '' : 'false';
    case 'n': {
      if (value === '') return '';
      const number = Number(value);
      if (!Number.isFinite(number)) return value;
      return dated[style] === true ? dayOf(number, is1904) : plainNumber(number);
    }
    // inlineStr, str (a formula's text), e (an error, said as it stands), d.
    default:
      return value;
  }
}

/** 13800000001, not 1.3800000001E10: phones and cards are numbers to a spreadsheet. */
function plainNumber(number: number): string {
  if (Number.isInteger(number) && Math.abs(number) < 1e21) return BigInt(number).toString();
  return String(Number(number.toPrecision(15)));
}

const DAY_MS = 86_400_000;

/** A serial day. The 1900 system has a 29 February 1900 that never was: days before it are one off. */
function dayOf(serial: number, is1904: boolean): string {
  const day = Math.floor(serial);
  const epoch = is1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, day < 60 ? 31 : 30);
  const date = new Date(epoch + day * DAY_MS);
  return Number.isNaN(date.getTime()) || day < 0 ? String(serial) : date.toISOString().slice(0, 10);
}

/** For tests of the parts: the text of one. */
export function partText(bytes: Uint8Array, name: string): string {
  return strFromU8(new Parts(bytes).need(name));
}
