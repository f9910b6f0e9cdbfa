/**
 * Bench `ingest`: sales a second that `ingestPush` takes (chain, signature, rows, cursor, commit) on the embedded
 * PostgreSQL, beside a bare COPY of the same bytes into a table of two columns.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { ingestPush } from '../../cloud/ingest/ingest.ts';
import { canonicalJson, entryHash, genesisHash, headStatement } from '../../src/core/entry.ts';
import { sha256 } from '../../src/till/run.ts';
import { openCloud } from '../kit/cloud.ts';
import { aDemoSale, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';

const BATCH = 500;

export async function ingest({ small }: BenchOptions): Promise<BenchResult> {
  const sales = small ? 1_000 : 30_000;
  const engine = embeddedBinaries() === null ? 'pglite' : 'pg';
  const cloud = await openCloud(engine);
  try {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const ids = { tillId: 'bench-till', journalId: 'bench-journal' };
    await cloud.db.query(
      "insert into till (till_id, store_id, code, public_key) values ($1, 'S01', 'B01', $2)",
      [ids.tillId, publicKey.export({ type: 'spki', format: 'der' }).toString('base64')],
    );
    const pushes = pushesOf(sales, ids, (statement) => sign(null, statement, privateKey).toString('base64'));
    const start = performance.now();
    for (const push of pushes) {
      const result = await ingestPush(cloud.db, sha256, push, SALE_AT_MS);
      if (!result.ok) throw new Error(`ingest refused: ${result.error.kind}`);
    }
    const oursSeconds = (performance.now() - start) / 1_000;
    const copySeconds =
      engine === 'pg' ? await bareCopy(path.join(cloud.folder, 'cloud'), pushes, cloud.db.description) : null;
    const [sum] = await cloud.db.query<{ n: number; total: number }>(
      'select count(*) as n, sum(total_minor)::bigint as total from sale',
    );
    const rate = (seconds: number) => sales / seconds;
    return {
      input: `${sales} sales of 6 lines in pushes of ${BATCH}, ${engine}, fsync on`,
      checksum: checksumOf([Number(sum!.n), Number(sum!.total)]),
      cases:
        copySeconds === null
          ? []
          : [
              aCase({
                bench: 'ingest',
                case: 'bulk',
                ours: rate(oursSeconds),
                other: rate(copySeconds),
                otherName: 'bare COPY',
                unit: 'sales/s',
                better: 'higher',
              }),
            ],
      notes: ['one till, one push in flight; both commit after each batch'],
    };
  } finally {
    await cloud.close();
  }
}

interface BenchPush {
  readonly tillId: string;
  readonly journalId: string;
  readonly fromSeq: number;
  readonly entries: readonly string[];
  readonly hash: string;
  readonly sig: string;
}

function pushesOf(
  sales: number,
  ids: { readonly tillId: string; readonly journalId: string },
  signed: (statement: Uint8Array) => string,
): BenchPush[] {
  let head = { seq: 0, hash: genesisHash(sha256, ids.journalId) };
  const pushes: BenchPush[] = [];
  for (let fromSeq = 1; fromSeq <= sales; fromSeq += BATCH) {
    const entries: string[] = [];
    for (let seq = fromSeq; seq < fromSeq + BATCH && seq <= sales; seq++) {
      const atMs = SALE_AT_MS + seq;
      const text = canonicalJson({
        v: 1,
        ...ids,
        seq,
        kind: 'sale',
        atMs,
        hlc: `${atMs}.0`,
        businessDate: '2026-11-21',
        shiftId: 'B01/2026-11-21',
        cashierId: '01',
        body: aDemoSale({ receiptSeq: seq, lines: 6, tillCode: 'B01' }),
      });
      head = { seq, hash: entryHash(sha256, head.hash, text) };
      entries.push(text);
    }
    const sig = signed(headStatement(ids.tillId, ids.journalId, head));
    pushes.push({ ...ids, fromSeq, entries, hash: head.hash, sig });
  }
  return pushes;
}

/** The same texts into the plainest table there can be. @returns seconds */
async function bareCopy(_folder: string, pushes: readonly BenchPush[], description: string): Promise<number> {
  const data = description.replace('embedded PostgreSQL in ', '');
  const { readFileSync } = await import('node:fs');
  // Line 5 of postmaster.pid is the folder of its socket.
  const host = readFileSync(path.join(data, 'postmaster.pid'), 'utf8').split('\n')[4]!;
  const client = new pg.Client({ host, user: 'counterfoil', database: 'postgres' });
  await client.connect();
  try {
    await client.query('create table bare (seq bigint primary key, text text not null)');
    const start = performance.now();
    for (const { fromSeq, entries } of pushes) {
      const rows = entries.map((text, index) => `${fromSeq + index}\t${text.replaceAll('\\', '\\\\')}\n`);
      await pipeline(Readable.from(rows), client.query(copyFrom('copy bare (seq, text) from stdin')));
    }
    return (performance.now() - start) / 1_000;
  } finally {
    await client.end();
  }
}
