/**
 * Sales files: the columns of the UCI "Online Retail" set, read row by row into receipts that a till can ring up.
 *
 * What is no sale of goods is left out by rule and counted, so that file = replayed + skipped holds to the minor unit.
 */
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { parseMinor } from '../core/money.ts';

export const COLUMNS = [
  'invoice_no',
  'stock_code',
  'description',
  'quantity',
  'invoice_date',
  'unit_price',
  'customer_id',
  'country',
] as const;

export interface FileLine {
  readonly stockCode: string;
  readonly description: string;
  /** Positive; a cancellation is the receipt's kind, not the line's sign. */
  readonly quantity: number;
  readonly unitPriceMinor: number;
}

export interface FileReceipt {
  readonly invoiceNo: string;
  readonly kind: 'sale' | 'refund';
  /** The file's local time, read as if it were UTC: the replay's stores run on UTC. */
  readonly atMs: number;
  readonly customerId: string | null;
  readonly lines: readonly FileLine[];
}

/** Why a row is no sale of goods. Postage and carriage; charges, samples and hand-made corrections; and so on. */
export const SKIP_RULES = [
  'postage',
  'not_goods',
  'bad_debt',
  'zero_price',
  'fraction_of_minor_unit',
  'stock_correction',
] as const;
export type SkipRule = (typeof SKIP_RULES)[number];

export interface SalesFile {
  /** In the order of their times. */
  readonly receipts: readonly FileReceipt[];
  readonly rows: number;
  readonly skipped: Readonly<Record<SkipRule, number>>;
}

/** A row that is not as it must be. The message names row, column and what was expected. */
export class SalesFileError extends Error {
  override name = 'SalesFileError';
  readonly row: number;
  readonly column: string;

  constructor(row: number, column: string, expected: string, found: string) {
    const shown = found.length > 40 ? `${found.slice(0, 40)}…` : found;
    super(`row ${row}, column ${column}: ${expected} was expected, found ${JSON.stringify(shown)}`);
    this.row = row;
    this.column = column;
  }
}

const CURRENCY_DIGITS = 2;
const POSTAGE = new Set(['POST', 'DOT', 'C2']);
const NOT_GOODS = new Set(['D', 'S', 'M', 'B', 'AMAZONFEE', 'BANK CHARGES', 'CRUK', 'ADJUST']);
const QUANTITY_MAX = 99_999;

/** @param receiptsMax stop after so many receipts */
export async function readSalesFile(
  file: string,
  receiptsMax = Number.POSITIVE_INFINITY,
): Promise<SalesFile> {
  const skipped = Object.fromEntries(SKIP_RULES.map((rule) => [rule, 0])) as Record<SkipRule, number>;
  const receipts = new Map<string, { receipt: FileReceipt; lines: FileLine[] }>();
  let rows = 0;
  for await (const { number, fields } of rowsOf(file)) {
    const row = readRow(number, fields);
    const known = receipts.get(row.invoiceNo);
    if (known === undefined && receipts.size >= receiptsMax) continue;
    rows++;
    const rule = skipRule(row);
    if (rule !== null) {
      skipped[rule]++;
      continue;
    }
    const line = lineOf(number, row);
    if (known !== undefined) known.lines.push(line);
    else receipts.set(row.invoiceNo, newReceipt(row, line));
  }
  return { receipts: [...receipts.values()].map(({ receipt }) => receipt).sort(byTime), rows, skipped };
}

interface FileRow {
  readonly invoiceNo: string;
  readonly stockCode: string;
  readonly description: string;
  readonly quantity: number;
  readonly atMs: number;
  readonly unitPrice: string;
  readonly customerId: string | null;
}

function readRow(number: number, fields: readonly string[]): FileRow {
  if (fields.length !== COLUMNS.length) {
    throw new SalesFileError(number, 'all', `${COLUMNS.length} columns`, `${fields.length} columns`);
  }
  const [invoiceNo, stockCode, description, quantity, date, unitPrice, customerId] = fields as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  if (!/^[A-Za-z]?\d{1,12}$/.test(invoiceNo)) {
    throw new SalesFileError(number, 'invoice_no', 'digits, or C or A and digits', invoiceNo);
  }
  if (stockCode === '' || stockCode.length > 64) {
    throw new SalesFileError(number, 'stock_code', 'an article number', stockCode);
  }
  if (!/^-?\d{1,9}$/.test(quantity) || Number(quantity) === 0) {
    throw new SalesFileError(number, 'quantity', 'a whole number other than 0', quantity);
  }
  const atMs = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(date) ? Date.parse(`${date}Z`) : Number.NaN;
  if (Number.isNaN(atMs))
    throw new SalesFileError(number, 'invoice_date', 'a time like 2010-12-01T08:26:00', date);
  if (!/^-?\d{1,10}(?:\.\d{1,6})?$/.test(unitPrice)) {
    throw new SalesFileError(number, 'unit_price', 'a decimal price like 2.55', unitPrice);
  }
  if (!/^\d{0,9}$/.test(customerId)) {
    throw new SalesFileError(number, 'customer_id', 'digits or nothing', customerId);
  }
  return {
    invoiceNo,
    stockCode,
    description: description.trim(),
    quantity: Number(quantity),
    atMs,
    unitPrice,
    customerId: customerId === '' ? null : customerId,
  };
}

