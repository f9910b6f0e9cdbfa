/** The virtual printer: slips, drawer and answers, as a till sees them. */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPtyPair } from '../../native/pty.ts';
import { openSerial } from '../../native/serial.ts';
import { EscposDecoder } from '../../src/devices/escpos-decode.ts';
import type { PrinterEvent } from '../../src/devices/escpos-event.ts';
import { PageLayout } from '../../src/devices/escpos-page.ts';
import { pageText } from '../../src/devices/escpos-text.ts';
import { printBytes } from '../../src/devices/print.ts';
import { PRINTER_PROFILES, printerProfile } from '../../src/devices/printer-profile.ts';
import { parseStatus, proofAnswer, proofRequest, statusRequest } from '../../src/devices/printer-status.ts';
import {
  attachVirtualPrinter,
  type PrinterOutput,
  VirtualPrinter,
} from '../../src/devices/virtual-printer.ts';
import { VectorTally } from '../kit/vector-tally.ts';
import { aReceipt, aReceiptOf } from './receipts.ts';
import { vectorLines } from './vectors.ts';

const chinese = printerProfile('generic-80-gb18030')!;
const latin1 = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));
const fixture = (name: string) => new URL(`../fixtures/devices/${name}`, import.meta.url);

function joined(events: readonly PrinterEvent[]): unknown[] {
  return events.map((event) => ('bytes' in event ? { ...event, bytes: [...(event.bytes ?? [])] } : event));
}

describe('slips', () => {
  test.each(PRINTER_PROFILES)(
    '$id: the receipt of the fixture has not changed, in bytes and on paper',
    async (profile) => {
      const bytes = printBytes(aReceipt(), profile);
      const printer = new VirtualPrinter(profile);
      const slips = [...printer.feed(bytes).slips, ...printer.tearOff().slips];
      expect(slips).toHaveLength(1);
      const golden = fixture(`receipt.${profile.id}`).pathname;
      await expect(Buffer.from(bytes).toString('hex')).toMatchFileSnapshot(`${golden}.hex`);
      await expect(slips[0]!.text).toMatchFileSnapshot(`${golden}.txt`);
    },
  );

  test('a slip ends at each cut, and has a picture', () => {
    const printer = new VirtualPrinter(chinese);
    const twice = Uint8Array.of(...printBytes(aReceipt(), chinese), ...printBytes(aReceipt(), chinese));
    const { slips, kicks } = printer.feed(twice);
    expect(slips).toHaveLength(2);
    expect(slips[0]!.text).toBe(slips[1]!.text);
    expect(slips[0]!.svg).toMatch(/^<svg .*<\/svg>$/s);
    expect(kicks).toEqual([
      { pin: 2, onMs: 50 },
      { pin: 2, onMs: 50 },
    ]);
  });

  test('without a cutter, the reset of the next receipt ends the slip', () => {
    const narrow = printerProfile('generic-58-gb18030')!;
    const printer = new VirtualPrinter(narrow);
    const bytes = printBytes(aReceiptOf({ type: 'text', text: '一' }), narrow);
    expect(printer.feed(bytes).slips).toHaveLength(0);
    expect(printer.feed(bytes).slips.map((slip) => slip.text.trim())).toEqual(['一']);
    expect(printer.tearOff().slips).toHaveLength(1);
    expect(printer.tearOff().slips).toHaveLength(0);
  });

  test('double-size words keep their places, and the amount ends in the last column', () => {
    const printer = new VirtualPrinter(chinese);
    const [slip] = printer.feed(
      printBytes(aReceiptOf({ type: 'pair', left: '合计', right: '￥5.00', size: 2 }), chinese),
    ).slips;
    expect(slip!.text.split('\n')[0]).toBe(`合计${' '.repeat(32)}￥5.00`);
  });
});

