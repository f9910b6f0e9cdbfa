/**
 * A backup into an empty database: all of it or nothing, and proved before it is committed.
 *
 * The schema is made as it was, the rows go in, the schema is brought up to this program's. Counts, the checksum of all lines
 * and the chain of every journal are compared; then HQ is told that it went back in time, so that tills send what is missing.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createZstdDecompress } from 'node:zlib';
import { entryHash, genesisHash } from '../../src/core/entry.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import { allMigrations, migrate } from '../db/migrate.ts';
import { putBack } from '../tills/history.ts';
import {
  BACKUP_FORMAT,
  BACKUP_VERSION,
  type BackupEnd,
  type BackupHead,
  type BackupTable,
  isJson,
  quoted,
} from './write.ts';

export interface RestoreReport {
  readonly cloudId: string;
  readonly madeMs: number;
  readonly tables: number;
  readonly rows: number;
  /** Journals walked from their first entry, and entries in them. */
  readonly journals: number;
  readonly entries: number;
}

/** The file is no backup, not whole, or not for this program; or the database is in use. The message says what to do. */
export class RestoreError extends Error {
  override name = 'RestoreError';
  readonly kind: 'not_empty' | 'not_a_backup' | 'damaged' | 'newer_version' | 'chain';

  constructor(kind: RestoreError['kind'], message: string, cause?: unknown) {
    super(message, { cause });
    this.kind = kind;
  }
}

export interface RestoreFacts {
  readonly file: string;
  readonly nowMs: number;
  readonly sha256: Sha256;
  /** Of the feed that tills take from the beginning. */
  readonly generation: string;
}

/** @throws RestoreError; the database is then as empty as it was */
export async function restoreBackup(db: Db, facts: RestoreFacts): Promise<RestoreReport> {
  await assertEmpty(db);
  const lines = linesOf(facts.file);
  try {
    const head = headFrom((await lines.next()).value);
    const known = allMigrations();
    const newest = head.migrations.at(-1)?.number ?? 0;
    if (newest > (known.at(-1)?.number ?? 0)) {
      throw new RestoreError(
        'newer_version',
        `this backup was made by a newer Counterfoil (database ${newest}): update the program, then restore.`,
      );
    }
    await migrate(db, newest);
    const report = await db.transaction((tx) => new Restoring(tx, head, lines, facts).run());
    await migrate(db);
    await db.transaction((tx) =>
      putBack(tx, { generation: facts.generation, sign: 'tool', tillId: null, nowMs: facts.nowMs }),
    );
    return report;
  } finally {
    await lines.return(undefined);
  }
}

async function assertEmpty(db: Db): Promise<void> {
  const [found] = await db.query<{ there: boolean }>(
    "select to_regclass('public.migration') is not null as there",
  );
  if (found?.there !== true) return;
  const [row] = await db.query<{ used: boolean }>(
    'select exists (select 1 from cloud_identity) or exists (select 1 from store) or exists (select 1 from journal_entry) as used',
  );
  if (row?.used !== true) return;
  throw new RestoreError(
    'not_empty',
    'there is an HQ in this database already: nothing was changed. Restore into a new folder or an empty database.',
  );
}

async function* linesOf(file: string): AsyncGenerator<string, undefined> {
  const source = createReadStream(file);
  const unpacked = createZstdDecompress();
  source.on('error', (cause) => unpacked.destroy(cause));
  source.pipe(unpacked);
  try {
    yield* createInterface({ input: unpacked, crlfDelay: Number.POSITIVE_INFINITY });
  } catch (cause) {
    throw new RestoreError('damaged', `${file} cannot be unpacked: ${(cause as Error).message}`, cause);
  } finally {
    source.destroy();
    unpacked.destroy();
  }
  return undefined;
}

function headFrom(line: string | undefined): BackupHead {
  let head: Partial<BackupHead> | null = null;
  try {
    head = JSON.parse(line ?? '') as Partial<BackupHead>;
  } catch {
    // Told below.
  }
  if (head?.format !== BACKUP_FORMAT) {
    throw new RestoreError(
      'not_a_backup',
      'this file is no backup of an HQ (npx counterfoil backup makes one)',
    );
  }
  if ((head.version ?? 0) > BACKUP_VERSION) {
    throw new RestoreError('newer_version', `this backup has format ${head.version}: update the program`);
  }
  return head as BackupHead;
}

/** Rows in one statement, and about so many characters. */
const ROWS_AT_ONCE = 500;
const CHARS_AT_ONCE = 4_000_000;

class Restoring {
  private readonly tx: Queryable;
  private readonly head: BackupHead;
  private readonly lines: AsyncGenerator<string, undefined>;
  private readonly facts: RestoreFacts;
  private readonly hash = createHash('sha256');
  private table: BackupTable | null = null;
  private waiting: string[] = [];
  private chars = 0;
  private rows = 0;
  private end: BackupEnd | null = null;

