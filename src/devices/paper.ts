/**
 * Paper: what a printer put on a strip of paper, line by line, ready to be written out or drawn.
 *
 * Distances are dots, 8 to the millimetre: a half-width column is 12 dots, a Han character 24, 80 mm paper 576 wide.
 */
import type { PaperCode } from './escpos-code.ts';
import type { PaperRaster } from './escpos-raster.ts';

export interface PaperText {
  readonly kind: 'text';
  readonly x: number;
  text: string;
  /** Dots taken by all characters. */
  width: number;
  readonly height: number;
  /** Read in two-byte mode: all but ASCII is full width. */
  readonly han: boolean;
  /** Dots of a half-width character before scaling: 12, or 9 in font B. */
  readonly cellDots: number;
  readonly scaleX: number;
  readonly scaleY: number;
  readonly bold: boolean;
  readonly underline: boolean;
  readonly invert: boolean;
}

export type PaperItem = PaperText | PaperRaster | PaperCode;

export interface PaperLine {
  /** Top of the line, in dots from the top of the page. */
  readonly y: number;
  readonly height: number;
  /** Left edge of the items, which count from there. */
  readonly x: number;
  readonly items: readonly PaperItem[];
}

export interface Page {
  readonly widthDots: number;
  readonly heightDots: number;
  readonly lines: readonly PaperLine[];
}

/** Dots of a half-width column in font A. */
export const CELL_DOTS = 12;

/** Columns of one printed character. */
export function charColumns(char: string, han: boolean): 1 | 2 {
  return han && char.codePointAt(0)! >= 0x80 ? 2 : 1;
}

/** Whether a font draws the character two columns wide: Han, kana, Hangul, full-width forms, emoji. */
export function isWideChar(char: string): boolean {
  return WIDE_CHAR.test(char);
}

const WIDE_CHAR =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u;

export function textColumns(text: string, han: boolean): number {
  return Array.from(text).reduce((sum, char) => sum + charColumns(char, han), 0);
}
