/**
 * Who this till is: its ids, its device key, the cloud it belongs to. Kept in the encrypted journal file.
 */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import type { Verify } from '../core/ports.ts';
import type { SignedHead } from '../protocol/trust.ts';
import type { Sqlite } from './db.ts';

export interface Identity {
  readonly tillId: string;
  readonly tillCode: string;
  readonly storeId: string;
  readonly cloudId: string;
  /** Where the sync goes: `ws://…` or `wss://…`, the cloud's base address. */
  readonly cloudUrl: string;
  readonly journalId: string;
  /** HQ's public key (SPKI DER, base64), pinned; null or none: HQ has not shown one yet. */
  readonly cloudKey?: string | null;
  /** The last receipt number of this till that HQ knew when this folder became it. */
  readonly lastReceiptSeq?: number;
}

export class IdentityStore {
  private readonly db: Sqlite;

  constructor(db: Sqlite) {
    this.db = db;
  }

  /** null: not enrolled yet. */
  read(): Identity | null {
    const text = this.get('identity');
    return text === null ? null : (JSON.parse(text) as Identity);
  }

  write(identity: Identity): void {
    this.set('identity', JSON.stringify(identity));
  }

  /** The last head that HQ signed, as a copy beside the journal itself: `shop.db` can be lost. */
  keepHead(head: SignedHead): void {
    this.set('signed_head', JSON.stringify(head));
  }

  dropHead(): void {
    this.db.prepare("delete from identity where key = 'signed_head'").run();
  }

  signedHead(): SignedHead | null {
    const text = this.get('signed_head');
    return text === null ? null : (JSON.parse(text) as SignedHead);
  }

  /** The Ed25519 device key: made at the first need, never leaves this file. */
  deviceKey(): DeviceKey {
    let pem = this.get('device_key');
    if (pem === null) {
      pem = freshPem();
      this.set('device_key', pem);
    }
    return new DeviceKey(createPrivateKey(pem));
  }

  /** Another key for this till, kept from its making on, so that a crash between HQ's word and ours loses nothing. */
  nextDeviceKey(): DeviceKey {
    let pem = this.get('device_key_next');
    if (pem === null) {
      pem = freshPem();
      this.set('device_key_next', pem);
    }
    return new DeviceKey(createPrivateKey(pem));
  }

  /** HQ knows the next key: it is the till's from now on. */
  takeNextKey(): void {
    const pem = this.get('device_key_next');
    if (pem === null) return;
    this.set('device_key', pem);
    this.db.prepare("delete from identity where key = 'device_key_next'").run();
  }

  private get(key: string): string | null {
    const row = this.db.prepare('select value from identity where key = ?').get(key) as
      | { value: string }
      | undefined;
    return row?.value ?? null;
  }

  private set(key: string, value: string): void {
    this.db.prepare('insert or replace into identity (key, value) values (?, ?)').run(key, value);
  }
}

function freshPem(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
}

export class DeviceKey {
  private readonly key: KeyObject;

  constructor(key: KeyObject) {
    this.key = key;
  }

  /** base64 */
  sign(statement: Uint8Array): string {
    return sign(null, statement, this.key).toString('base64');
  }

  /** SPKI DER, base64: what the cloud keeps. */
  publicKey(): string {
    const { x } = this.key.export({ format: 'jwk' });
    // The fixed SPKI head of Ed25519 (RFC 8410), then the 32 bytes of the key.
    const head = Buffer.from('302a300506032b6570032100', 'hex');
    return Buffer.concat([head, Buffer.from(x as string, 'base64url')]).toString('base64');
  }
}

export const verifyEd25519: Verify = ({ publicKey, statement, signature }) => {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return verify(null, statement, key, signature);
  } catch {
    // A key that is none vouches for nothing.
    return false;
  }
};
