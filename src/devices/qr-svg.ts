/**
 * QR codes for screens, as one SVG path.
 */
import receiptline from 'receiptline';

/** Four modules of white around, or no phone reads it. */
const QUIET = 4;
/** A version 20 code: what a phone reads off a screen at arm's length. */
const BYTES_MAX = 666;

/** @returns null: the text is empty, or too long for a code that a phone reads off a screen */
export function qrSvg(text: string): string | null {
  if (text === '' || new TextEncoder().encode(text).length > BYTES_MAX) return null;
  const matrix = receiptline.qrcode.generate({ data: text, type: 'qrcode', cell: 3, level: 'm' });
  const size = matrix.length + 2 * QUIET;
  const path = matrix
    .flatMap((row, y) =>
      [...row.join('').matchAll(/1+/g)].map(
        (run) => `M${run.index + QUIET} ${y + QUIET}h${run[0].length}v1h-${run[0].length}z`,
      ),
    )
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size} ${size}" width="${size}" height="${size}" shape-rendering="crispEdges"><path d="M0 0h${size}v${size}H0z" fill="#fff"/><path d="${path}"/></svg>`;
}
