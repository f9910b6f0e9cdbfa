/**
 * Printing: a receipt document as the bytes of one ESC/POS printer, and as a picture of the paper they make.
 *
 * receiptline writes the commands; the words reach it through `receipt-markup`, so they are never taken for markup.
 */
import receiptline from 'receiptline';
import { assert } from '../core/assert.ts';
import type { ReceiptDoc } from '../core/receipt.ts';
import { EscposDecoder } from './escpos-decode.ts';
import { PageLayout } from './escpos-page.ts';
import { pageSvg } from './escpos-svg.ts';
import { columnsOf, encodeText } from './print-text.ts';
import {
  isHanEncoding,
  type PrinterEncoding,
  type PrinterProfile,
  printerProfile,
} from './printer-profile.ts';
import { receiptMarkup } from './receipt-markup.ts';

export interface PrintJob {
  readonly bytes: Uint8Array;
  /** The characters that the printer's encoding lacks and that print as `?`, in order. Empty on a good day. */
  readonly unencodable: readonly string[];
}

/** The bytes of a receipt. Characters the printer lacks become `?`; `printJob` tells which. */
export function printBytes(doc: ReceiptDoc, profile: PrinterProfile): Uint8Array {
  return printJob(doc, profile).bytes;
}

/** The bytes of a receipt: drawer pulse when the document asks for it, reset, paper, cut. */
export function printJob(doc: ReceiptDoc, profile: PrinterProfile): PrintJob {
  const { markup, unencodable } = receiptMarkup(doc, profile);
  const paper = receiptline.transform(markup, {
    cpl: profile.columns,
    encoding: profile.encoding === 'gbk' ? 'cp936' : profile.encoding,
    spacing: true,
    cutting: profile.hasCutter,
    command: paperCommand(profile),
  });
  const kick = doc.openDrawer
    ? drawerKick(profile.drawerPin, DRAWER_ON_MS, DRAWER_OFF_MS)
    : new Uint8Array(0);
  return { bytes: joinBytes(kick, fromLatin1(paper)), unencodable };
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

/**
 * The picture of the receipt, as an `<svg>` element that is safe inside an HTML page.
 *
 * It shows the very bytes that `printBytes` makes, read back: screen and paper wrap at the same places.
 *
 * @param profile  of the printer to show; by default 80 mm paper that has every character of the document
 */
export function receiptSvg(doc: ReceiptDoc, profile = screenProfile(doc)): string {
  const decoder = new EscposDecoder({ hanEncoding: profile.encoding });
  const layout = new PageLayout(profile.columns * 12);
  const events = [...decoder.feed(printBytes(doc, profile)), ...decoder.flush()];
  const pages = [...events.flatMap((event) => layout.add(event)), ...layout.takePage()];
  const page = pages[0] ?? { widthDots: profile.columns * 12, heightDots: 0, lines: [] };
  return pageSvg(page, { traditional: doc.locale === 'zh-TW' });
}

/** Latin letters are one column wide where nothing else is printed; GB18030 has the rest. */
function screenProfile(doc: ReceiptDoc): PrinterProfile {
  const latin = printerProfile('generic-80-latin')!;
  const isLatin = doc.locale === 'en' && receiptMarkup(doc, latin).unencodable.length === 0;
  return isLatin ? latin : printerProfile('generic-80-gb18030')!;
}

/** receiptline's own commands for this family, but for those that we know better. */
function paperCommand(profile: PrinterProfile) {
  const base = receiptline.commands[profile.command];
  const select = textMode(profile.encoding, base.codepage as Readonly<Record<string, string>>);
  return {
    ...base,
    measureText: (text: string) => columnsOf(text, profile.encoding),
    text: (text: string) => `${select}${encodeText(text, profile.encoding)}`,
    // Hyphens: receiptline's box characters sit in a katakana code page that Chinese and Latin firmware lack.
    hr: (columns: number) => `${select}${'-'.repeat(columns)}`,
    // White above and below: a code that touches words is not read.
    barcode: (...args: Parameters<typeof base.barcode>) => `${QUIET_FEED}${base.barcode.apply(base, args)}`,
    qrcode: (...args: Parameters<typeof base.qrcode>) =>
      `${QUIET_FEED}${base.qrcode.apply(base, args)}${QUIET_FEED}`,
    // Without a cutter the paper is torn off above the print head, so the last lines have to come out first.
    // No GS r at the end: nobody would read its answer, and the next status answer would be taken for it.
    close(this: { cutting: boolean; cut(): string }) {
      return this.cutting ? this.cut() : `\x1bd${String.fromCharCode(TEAR_OFF_LINES)}`;
    },
  };
}

const TEAR_OFF_LINES = 4;
/** ESC J: 24 dots, 3 mm, four modules of a QR code. */
const QUIET_FEED = '\x1bJ\x18';

/** Han firmware: FS & before each text. Latin: FS . once more, for ESC @ puts Chinese printers back into Han mode. */
function textMode(encoding: PrinterEncoding, codepages: Readonly<Record<string, string>>): string {
  return isHanEncoding(encoding) ? '\x1c&' : `\x1c.${codepages[encoding]}`;
}

function fromLatin1(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

function joinBytes(head: Uint8Array, tail: Uint8Array): Uint8Array {
  const joined = new Uint8Array(head.length + tail.length);
  joined.set(head);
  joined.set(tail, head.length);
  return joined;
}
