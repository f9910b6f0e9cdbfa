/**
 * The cloud as one thing that starts and stops: database, API, console, sync.
 */
import { createHash, hash as hashOnce, randomBytes } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Server as TlsServer } from 'node:tls';
import { uuidV7 } from '../src/core/id.ts';
import type { Clock, Sha256 } from '../src/core/ports.ts';
import type { Limits } from '../src/protocol/limits.ts';
import { sealOldSecrets } from './access/sealed-secret.ts';
import { parseNetworks } from './access/ssrf.ts';
import { Books } from './books/books.ts';
import type { Db } from './db/db.ts';
import { type DbChoice, openDb } from './db/open.ts';
import { identify } from './hq/identify.ts';
import type { Rates } from './hq/rate-limit.ts';
import { makeHttp, type Patience } from './http.ts';
import { serveSync } from './ingest/socket.ts';
import { ALL_JOBS } from './jobs/all-jobs.ts';
import { Jobs } from './jobs/jobs.ts';
import { sealOldBuyers } from './loyalty/buyers.ts';
import { sealOld } from './members/unsealed.ts';
import { HttpMeter } from './metrics/http-meter.ts';
import { registerMetrics } from './metrics/metrics.ts';
import { makeSignals, shareSignals } from './signal.ts';
import { registerSnapshot } from './snapshot/routes.ts';
import { SnapshotShelf, type SnapshotSizes } from './snapshot/shelf.ts';
import { type CloudKey, changeCloudKey, cloudKeyOf, LiveCloudKey } from './tills/cloud-key.ts';
import { History, MARK_EVERY_MS } from './tills/history.ts';
import { Presence } from './tills/presence.ts';
import { cloudIdOf } from './tills/tills.ts';
import { readTls, type TlsFiles } from './tls.ts';
import { type KekRing, kekRing } from './vault/kek.ts';
import { rewrapKeys } from './vault/keys.ts';
import { openVault, withVault } from './vault/vault.ts';
import { Sender } from './webhooks/sender.ts';

export interface CloudConfig {
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly db: Omit<DbChoice, 'warn'>;
  readonly openOnLoopback: boolean;
  readonly log: (text: string) => void;
  readonly clock?: Clock;
  /** How often somebody may ask the API; those of `rate-limit.ts` where it is left out. */
  readonly rates?: Rates;
  /** How long a request may take to arrive; that of `http.ts` where it is left out. */
  readonly patience?: Patience;
  /** How often it notes the time and looks whether another process has changed HQ's key; five minutes. */
  readonly markEveryMs?: number;
  readonly limits?: Limits;
  readonly snapshot?: SnapshotSizes;
  /** Where the key of keys is looked for; the process's own when left out. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** false: jobs run only when somebody asks for them. */
  readonly onSchedule?: boolean;
  /** From now on another key signs what tills believe; the one before vouches for it. */
  readonly changeKey?: boolean;
  /** Not given: plain HTTP, for a proxy in front or for this machine alone. */
  readonly tls?: TlsFiles;
  readonly webhooks?: {
    /** Networks that webhooks may lead to although they are not public. */
    readonly allow: readonly string[];
    /** How long a receiver may take. */
    readonly answerMs?: number;
  };
}

export interface Cloud {
  readonly url: string;
  readonly db: Db;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
  /** Bearer token of the API, kept in the data folder. */
  readonly token: string;
  readonly books: Books;
  readonly jobs: Jobs;
  readonly sender: Sender;
  /** Reads certificate and key again; lines that are up stay. @returns false: HQ speaks no TLS */
  reloadTls(): boolean;
  close(): Promise<void>;
}

const VERSION = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  .version as string;

const systemClock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

const BOOKS_EVERY_MS = 2_000;
/** While a crowd of tills brings what it sold without a line, the books take one batch in so long: acks first. */
const BOOKS_REST_MS = 4_000;

