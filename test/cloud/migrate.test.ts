/** Migrations on both stores: fresh, again, from the version before, and never over a newer one. */
import path from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { type Db, DbError } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { allMigrations, migrate } from '../../cloud/db/migrate.ts';
import { ENGINES, type Engine } from '../kit/cloud.ts';
import { openTestDb } from '../kit/db.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aPglite } from '../kit/pglite.ts';

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function anEmptyDb(engine: Engine): Promise<Db> {
  const folder = aFolder();
  const db =
    engine === 'pg' ? await openEmbedded(path.join(folder, 'db')) : await aPglite(path.join(folder, 'db'));
  ends.push(async () => {
    await db.close();
    removeFolder(folder);
  });
  return db;
}

const COLUMNS = `select table_name as "table", column_name as "column", data_type as type, is_nullable as nullable,
    column_default as "default"
  from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`;
const INDEXES = "select indexdef from pg_indexes where schemaname = 'public' order by indexname";

interface Column {
  table: string;
  column: string;
  type: string;
  nullable: string;
  default: string | null;
}

/** The schema as text, the same from both engines. */
async function schemaOf(db: Db): Promise<string> {
  const columns = await db.query<Column>(COLUMNS);
  const indexes = await db.query<{ indexdef: string }>(INDEXES);
  const tables = Map.groupBy(columns, ({ table }) => table);
  const blocks = [...tables].map(([table, rows]) => {
    const lines = rows.map(
      (row) =>
        `  ${row.column} ${row.type}${row.nullable === 'NO' ? ' not null' : ''}${row.default === null ? '' : ` default ${row.default}`}`,
    );
    return `${table}\n${lines.join('\n')}\n`;
  });
  return `${blocks.join('\n')}\n${indexes.map(({ indexdef }) => `${indexdef};`).join('\n')}\n`;
}

describe.each(ENGINES)('on %s', (engine) => {
  test('a fresh database gets all of them, again changes nothing, and the schema is the golden one', async () => {
    const db = await anEmptyDb(engine);
    await migrate(db);
    const schema = await schemaOf(db);
    // Row 0 is the row scope, applied after them.
    const applied = await db.query('select number, name, applied_at from migration order by number');
    expect(applied).toHaveLength(allMigrations().length + 1);
    await migrate(db);
    expect(await schemaOf(db)).toBe(schema);
    expect(await db.query('select number, name, applied_at from migration order by number')).toEqual(applied);
    await expect(schema).toMatchFileSnapshot('../fixtures/cloud-schema.txt');
  });

  test('each one applies to the version before it and keeps its rows', async () => {
    const db = await anEmptyDb(engine);
    for (const { number } of allMigrations()) {
      await migrate(db, number - 1);
      await db.script('create table if not exists witness (x int)');
      await db.query('insert into witness values ($1)', [number]);
      await migrate(db, number);
    }
    expect(await db.query('select x from witness')).toEqual(
      allMigrations().map(({ number }) => ({ x: number })),
    );
  });

  test('a database of version 9999 is refused with `version`, and the words say to upgrade the program', async () => {
    const db = await openTestDb(engine);
    ends.push(() => db.close());
    await db.query("insert into migration values (9999, '9999-future.sql', 'x', now())");
    const trouble = await migrate(db).catch((cause: unknown) => cause as DbError);
    expect(trouble).toBeInstanceOf(DbError);
    expect([(trouble as DbError).kind, (trouble as DbError).message]).toEqual([
      'version',
      expect.stringMatching(/9999.*Upgrade/),
    ]);
  });
});
