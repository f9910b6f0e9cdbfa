/**
 * ESC/POS commands with more than one parameter, or with a length of their own.
 *
 * Each reader gets the bytes from the command's first on and gives null while some are missing.
 * Source: Epson ESC/POS command reference.
 */
import type { PrinterEvent } from './escpos-event.ts';

export interface ReadCommand {
  readonly event: PrinterEvent;
  /** Bytes that the command takes, at least 1. */
  readonly length: number;
}

export type CommandReader = (bytes: Uint8Array) => ReadCommand | null;

/** Commands with more parameters, a length of their own, or none. */
export const LONG_COMMANDS: Readonly<Record<string, CommandReader>> = {
  'ESC @': (bytes) => sized(bytes, 2, () => ({ op: 'init' })),
  'ESC 2': (bytes) => sized(bytes, 2, () => ({ op: 'line_spacing_default' })),
  'ESC i': (bytes) => sized(bytes, 2, () => ({ op: 'cut', mode: 'full' })),
  'ESC m': (bytes) => sized(bytes, 2, () => ({ op: 'cut', mode: 'partial' })),
  'ESC $': (bytes) => sized(bytes, 4, () => ({ op: 'position_abs', n: word(bytes, 2) })),
  'ESC \\': (bytes) => sized(bytes, 4, () => ({ op: 'position_rel', n: signedWord(bytes, 2) })),
  'ESC p': (bytes) => sized(bytes, 5, () => ({ op: 'pulse', m: bytes[2]!, t1: bytes[3]!, t2: bytes[4]! })),
  'ESC *': readBitImage,
  'ESC D': readTabStops,
  'ESC &': readUserChars,
  'GS !': (bytes) => sized(bytes, 3, () => sizeEvent(bytes[2]!)),
  'GS L': (bytes) => sized(bytes, 4, () => ({ op: 'margin_left', n: word(bytes, 2) })),
  'GS W': (bytes) => sized(bytes, 4, () => ({ op: 'area_width', n: word(bytes, 2) })),
  'GS V': readCut,
  'GS k': readBarcode,
  'GS v': readRaster,
  'GS (': readParen,
  'GS 8': readLongGraphics,
  'GS *': readDownloadedImage,
  'GS g': (bytes) => readOther(bytes, 6),
  'FS &': (bytes) => sized(bytes, 2, () => ({ op: 'multibyte', on: true })),
  'FS .': (bytes) => sized(bytes, 2, () => ({ op: 'multibyte', on: false })),
  'FS S': (bytes) => sized(bytes, 4, () => ({ op: 'multibyte_spacing', args: [bytes[2]!, bytes[3]!] })),
  'FS (': readFsParen,
  'FS 2': (bytes) => readOther(bytes, 4 + 72),
  'FS q': readStoredImages,
  'DLE \x04': readStatusRequest,
  'DLE \x14': readRealTime,
};

const LEAD_NAMES: Readonly<Record<number, string>> = { 16: 'DLE', 27: 'ESC', 28: 'FS', 29: 'GS' };

/** `ESC @` for 1B 40: the tables go by it. */
export function commandName(bytes: Uint8Array): string {
  return `${LEAD_NAMES[bytes[0]!]} ${String.fromCharCode(bytes[1]!)}`;
}

/** The event, once all its bytes are there. */
export function sized(bytes: Uint8Array, length: number, make: () => PrinterEvent): ReadCommand | null {
  return bytes.length < length ? null : { event: make(), length };
}

export function word(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8);
}

export function signedWord(bytes: Uint8Array, at: number): number {
  return (word(bytes, at) << 16) >> 16;
}

export function latin1(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => String.fromCharCode(byte)).join('');
}

function readOther(bytes: Uint8Array, length: number): ReadCommand | null {
  const name = commandName(bytes);
  return sized(bytes, length, () => ({
    op: 'other',
    name,
    args: [...bytes.subarray(2, Math.min(length, 36))],
  }));
}

/** GS ! n: bits 4-6 width - 1, bits 0-2 height - 1. */
function sizeEvent(n: number): PrinterEvent {
  return { op: 'char_size', width: ((n >> 4) & 7) + 1, height: (n & 7) + 1 };
}

const PARTIAL_CUTS = [1, 49, 66, 98, 104];

/** GS V m, and GS V m n for m from 65: feed n, then cut. */
function readCut(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 3) return null;
  const m = bytes[2]!;
  const mode = PARTIAL_CUTS.includes(m) ? 'partial' : 'full';
  return m < 65
    ? sized(bytes, 3, () => ({ op: 'cut', mode }))
    : sized(bytes, 4, () => ({ op: 'cut', mode, feed: bytes[3]! }));
}

/** GS k m d1..dk NUL for m up to 6, GS k m n d1..dn from 65. */
function readBarcode(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 4) return null;
  const system = bytes[2]!;
  if (system > 64) {
    const end = 4 + bytes[3]!;
    return sized(bytes, end, () => ({ op: 'barcode', system, data: latin1(bytes.subarray(4, end)) }));
  }
  const end = bytes.indexOf(0, 3);
  if (end < 0 && bytes.length > 3 + BARCODE_BYTES_MAX) return readOther(bytes, 3);
  return end < 0
    ? null
    : { event: { op: 'barcode', system, data: latin1(bytes.subarray(3, end)) }, length: end + 1 };
}

