/** Printing: what goes into a document comes out of the printer, whatever the words are. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ReceiptBlock } from '../../src/core/receipt.ts';
import { EscposDecoder } from '../../src/devices/escpos-decode.ts';
import type { PrinterEvent } from '../../src/devices/escpos-event.ts';
import { PageLayout } from '../../src/devices/escpos-page.ts';
import { pageText } from '../../src/devices/escpos-text.ts';
import { decoderOf, drawerKick, printBytes, printJob, receiptSvg } from '../../src/devices/print.ts';
import { toPrintable } from '../../src/devices/print-text.ts';
import { PRINTER_PROFILES, type PrinterProfile, printerProfile } from '../../src/devices/printer-profile.ts';
import { aReceipt, aReceiptOf } from './receipts.ts';

const chinese = printerProfile('generic-80-gb18030')!;
const narrow = printerProfile('generic-58-gb18030')!;
const big5 = printerProfile('generic-80-big5')!;
const latin = printerProfile('generic-80-latin')!;

function eventsOf(blocks: ReceiptBlock[], profile: PrinterProfile): PrinterEvent[] {
  const decoder = new EscposDecoder(decoderOf(profile));
  return [...decoder.feed(printBytes(aReceiptOf(...blocks), profile)), ...decoder.flush()];
}

/** Lines of paper, by columns. */
function paperLines(blocks: ReceiptBlock[], profile: PrinterProfile): string[] {
  const layout = new PageLayout(profile.columns * 12);
  const pages = eventsOf(blocks, profile).flatMap((event) => layout.add(event));
  return [...pages, ...layout.takePage()].flatMap((page) => pageText(page).trimEnd().split('\n'));
}

const printedWords = (blocks: ReceiptBlock[], profile: PrinterProfile) =>
  eventsOf(blocks, profile)
    .map((event) => (event.op === 'text' ? event.value : ''))
    .join('');

const bare = (text: string) => text.replaceAll(' ', '');

/** Words of shops, and every sign that means something to receiptline, ESC/POS or Unicode. */
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom(...'{}|\\^"_`~-=;:x20n\n\r\t\u001b\u001d\u0000\u0301\ufeff农夫 ￥aB9'),
    maxLength: 120,
  }),
);

