/**
 * Secrets that programs and browsers carry: 32 random bytes, of which HQ keeps the SHA-256 alone. A fast hash is right
 * here: nobody guesses 256 bits.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { Chance } from '../../src/core/ports.ts';

/** `cfs_…` a session, `cft_…` an API token: a secret that leaked is known by its look. */
export function newSecret(prefix: 'cfs' | 'cft', chance: Chance): string {
  return `${prefix}_${Buffer.from(chance.bytes(32)).toString('base64url')}`;
}

export function secretHash(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

export function sameSecret(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}
