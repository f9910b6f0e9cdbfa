/**
 * The cloud's own key: what it signs welcomes, heads and grants with (protocol/trust). Made at the first start and kept in the
 * database, so that all processes of one HQ, and one restored from a backup, are the same cloud to the tills.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import type { Db } from '../db/db.ts';

export interface CloudKey {
  /** SPKI DER, base64: what tills pin. */
  readonly publicKey: string;
  /** base64 */
  sign(statement: Uint8Array): string;
  /** Whether this cloud has signed it. */
  signed(statement: Uint8Array, sig: string): boolean;
}

export async function cloudKeyOf(db: Db): Promise<CloudKey> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ public: string | null; private: string | null }>(
      'select public_key as public, private_key as private from cloud_identity for update',
    );
    if (row?.public && row.private) return cloudKey(row.public, row.private);
    const pair = generateKeyPairSync('ed25519');
    const publicKey = pair.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    const privateKey = pair.privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64');
    await tx.query('update cloud_identity set public_key = $1, private_key = $2', [publicKey, privateKey]);
    return cloudKey(publicKey, privateKey);
  });
}

/** @param privateKey PKCS#8 DER, base64 */
export function cloudKey(publicKey: string, privateKey: string): CloudKey {
  const key = createPrivateKey({ key: Buffer.from(privateKey, 'base64'), format: 'der', type: 'pkcs8' });
  const checks = createPublicKey(key);
  return {
    publicKey,
    sign: (statement) => sign(null, statement, key).toString('base64'),
    signed: (statement, sig) => verify(null, statement, checks, Buffer.from(sig, 'base64')),
  };
}
