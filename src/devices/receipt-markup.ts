/**
 * Receipt markup: a receipt document in receiptline's language, with every word made harmless.
 *
 * Words are escaped character by character, so an item called `{code:1}|^^^` prints as just that. Lines are wrapped
 * and pairs are laid out here, in columns: the amount of a pair is never dropped, moved off or printed over.
 */
import receiptline from 'receiptline';
import type { Align, ReceiptBlock, ReceiptDoc } from '../core/receipt.ts';
import { columnsOf, type PrintableText, toPrintable, wrapColumns } from './print-text.ts';
import type { PrinterProfile } from './printer-profile.ts';

export interface ReceiptMarkup {
  readonly markup: string;
  /** The characters that the printer's encoding lacks and that print as `?`, in order. */
  readonly unencodable: readonly string[];
}

export function receiptMarkup(doc: ReceiptDoc, profile: PrinterProfile): ReceiptMarkup {
  const unencodable: string[] = [];
  const printable = (text: string): string => {
    const made: PrintableText = toPrintable(text, profile.encoding);
    unencodable.push(...made.unencodable);
    return made.text;
  };
  const lines = doc.blocks.flatMap((block) => blockLines(block, profile, printable));
  return { markup: lines.join('\n'), unencodable };
}

type Printable = (text: string) => string;

function blockLines(block: ReceiptBlock, profile: PrinterProfile, printable: Printable): string[] {
  switch (block.type) {
    case 'text':
      return textLines(block, profile, printable);
    case 'pair':
      return pairLines(block, profile, printable);
    case 'rule':
      return ['-'];
    case 'feed':
      return Array.from({ length: Math.min(Math.max(block.lines, 0), FEED_LINES_MAX) }, () => '|');
    case 'qr':
      return codeLines(block.data, 'qr', profile, printable);
    case 'barcode':
      return codeLines(block.data, 'barcode', profile, printable);
  }
}

/** More than a hand of paper is a mistake of the caller, and paper costs money. */
const FEED_LINES_MAX = 40;

interface TextStyle {
  readonly size?: 1 | 2;
  readonly bold?: boolean;
}

function textLines(
  block: TextStyle & { readonly text: string; readonly align?: Align },
  profile: PrinterProfile,
  printable: Printable,
): string[] {
  const lines = wrapColumns(printable(block.text), profile.encoding, profile.columns / (block.size ?? 1));
  return lines.map((line) => styledLine(line, block, block.align ?? 'left'));
}

function pairLines(
  block: TextStyle & { readonly left: string; readonly right: string },
  profile: PrinterProfile,
  printable: Printable,
): string[] {
  const columns = profile.columns / (block.size ?? 1);
  const width = (text: string) => columnsOf(text, profile.encoding);
  const left = wrapColumns(printable(block.left), profile.encoding, columns);
  const right = wrapColumns(printable(block.right), profile.encoding, columns);
  const beside = width(left.at(-1)!) + 1 + width(right[0]!) <= columns;
  const lines = beside ? left.slice(0, -1) : left;
  const last = beside ? left.at(-1)! : '';
  const gap = ' '.repeat(columns - width(last) - width(right[0]!));
  return [
    ...lines.map((line) => styledLine(line, block, 'left')),
    styledLine(`${last}${gap}${right[0]}`, block, 'left'),
    ...right.slice(1).map((line) => styledLine(line, block, 'right')),
  ];
}

function styledLine(line: string, style: TextStyle, align: Align): string {
  const marks = `${style.size === 2 ? '^^^' : ''}${style.bold ? '"' : ''}`;
  const words = `${marks}${escapeMarkup(line)}`;
  if (align === 'center') return words;
  return align === 'left' ? `|${words}` : `${words}|`;
}

/** Every ASCII sign that is no letter or digit as `\xHH`: then no sign is left that could mean something. */
export function escapeMarkup(text: string): string {
  return text.replace(
    /[\x20-\x2f\x3a-\x40\x5b-\x60\x7b-\x7e]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16)}`,
  );
}

/** A CODE128 in the paper's width; else a QR code, which any 2D scanner reads; else the words. */
function codeLines(
  data: string,
  wish: 'qr' | 'barcode',
  profile: PrinterProfile,
  printable: Printable,
): string[] {
  const dots = profile.columns * 12;
  if (wish === 'barcode' && /^[\x20-\x7e]+$/.test(data)) {
    const bar = receiptline.barcode.generate({ data, type: 'code128', width: 2, height: 72, hri: true });
    if (bar.length <= dots - CODE_QUIET_DOTS) {
      return [`{option:code128,2,72,hri;code:${escapeMarkup(data)}}`];
    }
  }
  if (
    data.length === 0 ||
    new TextEncoder().encode(data).length > QR_BYTES_MAX ||
    /[\r\n\u2028\u2029]/.test(data)
  ) {
    return textLines({ text: data }, profile, printable);
  }
  const qr = { data, type: 'qrcode', cell: 3, level: 'm' } as const;
  const modules = receiptline.qrcode.generate(qr).length;
  // Small codes are drawn large for old scanners; a large one is read by all at 4 dots (0.5 mm), and saves paper.
  const cell = Math.min(modules > 45 ? 4 : 6, Math.floor((dots - CODE_QUIET_DOTS) / modules));
  if (cell < 3) return textLines({ text: data }, profile, printable);
  return [`{option:qrcode,${cell},m;code:${escapeMarkup(data)}}`];
}

/** White on both sides of a code, ten modules of two dots each: without it scanners do not see its ends. */
const CODE_QUIET_DOTS = 40;
/** A QR code of more bytes (version 20, 97 modules) would be wider than 36 mm at the 3 dots a module that scanners read well. */
const QR_BYTES_MAX = 666;
