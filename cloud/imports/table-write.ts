/**
 * Tables as files: CSV and Excel. A text that a spreadsheet would take for a formula is never one when it is opened.
 *
 * CSV knows no types, so such a text gets an apostrophe in front (`'=1+1`), which the import takes off again; in a workbook
 * every text is a string cell and needs none. CSV is UTF-8 with a mark, without which Excel reads Han as Latin.
 */
import { Zip, ZipDeflate } from 'fflate';

export type Cell = string | number | null;

const BOM = '\uFEFF';
/** What spreadsheets begin a formula or a command with, also behind blanks and signs that are dropped. */
const FORMULA = /^[\s\u00A0]*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** A number with a sign is a number: `-5` and `+8613800000001` stay what they are. */
export function safeText(text: string): string {
  // A text that has apostrophes of its own in front gets one more: so it comes back as itself.
  const bare = text.replace(/^'+/, '');
  return FORMULA.test(bare) && !PLAIN_NUMBER.test(bare) ? `'${text}` : text;
}

/** Takes back what `safeText` did, and nothing else. */
export function plainText(text: string): string {
  const rest = text.slice(1);
  return text.startsWith("'") && safeText(rest) === text ? rest : text;
}

function csvCell(cell: Cell): string {
  if (cell === null) return '';
  const text = typeof cell === 'number' ? String(cell) : safeText(cell);
  return /[",\r\n;\t]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export async function* csvOf(
  headers: readonly string[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  const line = (cells: readonly Cell[]) => `${cells.map(csvCell).join(',')}\r\n`;
  yield encoder.encode(BOM + line(headers));
  for await (const piece of rows) yield encoder.encode(piece.map(line).join(''));
}

// ---- Excel ----

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';
const NS = 'http://schemas.openxmlformats.org';
const PARTS: Readonly<Record<string, string>> = {
  '[Content_Types].xml': `${XML}<Types xmlns="${NS}/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`,
  '_rels/.rels': `${XML}<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="r1" Type="${NS}/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
  'xl/_rels/workbook.xml.rels': `${XML}<Relationships xmlns="${NS}/package/2006/relationships"><Relationship Id="r1" Type="${NS}/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
};

/** One sheet; it is zipped as the rows come. */
export async function* xlsxOf(
  sheetName: string,
  headers: readonly string[],
  rows: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<Uint8Array> {
  const ready: Uint8Array[] = [];
  let failure: Error | null = null;
  const zip = new Zip((error, chunk) => {
    if (error !== null) failure = error;
    else ready.push(chunk);
  });
  const encoder = new TextEncoder();
  const part = (name: string) => {
    const file = new ZipDeflate(name, { level: 3 });
    file.mtime = ZIP_TIME;
    zip.add(file);
    return file;
  };
  for (const [name, text] of Object.entries(PARTS)) part(name).push(encoder.encode(text), true);
  part('xl/workbook.xml').push(
    encoder.encode(
      `${XML}<workbook xmlns="${NS}/spreadsheetml/2006/main" xmlns:r="${NS}/officeDocument/2006/relationships"><sheets><sheet name="${xmlText(sheetName)}" sheetId="1" r:id="r1"/></sheets></workbook>`,
    ),
    true,
  );
  const sheet = part('xl/worksheets/sheet1.xml');
  sheet.push(
    encoder.encode(`${XML}<worksheet xmlns="${NS}/spreadsheetml/2006/main"><sheetData>${rowXml(headers)}`),
  );
  for await (const piece of rows) {
    sheet.push(encoder.encode(piece.map(rowXml).join('')));
    if (failure !== null) throw failure;
    yield* ready.splice(0);
  }
  sheet.push(encoder.encode('</sheetData></worksheet>'), true);
  zip.end();
  if (failure !== null) throw failure;
  yield* ready.splice(0);
}

/** The same file for the same rows, whenever it is made. */
const ZIP_TIME = new Date(2000, 0, 1);

function rowXml(cells: readonly Cell[]): string {
  const texts = cells.map((cell) => {
    if (cell === null || cell === '') return '<c/>';
    if (typeof cell === 'number') return `<c><v>${cell}</v></c>`;
    return `<c t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`;
  });
  return `<row>${texts.join('')}</row>`;
}

function xmlText(text: string): string {
  return text
    .replace(XML_FORBIDDEN, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
const XML_FORBIDDEN = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g;
