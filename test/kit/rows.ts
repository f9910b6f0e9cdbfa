/** Every row of every table of HQ as text, but for what beats by itself: where a test looks for what must not be there. */
import type { Db } from '../../cloud/db/db.ts';

export async function everyRow(db: Db): Promise<string[]> {
  const tables = await db.query<{ name: string }>(
    `select c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'public' and c.relkind = 'r' and c.relname <> 'cloud_process' order by c.relname`,
  );
  const rows: string[] = [];
  for (const { name } of tables) {
    const found = await db.query<{ row: string }>(`select to_jsonb(t)::text as row from ${name} t`);
    rows.push(...found.map(({ row }) => `${name} ${row}`));
  }
  return rows;
}
