/** Frames: what is written is read back; whatever else the bytes are, the answer is a value and never an exception. */
import { zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { Down } from '../../src/protocol/down.ts';
import { FRAME_BYTES_MAX, MESSAGE_BYTES_MAX } from '../../src/protocol/limits.ts';
import { Up } from '../../src/protocol/up.ts';
import { aChain } from '../core/builders.ts';

const pack = (text: string | Uint8Array) => zstdCompressSync(Buffer.from(text as string));
const someBytes = (max: number) => fc.uint8Array({ maxLength: max });

const entries = aChain(3);
const PUSH: Up = {
  t: 'push',
  fromSeq: 1,
  entries: entries.map((entry) => entry.text),
  hash: entries[2]!.hash,
  sig: 'c2ln',
  unsent: 0,
};

describe('round trip', () => {
  test.each<Up>([
    {
      t: 'hello',
      protocol: 1,
      tillId: 't',
      journalId: 'j',
      headSeq: 0,
      headHash: '0'.repeat(64),
      appVersion: '0.1.0',
      sig: 's',
    },
    PUSH,
    { t: 'pull', cursor: 0 },
    { t: 'ping', unsent: 12 },
  ])('till says $t', (message) => {
    expect(decodeFrame(encodeFrame(message), Up)).toEqual({ ok: true, value: message });
  });

  test.each<Down>([
    { t: 'challenge', nonce: 'n', cloudId: 'c' },
    {
      t: 'welcome',
      protocol: 1,
      cloudId: 'c',
      ackedSeq: 0,
      ackedHash: null,
      serverTimeMs: 1,
      limits: { batchEntriesMax: 1, batchBytesMax: 1, feedRowsMax: 1 },
    },
    { t: 'ack', throughSeq: 3, hash: 'a'.repeat(64) },
    {
      t: 'feed',
      rows: [
        { kind: 'item', key: 'WATER', data: { name: '农夫山泉 ￥' } },
        { kind: 'item', key: 'X', data: null },
      ],
      nextCursor: 2,
      more: false,
    },
    { t: 'error', kind: 'gap', message: 'entry 5 is next', retry: true, ackedSeq: 4 },
    { t: 'pong', serverTimeMs: 1 },
  ])('cloud says $t', (message) => {
    expect(decodeFrame(encodeFrame(message), Down)).toEqual({ ok: true, value: message });
  });

  test('entries keep every byte of their text: Han, quotes, emoji, escapes', () => {
    const text = '{"name":"可乐 \\"330ml\\" 😀\\u0000\\ud800"}';
    const decoded = decodeFrame(encodeFrame({ ...PUSH, entries: [text] }), Up);
    expect(decoded).toMatchObject({ ok: true, value: { entries: [text] } });
  });

  test('any message comes back as it went', () => {
    const push = fc.record({
      t: fc.constant('push' as const),
      fromSeq: fc.integer({ min: 1, max: 2 ** 40 }),
      entries: fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 5 }),
      hash: fc.constant('b'.repeat(64)),
      sig: fc.string({ maxLength: 200 }),
      unsent: fc.nat(),
    });
    fc.assert(
      fc.property(push, (message) => {
        expect(decodeFrame(encodeFrame(message), Up)).toEqual({ ok: true, value: message });
      }),
    );
  });

  test('500 entries are packed to less than a fifth', () => {
    const message = { ...PUSH, entries: aChain(500).map((entry) => entry.text) };
    expect(encodeFrame(message).length * 5).toBeLessThan(JSON.stringify(message).length);
  });
});

describe('damaged frames', () => {
  const frame = encodeFrame(PUSH);

  test('a frame torn at any byte is refused', () => {
    for (let end = 0; end < frame.length; end++) {
      expect([end, decodeFrame(frame.subarray(0, end), Up).ok]).toEqual([end, false]);
    }
  });

  test('a frame without its first bytes is refused', () => {
    for (let start = 1; start < frame.length; start++) {
      expect([start, decodeFrame(frame.subarray(start), Up).ok]).toEqual([start, false]);
    }
  });

  test('any byte changed is refused or changes nothing: no flipped bit becomes another price', () => {
    for (let i = 0; i < frame.length; i++) {
      for (const flip of [1, 2, 4, 8, 0x10, 0x20, 0x40, 0x80, 0xff]) {
        const decoded = decodeFrame(frame.with(i, frame[i]! ^ flip), Up);
        if (decoded.ok) expect(decoded.value).toEqual(PUSH);
      }
    }
  });

  test.each([
    ['no bytes', new Uint8Array()],
    ['text without packing', new TextEncoder().encode('{"t":"ping","unsent":0}')],
    ['gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 0, 0, 0, 0)],
    ['zeros', new Uint8Array(1000)],
    ['the magic number alone', Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd)],
  ])('%s are not zstd', (_, bytes) => {
    expect(decodeFrame(bytes, Up)).toEqual({ ok: false, error: { kind: 'not_zstd' } });
  });

  test.each(['', 'ping', '{"t":"ping"', '{"t":"ping","unsent":0}{"t":"ping","unsent":0}', '\ufeff{}'])(
    'packed %j is not JSON',
    (text) => {
      expect(decodeFrame(pack(text), Up)).toEqual({ ok: false, error: { kind: 'not_json' } });
    },
  );
});

