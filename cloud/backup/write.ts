/**
 * A backup of HQ: every row of every table as it stood at one moment, in one packed file, while HQ goes on.
 *
 * Lines of JSON under zstd: a head (format, migrations, tables, sequences), then a line a row, then an end with the count and
 * the SHA-256 of all before it. Text and not pages, so that it fits any PostgreSQL from 15 on, embedded or not, and PGlite.
 * Personal data is in it as it lies in the database: sealed, under a key that is not in it.
 */
import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import type { Db, Queryable } from '../db/db.ts';

export const BACKUP_FORMAT = 'counterfoil-hq-backup';
export const BACKUP_VERSION = 1;

export interface BackupColumn {
  readonly name: string;
  readonly type: string;
}

export interface BackupTable {
  readonly name: string;
  readonly columns: readonly BackupColumn[];
}

export interface BackupHead {
  readonly format: typeof BACKUP_FORMAT;
  readonly version: number;
  readonly madeMs: number;
  readonly cloudId: string;
  readonly migrations: readonly { readonly number: number; readonly name: string; readonly sha256: string }[];
  /** Those that others refer to come first. */
  readonly tables: readonly BackupTable[];
  readonly sequences: readonly { readonly name: string; readonly last: number | null }[];
}

export interface BackupEnd {
  readonly rows: number;
  /** Hex, over all lines before this one with their line ends. */
  readonly sha256: string;
}

export interface BackupReport extends BackupEnd {
  readonly tables: number;
  readonly bytes: number;
  readonly cloudId: string;
}

const ZSTD = { params: { [constants.ZSTD_c_compressionLevel]: 3, [constants.ZSTD_c_checksumFlag]: 1 } };
const ROWS_AT_ONCE = 1_000;

/** @param file is there whole or not at all */
export async function writeBackup(db: Db, file: string, nowMs: number): Promise<BackupReport> {
  const part = `${file}.part`;
  try {
    const report = await db.transaction(async (tx) => {
      // One moment for all tables, whatever is committed meanwhile.
      await tx.query('set transaction isolation level repeatable read, read only');
      const head = await headOf(tx, nowMs);
      const lines = new Lines(tx, head);
      const out = createWriteStream(part, { flags: 'w', mode: 0o600, flush: true });
      await pipeline(Readable.from(lines.all(), { objectMode: true }), createZstdCompress(ZSTD), out);
      return { ...lines.end!, tables: head.tables.length, bytes: out.bytesWritten, cloudId: head.cloudId };
    });
    await rename(part, file);
    return report;
  } catch (cause) {
    await rm(part, { force: true });
    throw cause;
  }
}

class Lines {
  end: BackupEnd | null = null;
  private readonly tx: Queryable;
  private readonly head: BackupHead;
  private readonly hash = createHash('sha256');
  private rows = 0;

  constructor(tx: Queryable, head: BackupHead) {
    this.tx = tx;
    this.head = head;
  }

  async *all(): AsyncGenerator<string> {
    yield this.counted(`${JSON.stringify(this.head)}\n`);
    for (const table of this.head.tables) {
      // A line that is a table's name and no row: rows are objects.
      yield this.counted(`${JSON.stringify(table.name)}\n`);
      yield* this.rowsOf(table);
    }
    this.end = { rows: this.rows, sha256: this.hash.digest('hex') };
    yield `${JSON.stringify({ end: this.end })}\n`;
  }

  private async *rowsOf({ name, columns }: BackupTable): AsyncGenerator<string> {
    await this.tx.query(
      `declare backup_rows no scroll cursor for
       select row_to_json(r)::text as line from (select ${columns.map(outOf).join(', ')} from ${quoted(name)}) r`,
    );
    for (;;) {
      const rows = await this.tx.query<{ line: string }>(`fetch ${ROWS_AT_ONCE} from backup_rows`);
      if (rows.length === 0) break;
      this.rows += rows.length;
      yield this.counted(`${rows.map(({ line }) => line).join('\n')}\n`);
    }
    await this.tx.query('close backup_rows');
  }

  private counted(text: string): string {
    this.hash.update(text);
    return text;
  }
}

/** JSON in JSON is written as text: `null` as a value and no value at all stay two things. */
function outOf({ name, type }: BackupColumn): string {
  return isJson(type) ? `${quoted(name)}::text as ${quoted(name)}` : quoted(name);
}

export function isJson(type: string): boolean {
  return type === 'jsonb' || type === 'json';
}

export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

async function headOf(tx: Queryable, nowMs: number): Promise<BackupHead> {
  const [identity] = await tx.query<{ cloud_id: string }>('select cloud_id from cloud_identity');
  if (identity === undefined) throw new Error('this database holds no HQ yet: there is nothing to back up');
  return {
    format: BACKUP_FORMAT,
    version: BACKUP_VERSION,
    madeMs: nowMs,
    cloudId: identity.cloud_id,
    migrations: await tx.query('select number, name, sha256 from migration order by number'),
    tables: await tablesOf(tx),
    sequences: await tx.query(
      `select sequencename as name, last_value as last from pg_sequences where schemaname = 'public' order by 1`,
    ),
  };
}

/** `migration` is made by the restored database itself; the others are of what runs at this moment. */
const NOT_KEPT = ['migration', 'cloud_process', 'edit_turn'];

export async function tablesOf(tx: Queryable): Promise<BackupTable[]> {
  const rows = await tx.query<{ table: string; name: string; type: string }>(
    `select c.relname as "table", a.attname as name, format_type(a.atttypid, a.atttypmod) as type
     from pg_class c join pg_namespace n on n.oid = c.relnamespace
     join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
     where n.nspname = 'public' and c.relkind = 'r' and c.relname <> all($1::text[]) order by c.relname, a.attnum`,
    [NOT_KEPT],
  );
  const refers = await tx.query<{ from: string; to: string }>(
    `select f.relname as "from", t.relname as "to" from pg_constraint k
     join pg_class f on f.oid = k.conrelid join pg_class t on t.oid = k.confrelid
     join pg_namespace n on n.oid = f.relnamespace
     where k.contype = 'f' and n.nspname = 'public' and f.oid <> t.oid`,
  );
  const tables = [...Map.groupBy(rows, ({ table }) => table)].map(([name, columns]) => ({
    name,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
  }));
  return inOrder(tables, refers);
}

/** Each after those that it refers to. */
function inOrder(
  tables: readonly BackupTable[],
  refers: readonly { readonly from: string; readonly to: string }[],
): BackupTable[] {
  const ordered: BackupTable[] = [];
  const placed = new Set<string>();
  const place = (table: BackupTable, above: readonly string[]) => {
    if (placed.has(table.name) || above.includes(table.name)) return;
    for (const { from, to } of refers) {
      const other = from === table.name ? tables.find(({ name }) => name === to) : undefined;
      if (other !== undefined) place(other, [...above, table.name]);
    }
    placed.add(table.name);
    ordered.push(table);
  };
  for (const table of tables) place(table, []);
  return ordered;
}
