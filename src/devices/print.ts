/**
 * Printing: a receipt document as the bytes of one printer, and as a picture of the paper they make.
 *
 * receiptline writes the commands; the words reach it through `receipt-markup`, so they are never taken for markup.
 */
import receiptline from 'receiptline';
import { assert } from '../core/assert.ts';
import type { ReceiptDoc } from '../core/receipt.ts';
import { type DecoderConfig, EscposDecoder } from './escpos-decode.ts';
import { PageLayout } from './escpos-page.ts';
import { pageSvg } from './escpos-svg.ts';
import type { LineArtist } from './line-artist.ts';
import { columnsOf, encodeText } from './print-text.ts';
import {
  isHanEncoding,
  isStar,
  type PrinterEncoding,
  type PrinterProfile,
  printerProfile,
} from './printer-profile.ts';
import { type Bitmap, RASTER_COMMAND_BYTES_MAX, rasterCommand } from './raster-command.ts';
import { type MarkupPicture, receiptMarkup } from './receipt-markup.ts';

export interface PrintJob {
  readonly bytes: Uint8Array;
  /** The characters that the printer lacks, that nobody could draw and that print as `?`, in order. */
  readonly unencodable: readonly string[];
}

export interface PrintOptions {
  /** Draws lines with characters that the encoding lacks; without one they print as `?`. */
  readonly artist?: LineArtist | null;
  /** At the head, in the middle; see `logoBitmap`. */
  readonly logo?: Bitmap | null;
}

/** The bytes of a receipt. Characters the printer lacks are drawn or become `?`; `printJob` tells which. */
export function printBytes(doc: ReceiptDoc, profile: PrinterProfile, options: PrintOptions = {}): Uint8Array {
  return printJob(doc, profile, options).bytes;
}

/** The bytes of a receipt: drawer pulse when the document asks for it, reset, paper, cut. */
export function printJob(doc: ReceiptDoc, profile: PrinterProfile, options: PrintOptions = {}): PrintJob {
  const { artist = null, logo = null } = options;
  const { markup, pictures, unencodable } = receiptMarkup(doc, profile, artist);
  const all = logo === null ? pictures : [...pictures, { bitmap: withGap(logo), quiet: false }];
  const head = logo === null ? '' : `{command:${pictures.length}}\n`;
  const paper = receiptline.transform(`${head}${markup}`, {
    cpl: profile.columns,
    encoding: lineEncoding(profile.encoding),
    spacing: true,
    cutting: profile.hasCutter,
    command: paperCommand(profile, all),
  });
  const kick = doc.openDrawer ? profileKick(profile) : new Uint8Array(0);
  return { bytes: joinBytes(kick, fromLatin1(paper)), unencodable };
}

/** Our own encoder writes the words: receiptline only has to take the name. */
function lineEncoding(encoding: PrinterEncoding) {
  if (encoding === 'gbk') return 'cp936';
  return encoding === 'utf8' ? 'cp437' : encoding;
}

/** Star kicks with BEL after ESC BEL has set the pulse in tens of milliseconds; its second drawer has 0x1A. */
function profileKick(profile: PrinterProfile): Uint8Array {
  if (!isStar(profile)) return drawerKick(profile.drawerPin, DRAWER_ON_MS, DRAWER_OFF_MS);
  const kick = profile.drawerPin === 2 ? 0x07 : 0x1a;
  return Uint8Array.of(0x1b, 0x07, DRAWER_ON_MS / 10, DRAWER_OFF_MS / 10, kick);
}

/**
 * What to send before the first slip after one broke off: it ends a command that waits for the rest of its data, drops
 * what is left of a line, and cuts off the piece of paper.
 */
export function resyncBytes({
  command,
  hasCutter,
}: Pick<PrinterProfile, 'command' | 'hasCutter'>): Uint8Array {
  const star = isStar({ command });
  const cut = star ? '\x1bd3' : '\x1dVB\x00';
  const feed = '\n'.repeat(TEAR_OFF_LINES);
  // RS ends a barcode of Star's, whatever its length.
  const barcodeEnd = star ? '\x1e' : '';
  return fromLatin1(
    `${barcodeEnd}${'\x00'.repeat(RASTER_COMMAND_BYTES_MAX)}\x1b@\n${hasCutter ? cut : feed}`,
  );
}

/** Usual pulse of drawer solenoids (1B 70 m 19 FA): shorter may not open a worn lock, longer heats the coil. */
const DRAWER_ON_MS = 50;
const DRAWER_OFF_MS = 500;

/** Drawer pulse: ESC p m t1 t2, each t counts 2 ms, so 0..510 ms, and off is longer than on.
 *  Source: Epson ESC/POS command reference, "Generate pulse". */
export function drawerKick(pin: 2 | 5, onMs: number, offMs: number): Uint8Array {
  assert(onMs >= 0 && onMs < offMs && offMs <= 510, 'a drawer pulse is 0..510 ms, off longer than on');
  return Uint8Array.of(0x1b, 0x70, pin === 2 ? 0 : 1, Math.floor(onMs / 2), Math.floor(offMs / 2));
}

/** 1.5 mm: the first line below does not stick to the logo. */
const LOGO_GAP_ROWS = 12;

function withGap({ widthBytes, rows, bytes }: Bitmap): Bitmap {
  const spaced = new Uint8Array(widthBytes * (rows + LOGO_GAP_ROWS));
  spaced.set(bytes);
  return { widthBytes, rows: rows + LOGO_GAP_ROWS, bytes: spaced };
}

