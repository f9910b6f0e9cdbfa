/**
 * `commit`: a durable append of a six-line sale to the encrypted journal, against a raw append + fdatasync of the same bytes.
 *
 * Both write to the same disk, turn by turn. Page writes are the frames that the WAL gained; fsyncs are counted by strace
 * over a run of its own, where there is strace.
 */
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, fdatasyncSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Sale } from '../../src/core/sale.ts';
import { checkpoint, openTillDb, type Sqlite } from '../../src/till/db.ts';
import { Journal } from '../../src/till/journal.ts';
import { sha256 } from '../../src/till/run.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aDemoSale, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile, sorted } from './report.ts';

const SALES_BETWEEN_IDLE = 200;
const KEY = new Uint8Array(32).fill(7);

export async function commitBench({ small }: BenchOptions): Promise<BenchResult> {
  const count = small ? 60 : 1_500;
  const folder = aFolder();
  try {
    prepareSales(count);
    const { ours, raw, bytes, pageWrites, head } = appendInTurns(folder, count);
    const fsyncs = countFsyncs(small ? 20 : 100);
    return {
      input: `${count} sales of 6 lines, ${Math.round(bytes / count)} bytes each, encrypted, synchronous = FULL`,
      checksum: checksumOf(head),
      cases: [
        aCase({
          bench: 'commit',
          case: 'p50',
          ours: quantile(ours, 0.5),
          other: quantile(raw, 0.5),
          otherName: 'raw append + fdatasync',
          unit: 'us',
          better: 'lower',
        }),
        aCase({
          bench: 'commit',
          case: 'p99',
          ours: quantile(ours, 0.99),
          other: quantile(raw, 0.99),
          otherName: 'raw append + fdatasync',
          unit: 'us',
          better: 'lower',
        }),
        aCase({
          bench: 'commit',
          case: 'page writes a sale',
          ours: pageWrites,
          other: 2,
          otherName: 'limit',
          unit: 'pages',
          better: 'lower',
        }),
        ...(fsyncs === null
          ? []
          : [
              aCase({
                bench: 'commit',
                case: 'fsyncs a sale',
                ours: fsyncs,
                other: 1,
                otherName: 'limit',
                unit: 'fsyncs',
                better: 'lower',
              }),
            ]),
      ],
      notes: fsyncs === null ? ['fsyncs not counted: no strace here'] : [],
    };
  } finally {
    removeFolder(folder);
  }
}

function appendInTurns(folder: string, count: number) {
  const file = path.join(folder, 'journal.db');
  const db = openTillDb(file, 'journal', KEY);
  const journal = new Journal(db, sha256, { tillId: 'till', journalId: 'bench' });
  const rawFile = openSync(path.join(folder, 'raw.log'), 'a');
  const ours: number[] = [];
  const raw: number[] = [];
  let bytes = 0;
  appendSale(journal, 0);
  let frames = 0;
  let before = walFrames(db);
  try {
    for (let n = 1; n <= count; n++) {
      ours.push(timed(() => appendSale(journal, n)));
      // As the till does in a quiet moment; its own time is nobody's sale.
      if (n % SALES_BETWEEN_IDLE === 0) {
        frames += walFrames(db) - before;
        checkpoint(db);
        before = 0;
      }
      const text = Buffer.from(journal.read(n + 1, 1)[0]!.text);
      bytes += text.length;
      raw.push(
        timed(() => {
          writeSync(rawFile, text);
          fdatasyncSync(rawFile);
        }),
      );
    }
    const pageWrites = (frames + walFrames(db) - before) / count;
    return { ours: sorted(ours), raw: sorted(raw), bytes, pageWrites, head: journal.head.hash };
  } finally {
    closeSync(rawFile);
    db.close();
  }
}

const sales = new Map<number, Sale>();

function appendSale(journal: Journal, n: number): void {
  const sale = sales.get(n) ?? aDemoSale({ receiptSeq: n + 1, lines: 6, memberId: 'm-0001' });
  const stamp = {
    atMs: SALE_AT_MS + n,
    hlc: `${SALE_AT_MS + n}.0`,
    businessDate: '2026-11-21',
    shiftId: 'T01/2026-11-21',
    cashierId: '01',
  };
  journal.append(stamp, { kind: 'sale', body: sale });
}

/** Made before the clock runs: pricing is not what is measured. */
function prepareSales(count: number): void {
  for (let n = 0; n <= count; n++)
    sales.set(n, aDemoSale({ receiptSeq: n + 1, lines: 6, memberId: 'm-0001' }));
}

function timed(work: () => void): number {
  const startedNs = process.hrtime.bigint();
  work();
  return Number(process.hrtime.bigint() - startedNs) / 1_000;
}

/** Frames in the WAL; a passive checkpoint tells, and the WAL goes on at its end as long as we hold no reader. */
function walFrames(db: Sqlite): number {
  return (db.pragma('wal_checkpoint(NOOP)') as { log: number }[])[0]!.log;
}

/** fsync and fdatasync calls of a run of `count` appends, less those of a run of none, a sale. */
function countFsyncs(count: number): number | null {
  if (!existsSync('/usr/bin/strace')) return null;
  try {
    return (straced(count) - straced(0)) / count;
  } catch {
    // ptrace is not allowed everywhere.
    return null;
  }
}

function straced(count: number): number {
  const folder = aFolder();
  try {
    const log = path.join(folder, 'strace.log');
    execFileSync('/usr/bin/strace', [
      '-f',
      '-e',
      'trace=fsync,fdatasync',
      '-o',
      log,
      process.execPath,
      fileURLToPath(import.meta.url),
      folder,
      String(count),
    ]);
    const counted = execFileSync('grep', ['-cE', '(fsync|fdatasync)\\(', log]).toString('utf8');
    return Number(counted);
  } finally {
    removeFolder(folder);
  }
}

// Started by itself under strace: appends and leaves without closing, since closing checkpoints.
if (import.meta.main) {
  const [folder, count] = process.argv.slice(2) as [string, string];
  const db = openTillDb(path.join(folder, 'journal.db'), 'journal', KEY);
  const journal = new Journal(db, sha256, { tillId: 'till', journalId: 'bench' });
  for (let n = 0; n <= Number(count); n++) appendSale(journal, n);
  process.exit(0);
}