/** No barcode is longer; a NUL that never comes must not hold up the paper. */
const BARCODE_BYTES_MAX = 255;

/** GS v 0 m xL xH yL yH d1..dk. */
function readRaster(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 8) return null;
  const widthBytes = word(bytes, 4);
  const height = word(bytes, 6);
  const end = 8 + widthBytes * height;
  return sized(bytes, end, () => ({
    op: 'raster',
    mode: bytes[3]! & 3,
    widthBytes,
    height,
    bytes: bytes.slice(8, end),
  }));
}

/** ESC * m nL nH d1..dk: m 0 and 1 have one byte a column, 32 and 33 three. */
function readBitImage(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 5) return null;
  const mode = bytes[2]!;
  const columns = word(bytes, 3);
  const end = 5 + columns * (mode >= 32 ? 3 : 1);
  return sized(bytes, end, () => ({ op: 'bit_image', mode, columns, bytes: bytes.slice(5, end) }));
}

/** GS ( X pL pH d1..dk. */
function readParen(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 5) return null;
  const len = word(bytes, 3);
  const end = 5 + len;
  return sized(bytes, end, () => parenEvent(String.fromCharCode(bytes[2]!), bytes.slice(5, end)));
}

function parenEvent(group: string, bytes: Uint8Array): PrinterEvent {
  const head = { op: 'gs_paren', group, len: bytes.length } as const;
  if (group === 'k' && bytes.length >= 2) {
    const symbol = bytes[0]!;
    const fn = bytes[1]!;
    const isStore = fn === 80;
    return isStore
      ? { ...head, symbol, fn, data: latin1(bytes.subarray(3)) }
      : { ...head, symbol, fn, args: [...bytes.subarray(2)] };
  }
  if (group === 'H' && bytes.length === 6 && bytes[0] === 48 && bytes[1] === 48) {
    return { op: 'proof_request', id: latin1(bytes.subarray(2)) };
  }
  return bytes.length <= PAREN_ARGS_MAX ? { ...head, args: [...bytes] } : { ...head, bytes };
}

/** Settings are short; what is longer is a picture. */
const PAREN_ARGS_MAX = 8;

/** GS 8 L p1..p4 d1..dk: as GS ( L, for pictures past 64 KB. */
function readLongGraphics(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 7) return null;
  const len = word(bytes, 3) + word(bytes, 5) * 0x10000;
  const end = 7 + len;
  return sized(bytes, end, () => ({
    op: 'gs8',
    group: String.fromCharCode(bytes[2]!),
    len,
    bytes: bytes.slice(7, end),
  }));
}

function readFsParen(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 5) return null;
  const end = 5 + word(bytes, 3);
  return sized(bytes, end, () => ({
    op: 'fs_paren',
    group: String.fromCharCode(bytes[2]!),
    args: [...bytes.subarray(5, end)],
  }));
}

/** ESC D n1..nk NUL, at most 32 stops. */
function readTabStops(bytes: Uint8Array): ReadCommand | null {
  const end = bytes.indexOf(0, 2);
  if (end >= 0 && end <= 34) return readOther(bytes, end + 1);
  return bytes.length > 34 ? readOther(bytes, 2) : null;
}

/** ESC & y c1 c2 [x d1..d(x*y)] for each character c1..c2. */
function readUserChars(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 5) return null;
  let end = 5;
  for (let char = bytes[3]!; char <= bytes[4]!; char++) {
    if (bytes.length <= end) return null;
    end += 1 + bytes[end]! * bytes[2]!;
  }
  return readOther(bytes, end);
}

/** GS * x y d1..d(x*y*8). */
function readDownloadedImage(bytes: Uint8Array): ReadCommand | null {
  return bytes.length < 4 ? null : readOther(bytes, 4 + bytes[2]! * bytes[3]! * 8);
}

/** FS q n [xL xH yL yH d1..d(x*y*8)] n times. */
function readStoredImages(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 3) return null;
  let end = 3;
  for (let image = 0; image < bytes[2]!; image++) {
    if (bytes.length < end + 4) return null;
    end += 4 + word(bytes, end) * word(bytes, end + 2) * 8;
  }
  return readOther(bytes, end);
}

/** DLE EOT n, and DLE EOT n a for n 7, 8 and 18. */
function readStatusRequest(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 3) return null;
  const n = bytes[2]!;
  return sized(bytes, n === 7 || n === 8 || n === 18 ? 4 : 3, () => ({ op: 'status_request', n }));
}

/** DLE DC4 fn: 1 pulse in real time (m t), 2 power off (a b), 3 buzzer (5), 7 status (m), 8 clear (7 bytes). */
function readRealTime(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 3) return null;
  const fn = bytes[2]!;
  if (fn === 1) {
    // t counts 100 ms here: the same pulse in the units of ESC p.
    return sized(bytes, 5, () => ({ op: 'pulse', m: bytes[3]!, t1: bytes[4]! * 50, t2: bytes[4]! * 50 }));
  }
  return readOther(bytes, 3 + ({ 2: 2, 3: 5, 7: 1, 8: 7 }[fn] ?? 0));
}