describe('the byte stream', () => {
  test('split at any byte, a stream gives the same events', () => {
    const stream = Uint8Array.of(
      ...printBytes(aReceipt(), chinese),
      ...latin1(
        '\x1bt\x10caf\xe9\n\x1d(k\x03\x001A2\x1b*\x21\x02\x00abcdef\x1dkE\x03ABC\x1c&\x81\x30\x84\x36\n',
      ),
    );
    const whole = new EscposDecoder();
    const expected = [...whole.feed(stream), ...whole.flush()];
    fc.assert(
      fc.property(fc.array(fc.nat(stream.length), { maxLength: 20 }), (cuts) => {
        const decoder = new EscposDecoder();
        const places = [0, ...cuts.toSorted((a, b) => a - b), stream.length];
        const events = places
          .slice(1)
          .flatMap((end, index) => decoder.feed(stream.subarray(places[index], end)));
        expect(joined([...events, ...decoder.flush()])).toEqual(joined(expected));
      }),
    );
    const single = new EscposDecoder();
    const bytewise = [...stream].flatMap((byte) => single.feed(Uint8Array.of(byte)));
    expect(joined([...bytewise, ...single.flush()])).toEqual(joined(expected));
  });

  test('a command nobody knows does not derail what follows', () => {
    const events = new EscposDecoder().feed(latin1('\x1b\x7fA\n\x1d\x01B\n\x1c~C\n\x02D\n'));
    const words = events.map((event) => (event.op === 'text' ? event.value : '')).join('');
    expect(words).toBe('ABCD');
  });

  test('any noise is taken without an exception, and the receipt after a reset is whole', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 400 }), (noise) => {
        const printer = new VirtualPrinter(chinese);
        const slips = [...printer.feed(noise).slips, ...printer.tearOff().slips];
        for (const slip of slips) expect(slip.svg).toContain('</svg>');
      }),
      { numRuns: 500 },
    );
  });

  test('Han firmware starts in two-byte mode, and ESC @ brings it back after FS .', () => {
    const printer = new VirtualPrinter(chinese);
    printer.feed(latin1('\xba\xc3\n\x1c.\xba\n\x1b@\xba\xc3\n'));
    expect(printer.tearOff().slips[0]!.text).toBe('好\n║\n好\n');
  });

  test('PDF417 and data that a barcode does not take become a box with the data', () => {
    const printer = new VirtualPrinter(chinese);
    printer.feed(latin1('\x1d(k\x06\x000P0abc\x1d(k\x03\x000Q0\x1dkF\x03123'));
    const [slip] = printer.tearOff().slips;
    expect(slip!.text).toBe('[PDF417 abc]\n[ITF 123]\n');
  });
});

