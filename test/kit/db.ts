/** HQ's database without HQ: migrated and empty, on either engine. */
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { migrate } from '../../cloud/db/migrate.ts';
import type { Engine } from './cloud.ts';
import { aFolder, removeFolder } from './folder.ts';
import { aPglite } from './pglite.ts';

export async function openTestDb(engine: Engine): Promise<Db> {
  const folder = aFolder();
  const at = path.join(folder, 'db');
  const db = engine === 'pg' ? await openEmbedded(at) : await aPglite(at);
  await migrate(db);
  return {
    ...db,
    close: async () => {
      await db.close();
      removeFolder(folder);
    },
  };
}
