/**
 * Sessions of console users: opened by a sign-in, kept by a cookie, over after a time without use and at the latest
 * after a working day.
 */
import { uuidV7 } from '../../src/core/id.ts';
import type { Chance } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import type { Caller } from './caller.ts';
import { type ConsoleRole, RIGHTS_OF, type StoreScope } from './rights.ts';
import { newSecret, secretHash } from './secret.ts';

export const SESSION_IDLE_MS = 60 * 60_000;
export const SESSION_MS_MAX = 12 * 3_600_000;
/** Not every request is worth a write: `seen_at` is as fresh as this. */
const SEEN_STEP_MS = 60_000;

export interface SessionCaller extends Caller {
  readonly kind: 'user';
  readonly sessionId: string;
  readonly role: ConsoleRole;
  readonly displayName: string;
  readonly expiresAtMs: number;
  /** The password was given by somebody else: nothing is allowed but choosing an own one. */
  readonly passwordTemporary: boolean;
  readonly secondFactor: boolean;
}

/** @returns the secret for the cookie: it is kept nowhere else */
export async function openSession(
  db: Queryable,
  facts: { readonly userId: string; readonly address: string; readonly agent: string },
  { nowMs, chance }: { readonly nowMs: number; readonly chance: Chance },
): Promise<{ readonly secret: string; readonly expiresAtMs: number }> {
  const secret = newSecret('cfs', chance);
  const expiresAtMs = nowMs + SESSION_MS_MAX;
  await db.query(
    `insert into console_session
       (token_hash, session_id, user_id, created_at, seen_at, expires_at, address, agent)
     values ($1, $2, $3, to_timestamp($4::float8 / 1000), to_timestamp($4::float8 / 1000),
       to_timestamp($5::float8 / 1000), $6, $7)`,
    [
      ...[secretHash(secret), uuidV7(nowMs, chance.bytes(10)), facts.userId, nowMs, expiresAtMs],
      ...[facts.address, facts.agent.slice(0, 200)],
    ],
  );
  // Here and not in a job: a table of sessions that nobody opens does not grow.
  await db.query('delete from console_session where expires_at < to_timestamp($1::float8 / 1000)', [nowMs]);
  return { secret, expiresAtMs };
}

interface SessionRow {
  readonly sessionId: string;
  readonly userId: string;
  readonly login: string;
  readonly name: string;
  readonly role: ConsoleRole;
  readonly stores: StoreScope;
  readonly expiresAtMs: number;
  readonly seenAtMs: number;
  readonly passwordTemporary: boolean;
  readonly secondFactor: boolean;
}

/** @returns null when there is no such session, or it is over */
export async function callerOfSession(db: Db, secret: string, nowMs: number): Promise<SessionCaller | null> {
  const hash = secretHash(secret);
  const [row] = await db.query<SessionRow>(
    `select s.session_id as "sessionId", u.user_id as "userId", u.login, u.name, u.role, u.stores,
       s.expires_at as "expiresAtMs", s.seen_at as "seenAtMs", u.password_temporary as "passwordTemporary",
       u.totp_secret is not null as "secondFactor"
     from console_session s join console_user u using (user_id)
     where s.token_hash = $1 and u.disabled_at is null and s.expires_at > to_timestamp($2::float8 / 1000)
       and s.seen_at > to_timestamp($3::float8 / 1000)`,
    [hash, nowMs, nowMs - SESSION_IDLE_MS],
  );
  if (row === undefined) return null;
  if (nowMs - row.seenAtMs > SEEN_STEP_MS) {
    await db.query(
      'update console_session set seen_at = to_timestamp($2::float8 / 1000) where token_hash = $1',
      [hash, nowMs],
    );
  }
  const { sessionId, role, stores, expiresAtMs, passwordTemporary, secondFactor } = row;
  return {
    kind: 'user',
    id: row.userId,
    name: row.login,
    displayName: row.name,
    rights: passwordTemporary ? new Set() : RIGHTS_OF[role],
    ...{ sessionId, role, stores, expiresAtMs, passwordTemporary, secondFactor },
  };
}

/** @param sessionId null: all of the user's sessions. @returns how many ended */
export async function endSessions(
  db: Queryable,
  facts: { readonly userId: string; readonly sessionId: string | null },
): Promise<number> {
  const ended = await db.query(
    `delete from console_session where user_id = $1 and ($2::text is null or session_id = $2) returning 1`,
    [facts.userId, facts.sessionId],
  );
  return ended.length;
}

export interface OpenSession {
  readonly id: string;
  readonly createdAtMs: number;
  readonly seenAtMs: number;
  readonly expiresAtMs: number;
  readonly address: string;
  readonly agent: string;
}

export function sessionsOf(db: Queryable, userId: string): Promise<OpenSession[]> {
  return db.query(
    `select session_id as id, created_at as "createdAtMs", seen_at as "seenAtMs", expires_at as "expiresAtMs",
       address, agent from console_session where user_id = $1 order by created_at desc, session_id`,
    [userId],
  );
}
