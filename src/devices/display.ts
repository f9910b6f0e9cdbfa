/**
 * Pole displays: two lines of twenty columns that face the customer.
 *
 * Pure. Two languages cover what shops own: ESC/POS line displays (Epson DM-D) and CD5220. Words are cut to the columns
 * and have no control characters, so a product's name cannot clear the display. Sources: Epson DM-D command reference;
 * CD5220 command set as in the manuals of pole displays.
 */
import { columnsOf, encodeText, plainLine, toPrintable } from './print-text.ts';
import type { PrinterEncoding } from './printer-profile.ts';

export interface DisplayProfile {
  readonly language: 'escpos' | 'cd5220';
  /** 20 on nearly all. */
  readonly columns: number;
  readonly encoding: PrinterEncoding;
}

export const DISPLAY_DEFAULTS: DisplayProfile = { language: 'escpos', columns: 20, encoding: 'cp437' };

/** What the customer sees; left and right of one line, the right side never cut. */
export interface DisplayLine {
  readonly left: string;
  readonly right?: string;
}

const ESC = '\x1b';
const CLEAR = '\x0c';

/** Once after opening: reset, no blinking cursor, overwrite mode, clear. */
export function displayStart({ language, encoding }: DisplayProfile): Uint8Array {
  if (language === 'cd5220') return bytesOf(`${ESC}@${ESC}_\x00${CLEAR}`);
  // US MD1 overwrite mode, US C 0 cursor off, ESC t the code page.
  return bytesOf(`${ESC}@\x1f\x01\x1fC\x00${ESC}t${codePage(encoding)}${CLEAR}`);
}

/** Both lines, all columns of each: nothing of what stood there before shines through. */
export function displayShow(upper: DisplayLine, lower: DisplayLine, profile: DisplayProfile): Uint8Array {
  const encoding = cellEncoding(profile);
  const lines = [upper, lower].map((line) => encodeText(lineText(line, profile), encoding));
  if (profile.language === 'cd5220') return bytesOf(`${ESC}QA${lines[0]}\r${ESC}QB${lines[1]}\r`);
  // US $ n m: to column n of line m.
  return bytesOf(lines.map((line, index) => `\x1f$\x01${String.fromCharCode(index + 1)}${line}`).join(''));
}

export function displayClear(): Uint8Array {
  return bytesOf(CLEAR);
}

/** Exactly `columns` wide. The right side stays whole; the left gives way. */
export function lineText({ left, right = '' }: DisplayLine, profile: DisplayProfile): string {
  const { columns } = profile;
  const encoding = cellEncoding(profile);
  const end = cut(printable(right, encoding), encoding, columns);
  const room = columns - columnsOf(end, encoding) - (end === '' ? 0 : 1);
  const start = room > 0 ? cut(printable(left, encoding), encoding, room) : '';
  const gap = columns - columnsOf(start, encoding) - columnsOf(end, encoding);
  return `${start}${' '.repeat(gap)}${end}`;
}

/** A display has a cell a byte: the four-byte part of GB18030 would take four for one character. */
function cellEncoding({ encoding }: DisplayProfile): PrinterEncoding {
  return encoding === 'gb18030' ? 'gbk' : encoding;
}

function printable(text: string, encoding: PrinterEncoding): string {
  return toPrintable(plainLine(text), encoding).text;
}

function cut(text: string, encoding: PrinterEncoding, columns: number): string {
  let kept = '';
  let taken = 0;
  for (const char of text) {
    taken += columnsOf(char, encoding);
    if (taken > columns) break;
    kept += char;
  }
  return kept;
}

/** Numbers of ESC t on Epson displays; displays with Han firmware need none. */
function codePage(encoding: PrinterEncoding): string {
  const page = { cp437: 0, cp852: 18, cp858: 19, cp866: 17, cp1252: 16 }[encoding as string] ?? 0;
  return String.fromCharCode(page);
}

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (char) => char.charCodeAt(0));
}

/** A display at the end of a port: sends only what changed, and never waits. */
export class DisplaySession {
  readonly #profile: DisplayProfile;
  readonly #write: (bytes: Uint8Array) => void;
  #shown = '';

  /** @param write  takes the bytes and deals with a display that is gone */
  constructor(profile: DisplayProfile, write: (bytes: Uint8Array) => void) {
    this.#profile = profile;
    this.#write = write;
    write(displayStart(profile));
  }

  show(upper: DisplayLine, lower: DisplayLine): void {
    const shown = `${lineText(upper, this.#profile)}\n${lineText(lower, this.#profile)}`;
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#write(displayShow(upper, lower, this.#profile));
  }

  clear(): void {
    if (this.#shown === '') return;
    this.#shown = '';
    this.#write(displayClear());
  }
}
