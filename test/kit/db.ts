/** HQ's database without HQ: migrated and empty, on either engine. */
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { migrate } from '../../cloud/db/migrate.ts';
import { type KekRing, kekOf } from '../../cloud/vault/kek.ts';
import { openVault, withVault } from '../../cloud/vault/vault.ts';
import type { Engine } from './cloud.ts';
import { aFolder, removeFolder } from './folder.ts';
import { aPglite } from './pglite.ts';

export async function openTestDb(engine: Engine): Promise<Db> {
  const db = await openBareDb(engine);
  await migrate(db);
  return aVaultOn(db);
}

/** Empty: a test brings it to the version that it starts from. */
export async function openBareDb(engine: Engine): Promise<Db> {
  const folder = aFolder();
  const at = path.join(folder, 'db');
  const db = engine === 'pg' ? await openEmbedded(at) : await aPglite(at);
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
