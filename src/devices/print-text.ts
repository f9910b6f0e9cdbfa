/**
 * Printable text: words cut down to what a printer's encoding holds, measured and wrapped in columns.
 *
 * A character the encoding lacks is replaced by a near one (¥ by ￥) or by `?`, and then it is reported: paper
 * must not lose a character without anybody knowing.
 */
import iconv from 'iconv-lite';
import { isWideChar } from './paper.ts';
import { isHanEncoding, type PrinterEncoding } from './printer-profile.ts';

export interface PrintableText {
  readonly text: string;
  /** The characters that became `?`, in order. */
  readonly unencodable: readonly string[];
}

/**
 * The text as the printer will show it: NFC, one line, no control or format characters.
 *
 * @param canDraw  characters that can be drawn where the printer lacks them; they stay, see `needsDrawing`
 * @example toPrintable('Café\t¥5 😀', 'cp437') // { text: 'Café ¥5 ?', unencodable: ['😀'] }
 */
export function toPrintable(
  text: string,
  encoding: PrinterEncoding,
  canDraw: (char: string) => boolean = () => false,
): PrintableText {
  // Amounts and codes: nothing to look at.
  if (/^[\x20-\x7e]*$/.test(text)) return { text, unencodable: [] };
  const unencodable: string[] = [];
  const printable = Array.from(plainLine(text), (char) => {
    const width = encodedBytes(char, encoding);
    const near = NEAR_CHARS[char];
    // The four-byte part of GB18030 is where cheap firmware has no glyphs: a near character is better, ￥ for ¥.
    const isRare = isRareWidth(width, encoding);
    if (isRare && near !== undefined && encodedBytes(near, encoding) > 0) return near;
    if (width > 0 || canDraw(char)) return char;
    unencodable.push(char);
    return '?';
  });
  return { text: printable.join(''), unencodable };
}

/** Whether a line has characters that the printer lacks, or most likely has no glyph for. */
export function needsDrawing(text: string, encoding: PrinterEncoding): boolean {
  return Array.from(text).some((char) => isRareWidth(encodedBytes(char, encoding), encoding));
}

function isRareWidth(bytes: number, encoding: PrinterEncoding): boolean {
  return bytes === 0 || (bytes === 4 && encoding === 'gb18030');
}

/** Any text as one line of characters that take up paper. */
export function plainLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\t-\r\u0085\u00a0\u2000-\u200a\u2028\u2029\u202f\u205f]/g, ' ')
    .replace(/[\p{Cc}\p{Cf}]|\p{Variation_Selector}/gu, '');
}

/** Bytes of printable text, one string character a byte. Text comes from `toPrintable` with the same encoding. */
export function encodeText(text: string, encoding: PrinterEncoding): string {
  return iconv.encode(text, iconvName(encoding)).toString('latin1');
}

/** Bytes that a character takes in the encoding; 0: it lacks it. */
function encodedBytes(char: string, encoding: PrinterEncoding): number {
  if (char.codePointAt(0)! < 0x80) return 1;
  const known = KNOWN_BYTES.get(encoding)?.get(char);
  if (known !== undefined) return known;
  const bytes = countBytes(char, encoding);
  const kept = KNOWN_BYTES.get(encoding) ?? new Map<string, number>();
  if (kept.size >= KNOWN_MAX) kept.clear();
  KNOWN_BYTES.set(encoding, kept.set(char, bytes));
  return bytes;
}

/** A shop's words are a few hundred characters; encoding each twice is most of what a receipt costs. */
const KNOWN_BYTES = new Map<PrinterEncoding, Map<string, number>>();
const KNOWN_MAX = 10_000;

function countBytes(char: string, encoding: PrinterEncoding): number {
  // A mark that found no letter to sit on would join a neighbour of ours; no printer draws it anyway.
  if (/^[\p{M}\p{Cs}]$/u.test(char)) return 0;
  const name = iconvName(encoding);
  const bytes = iconv.encode(char, name);
  return bytes[0]! >= 0x80 && iconv.decode(bytes, name) === char ? bytes.length : 0;
}

/** Big5 means what printers in Taiwan hold, which is code page 950 and not the Hong Kong supplement. */
export function iconvName(encoding: string): string {
  return encoding === 'big5' ? 'cp950' : encoding;
}

const NEAR_CHARS: Readonly<Record<string, string>> = {
  '¥': '￥',
  '￥': '¥',
  '×': 'x',
  '–': '-',
  '—': '-',
  '‘': "'",
  '’': "'",
  '“': '"',
  '”': '"',
  '·': '.',
  '　': ' ',
};

// ---- columns ----

/** Columns a text takes on paper: in a Han encoding all but ASCII is full width, two columns; else what is wide is. */
export function columnsOf(text: string, encoding: PrinterEncoding): number {
  let columns = 0;
  for (const char of text) columns += charColumns(char, encoding);
  return columns;
}

function charColumns(char: string, encoding: PrinterEncoding): 1 | 2 {
  if (isHanEncoding(encoding)) return char.codePointAt(0)! >= 0x80 ? 2 : 1;
  return isWideChar(char) ? 2 : 1;
}

/**
 * Lines of at most `columnsMax` columns. Nothing is dropped but one space at a break.
 *
 * A Latin word or number moves to the next line whole when that leaves at least half of this one filled.
 *
 * @param columnsMax  at least 2, so that a Han character fits
 */
export function wrapColumns(text: string, encoding: PrinterEncoding, columnsMax: number): string[] {
  const lines: string[] = [];
  let rest = Array.from(text);
  while (rest.length > 0) {
    let columns = 0;
    let end = 0;
    while (end < rest.length && columns + charColumns(rest[end]!, encoding) <= columnsMax) {
      columns += charColumns(rest[end]!, encoding);
      end++;
    }
    const start = wordStart(rest, end);
    if (end < rest.length && columnsOf(rest.slice(0, start).join(''), encoding) * 2 >= columnsMax)
      end = start;
    lines.push(rest.slice(0, end).join(''));
    rest = rest.slice(rest[end] === ' ' ? end + 1 : end);
  }
  return lines.length === 0 ? [''] : lines;
}

/** Where the word that a break at `end` would tear begins; `end` itself when it tears none. */
function wordStart(chars: readonly string[], end: number): number {
  let start = end;
  if (end < chars.length && isWordChar(chars[end]!)) {
    while (start > 0 && isWordChar(chars[start - 1]!)) start--;
  }
  return start;
}

function isWordChar(char: string): boolean {
  const code = char.codePointAt(0)!;
  return code > 0x20 && code < 0x250;
}
