/** HQ's database without HQ: migrated and empty, on either engine. */
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { type KekRing, kekOf } from '../../cloud/vault/kek.ts';
import { openVault, withVault } from '../../cloud/vault/vault.ts';
import type { Engine } from './cloud.ts';
import { aFolder, removeFolder } from './folder.ts';
import { aPglite } from './pglite.ts';
import { openReady } from './ready-db.ts';

export async function openTestDb(engine: Engine): Promise<Db> {
  return aVaultOn(await inOwnFolder((at) => openReady(engine, at)));
}

/** Empty: a test brings it to the version that it starts from. */
export function openBareDb(engine: Engine): Promise<Db> {
  return inOwnFolder((at) => (engine === 'pg' ? openEmbedded(at) : aPglite(at)));
}

async function inOwnFolder(open: (at: string) => Promise<Db>): Promise<Db> {
  const folder = aFolder();
  const db = await open(path.join(folder, 'db'));
  return {
    ...db,
    close: async () => {
      await db.close();
      removeFolder(folder);
    },
  };
}

const RING: KekRing = { current: kekOf(Buffer.alloc(32, 7).toString('base64'), 'the test'), former: [] };

/** The same connection with a vault, under a KEK that every test has. */
export async function aVaultOn(db: Db): Promise<Db> {
  return withVault(db, await openVault(db, RING));
}
