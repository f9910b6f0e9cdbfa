/**
 * The second factor of a user: asked for, proved by a first code, taken away.
 */
import type { Chance } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import { holderOf, openSecret, sealSecret } from './sealed-secret.ts';
import { fromBase32, recoveryCodes, recoveryHash, toBase32, totpStepOf } from './totp.ts';

/** @returns a new secret in base32; it counts from the first code on */
export async function askSecondFactor(db: Queryable, userId: string, chance: Chance): Promise<string> {
  const secret = toBase32(chance.bytes(20));
  await db.query('update console_user set totp_pending = $2 where user_id = $1', [
    userId,
    await sealSecret(db, holderOf.user(userId), secret),
  ]);
  return secret;
}

/** @returns the recovery codes, shown once; null when the code is wrong or nothing was asked for */
export async function proveSecondFactor(
  db: Db,
  facts: { readonly userId: string; readonly code: string },
  { nowMs, chance }: { readonly nowMs: number; readonly chance: Chance },
): Promise<string[] | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx.query<{ pending: string | null }>(
      'select totp_pending as pending from console_user where user_id = $1 for update',
      [facts.userId],
    );
    const pending = await openSecret(tx, holderOf.user(facts.userId), row?.pending ?? null);
    const secret = fromBase32(pending ?? '');
    if (secret === null || secret.length === 0) return null;
    const step = totpStepOf(secret, facts.code, { nowMs, afterStep: 0 });
    if (step === null) return null;
    const codes = recoveryCodes(chance.bytes(100));
    await tx.query(
      `update console_user set totp_secret = totp_pending, totp_pending = null, totp_step = $2, recovery_hashes = $3,
         revision = revision + 1 where user_id = $1`,
      [facts.userId, step, codes.map(recoveryHash)],
    );
    return codes;
  });
}

/** @returns false when there is no such user, or no second factor */
export async function dropSecondFactor(db: Queryable, userId: string): Promise<boolean> {
  const dropped = await db.query(
    `update console_user set totp_secret = null, totp_pending = null, recovery_hashes = '{}', revision = revision + 1
     where user_id = $1 and totp_secret is not null returning 1`,
    [userId],
  );
  return dropped.length === 1;
}
