/**
 * Passwords of console users: which are taken, how one is kept, and how it is compared.
 *
 * scrypt with N = 2^16, r = 8, p = 1: 64 MB and some 0.2 s, off the event loop. The kept hash names its cost, so a later
 * version can ask for more.
 */
import { randomBytes, scrypt as scryptOf } from 'node:crypto';
import type { PinHash } from '../../src/core/people.ts';
import { hashPin, pinFits, type Scrypt } from '../../src/core/pin.ts';

export type PasswordHash = PinHash;
export type PasswordFault = 'too_short' | 'too_long' | 'too_plain' | 'holds_login';

export const PASSWORD_LENGTH_MIN = 12;
export const PASSWORD_LENGTH_MAX = 200;
const COST = 16;
/** Of fewer different signs than this, length is no help. */
const SIGNS_MIN = 5;
/** What is long enough and still guessed first. */
const PLAIN =
  /^(?:(?:password|passw0rd|qwerty(?:uiop)?|letmein|welcome|admin|counterfoil|iloveyou|\d+)[\W\d_]*)+$/i;

/** @returns what is wrong with a new password, null when it is taken */
export function passwordFault(password: string, login: string): PasswordFault | null {
  if ([...password].length < PASSWORD_LENGTH_MIN) return 'too_short';
  if (password.length > PASSWORD_LENGTH_MAX) return 'too_long';
  if (password.toLowerCase().includes(login.toLowerCase())) return 'holds_login';
  if (new Set(password).size < SIGNS_MIN || PLAIN.test(password)) return 'too_plain';
  return null;
}

export function hashPassword(password: string, cost = COST): Promise<PasswordHash> {
  return hashPin(password.normalize('NFC'), { scrypt, chance: { bytes: randomBytes } }, cost);
}

/** @param kept null: nobody has this login; it takes as long as if somebody had */
export async function passwordFits(password: string, kept: PasswordHash | null): Promise<boolean> {
  const fits = await pinFits(password.normalize('NFC'), kept ?? NOBODY, scrypt);
  return fits && kept !== null;
}

/** Sixteen letters and digits in fours, without those that look alike: some 79 bits, to be read out once. */
export function randomPassword(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, 16), (byte) => ALPHABET[byte % ALPHABET.length]!);
  return letters.join('').replace(/(.{4})(?=.)/g, '$1-');
}

const ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789z';
const NOBODY: PasswordHash = {
  salt: Buffer.alloc(16).toString('base64'),
  hash: Buffer.alloc(32).toString('base64'),
  cost: COST,
};

const scrypt: Scrypt = ({ pin, salt, cost, bytes }) =>
  new Promise((resolve, reject) => {
    const N = 2 ** cost;
    // scrypt takes 128 N r bytes; Node refuses more than 32 MB unless told.
    scryptOf(pin, salt, bytes, { N, r: 8, p: 1, maxmem: 256 * N * 8 }, (cause, hash) =>
      cause === null ? resolve(hash) : reject(cause),
    );
  });
