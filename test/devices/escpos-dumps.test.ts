/**
 * The shared dumps: byte streams of five peer encoders, and what is in them.
 *
 * `封封` in the expected texts is a ruled line of receiptline (0x95 0x95 in Epson's katakana page, `──`) that the tool
 * which made the files read as Shift-JIS. With that page read so, every dump has to match to the last character.
 */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EPSON_CODE_PAGES } from '../../src/devices/code-page.ts';
import { EscposDecoder } from '../../src/devices/escpos-decode.ts';
import type { PrinterEvent } from '../../src/devices/escpos-event.ts';
import { VectorTally } from '../kit/vector-tally.ts';

const tally = new VectorTally('escpos');
const DUMPS = new URL('../../../shared/data/escpos/', import.meta.url);

interface Expected {
  readonly dump: string;
  readonly text: string;
  readonly events: readonly unknown[];
}

const names = existsSync(DUMPS)
  ? readdirSync(new URL('expected/', DUMPS)).filter((name) => name.endsWith('.json'))
  : [];

describe.skipIf(names.length === 0)(
  'shared ESC/POS dumps (skipped: ../shared/data/escpos is not there)',
  () => {
    test.each(names)('%s: events and text match', (name) => {
      const expected = JSON.parse(readFileSync(new URL(`expected/${name}`, DUMPS), 'utf8')) as Expected;
      const bytes = readFileSync(new URL(`dumps/${expected.dump}`, DUMPS));
      const decoder = new EscposDecoder({ codePages: { ...EPSON_CODE_PAGES, 1: 'shiftjis' } });
      const events = [...decoder.feed(bytes), ...decoder.flush()];
      tally.check('dumps of peers, text and events', () => {
        expect(events.map(asExpected)).toEqual(expected.events);
        expect(printedText(events)).toBe(expected.text);
      });
    });
  },
);

/** Our event in the words of the files: pictures by their SHA-1, no mode on text. */
function asExpected(event: PrinterEvent): unknown {
  if (event.op === 'text') return { op: 'text', value: event.value };
  if ('bytes' in event && event.bytes !== undefined) {
    const { bytes, ...rest } = event;
    return { ...rest, sha1: createHash('sha1').update(bytes).digest('hex') };
  }
  return event;
}

function printedText(events: readonly PrinterEvent[]): string {
  return events
    .map((event) => {
      if (event.op === 'text') return event.value;
      if (event.op === 'lf') return '\n';
      return event.op === 'feed_lines' ? '\n'.repeat(event.n) : '';
    })
    .join('');
}