describe('answers', () => {
  const topics = [1, 2, 3, 4] as const;

  test('a printer that is well answers 12 to DLE EOT 1-4', () => {
    const printer = new VirtualPrinter(chinese);
    for (const topic of topics) expect(printer.feed(statusRequest(topic)).reply).toEqual(Uint8Array.of(0x12));
  });

  test('the proof of print comes after all that was sent before it is on paper', () => {
    const printer = new VirtualPrinter(chinese);
    const { slips, reply } = printer.feed(
      Uint8Array.of(...printBytes(aReceipt(), chinese), ...proofRequest('A001')),
    );
    expect(slips).toHaveLength(1);
    expect(reply).toEqual(proofAnswer('A001'));
  });

  test('out of paper it holds the receipt, answers DLE EOT at once, and prints all when paper is back', () => {
    const printer = new VirtualPrinter(chinese);
    printer.setState({ paperEnd: true });
    const held = printer.feed(Uint8Array.of(...printBytes(aReceipt(), chinese), ...proofRequest('A002')));
    expect(held).toEqual({ slips: [], kicks: [], reply: new Uint8Array(0) });
    const [answer] = printer.feed(statusRequest(4)).reply;
    expect(parseStatus(4, answer!)).toEqual({ ok: true, value: { paperNearEnd: true, paperEnd: true } });
    expect(parseStatus(1, printer.feed(statusRequest(1)).reply[0]!)).toMatchObject({
      value: { offline: true },
    });
    const printed = printer.setState({ paperEnd: false });
    expect(printed.slips).toHaveLength(1);
    expect(printed.kicks).toHaveLength(1);
    expect(printed.reply).toEqual(proofAnswer('A002'));
  });

  test('a pulse opens the drawer, and the drawer pin tells until a hand closes it', () => {
    const printer = new VirtualPrinter(chinese);
    printer.feed(latin1('\x1bp\x01\x19\xfa'));
    const isOpen = () => parseStatus(1, printer.feed(statusRequest(1)).reply[0]!);
    expect(isOpen()).toMatchObject({ value: { drawerPinHigh: true } });
    printer.setState({ drawerOpen: false });
    expect(isOpen()).toMatchObject({ value: { drawerPinHigh: false } });
  });

  test('automatic status: four bytes when switched on, and at each change after', () => {
    const printer = new VirtualPrinter(chinese);
    expect(printer.feed(latin1('\x1da\xff')).reply).toEqual(Uint8Array.of(0x10, 0, 0, 0));
    expect(printer.setState({ coverOpen: true }).reply).toEqual(Uint8Array.of(0x38, 0, 0, 0));
  });

  test.skipIf(process.platform !== 'linux' || process.arch !== 'x64')(
    'at the end of a PTY it prints what openSerial sends, and its answer comes back',
    async () => {
      const pair = openPtyPair()!;
      const port = await openSerial({ path: pair.path, baudRate: 115_200 });
      const printed = new Promise<PrinterOutput>((resolve) => {
        attachVirtualPrinter(pair.master, new VirtualPrinter(chinese), (output) => {
          if (output.slips.length > 0) resolve(output);
        });
      });
      const answered = new Promise((resolve) => port.onData(resolve));
      await port.write(printBytes(aReceipt(), chinese));
      await port.write(statusRequest(1));
      expect((await printed).slips[0]!.text).toContain('便民超市');
      // Asked right behind the paper, when its drawer is open.
      expect(await answered).toEqual(Uint8Array.of(0x16));
      await port.close();
      await pair.close();
    },
  );
});

const tally = new VectorTally('escpos');
const SHARED = new URL('../../../shared/data/escpos/', import.meta.url);

describe.skipIf(!existsSync(SHARED))('shared vectors (skipped: ../shared/data/escpos is not there)', () => {
  test('every GB18030 vector prints as its bytes', () => {
    for (const { text, gb18030 } of vectorLines<{ text: string; gb18030: string }>(
      'escpos/gb18030-vectors.jsonl',
    )) {
      const bytes = Buffer.from(printBytes(aReceiptOf({ type: 'text', text }), chinese)).toString('hex');
      if (text !== text.normalize('NFC') || Buffer.from(gb18030, 'hex').length > 48) continue;
      expect(bytes, text).toContain(gb18030);
    }
  });

  test.each(['zh01', 'zh03', 'zh05', 'zh07', 'en01', 'en03', 'en05'])(
    '%s: receiptline’s receipt is laid out as the expected page',
    (id) => {
      const { columns } = JSON.parse(readFileSync(new URL('receipts-intent.json', SHARED), 'utf8')).find(
        (intent: { id: string }) => intent.id === id,
      );
      for (const peer of ['receiptline-escpos', 'receiptline-epson']) {
        const decoder = new EscposDecoder();
        const layout = new PageLayout(columns * 12);
        const bytes = readFileSync(new URL(`dumps/${id}.${peer}.bin`, SHARED));
        const pages = decoder.feed(bytes).flatMap((event) => layout.add(event));
        const text = pages.map((page) => pageText(page, { stretch: true, codes: false })).join('');
        const expected = readFileSync(new URL(`expected/${id}.layout.txt`, SHARED), 'utf8');
        tally.check('layouts of receiptline dumps', () =>
          expect(trimmedLines(text.replaceAll('─', '-'))).toEqual(trimmedLines(expected)),
        );
      }
    },
  );
});

function trimmedLines(text: string): string[] {
  return text
    .trimEnd()
    .split('\n')
    .map((line) => line.trimEnd());
}
