/**
 * `counterfoil replay`: real sales from a file, rung up at real tills, synced to a real cloud, and counted again.
 *
 * Says whether file = journals = cloud, for sales, lines and totals, by store and day, to the minor unit.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Cloud, startCloud } from '../../cloud/cloud.ts';
import { addTill, cloudClient, putWorld } from './cloud-client.ts';
import { progressOf } from './progress.ts';
import { cloudLedger, fileLedger, firstDifference, journalLedger, sumOf } from './replay-ledger.ts';
import type { ReplayJob, ReplayMessage } from './replay-till.ts';
import { replayWorld } from './replay-world.ts';
import { type FileReceipt, readSalesFile } from './sales-file.ts';

export interface ReplayOptions {
  readonly file: string;
  readonly stores: number;
  /** Tills a store. */
  readonly tills: number;
  readonly limit: number;
  readonly store: 'pg' | 'pglite';
  readonly databaseUrl: string | null;
  readonly quiet: boolean;
}

export interface ReplayReport {
  readonly sales: number;
  readonly refunds: number;
  readonly lines: number;
  readonly totalMinor: number;
  readonly journalTotalMinor: number;
  readonly cloudTotalMinor: number;
  readonly lost: number;
  readonly duplicated: number;
  /** Rows of the file that are no sale of goods. */
  readonly skipped: number;
  readonly skippedByRule: Readonly<Record<string, number>>;
  readonly durationMs: number;
  readonly salesPerSecond: number;
  readonly database: string;
  /** null: file = journals = cloud everywhere. */
  readonly firstDifference: string | null;
}

