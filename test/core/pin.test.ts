/** PINs: what fits what, how long wrong ones lock out, base64 without a Buffer. */
import { scryptSync } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, hashPin, lockMs, pinFits, type Scrypt, toBase64 } from '../../src/core/pin.ts';
import { systemChance } from '../../src/till/run.ts';

const scrypt: Scrypt = async ({ pin, salt, cost, bytes }) =>
  scryptSync(pin, salt, bytes, { N: 2 ** cost, r: 8, p: 1 });

test('a PIN fits its own hash, no other does; two hashes of one PIN are two', async () => {
  const [a, b] = [
    await hashPin('0123', { scrypt, chance: systemChance }, 4),
    await hashPin('0123', { scrypt, chance: systemChance }, 4),
  ];
  expect(a.hash).not.toBe(b.hash);
  expect(await pinFits('0123', a, scrypt)).toBe(true);
  for (const pin of ['123', '0124', '01230', '', '0123 ']) expect(await pinFits(pin, a, scrypt)).toBe(false);
});

test('scrypt as in RFC 7914, section 12: "pleaseletmein" with N = 16384, r = 8, p = 1', async () => {
  const hash = Buffer.from(
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
    'hex',
  ).toString('base64');
  const kept = { salt: Buffer.from('SodiumChloride').toString('base64'), hash, cost: 14 };
  expect(await pinFits('pleaseletmein', kept, scrypt)).toBe(true);
});

test.each([
  { salt: '?', hash: 'AAAA', cost: 4 },
  { salt: 'AAAA', hash: '', cost: 4 },
  { salt: 'AAAA', hash: 'AAAAAAAAAAAAAAAAAAAAAA==', cost: 19 },
  { salt: 'AAAA', hash: 'AAAAAAAAAAAAAAAAAAAAAA==', cost: 0 },
  { salt: 'AAAA', hash: 'AAAAAAAAAAAAAAAAAAAAAA==', cost: 4.5 },
])('no PIN fits %j, and nothing is computed', async (kept) => {
  const never: Scrypt = () => {
    throw new Error('asked');
  };
  expect(await pinFits('0000', kept, never)).toBe(false);
});

test.each([
  [0, 0],
  [4, 0],
  [5, 30_000],
  [6, 60_000],
  [11, 1_920_000],
  [12, 3_600_000],
  [1_000_000, 3_600_000],
])('%d wrong in a row lock out for %d ms', (wrong, ms) => {
  expect(lockMs(wrong)).toBe(ms);
});

test('base64 there and back is what Node makes of it', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
      const text = toBase64(bytes);
      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
  for (const text of ['A', 'AA', 'AAA', 'A===', '====', 'AA-_']) expect(fromBase64(text)).toBeNull();
});