export async function startCloud(config: CloudConfig): Promise<Cloud> {
  const clock = config.clock ?? systemClock;
  const chance = { bytes: (count: number) => new Uint8Array(randomBytes(count)) };
  const sha256: Sha256 = (...parts) => {
    if (parts.length === 1) return hashOnce('sha256', parts[0]!, 'buffer');
    const hash = createHash('sha256');
    for (const part of parts) hash.update(part);
    return hash.digest();
  };
  mkdirSync(config.db.folder, { recursive: true });
  const token = tokenOf(config.db.folder);
  const ring = kekRing(config.env ?? process.env, config.db.folder, (text) => config.log(`note: ${text}`));
  const plain = await openDb({ ...config.db, warn: (text) => config.log(`warning: ${text}`) });
  let db = plain;
  let shared: ReturnType<typeof shareSignals> | null = null;
  try {
    db = withVault(plain, await openVault(plain, ring));
    await readyVault(db, ring, clock.nowMs(), config.log);
    const cloudId = await cloudIdOf(db, uuidV7(clock.nowMs(), chance.bytes(10)), clock.nowMs());
    const cloudKey = new LiveCloudKey(
      config.changeKey === true ? await changeCloudKey(db, cloudId, clock.nowMs()) : await cloudKeyOf(db),
    );
    const history = new History(db, cloudKey, chance);
    if (await history.open(clock.nowMs())) {
      config.log(
        'warning: this database was put back or moved: tills take the feed anew, leases wait for their word',
      );
    }
    const processId = uuidV7(clock.nowMs(), chance.bytes(10));
    const ownSignals = makeSignals();
    shared =
      db.bus === undefined ? null : shareSignals(ownSignals, db.bus, { process: processId, log: config.log });
    const signals = shared ?? ownSignals;
    const jobs = new Jobs({
      ...{ db, clock, signals, log: config.log, jobs: ALL_JOBS },
      holder: processId,
      onSchedule: config.onSchedule ?? true,
    });
    const reach = { allowed: parseNetworks(config.webhooks?.allow ?? []) };
    const sender = new Sender({
      ...{ db, clock, chance, policy: reach, log: config.log },
      ...(config.webhooks?.answerMs === undefined ? {} : { answerMs: config.webhooks.answerMs }),
    });
    // Of this process, and of all.
    let isHere = (_tillId: string) => false;
    let isOnline = (_tillId: string) => false;
    const meter = new HttpMeter();
    const access = { token, openOnLoopback: config.openOnLoopback };
    const app = await makeHttp({
      db,
      clock,
      chance,
      sha256,
      signals,
      cloudId,
      cloudKey,
      isOnline: (tillId) => isOnline(tillId),
      jobs,
      reach,
      access,
      meter,
      log: config.log,
      version: VERSION,
      tls: config.tls === undefined ? null : readTls(config.tls, clock.nowMs()),
      ...(config.rates === undefined ? {} : { rates: config.rates }),
      ...(config.patience === undefined ? {} : { patience: config.patience }),
    });
    registerMetrics(app, {
      ...{ db, meter, version: VERSION, nowMs: () => clock.nowMs(), isOnline: (tillId) => isHere(tillId) },
      mayAsk: async (request) => (await identify(request, { db, access, nowMs: clock.nowMs() })) !== null,
    });
    const shelf = new SnapshotShelf({
      db,
      folder: path.join(config.db.folder, 'snapshot'),
      nowMs: () => clock.nowMs(),
      log: config.log,
      sizes: config.snapshot,
    });
    registerSnapshot(app, { db, cloudId, shelf, signals, nowMs: () => clock.nowMs() });
    const sync = serveSync(app.server, {
      db,
      clock,
      chance,
      sha256,
      signals,
      cloudId,
      cloudKey,
      history,
      log: config.log,
      ...(config.limits === undefined ? {} : { limits: config.limits }),
    });
    isHere = sync.isOnline;
    isOnline = sync.isOnline;
    const presence =
      db.bus === undefined
        ? null
        : new Presence({ ...{ db, clock, signals, log: config.log }, process: processId, own: sync });
    if (presence !== null) isOnline = (tillId) => presence.isOnline(tillId);
    presence?.start();
    const giveWay = () => sync.lull(BOOKS_REST_MS);
    const books = new Books({ db, clock, sha256, cloudId, cloudKey, signals, log: config.log, giveWay });
    const renewKey = () => {
      cloudKey
        .renew(db)
        .then((isOther) => isOther && sync.hangUpAll('HQ has another key'))
        .catch((cause: Error) => config.log(`HQ's key: ${cause.message}`));
    };
    const stopKey = signals.on('cloud_key', renewKey);
    if (config.changeKey === true) signals.emit('cloud_key', {});
    const marks = setInterval(() => {
      // Should the signal have been missed.
      renewKey();
      history.setMark(clock.nowMs()).catch((cause: Error) => config.log(`mark: ${cause.message}`));
    }, config.markEveryMs ?? MARK_EVERY_MS);
    const stopBooks = signals.on('entries', () => books.poke());
    books.poke();
    // What a process that died has taken in and not booked.
    const leftovers = db.bus === undefined ? null : setInterval(() => books.poke(), BOOKS_EVERY_MS);
    await listen(app, config);
    await jobs.start();
    sender.start();
    const { port } = app.server.address() as AddressInfo;
    return {
      url: `${config.tls === undefined ? 'http' : 'https'}://${config.host === '0.0.0.0' ? 'localhost' : config.host}:${port}`,
      db,
      cloudId,
      cloudKey,
      token,
      books,
      jobs,
      sender,
      reloadTls: () => {
        if (config.tls === undefined) return false;
        (app.server as unknown as TlsServer).setSecureContext(readTls(config.tls, clock.nowMs()));
        return true;
      },
      close: async () => {
        clearInterval(marks);
        await sync.close();
        await presence?.close();
        await app.close();
        await jobs.close();
        await sender.close();
        stopBooks();
        stopKey();
        if (leftovers !== null) clearInterval(leftovers);
        await shared?.close();
        await books.close();
        await shelf.close();
        await db.close();
      },
    };
  } catch (cause) {
    await shared?.close();
    await db.close();
    throw cause;
  }
}

/** What lies in clear or under a former key is sealed anew before anybody is served. */
async function readyVault(db: Db, ring: KekRing, nowMs: number, log: (text: string) => void): Promise<void> {
  if (ring.former.length > 0) {
    const count = await rewrapKeys(db);
    log(
      `note: ${count} keys of members are wrapped by the new key ${ring.current.id}; the former ones may go.`,
    );
  }
  await sealOldBuyers(db);
  const sealed = await sealOld(db, nowMs);
  const secrets = await sealOldSecrets(db);
  if (secrets > 0) log(`note: ${secrets} secrets of second factors and webhooks are encrypted from now on.`);
  if (sealed.members > 0)
    log(`note: the personal data of ${sealed.members} members is encrypted from now on.`);
}

async function listen(app: Awaited<ReturnType<typeof makeHttp>>, { host, port }: CloudConfig): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    await app.close();
    if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause;
    throw new Error(`port ${port} is taken by another program. Stop it, or choose another with --port.`, {
      cause,
    });
  }
}

/** Made once, readable by its owner only. */
function tokenOf(folder: string): string {
  const file = path.join(folder, 'hq-token');
  if (!existsSync(file)) writeFileSync(file, randomBytes(24).toString('base64url'), { mode: 0o600 });
  chmodSync(file, 0o600);
  return readFileSync(file, 'utf8').trim();
}
