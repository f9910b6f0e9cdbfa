/**
 * Bench `storm`: 10,000 tills that say nothing but their pings on one gateway, then 2,000 of them lose the line, sell 200 times each
 * and come back in the same moment. What an idle till takes of the gateway's memory; how long the crowd takes beside
 * ingest's own rate (bench `ingest`, same run); whether somebody waits while others are served.
 *
 * Three processes: the tills here, the gateway (HQ without its database), PostgreSQL. All share the machine's processors.
 */
import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { putAll } from '../../src/tools/cloud-client.ts';
import { demoProgramme } from '../../src/tools/demo-world.ts';
import { openCloud } from '../kit/cloud.ts';
import { pause } from '../kit/until.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';
import { inTurns } from './copy-peer.ts';
import { addTills, bring } from './ingest.ts';
import type { GatewayAnswer, GatewayAsk } from './storm-gateway.ts';
import { StormTill } from './storm-till.ts';
import { type BenchTill, benchMemberId, benchMembers, trafficOf } from './traffic.ts';

/** What 10,000 idle tills may take of the gateway. */
const IDLE_BYTES_MAX = 250e6;
const DRAIN_RATIO_MAX = 1.5;
/** New lines at a time while the idle ones are set up; the crowd comes all at once. */
const CONNECTING = 100;
/** As of bench `ingest`. */
const BATCH = 500;
const STORE_TILLS = 4;
const STORE_MEMBERS = 20;

export async function storm({
  small,
  tills: idle = 10_000,
  sales: salesEach = 200,
}: BenchOptions): Promise<BenchResult> {
  const size = small
    ? { idle: 100, back: 20, salesEach: 20, ingest: { tills: 4, salesEach: 50 } }
    : { idle, back: Math.ceil(idle / 5), salesEach, ingest: { tills: 50, salesEach: 1_000 } };
  const engine = embeddedBinaries() === null ? 'pglite' : 'pg';
  const rate = await ingestRate({ ...size.ingest, engine });
  const gateway = new Gateway();
  const tills: StormTill[] = [];
  try {
    const hq = await gateway.ask({ do: 'open', engine, members: membersOf(size.back) });
    const known = { url: hq.url!, cloudId: hq.cloudId!, cloudKey: hq.cloudKey!, feedPos: hq.feedPos! };
    for (let number = 0; number < size.idle; number++) {
      if (number >= size.back) {
        tills.push(new StormTill(number, known));
        continue;
      }
      const made = tradeOf(number, size.salesEach);
      const till = new StormTill(number, known, made);
      tills.push(till);
      till.stock(made.pushes.flatMap(({ entries }) => entries));
    }
    await gateway.ask({
      do: 'tills',
      tills: tills.map(({ tillId, code, publicKey }, number) => ({
        ...{ tillId, code, publicKey },
        storeId: storeIdOf(number),
      })),
    });
    const before = await gateway.ask({ do: 'memory' });
    const connectMs = await timed(() => inTurns(tills, CONNECTING, (till) => till.connect()));
    await pause(small ? 100 : 3_000);
    const idle = await gateway.ask({ do: 'memory' });
    const idleBytes = idle.rss! - before.rss!;

    const back = tills.slice(0, size.back);
    for (const till of back) till.hangUp();
    for (const till of back) {
      till.sell();
      // The others go on saying that they are there.
      await pause(0);
    }
    await pause(small ? 50 : 1_000);
    const startMs = performance.now();
    const ackedMs = await timed(() =>
      Promise.all(
        back.map(async (till) => {
          void till.connect();
          await till.drained();
        }),
      ),
    );
    const peak = await gateway.ask({ do: 'memory' });
    await gateway.ask({ do: 'settled' });
    const settledMs = performance.now() - startMs;
    const { sums, said } = await gateway.ask({ do: 'sums' });
    const sales = size.back * size.salesEach;
    if (sums!.sales !== sales || sums!.seqs !== sales)
      throw new Error(`HQ has ${sums!.sales} sales of ${sales}`);
    const first = back.map(({ firstAckMs }) => firstAckMs - startMs);
    const done = back.map(({ doneMs }) => doneMs - startMs);
    const line = { bench: 'storm', better: 'lower' } as const;
    return {
      input: `${size.idle} tills, ${size.back} of them come back with ${size.salesEach} sales of 6 lines each, ${engine}`,
      checksum: checksumOf([sums!.sales, sums!.total, sums!.seqs]),
      cases: [
        aCase({
          ...line,
          case: `${size.idle} idle tills`,
          ours: idleBytes / 1e6,
          other: (IDLE_BYTES_MAX * size.idle) / 10_000 / 1e6,
          otherName: 'limit',
          unit: 'MB',
        }),
        aCase({
          ...line,
          case: 'time to drain',
          ours: ackedMs / 1_000,
          other: (DRAIN_RATIO_MAX * sales) / rate,
          otherName: `${DRAIN_RATIO_MAX} x ingest`,
          unit: 's',
        }),
        aCase({
          ...line,
          case: "last till's first ack",
          ours: Math.max(...first) / 1_000,
          other: ackedMs / 1_000,
          otherName: 'all drained',
          unit: 's',
        }),
      ],
      notes: [
        `memory: the gateway's resident set after a collection, ${mb(before.rss)} without tills, ${mb(idle.rss)} with ${size.idle} (heap ${mb(before.heap)} and ${mb(idle.heap)}), ${mb(peak.rss)} after the crowd; PostgreSQL is a process of its own`,
        `ingest's own rate in this run: ${rate.toFixed(0)} sales/s, the crowd ${((sales * 1_000) / ackedMs).toFixed(0)}: ${((ackedMs * rate) / sales / 1_000).toFixed(2)} of its time; with points ${(settledMs / 1_000).toFixed(1)} s`,
        `${size.idle} lines with proof both ways took ${(connectMs / 1_000).toFixed(1)} s`,
        `first ack after ${spread(first)}; done after ${spread(done)}`,
        `${sum(back.map(({ pushes }) => pushes))} pushes; lines lost: ${sum(back.map(({ lost }) => lost))} of the crowd, ${sum(tills.slice(size.back).map(({ lost }) => lost))} of the idle`,
        `files a process may have open: ${filesMax()}`,
        ...said!.filter((text) => text.startsWith('sync')).slice(0, 3),
      ],
    };
  } finally {
    for (const till of tills) till.end();
    await gateway.close();
  }
}

