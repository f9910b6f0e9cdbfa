/**
 * ESC/POS decoder: a printer's byte stream as events, however the bytes arrive.
 *
 * Feeding one byte at a time gives the same events as feeding all at once. Text is held back until its run ends,
 * so `flush` hands out the last words of a stream that has no line feed.
 */
import { type CodePages, decodeBytes, decodePage, EPSON_CODE_PAGES } from './code-page.ts';
import { readCommand } from './escpos-command.ts';
import type { PrinterEvent } from './escpos-event.ts';
import type { CommandReader, ReadCommand } from './escpos-long-command.ts';
import { isWideChar } from './paper.ts';
import { readStarCommand, STAR_CODE_PAGES } from './star-command.ts';

export interface DecoderConfig {
  /** Encoding of the two-byte mode (FS &): `gb18030`, `gbk`, `big5`, ... */
  readonly hanEncoding: string;
  /** Chinese firmware starts in two-byte mode, and ESC @ brings it back. */
  readonly hanAtStart: boolean;
  readonly codePages: CodePages;
  /** Star printers have a language of their own; what it says is told in the same events. */
  readonly language: 'escpos' | 'star';
}

export const DECODER_DEFAULTS: DecoderConfig = {
  hanEncoding: 'gb18030',
  hanAtStart: false,
  codePages: EPSON_CODE_PAGES,
  language: 'escpos',
};

/** A picture of 16 MB is no receipt: its command is taken for noise. */
const PENDING_BYTES_MAX = 16 * 1024 * 1024;
/** A run of text longer than this is handed out in parts. */
const TEXT_BYTES_MAX = 4096;

/** An event with its place in the stream: the byte it starts at, counted from 0, and its bytes. */
export interface PlacedEvent {
  readonly at: number;
  readonly length: number;
  readonly event: PrinterEvent;
}

export class EscposDecoder {
  readonly #config: DecoderConfig;
  readonly #readCommand: CommandReader;
  #pending = new Uint8Array(256);
  #length = 0;
  /** Bytes read before those that are pending. */
  #taken = 0;
  #han: boolean;
  /** Text is UTF-8: FS ( C function 48, or a printer that is set to it. */
  #utf8: boolean;
  #page = 0;

  constructor(config: Partial<DecoderConfig> = {}) {
    const codePages = config.language === 'star' ? STAR_CODE_PAGES : EPSON_CODE_PAGES;
    this.#config = { ...DECODER_DEFAULTS, codePages, ...config };
    this.#readCommand = config.language === 'star' ? readStarCommand : readCommand;
    this.#han = this.#config.hanAtStart;
    this.#utf8 = this.#config.hanEncoding === 'utf8';
  }

  feed(bytes: Uint8Array): PrinterEvent[] {
    return this.feedPlaced(bytes).map(({ event }) => event);
  }

  feedPlaced(bytes: Uint8Array): PlacedEvent[] {
    this.#append(bytes);
    return this.#read(false);
  }

  /** The words still held back, as if a command came next. A command that is half there stays. */
  flush(): PrinterEvent[] {
    return this.flushPlaced().map(({ event }) => event);
  }

  flushPlaced(): PlacedEvent[] {
    return this.#read(true);
  }

  /** Where the command begins that is half there; null: nothing is held back. */
  get pending(): { readonly at: number; readonly bytes: number } | null {
    return this.#length === 0 ? null : { at: this.#taken, bytes: this.#length };
  }

