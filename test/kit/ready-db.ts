/**
 * Databases that are ready: made and migrated once a machine and set of migrations, and copied from then on. A test that
 * is about the migrations themselves begins with `aPglite` or `openEmbedded`, which are empty.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { allMigrations, migrate, rowScopeSql } from '../../cloud/db/migrate.ts';
import { openPglite } from '../../cloud/db/pglite.ts';
import type { Engine } from './cloud.ts';
import { removeFolder } from './folder.ts';
import { aPglite, PGLITE_VERSION } from './pglite.ts';

/** Where each engine keeps its files, below the folder it is given. */
const PLACE = { pglite: 'pglite', pg: path.join('pg', 'data') } as const;
/** In a template too the engine gets a folder of ours that PostgreSQL's own user may read. */
const DB = 'db';

/** Puts a migrated, empty database where the engine that is opened on `folder` looks for one. */
export async function fillReady(engine: Engine, folder: string): Promise<void> {
  const template = templateOf(engine);
  if (!existsSync(template)) await make(engine, template);
  const at = path.join(folder, PLACE[engine]);
  mkdirSync(path.dirname(at), { recursive: true });
  chmodSync(path.dirname(at), 0o711);
  // `cp -a` keeps the owner: PostgreSQL refuses files that are not its own.
  execFileSync('cp', ['-a', path.join(template, DB, PLACE[engine]), at]);
}

export async function openReady(engine: Engine, folder: string): Promise<Db> {
  await fillReady(engine, folder);
  return open(engine, folder);
}

function open(engine: Engine, folder: string): Promise<Db> {
  return engine === 'pg' ? openEmbedded(folder) : openPglite(folder);
}

function templateOf(engine: Engine): string {
  const hash = createHash('sha256').update(PGLITE_VERSION).update(rowScopeSql());
  for (const { name, sql } of allMigrations()) hash.update(`${name}\n${sql}`);
  return path.join(tmpdir(), `counterfoil-ready-${engine}-${hash.digest('hex').slice(0, 16)}`);
}

/** Whole or not at all; of two that make it at once the first counts. */
async function make(engine: Engine, template: string): Promise<void> {
  const fresh = mkdtempSync(`${template}-`);
  chmodSync(fresh, 0o711);
  const at = path.join(fresh, DB);
  const db = await (engine === 'pg' ? openEmbedded(at) : aPglite(at));
  await migrate(db);
  await db.close();
  try {
    renameSync(fresh, template);
  } catch {
    removeFolder(fresh);
  }
}
