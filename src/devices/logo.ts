/**
 * Logos: a PNG as dots for the head of a receipt.
 *
 * The picture's size is read before the picture: one of twenty megapixels is refused, not unpacked.
 */
import { Resvg } from '@resvg/resvg-js';
import { err, ok, type Result } from '../core/result.ts';
import { thresholded } from './line-artist.ts';
import type { Bitmap } from './raster-command.ts';

export interface LogoError {
  readonly kind: 'not_png' | 'too_large' | 'damaged';
  /** In English, for logs and tools. */
  readonly words: string;
}

/** A logo on 80 mm paper is 576 dots wide: two megapixels are enough for any. */
const PIXELS_MAX = 2_000_000;
const FILE_BYTES_MAX = 2_000_000;
/** 6 cm. A longer head costs paper on every receipt. */
const HEIGHT_DOTS_MAX = 480;

/** @param widthDots  of the paper; a wider picture is scaled down to it, a smaller one stays */
export function logoBitmap(png: Uint8Array, widthDots: number): Result<Bitmap, LogoError> {
  const head = new DataView(png.buffer, png.byteOffset, png.byteLength);
  if (png.length < 33 || head.getUint32(0) !== 0x89504e47 || head.getUint32(12) !== 0x49484452) {
    return err({ kind: 'not_png', words: 'the logo is no PNG picture' });
  }
  const [width, height] = [head.getUint32(16), head.getUint32(20)];
  if (width * height > PIXELS_MAX || png.length > FILE_BYTES_MAX) {
    const size = `${width} × ${height} pixels, ${png.length} bytes`;
    return err({ kind: 'too_large', words: `the logo is too large (${size}): two megapixels are the limit` });
  }
  if (width === 0 || height === 0) return err({ kind: 'damaged', words: 'the logo has no pixels' });
  const scale = Math.min(1, widthDots / width, HEIGHT_DOTS_MAX / height);
  const size = {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
  try {
    const data = Buffer.from(png).toString('base64');
    const svg =
      `<svg xmlns="http://www.w3.org/2000/svg" width="${size.width}" height="${size.height}">` +
      `<image width="${size.width}" height="${size.height}" preserveAspectRatio="none" ` +
      `href="data:image/png;base64,${data}"/></svg>`;
    const { pixels } = new Resvg(svg, { background: '#fff', font: { loadSystemFonts: false } }).render();
    return ok(thresholded(pixels, size));
  } catch (cause) {
    return err({ kind: 'damaged', words: `the logo cannot be read: ${(cause as Error).message}` });
  }
}
