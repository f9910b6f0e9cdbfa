/**
 * Reading a print file: the bytes that a receipt printer got, as paper, events and what was odd about them.
 *
 * Pure. The virtual printer plays a printer at the end of a line; this reads a whole stream at once, and says at which
 * byte something was wrong. Nothing is refused: a printer prints what it can, and so does this.
 */
import { EPSON_CODE_PAGES } from './code-page.ts';
import { barcodeTrouble } from './escpos-barcode.ts';
import { DECODER_DEFAULTS, EscposDecoder, type PlacedEvent } from './escpos-decode.ts';
import type { PrinterEvent } from './escpos-event.ts';
import { PageLayout } from './escpos-page.ts';
import { pageSvg } from './escpos-svg.ts';
import { pageText } from './escpos-text.ts';
import type { Page } from './paper.ts';

export interface PaperOptions {
  /** 576 dots on 80 mm paper, 384 on 58 mm. */
  readonly widthDots: number;
  /** How the printer is set: its two-byte encoding (`gb18030`, `gbk`, `big5`), `utf8`, or its first code page. */
  readonly encoding: string;
}

export interface PaperWarning {
  /** Byte of the stream, counted from 0. */
  readonly at: number;
  readonly kind:
    | 'unknown_command'
    | 'control_byte'
    | 'bad_character'
    | 'bad_barcode'
    | 'incomplete'
    | 'no_cut';
  readonly what: string;
}

export interface PaperSlip {
  readonly page: Page;
  readonly text: string;
  /** Drawn when read. */
  readonly svg: string;
  /** False: the stream ended before a cut. */
  readonly cut: boolean;
}

export interface PaperReading {
  readonly events: readonly PlacedEvent[];
  /** In stream order, the first hundred. */
  readonly warnings: readonly PaperWarning[];
  readonly warningCount: number;
  readonly slips: readonly PaperSlip[];
  /** Characters as printed, LF per line feed, no layout. */
  readonly text: string;
}

const HAN_ENCODINGS: ReadonlySet<string> = new Set(['gb18030', 'gbk', 'big5', 'shiftjis', 'euckr']);
const WARNINGS_KEPT_MAX = 100;

export function readPaper(bytes: Uint8Array, options: PaperOptions): PaperReading {
  const decoder = new EscposDecoder(decoderConfig(options.encoding));
  const events = [...decoder.feedPlaced(bytes), ...decoder.flushPlaced()];
  const slips = slipsOf(events, options);
  const warnings = events.flatMap(eventWarnings);
  const { pending } = decoder;
  if (pending !== null) {
    const what = `the stream ends inside a command of which ${pending.bytes} bytes are there`;
    warnings.push({ at: pending.at, kind: 'incomplete', what });
  }
  if (slips.at(-1)?.cut === false) {
    warnings.push({ at: bytes.length, kind: 'no_cut', what: 'the last slip is not cut off' });
  }
  return {
    events,
    warnings: warnings.slice(0, WARNINGS_KEPT_MAX),
    warningCount: warnings.length,
    slips,
    text: events.map(({ event }) => plainText(event)).join(''),
  };
}

function decoderConfig(encoding: string) {
  if (encoding === 'utf8' || HAN_ENCODINGS.has(encoding)) return { hanEncoding: encoding };
  return {
    hanEncoding: DECODER_DEFAULTS.hanEncoding,
    codePages: { ...EPSON_CODE_PAGES, 0: encoding },
  };
}

function slipsOf(events: readonly PlacedEvent[], { widthDots, encoding }: PaperOptions): PaperSlip[] {
  const layout = new PageLayout(widthDots);
  const slip = (page: Page, cut: boolean): PaperSlip => ({
    page,
    text: pageText(page),
    get svg() {
      return pageSvg(page, { traditional: encoding === 'big5' });
    },
    cut,
  });
  const cut = events.flatMap(({ event }) => layout.add(event)).map((page) => slip(page, true));
  return [...cut, ...layout.takePage().map((page) => slip(page, false))];
}

function eventWarnings({ at, event }: PlacedEvent): PaperWarning[] {
  switch (event.op) {
    case 'other':
      return event.known === false
        ? [
            {
              at,
              kind: 'unknown_command',
              what: `${printable(event.name)} is no command of a receipt printer`,
            },
          ]
        : [];
    case 'control':
      return IGNORED_CONTROLS.has(event.byte)
        ? []
        : [{ at, kind: 'control_byte', what: `byte 0x${hex(event.byte)} starts no command` }];
    case 'text':
      return event.value.includes('\ufffd')
        ? [{ at, kind: 'bad_character', what: 'bytes that are no characters of the encoding' }]
        : [];
    case 'barcode': {
      const what = barcodeTrouble(event.system, event.data);
      return what === null ? [] : [{ at, kind: 'bad_barcode', what }];
    }
    default:
      return [];
  }
}

/** NUL pads, XON and XOFF are of the line, CAN belongs to page mode. */
const IGNORED_CONTROLS: ReadonlySet<number> = new Set([0x00, 0x11, 0x13, 0x18]);

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

/** A command's name with what no terminal should get as its byte: `ESC 0x02`. */
function printable(name: string): string {
  return name.replace(/[^\x21-\x7e ]/g, (char) => `0x${hex(char.charCodeAt(0))}`);
}

function plainText(event: PrinterEvent): string {
  if (event.op === 'text') return event.value;
  if (event.op === 'lf') return '\n';
  return event.op === 'feed_lines' ? '\n'.repeat(event.n) : '';
}
