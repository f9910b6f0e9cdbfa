/**
 * Paper as a picture: a laid-out page for screens to show.
 *
 * The SVG is safe inside an HTML page: every word is escaped, and it has no script, style, id or reference.
 * Words are stretched to their columns, so that amounts line up whatever font the browser finds.
 */

import type { PaperCode } from './escpos-code.ts';
import { rasterPath } from './escpos-raster.ts';
import { charColumns, type Page, type PaperItem, type PaperLine, type PaperText } from './paper.ts';

const MARGIN_DOTS = 24;
const TEAR_DOTS = 8;
const FONTS_SC = "'Noto Sans SC', 'Noto Sans TC', 'PingFang SC', 'Microsoft YaHei', monospace";
const FONTS_TC = "'Noto Sans TC', 'Noto Sans SC', 'PingFang TC', 'Microsoft JhengHei', monospace";

export interface PageSvgOptions {
  /** Traditional Chinese shapes first; default simplified. */
  readonly traditional?: boolean;
}

/** The page as one `<svg>` element, one user unit a dot. */
export function pageSvg(page: Page, options: PageSvgOptions = {}): string {
  return sheetsSvg([page], options).svg;
}

/** Pages one below the other as one `<svg>` element, each a sheet of its own. */
export function sheetsSvg(
  pages: readonly Page[],
  options: PageSvgOptions = {},
): { readonly svg: string; readonly width: number; readonly height: number } {
  const width = pages.reduce((most, page) => Math.max(most, page.widthDots), 0) + MARGIN_DOTS * 2;
  let height = 0;
  const sheets = pages.map((page) => {
    const top = height === 0 ? 0 : height + SHEET_GAP_DOTS;
    const sheetHeight = page.heightDots + MARGIN_DOTS * 2 + TEAR_DOTS;
    height = top + sheetHeight;
    return top === 0
      ? sheetSvg(page, { width, height: sheetHeight }, options)
      : `<g transform="translate(0 ${top})">${sheetSvg(page, { width, height: sheetHeight }, options)}</g>`;
  });
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" ` +
    `viewBox="0 0 ${width} ${height}" role="img" lang="${options.traditional ? 'zh-Hant' : 'zh-Hans'}">` +
    `${sheets.join('')}</svg>`;
  return { svg, width, height };
}

/** The page as it is: black dots on white, no margin, no edge. */
export function dotsSvg({ widthDots, heightDots, lines }: Page): string {
  const items = lines.flatMap((line) => line.items.map((item) => itemSvg(item, line))).join('');
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${widthDots}" height="${heightDots}">` +
    `<g fill="#000" font-size="22" font-family="${FONTS_SC}">${items}</g></svg>`
  );
}

const SHEET_GAP_DOTS = 24;

function sheetSvg(
  page: Page,
  { width, height }: { readonly width: number; readonly height: number },
  options: PageSvgOptions,
): string {
  const lines = page.lines.flatMap((line) => line.items.map((item) => itemSvg(item, line))).join('');
  return (
    `<path d="${sheetPath(width, height)}" fill="#fff" stroke="#d9d6ce"/>` +
    `<g transform="translate(${MARGIN_DOTS} ${MARGIN_DOTS})" fill="#111" font-size="22" ` +
    `font-family="${options.traditional ? FONTS_TC : FONTS_SC}">${lines}</g>`
  );
}

/** A sheet whose lower edge went through a cutter's teeth. */
function sheetPath(width: number, height: number): string {
  const teeth = Math.round(width / (TEAR_DOTS * 2));
  const step = width / teeth / 2;
  const tooth = `l${-step} ${TEAR_DOTS}l${-step} ${-TEAR_DOTS}`;
  return `M0 0H${width}V${height - TEAR_DOTS}${tooth.repeat(teeth)}z`;
}

function itemSvg(item: PaperItem, line: PaperLine): string {
  const x = line.x + item.x;
  switch (item.kind) {
    case 'text':
      return textSvg(item, x, line.y + line.height - item.height);
    case 'raster': {
      const scale = item.scaleX === 1 && item.scaleY === 1 ? '' : ` scale(${item.scaleX} ${item.scaleY})`;
      return `<path transform="translate(${x} ${line.y})${scale}" d="${rasterPath(item)}"/>`;
    }
    case 'code':
      return codeSvg(item, x, line.y);
  }
}

