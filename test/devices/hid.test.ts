/** HID scanners: report descriptors, scanned-data reports of HID POS, keyboard reports. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fieldValues, parseHidDescriptor } from '../../src/devices/hid-descriptor.ts';
import { HidKeyboard } from '../../src/devices/hid-keyboard.ts';
import { HidScanner, isHidScanner, reportLayout, usualReport } from '../../src/devices/hid-scanner.ts';
import { Scanner } from '../../src/devices/scanner.ts';
import { VectorTally } from '../kit/vector-tally.ts';
import { vectorLines } from './vectors.ts';

interface DeviceVector {
  readonly kind: string;
  readonly reports: readonly string[];
  readonly text: string;
  readonly aim: string;
  readonly terminator?: 'enter' | 'tab' | null;
  readonly aim_at_byte?: 1 | 2;
  readonly note?: string;
}

const vectors = vectorLines<DeviceVector>('devices/vectors.jsonl');
const keyboards = vectors.filter(({ kind }) => kind === 'hid_keyboard');
const scanners = vectors.filter(({ kind }) => kind === 'hid_pos');
const tally = new VectorTally('devices');

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'));
const ascii = (text: string) => Buffer.from(text, 'latin1');

/** Scanner application: byte count, AIM, 56 bytes of data, maker's bytes, one bit `continued`. */
const DESCRIPTOR = hex(
  [
    '058c 0902 a101 0912 a102 8502 1500 26ff00 7508 9501',
    '0501 093b 8102',
    '9503 058c 09fb 09fc 09fd 8102',
    '9538 09fe 820201',
    '9502 0666ff 0904 8102',
    '058c 7501 9501 09ff 8102 9507 8103',
    'c0 c0',
  ]
    .join('')
    .replaceAll(' ', ''),
);
const layout = () => {
  const parsed = parseHidDescriptor(DESCRIPTOR);
  if (!parsed.ok) throw new Error('the descriptor is whole');
  return parsed.value;
};

describe('report descriptors', () => {
  test('a scanner: application, fields with their bits, bytes a report', () => {
    const descriptor = layout();
    expect(isHidScanner(descriptor)).toBe(true);
    expect(descriptor.hasReportIds).toBe(true);
    expect([...descriptor.reportBytes]).toEqual([[2, 63]]);
    expect(
      descriptor.inputs.map(({ usagePage, usage, bitOffset, bits, count }) => [
        usagePage,
        usage,
        bitOffset / 8,
        bits,
        count,
      ]),
    ).toEqual([
      [0x01, 0x3b, 0, 8, 1],
      [0x8c, 0xfb, 1, 8, 1],
      [0x8c, 0xfc, 2, 8, 1],
      [0x8c, 0xfd, 3, 8, 1],
      [0x8c, 0xfe, 4, 8, 56],
      [0xff66, 0x04, 60, 8, 2],
      [0x8c, 0xff, 62, 1, 1],
    ]);
  });

  test('a keyboard is no scanner; bits are read across bytes', () => {
    const keyboard = parseHidDescriptor(
      hex('05010906a101050719e029e7150025017501950881 02c0'.replaceAll(' ', '')),
    );
    expect(keyboard.ok && isHidScanner(keyboard.value)).toBe(false);
    const field = { reportId: 0, bitOffset: 6, bits: 4, usagePage: 1, usage: 1, count: 2 };
    expect(fieldValues(field, Uint8Array.of(0b1100_0000, 0b0010_0110))).toEqual(
      [0b1011, 0b1001].map((n) => n),
    );
  });

  test('a descriptor cut at any byte is told as damaged, or has no scanned data yet', () => {
    for (let end = 0; end < DESCRIPTOR.length; end++) {
      const parsed = parseHidDescriptor(DESCRIPTOR.subarray(0, end));
      // Two bytes and four are whole items that open nothing.
      expect(parsed.ok && reportLayout(parsed.value) !== null).toBe(false);
      expect(parsed.ok).toBe([0, 2, 4].includes(end));
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const parsed = parseHidDescriptor(bytes);
        if (parsed.ok) reportLayout(parsed.value)?.(new Uint8Array(64));
      }),
    );
  });
});

describe.skipIf(scanners.length === 0)('HID POS vectors (skipped: no shared data)', () => {
  test.each(scanners.map((vector) => [vector.text, vector] as const))('%j', (_, vector) => {
    const reports = vector.reports.map(hex);
    const scanner = new HidScanner();
    const scans = reports.map((report, index) => scanner.feed(report, index * 5));
    tally.check(`hid_pos, AIM at byte ${vector.aim_at_byte}`, () => {
      expect(scans.at(-1)).toEqual({ text: vector.text, aim: vector.aim, atMs: (reports.length - 1) * 5 });
      expect(scans.slice(0, -1).every((scan) => scan === null)).toBe(true);
      expect(scanner.takeErrors()).toEqual([]);
    });
  });

  test('the same through a report descriptor, where the AIM bytes lie as it says', () => {
    const read = reportLayout(layout())!;
    for (const vector of scanners.filter(({ aim_at_byte }) => aim_at_byte === 1)) {
      const scanner = new HidScanner(read);
      const scans = vector.reports.map((report) => scanner.feed(hex(report), 0));
      tally.check('hid_pos, by descriptor', () =>
        expect(scans.at(-1)).toEqual({ text: vector.text, aim: vector.aim, atMs: 0 }),
      );
    }
  });

  test('a report cut at any byte is garbage; half a code is never joined to the next', () => {
    const read = reportLayout(layout())!;
    for (const vector of scanners) {
      const reports = vector.reports.map(hex);
      for (let end = 0; end < 64; end++) {
        for (const reader of [usualReport, read]) {
          const scanner = new HidScanner(reader);
          for (const report of reports.slice(0, -1)) scanner.feed(report, 0);
          expect(scanner.feed(reports.at(-1)!.subarray(0, end), 1)).toBeNull();
          expect(scanner.takeErrors().at(-1)?.kind).toBe('garbage');
        }
        const scanner = new HidScanner();
        for (const report of reports.slice(0, -1)) scanner.feed(report, 0);
        scanner.feed(reports.at(-1)!.subarray(0, end), 1);
        const again = reports.map((report) => scanner.feed(report, 2)).at(-1);
        expect(again?.text).toBe(vector.text);
      }
    }
  });

  test('a continued report whose rest stays away for 500 ms is torn', () => {
    const long = scanners.find(({ reports }) => reports.length > 1)!;
    const short = scanners.find(({ reports }) => reports.length === 1)!;
    const scanner = new HidScanner();
    scanner.feed(hex(long.reports[0]!), 0);
    expect(scanner.nextDeadlineMs()).toBe(500);
    expect(scanner.feed(hex(short.reports[0]!), 501)?.text).toBe(short.text);
    expect(scanner.takeErrors().map(({ kind }) => kind)).toEqual(['torn']);
  });
});