export async function replay(options: ReplayOptions): Promise<ReplayReport> {
  const file = await readSalesFile(options.file, options.limit);
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-replay-'));
  // The embedded PostgreSQL may run under another uid and must be able to enter.
  chmodSync(folder, 0o711);
  const log = options.quiet ? () => {} : (text: string) => process.stderr.write(`${text}\n`);
  const cloud = await startCloud({
    host: '127.0.0.1',
    port: 0,
    db: { databaseUrl: options.databaseUrl, store: options.store, folder: path.join(folder, 'cloud') },
    openOnLoopback: false,
    log,
  });
  try {
    const world = replayWorld(file.receipts, options.stores);
    const client = cloudClient(cloud.url, cloud.token);
    await putWorld(client, world);
    const shares = shareOut(file.receipts, options);
    const startedMs = performance.now();
    const results = await runTills(cloud, folder, shares, options);
    const durationMs = Math.round(performance.now() - startedMs);
    return {
      ...(await compare(cloud, shares, results)),
      skipped: Object.values(file.skipped).reduce((sum, count) => sum + count, 0),
      skippedByRule: file.skipped,
      durationMs,
      salesPerSecond: Math.round((file.receipts.length * 1000) / Math.max(1, durationMs)),
      database: cloud.db.description,
    };
  } finally {
    await cloud.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Share {
  readonly storeId: string;
  readonly tillCode: string;
  readonly receipts: FileReceipt[];
}

/** Receipts go round the tills in the order of time, as customers do. */
function shareOut(receipts: readonly FileReceipt[], { stores, tills }: ReplayOptions): Share[] {
  const shares = Array.from({ length: stores * tills }, (_, index): Share => {
    const storeId = `R${(index % stores) + 1}`;
    return { storeId, tillCode: `${storeId}T${Math.floor(index / stores) + 1}`, receipts: [] };
  });
  for (const [index, receipt] of receipts.entries()) shares[index % shares.length]!.receipts.push(receipt);
  return shares;
}

type Done = Extract<ReplayMessage, { type: 'done' }>;

async function runTills(
  cloud: Cloud,
  folder: string,
  shares: readonly Share[],
  options: ReplayOptions,
): Promise<Done[]> {
  const client = cloudClient(cloud.url, cloud.token);
  const total = shares.reduce((sum, { receipts }) => sum + receipts.length, 0);
  const progress = options.quiet ? null : progressOf('receipts', total);
  const doneBy = new Map<string, number>();
  const children: ChildProcess[] = [];
  const work = shares.map(async (share) => {
    const code = await addTill(client, { storeId: share.storeId, code: share.tillCode });
    const child = fork(new URL('./replay-till.ts', import.meta.url), { serialization: 'advanced' });
    children.push(child);
    const job: ReplayJob = {
      folder: path.join(folder, share.tillCode),
      cloudUrl: cloud.url,
      code,
      receipts: share.receipts,
    };
    return runTillProcess(child, job, share.tillCode, (done) => {
      doneBy.set(share.tillCode, done);
      progress?.update([...doneBy.values()].reduce((sum, count) => sum + count, 0));
    });
  });
  try {
    const results = await Promise.all(work);
    progress?.update(total);
    return results;
  } finally {
    progress?.end();
    for (const child of children) child.kill();
  }
}

function runTillProcess(
  child: ChildProcess,
  job: ReplayJob,
  tillCode: string,
  onProgress: (done: number) => void,
): Promise<Done> {
  return new Promise((resolve, reject) => {
    child.on('message', (message: ReplayMessage) => {
      if (message.type === 'progress') onProgress(message.done);
      else if (message.type === 'done') resolve(message);
      else reject(new Error(`till ${tillCode}: ${message.message}`));
    });
    child.on('error', reject);
    child.on('exit', (code) => reject(new Error(`till ${tillCode} ended early (exit ${code})`)));
    child.send(job);
  });
}

// ---- counting again ----

type Counted = Omit<ReplayReport, 'skipped' | 'skippedByRule' | 'durationMs' | 'salesPerSecond' | 'database'>;

async function compare(cloud: Cloud, shares: readonly Share[], results: readonly Done[]): Promise<Counted> {
  const expected = fileLedger(shares);
  const journals = journalLedger(results);
  const hq = await cloudLedger(cloudClient(cloud.url, cloud.token));
  const ids = await compareIds(cloud, shares, results);
  return {
    sales: sumOf(expected, 'sales'),
    refunds: sumOf(expected, 'refunds'),
    lines: sumOf(expected, 'lines'),
    totalMinor: sumOf(expected, 'totalMinor'),
    journalTotalMinor: sumOf(journals, 'totalMinor'),
    cloudTotalMinor: sumOf(hq, 'totalMinor'),
    ...ids,
    firstDifference:
      firstDifference({ file: expected, journals }) ?? firstDifference({ journals, cloud: hq }),
  };
}

/** Sale by sale: each receipt of the file is one sale of a journal and one sale of the cloud. */
async function compareIds(
  cloud: Cloud,
  shares: readonly Share[],
  results: readonly Done[],
): Promise<{ lost: number; duplicated: number }> {
  const rung = new Map(
    results.flatMap(({ rung: list }) => list.map(({ invoiceNo, saleId }) => [invoiceNo, saleId])),
  );
  const inJournals = results.flatMap(({ saleIds }) => saleIds);
  const rows = await cloud.db.query<{ sale_id: string }>(
    `select (text::jsonb -> 'body' ->> 'id') as sale_id
     from journal_entry where kind = 'sale'`,
  );
  const sales = await cloud.db.query<{ sale_id: string }>('select sale_id from sale');
  const journalSet = new Set(inJournals);
  const cloudSet = new Set(sales.map(({ sale_id }) => sale_id));
  const receipts = shares.flatMap((share) => share.receipts);
  const lost = receipts.filter(({ invoiceNo }) => {
    const saleId = rung.get(invoiceNo);
    return saleId === undefined || !journalSet.has(saleId) || !cloudSet.has(saleId);
  }).length;
  const duplicated =
    inJournals.length -
    journalSet.size +
    (rows.length - new Set(rows.map(({ sale_id }) => sale_id)).size) +
    (sales.length - cloudSet.size) +
    [...cloudSet].filter((id) => !journalSet.has(id)).length;
  return { lost, duplicated };
}