describe('words are never markup', () => {
  test.each(PRINTER_PROFILES)(
    '$id: any text prints as itself, with ? for what the encoding lacks',
    (profile) => {
      fc.assert(
        fc.property(anyText, fc.constantFrom(1 as const, 2 as const), (text, size) => {
          const printed = printedWords([{ type: 'text', text, size }], profile);
          expect(bare(printed)).toBe(bare(toPrintable(text, profile.encoding).text));
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each(PRINTER_PROFILES)('$id: any pair keeps all of its left and all of its right', (profile) => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom(1 as const, 2 as const), (left, right, size) => {
        const printed = printedWords([{ type: 'pair', left, right, size }], profile);
        const want = toPrintable(left, profile.encoding).text + toPrintable(right, profile.encoding).text;
        expect(bare(printed)).toBe(bare(want));
      }),
      { numRuns: 300 },
    );
  });

  test.each(PRINTER_PROFILES)('$id: no line is wider than the paper', (profile) => {
    fc.assert(
      fc.property(anyText, anyText, fc.constantFrom(1 as const, 2 as const), (left, right, size) => {
        let columns = 0;
        for (const event of eventsOf([{ type: 'pair', left, right, size }], profile)) {
          if (event.op === 'lf') columns = 0;
          if (event.op !== 'text') continue;
          for (const char of event.value) columns += (event.han && char > '\x7f' ? 2 : 1) * size;
          expect(columns).toBeLessThanOrEqual(profile.columns);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('a code holds any data, braces and bars too', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }), (data) => {
        const bars = eventsOf([{ type: 'barcode', data }], chinese).filter((event) => event.op === 'barcode');
        expect(bars).toHaveLength(1);
      }),
    );
  });
});

describe('pairs', () => {
  test('left and right share one line, the right side ends in the last column', () => {
    expect(paperLines([{ type: 'pair', left: '合计', right: '12.00' }], narrow)).toEqual([
      '合计                       12.00',
    ]);
  });

  test('a left side that is too long wraps by columns and the amount stays whole on its last line', () => {
    const left = '农夫山泉饮用天然水超大瓶装家庭实惠组合装 5L';
    expect(paperLines([{ type: 'pair', left, right: '￥12.00' }], narrow)).toEqual([
      '农夫山泉饮用天然水超大瓶装家庭实',
      '惠组合装 5L              ￥12.00',
    ]);
  });

  test('a left side that ends right under the amount gives the amount its own line', () => {
    expect(paperLines([{ type: 'pair', left: 'x'.repeat(30), right: '5.00' }], narrow)).toEqual([
      'x'.repeat(30),
      '                            5.00',
    ]);
  });

  test('a word moves to the next line whole', () => {
    expect(paperLines([{ type: 'text', text: 'Great Value Raisins Californian Sun' }], narrow)).toEqual([
      'Great Value Raisins Californian',
      'Sun',
    ]);
  });
});

describe('encodings', () => {
  test('the full-width ￥ prints in GB18030 as A3A4, and a plain ¥ becomes it', () => {
    const bytes = Buffer.from(printBytes(aReceiptOf({ type: 'text', text: '￥1 ¥2' }), chinese));
    expect(bytes.toString('latin1')).toContain('\xa3\xa41 \xa3\xa42');
  });

  test('characters an encoding lacks become ? and are reported in order', () => {
    const doc = aReceiptOf({ type: 'text', text: '农x😀' }, { type: 'pair', left: '夫', right: '1' });
    expect(printJob(doc, latin).unencodable).toEqual(['农', '😀', '夫']);
    expect(printJob(doc, big5).unencodable).toEqual(['农', '😀']);
    expect(printJob(doc, chinese).unencodable).toEqual([]);
    expect(printedWords([...doc.blocks], latin)).toContain('?x?');
  });

  test('traditional Chinese comes out of a Big5 printer as it went in', () => {
    const text = '歡迎光臨，謝謝惠顧 ￥100';
    expect(printedWords([{ type: 'text', text }], big5)).toBe(text);
  });

  test('Latin printers leave Han mode after the reset: FS . comes before the first text', () => {
    const bytes = Buffer.from(printBytes(aReceiptOf({ type: 'text', text: 'é' }), latin)).toString('latin1');
    expect(bytes.indexOf('\x1b@')).toBe(0);
    expect(bytes.indexOf('\x1c.')).toBeLessThan(bytes.indexOf('\xe9'));
    expect(bytes).not.toContain('\x1c&');
    const han = Buffer.from(printBytes(aReceiptOf({ type: 'text', text: '好' }), chinese)).toString('latin1');
    expect(han).toContain('\x1c&\xba\xc3');
  });
});

test.each(PRINTER_PROFILES)(
  '$id: no slip turns the status off that the printer tells by itself',
  (profile) => {
    const events = eventsOf([{ type: 'text', text: 'a' }], profile);
    expect(events.filter((event) => event.op === 'auto_status')).toEqual([]);
  },
);

describe('drawer and cutter', () => {
  test('a drawer pulse of 50 ms on pin 2 is 1B 70 00 19 FA', () => {
    expect(drawerKick(2, 50, 500)).toEqual(Uint8Array.of(0x1b, 0x70, 0, 0x19, 0xfa));
    expect(drawerKick(5, 50, 500)[2]).toBe(1);
    expect(() => drawerKick(2, 50, 512)).toThrow();
    expect(() => drawerKick(2, 60, 50)).toThrow();
  });

  test('the drawer opens before the paper comes, and only when the document says so', () => {
    const withDrawer = printBytes(aReceipt(), chinese);
    expect(withDrawer.slice(0, 5)).toEqual(drawerKick(2, 50, 500));
    const without = new EscposDecoder().feed(printBytes(aReceipt({ openDrawer: false }), chinese));
    expect(without.some((event) => event.op === 'pulse')).toBe(false);
  });

  test('a printer with a cutter cuts once, at the end; one without feeds four lines to tear off', () => {
    const cut = eventsOf([{ type: 'text', text: 'a' }], chinese);
    expect(cut.filter((event) => event.op === 'cut')).toEqual([cut.at(-1)]);
    expect(eventsOf([{ type: 'text', text: 'a' }], narrow).at(-1)).toEqual({ op: 'feed_lines', n: 4 });
  });
});

describe('codes', () => {
  test('a receipt number is a CODE128 with its text below', () => {
    const bar = eventsOf([{ type: 'barcode', data: 'T01-000123' }], chinese);
    expect(bar).toContainEqual({ op: 'hri_position', n: 2 });
    expect(paperLines([{ type: 'barcode', data: 'T01-000123' }], chinese).join('')).toContain(
      '[CODE128 T01-000123]',
    );
  });

  test('a barcode wider than the paper becomes a QR code, and what fits neither becomes words', () => {
    const wide = eventsOf([{ type: 'barcode', data: 'A-'.repeat(20) }], narrow);
    expect(wide.some((event) => event.op === 'barcode')).toBe(false);
    expect(wide.some((event) => event.op === 'raster')).toBe(true);
    expect(printedWords([{ type: 'qr', data: 'x'.repeat(700) }], narrow)).toBe('x'.repeat(700));
  });
});

describe('the picture', () => {
  test('words cannot break out of the SVG, and it refers to nothing outside', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const svg = receiptSvg(aReceiptOf({ type: 'text', text: `<script>&"'${text}]]>` }));
        expect(svg).not.toMatch(/<(?!\/?(?:svg|g|path|text)[ >])/);
        expect(svg).not.toMatch(/href|url\(|@import|\sid=|on\w+=/);
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
      }),
      { numRuns: 200 },
    );
  });

  test('the same document makes the same picture', () => {
    expect(receiptSvg(aReceipt())).toBe(receiptSvg(aReceipt()));
  });

  test('traditional Chinese asks for traditional shapes first', () => {
    expect(receiptSvg(aReceipt({ locale: 'zh-TW' }))).toContain(
      "font-family=\"'Noto Sans TC', 'Noto Sans SC'",
    );
  });
});
