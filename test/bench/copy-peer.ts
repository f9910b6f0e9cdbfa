/**
 * The peer of bench `ingest`: binary COPY of the nine rows of a sale (sale, six lines, tender, points) on several
 * connections, with the indexes that the CRM needs. Nothing is checked.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { type CopyTable, encodeCopy } from '../../cloud/db/copy.ts';
import type { PushFacts } from '../../cloud/ingest/ingest.ts';
import type { JournalEntry } from '../../src/core/entry.ts';

const SCHEMA = `
  drop schema if exists peer cascade;
  create schema peer;
  create table peer.sale (
    store_id text not null, sale_id text not null, till_id text not null, journal_id text not null, seq bigint not null,
    kind text not null, receipt_no text not null, business_date date not null, at timestamptz not null,
    cashier_id text not null, shift_id text not null, member_id text, currency text not null, rules_version text not null,
    tax_mode text not null, gross_minor bigint not null, adjustment_minor bigint not null, tax_minor bigint not null,
    total_minor bigint not null, rounding_minor bigint not null, change_minor bigint not null,
    primary key (store_id, sale_id), unique (journal_id, seq));
  create index on peer.sale (store_id, business_date, at);
  create index on peer.sale (at desc, sale_id);
  create index on peer.sale (member_id, at) where member_id is not null;
  create index on peer.sale (receipt_no);
  create unique index on peer.sale (sale_id);
  create table peer.sale_line (
    store_id text not null, sale_id text not null, line_no int not null, sku text not null, gtin text, name text not null,
    qty int not null, weight_g int, unit_price_minor bigint not null, gross_minor bigint not null,
    net_minor bigint not null, tax_rate_bp int not null, tax_minor bigint not null,
    primary key (store_id, sale_id, line_no));
  create table peer.sale_tender (
    store_id text not null, sale_id text not null, tender_no int not null, kind text not null, amount_minor bigint not null,
    primary key (store_id, sale_id, tender_no));
  create table peer.points_entry (
    member_id text not null, entry_id text not null, kind text not null, points bigint not null, store_id text not null,
    sale_id text not null, at timestamptz not null, primary key (member_id, entry_id));`;

const SALE: CopyTable = {
  name: 'peer.sale',
  columns: {
    store_id: 'text',
    sale_id: 'text',
    till_id: 'text',
    journal_id: 'text',
    seq: 'int8',
    kind: 'text',
    receipt_no: 'text',
    business_date: 'date',
    at: 'timestamptz',
    cashier_id: 'text',
    shift_id: 'text',
    member_id: 'text',
    currency: 'text',
    rules_version: 'text',
    tax_mode: 'text',
    gross_minor: 'int8',
    adjustment_minor: 'int8',
    tax_minor: 'int8',
    total_minor: 'int8',
    rounding_minor: 'int8',
    change_minor: 'int8',
  },
};
const LINE: CopyTable = {
  name: 'peer.sale_line',
  columns: {
    store_id: 'text',
    sale_id: 'text',
    line_no: 'int4',
    sku: 'text',
    gtin: 'text',
    name: 'text',
    qty: 'int4',
    weight_g: 'int4',
    unit_price_minor: 'int8',
    gross_minor: 'int8',
    net_minor: 'int8',
    tax_rate_bp: 'int4',
    tax_minor: 'int8',
  },
};
const TENDER: CopyTable = {
  name: 'peer.sale_tender',
  columns: { store_id: 'text', sale_id: 'text', tender_no: 'int4', kind: 'text', amount_minor: 'int8' },
};
const POINTS: CopyTable = {
  name: 'peer.points_entry',
  columns: {
    member_id: 'text',
    entry_id: 'text',
    kind: 'text',
    points: 'int8',
    store_id: 'text',
    sale_id: 'text',
    at: 'timestamptz',
  },
};

/** One transaction of the peer: the rows of one push, as COPY reads them. */
type PeerBatch = readonly { readonly sql: string; readonly bytes: Buffer }[];

