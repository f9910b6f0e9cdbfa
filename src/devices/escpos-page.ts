/**
 * ESC/POS page: printer events laid out as lines of words, codes and pictures on a strip of paper.
 *
 * A page ends at a cut; `takePage` ends it by hand for printers without a cutter.
 */
import { paperBarcode, paperQr } from './escpos-code.ts';
import type { PrinterEvent } from './escpos-event.ts';
import type { PaperRaster } from './escpos-raster.ts';
import { bitImageRaster, printedRaster, storedRaster } from './escpos-raster.ts';
import {
  CELL_DOTS,
  charColumns,
  type Page,
  type PaperItem,
  type PaperLine,
  type PaperText,
} from './paper.ts';

const LINE_SPACING_DOTS = 30;
const CELL_HEIGHT = 24;
/** Nobody prints ten metres in one piece: a page that long is cut, so memory stays small. */
const PAGE_DOTS_MAX = 80_000;

const FRESH_MODE = {
  align: 0,
  bold: false,
  underline: false,
  invert: false,
  fontB: false,
  scaleX: 1,
  scaleY: 1,
  spacing: LINE_SPACING_DOTS,
  charSpacing: 0,
  marginDots: 0,
  areaDots: null as number | null,
  barHeight: 162,
  barWidth: 3,
  hri: 0,
  /** Columns of the tab stops, ascending. */
  tabs: Array.from({ length: 31 }, (_, index) => (index + 1) * 8),
};

export class PageLayout {
  readonly #widthDots: number;
  #mode = { ...FRESH_MODE };
  #qr = { data: '', cell: 3, level: 48 };
  #stored: PaperRaster | null = null;
  #lines: PaperLine[] = [];
  #items: PaperItem[] = [];
  #x = 0;
  #y = 0;

  constructor(widthDots: number) {
    this.#widthDots = widthDots;
  }

