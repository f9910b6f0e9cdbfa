import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { readSalesFile, SalesFileError } from '../../src/tools/sales-file.ts';

const FIXTURE = new URL('../fixtures/tools/sales.csv', import.meta.url).pathname;
const HEADER = 'invoice_no,stock_code,description,quantity,invoice_date,unit_price,customer_id,country';
const GOOD = '536365,85123A,HEART,6,2010-12-01T08:26:00,2.55,17850,United Kingdom';

function fileOf(...lines: string[]): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'counterfoil-sales-')), 'sales.csv');
  writeFileSync(file, lines.join('\n'));
  return file;
}

test('13 rows are 5 receipts of 7 lines; 6 rows are skipped, each by its rule', async () => {
  const { receipts, rows, skipped } = await readSalesFile(FIXTURE);
  expect(rows).toBe(13);
  expect(skipped).toEqual({
    postage: 1,
    not_goods: 1,
    bad_debt: 1,
    zero_price: 1,
    fraction_of_minor_unit: 1,
    stock_correction: 1,
  });
  expect(receipts.map(({ invoiceNo, kind, lines }) => [invoiceNo, kind, lines.length])).toEqual([
    ['536365', 'sale', 3],
    ['536366', 'sale', 1],
    ['536367', 'sale', 1],
    ['C536379', 'refund', 1],
    ['536402', 'sale', 1],
  ]);
});

test('a quoted description keeps its comma and its quotes', async () => {
  const { receipts } = await readSalesFile(FIXTURE);
  expect(receipts[0]!.lines[1]!.description).toBe('LANTERN, "WHITE" METAL');
});

test('prices are whole pence: 2.55 is 255', async () => {
  const { receipts } = await readSalesFile(FIXTURE);
  expect(receipts[0]!.lines.map(({ unitPriceMinor }) => unitPriceMinor)).toEqual([255, 339, 299]);
});

test('a gzipped file reads the same, and --limit 2 reads two whole receipts', async () => {
  const file = `${fileOf('')}.gz`;
  writeFileSync(file, gzipSync(readFileSync(FIXTURE)));
  const { receipts } = await readSalesFile(file, 2);
  expect(receipts.map(({ invoiceNo, lines }) => [invoiceNo, lines.length])).toEqual([
    ['536365', 3],
    ['536366', 1],
  ]);
});

test.each([
  [
    'no header',
    [GOOD],
    'row 1, column invoice_no: the header invoice_no in place 1 was expected, found "536365"',
  ],
  ['an empty file', [''], 'row 1, column all: the header invoice_no,stock_code,'],
  [
    'a missing column',
    [HEADER, GOOD, '1,2,3'],
    'row 3, column all: 8 columns was expected, found "3 columns"',
  ],
  [
    'a quantity of words',
    [HEADER, GOOD.replace(',6,', ',six,')],
    'row 2, column quantity: a whole number other than 0 was expected, found "six"',
  ],
  [
    'a quantity of zero',
    [HEADER, GOOD.replace(',6,', ',0,')],
    'row 2, column quantity: a whole number other than 0 was expected, found "0"',
  ],
  [
    'another date format',
    [HEADER, GOOD.replace('2010-12-01T08:26:00', '12/1/2010 8:26')],
    'row 2, column invoice_date: a time like 2010-12-01T08:26:00 was expected, found "12/1/2010 8:26"',
  ],
  [
    'a comma in the price',
    [HEADER, GOOD.replace('2.55', '"2,55"')],
    'row 2, column unit_price: a decimal price like 2.55 was expected, found "2,55"',
  ],
  [
    'a price below zero on goods',
    [HEADER, GOOD.replace('2.55', '-2.55')],
    'row 2, column unit_price: a price above zero was expected, found "-2.55"',
  ],
  [
    'a name as customer',
    [HEADER, GOOD.replace('17850', 'Bob')],
    'row 2, column customer_id: digits or nothing was expected, found "Bob"',
  ],
  [
    'a quote that never closes',
    [HEADER, GOOD.replace('HEART', '"HEART')],
    'row 2, column all: a closing quote was expected',
  ],
])('%s is told with row, column and what was expected', async (_name, lines, words) => {
  const failure = await readSalesFile(fileOf(...lines)).catch((error: Error) => error);
  expect(failure).toBeInstanceOf(SalesFileError);
  expect((failure as Error).message).toContain(words);
});

test('a file that is not there is an error, not a hang', async () => {
  await expect(readSalesFile('/nowhere/sales.csv')).rejects.toThrow(/ENOENT/);
  await expect(readSalesFile('/nowhere/sales.csv.gz')).rejects.toThrow(/ENOENT/);
});
