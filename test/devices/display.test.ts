/** Pole displays: bytes of two languages, read back by a virtual display. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type DisplayProfile,
  DisplaySession,
  displayShow,
  displayStart,
  lineText,
} from '../../src/devices/display.ts';
import { columnsOf } from '../../src/devices/print-text.ts';
import { VirtualDisplay } from '../../src/devices/virtual-display.ts';

const latin1 = (bytes: Uint8Array) => Buffer.from(bytes).toString('latin1');
const escpos: DisplayProfile = { language: 'escpos', columns: 20, encoding: 'cp437' };
const cd5220: DisplayProfile = { language: 'cd5220', columns: 20, encoding: 'cp437' };
const chinese: DisplayProfile = { language: 'cd5220', columns: 20, encoding: 'gb18030' };

describe('bytes', () => {
  test('ESC/POS: reset, overwrite, no cursor, code page, clear; each line from its first column', () => {
    expect(latin1(displayStart(escpos))).toBe('\x1b@\x1f\x01\x1fC\x00\x1bt\x00\x0c');
    expect(
      latin1(displayShow({ left: 'Milk', right: '2.50' }, { left: 'TOTAL', right: '5.00' }, escpos)),
    ).toBe('\x1f$\x01\x01Milk            2.50\x1f$\x01\x02TOTAL           5.00');
  });

  test('CD5220: ESC Q A and B write the lines', () => {
    expect(latin1(displayStart(cd5220))).toBe('\x1b@\x1b_\x00\x0c');
    expect(latin1(displayShow({ left: 'Milk' }, { left: '', right: '5.00' }, cd5220))).toBe(
      '\x1bQAMilk                \r\x1bQB                5.00\r',
    );
  });
});

describe('lines', () => {
  test('the amount stays whole, the name gives way, Han characters are two columns', () => {
    expect(lineText({ left: '农夫山泉饮用天然水550ml', right: '2.00' }, chinese)).toBe(
      '农夫山泉饮用天  2.00',
    );
    expect(lineText({ left: 'Great Value Raisins Californian', right: '1,117.92' }, escpos)).toBe(
      'Great Value 1,117.92',
    );
    expect(lineText({ left: 'x', right: '1'.repeat(30) }, escpos)).toBe('1'.repeat(20));
  });

  test.each([escpos, cd5220, chinese])(
    '$language $encoding: any words fill the lines exactly, and are read back',
    (profile) => {
      const word = fc.string({ unit: 'binary', maxLength: 40 });
      fc.assert(
        fc.property(word, word, word, (left, right, lower) => {
          const lines = [{ left, right }, { left: lower }] as const;
          const texts = lines.map((line) => lineText(line, profile));
          for (const text of texts) {
            expect(columnsOf(text, profile.encoding)).toBe(20);
            expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
          }
          const display = new VirtualDisplay(20, profile.encoding);
          display.feed(displayStart(profile));
          for (const byte of displayShow(...lines, profile)) display.feed(Uint8Array.of(byte));
          expect(display.lines.map((line) => line.trimEnd())).toEqual(texts.map((text) => text.trimEnd()));
        }),
        { numRuns: 60 },
      );
    },
  );
});

test('a session sends what changed and nothing twice; after a clear the same words are sent again', () => {
  const sent: string[] = [];
  const session = new DisplaySession(escpos, (bytes) => sent.push(latin1(bytes)));
  session.show({ left: 'a' }, { left: 'b' });
  session.show({ left: 'a' }, { left: 'b' });
  expect(sent).toHaveLength(2);
  session.clear();
  session.clear();
  session.show({ left: 'a' }, { left: 'b' });
  expect(sent.slice(2)).toEqual(['\x0c', sent[1]]);
});
