/**
 * A file as a table: a row of headers, then rows with their number in the file, whatever the format.
 *
 * Rows come one by one, so a large file is never held twice. Empty rows are left out, and a row with cells beyond the headers
 * or fewer of them is told as it is: `ragged`.
 */
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { err, ok, type Result } from '../../src/core/result.ts';
import { decodeText, type Encoding, type EncodingError } from './encoding.ts';
import { readSheet, type SheetError } from './xlsx-read.ts';

export interface TableRow {
  /** As a person counts: the headers are row 1. */
  readonly no: number;
  /** As many as there are headers; cells that a short row lacks are ''. */
  readonly cells: readonly string[];
  /** Cells that the row has in the file. */
  readonly width: number;
}

export interface Table {
  readonly format: 'csv' | 'xlsx';
  /** Of a CSV file. */
  readonly encoding: Encoding | null;
  /** Of a CSV file: `,`, `;` or a tab. */
  readonly delimiter: string | null;
  readonly sheet: string | null;
  /** All sheets of a workbook. */
  readonly sheets: readonly string[];
  readonly headers: readonly string[];
  readonly rows: readonly TableRow[];
}

export type TableError =
  | EncodingError
  | SheetError
  | { readonly kind: 'empty' }
  /** Bytes of something else, whatever its name ends with. */
  | { readonly kind: 'not_a_table'; readonly is: Stranger }
  | { readonly kind: 'header_missing'; readonly column: number }
  | { readonly kind: 'header_twice'; readonly header: string }
  | { readonly kind: 'too_large'; readonly what: string; readonly max: number }
  /** A quote that never ends, and the like. */
  | { readonly kind: 'csv_broken'; readonly row: number; readonly message: string };

export type Stranger = 'picture' | 'pdf' | 'old_excel' | 'archive' | 'no_text';

export const ROWS_MAX = 300_000;
export const COLUMNS_MAX = 200;
export const CELL_CHARS_MAX = 10_000;

export interface TableAsked {
  readonly encoding: Encoding | null;
  /** null: the first. */
  readonly sheet: string | null;
}

export async function readTable(bytes: Uint8Array, asked: TableAsked): Promise<Result<Table, TableError>> {
  // A workbook is a zip; nothing else that is read here begins like one.
  if (bytes[0] === 0x50 && bytes[1] === 0x4b && bytes[2] === 0x03 && bytes[3] === 0x04) {
    const sheet = readSheet(bytes, asked.sheet);
    if (!sheet.ok) return sheet;
    const { name, names, rows } = sheet.value;
    return tableOf(rows, { format: 'xlsx', encoding: null, delimiter: null, sheet: name, sheets: names });
  }
  const stranger = strangerOf(bytes, asked.encoding);
  if (stranger !== null) return err({ kind: 'not_a_table', is: stranger });
  const decoded = decodeText(bytes, asked.encoding);
  if (!decoded.ok) return decoded;
  const { text, encoding } = decoded.value;
  const delimiter = delimiterOf(text);
  const rows = await csvRows(text, delimiter);
  if (!rows.ok) return rows;
  return tableOf(rows.value, { format: 'csv', encoding, delimiter, sheet: null, sheets: [] });
}

/** What files begin with that are sent by mistake. */
const STRANGERS: readonly (readonly [readonly number[], Stranger])[] = [
  [[0x89, 0x50, 0x4e, 0x47], 'picture'],
  [[0xff, 0xd8, 0xff], 'picture'],
  [[0x47, 0x49, 0x46, 0x38], 'picture'],
  [[0x25, 0x50, 0x44, 0x46], 'pdf'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'old_excel'],
  [[0x1f, 0x8b], 'archive'],
  [[0x52, 0x61, 0x72, 0x21], 'archive'],
  [[0x37, 0x7a, 0xbc, 0xaf], 'archive'],
];

function strangerOf(bytes: Uint8Array, named: Encoding | null): Stranger | null {
  const known = STRANGERS.find(([signs]) => signs.every((sign, index) => bytes[index] === sign));
  if (known !== undefined) return known[1];
  // Text of none of our encodings holds a zero byte, but UTF-16, which says so by its mark or is named.
  const marked = (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff);
  return named === null && !marked && bytes.subarray(0, 4_096).includes(0) ? 'no_text' : null;
}

export interface RawRow {
  readonly no: number;
  readonly cells: readonly string[];
}

function tableOf(
  rows: readonly RawRow[],
  source: Pick<Table, 'format' | 'encoding' | 'delimiter' | 'sheet' | 'sheets'>,
): Result<Table, TableError> {
  const [first, ...rest] = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  if (first === undefined) return err({ kind: 'empty' });
  const headers = trimEnd(first.cells.map((cell) => cell.trim()));
  if (headers.length > COLUMNS_MAX) return err({ kind: 'too_large', what: 'columns', max: COLUMNS_MAX });
  const missing = headers.indexOf('');
  if (missing >= 0) return err({ kind: 'header_missing', column: missing + 1 });
  const twice = headers.find((header, index) => headers.indexOf(header) !== index);
  if (twice !== undefined) return err({ kind: 'header_twice', header: twice });
  if (rest.length > ROWS_MAX) return err({ kind: 'too_large', what: 'rows', max: ROWS_MAX });
  return ok({
    ...source,
    headers,
    rows: rest.map(({ no, cells }) => {
      const own = trimEnd(cells);
      return {
        no,
        width: Math.max(own.length, Math.min(cells.length, headers.length)),
        cells: headers.map((_header, index) => cells[index] ?? ''),
      };
    }),
  });
}

/** Spreadsheets like to write commas after the last cell. */
function trimEnd(cells: readonly string[]): string[] {
  let length = cells.length;
  while (length > 0 && cells[length - 1]!.trim() === '') length--;
  return cells.slice(0, length);
}

/** The one that the first line has most of, outside quotes. */
function delimiterOf(text: string): string {
  const line = /^(?:[^"\n\r]|"[^"]*")*/.exec(text.slice(0, 64 * 1024))![0].replace(/"[^"]*"/g, '');
  const counts = [',', ';', '\t', '|'].map((sign) => ({ sign, n: line.split(sign).length - 1 }));
  return counts.sort((a, b) => b.n - a.n)[0]!.n === 0 ? ',' : counts[0]!.sign;
}

async function csvRows(text: string, delimiter: string): Promise<Result<RawRow[], TableError>> {
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: COLUMNS_MAX * CELL_CHARS_MAX,
    info: true,
  });
  const rows: RawRow[] = [];
  let no = 0;
  parser.on('data', ({ record }: { record: string[] }) => {
    no++;
    if (rows.length <= ROWS_MAX) rows.push({ no, cells: record });
  });
  try {
    Readable.from(pieces(text)).pipe(parser);
    await once(parser, 'end');
    return ok(rows);
  } catch (cause) {
    const { message } = cause as CsvError;
    // Its own words hold pieces of the file.
    return err({ kind: 'csv_broken', row: no + 1, message: message.split(/[:,(]/)[0]!.trim() });
  }
}

/** So that other work of the process has its turn between them. */
function* pieces(text: string): Generator<string> {
  for (let from = 0; from < text.length; from += 1 << 18) yield text.slice(from, from + (1 << 18));
}