/**
 * The picture of the receipt, as an `<svg>` element that is safe inside an HTML page.
 *
 * It shows the very bytes that `printBytes` makes, read back: screen and paper wrap at the same places.
 *
 * @param profile  of the printer to show; by default 80 mm paper that has every character of the document
 */
export function receiptSvg(doc: ReceiptDoc, profile = screenProfile(doc)): string {
  const decoder = new EscposDecoder(decoderOf(profile));
  const layout = new PageLayout(profile.columns * 12);
  const events = [...decoder.feed(printBytes(doc, profile)), ...decoder.flush()];
  const pages = [...events.flatMap((event) => layout.add(event)), ...layout.takePage()];
  const page = pages[0] ?? { widthDots: profile.columns * 12, heightDots: 0, lines: [] };
  return pageSvg(page, { traditional: doc.locale === 'zh-TW' });
}

/** How to read back what `printBytes` made for a printer. */
export function decoderOf(profile: PrinterProfile): Partial<DecoderConfig> {
  const star = isStar(profile);
  return {
    ...(isHanEncoding(profile.encoding) ? { hanEncoding: profile.encoding } : {}),
    hanAtStart: star && isHanEncoding(profile.encoding),
    language: star ? 'star' : 'escpos',
  };
}

/** Latin letters are one column wide where nothing else is printed; GB18030 has the rest. */
function screenProfile(doc: ReceiptDoc): PrinterProfile {
  const latin = printerProfile('generic-80-latin')!;
  const isLatin = doc.locale === 'en' && receiptMarkup(doc, latin).unencodable.length === 0;
  return isLatin ? latin : printerProfile('generic-80-gb18030')!;
}

/** receiptline's own commands for this family, but for those that we know better. */
function paperCommand(profile: PrinterProfile, pictures: readonly MarkupPicture[]) {
  const base = receiptline.commands[commandSet(profile)];
  const star = isStar(profile);
  const quiet = star ? STAR_QUIET_FEED : QUIET_FEED;
  const select = star ? starMode(profile.encoding, base) : textMode(profile.encoding, base);
  return {
    ...base,
    // Called on this very object: it keeps the settings here.
    open(printer: object): string {
      const opening = base.open.call(this, printer).replace(NO_AUTO_STATUS, '');
      return `${opening}${profile.encoding === 'utf8' ? SELECT_UTF8 : ''}`;
    },
    measureText: (text: string) => columnsOf(text, profile.encoding),
    text: (text: string) => `${select}${encodeText(text, profile.encoding)}`,
    // Hyphens: receiptline's box characters sit in a katakana code page that Chinese and Latin firmware lack.
    hr: (columns: number) => `${select}${'-'.repeat(columns)}`,
    // White above and below: a code that touches words is not read.
    barcode: (...args: Parameters<typeof base.barcode>) => `${quiet}${base.barcode.apply(base, args)}`,
    // Our own markup has no other commands in it; words cannot make one.
    command: (index: string) => {
      const picture = pictures[Number(index)]!;
      const dots = rasterCommand(picture.bitmap, profile.command);
      return picture.quiet ? `${quiet}${dots}${quiet}` : dots;
    },
    // Without a cutter the paper is torn off above the print head, so the last lines have to come out first.
    // No GS r at the end: the spool asks when it wants an answer.
    close(this: { cutting: boolean; cut(): string }) {
      if (!this.cutting)
        return star ? '\n'.repeat(TEAR_OFF_LINES) : `\x1bd${String.fromCharCode(TEAR_OFF_LINES)}`;
      // Star's line mode prints its buffer at EOT.
      return profile.command === 'starline' ? `${this.cut()}\x04` : this.cut();
    },
  };
}

function commandSet({ command, encoding }: PrinterProfile) {
  if (command === 'star') return isHanEncoding(encoding) ? 'starmbcs2' : 'starsbcs';
  if (command === 'starline') return isHanEncoding(encoding) ? 'starlinembcs2' : 'starlinesbcs';
  return command;
}

/** GS a 0, which receiptline begins with: after it a printer told to report by itself would fall silent at its first slip. */
const NO_AUTO_STATUS = '\x1da\x00';

/** FS ( C function 48: the character encode system is UTF-8. */
const SELECT_UTF8 = '\x1c(C\x02\x000\x02';

const TEAR_OFF_LINES = 4;
/** ESC J: 24 dots, 3 mm, four modules of a QR code. */
const QUIET_FEED = '\x1bJ\x18';

/** ESC J of Star: n quarter millimetres. */
const STAR_QUIET_FEED = '\x1bJ\x0c';

/** Not in receiptline's types. */
function codePagesOf(base: object): Readonly<Record<string, string>> {
  return (base as { readonly codepage: Readonly<Record<string, string>> }).codepage;
}

/** Han firmware: FS & before each text. Latin: FS . once more, for ESC @ puts Chinese printers back into Han mode. */
function textMode(encoding: PrinterEncoding, base: object): string {
  if (isHanEncoding(encoding)) return '\x1c&';
  return encoding === 'utf8' ? '' : `\x1c.${codePagesOf(base)[encoding]}`;
}

/** Star's Han firmware reads two-byte characters as they come; Latin needs its code page. */
function starMode(encoding: PrinterEncoding, base: object): string {
  return isHanEncoding(encoding) || encoding === 'utf8' ? '' : codePagesOf(base)[encoding]!;
}

function fromLatin1(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'latin1'));
}

function joinBytes(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}
