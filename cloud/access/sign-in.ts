/**
 * Signing in: password, then the second factor where the user has one, and how long wrong tries lock a login.
 *
 * What is told is the same, and takes as long, whether nobody has the login or the password is wrong.
 */
import { createHash } from 'node:crypto';
import { lockMs } from '../../src/core/pin.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type PasswordHash, passwordFits } from './password.ts';
import { holderOf, openSecret } from './sealed-secret.ts';
import { fromBase32, recoveryHash, totpStepOf } from './totp.ts';

export type SignInError =
  | { readonly kind: 'wrong_credentials' }
  | { readonly kind: 'code_needed' }
  | { readonly kind: 'wrong_code' }
  | { readonly kind: 'locked'; readonly untilMs: number };

export interface Credentials {
  readonly login: string;
  readonly password: string;
  /** Of the authenticator app, or a recovery code. */
  readonly code: string | null;
}

interface UserRow {
  readonly userId: string;
  readonly password: PasswordHash;
  /** Sealed. */
  readonly totpSecret: string | null;
  readonly totpStep: number;
  readonly recoveryHashes: readonly string[];
}

/** @returns the user's id */
export async function signIn(
  db: Db,
  { login, password, code }: Credentials,
  nowMs: number,
): Promise<Result<string, SignInError>> {
  const key = createHash('sha256').update(`login:${login.toLowerCase()}`).digest('hex');
  // The try is counted before the password is looked at: many at once are many tries.
  const tried = await countTry(db, key, nowMs);
  if (tried !== null) return err({ kind: 'locked', untilMs: tried });
  const [user] = await db.query<UserRow>(
    `select user_id as "userId", password, totp_secret as "totpSecret", totp_step as "totpStep",
       recovery_hashes as "recoveryHashes" from console_user where login = $1 and disabled_at is null`,
    [login.toLowerCase()],
  );
  if (!(await passwordFits(password, user?.password ?? null)) || user === undefined) {
    return err({ kind: 'wrong_credentials' });
  }
  if (user.totpSecret !== null) {
    // Asking for the code is no wrong try: the password was right.
    if (code === null) {
      await forgetTry(db, key);
      return err({ kind: 'code_needed' });
    }
    if (!(await takeCode(db, user, code, nowMs))) return err({ kind: 'wrong_code' });
  }
  await db.query('delete from sign_in_try where login_hash = $1', [key]);
  return ok(user.userId);
}

/** One more try, and the lock that it brings should it fail. @returns until when the login is locked, null: try */
async function countTry(db: Db, key: string, nowMs: number): Promise<number | null> {
  return db.transaction(async (tx) => {
    await tx.query(
      `insert into sign_in_try values ($1, 0, to_timestamp(0), to_timestamp($2::float8 / 1000)) on conflict do nothing`,
      [key, nowMs],
    );
    const [row] = await tx.query<{ wrong: number; lockedUntilMs: number }>(
      `select wrong, locked_until as "lockedUntilMs" from sign_in_try where login_hash = $1 for update`,
      [key],
    );
    const { wrong, lockedUntilMs } = row ?? { wrong: 0, lockedUntilMs: 0 };
    if (lockedUntilMs > nowMs) return lockedUntilMs;
    await tx.query(
      `update sign_in_try set wrong = $2, locked_until = to_timestamp($3::float8 / 1000),
         at = to_timestamp($4::float8 / 1000) where login_hash = $1`,
      [key, wrong + 1, nowMs + lockMs(wrong + 1), nowMs],
    );
    // Names that were tried once and never again are not kept for ever.
    await tx.query('delete from sign_in_try where at < to_timestamp($1::float8 / 1000)', [
      nowMs - FORGET_TRIES_MS,
    ]);
    return null;
  });
}

const FORGET_TRIES_MS = 7 * 24 * 3_600_000;

async function forgetTry(db: Queryable, key: string): Promise<void> {
  await db.query(
    `update sign_in_try set wrong = greatest(wrong - 1, 0), locked_until = to_timestamp(0) where login_hash = $1`,
    [key],
  );
}

/** A code is taken once: the row's own words decide between two that bring the same one. */
async function takeCode(db: Queryable, user: UserRow, code: string, nowMs: number): Promise<boolean> {
  const secret = fromBase32((await openSecret(db, holderOf.user(user.userId), user.totpSecret)) ?? '');
  const step = secret === null ? null : totpStepOf(secret, code, { nowMs, afterStep: user.totpStep });
  if (step !== null) {
    const taken = await db.query(
      'update console_user set totp_step = $2 where user_id = $1 and totp_step < $2 returning 1',
      [user.userId, step],
    );
    return taken.length === 1;
  }
  const taken = await db.query(
    `update console_user set recovery_hashes = array_remove(recovery_hashes, $2)
     where user_id = $1 and $2 = any(recovery_hashes) returning 1`,
    [user.userId, recoveryHash(code)],
  );
  return taken.length === 1;
}
