/**
 * Star commands: StarPRNT and Star Line Mode, as far as receipts use them, read into the events of a receipt printer.
 *
 * As `escpos-command`: null while bytes are missing, and an unknown command takes no more than its two bytes.
 * Source: Star Line Mode command specifications.
 */
import type { CodePages } from './code-page.ts';
import type { NumberOp, PrinterEvent } from './escpos-event.ts';
import { latin1, type ReadCommand, signedWord, sized, word } from './escpos-long-command.ts';

/** ESC GS t n. */
export const STAR_CODE_PAGES: CodePages = {
  0: 'cp437',
  1: 'cp437',
  2: 'katakana',
  3: 'cp437',
  4: 'cp858',
  5: 'cp852',
  6: 'cp860',
  7: 'cp861',
  8: 'cp863',
  9: 'cp865',
  10: 'cp866',
  11: 'cp855',
  12: 'cp857',
  13: 'cp862',
  14: 'cp864',
  15: 'cp737',
  20: 'cp774',
  21: 'cp874',
  32: 'cp1252',
  33: 'cp1250',
  34: 'cp1251',
};

const ESC = 0x1b;
const GS = 0x1d;
const RS = 0x1e;
const LF = 0x0a;
/** Rows of a line-mode picture: ESC k, ESC X. */
const BAND_ROWS = 24;

export function readStarCommand(bytes: Uint8Array): ReadCommand | null {
  const lead = bytes[0]!;
  if (lead !== ESC) return { event: controlEvent(lead), length: 1 };
  if (bytes.length < 2) return null;
  const second = bytes[1]!;
  if (second === GS) return bytes.length < 3 ? null : readGroup(bytes);
  if (second === RS) return other(bytes, 4);
  const char = String.fromCharCode(second);
  const reader = READERS[char];
  if (reader !== undefined) return reader(bytes);
  const extra = ARGUMENT_BYTES[char];
  return extra === undefined
    ? { event: { op: 'other', name: `ESC ${char}`, args: [], known: false }, length: 2 }
    : other(bytes, 2 + extra);
}

function controlEvent(byte: number): PrinterEvent {
  switch (byte) {
    case 0x09:
      return { op: 'tab' };
    case LF:
      return { op: 'lf' };
    case 0x0d:
      return { op: 'cr' };
    // BEL and FS kick the first drawer, SUB and EM the second.
    case 0x07:
    case 0x1c:
      return { op: 'pulse', m: 0, t1: 25, t2: 250 };
    case 0x1a:
    case 0x19:
      return { op: 'pulse', m: 1, t1: 25, t2: 250 };
    case 0x04:
    case 0x0f:
    case 0x12:
      return { op: 'other', name: `0x${byte.toString(16).padStart(2, '0')}`, args: [] };
    default:
      return { op: 'control', byte };
  }
}

type Reader = (bytes: Uint8Array) => ReadCommand | null;

const number =
  (op: NumberOp): Reader =>
  (bytes) =>
    sized(bytes, 3, () => ({ op, n: bytes[2]! }));

const fixed =
  (event: PrinterEvent): Reader =>
  (bytes) =>
    sized(bytes, 2, () => event);

const READERS: Readonly<Record<string, Reader>> = {
  '@': fixed({ op: 'init' }),
  E: fixed({ op: 'bold', n: 1 }),
  F: fixed({ op: 'bold', n: 0 }),
  '4': fixed({ op: 'invert', n: 1 }),
  '5': fixed({ op: 'invert', n: 0 }),
  '-': number('underline'),
  a: number('feed_lines'),
  // Quarter millimetres, of two dots each.
  J: (bytes) => sized(bytes, 3, () => ({ op: 'feed_dots', n: bytes[2]! * 2 })),
  d: (bytes) => sized(bytes, 3, () => ({ op: 'cut', mode: bytes[2]! % 2 === 1 ? 'partial' : 'full' })),
  i: (bytes) =>
    sized(bytes, 4, () => ({ op: 'char_size', width: (bytes[3]! % 48) + 1, height: (bytes[2]! % 48) + 1 })),
  k: readBand,
  X: (bytes) => {
    if (bytes.length < 4) return null;
    const columns = word(bytes, 2);
    const end = 4 + columns * 3;
    return sized(bytes, end, () => ({ op: 'bit_image', mode: 33, columns, bytes: bytes.slice(4, end) }));
  },
  b: readBarcode,
  D: (bytes) => {
    const end = bytes.indexOf(0, 2);
    return end < 0 ? (bytes.length > 34 ? other(bytes, 2) : null) : other(bytes, end + 1);
  },
};