  /** @returns the pages that the event finished: none or one */
  add(event: PrinterEvent): Page[] {
    this.#apply(event);
    if (event.op === 'cut' || this.#y > PAGE_DOTS_MAX) return this.takePage();
    return [];
  }

  /** The page so far, and a fresh sheet; none when nothing is on it. */
  takePage(): Page[] {
    if (this.#items.length > 0) this.#endLine();
    const page: Page = { widthDots: this.#widthDots, heightDots: this.#y, lines: this.#lines };
    this.#lines = [];
    this.#y = 0;
    return page.lines.some((line) => line.items.length > 0) ? [page] : [];
  }

  #apply(event: PrinterEvent): void {
    switch (event.op) {
      case 'text':
        this.#print(event.value, event.han);
        break;
      case 'lf':
        this.#endLine();
        break;
      case 'feed_lines':
        for (let line = 0; line < event.n; line++) this.#endLine();
        break;
      case 'feed_dots':
        if (this.#items.length > 0) this.#endLine();
        this.#y += event.n;
        break;
      case 'tab':
        this.#x = this.#mode.tabs.map((column) => column * CELL_DOTS).find((x) => x > this.#x) ?? this.#x;
        break;
      case 'position_abs':
        this.#x = event.n;
        break;
      case 'position_rel':
        this.#x = Math.max(this.#x + event.n, 0);
        break;
      case 'bit_image':
        this.#place(bitImageRaster(event, this.#x));
        break;
      case 'raster':
        this.#placeAlone(printedRaster(event));
        break;
      case 'barcode':
        this.#placeAlone(paperBarcode(event, this.#mode));
        break;
      case 'gs8':
      case 'gs_paren':
        if (event.group === 'L') this.#applyGraphics(event);
        else if (event.op === 'gs_paren' && event.group === 'k') this.#applySymbol(event);
        break;
      default:
        this.#applyMode(event);
    }
  }

  /** GS ( L: fn 112 stores a picture, 50 (or 2) prints it. */
  #applyGraphics(event: PrinterEvent & { op: 'gs8' | 'gs_paren' }): void {
    if (event.bytes !== undefined) this.#stored = storedRaster(event.bytes);
    const isPrint = event.op === 'gs_paren' && (event.args?.[1] === 50 || event.args?.[1] === 2);
    if (isPrint && this.#stored !== null) this.#placeAlone(this.#stored);
  }

  /** GS ( k: 67 sets the cell, 69 the level, 80 stores the data, 81 prints. */
  #applySymbol(event: PrinterEvent & { op: 'gs_paren' }): void {
    if (event.fn === 67) this.#qr.cell = Math.min(Math.max(event.args?.[0] ?? 3, 1), 16);
    if (event.fn === 69) this.#qr.level = event.args?.[0] ?? 48;
    if (event.fn === 80) this.#qr.data = event.data ?? '';
    if (event.fn === 81 && this.#qr.data !== '') {
      this.#placeAlone(paperQr({ ...this.#qr, isQr: event.symbol === 49 }));
    }
  }

  #applyMode(event: PrinterEvent): void {
    const mode = this.#mode;
    if (event.op === 'init') {
      this.#mode = { ...FRESH_MODE };
      this.#items = [];
      this.#x = 0;
    }
    if (event.op === 'char_size') Object.assign(mode, { scaleX: event.width, scaleY: event.height });
    if (event.op === 'line_spacing_default') mode.spacing = LINE_SPACING_DOTS;
    if (event.op === 'cut' && this.#items.length > 0) this.#endLine();
    if (event.op === 'other' && event.name === 'ESC D') mode.tabs = event.args.filter((column) => column > 0);
    if (!('n' in event)) return;
    const { n } = event;
    if (event.op === 'align') mode.align = n % 48;
    if (event.op === 'bold' || event.op === 'double_strike') mode.bold = n % 2 === 1;
    if (event.op === 'underline') mode.underline = n % 48 !== 0;
    if (event.op === 'invert') mode.invert = n % 2 === 1;
    if (event.op === 'font') mode.fontB = n % 48 === 1;
    if (event.op === 'line_spacing') mode.spacing = n;
    if (event.op === 'char_spacing') mode.charSpacing = n;
    if (event.op === 'margin_left') mode.marginDots = n < this.#widthDots ? n : 0;
    if (event.op === 'area_width') mode.areaDots = n;
    if (event.op === 'barcode_height') mode.barHeight = Math.max(n, 1);
    if (event.op === 'barcode_width') mode.barWidth = Math.max(n, 1);
    if (event.op === 'hri_position') mode.hri = n % 48;
    if (event.op === 'print_mode') {
      Object.assign(mode, printModeBits(n));
    }
    if (event.op === 'multibyte_mode') {
      Object.assign(mode, { scaleX: n & 4 ? 2 : 1, scaleY: n & 8 ? 2 : 1, underline: (n & 0x80) !== 0 });
    }
  }

  #print(text: string, han: boolean): void {
    const { fontB, scaleX, scaleY, bold, underline, invert, charSpacing } = this.#mode;
    const cellDots = fontB ? 9 : CELL_DOTS;
    for (const char of text) {
      const width = charColumns(char, han) * cellDots * scaleX;
      if (this.#x > 0 && this.#x + width > this.#areaDots()) this.#endLine();
      const last = this.#items.at(-1);
      const style = { han, cellDots, scaleX, scaleY, bold, underline, invert };
      if (
        last?.kind === 'text' &&
        last.x + last.width === this.#x &&
        charSpacing === 0 &&
        isStyled(last, style)
      ) {
        last.text += char;
        last.width += width;
      } else {
        this.#items.push({
          kind: 'text',
          x: this.#x,
          text: char,
          width,
          height: CELL_HEIGHT * scaleY,
          ...style,
        });
      }
      this.#x += width + charSpacing;
    }
  }

  #areaDots(): number {
    const { areaDots, marginDots } = this.#mode;
    const room = this.#widthDots - marginDots;
    return Math.max(Math.min(areaDots ?? room, room), CELL_DOTS);
  }

  #place(item: PaperItem): void {
    this.#items.push(item);
    this.#x = item.x + item.width;
  }

  /** Codes and pictures start a line of their own, and the line is as high as they are. */
  #placeAlone(item: PaperItem): void {
    if (this.#items.length > 0) this.#endLine();
    this.#x = 0;
    this.#place(item);
    this.#endLine(0);
  }

  #endLine(spacing = this.#mode.spacing): void {
    const end = this.#items.reduce((most, item) => Math.max(most, item.x + item.width), 0);
    const tallest = this.#items.reduce((most, item) => Math.max(most, item.height), 0);
    const height = Math.max(tallest, spacing);
    const shift = Math.max(Math.floor(((this.#areaDots() - end) * this.#mode.align) / 2), 0);
    this.#lines.push({ y: this.#y, height, x: this.#mode.marginDots + shift, items: this.#items });
    this.#y += height;
    this.#items = [];
    this.#x = 0;
  }
}

type TextStyle = Omit<PaperText, 'kind' | 'x' | 'text' | 'width' | 'height'>;

function isStyled(item: PaperText, style: TextStyle): boolean {
  return (Object.keys(style) as (keyof TextStyle)[]).every((name) => item[name] === style[name]);
}

/** ESC ! n: bit 0 font B, 3 bold, 4 double height, 5 double width, 7 underline. */
function printModeBits(n: number) {
  return {
    fontB: (n & 1) !== 0,
    bold: (n & 8) !== 0,
    scaleY: n & 16 ? 2 : 1,
    scaleX: n & 32 ? 2 : 1,
    underline: (n & 128) !== 0,
  };
}
