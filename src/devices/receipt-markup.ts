/**
 * Receipt markup: a receipt document in receiptline's language, with every word made harmless.
 *
 * Words are escaped character by character, so an item called `{code:1}|^^^` prints as just that. Lines are wrapped
 * and pairs are laid out here, in columns: the amount of a pair is never dropped, moved off or printed over.
 */
import receiptline from 'receiptline';
import type { Align, ReceiptBlock, ReceiptDoc } from '../core/receipt.ts';
import type { LineArtist } from './line-artist.ts';
import { columnsOf, needsDrawing, toPrintable, wrapColumns } from './print-text.ts';
import { isHanEncoding, type PrinterProfile } from './printer-profile.ts';
import { type Bitmap, moduleBitmap } from './raster-command.ts';

export interface ReceiptMarkup {
  readonly markup: string;
  /** What `{command:0}`, `{command:1}` … of the markup stand for. */
  readonly pictures: readonly MarkupPicture[];
  /** The characters that the printer's encoding lacks and that print as `?`, in order. */
  readonly unencodable: readonly string[];
}

export interface MarkupPicture {
  readonly bitmap: Bitmap;
  /** A code: white above and below it, or no scanner reads it. */
  readonly quiet: boolean;
}

/** @param artist  draws lines with characters that the printer lacks; without one they print as `?` */
export function receiptMarkup(
  doc: ReceiptDoc,
  profile: PrinterProfile,
  artist: LineArtist | null = null,
): ReceiptMarkup {
  const desk = new Desk(profile, artist);
  const lines = doc.blocks.flatMap((block) => blockLines(block, desk));
  return { markup: lines.join('\n'), pictures: desk.pictures, unencodable: desk.unencodable };
}

/** What a document is put together on: the printer it is for, and what came up on the way. */
class Desk {
  readonly profile: PrinterProfile;
  readonly artist: LineArtist | null;
  readonly pictures: MarkupPicture[] = [];
  readonly unencodable: string[] = [];

  constructor(profile: PrinterProfile, artist: LineArtist | null) {
    this.profile = profile;
    this.artist = artist;
  }

  printable(text: string): string {
    const { artist } = this;
    const made = toPrintable(text, this.profile.encoding, (char) => artist?.canDraw(char) ?? false);
    this.unencodable.push(...made.unencodable);
    return made.text;
  }

  wrapped(text: string, columns: number): string[] {
    return wrapColumns(this.printable(text), this.profile.encoding, columns);
  }

  line(text: string, style: TextStyle, align: Align): string {
    const { artist, profile } = this;
    if (artist === null || !needsDrawing(text, profile.encoding)) return styledLine(text, style, align);
    const { size = 1, bold = false } = style;
    const { columns } = profile;
    const drawn = artist.draw({ text, columns, size, bold, align, han: isHanEncoding(profile.encoding) });
    return this.picture(drawn, false);
  }

  picture(bitmap: Bitmap, quiet: boolean): string {
    this.pictures.push({ bitmap, quiet });
    return `{command:${this.pictures.length - 1}}`;
  }
}

function blockLines(block: ReceiptBlock, desk: Desk): string[] {
  switch (block.type) {
    case 'text':
      return textLines(block, desk);
    case 'pair':
      return pairLines(block, desk);
    case 'rule':
      return ['-'];
    case 'feed':
      return Array.from({ length: Math.min(Math.max(block.lines, 0), FEED_LINES_MAX) }, () => '|');
    case 'qr':
      return codeLines(block.data, 'qr', desk);
    case 'barcode':
      return codeLines(block.data, 'barcode', desk);
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
  desk: Desk,
): string[] {
  const lines = desk.wrapped(block.text, roomColumns(block, desk));
  return lines.map((line) => desk.line(line, block, block.align ?? 'left'));
}

/** Columns of a line in the characters of its size. */
function roomColumns({ size = 1 }: TextStyle, { profile }: Desk): number {
  return Math.floor(profile.columns / size);
}

function pairLines(
  block: TextStyle & { readonly left: string; readonly right: string },
  desk: Desk,
): string[] {
  const columns = roomColumns(block, desk);
  const width = (text: string) => columnsOf(text, desk.profile.encoding);
  const left = desk.wrapped(block.left, columns);
  const right = desk.wrapped(block.right, columns);
  const beside = width(left.at(-1)!) + 1 + width(right[0]!) <= columns;
  const lines = beside ? left.slice(0, -1) : left;
  const last = beside ? left.at(-1)! : '';
  const gap = ' '.repeat(columns - width(last) - width(right[0]!));
  return [
    ...lines.map((line) => desk.line(line, block, 'left')),
    desk.line(`${last}${gap}${right[0]}`, block, 'left'),
    ...right.slice(1).map((line) => desk.line(line, block, 'right')),
  ];
}

function styledLine(line: string, style: TextStyle, align: Align): string {
  const marks = `${style.size === 2 ? '^^^' : ''}${style.bold ? '"' : ''}`;
  const words = `${marks}${escapeMarkup(line)}`;
  if (align === 'center') return words;
  return align === 'left' ? `|${words}` : `${words}|`;
}

/**
 * Every ASCII sign that is no letter or digit as `\\xHH`: then no sign is left that could mean something. The four that
 * amounts, times and addresses are full of mean nothing anywhere, and `~` is receiptline's own sign for a space.
 */
export function escapeMarkup(text: string): string {
  return text.replace(/[\x20-\x2b\x2d\x3b-\x40\x5b-\x60\x7b-\x7e]/g, (char) =>
    char === ' ' ? '~' : `\\x${char.charCodeAt(0).toString(16)}`,
  );
}

/** A CODE128 in the paper's width; else a QR code, which any 2D scanner reads; else the words. */
function codeLines(data: string, wish: 'qr' | 'barcode', desk: Desk): string[] {
  const dots = desk.profile.columns * 12;
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
    return textLines({ text: data }, desk);
  }
  const qr = { data, type: 'qrcode', cell: 3, level: 'm' } as const;
  const matrix = receiptline.qrcode.generate(qr);
  // Small codes are drawn large for old scanners; a large one is read by all at 4 dots (0.5 mm), and saves paper.
  const cell = Math.min(matrix.length > 45 ? 4 : 6, Math.floor((dots - CODE_QUIET_DOTS) / matrix.length));
  if (cell < 3) return textLines({ text: data }, desk);
  // Drawn by us: every printer has rasters, in bands that do not overrun it.
  return [desk.picture(moduleBitmap(matrix, cell), true)];
}

/** White on both sides of a code, ten modules of two dots each: without it scanners do not see its ends. */
const CODE_QUIET_DOTS = 40;
/** A QR code of more bytes (version 20, 97 modules) would be wider than 36 mm at the 3 dots a module that scanners read well. */
const QR_BYTES_MAX = 666;
