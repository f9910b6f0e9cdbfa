/**
 * The till's SQLite files: encrypted, WAL, FULL, migrated. The only place that opens SQLite.
 *
 * Two files: `journal.db` holds what must never be lost, `shop.db` what the cloud can send again and what can be
 * rebuilt from the journal. A third, `lock.db`, is held open: one till is one process on one folder.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  writeSync,
} from 'node:fs';
import path from 'node:path';
import Database from 'better-sqlite3';
import { assert } from '../core/assert.ts';
import type { FeedRow } from '../protocol/down.ts';

export type Sqlite = Database.Database;
export type Statement = Database.Statement<unknown[]>;

export type TillDbErrorKind = 'in_use' | 'wrong_key' | 'corrupt' | 'disk_full' | 'newer_version' | 'io';

/** The disk failed us, or the folder is not ours to open. The message says what to do. */
export class TillDbError extends Error {
  override name = 'TillDbError';
  readonly kind: TillDbErrorKind;
  readonly retry: boolean;

  constructor(
    kind: TillDbErrorKind,
    message: string,
    options: { readonly retry: boolean; readonly cause?: unknown },
  ) {
    super(message, { cause: options.cause });
    this.kind = kind;
    this.retry = options.retry;
  }
}

/** Journal rows are one to three kilobytes: on pages of 8 KB a sale touches one or two. */
const PAGE_BYTES = 8192;

export type DbRoom = 'journal' | 'shop';

/** Opens, or makes, one of the till's files and brings its schema up. @param key 32 bytes */
export function openTillDb(file: string, room: DbRoom, key: Uint8Array): Sqlite {
  mkdirSync(path.dirname(file), { recursive: true });
  const db = openEncrypted(file, key, false);
  try {
    db.pragma('journal_mode = WAL');
    // Checkpoints cost fsyncs: the till makes them when nobody waits, see `checkpointWhenIdle`.
    db.pragma('wal_autocheckpoint = 0');
    db.pragma('foreign_keys = ON');
    migrate(db, room);
    if (room === 'journal') reserveWal(`${file}-wal`);
    return db;
  } catch (cause) {
    db.close();
    throw asTillDbError(cause, file);
  }
}

/** Room for some 300 sales: more than comes between two idle moments. */
const WAL_BYTES_RESERVED = 4 * 1024 * 1024;

/**
 * Fills the WAL file up with zeros, so that a commit overwrites bytes that are there: a file that grows makes every fsync
 * write its new length too. SQLite stops reading at the first frame without the WAL's own salt, so zeros are nothing to it
 * (file format, section 4.4). A checkpoint starts over at the front and keeps the length.
 */
function reserveWal(walFile: string): void {
  const handle = openSync(walFile, 'r+');
  try {
    const { size } = fstatSync(handle);
    if (size >= WAL_BYTES_RESERVED) return;
    writeSync(handle, new Uint8Array(WAL_BYTES_RESERVED - size), 0, WAL_BYTES_RESERVED - size, size);
    fsyncSync(handle);
  } catch {
    // A full disk: the room is a matter of speed only, and a sale may still fit.
  } finally {
    closeSync(handle);
  }
}

/** For auditors: opens without writing anything. */
export function openTillDbReadonly(file: string, key: Uint8Array): Sqlite {
  if (!existsSync(file)) {
    throw new TillDbError('io', `there is no ${file}`, { retry: false });
  }
  return openEncrypted(file, key, true);
}

function openEncrypted(file: string, key: Uint8Array, readonly: boolean): Sqlite {
  assert(key.length === 32, 'a database key has 32 bytes');
  const db = new Database(file, { readonly });
  try {
    // AEGIS-256: authenticated, and on the processor's own AES instructions twice as fast as ChaCha20 a page.
    db.pragma("cipher = 'aegis'");
    db.pragma(`key = 'raw:${Buffer.from(key).toString('hex')}'`);
    // What SQLite sorts (names for an index, say) would else lie in a file of its own in the clear.
    db.pragma('temp_store = memory');
    if (!readonly) db.pragma(`page_size = ${PAGE_BYTES}`);
    // FULL: a till loses power more often than it crashes, and NORMAL may drop the last sale. SQLite opens an existing
    // WAL file with NORMAL, so this is said on every connection.
    db.pragma('synchronous = FULL');
    // The first read is where a wrong key or a damaged file shows.
    db.prepare('select count(*) from sqlite_master').get();
    return db;
  } catch (cause) {
    db.close();
    throw asTillDbError(cause, file);
  }
}

