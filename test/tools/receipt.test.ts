/** `npx counterfoil receipt`: a file of printer bytes as text, picture and JSON. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { printBytes } from '../../src/devices/print.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { notoFonts } from '../../src/till/fonts.ts';
import { readReceiptFile } from '../../src/tools/receipt.ts';
import { aReceipt } from '../devices/receipts.ts';

let folder: string;
let file: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-receipt-'));
  file = path.join(folder, 'a.bin');
  writeFileSync(file, printBytes(aReceipt(), printerProfile('generic-80-gb18030')!));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(args: readonly string[], input?: Uint8Array) {
  const done = spawnSync(process.execPath, ['src/tools/counterfoil.ts', 'receipt', ...args], {
    ...(input === undefined ? {} : { input }),
    encoding: 'utf8',
  });
  return { status: done.status, out: done.stdout, err: done.stderr };
}

const saved = (name: string, bytes: string) => {
  const made = path.join(folder, name);
  writeFileSync(made, Buffer.from(bytes, 'latin1'));
  return made;
};

describe('what it shows', () => {
  test('text: the paper in columns, codes with their data, a line where it was cut; nothing on stderr', () => {
    const { status, out, err } = run([file]);
    expect([status, err]).toEqual([0, '']);
    expect(out).toContain(`合计${' '.repeat(30)}￥14.24\n`);
    expect(out).toContain('[CODE128 T01-000123]');
    expect(out).toMatch(/✂\n$/);
  });

  test('JSON: slips, pulses and every command with its byte; the standard input is `-`', () => {
    const { status, out } = run(['-', '--json'], readFileSync(file));
    const json = JSON.parse(out);
    expect(status).toBe(0);
    expect(json.kicks).toEqual([{ pin: 2, onMs: 50 }]);
    expect(json.slips).toHaveLength(1);
    expect(json.slips[0]).toMatchObject({ cut: true, widthDots: 576, codes: [{ name: 'CODE128' }] });
    expect(json.events[0]).toEqual({ op: 'pulse', m: 0, t1: 25, t2: 250, at: 0 });
    expect(json.events[1]).toEqual({ op: 'init', at: 5 });
    expect(json.warnings).toEqual([]);
    expect(json.text).toContain('便民超市\n');
  });

  test('a picture: PNG of the paper and its margins, with Han characters that are no empty boxes', () => {
    const out = path.join(folder, 'a.png');
    const { status, err } = run([file, '--png', out]);
    expect(status).toBe(0);
    const png = readFileSync(out);
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(576 + 48);
    expect(err).toContain(`1 slip, 624 × ${png.readUInt32BE(20)}`);
    const fonts = notoFonts()!;
    expect(['便', '民', '龘', '￥', 'A', '臺'].map((char) => fonts.has(char))).toEqual(Array(6).fill(true));
    expect([fonts.has('Ω'), fonts.has('\u{10ffff}')]).toEqual([false, false]);
  });

  test('58 mm paper is 384 dots wide; a code page other than cp437 is read as what it is', () => {
    const narrow = run([saved('narrow.bin', 'x'.repeat(33)), '--width', '58']);
    expect(narrow.out.split('\n').slice(0, 2)).toEqual(['x'.repeat(32), 'x']);
    const russian = saved('russian.bin', '\x8f\xe0\xa8\xa2\xa5\xe2\n');
    expect(run([russian, '--encoding', 'cp866']).out).toContain('Привет\n');
    const utf8 = saved('utf8.bin', Buffer.from('é 农夫山泉\n').toString('latin1'));
    expect(run([utf8, '--encoding', 'UTF-8']).out).toContain('é 农夫山泉\n');
  });
});

describe('bad input', () => {
  test.each([
    ['nowhere.bin', 'there is no nowhere.bin'],
    ['.', '. is a folder'],
    ['/dev/null', '/dev/null is empty'],
  ])('%s: one sentence and exit code 1', (name, words) => {
    const { status, out, err } = run([name]);
    expect([status, out]).toEqual([1, '']);
    expect(err).toContain(`counterfoil: ${words}`);
    expect(err.trim().split('\n')).toHaveLength(1);
  });

  test('a picture, a PDF and an archive are told apart from printer bytes', () => {
    for (const [head, words] of [
      ['\x89PNG\r\n', 'a PNG picture'],
      ['%PDF-1.7', 'a PDF'],
      ['PK\x03\x04', 'a ZIP archive'],
    ] as const) {
      expect(() => readReceiptFile(saved('odd.bin', head), { width: 80, encoding: 'gb18030' })).toThrow(
        words,
      );
    }
  });

  test('an encoding and a width that no printer has are refused', () => {
    expect(run([file, '--encoding', 'klingon']).err).toContain('klingon is no encoding of a printer');
    expect(run([file, '--width', '70']).status).not.toBe(0);
  });

  test('odd bytes are named with their place, and the rest prints', () => {
    const odd = saved('odd.bin', 'ab\x1b\x02cd\x0f\n\x1dk\x02123\0\x1dv0\0\x48\0\xff\0');
    const { status, out, err } = run([odd]);
    expect(status).toBe(0);
    expect(out).toContain('abcd\n');
    expect(err.trim().split('\n')).toEqual([
      'counterfoil: byte 2: ESC 0x02 is no command of a receipt printer',
      'counterfoil: byte 6: byte 0x0f starts no command',
      'counterfoil: byte 8: EAN13 takes 12 or 13 digits',
      'counterfoil: byte 15: the stream ends inside a command of which 8 bytes are there',
      'counterfoil: byte 23: the last slip is not cut off',
    ]);
  });

  test('a picture of nothing is refused in words', () => {
    const { status, err } = run([saved('blank.bin', '\x1b@'), '--png', path.join(folder, 'no.png')]);
    expect([status, err]).toEqual([
      1,
      'counterfoil: nothing came out of the printer, so there is no picture\n',
    ]);
  });

  test('100 KB of noise make a page and no crash', () => {
    let seed = 20_261_122;
    const noise = Uint8Array.from({ length: 100_000 }, () => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed >> 16;
    });
    const out = execFileSync(process.execPath, ['src/tools/counterfoil.ts', 'receipt', '-', '--json'], {
      input: noise,
      maxBuffer: 1e9,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    expect(JSON.parse(out.toString()).warningCount).toBeGreaterThan(10);
  });
});
