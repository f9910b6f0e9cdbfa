/**
 * Paper as text: a laid-out page in the columns of a fixed font, for people, logs and tests to read.
 */
import {
  CELL_DOTS,
  charColumns,
  type Page,
  type PaperItem,
  type PaperLine,
  type PaperText,
  textColumns,
} from './paper.ts';

export interface PageTextOptions {
  /** Double-width words take the columns they take on paper: `￥  3 2 . 1 2 `. */
  readonly stretch?: boolean;
  /** Codes appear as `[QR https://...]`; default true. */
  readonly codes?: boolean;
}

/** The page in columns of a fixed font, one line of text a line of paper, no spaces at line ends. */
export function pageText(page: Page, options: PageTextOptions = {}): string {
  const isShown = (item: PaperItem) =>
    item.kind === 'text' || (item.kind === 'code' && options.codes !== false);
  // A line that holds only pictures is no line of text; an empty line is one.
  const lines = page.lines
    .filter((line) => line.items.length === 0 || line.items.some(isShown))
    .map((line) => lineText(line, options));
  return lines.map((line) => `${line.trimEnd()}\n`).join('');
}

function lineText(line: PaperLine, options: PageTextOptions): string {
  let text = '';
  let column = 0;
  for (const words of line.items.flatMap((item) => placedWords(item, options)).sort((a, b) => a.x - b.x)) {
    const start = Math.max(Math.round((line.x + words.x) / CELL_DOTS), column);
    text += ' '.repeat(start - column) + words.text;
    column = start + words.columns;
  }
  return text;
}

interface PlacedWords {
  readonly x: number;
  readonly text: string;
  readonly columns: number;
}

function placedWords(item: PaperItem, options: PageTextOptions): PlacedWords[] {
  if (item.kind === 'raster') return [];
  if (item.kind === 'code') {
    const text = `[${item.name} ${item.data}]`;
    return options.codes === false ? [] : [{ x: item.x, text, columns: text.length }];
  }
  if (options.stretch) return [stretchedWords(item)];
  // Apart at wide gaps, so that an amount in double size begins where it begins on paper.
  return [...item.text.matchAll(/\S+(?: \S+)*/g)].map((match) => ({
    x: item.x + textColumns(item.text.slice(0, match.index), item.han) * item.cellDots * item.scaleX,
    text: match[0],
    columns: textColumns(match[0], item.han),
  }));
}

function stretchedWords(item: PaperText): PlacedWords {
  const text = Array.from(
    item.text,
    (char) => char + ' '.repeat(charColumns(char, item.han) * (item.scaleX - 1)),
  ).join('');
  return { x: item.x, text, columns: textColumns(item.text, item.han) * item.scaleX };
}