/** @param ready its bytes are made before the clock runs; else it reads the same texts and encodes their rows as it goes */
export async function copyNineRows(
  description: string,
  pushes: readonly PushFacts[],
  { connections, ready }: { readonly connections: number; readonly ready: boolean },
): Promise<{ readonly salesPerSecond: number; readonly cpu: CpuMs }> {
  const host = socketOf(description);
  const pool = new pg.Pool({ host, user: 'counterfoil', database: 'postgres', max: connections });
  pool.on('error', () => {});
  try {
    await pool.query(SCHEMA);
    const batches = pushes.map((push): (() => PeerBatch) => {
      const made = ready ? batchOf(push) : null;
      return () => made ?? batchOf(push);
    });
    await pool.query('checkpoint');
    const cpu = cpuMeter(description);
    const start = performance.now();
    await inTurns(batches, connections, async (batch) => {
      const client = await pool.connect();
      await client.query('begin');
      for (const { sql, bytes } of batch()) await copyBytes(client, sql, bytes);
      await client.query('commit');
      client.release();
    });
    const seconds = (performance.now() - start) / 1_000;
    const sales = pushes.reduce((sum, { entries }) => sum + entries.length, 0);
    return { salesPerSecond: sales / seconds, cpu: cpu() };
  } finally {
    await pool.end();
  }
}

/** Line 5 of postmaster.pid is the folder of its socket. */
export function socketOf(description: string): string {
  return pidFile(description)[4]!;
}

function pidFile(description: string): string[] {
  const data = description.replace('embedded PostgreSQL in ', '');
  return readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n');
}

export interface CpuMs {
  /** This process. */
  readonly node: number;
  /** PostgreSQL with its children; 0 where the system does not say. */
  readonly postgres: number;
}

/** Processor time from now until the meter is read: on a busy machine that says more than a clock. */
export function cpuMeter(description: string): () => CpuMs {
  const postmaster = Number(pidFile(description)[0]);
  const before = process.cpuUsage();
  const postgresBefore = ticksUnder(postmaster);
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { node: (user + system) / 1_000, postgres: (ticksUnder(postmaster) - postgresBefore) * TICK_MS };
  };
}

/** USER_HZ is 100 on every Linux. */
const TICK_MS = 10;

function ticksUnder(parent: number): number {
  if (process.platform !== 'linux') return 0;
  let ticks = 0;
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
      const fields = stat
        .slice(stat.lastIndexOf(')') + 2)
        .split(' ')
        .map(Number);
      const isPostmaster = Number(name) === parent;
      if (!isPostmaster && fields[1] !== parent) continue;
      // utime and stime; of the postmaster those of children that have ended as well.
      ticks += fields[11]! + fields[12]! + (isPostmaster ? fields[13]! + fields[14]! : 0);
    } catch {
      // Ended meanwhile.
    }
  }
  return ticks;
}

function copyBytes(client: pg.PoolClient, sql: string, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = client.query(copyFrom(sql));
    stream.on('error', reject);
    stream.on('finish', () => resolve());
    stream.end(bytes);
  });
}

/** Runs all of them, so many at a time. */
export async function inTurns<T>(
  things: readonly T[],
  atOnce: number,
  work: (thing: T) => Promise<void>,
): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < things.length) await work(things[next++]!);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

function batchOf({ entries, tillId, journalId }: PushFacts): PeerBatch {
  const sales = entries.map((text) => {
    const entry = JSON.parse(text) as JournalEntry & { readonly kind: 'sale' };
    return { entry, sale: entry.body };
  });
  const rows = {
    sale: sales.map(({ entry, sale }) => [
      ...[
        sale.storeId,
        sale.id,
        tillId,
        journalId,
        entry.seq,
        sale.kind,
        sale.receiptNo,
        entry.businessDate,
        entry.atMs,
      ],
      ...[
        entry.cashierId,
        entry.shiftId,
        sale.memberId,
        sale.currency,
        sale.rulesVersion,
        sale.taxMode,
        sale.grossMinor,
      ],
      ...[sale.adjustmentMinor, sale.taxMinor, sale.totalMinor, sale.roundingMinor, sale.changeMinor],
    ]),
    line: sales.flatMap(({ sale }) =>
      sale.lines.map((line) => [
        ...[sale.storeId, sale.id, line.lineNo, line.sku, line.gtin, line.name, line.qty, line.weightG],
        ...[line.unitPriceMinor, line.grossMinor, line.netMinor, line.taxRateBp, line.taxMinor],
      ]),
    ),
    tender: sales.flatMap(({ sale }) =>
      sale.tenders.map((tender, index) => [
        sale.storeId,
        sale.id,
        index + 1,
        tender.kind,
        tender.amountMinor,
      ]),
    ),
    points: sales.flatMap(({ entry, sale }) =>
      sale.memberId === null
        ? []
        : [
            [
              sale.memberId,
              `${sale.id}:earn`,
              'earn',
              sale.points?.earned ?? 0,
              sale.storeId,
              sale.id,
              entry.atMs,
            ],
          ],
    ),
  };
  return [
    encodeCopy(SALE, rows.sale),
    encodeCopy(LINE, rows.line),
    encodeCopy(TENDER, rows.tender),
    encodeCopy(POINTS, rows.points),
  ];
}
