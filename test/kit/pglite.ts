/**
 * PGlite folders for tests: its first start makes a database, which takes four times as long as all the rest. That is done
 * once a machine and copied from then on.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, renameSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { openPglite } from '../../cloud/db/pglite.ts';
import { removeFolder } from './folder.ts';

export const { version: PGLITE_VERSION } = JSON.parse(
  readFileSync(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'),
) as { version: string };
const TEMPLATE = path.join(tmpdir(), `counterfoil-pglite-${PGLITE_VERSION}`);

/** Puts an empty database where `openPglite(folder)` looks for one. */
export async function fillPglite(folder: string): Promise<void> {
  if (!existsSync(TEMPLATE)) await makeTemplate();
  cpSync(path.join(TEMPLATE, 'pglite'), path.join(folder, 'pglite'), { recursive: true });
}

export async function aPglite(folder: string): Promise<Db> {
  await fillPglite(folder);
  return openPglite(folder);
}

/** Whole or not at all; of two that make it at once the first counts. */
async function makeTemplate(): Promise<void> {
  const fresh = mkdtempSync(`${TEMPLATE}-`);
  await (await openPglite(fresh)).close();
  try {
    renameSync(fresh, TEMPLATE);
  } catch {
    removeFolder(fresh);
  }
}
