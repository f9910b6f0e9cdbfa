/**
 * The cloud's own key: what it signs welcomes, heads and grants with (protocol/trust). Made at the first start and kept in the
 * database, so that all processes of one HQ, and one restored from a backup, are the same cloud to the tills.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { type KeyChange, keyChangeStatement } from '../../src/protocol/trust.ts';
import type { Db, Queryable } from '../db/db.ts';

export interface CloudKey {
  /** SPKI DER, base64: what tills pin. */
  readonly publicKey: string;
  /** base64 */
  sign(statement: Uint8Array): string;
  /** Keys that it had before, oldest first, each with its word on the next. */
  readonly former: readonly KeyChange[];
  /** Whether this cloud has signed it, with this key or one before. */
  signed(statement: Uint8Array, sig: string): boolean;
}

export async function cloudKeyOf(db: Db): Promise<CloudKey> {
  return db.transaction(async (tx) => {
    const row = await keysIn(tx);
    if (row?.public && row.private) return cloudKey(row.public, row.private, row.former);
    const { publicKey, privateKey } = freshPair();
    await tx.query('update cloud_identity set public_key = $1, private_key = $2', [publicKey, privateKey]);
    return cloudKey(publicKey, privateKey);
  });
}

/**
 * Another key from now on: the former one signs that it follows, and is kept as its public half alone.
 *
 * Tills that were away go along when they come back, however many changes they missed. What the former key signed stays good, but
 * nobody proves to be this HQ by it any more: other processes of this HQ take up the new one (LiveCloudKey).
 *
 * @param fresh the new pair; the simulator's are the same in every run
 */
export async function changeCloudKey(
  db: Db,
  cloudId: string,
  atMs: number,
  fresh: KeyPair = freshPair(),
): Promise<CloudKey> {
  await cloudKeyOf(db);
  return db.transaction(async (tx) => {
    const before = await keysIn(tx);
    const { public: key, private: secret, former } = before!;
    const { publicKey, privateKey } = fresh;
    const change = { key: key!, next: publicKey };
    const sig = cloudKey(key!, secret!, former).sign(keyChangeStatement(cloudId, change));
    const chain = [...former, { ...change, sig, atMs }];
    await tx.query('update cloud_identity set public_key = $1, private_key = $2, former_keys = $3::jsonb', [
      publicKey,
      privateKey,
      JSON.stringify(chain),
    ]);
    return cloudKey(publicKey, privateKey, chain);
  });
}

/** The key of the moment: another process of this HQ may change it. */
export class LiveCloudKey implements CloudKey {
  private now: CloudKey;

  constructor(first: CloudKey) {
    this.now = first;
  }

  get publicKey(): string {
    return this.now.publicKey;
  }

  get former(): readonly KeyChange[] {
    return this.now.former;
  }

  sign(statement: Uint8Array): string {
    return this.now.sign(statement);
  }

  signed(statement: Uint8Array, sig: string): boolean {
    return this.now.signed(statement, sig);
  }

  /** Looks into the database. @returns whether it is another one: lines on which the former one was shown must end */
  async renew(db: Db): Promise<boolean> {
    const fresh = await cloudKeyOf(db);
    if (fresh.publicKey === this.now.publicKey) return false;
    this.now = fresh;
    return true;
  }
}

interface Keys {
  readonly public: string | null;
  readonly private: string | null;
  readonly former: readonly KeyChange[];
}

async function keysIn(tx: Queryable): Promise<Keys | undefined> {
  const [row] = await tx.query<Keys>(
    'select public_key as public, private_key as private, former_keys as former from cloud_identity for update',
  );
  return row;
}

/** SPKI and PKCS#8 DER, base64. */
export interface KeyPair {
  readonly publicKey: string;
  readonly privateKey: string;
}

function freshPair(): KeyPair {
  const pair = generateKeyPairSync('ed25519');
  return {
    publicKey: pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
    privateKey: pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
  };
}

/** @param privateKey PKCS#8 DER, base64 */
export function cloudKey(publicKey: string, privateKey: string, former: readonly KeyChange[] = []): CloudKey {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const checks = [publicKey, ...former.map(({ key: old }) => old)].map((spki) =>
    createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' }),
  );
  return {
    publicKey,
    former: former.map(({ key: old, next, sig }) => ({ key: old, next, sig })),
    sign: (statement) => sign(null, statement, key).toString('base64'),
    signed: (statement, sig) =>
      checks.some((check) => verify(null, statement, check, Buffer.from(sig, 'base64'))),
  };
}
