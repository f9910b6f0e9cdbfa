/**
 * The vault: opens and closes personal data for whoever holds a connection that carries it.
 *
 * Each holder (a member, someone who joined at a till) has a data key of their own in `vault_key`, wrapped by the KEK; what
 * is known of the person is sealed under it wherever it lies: profile, feed row, enrolment, notes. Erasing somebody is
 * deleting that one row. Look-up goes by blind index: HMAC under one index key, itself wrapped by the KEK, so a copy of the
 * database alone neither reads nor finds anybody.
 *
 * A `Db` carries its vault (`withVault`), so do its transactions: functions take a connection, as everywhere.
 */
import { assert } from '../../src/core/assert.ts';
import type { Db, Queryable } from '../db/db.ts';
import { KEY_BYTES, keyedHash, newKey, open, seal, VaultError } from './cipher.ts';
import type { KekRing } from './kek.ts';

/** 96 bits: among all phones of the earth no two meet. */
const BLIND_CHARS = 16;

export class Vault {
  private readonly ring: KekRing;
  private readonly indexKey: Buffer;

  constructor(ring: KekRing, indexKey: Buffer) {
    this.ring = ring;
    this.indexKey = indexKey;
  }

  get kekId(): string {
    return this.ring.current.id;
  }

  /** What a value is found by without being readable. @param value in its one form: a phone with country code, a card in capitals */
  blind(kind: string, value: string): string {
    return keyedHash(this.indexKey, kind, value).toString('base64url').slice(0, BLIND_CHARS);
  }

  /** The same cut to a few bits on purpose: several values share a bucket. @param bits 1 to 31 */
  bucket(kind: string, value: string, bits: number): number {
    return keyedHash(this.indexKey, kind, value).readUInt32BE(0) >>> (32 - bits);
  }

  wrap(holderId: string, key: Uint8Array): { readonly kekId: string; readonly wrapped: string } {
    return wrapKey(this.ring, holderId, key);
  }

  /** @throws VaultError `other_kek`, `broken` */
  unwrap(holderId: string, kekId: string, wrapped: string): Buffer {
    return unwrapKey(this.ring, holderId, kekId, wrapped);
  }
}

function wrapKey({ current }: KekRing, holderId: string, key: Uint8Array) {
  const text = Buffer.from(key).toString('base64');
  return { kekId: current.id, wrapped: seal(current.key, { holderId, what: 'key' }, text) };
}

function unwrapKey({ current, former }: KekRing, holderId: string, kekId: string, wrapped: string): Buffer {
  const kek = [current, ...former].find(({ id }) => id === kekId);
  if (kek === undefined) {
    throw new VaultError(
      'other_kek',
      `members' personal data in this database is encrypted with another key (${kekId}, not ${current.id}). ` +
        'Give that one as COUNTERFOIL_KEK, or as COUNTERFOIL_KEK_OLD to go over to the new one.',
    );
  }
  return Buffer.from(open(kek.key, { holderId, what: 'key' }, wrapped), 'base64');
}

const INDEX_KEY = 'index';

/**
 * Opens the vault of a database; the first time it makes the index key.
 *
 * @throws VaultError `other_kek`: the database was closed with a key that is not at hand
 */
export async function openVault(db: Queryable, ring: KekRing): Promise<Vault> {
  const fresh = wrapKey(ring, INDEX_KEY, newKey());
  // Of two processes that start at once the first makes it, both read it.
  await db.query(
    'insert into vault_secret (name, kek_id, wrapped) values ($1, $2, $3) on conflict do nothing',
    [INDEX_KEY, fresh.kekId, fresh.wrapped],
  );
  const [row] = await db.query<{ kek_id: string; wrapped: string }>(
    'select kek_id, wrapped from vault_secret where name = $1',
    [INDEX_KEY],
  );
  const indexKey = unwrapKey(ring, INDEX_KEY, row!.kek_id, row!.wrapped);
  assert(indexKey.length === KEY_BYTES, 'the index key is whole');
  return new Vault(ring, indexKey);
}

const CARRIED = Symbol('vault');

/** The same connection, carrying its vault into every transaction. */
export function withVault(db: Db, vault: Vault): Db {
  const carrying: Db & { readonly [CARRIED]: Vault } = {
    ...db,
    [CARRIED]: vault,
    transaction: (work) => db.transaction((tx) => work({ ...tx, [CARRIED]: vault } as Queryable)),
  };
  return carrying;
}

/** @throws AssertionError when the connection was opened without one: the caller has a bug */
export function vaultOf(db: Queryable): Vault {
  const vault = (db as { readonly [CARRIED]?: Vault })[CARRIED];
  assert(vault !== undefined, 'who touches personal data has a connection that carries its vault');
  return vault;
}
