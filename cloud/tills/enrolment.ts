/**
 * Enrolment: a till gets its identity with a one-time code and gives its public key for it.
 *
 * The code is shown once and only its hash is kept. It works once, for a day; making a new one ends the old.
 */
import { createHash, createPublicKey } from 'node:crypto';
import type { Chance } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import { announce } from '../outbox/outbox.ts';

export const CODE_LIFE_MS = 24 * 60 * 60 * 1000;
/** No 0/O, 1/I/L, U: read aloud over a telephone. 30 letters, 12 places: 58 bits. */
const ALPHABET = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const CODE_CHARS = 12;

export type EnrolError =
  | { readonly kind: 'wrong_code' }
  | { readonly kind: 'used_code' }
  | { readonly kind: 'expired_code' }
  | { readonly kind: 'bad_key' };

export type NewTillError =
  | { readonly kind: 'unknown_store'; readonly storeId: string }
  | { readonly kind: 'code_taken'; readonly code: string };

export async function addTill(
  db: Queryable,
  till: { readonly tillId: string; readonly storeId: string; readonly code: string },
): Promise<Result<string, NewTillError>> {
  const store = await db.query('select 1 from store where store_id = $1', [till.storeId]);
  if (store.length === 0) return err({ kind: 'unknown_store', storeId: till.storeId });
  const rows = await db.query(
    'insert into till (till_id, store_id, code) values ($1, $2, $3) on conflict do nothing returning till_id',
    [till.tillId, till.storeId, till.code],
  );
  return rows.length === 1 ? ok(till.tillId) : err({ kind: 'code_taken', code: till.code });
}

/** @returns null when there is no such till */
export async function newEnrolmentCode(
  db: Db,
  tillId: string,
  given: { readonly nowMs: number; readonly chance: Chance },
): Promise<{ code: string; expiresAtMs: number } | null> {
  const code = makeCode(given.chance);
  const expiresAtMs = given.nowMs + CODE_LIFE_MS;
  return db.transaction(async (tx) => {
    const till = await tx.query(
      'select 1 from till where till_id = $1 and revoked_at is null and channel is null',
      [tillId],
    );
    if (till.length === 0) return null;
    await tx.query('delete from enrolment_code where till_id = $1 and used_at is null', [tillId]);
    await tx.query(
      'insert into enrolment_code (code_hash, till_id, expires_at) values ($1, $2, to_timestamp($3::float8 / 1000))',
      [hashCode(code), tillId, expiresAtMs],
    );
    return { code, expiresAtMs };
  });
}

/** @param publicKey Ed25519, SPKI DER, base64 */
export async function enrol(
  db: Db,
  request: { readonly code: string; readonly publicKey: string },
  nowMs: number,
): Promise<Result<{ tillId: string; tillCode: string; storeId: string }, EnrolError>> {
  if (!isEd25519(request.publicKey)) return err({ kind: 'bad_key' });
  return db.transaction(async (tx) => {
    const [found] = await tx.query<{ till_id: string; expires_at: number; used_at: number | null }>(
      'select till_id, expires_at, used_at from enrolment_code where code_hash = $1 for update',
      [hashCode(request.code)],
    );
    if (found === undefined) return err({ kind: 'wrong_code' });
    if (found.used_at !== null) return err({ kind: 'used_code' });
    if (found.expires_at <= nowMs) return err({ kind: 'expired_code' });
    await tx.query(
      'update enrolment_code set used_at = to_timestamp($2::float8 / 1000) where code_hash = $1',
      [hashCode(request.code), nowMs],
    );
    await tx.query(
      `insert into till_former_key (till_id, public_key, until_at)
       select till_id, public_key, to_timestamp($3::float8 / 1000) from till
       where till_id = $1 and public_key is not null and public_key <> $2 on conflict do nothing`,
      [found.till_id, request.publicKey, nowMs],
    );
    const [till] = await tx.query<{ code: string; store_id: string }>(
      `update till set public_key = $2, enrolled_at = to_timestamp($3::float8 / 1000), stopped_at = null,
         kept_journal_id = null
       where till_id = $1 returning code, store_id`,
      [found.till_id, request.publicKey, nowMs],
    );
    await publishKey(tx, found.till_id);
    const event = { tillId: found.till_id, storeId: till!.store_id };
    await announce(tx, [{ kind: 'till.enrolled', storeId: till!.store_id, data: event }], nowMs);
    return ok({ tillId: found.till_id, tillCode: till!.code, storeId: till!.store_id });
  });
}

/** Other tills check this one's receipts by its keys, those that it had before as well. */
export async function publishKey(tx: Queryable, tillId: string): Promise<void> {
  const [till] = await tx.query<{ code: string; storeId: string; publicKey: string; former: string[] }>(
    `select code, store_id as "storeId", public_key as "publicKey",
       array(select public_key from till_former_key f where f.till_id = t.till_id order by until_at) as former
     from till t where till_id = $1`,
    [tillId],
  );
  const { code, storeId, publicKey, former } = till!;
  const data = { publicKey, storeId, ...(former.length === 0 ? {} : { former }) };
  await publish(tx, [{ kind: 'till_key', key: code, storeId: null, data }]);
}

export async function revokeTill(db: Db, tillId: string, nowMs: number): Promise<boolean> {
  return db.transaction(async (tx) => {
    const [till] = await tx.query<{ storeId: string }>(
      `update till set revoked_at = coalesce(revoked_at, to_timestamp($2::float8 / 1000))
       where till_id = $1 returning store_id as "storeId"`,
      [tillId, nowMs],
    );
    if (till === undefined) return false;
    const event = { tillId, storeId: till.storeId };
    await announce(tx, [{ kind: 'till.revoked', storeId: till.storeId, data: event }], nowMs);
    return true;
  });
}

function makeCode(chance: Chance): string {
  let code = '';
  while (code.length < CODE_CHARS) {
    // Bytes past the last whole multiple are thrown away: each letter is equally likely.
    const letters = [...chance.bytes(32)]
      .filter((byte) => byte < 240)
      .map((byte) => ALPHABET[byte % ALPHABET.length]!);
    code += letters.join('');
  }
  return code.slice(0, CODE_CHARS).replace(/(.{4})(?=.)/g, '$1-');
}

function hashCode(code: string): string {
  return createHash('sha256')
    .update(code.toUpperCase().replace(/[^0-9A-Z]/g, ''))
    .digest('hex');
}

function isEd25519(publicKey: string): boolean {
  try {
    const key = createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' });
    return key.asymmetricKeyType === 'ed25519';
  } catch {
    return false;
  }
}
