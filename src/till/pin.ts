/**
 * The PIN's scrypt at the till: off the event loop, so that a slow hash never holds up a scan.
 */
import { scrypt as scryptOf } from 'node:crypto';
import type { PinHash } from '../core/people.ts';
import { hashPin, type Scrypt } from '../core/pin.ts';
import type { Chance } from '../core/ports.ts';

export const scrypt: Scrypt = ({ pin, salt, cost, bytes }) =>
  new Promise((resolve, reject) => {
    const N = 2 ** cost;
    // scrypt takes 128 N r bytes; Node refuses more than 32 MB unless told.
    scryptOf(pin, salt, bytes, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (cause, hash) =>
      cause === null ? resolve(hash) : reject(cause),
    );
  });

/** What HQ keeps of a PIN. */
export function pinHash(pin: string, chance: Chance, cost?: number): Promise<PinHash> {
  return hashPin(pin, { scrypt, chance }, cost);
}