describe('frames too large', () => {
  test('9 MB on the wire are refused before they are unpacked', () => {
    const bytes = new Uint8Array(FRAME_BYTES_MAX + 1);
    expect(decodeFrame(bytes, Up)).toEqual({
      ok: false,
      error: { kind: 'frame_too_large', bytes: FRAME_BYTES_MAX + 1, bytesMax: FRAME_BYTES_MAX },
    });
    expect(decodeFrame(bytes.subarray(1), Up)).toMatchObject({ ok: false, error: { kind: 'not_zstd' } });
  });

  test('a frame of a few kB that unpacks to 65 MB is refused, and takes no 65 MB to say so', () => {
    const bomb = pack(new Uint8Array(MESSAGE_BYTES_MAX + 1024 * 1024).fill(0x20));
    expect(bomb.length).toBeLessThan(16_384);
    const started = performance.now();
    expect(decodeFrame(bomb, Up)).toMatchObject({ ok: false, error: { kind: 'frame_too_large' } });
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  test('many small frames behind each other do not add up to a bomb', () => {
    const part = pack(new Uint8Array(8 * 1024 * 1024).fill(0x20));
    const bomb = new Uint8Array(Buffer.concat(Array.from({ length: 12 }, () => part)));
    expect(decodeFrame(bomb, Up).ok).toBe(false);
  });

  test('a frame that says it holds 2^60 bytes is refused', () => {
    // Magic, descriptor with an 8-byte content size and single segment, 2^60, then an empty last block.
    const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0xe0, 0, 0, 0, 0, 0, 0, 0, 0x10, 1, 0, 0);
    expect(decodeFrame(header, Up).ok).toBe(false);
  });

  test('100,000 brackets deep is a value too', () => {
    expect(decodeFrame(pack('['.repeat(100_000)), Up).ok).toBe(false);
    expect(decodeFrame(pack('['.repeat(100_000) + ']'.repeat(100_000)), Up).ok).toBe(false);
    const deep = `{"t":"feed","rows":[{"kind":"k","key":"k","data":${'['.repeat(5_000)}${']'.repeat(5_000)}}],"nextCursor":1,"more":false}`;
    expect(typeof decodeFrame(pack(deep), Down).ok).toBe('boolean');
  });
});

describe('fuzz', () => {
  test('random bytes are refused', () => {
    fc.assert(
      fc.property(someBytes(512), (bytes) => !decodeFrame(bytes, Up).ok && !decodeFrame(bytes, Down).ok),
      { numRuns: 2_000 },
    );
  });

  test('random packed bytes, JSON and half-true messages never make it throw', () => {
    const halfTrue = fc
      .record(
        {
          t: fc.constantFrom(
            'hello',
            'push',
            'pull',
            'ping',
            'ack',
            'feed',
            'welcome',
            'error',
            'pong',
            '__proto__',
          ),
          entries: fc.anything(),
          fromSeq: fc.anything(),
          hash: fc.anything(),
          rows: fc.anything(),
          limits: fc.anything(),
          cursor: fc.anything(),
        },
        { requiredKeys: ['t'] },
      )
      .map((value) => {
        try {
          return JSON.stringify(value) ?? '';
        } catch {
          return '';
        }
      });
    const texts = fc.oneof(fc.json(), fc.string(), halfTrue);
    fc.assert(
      fc.property(fc.oneof(someBytes(256), texts), (packed) => {
        const bytes = pack(packed);
        for (const decoded of [decodeFrame(bytes, Up), decodeFrame(bytes, Down)]) {
          if (!decoded.ok) expect(decoded.error.kind).toMatch(/^not_/);
        }
      }),
      { numRuns: 1_000 },
    );
  });
});
