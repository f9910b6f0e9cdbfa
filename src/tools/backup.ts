/**
 * `counterfoil backup` and `counterfoil restore`: a till's folder or HQ's data, while they run, and back.
 *
 * A till's backup is a folder with its two files, encrypted as they are; the key is backed up apart (`--key` at the restore).
 * HQ's is one file (cloud/backup). Neither holds a key: what is encrypted stays so.
 */
import { createHash, randomBytes } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { restoreBackup } from '../../cloud/backup/restore.ts';
import { writeBackup } from '../../cloud/backup/write.ts';
import type { Db } from '../../cloud/db/db.ts';
import { embeddedHome, openEmbedded, openRunningEmbedded } from '../../cloud/db/embedded.ts';
import { openPg } from '../../cloud/db/pg.ts';
import { openPglite } from '../../cloud/db/pglite.ts';
import type { ChainHead } from '../core/entry.ts';
import { copyTillDb, openTillDbReadonly } from '../till/db.ts';
import { IdentityStore } from '../till/identity.ts';
import { readKey } from '../till/key.ts';
import { sha256 } from '../till/run.ts';
import { verifyFile } from './verify.ts';

export interface BackupFacts {
  /** A till's folder or HQ's; null: `databaseUrl` says where HQ's data is. */
  readonly folder: string | null;
  readonly to: string;
  readonly databaseUrl: string | null;
  readonly nowMs: number;
}

export type BackupReport =
  | {
      readonly of: 'till';
      readonly to: string;
      readonly tillCode: string;
      readonly head: ChainHead;
      readonly bytes: number;
    }
  | {
      readonly of: 'hq';
      readonly to: string;
      readonly cloudId: string;
      readonly tables: number;
      readonly rows: number;
      readonly bytes: number;
    };

/** @throws Error in words; what was begun is cleared away */
export async function backup(facts: BackupFacts): Promise<BackupReport> {
  const { folder, to } = facts;
  if (existsSync(to)) throw new Error(`${to} is there already: give the backup a name of its own`);
  if (folder !== null && existsSync(path.join(folder, 'journal.db'))) return backupTill(folder, facts);
  const db = await openHq(facts, 'backup');
  try {
    mkdirSync(path.dirname(path.resolve(to)), { recursive: true });
    const { cloudId, tables, rows, bytes } = await writeBackup(db, to, facts.nowMs);
    return { of: 'hq', to, cloudId, tables, rows, bytes };
  } finally {
    await db.close();
  }
}

// ---- a till ----

const MANIFEST = 'backup.json';
const TILL_FILES = ['journal.db', 'shop.db'] as const;

interface Manifest {
  readonly format: 'counterfoil-till-backup';
  readonly version: 1;
  readonly madeMs: number;
  readonly tillCode: string;
  readonly head: ChainHead;
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

async function backupTill(folder: string, { to, nowMs }: BackupFacts): Promise<BackupReport> {
  const key = readKey(path.join(folder, 'till.key'));
  const part = `${to}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  try {
    // The shop's file first: whatever it has projected, the journal that is copied after it holds.
    for (const name of [...TILL_FILES].reverse())
      copyTillDb(path.join(folder, name), path.join(part, name), key);
    const { tillCode, head } = await headOfCopy(part, key);
    const files = TILL_FILES.map((name) => fileFacts(part, name));
    const manifest: Manifest = {
      format: 'counterfoil-till-backup',
      version: 1,
      madeMs: nowMs,
      tillCode,
      head,
      files,
    };
    writeFileSync(path.join(part, MANIFEST), `${JSON.stringify(manifest, null, 2)}\n`, { flush: true });
    renameSync(part, to);
    return { of: 'till', to, tillCode, head, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    throw cause;
  }
}

/** Walks the copied chain: a backup of a broken journal is told now, not when it is needed. */
async function headOfCopy(folder: string, key: Uint8Array): Promise<{ tillCode: string; head: ChainHead }> {
  const keyFile = path.join(folder, '.key');
  writeFileSync(keyFile, Buffer.from(key).toString('hex'), { mode: 0o600 });
  try {
    const report = await verifyFile(path.join(folder, 'journal.db'), keyFile);
    if (report.broken !== null || report.head === null) {
      throw new Error(
        `the till's chain is broken (${report.broken?.kind}): run npx counterfoil verify on it`,
      );
    }
    const db = openTillDbReadonly(path.join(folder, 'journal.db'), key);
    try {
      return { tillCode: new IdentityStore(db).read()!.tillCode, head: report.head };
    } finally {
      db.close();
    }
  } finally {
    rmSync(keyFile, { force: true });
  }
}