function skipRule(row: FileRow): SkipRule | null {
  if (row.invoiceNo.startsWith('A')) return 'bad_debt';
  if (POSTAGE.has(row.stockCode.toUpperCase())) return 'postage';
  if (NOT_GOODS.has(row.stockCode.toUpperCase())) return 'not_goods';
  if (Number(row.unitPrice) === 0) return 'zero_price';
  if (parseMinor(row.unitPrice, CURRENCY_DIGITS) === null) return 'fraction_of_minor_unit';
  return row.quantity < 0 !== isCancellation(row) ? 'stock_correction' : null;
}

function lineOf(number: number, row: FileRow): FileLine {
  const unitPriceMinor = parseMinor(row.unitPrice, CURRENCY_DIGITS)!;
  if (unitPriceMinor < 0) throw new SalesFileError(number, 'unit_price', 'a price above zero', row.unitPrice);
  const quantity = Math.abs(row.quantity);
  if (quantity > QUANTITY_MAX) {
    throw new SalesFileError(number, 'quantity', `at most ${QUANTITY_MAX}`, String(row.quantity));
  }
  return { stockCode: row.stockCode, description: row.description, quantity, unitPriceMinor };
}

function newReceipt(row: FileRow, line: FileLine): { receipt: FileReceipt; lines: FileLine[] } {
  const lines = [line];
  const { invoiceNo, atMs, customerId } = row;
  return {
    receipt: { invoiceNo, kind: isCancellation(row) ? 'refund' : 'sale', atMs, customerId, lines },
    lines,
  };
}

function isCancellation({ invoiceNo }: FileRow): boolean {
  return invoiceNo.startsWith('C');
}

function byTime(a: FileReceipt, b: FileReceipt): number {
  return a.atMs - b.atMs || (a.invoiceNo < b.invoiceNo ? -1 : 1);
}

// ---- CSV ----

/** Rows after the header, with their number in the file (the header is row 1). */
async function* rowsOf(file: string): AsyncGenerator<{ number: number; fields: string[] }> {
  const raw = createReadStream(file);
  const bytes = file.endsWith('.gz') ? raw.pipe(createGunzip()) : raw;
  // A pipe does not carry errors along: whoever reads the end must hear of a file that is not there.
  raw.on('error', (error) => bytes.destroy(error));
  let number = 0;
  let pending = '';
  for await (const line of createInterface({ input: bytes, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const text = pending === '' ? line : `${pending}\n${line}`;
    const fields = splitCsv(number === 1 ? text.replace(/^\ufeff/, '') : text);
    if (fields === null) {
      pending = text;
      continue;
    }
    pending = '';
    if (number === 1) checkHeader(fields);
    else if (text !== '') yield { number, fields };
  }
  if (number === 0) throw new SalesFileError(1, 'all', `the header ${COLUMNS.join(',')}`, 'an empty file');
  if (pending !== '') throw new SalesFileError(number, 'all', 'a closing quote', pending);
}

function checkHeader(fields: readonly string[]): void {
  COLUMNS.forEach((column, index) => {
    const found = fields[index]?.trim().toLowerCase() ?? 'nothing';
    if (found !== column)
      throw new SalesFileError(1, column, `the header ${column} in place ${index + 1}`, found);
  });
}

/** @returns null when a quote is still open: the field goes on in the next line (RFC 4180) */
function splitCsv(line: string): string[] | null {
  if (!line.includes('"')) return line.split(',');
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!;
    if (quoted && char === '"' && line[i + 1] === '"') {
      field += '"';
      i++;
    } else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      fields.push(field);
      field = '';
    } else field += char;
  }
  if (quoted) return null;
  fields.push(field);
  return fields;
}