describe('HID POS reports', () => {
  const report = (text: string, more = 0) => {
    const bytes = new Uint8Array(64);
    bytes.set([2, text.length, ...ascii(']Q1'), ...ascii(text)]);
    bytes[63] = more;
    return bytes;
  };

  test('a report without data is a trigger let go; one with control characters is garbage', () => {
    const scanner = new HidScanner();
    expect(scanner.feed(report(''), 0)).toBeNull();
    expect(scanner.takeErrors()).toEqual([]);
    expect(scanner.feed(report('ab\0'), 0)).toBeNull();
    expect(scanner.takeErrors()).toEqual([{ kind: 'garbage', bytes: 3, atMs: 0 }]);
  });

  test('a code in many reports comes out whole; one that never ends is dropped at its limit', () => {
    const scanner = new HidScanner();
    for (let part = 0; part < 9; part++) expect(scanner.feed(report('x'.repeat(50), 1), part)).toBeNull();
    expect(scanner.feed(report('end'), 10)?.text).toBe(`${'x'.repeat(450)}end`);
    for (let part = 0; part < 200; part++) scanner.feed(report('y'.repeat(50), 1), part);
    expect(scanner.takeErrors()[0]).toMatchObject({ kind: 'too_long', bytes: 7_100 });
  });

  test('any bytes are a code, garbage or nothing, and never a crash', () => {
    const read = reportLayout(layout())!;
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 70 })), (reports) => {
        for (const reader of [usualReport, read]) {
          const scanner = new HidScanner(reader);
          reports.forEach((bytes, index) => {
            const scan = scanner.feed(bytes, index);
            if (scan !== null) expect(scan.text).not.toMatch(/[\u0000-\u0003\u007f]/);
          });
        }
      }),
    );
  });
});

describe.skipIf(keyboards.length === 0)('keyboard vectors (skipped: no shared data)', () => {
  const ENDS = { enter: '\r', tab: '\t' } as const;

  test.each(keyboards.map((vector) => [vector.text, vector] as const))('%j', (_, vector) => {
    const stream = Buffer.concat(vector.reports.map((report) => hex(report)));
    const end = vector.terminator == null ? '' : ENDS[vector.terminator];
    tally.check(`hid_keyboard, ${vector.terminator ?? 'no'} terminator`, () => {
      const typed = new HidKeyboard().feed(stream);
      expect(typed).toBe(vector.text + end);
      for (let at = 0; at <= stream.length; at++) {
        const keyboard = new HidKeyboard();
        expect(keyboard.feed(stream.subarray(0, at)) + keyboard.feed(stream.subarray(at))).toBe(typed);
      }
      // Through the scanner: AIM identifier cut off, GS kept.
      const scanner = new Scanner(vector.terminator == null ? { suffix: 'none' } : {});
      const scans = [...scanner.feed(ascii(typed), 0), ...scanner.flushIdle(1_000)];
      const aim = /^\][A-Za-z]\d/.exec(vector.text)?.[0] ?? null;
      expect(scans).toEqual([{ text: vector.text.slice(aim?.length ?? 0), aim, atMs: 0 }]);
    });
  });
});

describe('keyboard reports', () => {
  test('a key that stays down counts once; letters with Shift are capitals; six keys at once come in order', () => {
    const keyboard = new HidKeyboard();
    const report = (modifiers: number, ...keys: number[]) =>
      Uint8Array.of(modifiers, 0, ...keys, ...Array(6 - keys.length).fill(0));
    expect(keyboard.feed(report(0, 4))).toBe('a');
    expect(keyboard.feed(report(0, 4, 5))).toBe('b');
    expect(keyboard.feed(report(0))).toBe('');
    expect(keyboard.feed(report(2, 4, 0x1e))).toBe('A!');
    expect(keyboard.feed(report(0))).toBe('');
    expect(keyboard.feed(report(0, 1, 1, 1, 1, 1, 1))).toBe('');
    expect(keyboard.feed(report(0x10, 0x30))).toBe('\u001d');
  });

  test('half a report is forgotten at a reset', () => {
    const keyboard = new HidKeyboard();
    keyboard.feed(Uint8Array.of(0, 0, 4));
    keyboard.reset();
    expect(keyboard.feed(Uint8Array.of(0, 0, 5, 0, 0, 0, 0, 0))).toBe('b');
  });
});
