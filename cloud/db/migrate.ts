/**
 * Migrations: numbered SQL files, each in one transaction, in order, once.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { type Db, DbError } from './db.ts';

const FOLDER = new URL('../migrations/', import.meta.url);

export interface Migration {
  readonly number: number;
  readonly name: string;
  readonly sql: string;
}

export function allMigrations(): Migration[] {
  return readdirSync(FOLDER)
    .filter((name) => /^\d{4}-.*\.sql$/.test(name))
    .sort()
    .map((name) => ({
      number: Number(name.slice(0, 4)),
      name,
      sql: readFileSync(new URL(name, FOLDER), 'utf8'),
    }));
}

/** What is applied after the migrations, again whenever it or they change. */
export function rowScopeSql(): string {
  return readFileSync(new URL('row-scope.sql', FOLDER), 'utf8');
}

/** Brings the schema up. @param upTo stop after this number: for tests that start from the version before */
export async function migrate(db: Db, upTo = Number.MAX_SAFE_INTEGER): Promise<void> {
  if (db.kind !== 'pg') return migrateAlone(db, upTo);
  // Of several processes that start at once the first one does it; the others find it done.
  await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock($1)', [MIGRATE_LOCK]);
    await migrateAlone(db, upTo);
  });
}

/** Any constant that nothing else in this database locks. */
const MIGRATE_LOCK = 4_600_003;

async function migrateAlone(db: Db, upTo: number): Promise<void> {
  await db.script(
    `create table if not exists migration (number int primary key, name text not null, sha256 text not null, applied_at timestamptz not null)`,
  );
  const done = await db.query<{ number: number; sha256: string }>(
    'select number, sha256 from migration order by number',
  );
  const known = allMigrations();
  const newest = known.at(-1)?.number ?? 0;
  const ahead = done.find(({ number }) => number > newest);
  if (ahead !== undefined) {
    throw new DbError(
      'version',
      `this database is at version ${ahead.number}, made by a newer Counterfoil (this one knows ${newest}). Upgrade the program.`,
      { retry: false },
    );
  }
  for (const migration of known.filter(({ number }) => number <= upTo)) {
    const sha256 = createHash('sha256').update(migration.sql).digest('hex');
    const before = done.find(({ number }) => number === migration.number);
    if (before === undefined) await apply(db, migration, sha256);
  }
  if (upTo >= newest) await applyRowScope(db, known);
}

/** Row 0 of the table of migrations: what of it was applied last. A restored database may lack the role: roles are the server's. */
async function applyRowScope(db: Db, known: readonly Migration[]): Promise<void> {
  const sql = rowScopeSql();
  const hash = createHash('sha256').update(sql);
  for (const { name } of known) hash.update(name);
  const sha256 = hash.digest('hex');
  const [{ done }] = (await db.query(
    `select exists (select from migration where number = 0 and sha256 = $1)
       and exists (select from pg_roles where rolname = 'counterfoil_scoped') as done`,
    [sha256],
  )) as [{ done: boolean }];
  if (done) return;
  await db.script('begin; delete from migration where number = 0; commit;');
  await apply(db, { number: 0, name: 'row-scope.sql', sql }, sha256);
}

async function apply(db: Db, { number, name, sql }: Migration, sha256: string): Promise<void> {
  // One script, one transaction: a statement list with `begin … commit` works the same on both engines.
  const quoted = `'${name}', '${sha256}'`;
  await db
    .script(`begin;\n${sql}\n;insert into migration values (${number}, ${quoted}, now());\ncommit;`)
    .catch(async (cause) => {
      await db.script('rollback').catch(() => {});
      throw cause;
    });
}
