/** One-time codes against the vectors of RFC 6238 appendix B and RFC 4648 section 10. */
import { describe, expect, test } from 'vitest';
import {
  fromBase32,
  recoveryCodes,
  recoveryHash,
  toBase32,
  totpAt,
  totpStepOf,
} from '../../../cloud/access/totp.ts';

const KEYS = {
  sha1: Buffer.from('12345678901234567890'),
  sha256: Buffer.from('12345678901234567890123456789012'),
  sha512: Buffer.from('1234567890123456789012345678901234567890123456789012345678901234'),
};

describe('RFC 6238 appendix B, eight digits', () => {
  test.each([
    [59, 'sha1', '94287082'],
    [59, 'sha256', '46119246'],
    [59, 'sha512', '90693936'],
    [1111111109, 'sha1', '07081804'],
    [1111111109, 'sha256', '68084774'],
    [1111111109, 'sha512', '25091201'],
    [1111111111, 'sha1', '14050471'],
    [1234567890, 'sha1', '89005924'],
    [2000000000, 'sha1', '69279037'],
    [20000000000, 'sha1', '65353130'],
    [20000000000, 'sha256', '77737706'],
    [20000000000, 'sha512', '47863826'],
  ] as const)('at %i s with %s: %s', (second, algorithm, code) => {
    expect(totpAt(KEYS[algorithm], Math.floor(second / 30), { digits: 8, algorithm })).toBe(code);
  });
});

describe('a code is of now, a step before or after, and is taken once', () => {
  const nowMs = 1_111_111_111_000;
  const now = Math.floor(nowMs / 30_000);
  test.each([
    [-2, 0, false],
    [-1, 0, true],
    [0, 0, true],
    [1, 0, true],
    [2, 0, false],
    [0, now, false],
    [-1, now, false],
    [1, now, true],
  ])('of %i steps from now, after step %i: %s', (off, afterStep, good) => {
    const code = totpAt(KEYS.sha1, now + off);
    expect(totpStepOf(KEYS.sha1, code, { nowMs, afterStep })).toBe(good ? now + off : null);
  });
  test.each(['', '12345', '1234567', 'abcdef', '０５０４７１'])('%j is no code', (code) => {
    expect(totpStepOf(KEYS.sha1, code, { nowMs, afterStep: 0 })).toBeNull();
  });
  test('blanks in a code are as good as none', () => {
    expect(totpStepOf(KEYS.sha1, '050 471', { nowMs, afterStep: 0 })).toBe(now);
  });
});

test.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('base32 of %j is %s, and back', (text, base32) => {
  expect(toBase32(Buffer.from(text))).toBe(base32);
  expect(Buffer.from(fromBase32(base32)!).toString()).toBe(text);
});

test('ten recovery codes differ; small letters and blanks do not matter', () => {
  const codes = recoveryCodes(Uint8Array.from({ length: 100 }, (_, i) => (i * 37 + (i >> 3)) & 255));
  expect(new Set(codes).size).toBe(10);
  expect(codes[0]).toMatch(/^[A-Z2-7]{5}-[A-Z2-7]{5}$/);
  expect(recoveryHash(codes[0]!.toLowerCase().replace('-', ' '))).toBe(recoveryHash(codes[0]!));
});