function storeIdOf(till: number): string {
  return `S${String(1 + Math.floor(till / STORE_TILLS)).padStart(2, '0')}`;
}

/** Each store has its own regulars. */
function membersOf(tills: number): number {
  return Math.ceil(tills / STORE_TILLS) * STORE_MEMBERS;
}

function tradeOf(number: number, salesEach: number): BenchTill {
  const store = Math.floor(number / STORE_TILLS);
  const memberIds = Array.from({ length: STORE_MEMBERS }, (_, index) =>
    benchMemberId(store * STORE_MEMBERS + index),
  );
  const [made] = trafficOf({ tills: 1, first: number, salesEach, batch: BATCH, memberIds, storeIdOf });
  return made!;
}

/** As bench `ingest` takes it, in this process and on a database of its own. @returns sales/s to the last ack */
async function ingestRate(facts: {
  readonly tills: number;
  readonly salesEach: number;
  readonly engine: 'pg' | 'pglite';
}): Promise<number> {
  const tills = Array.from({ length: facts.tills }, (_, number) => tradeOf(number, facts.salesEach));
  const cloud = await openCloud(facts.engine);
  try {
    await putAll(cloud.client, 'members', benchMembers(membersOf(facts.tills)));
    await cloud.client.put('/api/v1/programme', demoProgramme());
    await addTills(
      cloud,
      tills.map((till, number) => ({ ...till, storeId: storeIdOf(number) })),
    );
    const { ackedSeconds } = await bring(cloud, tills);
    return (facts.tills * facts.salesEach) / ackedSeconds;
  } finally {
    await cloud.close();
  }
}

/** The process of the gateway, asked one thing at a time. */
class Gateway {
  private readonly child: ChildProcess;
  private readonly gone: Promise<void>;

  constructor() {
    const file = fileURLToPath(new URL('./storm-gateway.ts', import.meta.url));
    this.child = fork(file, { execArgv: ['--expose-gc'] });
    this.gone = new Promise((resolve) => this.child.once('exit', () => resolve()));
  }

  ask(ask: GatewayAsk): Promise<GatewayAnswer> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`the gateway ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (said) => {
        this.child.off('exit', ended);
        resolve(said as GatewayAnswer);
      });
      this.child.send(ask);
    });
  }

  async close(): Promise<void> {
    if (this.child.exitCode !== null) return;
    this.child.disconnect();
    await this.gone;
  }
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** Node has raised its own to the hard limit; children of a shell start with the soft one. */
function filesMax(): string {
  return execFileSync('sh', ['-c', 'ulimit -n'], { encoding: 'utf8' }).trim();
}

function spread(ms: readonly number[]): string {
  const seconds = (value: number) => `${(value / 1_000).toFixed(1)} s`;
  return `${seconds(Math.min(...ms))} (first till), ${seconds(quantile(ms, 0.5))} (middle), ${seconds(Math.max(...ms))} (last)`;
}

function mb(bytes = 0): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

function sum(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0);
}
