/**
 * PINs: how one is kept and compared. The scrypt itself is given: core takes nothing from the world.
 *
 * Four to six digits are few: what guards them is that the till's files are encrypted, that scrypt is slow, and that
 * wrong tries are counted (`lockMs`).
 */
import type { PinHash } from './people.ts';
import type { Chance } from './ports.ts';

/** The port: scrypt with N = 2^cost, r = 8, p = 1. @returns `bytes` bytes */
export type Scrypt = (facts: {
  readonly pin: string;
  readonly salt: Uint8Array;
  readonly cost: number;
  readonly bytes: number;
}) => Promise<Uint8Array>;

/** Some 60 ms and 16 MB on a till of today. */
export const PIN_COST = 14;
/** A hash that costs more would stop a till for seconds: it is not computed, and no PIN fits it. */
export const PIN_COST_MAX = 18;
const SALT_BYTES = 16;
const HASH_BYTES = 32;

/** @param pin as typed: compared byte for byte, so `0123` and `123` differ */
export async function hashPin(
  pin: string,
  ports: { readonly scrypt: Scrypt; readonly chance: Chance },
  cost = PIN_COST,
): Promise<PinHash> {
  const salt = ports.chance.bytes(SALT_BYTES);
  const hash = await ports.scrypt({ pin, salt, cost, bytes: HASH_BYTES });
  return { salt: toBase64(salt), hash: toBase64(hash), cost };
}

export async function pinFits(pin: string, kept: PinHash, scrypt: Scrypt): Promise<boolean> {
  const salt = fromBase64(kept.salt);
  const hash = fromBase64(kept.hash);
  if (salt === null || hash === null || hash.length < 16 || hash.length > 64) return false;
  if (!Number.isInteger(kept.cost) || kept.cost < 1 || kept.cost > PIN_COST_MAX) return false;
  return sameBytes(await scrypt({ pin, salt, cost: kept.cost, bytes: hash.length }), hash);
}

/** Looks at every byte whatever the first says: how long it takes tells nothing. */
function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  let differing = a.length ^ b.length;
  for (let i = 0; i < b.length; i++) differing |= (a[i] ?? 0) ^ b[i]!;
  return differing === 0;
}

// ---- wrong tries ----

/** So many wrong PINs in a row are nobody's business. */
export const FREE_TRIES = 5;
const FIRST_LOCK_MS = 30_000;
const LOCK_MS_MAX = 3_600_000;

/** How long a person is locked out after so many wrong PINs in a row: 30 s after the fifth, twice that after each more. */
export function lockMs(wrong: number): number {
  if (wrong < FREE_TRIES) return 0;
  return Math.min(LOCK_MS_MAX, FIRST_LOCK_MS * 2 ** Math.min(20, wrong - FREE_TRIES));
}

// ---- base64: core has no Buffer ----

const SIGNS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const word = (bytes[i]! << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const signs = [word >> 18, (word >> 12) & 63, (word >> 6) & 63, word & 63].map((at) => SIGNS[at]!);
    text += signs.slice(0, Math.min(4, bytes.length - i + 1)).join('');
  }
  return text.padEnd(Math.ceil(bytes.length / 3) * 4, '=');
}

/** @returns null when the text is not base64 */
export function fromBase64(text: string): Uint8Array | null {
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) return null;
  const signs = text.replace(/=+$/, '');
  const bytes = new Uint8Array((signs.length * 3) >> 2);
  let word = 0;
  for (let i = 0; i < signs.length; i++) {
    word = ((word << 6) | SIGNS.indexOf(signs[i]!)) & 0xffffff;
    const bits = (i + 1) * 6;
    const place = (bits >> 3) - 1;
    if (bits % 8 < 6) bytes[place] = (word >> (bits % 8)) & 0xff;
  }
  return bytes;
}
