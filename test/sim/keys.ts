/**
 * Device keys that are the same in every run: signatures are in the entries, and an event log must repeat.
 */
import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import type { KeyPair } from '../../cloud/tills/cloud-key.ts';

/** The fixed PKCS #8 head of Ed25519 (RFC 8410); the 32 bytes of the key follow. */
const PKCS8_HEAD = Buffer.from('302e020100300506032b657004220420', 'hex');

/** @param code of the till */
export function deviceKeyOf(code: string): { key: KeyObject; pem: string; publicKey: string } {
  return keyOf(`simulated till ${code}`);
}

/** HQ's own, the same in every run. @param no 0: its first */
export function hqKeysOf(no: number): KeyPair {
  const { key, publicKey } = keyOf(no === 0 ? 'simulated HQ' : `simulated HQ ${no}`);
  return {
    publicKey,
    privateKey: key.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}

function keyOf(name: string): { key: KeyObject; pem: string; publicKey: string } {
  const secret = createHash('sha256').update(name).digest();
  const der = Buffer.concat([PKCS8_HEAD, secret]);
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).toString('base64');
  return { key, pem: key.export({ type: 'pkcs8', format: 'pem' }) as string, publicKey };
}
