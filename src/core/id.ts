/**
 * Ids and the hybrid logical clock, made only from a given time and given chance.
 *
 * Pure. UUIDv7 as in RFC 9562 section 5.7: 48 bits of Unix milliseconds, then random bits.
 */
import { assert } from './assert.ts';

/** @param random 10 bytes of chance @returns lower-case UUIDv7 text, sortable by `atMs` */
export function uuidV7(atMs: number, random: Uint8Array): string {
  assert(random.length >= 10, 'a UUIDv7 needs 10 random bytes');
  assert(Number.isSafeInteger(atMs) && atMs >= 0, 'a UUIDv7 needs a time since 1970');
  assert(atMs < 2 ** 48, 'a UUIDv7 holds 48 bits of time');
  const time = atMs.toString(16).padStart(12, '0');
  const rand = Array.from(random.subarray(0, 10), (byte) => byte.toString(16).padStart(2, '0'));
  const version = `7${rand[0]![1]}${rand[1]}`;
  const variant = `${((random[2]! & 0x3f) | 0x80).toString(16)}${rand[3]}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${variant}-${rand.slice(4).join('')}`;
}

const UUID_SHAPE = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export function isUuid(text: string): boolean {
  return UUID_SHAPE.test(text);
}

/** Hybrid logical clock: wall time that never goes back, and a counter for equal times. */
export interface Hlc {
  readonly ms: number;
  readonly n: number;
}

/** The next stamp after `last`: follows the wall clock when that is ahead, else counts on. */
export function nextHlc(last: Hlc, nowMs: number): Hlc {
  return nowMs > last.ms ? { ms: nowMs, n: 0 } : { ms: last.ms, n: last.n + 1 };
}

/** `1763737200000.0`: the form that a journal entry holds. */
export function formatHlc(hlc: Hlc): string {
  return `${hlc.ms}.${hlc.n}`;
}

/** @returns null when the text is not of the form `ms.n` */
export function parseHlc(text: string): Hlc | null {
  const match = /^(\d{1,15})\.(\d{1,9})$/.exec(text);
  return match ? { ms: Number(match[1]), n: Number(match[2]) } : null;
}
