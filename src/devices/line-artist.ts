/**
 * Drawn lines: words with characters that a printer's encoding lacks, as a picture of one line.
 *
 * The line is laid out by the same columns as a printed one, so that amounts stay under amounts.
 */
import { Resvg } from '@resvg/resvg-js';
import type { Align } from '../core/receipt.ts';
import type { PrinterEvent } from './escpos-event.ts';
import { PageLayout } from './escpos-page.ts';
import { dotsSvg } from './escpos-svg.ts';
import { CELL_DOTS, isWideChar } from './paper.ts';
import type { FontSource } from './picture.ts';
import type { Bitmap } from './raster-command.ts';

export interface DrawnLine {
  readonly text: string;
  /** Half-width columns of the paper. */
  readonly columns: number;
  readonly size: 1 | 2;
  readonly bold: boolean;
  readonly align: Align;
  /** In a two-byte encoding all but ASCII is two columns wide; else as wide as the character is. */
  readonly han: boolean;
}

export interface LineArtist {
  canDraw(char: string): boolean;
  /** As wide as the paper, whatever the alignment. */
  draw(line: DrawnLine): Bitmap;
}

/** Lines kept: a name comes again on the copy. */
const KEPT_MAX = 50;

export function lineArtist(fonts: FontSource): LineArtist {
  const kept = new Map<string, Bitmap>();
  return {
    canDraw: (char) => fonts.has(char),
    draw: (line) => {
      const key = JSON.stringify(line);
      const drawn = kept.get(key) ?? drawLine(line, fonts);
      if (kept.size >= KEPT_MAX) kept.clear();
      kept.set(key, drawn);
      return drawn;
    },
  };
}

const ALIGN: Readonly<Record<Align, number>> = { left: 0, center: 1, right: 2 };
/** As high as a printed line: 24 dots and the 6 to the next. */
const LINE_DOTS = 30;

function drawLine(line: DrawnLine, fonts: FontSource): Bitmap {
  const width = line.columns * CELL_DOTS;
  const layout = new PageLayout(width);
  const height = line.size * LINE_DOTS;
  const events: PrinterEvent[] = [
    { op: 'align', n: ALIGN[line.align] },
    { op: 'char_size', width: line.size, height: line.size },
    { op: 'bold', n: line.bold ? 1 : 0 },
    { op: 'line_spacing', n: height },
    ...textRuns(line),
    { op: 'lf' },
  ];
  for (const event of events) layout.add(event);
  const [page] = layout.takePage();
  if (page === undefined) return { widthBytes: Math.ceil(width / 8), rows: 0, bytes: new Uint8Array(0) };
  const svg = dotsSvg(page);
  const { pixels } = new Resvg(svg, {
    background: '#fff',
    font: {
      loadSystemFonts: false,
      fontFiles: [...fonts.files(line.text, line.bold ? 700 : 400)],
      defaultFontFamily: 'Noto Sans SC',
    },
  }).render();
  return thresholded(pixels, { width, height: page.heightDots });
}

/** Runs of one width class, which is how the layout takes text. */
function textRuns({ text, han }: DrawnLine): PrinterEvent[] {
  if (han) return [{ op: 'text', value: text, han }];
  const runs: { op: 'text'; value: string; han: boolean }[] = [];
  for (const char of text) {
    const wide = isWideChar(char);
    const last = runs.at(-1);
    if (last?.han === wide) last.value += char;
    else runs.push({ op: 'text', value: char, han: wide });
  }
  return runs;
}

/** Grey from which a dot is black: a little late, or thin strokes of small Han characters run together. */
const BLACK_BELOW = 150;

/** @param pixels four bytes a pixel */
export function thresholded(
  pixels: Uint8Array,
  { width, height }: { readonly width: number; readonly height: number },
): Bitmap {
  const widthBytes = Math.ceil(width / 8);
  const bytes = new Uint8Array(widthBytes * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 4;
      const grey = (pixels[at]! * 3 + pixels[at + 1]! * 6 + pixels[at + 2]!) / 10;
      if (grey < BLACK_BELOW) bytes[y * widthBytes + (x >> 3)]! |= 0x80 >> (x & 7);
    }
  }
  return { widthBytes, rows: height, bytes };
}