  #append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#pending.length) {
      const grown = new Uint8Array(Math.max(needed, this.#pending.length * 2));
      grown.set(this.#pending.subarray(0, this.#length));
      this.#pending = grown;
    }
    this.#pending.set(bytes, this.#length);
    this.#length = needed;
  }

  #read(isEnd: boolean): PlacedEvent[] {
    const events: PlacedEvent[] = [];
    let at = 0;
    while (at < this.#length) {
      const rest = this.#pending.subarray(at, this.#length);
      const read = isText(rest[0]!) ? this.#readText(rest, isEnd) : readOrSkip(rest, this.#readCommand);
      if (read === null) break;
      this.#follow(read.event);
      events.push({ at: this.#taken + at, ...read });
      at += read.length;
    }
    this.#pending.copyWithin(0, at, this.#length);
    this.#length -= at;
    this.#taken += at;
    return events;
  }

  /** Modes that say how the next bytes are read. */
  #follow(event: PrinterEvent): void {
    if (event.op === 'multibyte') this.#han = event.on;
    if (event.op === 'codepage') this.#page = event.n;
    if (event.op === 'fs_paren' && event.group === 'C' && event.args[0] === 48) {
      this.#utf8 = event.args[1] === 2 || event.args[1] === 50;
    }
    if (event.op === 'init') {
      this.#han = this.#config.hanAtStart;
      this.#utf8 = this.#config.hanEncoding === 'utf8';
      this.#page = 0;
    }
  }

  #readText(bytes: Uint8Array, isEnd: boolean): ReadCommand | null {
    if (this.#utf8) return readUtf8(bytes, isEnd);
    const { length, isOpen } = this.#han ? hanRun(bytes, this.#config.hanEncoding) : asciiRun(bytes);
    if (isOpen && !isEnd) return null;
    // Length 0 at the end: half a character is all that is left, and it prints as a replacement sign.
    const run = bytes.subarray(0, Math.max(length, 1));
    const value = this.#han
      ? decodeBytes(run, this.#config.hanEncoding)
      : decodePage(run, this.#page, this.#config.codePages);
    return { event: { op: 'text', value, han: this.#han }, length: run.length };
  }
}

function readOrSkip(bytes: Uint8Array, readCommand: CommandReader): ReadCommand | null {
  const read = readCommand(bytes);
  if (read !== null || bytes.length < PENDING_BYTES_MAX) return read;
  return { event: { op: 'control', byte: bytes[0]! }, length: 1 };
}

function isText(byte: number): boolean {
  return byte >= 0x20;
}

/** The text at the head of some bytes. `isOpen`: more bytes may belong to it. */
interface TextRun {
  readonly length: number;
  readonly isOpen: boolean;
}

function asciiRun(bytes: Uint8Array): TextRun {
  const end = bytes.subarray(0, TEXT_BYTES_MAX).findIndex((byte) => !isText(byte));
  if (end >= 0) return { length: end, isOpen: false };
  return bytes.length < TEXT_BYTES_MAX
    ? { length: bytes.length, isOpen: true }
    : { length: TEXT_BYTES_MAX, isOpen: false };
}

/** Whole characters only: a run never ends inside a pair. */
function hanRun(bytes: Uint8Array, encoding: string): TextRun {
  let length = 0;
  while (length < TEXT_BYTES_MAX) {
    if (length === bytes.length) return { length, isOpen: true };
    if (!isText(bytes[length]!)) break;
    const size = hanCharBytes(bytes, length, encoding);
    if (size === null) return { length, isOpen: true };
    length += size;
  }
  return { length, isOpen: false };
}

/** Bytes of the character at a place; 1 for a lead byte with a wrong second one; null: more bytes are needed. */
function hanCharBytes(bytes: Uint8Array, at: number, encoding: string): 1 | 2 | 4 | null {
  const lead = bytes[at]!;
  if (lead < 0x81 || lead === 0xff) return 1;
  const second = bytes[at + 1];
  if (second === undefined) return null;
  if (second >= 0x40 && second !== 0x7f && second !== 0xff) return 2;
  if (encoding !== 'gb18030' || second < 0x30 || second > 0x39) return 1;
  const third = bytes[at + 2];
  if (third === undefined) return null;
  if (third < 0x81 || third === 0xff) return 1;
  const fourth = bytes[at + 3];
  if (fourth === undefined) return null;
  return fourth >= 0x30 && fourth <= 0x39 ? 4 : 1;
}

/** Text in UTF-8, as far as its characters are of one width: the font decides, not the mode. */
function readUtf8(bytes: Uint8Array, isEnd: boolean): ReadCommand | null {
  let value = '';
  let han: boolean | null = null;
  let length = 0;
  for (; length < TEXT_BYTES_MAX; ) {
    const size = length < bytes.length && isText(bytes[length]!) ? utf8CharBytes(bytes, length) : 0;
    if (size === null || length === bytes.length) {
      if (!isEnd) return null;
      if (length > 0) break;
    }
    if (size === 0) break;
    const char = decodeBytes(bytes.subarray(length, length + (size ?? 1)), 'utf8');
    const isWide = isWideChar(char);
    if (han !== null && isWide !== han) break;
    han = isWide;
    value += char;
    length += size ?? 1;
  }
  return { event: { op: 'text', value, han: han === true }, length };
}

/** Bytes of the character at a place; 1 for a byte that begins none; null: more bytes are needed. */
function utf8CharBytes(bytes: Uint8Array, at: number): 1 | 2 | 3 | 4 | null {
  const lead = bytes[at]!;
  const size = lead < 0xc2 || lead > 0xf4 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
  for (let next = 1; next < size; next++) {
    const byte = bytes[at + next];
    if (byte === undefined) return null;
    if ((byte & 0xc0) !== 0x80) return 1;
  }
  return size;
}
