/**
 * Pictures as printer commands, cut into bands.
 *
 * A band is what a printer has to hold at once, and the most that a command which broke off in the middle can swallow of
 * what is sent next: `RASTER_COMMAND_BYTES_MAX` zeros end it for certain.
 */
import { assert } from '../core/assert.ts';
import type { PrinterCommand } from './printer-profile.ts';

/** One bit a dot, 1 is black, the top bit of a byte is its leftmost dot. */
export interface Bitmap {
  readonly widthBytes: number;
  readonly rows: number;
  readonly bytes: Uint8Array;
}

/** What Star's line mode prints at once, and a text line of all printers. */
const BAND_ROWS = 24;
/** 64 columns of 12 dots: the widest paper a profile may have. */
const WIDTH_BYTES_MAX = 96;

/** Longest raster command: head and one band. Text, barcodes and settings are shorter. */
export const RASTER_COMMAND_BYTES_MAX = 16 + WIDTH_BYTES_MAX * BAND_ROWS;

/** @returns the commands, one string character a byte; the paper is fed by as much as the picture is high */
export function rasterCommand({ widthBytes, rows, bytes }: Bitmap, command: PrinterCommand): string {
  assert(widthBytes >= 1 && widthBytes <= WIDTH_BYTES_MAX, 'a picture is not wider than the paper');
  assert(bytes.length === widthBytes * rows, 'a picture has all its rows');
  const bands: string[] = [];
  for (let row = 0; row < rows; row += BAND_ROWS) {
    const height = Math.min(BAND_ROWS, rows - row);
    const data = latin1(bytes.subarray(row * widthBytes, (row + height) * widthBytes));
    bands.push(bandCommand(data, { widthBytes, height }, command));
  }
  const joined = bands.join('');
  // Line mode: no gap between bands, then the usual line spacing again.
  return command === 'starline' ? `\x1b0${joined}\x1bz1` : joined;
}

function bandCommand(
  data: string,
  { widthBytes, height }: { readonly widthBytes: number; readonly height: number },
  command: PrinterCommand,
): string {
  const width = word(widthBytes);
  switch (command) {
    case 'star':
      // ESC GS S m xL xH yL yH n.
      return `\x1b\x1dS\x01${width}${word(height)}\x00${data}`;
    case 'starline':
      // ESC k n1 n2, always 24 rows, then LF.
      return `\x1bk${width}${data.padEnd(widthBytes * BAND_ROWS, '\x00')}\n`;
    default:
      // GS v 0 m xL xH yL yH.
      return `\x1dv0\x00${width}${word(height)}${data}`;
  }
}

function word(value: number): string {
  return String.fromCharCode(value & 255, value >> 8);
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** A QR code's modules as a picture of `cell` dots each. */
export function moduleBitmap(matrix: readonly ArrayLike<number>[], cell: number): Bitmap {
  const side = matrix.length * cell;
  const widthBytes = Math.ceil(side / 8);
  const bytes = new Uint8Array(widthBytes * side);
  matrix.forEach((modules, y) => {
    const row = new Uint8Array(widthBytes);
    for (let dot = 0; dot < side; dot++) {
      if (modules[Math.floor(dot / cell)] === 1) row[dot >> 3]! |= 0x80 >> (dot & 7);
    }
    for (let line = 0; line < cell; line++) bytes.set(row, (y * cell + line) * widthBytes);
  });
  return { widthBytes, rows: side, bytes };
}
