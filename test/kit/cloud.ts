/**
 * A real cloud for tests: `startCloud` on any free port, on PGlite or the embedded PostgreSQL, with the demo shop in it.
 */
import path from 'node:path';
import { type Cloud, startCloud } from '../../cloud/cloud.ts';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import type { Rates } from '../../cloud/hq/rate-limit.ts';
import type { Patience } from '../../cloud/http.ts';
import type { SnapshotSizes } from '../../cloud/snapshot/shelf.ts';
import type { TlsFiles } from '../../cloud/tls.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Limits } from '../../src/protocol/limits.ts';
import { type CloudClient, cloudClient, putWorld } from '../../src/tools/cloud-client.ts';
import { demoWorld, type World } from '../../src/tools/demo-world.ts';
import { aFolder, removeFolder } from './folder.ts';
import { fillReady } from './ready-db.ts';

export type Engine = 'pg' | 'pglite';

/** Both where the embedded binaries run, else PGlite alone. */
export const ENGINES: readonly Engine[] = embeddedBinaries() === null ? ['pglite'] : ['pglite', 'pg'];

/**
 * For tests that are about tills, screens or routes and not about SQL: PostgreSQL starts in a quarter of a second, PGlite takes
 * two of a whole core.
 */
export const QUICK: Engine = ENGINES.at(-1)!;

export interface TestCloud extends Cloud {
  readonly engine: Engine;
  readonly folder: string;
  /** The API with the right token. */
  readonly client: CloudClient;
  readonly clock: MovableClock;
  readonly logs: string[];
}

/** The real clock, moved by `aheadMs`. */
export interface MovableClock extends Clock {
  aheadMs: number;
}

export interface CloudOptions {
  /** null: an empty database. */
  readonly world?: World | null;
  readonly limits?: Limits;
  readonly openOnLoopback?: boolean;
  /** Left out: a test may ask as often as it likes. */
  readonly rates?: Rates;
  /** How long a request may take to arrive. */
  readonly patience?: Patience;
  readonly snapshot?: SnapshotSizes;
  readonly markEveryMs?: number;
  /** An existing folder, to start again on; it is then kept. */
  readonly folder?: string;
  /** Jobs by the clock too; else only those that a test asks for. */
  readonly onSchedule?: boolean;
  /** Networks that webhooks may lead to, such as the test's own. */
  readonly webhookAllow?: readonly string[];
  /** HQ speaks TLS, under the name `localhost`. */
  readonly tls?: TlsFiles;
  /** Where the clock starts, epoch ms; left out: now. */
  readonly startMs?: number;
}

const ANY = { perSecond: 1_000_000, burst: 1_000_000 };
const UNLIMITED: Rates = { caller: ANY, stranger: ANY, signIn: ANY };

export async function openCloud(engine: Engine, options: CloudOptions = {}): Promise<TestCloud> {
  const folder = options.folder ?? aFolder();
  const clock: MovableClock = {
    aheadMs: options.startMs === undefined ? 0 : options.startMs - Date.now(),
    nowMs: () => Date.now() + clock.aheadMs,
    monotonicMs: () => performance.now(),
  };
  const logs: string[] = [];
  if (options.folder === undefined) await fillReady(engine, path.join(folder, 'cloud'));
  const cloud = await startCloud({
    host: options.tls === undefined ? '127.0.0.1' : 'localhost',
    port: 0,
    db: { databaseUrl: null, store: engine, folder: path.join(folder, 'cloud') },
    openOnLoopback: options.openOnLoopback ?? false,
    rates: options.rates ?? UNLIMITED,
    log: (text) => logs.push(text),
    clock,
    onSchedule: options.onSchedule ?? false,
    webhooks: { allow: options.webhookAllow ?? [], answerMs: 500 },
    ...(options.tls === undefined ? {} : { tls: options.tls }),
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    ...(options.patience === undefined ? {} : { patience: options.patience }),
    ...(options.snapshot === undefined ? {} : { snapshot: options.snapshot }),
    ...(options.markEveryMs === undefined ? {} : { markEveryMs: options.markEveryMs }),
  });
  const client = cloudClient(cloud.url, cloud.token);
  const world = options.world === undefined ? smallWorld() : options.world;
  if (world !== null) await putWorld(client, world);
  const close = async () => {
    await cloud.close();
    if (options.folder === undefined) removeFolder(folder);
  };
  return { ...cloud, engine, folder, client, clock, logs, close };
}

export async function withCloud<T>(
  engine: Engine,
  work: (cloud: TestCloud) => Promise<T>,
  options: CloudOptions = {},
): Promise<T> {
  const cloud = await openCloud(engine, options);
  try {
    return await work(cloud);
  } finally {
    await cloud.close();
  }
}

/** The demo shop with ten of its members: enough for every rule, loaded at once. */
export function smallWorld(): World {
  const world = demoWorld();
  return { ...world, members: world.members.slice(0, 10) };
}
