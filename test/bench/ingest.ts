/**
 * Bench `ingest`: 50 tills bring 100,000 sales of six lines to PostgreSQL, all of it: frames read, chains and signatures
 * verified, rows, points, totals, cursors, acks. Beside it in the same run: binary COPY of the same nine rows a sale.
 */
import { Books } from '../../cloud/books/books.ts';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { ingestPush } from '../../cloud/ingest/ingest.ts';
import { Turns } from '../../cloud/ingest/turns.ts';
import { makeSignals } from '../../cloud/signal.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { foldPush } from '../../src/protocol/entries.ts';
import { Up } from '../../src/protocol/up.ts';
import { sha256 } from '../../src/till/run.ts';
import { putAll } from '../../src/tools/cloud-client.ts';
import { demoProgramme } from '../../src/tools/demo-world.ts';
import { openCloud, type TestCloud } from '../kit/cloud.ts';
import { SALE_AT_MS } from '../kit/sales.ts';
import { aCase, type BenchCase, type BenchOptions, type BenchResult, checksumOf } from './bench.ts';
import { type CpuMs, copyNineRows, cpuMeter, inTurns } from './copy-peer.ts';
import { ingestFloor } from './ingest-floor.ts';
import { type BenchTill, benchMembers, trafficOf } from './traffic.ts';

/** As many as the pool has: both sides. */
const CONNECTIONS = 10;
const STORES = 10;
/** As a till sends them that was away. */
const BATCH = 250;

export async function ingest({ small }: BenchOptions): Promise<BenchResult> {
  const size = small
    ? { tills: 4, salesEach: 250, members: 200 }
    : { tills: 50, salesEach: 2_000, members: 20_000 };
  const sales = size.tills * size.salesEach;
  const members = benchMembers(size.members);
  const memberIds = members.map(({ id }) => id);
  const storeIdOf = (till: number) => `S${String(1 + (till % STORES)).padStart(2, '0')}`;
  const tills = trafficOf({ ...size, batch: BATCH, memberIds, storeIdOf }).map((till, index) => ({
    ...till,
    storeId: storeIdOf(index),
  }));
  const engine = embeddedBinaries() === null ? 'pglite' : 'pg';
  const cloud = await openCloud(engine);
  try {
    await putAll(cloud.client, 'members', members);
    await cloud.client.put('/api/v1/programme', demoProgramme());
    await addTills(cloud, tills);
    const ours = await bring(cloud, tills);
    const [sum] = await cloud.db.query<{ n: number; total: number; points: number; through: number }>(
      `select count(*) as n, sum(total_minor)::bigint as total,
         (select sum(balance)::bigint from ledger_account where purse = 'points') as points,
         (select sum(through_seq)::bigint from books_cursor) as through from sale`,
    );
    const pushes = tills.flatMap((till) => till.pushes);
    const copyOf = (ready: boolean) =>
      engine === 'pg'
        ? copyNineRows(cloud.db.description, pushes, { connections: CONNECTIONS, ready })
        : null;
    // Both read the same texts; and what COPY alone takes, its bytes lying ready.
    const [reading, copying] = [await copyOf(false), await copyOf(true)];
    const floor = await ingestFloor(
      cloud,
      tills.map((till) => ({ ...till, frames: framesOf(till) })),
      CONNECTIONS,
    );
    const line = { bench: 'ingest', unit: 'sales/s', better: 'higher' } as const;
    const beside = (what: string, seconds: number): BenchCase[] => [
      ...(reading === null
        ? []
        : [
            aCase({
              ...line,
              case: `${what}; COPY reads the texts too`,
              ours: sales / seconds,
              other: reading.salesPerSecond,
              otherName: 'COPY of nine rows',
            }),
          ]),
      ...(copying === null
        ? []
        : [
            aCase({
              ...line,
              case: `${what}; COPY has its bytes ready`,
              ours: sales / seconds,
              other: copying.salesPerSecond,
              otherName: 'COPY of nine rows',
            }),
          ]),
    ];
    const words = (cpu: CpuMs | null) =>
      cpu === null
        ? 'not counted'
        : `${((cpu.node * 1_000) / sales).toFixed(0)} Node + ${((cpu.postgres * 1_000) / sales).toFixed(0)} PostgreSQL`;
    return {
      input: `${sales} sales of 6 lines from ${size.tills} tills of ${STORES} stores in pushes of ${BATCH}, ${size.members} members, ${engine}, fsync on`,
      checksum: checksumOf([sum!.n, sum!.total, sum!.points, sum!.through]),
      cases: [
        ...beside('acked', ours.ackedSeconds),
        ...beside('all, with points', ours.allSeconds),
        ...beside('floor: unpack, hash, read, one COPY', sales / floor.salesPerSecond),
      ],
      notes: [
        `${CONNECTIONS} connections each; the peer checks nothing; the floor keeps no entry, signature, cursor, total or point`,
        `processor time a sale, us: acked ${words(ours.cpuAcked)}; all ${words(ours.cpu)}; peer from the texts ${words(reading?.cpu ?? null)}, bytes ready ${words(copying?.cpu ?? null)}; floor ${words(floor.cpu)}`,
      ],
    };
  } finally {
    await cloud.close();
  }
}

