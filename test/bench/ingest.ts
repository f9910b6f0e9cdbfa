/**
 * `ingest`: sales a second from pushed entries to committed rows on the embedded PostgreSQL, with chain and signature
 * checked, against the same entry texts inserted into a bare table in the same run.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import path from 'node:path';
import { openDb } from '../../cloud/db/open.ts';
import { ingestPush } from '../../cloud/ingest/ingest.ts';
import { canonicalJson, ENTRY_VERSION, entryHash, genesisHash, headStatement } from '../../src/core/entry.ts';
import { sha256 } from '../../src/till/run.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aDemoSale, anId, SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf } from './report.ts';

const IDS = { tillId: 'till', journalId: 'bench' };
const BATCH = 500;

export async function ingestBench({ small }: BenchOptions): Promise<BenchResult> {
  const sales = small ? 1_000 : 20_000;
  const folder = aFolder();
  const db = await openDb({
    databaseUrl: null,
    store: 'pg',
    folder: path.join(folder, 'cloud'),
    warn: () => {},
  });
  try {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
    await db.query("insert into store values ('S01', $1::jsonb, now())", [
      JSON.stringify(demoWorld().stores[0]),
    ]);
    await db.query(
      "insert into till (till_id, store_id, code, public_key) values ('till', 'S01', 'T01', $1)",
      [spki],
    );
    const texts = entryTexts(sales);
    const startedMs = performance.now();
    let prev = genesisHash(sha256, IDS.journalId);
    for (let from = 0; from < sales; from += BATCH) {
      const entries = texts.slice(from, from + BATCH);
      for (const text of entries) prev = entryHash(sha256, prev, text);
      const head = { seq: from + entries.length, hash: prev };
      const sig = sign(null, headStatement(IDS.tillId, IDS.journalId, head), privateKey).toString('base64');
      const result = await ingestPush(
        db,
        sha256,
        { ...IDS, fromSeq: from + 1, entries, hash: prev, sig },
        SALE_AT_MS,
      );
      if (!result.ok) throw new Error(result.error.kind);
    }
    const oursPerSecond = (sales * 1_000) / (performance.now() - startedMs);
    const copyPerSecond = await bareInsert(db, texts);
    const [row] = await db.query<{ n: number; total: number }>(
      'select count(*) as n, sum(total_minor)::bigint as total from sale',
    );
    return {
      input: `${sales} sales of 6 lines in batches of ${BATCH}, ${db.description}`,
      checksum: checksumOf(row!.n, row!.total, prev),
      cases: [
        aCase({
          bench: 'ingest',
          case: 'sales a second',
          ours: oursPerSecond,
          other: copyPerSecond,
          otherName: 'the same texts inserted into a bare table',
          unit: 'sales/s',
          better: 'higher',
        }),
      ],
      notes: [],
    };
  } finally {
    await db.close();
    removeFolder(folder);
  }
}

function entryTexts(sales: number): string[] {
  return Array.from({ length: sales }, (_, index) => {
    const n = index + 1;
    const sale = { ...aDemoSale({ receiptSeq: (n % 500) + 1, lines: 6 }), id: anId(n), receiptSeq: n };
    const head = {
      v: ENTRY_VERSION,
      ...IDS,
      seq: n,
      atMs: SALE_AT_MS,
      hlc: `${SALE_AT_MS}.${n}`,
      businessDate: '2026-11-21',
      shiftId: 's',
      cashierId: '01',
    };
    return canonicalJson({ ...head, kind: 'sale', body: sale });
  });
}

/** The limit: the same bytes, one statement and one commit a batch, nothing checked, no index. */
async function bareInsert(db: Awaited<ReturnType<typeof openDb>>, texts: readonly string[]): Promise<number> {
  await db.query('create table bare (text text)');
  const startedMs = performance.now();
  for (let from = 0; from < texts.length; from += BATCH) {
    await db.query('insert into bare select unnest($1::text[])', [texts.slice(from, from + BATCH)]);
  }
  return (texts.length * 1_000) / (performance.now() - startedMs);
}
