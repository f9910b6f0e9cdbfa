/** HQ's database without HQ: migrated and empty, on either engine. */
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import type { Engine } from './cloud.ts';
import { aFolder, removeFolder } from './folder.ts';
import { openReady } from './ready-db.ts';

export async function openTestDb(engine: Engine): Promise<Db> {
  const folder = aFolder();
  const db = await openReady(engine, path.join(folder, 'db'));
  return {
    ...db,
    close: async () => {
      await db.close();
      removeFolder(folder);
    },
  };
}