/** Tills that are enrolled: HQ has their keys. Stores that it does not know yet are like the first one. */
export async function addTills(
  { db }: Pick<TestCloud, 'db'>,
  tills: readonly (Pick<BenchTill, 'tillId' | 'code' | 'publicKey'> & { readonly storeId?: string })[],
): Promise<void> {
  const storeIds = tills.map(({ storeId = 'S01' }) => storeId);
  await db.query(
    `insert into store (store_id, data, updated_at)
     select fresh.id, s.data || jsonb_build_object('id', fresh.id), s.updated_at
     from (select distinct unnest($1::text[]) as id) fresh, store s where s.store_id = 'S01' on conflict do nothing`,
    [storeIds],
  );
  await db.query(
    `insert into till (till_id, store_id, code, public_key)
     select * from unnest($1::text[], $2::text[], $3::text[], $4::text[])`,
    [
      tills.map(({ tillId }) => tillId),
      storeIds,
      tills.map(({ code }) => code),
      tills.map(({ publicKey }) => publicKey),
    ],
  );
}

/** As a till sends them. */
function framesOf({ pushes }: BenchTill): Uint8Array[] {
  return pushes.map(({ tillId: _, journalId: __, ...push }) =>
    encodeFrame(foldPush({ t: 'push', ...push, unsent: 0 })),
  );
}

/** As the socket does it: frame in, ack out, one push of a till in flight, in turns; the books give way and follow. */
export async function bring(cloud: TestCloud, tills: readonly BenchTill[]) {
  const { db } = cloud;
  const frames = tills.map(framesOf);
  const clock = { nowMs: () => SALE_AT_MS, monotonicMs: () => performance.now() };
  const { cloudId, cloudKey } = cloud;
  const log = (text: string) => console.error(text);
  const turns = new Turns(clock);
  const giveWay = () => turns.lull(4_000);
  // HQ's own have another clock.
  await cloud.books.close();
  const books = new Books({ db, cloudId, cloudKey, clock, sha256, signals: makeSignals(), log, giveWay });
  const cpu = db.kind === 'pg' ? cpuMeter(db.description) : null;
  const start = performance.now();
  await inTurns([...tills.keys()], CONNECTIONS, async (index) => {
    const { tillId, journalId } = tills[index]!;
    for (const bytes of frames[index]!) {
      const turn = turns.ask(false);
      await turn.come;
      const frame = decodeFrame(bytes, Up);
      if (!frame.ok || frame.value.t !== 'push') throw new Error('the bench makes frames');
      const result = await ingestPush(db, sha256, { ...frame.value, tillId, journalId }, SALE_AT_MS);
      if (!result.ok) throw new Error(`ingest refused: ${result.error.kind}`);
      encodeFrame({ t: 'ack', throughSeq: result.value.head.seq, hash: result.value.head.hash });
      turn.done(frame.value.entries.length);
      books.poke();
    }
  });
  const cpuAcked = cpu?.() ?? null;
  const ackedSeconds = (performance.now() - start) / 1_000;
  await books.settled();
  const cpuAll = cpu?.() ?? null;
  const allSeconds = (performance.now() - start) / 1_000;
  await books.close();
  return { ackedSeconds, allSeconds, cpu: cpuAll, cpuAcked };
}