/** Commands that leave the paper as it is. */
const ARGUMENT_BYTES: Readonly<Record<string, number>> = {
  ' ': 1,
  '0': 0,
  '1': 0,
  '2': 0,
  '3': 1,
  z: 1,
  s: 2,
  l: 1,
  Q: 1,
  R: 1,
  $: 1,
  W: 1,
  h: 1,
  M: 0,
  P: 0,
  p: 1,
  C: 1,
  '\x07': 2,
  '\x06': 1,
};

function other(bytes: Uint8Array, length: number): ReadCommand | null {
  const name = `ESC ${String.fromCharCode(bytes[1]!)}`;
  return sized(bytes, length, () => ({ op: 'other', name, args: [...bytes.subarray(2, length)] }));
}

/** ESC k n1 n2 d1..dk: 24 rows; the LF behind prints them, and is no line of its own. */
function readBand(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 4) return null;
  const widthBytes = word(bytes, 2);
  const end = 4 + widthBytes * BAND_ROWS;
  if (bytes.length <= end) return null;
  const event = { op: 'raster', mode: 0, widthBytes, height: BAND_ROWS, bytes: bytes.slice(4, end) } as const;
  return { event, length: bytes[end] === LF ? end + 1 : end };
}

/** n1 of ESC b, as the number of GS k. */
const BAR_SYSTEMS = [66, 65, 68, 67, 69, 70, 73, 72, 71];
/** No barcode is longer; an RS that never comes must not hold up the paper. */
const BARCODE_BYTES_MAX = 255;

/** ESC b n1 n2 n3 n4 d1..dk RS. */
function readBarcode(bytes: Uint8Array): ReadCommand | null {
  const end = bytes.indexOf(RS, 6);
  if (end < 0 || end > 6 + BARCODE_BYTES_MAX) {
    return bytes.length > 6 + BARCODE_BYTES_MAX ? other(bytes, 6) : null;
  }
  const system = BAR_SYSTEMS[bytes[2]! & 0x0f] ?? 0;
  const data = latin1(bytes.subarray(6, end));
  return {
    // A percent sign leads Star's control characters; ESC/POS names the code set first.
    event: { op: 'barcode', system, data: system === 73 ? `{B${data.replaceAll('%0', '%')}` : data },
    length: end + 1,
  };
}

/** ESC GS …: alignment, positions, code page, rasters, QR codes. */
function readGroup(bytes: Uint8Array): ReadCommand | null {
  switch (String.fromCharCode(bytes[2]!)) {
    case 'a':
      return sized(bytes, 4, () => ({ op: 'align', n: bytes[3]! }));
    case 't':
      return sized(bytes, 4, () => ({ op: 'codepage', n: bytes[3]! }));
    case 'A':
      return sized(bytes, 5, () => ({ op: 'position_abs', n: word(bytes, 3) }));
    case 'R':
      return sized(bytes, 5, () => ({ op: 'position_rel', n: signedWord(bytes, 3) }));
    case 'S':
      return readRaster(bytes);
    case 'y':
      return readQr(bytes);
    case '\x03':
      return sized(bytes, 6, () => ({ op: 'other', name: 'ESC GS ETX', args: [...bytes.subarray(3, 6)] }));
    default:
      return { event: { op: 'other', name: 'ESC GS', args: [bytes[2]!], known: false }, length: 3 };
  }
}

/** ESC GS S m xL xH yL yH n d1..dk. */
function readRaster(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 9) return null;
  const [widthBytes, height] = [word(bytes, 4), word(bytes, 6)];
  const end = 9 + widthBytes * height;
  return sized(bytes, end, () => ({
    op: 'raster',
    mode: 0,
    widthBytes,
    height,
    bytes: bytes.slice(9, end),
  }));
}

/** ESC GS y S 0|1|2 n: model, level, cell. ESC GS y D 1 m nL nH d1..dk: data. ESC GS y P: print. */
function readQr(bytes: Uint8Array): ReadCommand | null {
  if (bytes.length < 4) return null;
  const head = { op: 'gs_paren', group: 'k', symbol: 49 } as const;
  switch (String.fromCharCode(bytes[3]!)) {
    case 'S': {
      if (bytes.length < 6) return null;
      const [which, n] = [bytes[4]! % 48, bytes[5]!];
      const fn = [65, 69, 67][which] ?? 65;
      return { event: { ...head, len: 3, fn, args: [which === 1 ? 48 + (n % 48) : n] }, length: 6 };
    }
    case 'D': {
      if (bytes.length < 8) return null;
      const end = 8 + word(bytes, 6);
      return sized(bytes, end, () => ({ ...head, len: end, fn: 80, data: latin1(bytes.subarray(8, end)) }));
    }
    case 'P':
      return { event: { ...head, len: 3, fn: 81, args: [48] }, length: 4 };
    default:
      return { event: { op: 'other', name: 'ESC GS y', args: [bytes[3]!], known: false }, length: 4 };
  }
}
