/** What a printer has no letters for is drawn: rare names, foreign scripts, logos. */
import { describe, expect, test } from 'vitest';
import { EscposDecoder } from '../../src/devices/escpos-decode.ts';
import { lineArtist } from '../../src/devices/line-artist.ts';
import { logoBitmap } from '../../src/devices/logo.ts';
import { decoderOf, printJob } from '../../src/devices/print.ts';
import { PRINTER_PROFILES, printerProfile } from '../../src/devices/printer-profile.ts';
import { RASTER_COMMAND_BYTES_MAX, rasterCommand } from '../../src/devices/raster-command.ts';
import { notoFonts } from '../../src/till/fonts.ts';
import { aPng } from '../kit/png.ts';
import { aReceipt, aReceiptOf } from './receipts.ts';

const artist = lineArtist(notoFonts()!);
const profile = (id: string) => printerProfile(id)!;

/** Raster rows of a stream, bands joined, as text of dots. */
function dots(bytes: Uint8Array, id: string): string[] {
  const decoder = new EscposDecoder(decoderOf(profile(id)));
  return [...decoder.feed(bytes), ...decoder.flush()].flatMap((event) =>
    event.op === 'raster'
      ? Array.from({ length: event.height }, (_, row) =>
          [...event.bytes.subarray(row * event.widthBytes, (row + 1) * event.widthBytes)]
            .map((byte) => byte.toString(2).padStart(8, '0'))
            .join(''),
        )
      : [],
  );
}

const inked = (rows: readonly string[], from: number, to: number) =>
  rows.reduce((sum, row) => sum + row.slice(from, to).replaceAll('0', '').length, 0);

describe('lines', () => {
  test('a rare name is drawn in its columns: 𠮷 in the first two, the amount in the last four', () => {
    const pair = { type: 'pair', left: '𠮷', right: '4.00' } as const;
    const job = printJob(aReceiptOf(pair), profile('generic-80-gbk'), { artist });
    expect(job.unencodable).toEqual(artist.canDraw('𠮷') ? [] : ['𠮷']);
    const other = printJob(aReceiptOf({ ...pair, left: '㐂' }), profile('generic-80-gbk'), { artist });
    const drawn = artist.canDraw('㐂') ? other : job;
    const rows = dots(drawn.bytes, 'generic-80-gbk');
    if (rows.length === 0) return;
    expect(rows).toHaveLength(30);
    expect(inked(rows, 0, 24)).toBeGreaterThan(60);
    expect(inked(rows, 24, 528)).toBe(0);
    expect(inked(rows, 528, 576)).toBeGreaterThan(60);
  });

  test('a Latin printer prints a Chinese receipt as pictures, with nothing lost', () => {
    const without = printJob(aReceipt(), profile('generic-80-latin'));
    const drawn = printJob(aReceipt(), profile('generic-80-latin'), { artist });
    expect(without.unencodable.length).toBeGreaterThan(30);
    expect(drawn.unencodable).toEqual([]);
    // The double-size name of the shop, twelve columns to each side of its middle.
    const rows = dots(drawn.bytes, 'generic-80-latin');
    expect(inked(rows.slice(0, 60), 192, 384)).toBeGreaterThan(500);
    expect(inked(rows.slice(0, 60), 0, 190)).toBe(0);
  });

  test('a Big5 printer draws the simplified characters it lacks; what it has stays text', () => {
    const job = printJob(aReceipt(), profile('generic-80-big5'), { artist });
    expect(job.unencodable).toEqual([]);
    const decoder = new EscposDecoder(decoderOf(profile('generic-80-big5')));
    const text = decoder.feed(job.bytes).map((event) => (event.op === 'text' ? event.value : ''));
    expect(text.join('')).toContain('便民超市');
    expect(text.join('')).not.toContain('?');
  });

  test('control characters, markup and escape codes in a name draw nothing and command nothing', () => {
    const evil = '\u001b@\u001dV\u0000{command:0}{code:1}|"^龘\u0007\n\r\ud800';
    for (const id of ['generic-80-latin', 'generic-80-gb18030', 'star-80-latin', 'generic-80-utf8']) {
      const job = printJob(aReceiptOf({ type: 'text', text: evil }), profile(id), { artist });
      const decoder = new EscposDecoder(decoderOf(profile(id)));
      const ops = decoder.feed(job.bytes).map(({ op }) => op);
      expect(ops.filter((op) => op === 'init')).toHaveLength(1);
      expect(ops.filter((op) => op === 'cut')).toHaveLength(1);
      expect(ops.filter((op) => op === 'pulse' || op === 'barcode')).toEqual([]);
    }
  });
});

describe('bands', () => {
  test.each(PRINTER_PROFILES)('$id: no command is longer than a resync makes up for', (printer) => {
    const tall = { widthBytes: 48, rows: 1_000, bytes: new Uint8Array(48_000).fill(0xaa) };
    const { bytes } = printJob(aReceipt(), printer, { artist, logo: tall });
    const decoder = new EscposDecoder(decoderOf(printer));
    const longest = decoder
      .feedPlaced(bytes)
      .filter(({ event }) => event.op !== 'text')
      .reduce((most, { length }) => Math.max(most, length), 0);
    expect(longest).toBeGreaterThan(1_000);
    expect(longest).toBeLessThanOrEqual(RASTER_COMMAND_BYTES_MAX);
  });

  test('rows that do not fill a band are padded in Star line mode alone', () => {
    const bitmap = { widthBytes: 1, rows: 25, bytes: new Uint8Array(25).fill(1) };
    expect(rasterCommand(bitmap, 'generic')).toHaveLength(8 + 24 + 8 + 1);
    expect(rasterCommand(bitmap, 'star')).toHaveLength(9 + 24 + 9 + 1);
    expect(rasterCommand(bitmap, 'starline')).toHaveLength(2 + 2 * (4 + 24 + 1) + 3);
  });
});

// ---- logos ----

describe('logos', () => {
  test('a black picture is black dots; a wide one comes down to the paper', () => {
    expect(logoBitmap(aPng(16, 3), 576)).toEqual({
      ok: true,
      value: { widthBytes: 2, rows: 3, bytes: new Uint8Array(6).fill(255) },
    });
    const wide = logoBitmap(aPng(1_152, 100), 576);
    expect(wide.ok && [wide.value.widthBytes, wide.value.rows]).toEqual([72, 50]);
    const tall = logoBitmap(aPng(100, 960), 576);
    expect(tall.ok && [tall.value.widthBytes, tall.value.rows]).toEqual([7, 480]);
  });

  test('twenty megapixels are refused by their head, in words: what is behind it is not looked at', () => {
    const refused = logoBitmap(aPng(1, 1, { width: 5_000, height: 4_000 }).subarray(0, 33), 576);
    expect(refused).toMatchObject({ ok: false, error: { kind: 'too_large' } });
    expect(!refused.ok && refused.error.words).toContain('5000 × 4000 pixels');
  });

  test('no PNG, a cut PNG, one without pixels: told apart', () => {
    const kind = (bytes: Uint8Array) => {
      const result = logoBitmap(bytes, 576);
      return result.ok ? 'ok' : result.error.kind;
    };
    expect(kind(new TextEncoder().encode('GIF89a'.padEnd(60)))).toBe('not_png');
    expect(kind(new Uint8Array(0))).toBe('not_png');
    expect(kind(aPng(16, 16, { width: 0, height: 16 }))).toBe('damaged');
  });
});
