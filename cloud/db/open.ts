/**
 * Which database: `DATABASE_URL`'s, else the embedded PostgreSQL, else PGlite with a plain warning. Then migrations.
 */
import path from 'node:path';
import { type Db, DbError } from './db.ts';
import { embeddedBinaries, openEmbedded } from './embedded.ts';
import { migrate } from './migrate.ts';
import { openPg } from './pg.ts';
import { openPglite } from './pglite.ts';

export interface DbChoice {
  /** A connection string; wins over everything. */
  readonly databaseUrl: string | null;
  readonly store: 'pg' | 'pglite';
  /** Data folder of the embedded stores. */
  readonly folder: string;
  readonly warn: (text: string) => void;
}

export const PGLITE_WARNING =
  'PGlite never syncs to disk: a power cut can lose sales that this cloud acknowledged. Tills keep them for a shift and ' +
  'resend. Good for a trial; for a shop use the embedded PostgreSQL or set DATABASE_URL.';

export async function openDb(choice: DbChoice): Promise<Db> {
  const db = await connect(choice);
  try {
    await migrate(db);
  } catch (cause) {
    await db.close();
    throw cause;
  }
  return db;
}

async function connect({ databaseUrl, store, folder, warn }: DbChoice): Promise<Db> {
  if (databaseUrl !== null) {
    return openPg({ connectionString: databaseUrl }, `PostgreSQL at ${withoutPassword(databaseUrl)}`);
  }
  if (store === 'pg' && embeddedBinaries() !== null) {
    try {
      return await openEmbedded(path.join(folder));
    } catch (cause) {
      if (!(cause instanceof DbError) || cause.kind !== 'not_startable') throw cause;
      // Data that is there must not be hidden behind an empty second store.
      throw new DbError(
        cause.kind,
        `${cause.message}\nTo run on PGlite instead, start with --store pglite.`,
        {
          retry: false,
          cause,
        },
      );
    }
  }
  warn(PGLITE_WARNING);
  return openPglite(path.join(folder));
}

function withoutPassword(url: string): string {
  try {
    const parsed = new URL(url);
    return `${parsed.host}${parsed.pathname}`;
  } catch {
    return 'DATABASE_URL';
  }
}
