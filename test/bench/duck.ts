/**
 * DuckDB beside HQ: a column store that reads every raw sale for each question, on the same rows. A development dependency.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { Db } from '../../cloud/db/db.ts';
import { quantile } from './bench.ts';

export interface DuckTimes {
  /** Visits, money, first and last day of every member from the raw sales, and the cut points of three times five bins. */
  readonly rawMs: number;
  /** The cut points alone, from such a table that was kept. */
  readonly cutsMs: number;
  /** What it found, to be compared. */
  readonly buyers: number;
  readonly visits: number;
  readonly netMinor: number;
}

const STATS = `select member_id, count(distinct business_date) filter (where kind = 'sale') as visits,
    sum(total_minor)::bigint as net_minor, min(business_date) filter (where kind = 'sale') as first_on,
    max(business_date) filter (where kind = 'sale') as last_on
  from sale group by member_id`;
const FIFTHS = '[0.2, 0.4, 0.6, 0.8]';
const cutsOf = (from: string) =>
  `select count(*) as buyers, sum(visits)::bigint as visits, sum(net_minor)::bigint as net,
     quantile_disc(last_on, ${FIFTHS}), quantile_disc(visits, ${FIFTHS}), quantile_disc(net_minor, ${FIFTHS})
   from ${from} where visits > 0`;

/** @param db our embedded PostgreSQL: its server writes the rows into its own folder, and they are gone afterwards */
export async function besideDuck(db: Db, currency: string): Promise<DuckTimes> {
  const [row] = await db.query<{ folder: string }>(`select current_setting('data_directory') as folder`);
  const file = path.join(row!.folder, 'bench-sales.csv');
  await db.script(`copy (select member_id, business_date, kind, total_minor from member_sale
    where currency = '${currency}') to '${file}' (format csv)`);
  const instance = await DuckDBInstance.create(':memory:');
  const duck = await instance.connect();
  try {
    await duck.run(`create table sale as select * from read_csv('${file}', header = false, columns = {
      'member_id': 'varchar', 'business_date': 'date', 'kind': 'varchar', 'total_minor': 'bigint'})`);
    rmSync(file);
    const raw = await medianOf(duck, cutsOf(`(${STATS})`));
    await duck.run(`create table kept as ${STATS}`);
    const kept = await medianOf(duck, cutsOf('kept'));
    const [buyers, visits, netMinor] = raw.row;
    return { rawMs: raw.ms, cutsMs: kept.ms, buyers: buyers!, visits: visits!, netMinor: netMinor! };
  } finally {
    rmSync(file, { force: true });
    duck.closeSync();
    instance.closeSync();
  }
}

async function medianOf(duck: DuckDBConnection, sql: string) {
  const times: number[] = [];
  let row: number[] = [];
  for (let round = 0; round < 3; round++) {
    const start = performance.now();
    const [first] = (await duck.runAndReadAll(sql)).getRows();
    times.push(performance.now() - start);
    row = first!.slice(0, 3).map(Number);
  }
  return { ms: quantile(times, 0.5), row };
}
