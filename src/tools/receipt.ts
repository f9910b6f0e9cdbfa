/**
 * `counterfoil receipt`: what a receipt printer would make of a file of bytes, as text, picture or JSON.
 */
import { createHash } from 'node:crypto';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import iconv from 'iconv-lite';
import type { PrinterEvent } from '../devices/escpos-event.ts';
import { type PaperReading, type PaperSlip, readPaper } from '../devices/escpos-read.ts';
import { sheetsSvg } from '../devices/escpos-svg.ts';
import { svgPng } from '../devices/picture.ts';
import { iconvName } from '../devices/print-text.ts';
import { notoFonts } from '../till/fonts.ts';

export interface ReceiptOptions {
  /** Paper in millimetres. */
  readonly width: 58 | 80;
  readonly encoding: string;
}

/** A day's receipts are a megabyte; what is longer is no print file. */
const FILE_BYTES_MAX = 64 * 1024 * 1024;

/** @param file  its name; `-` is the standard input @throws Error in words */
export function readReceiptFile(file: string, options: ReceiptOptions): PaperReading {
  const encoding = printerEncoding(options.encoding);
  const bytes = fileBytes(file);
  if (bytes.length === 0) throw new Error(`${file} is empty: it holds nothing to print`);
  const foreign = FOREIGN_FILES.find(([head]) => bytes.subarray(0, head.length).equals(head));
  if (foreign !== undefined) throw new Error(`${file} is ${foreign[1]}, not the bytes for a receipt printer`);
  return readPaper(bytes, { widthDots: options.width === 58 ? 384 : 576, encoding });
}

function printerEncoding(name: string): string {
  const plain = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (!iconv.encodingExists(iconvName(plain)) || /^utf(?!8$)|^ucs/.test(plain)) {
    throw new Error(`${name} is no encoding of a printer: gb18030, gbk, big5, utf8, cp437, cp866 … is`);
  }
  return plain;
}

function fileBytes(file: string): Buffer {
  if (file === '-') return readFileSync(0);
  const facts = statSync(file, { throwIfNoEntry: false });
  if (facts === undefined) throw new Error(`there is no ${file}`);
  if (facts.isDirectory()) throw new Error(`${file} is a folder: a file of printer bytes was expected`);
  if (facts.size > FILE_BYTES_MAX) throw new Error(`${file} is larger than 64 MB: that is no print file`);
  return readFileSync(file);
}

const FOREIGN_FILES: readonly (readonly [Buffer, string])[] = [
  [Buffer.from('\x89PNG', 'latin1'), 'a PNG picture'],
  [Buffer.from('\xff\xd8\xff', 'latin1'), 'a JPEG picture'],
  [Buffer.from('%PDF-'), 'a PDF'],
  [Buffer.from('%!PS'), 'PostScript'],
  [Buffer.from('PK\x03\x04', 'latin1'), 'a ZIP archive'],
  [Buffer.from('\x1f\x8b', 'latin1'), 'a gzip file'],
];

export function receiptText({ slips }: PaperReading): string {
  return slips.map(({ text, cut }) => `${text}${cut ? CUT_LINE : ''}`).join('');
}

const CUT_LINE = '- - - - - - - - - - - - ✂\n';

/** One JSON object: settings, printed characters, slips, drawer pulses, events, warnings. */
export function receiptJson(file: string, reading: PaperReading, options: ReceiptOptions): string {
  return JSON.stringify({
    file,
    widthMm: options.width,
    encoding: options.encoding,
    text: reading.text,
    slips: reading.slips.map(({ text, cut, page }) => ({
      text,
      cut,
      widthDots: page.widthDots,
      heightDots: page.heightDots,
      codes: page.lines.flatMap(({ items }) =>
        items.flatMap((item) => (item.kind === 'code' ? [{ name: item.name, data: item.data }] : [])),
      ),
    })),
    kicks: reading.events.flatMap(({ event }) =>
      event.op === 'pulse' ? [{ pin: event.m % 48 === 1 ? 5 : 2, onMs: event.t1 * 2 }] : [],
    ),
    events: reading.events.map(({ at, event }) => ({ ...eventJson(event), at })),
    warnings: reading.warnings,
    warningCount: reading.warningCount,
  });
}

/** Pictures by their length and SHA-1. */
export function eventJson(event: PrinterEvent): Record<string, unknown> {
  if (!('bytes' in event) || event.bytes === undefined) return { ...event };
  const { bytes, ...rest } = event;
  return { ...rest, bytes: bytes.length, sha1: createHash('sha1').update(bytes).digest('hex') };
}

/** All slips, one below the other, as a PNG file. @throws Error when nothing was printed, or it cannot be drawn */
export function writeReceiptPng(file: string, slips: readonly PaperSlip[], encoding: string): string {
  if (slips.length === 0) throw new Error('nothing came out of the printer, so there is no picture');
  const fonts = notoFonts();
  if (fonts === null)
    throw new Error('the fonts are not installed: npm install brings @fontsource/noto-sans-sc');
  const sheets = sheetsSvg(
    slips.map(({ page }) => page),
    { traditional: encoding === 'big5' },
  );
  writeFileSync(file, svgPng(sheets.svg, sheets, fonts));
  return `${slips.length} ${slips.length === 1 ? 'slip' : 'slips'}, ${sheets.width} × ${sheets.height}`;
}

/** For people: one line a warning, the first ten. */
export function warningLines({ warnings, warningCount }: PaperReading): string[] {
  const lines = warnings.slice(0, WARNINGS_SHOWN).map(({ at, what }) => `byte ${at}: ${what}`);
  return warningCount > WARNINGS_SHOWN ? [...lines, `… ${warningCount - WARNINGS_SHOWN} more`] : lines;
}

const WARNINGS_SHOWN = 10;