/** What SQLite's error codes mean to a shop. */
export function asTillDbError(cause: unknown, file: string): Error {
  const code = (cause as { code?: string }).code ?? '';
  if (cause instanceof TillDbError || !code.startsWith('SQLITE_')) return cause as Error;
  const make = (kind: TillDbErrorKind, message: string, retry: boolean) =>
    new TillDbError(kind, message, { retry, cause });
  if (code === 'SQLITE_NOTADB') {
    return make(
      'wrong_key',
      `${file} does not open with this key, or is no till database. Is till.key the one it was made with?`,
      false,
    );
  }
  if (code.startsWith('SQLITE_CORRUPT')) {
    return make(
      'corrupt',
      `${file} is damaged. Nothing was changed. Copy the folder away, then restore a backup or call support.`,
      false,
    );
  }
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_WRITE') {
    return make('disk_full', `the disk is full: free some space beside ${file}. No sale was lost.`, true);
  }
  if (code.startsWith('SQLITE_BUSY') || code === 'SQLITE_LOCKED') {
    return make('in_use', `${file} is in use by another program. Close it and try again.`, true);
  }
  return make('io', `${file}: ${(cause as Error).message} (${code})`, true);
}

/**
 * A whole copy of one of the till's files under the same key, also while the till runs.
 *
 * `VACUUM INTO` reads one moment and writes a file without free pages or WAL.
 */
export function copyTillDb(from: string, to: string, key: Uint8Array): void {
  const db = openTillDbReadonly(from, key);
  try {
    db.prepare('vacuum into ?').run(to);
  } catch (cause) {
    throw asTillDbError(cause, to);
  } finally {
    db.close();
  }
}

// ---- parts of a snapshot ----

/**
 * Opens a part of a snapshot in memory with the shop's own file attached as `shop`, so that rows go over page by page and
 * are never on the disk in the clear.
 */
export function withPart(
  bytes: Buffer,
  { shop, key }: { readonly shop: Sqlite; readonly key: Uint8Array },
  work: (part: Sqlite) => void,
): void {
  const part = new Database(bytes);
  try {
    part.pragma("cipher = 'aegis'");
    part.prepare('attach ? as shop key ?').run(shop.name, `raw:${Buffer.from(key).toString('hex')}`);
    // A break costs a part, which is taken again: it need not be on disk before the next one.
    part.pragma('shop.synchronous = NORMAL');
    work(part);
  } catch (cause) {
    throw asTillDbError(cause, shop.name);
  } finally {
    part.close();
  }
}

/** The rows of a part that are taken as the feed's are. */
export function readPart(bytes: Buffer): FeedRow[] {
  const part = new Database(bytes, { readonly: true });
  try {
    const rows = part.prepare('select kind, key, data from other order by place').all();
    return (rows as { kind: string; key: string; data: string | null }[]).map(({ kind, key, data }) => ({
      kind,
      key,
      data: data === null ? null : JSON.parse(data),
    }));
  } finally {
    part.close();
  }
}

// ---- one process a folder ----

/** Holds an exclusive lock that the system gives back when the process ends, however it ends. */
export function lockFolder(folder: string): { release(): void } {
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, 'lock.db');
  const db = new Database(file, { timeout: 0 });
  try {
    db.pragma('journal_mode = DELETE');
    db.exec('begin exclusive');
  } catch (cause) {
    db.close();
    const { code = '' } = cause as { code?: string };
    if (!code.startsWith('SQLITE_BUSY') && code !== 'SQLITE_LOCKED') throw asTillDbError(cause, file);
    throw new TillDbError(
      'in_use',
      `another till is running on ${folder}. One till is one process: stop that one, or choose another --data.`,
      {
        retry: false,
        cause,
      },
    );
  }
  return { release: () => db.close() };
}

// ---- migrations ----

const MIGRATIONS = new URL('./migrations/', import.meta.url);

export interface TillMigration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export function migrationsOf(room: DbRoom): TillMigration[] {
  const folder = new URL(`${room}/`, MIGRATIONS);
  return readdirSync(folder)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, folder), 'utf8'),
    }));
}

/** `user_version` counts what was applied; each migration and its count are one transaction. */
function migrate(db: Sqlite, room: DbRoom): void {
  const known = migrationsOf(room);
  const at = db.pragma('user_version', { simple: true }) as number;
  const newest = known.at(-1)?.number ?? 0;
  if (at > newest) {
    throw new TillDbError(
      'newer_version',
      `this till's data was written by a newer Counterfoil (${room} ${at}, this one knows ${newest}). Update the program; nothing was changed.`,
      { retry: false },
    );
  }
  for (const { number, sql } of known.filter((migration) => migration.number > at)) {
    db.transaction(() => {
      db.exec(sql);
      db.pragma(`user_version = ${number}`);
    })();
  }
}

/** Moves the WAL into the file. Call it when no sale waits; a reader in the way only makes it partial. */
export function checkpoint(db: Sqlite): void {
  db.pragma('wal_checkpoint(PASSIVE)');
}
