/**
 * Bench `peers`: the same sales from eight tills, by our sync and as others do it: one HTTP POST a sale into Fastify and
 * PostgreSQL, each sale a transaction of its rows; PouchDB replicating to express-pouchdb; RxDB pushing into Fastify and PostgreSQL
 * jsonb. All over loopback with two processes each: tills and server beside PostgreSQL, and PouchDB's tills beside its server.
 */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import fastify from 'fastify';
import pg from 'pg';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import type { JournalEntry } from '../../src/core/entry.ts';
import { foldPush } from '../../src/protocol/entries.ts';
import { openCloud, type TestCloud } from '../kit/cloud.ts';
import { RawTill } from '../kit/raw-till.ts';
import { aCase, type BenchCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';
import { socketOf } from './copy-peer.ts';
import { installPeers, runPeer } from './peer-packages.ts';
import { type BenchTill, trafficOf } from './traffic.ts';

const TILLS = 8;
/** As many entries as a till of ours sends at a time. */
const BATCH = 250;
/** Sizes of a batch that the others are tried with: 100 is the default of both; their best counts. */
const OTHER_BATCHES = [100, 500, 1_000];

export async function peers({ small }: BenchOptions): Promise<BenchResult> {
  const salesEach = small ? 25 : 2_000;
  const input = `${TILLS * salesEach} sales of 6 lines from ${TILLS} tills`;
  const notes = [
    'ours packs each push in columns in the same process, checks chain and signature and keeps entry, sale and totals; the peers only store',
    'PouchDB: LevelDB at both ends, without fsync; RxDB: memory at the till, one statement a push; both at the best of three sizes of a batch',
  ];
  if (embeddedBinaries() === null) {
    return { input, checksum: checksumOf([0]), cases: [], notes: [...notes, 'skipped: no PostgreSQL here'] };
  }
  const tills = trafficOf({
    tills: TILLS,
    salesEach,
    batch: BATCH,
    memberIds: ['m-0001', 'm-0002', 'm-0003'],
  });
  const cloud = await openCloud('pg');
  try {
    for (const { tillId, code, publicKey } of tills) {
      await cloud.db.query(
        "insert into till (till_id, store_id, code, public_key) values ($1, 'S01', $2, $3)",
        [tillId, code, publicKey],
      );
    }
    const sales = TILLS * salesEach;
    const posted = await byPosts(cloud, tills);
    const others = await byOthers(cloud, tills, small);
    const synced = await bySync(cloud, tills);
    const [sum] = await cloud.db.query<{ n: number; total: number; peer: number }>(
      'select count(*) as n, sum(total_minor)::bigint as total, (select count(*) from post_sale) as peer from sale',
    );
    return {
      input,
      checksum: checksumOf([sum!.n, sum!.total, sum!.peer]),
      cases: [
        { name: 'a POST a sale', seconds: posted, otherName: 'Fastify + PostgreSQL' },
        ...others.runs,
      ].map(
        ({ name, seconds, otherName }): BenchCase =>
          aCase({
            bench: 'peers',
            case: name,
            ours: sales / synced,
            other: sales / seconds,
            otherName,
            unit: 'sales/s',
            better: 'higher',
          }),
      ),
      notes: [...notes, ...others.notes],
    };
  } finally {
    await cloud.close();
  }
}

interface OtherRun {
  readonly name: string;
  readonly otherName: string;
  readonly seconds: number;
}

/** Those whose packages come from elsewhere. */
async function byOthers(
  cloud: TestCloud,
  tills: readonly BenchTill[],
  small: boolean,
): Promise<{ readonly runs: readonly OtherRun[]; readonly notes: readonly string[] }> {
  const installed = await installPeers(small);
  if ('why' in installed) return { runs: [], notes: [`PouchDB and RxDB are left out: ${installed.why}`] };
  const { folder } = installed;
  const file = path.join(cloud.folder, 'sales.json');
  writeFileSync(file, JSON.stringify(tills.map(({ pushes }) => pushes.flatMap(({ entries }) => entries))));
  const sales = tills.flatMap(({ pushes }) => pushes.flatMap(({ entries }) => entries)).length;
  const best = async (program: string, argsOf: (batch: number) => readonly string[]) => {
    const tries: { readonly batch: number; readonly seconds: number }[] = [];
    for (const batch of OTHER_BATCHES) {
      const { seconds, docs } = await runPeer(folder, program, [file, ...argsOf(batch), String(batch)]);
      if (docs !== sales) throw new Error(`${program} has ${docs} sales of ${sales}`);
      tries.push({ batch, seconds });
    }
    const words = tries.map(({ batch, seconds }) => `${batch}: ${(sales / seconds).toFixed(0)}`).join(', ');
    return { seconds: Math.min(...tries.map(({ seconds }) => seconds)), words };
  };
  const pouch = await best('pouch.mjs', (batch) => [path.join(cloud.folder, `pouch-${batch}`)]);
  const rx = await best('rx.mjs', () => [socketOf(cloud.db.description)]);
  return {
    runs: [
      { name: 'PouchDB replicates', otherName: 'express-pouchdb', seconds: pouch.seconds },
      { name: 'RxDB pushes', otherName: 'Fastify + PostgreSQL jsonb', seconds: rx.seconds },
    ],
    notes: [`sales/s by size of a batch: PouchDB ${pouch.words}; RxDB ${rx.words}`],
  };
}

/** @returns seconds */
async function bySync(cloud: TestCloud, tills: readonly BenchTill[]): Promise<number> {
  const lines = await Promise.all(
    tills.map(async ({ tillId, code, journalId, key, pushes }) => {
      const till = new RawTill(cloud, { tillId, storeId: 'S01', tillCode: code, privateKey: key });
      till.journalId = journalId;
      return { link: await till.connect(), pushes };
    }),
  );
  const start = performance.now();
  await Promise.all(
    lines.map(async ({ link, pushes }) => {
      for (const { fromSeq, entries, hash, sig } of pushes) {
        const answer = await link.ask(foldPush({ t: 'push', fromSeq, entries, hash, sig, unsent: 0 }));
        if (answer.t !== 'ack') throw new Error(`HQ answered ${answer.t}`);
      }
    }),
  );
  const seconds = (performance.now() - start) / 1_000;
  await Promise.all(lines.map(({ link }) => link.hangUp()));
  return seconds;
}

/** @returns seconds */
async function byPosts({ db }: TestCloud, tills: readonly BenchTill[]): Promise<number> {
  const pool = new pg.Pool({
    host: socketOf(db.description),
    user: 'counterfoil',
    database: 'postgres',
    max: TILLS,
  });
  pool.on('error', () => {});
  await pool.query(`
    create table post_sale (sale_id text primary key, store_id text, till_id text, at timestamptz, member_id text,
      total_minor bigint, data jsonb);
    create index on post_sale (store_id, at); create index on post_sale (member_id, at);
    create table post_line (sale_id text, line_no int, sku text, name text, qty int, net_minor bigint,
      primary key (sale_id, line_no));`);
  const app = fastify();
  app.post('/sales', async (request) => {
    const entry = request.body as JournalEntry & { readonly kind: 'sale' };
    await insertSale(pool, entry);
    return { ok: true };
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const start = performance.now();
    await Promise.all(
      tills.map(async ({ pushes }) => {
        for (const body of pushes.flatMap(({ entries }) => entries)) {
          const response = await fetch(`${url}/sales`, {
            method: 'POST',
            headers: { 'content-type': 'application/json' },
            body,
          });
          if (!response.ok) throw new Error(`the peer answered ${response.status}`);
          await response.arrayBuffer();
        }
      }),
    );
    return (performance.now() - start) / 1_000;
  } finally {
    await app.close();
    await pool.end();
  }
}

async function insertSale(
  pool: pg.Pool,
  { tillId, atMs, body }: JournalEntry & { readonly kind: 'sale' },
): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('begin');
    await client.query(
      'insert into post_sale values ($1, $2, $3, to_timestamp($4), $5, $6, $7) on conflict do nothing',
      [
        ...[
          body.id,
          body.storeId,
          tillId,
          atMs / 1_000,
          body.memberId,
          body.totalMinor,
          JSON.stringify(body),
        ],
      ],
    );
    await client.query(
      `insert into post_line select $1, * from unnest($2::int[], $3::text[], $4::text[], $5::int[], $6::bigint[])
       on conflict do nothing`,
      [
        body.id,
        body.lines.map(({ lineNo }) => lineNo),
        body.lines.map(({ sku }) => sku),
        body.lines.map(({ name }) => name),
        body.lines.map(({ qty }) => qty),
        body.lines.map(({ netMinor }) => netMinor),
      ],
    );
    await client.query('commit');
  } finally {
    client.release();
  }
}
