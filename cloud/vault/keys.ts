/**
 * Keys of holders: made with the first thing that is sealed, read with each that is opened, gone with the person. The only
 * writer of `vault_key`.
 */
import type { Db, Queryable } from '../db/db.ts';
import { newKey, open, seal } from './cipher.ts';
import { vaultOf } from './vault.ts';

/** Keys by holder; a holder without one was erased, or never was. */
export type Keys = ReadonlyMap<string, Buffer>;

interface KeyRow {
  readonly holder_id: string;
  readonly kek_id: string;
  readonly wrapped: string;
}

export async function keysOf(tx: Queryable, holderIds: readonly string[]): Promise<Keys> {
  if (holderIds.length === 0) return new Map();
  const vault = vaultOf(tx);
  const rows = await tx.query<KeyRow>(
    'select holder_id, kek_id, wrapped from vault_key where holder_id = any($1::text[])',
    [[...new Set(holderIds)]],
  );
  return new Map(
    rows.map(({ holder_id, kek_id, wrapped }) => [holder_id, vault.unwrap(holder_id, kek_id, wrapped)]),
  );
}

/** The same, with a fresh key for whoever has none. */
export async function makeKeys(tx: Queryable, holderIds: readonly string[]): Promise<Keys> {
  const known = await keysOf(tx, holderIds);
  const missing = [...new Set(holderIds)].filter((id) => !known.has(id));
  if (missing.length === 0) return known;
  const vault = vaultOf(tx);
  const fresh = new Map(missing.map((id) => [id, newKey()]));
  const made = await tx.query<{ holder_id: string }>(
    `insert into vault_key (holder_id, kek_id, wrapped)
     select holder_id, $1, wrapped from unnest($2::text[], $3::text[]) as k(holder_id, wrapped)
     on conflict do nothing returning holder_id`,
    [vault.kekId, missing, missing.map((id) => vault.wrap(id, fresh.get(id)!).wrapped)],
  );
  // Where another writer was first, its key counts.
  const ours = new Set(made.map(({ holder_id }) => holder_id));
  const theirs = await keysOf(
    tx,
    missing.filter((id) => !ours.has(id)),
  );
  return new Map([...known, ...fresh, ...theirs]);
}

/** One text of one holder. @returns null where the holder was erased */
export async function openOne(
  tx: Queryable,
  holderId: string,
  what: string,
  sealed: string,
): Promise<string | null> {
  const key = (await keysOf(tx, [holderId])).get(holderId);
  return key === undefined ? null : open(key, { holderId, what }, sealed);
}

export async function sealOne(tx: Queryable, holderId: string, what: string, text: string): Promise<string> {
  return seal((await makeKeys(tx, [holderId])).get(holderId)!, { holderId, what }, text);
}

/** For good: what these holders' keys sealed is noise from the commit on. @returns how many keys there were */
export async function shredKeys(tx: Queryable, holderIds: readonly string[]): Promise<number> {
  const rows = await tx.query('delete from vault_key where holder_id = any($1::text[]) returning 1 as gone', [
    holderIds,
  ]);
  return rows.length;
}

/**
 * Rewrites the file of keys, so that a deleted one is not on the disk any more either. Readers wait: a second for a million.
 *
 * The database's own log still holds it until it is recycled, and so does every backup: who erases must let those expire.
 */
export async function sweepKeys(db: Db): Promise<void> {
  await db.query('vacuum full vault_key');
}

const KEYS_AT_ONCE = 5_000;

/** Wraps with the current KEK what a former one wrapped. Safe to break off. @returns how many keys were wrapped anew */
export async function rewrapKeys(db: Db): Promise<number> {
  const vault = vaultOf(db);
  let count = 0;
  for (;;) {
    const done = await db.transaction(async (tx) => {
      const rows = await tx.query<KeyRow>(
        `select holder_id, kek_id, wrapped from vault_key where kek_id <> $1 order by holder_id limit $2
         for update skip locked`,
        [vault.kekId, KEYS_AT_ONCE],
      );
      const again = rows.map(({ holder_id, kek_id, wrapped }) =>
        vault.wrap(holder_id, vault.unwrap(holder_id, kek_id, wrapped)),
      );
      await tx.query(
        `update vault_key k set kek_id = $1, wrapped = n.wrapped
         from unnest($2::text[], $3::text[]) as n(holder_id, wrapped) where k.holder_id = n.holder_id`,
        [vault.kekId, rows.map(({ holder_id }) => holder_id), again.map(({ wrapped }) => wrapped)],
      );
      return rows.length;
    });
    count += done;
    if (done < KEYS_AT_ONCE) break;
  }
  const secrets = await db.query<{ name: string; kek_id: string; wrapped: string }>(
    'select name, kek_id, wrapped from vault_secret where kek_id <> $1',
    [vault.kekId],
  );
  for (const { name, kek_id, wrapped } of secrets) {
    const fresh = vault.wrap(name, vault.unwrap(name, kek_id, wrapped));
    await db.query('update vault_secret set kek_id = $2, wrapped = $3 where name = $1', [
      name,
      fresh.kekId,
      fresh.wrapped,
    ]);
  }
  return count + secrets.length;
}
