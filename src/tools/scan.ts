/**
 * `counterfoil scan [CODE…]`: says what each code means, or what is wrong with it where; from arguments, or stdin one a line.
 *
 * It streams: a line is answered when it has come, in order, and a slow reader holds it up. Only LF ends a line: a code may hold
 * GS, and what else there is in it is the code's own fault.
 */
import type { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { type InStoreTemplate, isTemplatePattern, SCAN_CHARS_MAX } from '../core/barcode.ts';
import { type CodeReport, type ReportSetting, reportOn } from '../core/code-report.ts';
import { formatMinor } from '../core/money.ts';

export interface ScanOptions {
  readonly json: boolean;
  readonly setting: ReportSetting;
}

/** Those of the demo chain: 21 weight in grams, 22 price in minor units. */
function demoTemplates(currencyDigits: number): readonly InStoreTemplate[] {
  return [
    { pattern: '21IIIIIWWWWWC', decimals: 3 },
    { pattern: '22IIIIIPPPPPC', decimals: currencyDigits },
  ];
}

/** Answers are written in pieces of about this many characters. */
const PIECE_CHARS = 32_768;

/**
 * Reads what the command line says of the store.
 *
 * @param templates  `PATTERN:DECIMALS,…`, or `none`; undefined: those of the demo chain
 * @param currency  ISO 4217, for example `CNY`
 * @throws Error in words
 */
export function scanSetting(options: {
  readonly templates?: string | undefined;
  readonly currency: string;
  readonly associations: boolean;
  readonly yearNow: number;
}): ReportSetting {
  const currencyDigits = digitsOf(options.currency);
  const words = options.templates === 'none' ? [] : options.templates?.split(',');
  return {
    templates: words?.map((word) => templateOf(word.trim(), currencyDigits)) ?? demoTemplates(currencyDigits),
    currencyDigits,
    currencyCode: options.currency,
    yearNow: options.yearNow,
    isPairingChecked: options.associations,
  };
}

function digitsOf(currency: string): number {
  if (!/^[A-Z]{3}$/.test(currency)) throw new Error(`${currency} is no currency such as CNY`);
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  return format.resolvedOptions().maximumFractionDigits ?? 2;
}

function templateOf(word: string, currencyDigits: number): InStoreTemplate {
  const [pattern = '', decimals = ''] = word.split(':');
  if (!isTemplatePattern(pattern) || !/^[0-3]$/.test(decimals)) {
    throw new Error(`${word} is no template such as 21IIIIIWWWWWC:3 (pattern, colon, decimals 0 to 3)`);
  }
  if (pattern.includes('P') && Number(decimals) > currencyDigits) {
    throw new Error(`${word} has more decimals than the currency, which has ${currencyDigits}`);
  }
  return { pattern, decimals: Number(decimals) };
}

/** Answers each code in order. A reader who has gone away ends it quietly. */
export async function scanCodes(
  codes: Iterable<string> | AsyncIterable<string>,
  out: Writable,
  { json, setting }: ScanOptions,
): Promise<void> {
  let piece = '';
  let isGone = false;
  const gone = (cause: NodeJS.ErrnoException) => {
    isGone = true;
    if (cause.code !== 'EPIPE') process.exitCode = 1;
  };
  out.on('error', gone);
  const flush = async () => {
    const text = piece;
    piece = '';
    if (text === '' || isGone || out.write(text)) return;
    await drained(out);
  };
  try {
    for await (const code of codes) {
      const report = reportOn(code, setting);
      piece += `${json ? JSON.stringify(report) : reportWords(report)}\n`;
      if (piece.length >= PIECE_CHARS || (codes instanceof Lines && codes.isAtEnd)) await flush();
      if (isGone) return;
    }
    await flush();
  } finally {
    out.off('error', gone);
    // The error of a last write comes later, and is none of ours either.
    out.on('error', () => {});
  }
}

/** When more can be written, or nothing ever again. */
function drained(out: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      for (const event of ENDS) out.off(event, done);
      resolve();
    };
    for (const event of ENDS) out.on(event, done);
  });
}

const ENDS = ['drain', 'close', 'error'] as const;

/** Bytes as lines. A line that is longer than any code is cut, not kept. */
export class Lines implements AsyncIterable<string> {
  /** The lines that came together have all been handed out: answers need not wait for more. */
  isAtEnd = false;
  private readonly source: AsyncIterable<Uint8Array | string>;

  constructor(source: AsyncIterable<Uint8Array | string>) {
    this.source = source;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    const decoder = new StringDecoder('utf8');
    let rest = '';
    for await (const chunk of this.source) {
      const text = rest + (typeof chunk === 'string' ? chunk : decoder.write(Buffer.from(chunk)));
      const end = text.lastIndexOf('\n');
      rest = kept(text.slice(end + 1));
      if (end < 0) continue;
      const lines = text.slice(0, end).split('\n');
      for (const [index, line] of lines.entries()) {
        this.isAtEnd = index === lines.length - 1;
        yield kept(line).replace(/\r$/, '');
      }
    }
    this.isAtEnd = true;
    rest += decoder.end();
    if (rest !== '') yield rest.replace(/\r$/, '');
  }
}

/** Room for the longest code, blanks around it, and one more that makes it too long. */
function kept(line: string): string {
  return line.length > 4 * SCAN_CHARS_MAX ? line.slice(0, 4 * SCAN_CHARS_MAX) : line;
}

/** One line for a person. */
export function reportWords(report: CodeReport): string {
  const { input, valid, kind, error, gtin, elements, price, weight, ...facts } = report;
  const words = [valid ? 'ok ' : 'BAD', kind.padEnd(14)];
  if (gtin !== undefined) words.push(gtin);
  if (price !== undefined) words.push(`price ${formatMinor(price.value, price.decimals)}`);
  if (weight !== undefined) words.push(`weight ${formatMinor(weight.value, weight.decimals)} ${weight.unit}`);
  for (const [name, value] of Object.entries(facts)) words.push(`${name} ${printable(String(value))}`);
  for (const { ai, title, value } of elements ?? []) words.push(`(${ai}) ${title} ${printable(value)};`);
  if (error !== undefined) {
    const blamed = error.ai === undefined ? '' : ` in (${error.ai})`;
    const right = error.expected === undefined ? '' : `, should be ${error.expected}`;
    words.push(
      `at ${error.at}${blamed}: ${error.what.replaceAll('_', ' ')}${right} -- ${printable(input ?? '')}`,
    );
  }
  return words.join(' ');
}

/** Control characters must not steer the terminal. */
function printable(text: string): string {
  return JSON.stringify(text.slice(0, 200)).slice(1, -1).replaceAll('\u007f', '\\u007f');
}
