/** Ids and the hybrid clock: sortable, well-formed, never going back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { formatHlc, type Hlc, isUuid, nextHlc, parseHlc, uuidV7 } from '../../src/core/id.ts';

const chance = fc.uint8Array({ minLength: 10, maxLength: 10 });
const anyMs = fc.integer({ min: 0, max: 2 ** 48 - 1 });

describe('uuidV7', () => {
  test('is the example of RFC 9562, appendix A.6', () => {
    const random = Uint8Array.of(0xfc, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f);
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  test('has version 7 and variant 10 whatever the time and chance', () => {
    fc.assert(
      fc.property(anyMs, chance, (ms, random) => {
        const id = uuidV7(ms, random);
        expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
        expect(isUuid(id)).toBe(true);
        expect(Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)).toBe(ms);
      }),
    );
  });

  test('a later id sorts after an earlier one as text', () => {
    fc.assert(
      fc.property(anyMs, anyMs, chance, chance, (a, b, one, two) => {
        fc.pre(a < b);
        expect(uuidV7(a, one) < uuidV7(b, two)).toBe(true);
      }),
    );
  });

  test('of 74 random bits each changes the id', () => {
    const ids = new Set<string>();
    for (let bit = 0; bit < 80; bit++) {
      const random = new Uint8Array(10);
      random[bit >> 3] = 1 << (bit & 7);
      ids.add(uuidV7(0, random));
    }
    // 80 bits given, 6 of them make way for version and variant; those all give the id of no bit set.
    expect(ids.size).toBe(75);
  });

  test.each([
    ['9 bytes of chance', 0, 9],
    ['a time before 1970', -1, 10],
    ['half a millisecond', 0.5, 10],
    ['2^48 ms, in the year 10889', 2 ** 48, 10],
  ])('%s is a bug of the caller', (_, ms, count) => {
    expect(() => uuidV7(ms, new Uint8Array(count))).toThrow(AssertionError);
  });
});

test.each([
  ['017F22E2-79B0-7CC3-98C4-DC0C0C07398F', false],
  ['017f22e279b07cc398c4dc0c0c07398f', false],
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398', false],
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f\n', false],
  ['', false],
  ['017f22e2-79b0-7cc3-98c4-dc0c0c07398f', true],
])('%j is an id: %s', (text, expected) => {
  expect(isUuid(text)).toBe(expected);
});

describe('the hybrid clock', () => {
  test.each([
    [{ ms: 100, n: 3 }, 101, { ms: 101, n: 0 }],
    [{ ms: 100, n: 3 }, 100, { ms: 100, n: 4 }],
    [{ ms: 100, n: 3 }, 40, { ms: 100, n: 4 }],
    [{ ms: 0, n: 0 }, 1, { ms: 1, n: 0 }],
  ])('after %j at %i comes %j', (last, nowMs, next) => {
    expect(nextHlc(last, nowMs)).toEqual(next);
  });

  test('never goes back and never stands still, however the wall clock jumps', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 1_000 }), { maxLength: 50 }), (times) => {
        let last: Hlc = { ms: 0, n: 0 };
        for (const nowMs of times) {
          const next = nextHlc(last, nowMs);
          expect(next.ms > last.ms || (next.ms === last.ms && next.n > last.n)).toBe(true);
          expect(next.ms).toBeGreaterThanOrEqual(nowMs);
          last = next;
        }
      }),
    );
  });

  test('its text reads back', () => {
    fc.assert(
      fc.property(
        fc.nat(),
        fc.nat(999_999_999),
        (ms, n) => void expect(parseHlc(formatHlc({ ms, n }))).toEqual({ ms, n }),
      ),
    );
    expect(formatHlc({ ms: 1_763_737_200_000, n: 0 })).toBe('1763737200000.0');
  });

  test.each(['', '1', '1.', '.1', '1.2.3', '-1.0', '1e3.0', 'a.b', '1.1234567890'])(
    '"%s" is no stamp',
    (text) => {
      expect(parseHlc(text)).toBeNull();
    },
  );
});