/** Baseline in a cell of 24 dots. */
const BASELINE = 19;

function textSvg(item: PaperText, x: number, y: number): string {
  const scale = item.scaleX === 1 && item.scaleY === 1 ? '' : ` scale(${item.scaleX} ${item.scaleY})`;
  const bold = item.bold ? ' font-weight="700"' : '';
  const width = item.width / item.scaleX;
  const ground = item.invert ? `<path d="M0 0h${width}v24h${-width}z"/>` : '';
  const line = item.underline ? `<path d="M0 22h${width}v2h${-width}z"/>` : '';
  const fill = item.invert ? ' fill="#fff"' : '';
  const words = textRuns(item).map((run) => runSvg(run, item));
  return `<g transform="translate(${x} ${y})${scale}"${bold}>${ground}${line}<g${fill}>${words.join('')}</g></g>`;
}

interface TextRun {
  readonly text: string;
  /** Columns before the run, and in it. */
  readonly start: number;
  readonly columns: number;
  readonly wide: boolean;
}

/** Words of half-width characters, and runs of full-width ones; spaces only move on. */
function textRuns(item: PaperText): TextRun[] {
  const runs: TextRun[] = [];
  let column = 0;
  for (const char of item.text) {
    const columns = charColumns(char, item.han);
    const wide = columns === 2;
    const last = runs.at(-1);
    if (char !== ' ' && char !== '\u3000') {
      if (last !== undefined && last.wide === wide && last.start + last.columns === column) {
        runs[runs.length - 1] = { ...last, text: last.text + char, columns: last.columns + columns };
      } else {
        runs.push({ text: char, start: column, columns, wide });
      }
    }
    column += columns;
  }
  return runs;
}

function runSvg(run: TextRun, { cellDots, bold }: PaperText): string {
  const x = run.start * cellDots;
  const width = run.columns * cellDots;
  const words = escapeXml(run.text);
  // One narrow sign (a dot, a bar) stays in the middle of its column: stretching would smear it.
  if (run.columns === 1 || (run.wide && run.columns === 2)) {
    return `<text x="${x + width / 2}" y="${BASELINE}" text-anchor="middle">${words}</text>`;
  }
  if (run.wide) {
    const places = Array.from(run.text, (_, index) => x + (index * 2 + 1) * cellDots);
    return `<text x="${places.join(' ')}" y="${BASELINE}" text-anchor="middle">${words}</text>`;
  }
  const adjust = roughWidth(run.text) * (bold ? BOLD_WIDER : 1) > width ? 'spacingAndGlyphs' : 'spacing';
  return `<text x="${x}" y="${BASELINE}" textLength="${width}" lengthAdjust="${adjust}">${words}</text>`;
}

const BOLD_WIDER = 1.1;

/** Dots that Latin words take in the 22-dot sans serif, give or take: narrow words are spaced, wide ones squeezed. */
function roughWidth(text: string): number {
  return Array.from(text).reduce((sum, char) => {
    if (/[fijlrtI.,:;!|'()[\]-]/.test(char)) return sum + 7;
    return sum + (/[mwMW@%]/.test(char) ? 19 : 12);
  }, 0);
}

function codeSvg(code: PaperCode, x: number, y: number): string {
  const place = `translate(${x} ${y})`;
  if (code.path === null) {
    return (
      `<g transform="${place}"><path d="M1 1h${code.width - 2}v${code.height - 2}h${2 - code.width}z" ` +
      `fill="none" stroke="#111" stroke-width="2"/>${middleText(`${code.name} ${code.data}`.slice(0, 30), code.width, 38)}</g>`
    );
  }
  const above = code.hriAbove === '' ? '' : middleText(code.hriAbove, code.width, BASELINE);
  const below = code.hriBelow === '' ? '' : middleText(code.hriBelow, code.width, code.height - 5);
  return `<g transform="${place}"><path d="${code.path}"/>${above}${below}</g>`;
}

function middleText(text: string, width: number, y: number): string {
  return `<text x="${width / 2}" y="${y}" text-anchor="middle">${escapeXml(text)}</text>`;
}

const XML_NAMES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text for XML: names for the five signs, a replacement sign for characters XML does not have. */
export function escapeXml(text: string): string {
  return text
    .toWellFormed()
    .replace(/[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd')
    .replace(/[&<>"']/g, (sign) => XML_NAMES[sign]!);
}
