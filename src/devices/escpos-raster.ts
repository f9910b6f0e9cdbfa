/**
 * ESC/POS pictures: the dots of raster, bit-image and stored graphics commands as rows of bits.
 */
import type { PrinterEvent } from './escpos-event.ts';

export interface PaperRaster {
  readonly kind: 'raster';
  readonly x: number;
  /** Dots on paper, scaling included. */
  readonly width: number;
  readonly height: number;
  /** Bytes a row; the top bit of a byte is its leftmost dot. */
  readonly widthBytes: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly bytes: Uint8Array;
}

/** GS v 0 image; mode bit 0 doubles the width, bit 1 the height. */
export function printedRaster(event: PrinterEvent & { op: 'raster' }): PaperRaster {
  const { widthBytes, height, bytes, mode } = event;
  const scaleX = mode & 1 ? 2 : 1;
  const scaleY = mode & 2 ? 2 : 1;
  return {
    kind: 'raster',
    x: 0,
    width: widthBytes * 8 * scaleX,
    height: height * scaleY,
    widthBytes,
    scaleX,
    scaleY,
    bytes,
  };
}

/** ESC * image, columns first, as rows. Single density prints each column twice, 8-dot mode each row three times. */
export function bitImageRaster(event: PrinterEvent & { op: 'bit_image' }, x: number): PaperRaster {
  const { mode, columns, bytes } = event;
  const bytesPerColumn = mode >= 32 ? 3 : 1;
  const rows = bytesPerColumn * 8;
  const widthBytes = Math.ceil(columns / 8);
  const turned = new Uint8Array(widthBytes * rows);
  for (let column = 0; column < columns; column++) {
    for (let row = 0; row < rows; row++) {
      const isDark = bytes[column * bytesPerColumn + (row >> 3)]! & (0x80 >> (row & 7));
      if (isDark) turned[row * widthBytes + (column >> 3)]! |= 0x80 >> (column & 7);
    }
  }
  const scaleX = mode === 0 || mode === 32 ? 2 : 1;
  const scaleY = bytesPerColumn === 1 ? 3 : 1;
  return {
    kind: 'raster',
    x,
    width: columns * scaleX,
    height: rows * scaleY,
    widthBytes,
    scaleX,
    scaleY,
    bytes: turned,
  };
}

/** Payload of GS ( L and GS 8 L with fn 112: m fn a bx by c xL xH yL yH d1..dk. Null: something else. */
export function storedRaster(payload: Uint8Array): PaperRaster | null {
  if (payload.length < 10 || payload[1] !== 112) return null;
  const [scaleX, scaleY] = [payload[3] === 2 ? 2 : 1, payload[4] === 2 ? 2 : 1];
  const width = payload[6]! | (payload[7]! << 8);
  const height = payload[8]! | (payload[9]! << 8);
  const widthBytes = Math.ceil(width / 8);
  if (payload.length < 10 + widthBytes * height) return null;
  return {
    kind: 'raster',
    x: 0,
    width: width * scaleX,
    height: height * scaleY,
    widthBytes,
    scaleX,
    scaleY,
    bytes: payload.slice(10),
  };
}

/**
 * The dark dots of a raster as SVG path commands, one rectangle a run; rows that repeat are one taller rectangle.
 *
 * @example rasterPath({ ...one byte 0xf0, one row }) // 'M0 0h4v1h-4z'
 */
export function rasterPath(raster: PaperRaster): string {
  const { widthBytes, bytes } = raster;
  const rows = widthBytes === 0 ? 0 : Math.floor(bytes.length / widthBytes);
  let path = '';
  for (let row = 0; row < rows; ) {
    const bits = bytes.subarray(row * widthBytes, (row + 1) * widthBytes);
    let next = row + 1;
    while (next < rows && sameRow(bits, bytes.subarray(next * widthBytes, (next + 1) * widthBytes))) next++;
    for (const [start, end] of darkRuns(bits)) {
      path += `M${start} ${row}h${end - start}v${next - row}h${start - end}z`;
    }
    row = next;
  }
  return path;
}

function sameRow(one: Uint8Array, other: Uint8Array): boolean {
  return one.every((byte, index) => byte === other[index]);
}

function darkRuns(bits: Uint8Array): [number, number][] {
  const runs: [number, number][] = [];
  let start = -1;
  for (let dot = 0; dot <= bits.length * 8; dot++) {
    const isDark = dot < bits.length * 8 && (bits[dot >> 3]! & (0x80 >> (dot & 7))) !== 0;
    if (isDark && start < 0) start = dot;
    if (!isDark && start >= 0) {
      runs.push([start, dot]);
      start = -1;
    }
  }
  return runs;
}
