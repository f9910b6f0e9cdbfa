/**
 * Console users: people who use HQ, with a role and, where they are for some stores only, these stores.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { hashPassword, type PasswordFault, type PasswordHash, passwordFault } from './password.ts';
import type { ConsoleRole, StoreScope } from './rights.ts';

export interface UserDraft {
  readonly login: string;
  readonly name: string;
  readonly role: ConsoleRole;
  readonly stores: StoreScope;
}

export interface ConsoleUser extends UserDraft {
  readonly id: string;
  readonly passwordTemporary: boolean;
  readonly secondFactor: boolean;
  readonly disabled: boolean;
  readonly revision: number;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
}

export type UserError =
  | { readonly kind: 'login_taken'; readonly path: 'login' }
  | { readonly kind: 'unknown_store'; readonly path: 'stores'; readonly storeId: string }
  | { readonly kind: 'stores_needed'; readonly path: 'stores' }
  | { readonly kind: 'password'; readonly path: 'password'; readonly fault: PasswordFault }
  | { readonly kind: 'unknown_user' }
  | { readonly kind: 'changed'; readonly revision: number };

const COLUMNS = `user_id as id, login, name, role, stores, password_temporary as "passwordTemporary",
  totp_secret is not null as "secondFactor", disabled_at is not null as disabled, revision,
  created_at as "createdAtMs", updated_at as "updatedAtMs"`;

/** One page by login. @param after the login of the last one before */
export function usersAfter(db: Queryable, after: string, limit: number): Promise<ConsoleUser[]> {
  return db.query(`select ${COLUMNS} from console_user where login > $1 order by login limit $2`, [
    after,
    limit,
  ]);
}

/** Whether anybody can sign in at all. */
export async function hasUsers(db: Queryable): Promise<boolean> {
  const [row] = await db.query<{ some: boolean }>('select exists (select from console_user) as some');
  return row!.some;
}

export async function userById(db: Queryable, id: string): Promise<ConsoleUser | null> {
  const [user] = await db.query<ConsoleUser>(`select ${COLUMNS} from console_user where user_id = $1`, [id]);
  return user ?? null;
}

/** @param temporary the password was given by somebody else: its user chooses an own one at the first sign-in */
export async function addUser(
  db: Db,
  draft: UserDraft & { readonly id: string; readonly password: string; readonly temporary: boolean },
  nowMs: number,
): Promise<Result<ConsoleUser, UserError>> {
  const login = draft.login.toLowerCase();
  const fault = draft.temporary ? null : passwordFault(draft.password, login);
  if (fault !== null) return err({ kind: 'password', path: 'password', fault });
  const hash = await hashPassword(draft.password);
  return db.transaction(async (tx) => {
    const wrong = await storesFault(tx, draft);
    if (wrong !== null) return err(wrong);
    const [added] = await tx.query<ConsoleUser>(
      `insert into console_user
         (user_id, login, name, role, stores, password, password_temporary, created_at, updated_at)
       values ($1, $2, $3, $4, $5, $6, $7, to_timestamp($8::float8 / 1000), to_timestamp($8::float8 / 1000))
       on conflict (login) do nothing returning ${COLUMNS}`,
      [
        ...[draft.id, login, draft.name, draft.role, draft.stores],
        ...[JSON.stringify(hash), draft.temporary, nowMs],
      ],
    );
    return added === undefined ? err({ kind: 'login_taken', path: 'login' }) : ok(added);
  });
}

/**
 * Changes name, role, stores, or takes the user's access away; sessions that go on have the new rights at once, and
 * those of a disabled user end.
 */
export async function changeUser(
  db: Db,
  change: Omit<UserDraft, 'login'> & {
    readonly id: string;
    readonly disabled: boolean;
    readonly revision: number;
  },
  nowMs: number,
): Promise<Result<ConsoleUser, UserError>> {
  return db.transaction(async (tx) => {
    const before = await userById(tx, change.id);
    if (before === null) return err({ kind: 'unknown_user' });
    const wrong = await storesFault(tx, change);
    if (wrong !== null) return err(wrong);
    const [changed] = await tx.query<ConsoleUser>(
      `update console_user set name = $3, role = $4, stores = $5, revision = revision + 1,
         disabled_at = case when $6::bool then coalesce(disabled_at, to_timestamp($7::float8 / 1000)) end,
         updated_at = to_timestamp($7::float8 / 1000)
       where user_id = $1 and revision = $2 returning ${COLUMNS}`,
      [change.id, change.revision, change.name, change.role, change.stores, change.disabled, nowMs],
    );
    if (changed === undefined) return err({ kind: 'changed', revision: before.revision });
    if (change.disabled) await tx.query('delete from console_session where user_id = $1', [change.id]);
    return ok(changed);
  });
}

/** A new password by its user (`temporary` false) or by an admin; all sessions but `keepSession` end. */
export async function setPassword(
  db: Db,
  facts: {
    readonly id: string;
    readonly password: string;
    readonly temporary: boolean;
    readonly keepSession: string | null;
  },
  nowMs: number,
): Promise<Result<ConsoleUser, UserError>> {
  const user = await userById(db, facts.id);
  if (user === null) return err({ kind: 'unknown_user' });
  const fault = facts.temporary ? null : passwordFault(facts.password, user.login);
  if (fault !== null) return err({ kind: 'password', path: 'password', fault });
  const hash = await hashPassword(facts.password);
  return db.transaction(async (tx) => {
    const [changed] = await tx.query<ConsoleUser>(
      `update console_user set password = $2, password_temporary = $3, revision = revision + 1,
         updated_at = to_timestamp($4::float8 / 1000) where user_id = $1 returning ${COLUMNS}`,
      [facts.id, JSON.stringify(hash), facts.temporary, nowMs],
    );
    await tx.query('delete from console_session where user_id = $1 and session_id is distinct from $2', [
      facts.id,
      facts.keepSession,
    ]);
    return changed === undefined ? err({ kind: 'unknown_user' }) : ok(changed);
  });
}

export async function passwordOf(db: Queryable, id: string): Promise<PasswordHash | null> {
  const [row] = await db.query<{ password: PasswordHash }>(
    'select password from console_user where user_id = $1',
    [id],
  );
  return row?.password ?? null;
}

/** @returns null when role and stores fit together and all stores are there */
async function storesFault(
  tx: Queryable,
  { role, stores }: { readonly role: ConsoleRole; readonly stores: StoreScope },
): Promise<UserError | null> {
  if (role === 'manager' && (stores === null || stores.length === 0)) {
    return { kind: 'stores_needed', path: 'stores' };
  }
  const storeId = await unknownStore(tx, stores);
  return storeId === null ? null : { kind: 'unknown_store', path: 'stores', storeId };
}

/** @returns the first of these stores that there is not */
export async function unknownStore(tx: Queryable, stores: StoreScope): Promise<string | null> {
  if (stores === null || stores.length === 0) return null;
  const [row] = await tx.query<{ id: string }>(
    'select id from unnest($1::text[]) as s(id) where id not in (select store_id from store) limit 1',
    [stores],
  );
  return row?.id ?? null;
}