function fileFacts(folder: string, name: string): Manifest['files'][number] {
  const bytes = readFileSync(path.join(folder, name));
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

// ---- back ----

export interface RestoreFacts {
  readonly from: string;
  readonly folder: string | null;
  readonly databaseUrl: string | null;
  /** Of a new HQ folder. */
  readonly store: 'pg' | 'pglite';
  /** A till's key file; not given: `till.key` beside the backup's files. */
  readonly key: string | null;
  readonly nowMs: number;
}

export type RestoredReport =
  | {
      readonly of: 'till';
      readonly folder: string;
      readonly tillCode: string;
      readonly entries: number;
      readonly head: ChainHead;
    }
  | {
      readonly of: 'hq';
      readonly where: string;
      readonly cloudId: string;
      readonly rows: number;
      readonly journals: number;
      readonly entries: number;
    };

/** @throws Error in words; nothing is half restored */
export async function restore(facts: RestoreFacts): Promise<RestoredReport> {
  if (!existsSync(facts.from)) throw new Error(`there is no ${facts.from}`);
  return statSync(facts.from).isDirectory() ? restoreTill(facts) : restoreHq(facts);
}

async function restoreTill({ from, folder, key: given }: RestoreFacts): Promise<RestoredReport> {
  if (folder === null) throw new Error('where to? --to FOLDER names the new folder of the till');
  if (existsSync(folder) && readdirSync(folder).length > 0) {
    throw new Error(`${folder} is not empty: nothing was changed. Restore into a new folder.`);
  }
  const manifest = manifestOf(from);
  const key = readKey(given ?? path.join(from, 'till.key'));
  const part = `${folder}.part`;
  rmSync(part, { recursive: true, force: true });
  mkdirSync(part, { recursive: true, mode: 0o700 });
  try {
    for (const { name, sha256: expected } of manifest.files) {
      copyFileSync(path.join(from, name), path.join(part, name));
      if (fileFacts(part, name).sha256 !== expected) {
        throw new Error(`${name} in the backup is damaged: nothing was restored. Take another copy.`);
      }
    }
    writeFileSync(path.join(part, 'till.key'), Buffer.from(key).toString('hex'), {
      mode: 0o600,
      flush: true,
    });
    const report = await verifyFile(part);
    if (report.broken !== null || report.head === null) {
      throw new Error(
        `the chain in the backup is broken at entry ${report.broken?.seq}: nothing was restored`,
      );
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
    return { of: 'till', folder, tillCode: manifest.tillCode, entries: report.entries, head: report.head };
  } catch (cause) {
    rmSync(part, { recursive: true, force: true });
    throw cause;
  }
}

function manifestOf(folder: string): Manifest {
  try {
    const manifest = JSON.parse(readFileSync(path.join(folder, MANIFEST), 'utf8')) as Manifest;
    if (manifest.format === 'counterfoil-till-backup' && manifest.version === 1) return manifest;
  } catch {
    // Told below.
  }
  throw new Error(`${folder} is no backup of a till (npx counterfoil backup makes one)`);
}

async function restoreHq(facts: RestoreFacts): Promise<RestoredReport> {
  const db = await openHq(facts, 'restore');
  try {
    const generation = randomBytes(12).toString('base64url');
    const { from: file, nowMs } = facts;
    const { cloudId, rows, journals, entries } = await restoreBackup(db, { file, nowMs, sha256, generation });
    return { of: 'hq', where: db.description, cloudId, rows, journals, entries };
  } finally {
    await db.close();
  }
}

// ---- HQ's database ----

interface HqPlace {
  readonly folder: string | null;
  readonly databaseUrl: string | null;
  readonly store?: 'pg' | 'pglite';
}

/** Also one that HQ has running: readers are in nobody's way. */
async function openHq(
  { folder, databaseUrl, store = 'pg' }: HqPlace,
  what: 'backup' | 'restore',
): Promise<Db> {
  if (folder === null) {
    if (databaseUrl === null)
      throw new Error('whose? Give the data folder of a till or of HQ, or set DATABASE_URL.');
    return openPg({ connectionString: databaseUrl }, 'the database of DATABASE_URL');
  }
  const isThere = existsSync(path.join(embeddedHome(folder), 'data', 'PG_VERSION'));
  if (what === 'backup') {
    if (isThere) return (await openRunningEmbedded(folder)) ?? (await openEmbedded(folder));
    if (existsSync(path.join(folder, 'pglite'))) return openPglite(folder);
    throw new Error(
      `${folder} is neither a till's folder nor HQ's: there is no journal.db, pg or pglite in it`,
    );
  }
  if (isThere || existsSync(path.join(folder, 'pglite'))) {
    throw new Error(
      `there is a database in ${folder} already: nothing was changed. Restore into a new folder.`,
    );
  }
  return store === 'pglite' ? openPglite(folder) : openEmbedded(folder);
}

export function backupWords(report: BackupReport): string {
  const mb = (report.bytes / 1e6).toFixed(1);
  if (report.of === 'till') {
    return `till ${report.tillCode} through entry ${report.head.seq} is in ${report.to} (${mb} MB). Keep its till.key apart from it: nothing opens without it.`;
  }
  return `HQ ${report.cloudId}: ${report.rows} rows of ${report.tables} tables are in ${report.to} (${mb} MB). Keep HQ's key (the file kek or COUNTERFOIL_KEK) apart from it: without it nobody reads members' names.`;
}

export function restoredWords(report: RestoredReport): string {
  if (report.of === 'till') {
    return `${report.folder} is till ${report.tillCode} again, ${report.entries} entries, chain intact. Start it with npm run till -- --data ${report.folder}: what HQ holds beyond them stays HQ's.`;
  }
  return `HQ ${report.cloudId} is in ${report.where} again: ${report.rows} rows; ${report.entries} entries in ${report.journals} journals, chains intact. Put its key (kek) and hq-token beside it and start it: tills send what came later.`;
}