  constructor(
    tx: Queryable,
    head: BackupHead,
    lines: AsyncGenerator<string, undefined>,
    facts: RestoreFacts,
  ) {
    this.tx = tx;
    this.head = head;
    this.lines = lines;
    this.facts = facts;
    this.hash.update(`${JSON.stringify(head)}\n`);
  }

  async run(): Promise<RestoreReport> {
    await this.clear();
    for await (const line of this.lines) {
      if (this.end !== null) throw damaged('it goes on after its end');
      await this.take(line);
    }
    if (this.end === null) throw damaged('its end is missing');
    if (this.end.rows !== this.rows || this.end.sha256 !== this.hash.digest('hex')) {
      throw damaged('its checksum is another one');
    }
    for (const { name, last } of this.head.sequences) {
      if (last !== null) await this.tx.query('select setval($1::regclass, $2::bigint)', [quoted(name), last]);
    }
    for (const { name } of this.head.tables) {
      await this.tx.query(`alter table ${quoted(name)} enable trigger user`);
    }
    const { cloudId, madeMs, tables } = this.head;
    return { cloudId, madeMs, tables: tables.length, rows: this.rows, ...(await this.walkJournals()) };
  }

  /** What migrations put there is in the backup as well. Triggers would write what the rows of other tables say already. */
  private async clear(): Promise<void> {
    const names = this.head.tables.map(({ name }) => quoted(name));
    for (const name of names) await this.tx.query(`alter table ${name} disable trigger user`);
    await this.tx.query(`truncate ${names.join(', ')}`);
  }

  private async take(line: string): Promise<void> {
    if (line.startsWith('{"end":')) {
      await this.flush();
      this.end = (JSON.parse(line) as { readonly end: BackupEnd }).end;
      return;
    }
    this.hash.update(`${line}\n`);
    if (line.startsWith('"')) {
      await this.flush();
      const name = JSON.parse(line) as string;
      this.table = this.head.tables.find((table) => table.name === name) ?? null;
      if (this.table === null) throw damaged(`it holds a table ${name} that its head does not name`);
      return;
    }
    this.waiting.push(line);
    this.chars += line.length;
    if (this.waiting.length >= ROWS_AT_ONCE || this.chars >= CHARS_AT_ONCE) await this.flush();
  }

  private async flush(): Promise<void> {
    const { table, waiting } = this;
    if (waiting.length === 0) return;
    if (table === null) throw damaged('it holds rows of no table');
    const names = table.columns.map(({ name }) => quoted(name)).join(', ');
    const values = table.columns.map(({ name, type }) =>
      isJson(type) ? `${quoted(name)}::${type}` : quoted(name),
    );
    const types = table.columns.map(({ name, type }) => `${quoted(name)} ${isJson(type) ? 'text' : type}`);
    await this.tx
      .query(
        `insert into ${quoted(table.name)} (${names}) overriding system value
         select ${values.join(', ')} from json_to_recordset($1::json) as r(${types.join(', ')})`,
        [`[${waiting.join(',')}]`],
      )
      .catch((cause: Error) => {
        throw damaged(`rows of ${table.name} do not fit: ${cause.message}`, cause);
      });
    this.rows += waiting.length;
    this.waiting = [];
    this.chars = 0;
  }

  /** Every entry against the one before it: what tills signed is what is here. */
  private async walkJournals(): Promise<{ journals: number; entries: number }> {
    const { sha256 } = this.facts;
    await this.tx.query(
      `declare restored no scroll cursor for
       select journal_id as "journalId", seq, hash, text from journal_entry order by journal_id, seq`,
    );
    let before: { readonly journalId: string; readonly seq: number; readonly hash: string } | null = null;
    let journals = 0;
    let entries = 0;
    for (;;) {
      const rows = await this.tx.query<{ journalId: string; seq: number; hash: string; text: string }>(
        'fetch 500 from restored',
      );
      if (rows.length === 0) break;
      for (const row of rows) {
        const { journalId, seq, hash, text } = row;
        const isFirst = before?.journalId !== journalId;
        if (isFirst) journals++;
        // A journal that goes on from another starts at the place where that one was left.
        const prev: string | null = isFirst
          ? seq === 1
            ? genesisHash(sha256, journalId)
            : null
          : before!.hash;
        if (
          (!isFirst && seq !== before!.seq + 1) ||
          (prev !== null && entryHash(sha256, prev, text) !== hash)
        ) {
          throw new RestoreError(
            'chain',
            `the chain of journal ${journalId} breaks at entry ${seq}: nothing was restored`,
          );
        }
        before = row;
        entries++;
      }
    }
    await this.tx.query('close restored');
    return { journals, entries };
  }
}

function damaged(what: string, cause?: unknown): RestoreError {
  return new RestoreError(
    'damaged',
    `this backup is damaged: ${what}. Nothing was restored; take another copy.`,
    cause,
  );
}
