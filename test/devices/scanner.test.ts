/** Scanners: one code is one Scan, wherever the line tears. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Scanner, type ScannerConfig } from '../../src/devices/scanner.ts';

const bytes = (text: string) => Uint8Array.from(text, (char) => char.charCodeAt(0));

function textsOf(chunks: readonly string[], config: Partial<ScannerConfig> = {}): string[] {
  const scanner = new Scanner(config);
  return chunks.flatMap((chunk) => scanner.feed(bytes(chunk), 0).map((scan) => scan.text));
}

describe('frames', () => {
  test.each([
    ['CR', '\r'],
    ['LF', '\n'],
    ['CRLF', '\r\n'],
    ['TAB', '\t'],
  ])('a code ended by %s is one scan', (_, end) => {
    expect(textsOf([`4006381333931${end}`])).toEqual(['4006381333931']);
  });

  test('two codes in one chunk are two scans', () => {
    expect(textsOf(['4006381333931\r\n96385074\r\n'])).toEqual(['4006381333931', '96385074']);
  });

  test('codes split at any byte are the same codes', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 8 }), (cuts) => {
        const line = ']E04006381333931\r\n]C1010950110153001710AB\x1d21X9\r\n96385074\t';
        const places = [0, ...cuts.toSorted((a, b) => a - b), line.length];
        const chunks = places.slice(1).map((end, index) => line.slice(places[index], end));
        expect(textsOf(chunks)).toEqual(['4006381333931', '010950110153001710AB\x1d21X9', '96385074']);
      }),
    );
  });

  test('a prefix is cut off, and a frame without it is dropped and counted', () => {
    const scanner = new Scanner({ prefix: '\x02', suffix: '\x03' });
    expect(scanner.feed(bytes('\x02123\x03456\x03\x02789\x03'), 5).map((scan) => scan.text)).toEqual([
      '123',
      '789',
    ]);
    expect(scanner.takeErrors()).toEqual([{ kind: 'no_prefix', bytes: 3, atMs: 5 }]);
  });

  test('with suffix CRLF a lone CR ends nothing', () => {
    expect(textsOf(['12\r', '\n34\r\n'], { suffix: '\r\n' })).toEqual(['12', '34']);
  });
});

describe('silence', () => {
  test('a scanner without suffix ends its code after 300 ms of silence, at the time of its last byte', () => {
    const scanner = new Scanner({ suffix: 'none' });
    expect(scanner.nextDeadlineMs()).toBeNull();
    expect(scanner.feed(bytes('40063'), 1000)).toEqual([]);
    expect(scanner.feed(bytes('81333931'), 1010)).toEqual([]);
    expect(scanner.nextDeadlineMs()).toBe(1310);
    expect(scanner.flushIdle(1309)).toEqual([]);
    expect(scanner.flushIdle(1310)).toEqual([{ text: '4006381333931', aim: null, atMs: 1010 }]);
    expect(scanner.nextDeadlineMs()).toBeNull();
  });

  test('without suffix, a second code after the silence does not join the first', () => {
    const scanner = new Scanner({ suffix: 'none' });
    scanner.feed(bytes('111'), 0);
    expect(scanner.feed(bytes('222'), 400).map((scan) => scan.text)).toEqual(['111']);
    expect(scanner.flushIdle(900).map((scan) => scan.text)).toEqual(['222']);
  });

  test('with a suffix, half a code before a silence is torn: dropped, counted, never joined to the next', () => {
    const scanner = new Scanner();
    scanner.feed(bytes('40063'), 0);
    expect(scanner.feed(bytes('96385074\r'), 5000).map((scan) => scan.text)).toEqual(['96385074']);
    expect(scanner.takeErrors()).toEqual([{ kind: 'torn', bytes: 5, atMs: 5000 }]);
    expect(scanner.takeErrors()).toEqual([]);
    expect(scanner.errorCount).toBe(1);
  });
});

describe('garbage', () => {
  test('a frame past its limit is dropped once, and the next code is read', () => {
    const scanner = new Scanner({ frameBytesMax: 100 });
    const scans = scanner.feed(bytes(`${'9'.repeat(5000)}\r96385074\r`), 0);
    expect(scans.map((scan) => scan.text)).toEqual(['96385074']);
    expect(scanner.takeErrors()).toEqual([{ kind: 'too_long', bytes: 5000, atMs: 0 }]);
  });

  test('a frame too long is dropped with a suffix of two characters as well', () => {
    const scanner = new Scanner({ frameBytesMax: 10, suffix: '\r\n' });
    const chunks = [...`${'9'.repeat(50)}\r\n12\r\n`];
    const scans = chunks.flatMap((chunk) => scanner.feed(bytes(chunk), 0));
    expect(scans.map((scan) => scan.text)).toEqual(['12']);
    expect(scanner.errorCount).toBe(1);
  });

  test('NUL padding is cut off; other control characters make a frame garbage', () => {
    expect(textsOf(['\x00\x0096385074\x00\r'])).toEqual(['96385074']);
    const scanner = new Scanner();
    expect(scanner.feed(bytes('12\x0734\r\xff\xfe\r'), 0)).toEqual([]);
    expect(scanner.takeErrors().map((error) => error.kind)).toEqual(['garbage', 'garbage']);
  });

  test('any noise is taken without an exception, and the code after it and a CR is read', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (noise) => {
        const scanner = new Scanner();
        scanner.feed(noise, 0);
        const scans = scanner.feed(bytes('\r4006381333931\r'), 0);
        expect(scans.at(-1)?.text).toBe('4006381333931');
      }),
    );
  });

  test('no more than 100 errors are kept', () => {
    const scanner = new Scanner();
    scanner.feed(bytes('\x07\r'.repeat(500)), 0);
    expect(scanner.takeErrors()).toHaveLength(100);
    expect(scanner.errorCount).toBe(500);
  });
});

describe('content', () => {
  test('an AIM identifier stands apart from the code', () => {
    expect(new Scanner().feed(bytes(']d2010950110153001\r'), 7)).toEqual([
      { text: '010950110153001', aim: ']d2', atMs: 7 },
    ]);
  });

  test('a bracket that starts no identifier belongs to the code', () => {
    expect(textsOf([']12\r', ']\r'])).toEqual([']12', ']']);
  });

  test('GS inside a GS1 code is kept', () => {
    expect(textsOf(['10AB\x1d21X\r'])).toEqual(['10AB\x1d21X']);
  });

  test('Han text is read in the charset of the scanner', () => {
    const utf8 = new TextEncoder().encode('会员\r');
    expect(new Scanner().feed(utf8, 0)[0]?.text).toBe('会员');
    expect(new Scanner({ charset: 'gb18030' }).feed(Uint8Array.of(0xbb, 0xe1, 0x0d), 0)[0]?.text).toBe('会');
  });
});
