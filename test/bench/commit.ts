/**
 * Bench `commit`: a durable append of a six-line sale through `Journal.append`, encryption on, beside a bare append and
 * fdatasync of the same bytes, one after the other in the same run.
 *
 * Fsyncs are counted by strace where it is installed; page writes are the frames by which the WAL grew.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, statSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTillDb } from '../../src/till/db.ts';
import { type EntryStamp, Journal } from '../../src/till/journal.ts';
import { sha256 } from '../../src/till/run.ts';
import { aDemoSale, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const IDS = { tillId: 'bench-till', journalId: 'bench-journal' };
const STAMP: EntryStamp = {
  atMs: SALE_AT_MS,
  hlc: `${SALE_AT_MS}.0`,
  businessDate: '2026-11-21',
  shiftId: 'B01/2026-11-21',
  cashierId: '01',
};
const KEY = new Uint8Array(32).fill(9);
/** Header of a WAL file, and of a frame in it. */
const WAL_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const PAGE_BYTES = 8192;
/** As the till does between customers; outside of what is timed. */
const CHECKPOINT_EVERY = 500;

export async function commit({ small }: BenchOptions): Promise<BenchResult> {
  const sales = small ? 40 : 3_000;
  const folder = mkdtempSync(path.join(tmpdir(), 'counterfoil-bench-'));
  try {
    const file = path.join(folder, 'journal.db');
    const db = openTillDb(file, 'journal', KEY);
    const journal = new Journal(db, sha256, IDS);
    // The WAL of the migrations is put away: from here on its growth is what appends write.
    db.pragma('wal_checkpoint(TRUNCATE)');
    const bare = openSync(path.join(folder, 'bare.log'), 'a');
    const ours: number[] = [];
    const other: number[] = [];
    let frames = 0;
    let framesCounted = 0;
    let bytes = 0;
    for (let seq = 1; seq <= sales; seq++) {
      const body = aDemoSale({ receiptSeq: seq, lines: 6 });
      const before = walBytes(file);
      const start = performance.now();
      const { hash } = journal.append(STAMP, { kind: 'sale', body });
      ours.push((performance.now() - start) * 1_000);
      // While an older WAL is written over it does not grow: those appends are not counted.
      const grown = walBytes(file) - before;
      if (grown > 0) {
        frames += Math.round(
          (grown - (before === 0 ? WAL_HEADER_BYTES : 0)) / (PAGE_BYTES + FRAME_HEADER_BYTES),
        );
        framesCounted++;
      }
      const text = Buffer.from(journal.read(seq, 1)[0]!.text + hash);
      bytes += text.length;
      const bareStart = performance.now();
      writeSync(bare, text);
      fdatasyncSync(bare);
      other.push((performance.now() - bareStart) * 1_000);
      if (seq % CHECKPOINT_EVERY === 0) db.pragma('wal_checkpoint(TRUNCATE)');
    }
    const checksum = checksumOf([journal.head.hash]);
    closeSync(bare);
    db.close();
    const counted = countSyncs(folder, small ? 20 : 200);
    const pages = frames / framesCounted;
    const name = 'append + fdatasync';
    const us = (label: string, q: number) =>
      aCase({
        bench: 'commit',
        case: label,
        ours: quantile(ours, q),
        other: quantile(other, q),
        otherName: name,
        unit: 'us',
        better: 'lower',
      });
    return {
      input: `${sales} sales of 6 lines, ${Math.round(bytes / sales)} bytes each, AEGIS-256, pages of ${PAGE_BYTES}`,
      checksum,
      cases: [
        us('p50', 0.5),
        us('p99', 0.99),
        ...(counted === null
          ? []
          : [
              aCase({
                bench: 'commit',
                case: 'fsyncs per sale',
                ours: counted,
                other: 1,
                otherName: 'goal',
                unit: 'fsyncs',
                better: 'lower',
              }),
            ]),
        aCase({
          bench: 'commit',
          case: 'page writes per sale',
          ours: pages,
          other: 2,
          otherName: 'goal, at most',
          unit: 'pages',
          better: 'lower',
        }),
      ],
      notes: [
        counted === null
          ? 'fsyncs were not counted: there is no strace here'
          : 'fsyncs: strace of a second process, fsync and fdatasync calls between the first and the last append',
        `page writes: WAL frames of ${framesCounted} appends`,
      ],
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function walBytes(file: string): number {
  return statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
}

/** Runs this file as a process of its own under strace. @returns fsyncs a sale; null without strace */
function countSyncs(folder: string, sales: number): number | null {
  const trace = path.join(folder, 'trace');
  const self = fileURLToPath(import.meta.url);
  const args = [
    '-f',
    '-e',
    'trace=fsync,fdatasync,getpriority',
    '-o',
    trace,
    process.execPath,
    self,
    folder,
    String(sales),
  ];
  const run = spawnSync('strace', args, { encoding: 'utf8' });
  if (run.error !== undefined || run.status !== 0) return null;
  return Number(run.stdout.trim()) === sales ? syncsIn(trace) / sales : null;
}

/** Between the two marks: `getpriority`, a call that nothing else makes. */
function syncsIn(trace: string): number {
  const { stdout } = spawnSync('sed', ['-n', '/getpriority/,/getpriority/p', trace], { encoding: 'utf8' });
  return stdout.split('\n').filter((line) => /\b(fsync|fdatasync)\(/.test(line)).length;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { getPriority } = await import('node:os');
  const [folder, count] = [process.argv[2]!, Number(process.argv[3])];
  const db = openTillDb(path.join(folder, 'traced.db'), 'journal', KEY);
  const journal = new Journal(db, sha256, IDS);
  // The first append makes the WAL file, which is not what a sale costs.
  journal.append(STAMP, { kind: 'sale', body: aDemoSale({ receiptSeq: 1, lines: 6 }) });
  getPriority();
  for (let seq = 2; seq <= count + 1; seq++) {
    journal.append(STAMP, { kind: 'sale', body: aDemoSale({ receiptSeq: seq, lines: 6 }) });
  }
  getPriority();
  console.log(journal.head.seq - 1);
  process.exit(0);
}
