/**
 * ESC/POS codes: barcodes and QR codes that the printer draws itself, as bars and modules.
 *
 * receiptline has the encoders. What it cannot draw (PDF417, data a code does not take) becomes a box with the data.
 */
import receiptline from 'receiptline';
import type { PrinterEvent } from './escpos-event.ts';

export interface PaperCode {
  readonly kind: 'code';
  readonly x: number;
  readonly width: number;
  readonly height: number;
  /** What the code is called and holds, for the text of the page. */
  readonly name: string;
  readonly data: string;
  /** Dark rectangles; null: a code we cannot draw. */
  readonly path: string | null;
  /** Human-readable text above or below the bars; empty when none is printed. */
  readonly hriAbove: string;
  readonly hriBelow: string;
}

const HRI_DOTS = 26;
const BOX_DOTS = { width: 360, height: 60 };

type BarType = 'upc' | 'ean' | 'code39' | 'itf' | 'codabar' | 'code93' | 'code128';

/** GS k systems: 0-6 and 65-71 are the same seven. */
const BAR_SYSTEMS: readonly { readonly name: string; readonly type: BarType }[] = [
  { name: 'UPC-A', type: 'upc' },
  { name: 'UPC-E', type: 'upc' },
  { name: 'EAN-13', type: 'ean' },
  { name: 'EAN-8', type: 'ean' },
  { name: 'CODE39', type: 'code39' },
  { name: 'ITF', type: 'itf' },
  { name: 'CODABAR', type: 'codabar' },
  { name: 'CODE93', type: 'code93' },
  { name: 'CODE128', type: 'code128' },
];

export function paperBarcode(
  event: PrinterEvent & { op: 'barcode' },
  print: { readonly barWidth: number; readonly barHeight: number; readonly hri: number },
): PaperCode {
  const system = BAR_SYSTEMS[event.system >= 65 ? event.system - 65 : event.system];
  const data = system?.type === 'code128' ? code128Text(event.data) : event.data;
  const name = system?.name ?? `barcode ${event.system}`;
  // receiptline draws modules of two to four dots; the printer's own width scales a drawing of two.
  const bar =
    system === undefined
      ? null
      : receiptline.barcode.generate({
          data,
          type: system.type,
          width: 2,
          height: print.barHeight,
          hri: true,
        });
  if (bar === null || !(bar.length > 0)) return codeBox(name, data);
  const scale = print.barWidth / 2;
  const isAbove = (print.hri & 1) !== 0;
  const isBelow = (print.hri & 2) !== 0;
  return {
    kind: 'code',
    x: 0,
    width: Math.round(bar.length * scale),
    height: print.barHeight + (isAbove ? HRI_DOTS : 0) + (isBelow ? HRI_DOTS : 0),
    name,
    data,
    path: barPath(bar.widths, { scale, top: isAbove ? HRI_DOTS : 0, height: print.barHeight }),
    hriAbove: isAbove ? bar.text : '',
    hriBelow: isBelow ? bar.text : '',
  };
}

/** Widths alternate light and dark, beginning with the quiet zone. */
function barPath(widths: readonly number[], place: { scale: number; top: number; height: number }): string {
  let x = 0;
  let path = '';
  widths.forEach((width, index) => {
    const dots = width * place.scale;
    if (index % 2 === 1) path += `M${x} ${place.top}h${dots}v${place.height}h${-dots}z`;
    x += dots;
  });
  return path;
}

/**
 * The plain text of CODE128 data in the printer's form: `{A {B {C` choose a set, `{S` shifts, `{1`-`{4` are FNCs.
 *
 * @example code128Text('{BNo.{C\x0c\x22') // 'No.1234'
 */
export function code128Text(data: string): string {
  let text = '';
  let set = 'B';
  for (let at = 0; at < data.length; at++) {
    const char = data[at]!;
    if (char === '{' && at + 1 < data.length) {
      const mark = data[++at]!;
      if (mark === '{') text += '{';
      if (mark === 'A' || mark === 'B' || mark === 'C') set = mark;
    } else {
      text += set === 'C' ? String(char.charCodeAt(0)).padStart(2, '0') : char;
    }
  }
  return text;
}

/** @param qr `data` one character a byte; `level` 48-51 for L M Q H; `cell` dots a module */
export function paperQr(qr: {
  readonly data: string;
  readonly cell: number;
  readonly level: number;
  readonly isQr: boolean;
}): PaperCode {
  const data = utf8Text(qr.data);
  if (!qr.isQr) return codeBox('PDF417', data);
  const level = (['l', 'm', 'q', 'h'] as const)[qr.level - 48] ?? 'l';
  const matrix = receiptline.qrcode.generate({ data, type: 'qrcode', cell: 3, level });
  const { cell } = qr;
  let path = '';
  matrix.forEach((row, y) => {
    row.forEach((module, x) => {
      if (module === 1) path += `M${x * cell} ${y * cell}h${cell}v${cell}h${-cell}z`;
    });
  });
  const side = matrix.length * cell;
  if (side === 0) return codeBox('QR', data);
  return {
    kind: 'code',
    x: 0,
    width: side,
    height: side,
    name: 'QR',
    data,
    path,
    hriAbove: '',
    hriBelow: '',
  };
}

function codeBox(name: string, data: string): PaperCode {
  return { kind: 'code', x: 0, ...BOX_DOTS, name, data, path: null, hriAbove: '', hriBelow: '' };
}

/** Bytes held one a character, as UTF-8 text where they are that. */
function utf8Text(bytes: string): string {
  const decoded = new TextDecoder().decode(Uint8Array.from(bytes, (char) => char.charCodeAt(0)));
  return decoded.includes('\ufffd') ? bytes : decoded;
}
