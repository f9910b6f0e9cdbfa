/**
 * API tokens: what programs carry. Each has a name, some rights, maybe some stores, an end, and is shown once.
 */
import type { Chance } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import type { Caller } from './caller.ts';
import type { Right, StoreScope } from './rights.ts';
import { newSecret, secretHash } from './secret.ts';
import { unknownStore } from './users.ts';

export const TOKEN_DAYS_MAX = 400;
const DAY_MS = 24 * 3_600_000;
const USED_STEP_MS = 60_000;

export interface ApiToken {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
  readonly stores: StoreScope;
  readonly createdBy: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
  readonly lastUsedAtMs: number | null;
  readonly revoked: boolean;
}

export interface TokenDraft {
  readonly id: string;
  readonly name: string;
  readonly rights: readonly Right[];
  readonly stores: StoreScope;
  readonly days: number;
}

export type TokenError =
  | { readonly kind: 'beyond_own_rights'; readonly path: 'rights'; readonly right: Right }
  | { readonly kind: 'beyond_own_stores'; readonly path: 'stores' }
  | { readonly kind: 'unknown_store'; readonly path: 'stores'; readonly storeId: string };

const COLUMNS = `token_id as id, name, rights, stores, created_by as "createdBy", created_at as "createdAtMs",
  expires_at as "expiresAtMs", last_used_at as "lastUsedAtMs", revoked_at is not null as revoked`;

/** Newest last. @param after the id of the last one before */
export function tokensAfter(db: Queryable, after: string, limit: number): Promise<ApiToken[]> {
  return db.query(`select ${COLUMNS} from api_token where token_id > $1 order by token_id limit $2`, [
    after,
    limit,
  ]);
}

/** Nobody gives away what they do not have. @returns the token and its secret, which is shown once */
export async function addToken(
  db: Db,
  draft: TokenDraft,
  by: Caller,
  { nowMs, chance }: { readonly nowMs: number; readonly chance: Chance },
): Promise<Result<{ readonly token: ApiToken; readonly secret: string }, TokenError>> {
  const beyond = draft.rights.find((right) => !by.rights.has(right));
  if (beyond !== undefined) return err({ kind: 'beyond_own_rights', path: 'rights', right: beyond });
  const own = by.stores;
  if (own !== null && (draft.stores === null || draft.stores.some((id) => !own.includes(id)))) {
    return err({ kind: 'beyond_own_stores', path: 'stores' });
  }
  const storeId = await unknownStore(db, draft.stores);
  if (storeId !== null) return err({ kind: 'unknown_store', path: 'stores', storeId });
  const secret = newSecret('cft', chance);
  const [token] = await db.query<ApiToken>(
    `insert into api_token (token_id, token_hash, name, rights, stores, created_by, created_at, expires_at)
     values ($1, $2, $3, $4, $5, $6, to_timestamp($7::float8 / 1000), to_timestamp($8::float8 / 1000))
     returning ${COLUMNS}`,
    [
      ...[draft.id, secretHash(secret), draft.name, [...new Set(draft.rights)], draft.stores],
      ...[by.name, nowMs, nowMs + draft.days * DAY_MS],
    ],
  );
  return ok({ token: token!, secret });
}

/** @returns null when there is no such token; revoked once is revoked */
export async function revokeToken(db: Queryable, id: string, nowMs: number): Promise<ApiToken | null> {
  const [token] = await db.query<ApiToken>(
    `update api_token set revoked_at = coalesce(revoked_at, to_timestamp($2::float8 / 1000)) where token_id = $1
     returning ${COLUMNS}`,
    [id, nowMs],
  );
  return token ?? null;
}

/** @returns null when there is no such token, or it is over or revoked */
export async function callerOfToken(db: Db, secret: string, nowMs: number): Promise<Caller | null> {
  const hash = secretHash(secret);
  const [token] = await db.query<ApiToken>(
    `select ${COLUMNS} from api_token
     where token_hash = $1 and revoked_at is null and expires_at > to_timestamp($2::float8 / 1000)`,
    [hash, nowMs],
  );
  if (token === undefined) return null;
  if (nowMs - (token.lastUsedAtMs ?? 0) > USED_STEP_MS) {
    await db.query(
      'update api_token set last_used_at = to_timestamp($2::float8 / 1000) where token_hash = $1',
      [hash, nowMs],
    );
  }
  const { id, name, rights, stores } = token;
  return { kind: 'token', id, name, rights: new Set(rights), stores };
}
