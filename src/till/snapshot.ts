/**
 * The snapshot at the till: a new till has its goods and members in seconds (src/protocol/snapshot).
 *
 * A part is fetched whole, checked, unpacked in memory and copied into the encrypted file; no plain byte of it touches the
 * disk; the next one comes meanwhile. Part and place are one transaction, so a break goes on with the next part, and a snapshot
 * that HQ has replaced starts over. The indexes are made once all rows are there, those for typed search later. Without a snapshot, or where one cannot be had, the feed brings all.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { zstdDecompress } from 'node:zlib';
import type { z } from 'zod';
import type { FeedRow } from '../protocol/down.ts';
import {
  PART_BYTES_MAX,
  SNAPSHOT_PATH,
  SNAPSHOT_VERSION,
  SnapshotList,
  SnapshotNonce,
  type SnapshotPart,
  snapshotStatement,
} from '../protocol/snapshot.ts';
import { readPart, type Sqlite, withPart } from './db.ts';
import type { FeedResult, FeedWriter } from './feed.ts';
import type { DeviceKey, Identity } from './identity.ts';
import { isForLater, makeLater } from './later-indexes.ts';
import type { MemberIndex } from './member-index.ts';
import type { State } from './state.ts';

export interface SnapshotParts {
  readonly db: Sqlite;
  readonly identity: Identity;
  readonly deviceKey: DeviceKey;
  /** Of the shop's file. */
  readonly key: Uint8Array;
  readonly state: State;
  readonly feed: FeedWriter;
  readonly members: MemberIndex;
  readonly log: (text: string) => void;
  readonly onFeed: (result: FeedResult) => void;
  readonly fetch?: typeof fetch;
}

/** How far a snapshot that is being taken is. */
interface Progress {
  readonly snapshotId: string;
  readonly done: number;
  /** Indexes that wait for the rows, as they were made. */
  readonly indexes: readonly string[];
}

const unpack = promisify(zstdDecompress);
const ANSWER_BYTES_MAX = 1_000_000;
/** HQ makes a snapshot of a large chain in a minute or two. */
const WAITS_MAX = 600;
const TRIES_MAX = 3;
/** Copying one holds up the line, so the next must lie unpacked by then and the one after it be on its way. */
const PARTS_AHEAD = 3;

export class SnapshotLoader {
  private readonly parts: SnapshotParts;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;

  constructor(parts: SnapshotParts) {
    this.parts = parts;
  }

  /** Only a till that has nothing from HQ yet, or was taking a snapshot when it went down. */
  get isNeeded(): boolean {
    const { state, feed, db } = this.parts;
    if (state.text('snapshot') !== null) return true;
    if (feed.cursor > 0) return false;
    const { n } = db
      .prepare('select (select count(*) from item) + (select count(*) from member) as n')
      .get() as { n: number };
    return n === 0;
  }

  /** Takes the snapshot, if there is one. Never throws: what does not work is logged, and the feed brings it. */
  load(): Promise<void> {
    this.running ??= this.loadOrLog().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
  }

  private async loadOrLog(): Promise<void> {
    try {
      await this.take();
    } catch (cause) {
      if (this.stopping.signal.aborted) return;
      this.parts.log(`snapshot: ${(cause as Error).message}; the feed brings everything`);
      this.end();
    }
  }

  private async take(): Promise<void> {
    const startMs = performance.now();
    const list = await this.list();
    if (list.parts.length === 0) return this.end();
    if (list.version !== SNAPSHOT_VERSION) throw new Error(`HQ has version ${list.version} of snapshots`);
    const from = this.begin(list.snapshotId);
    const others: FeedRow[] = [];
    for await (const { part, number, bytes } of this.partsFrom(list, from)) {
      // Rows of the kinds that are few are taken at the end, in one go with the cursor.
      if (part.holds === 'others') others.push(...readPart(bytes));
      else this.copy(bytes, number);
    }
    this.makeIndexes('now');
    const { feed, members, log, onFeed } = this.parts;
    members.fillLater();
    const result = feed.apply({ rows: others, nextCursor: list.cursor }, null);
    this.end(true);
    log(`snapshot: ${list.rows} rows in ${((performance.now() - startMs) / 1_000).toFixed(1)} s`);
    onFeed(result);
  }

  // ---- HQ ----

  private async list(): Promise<SnapshotList> {
    for (let wait = 0; wait < WAITS_MAX; wait++) {
      const { identity, deviceKey } = this.parts;
      const { tillId, cloudId } = identity;
      const { nonce } = await this.ask('ask', { tillId }, SnapshotNonce);
      const sig = deviceKey.sign(snapshotStatement({ cloudId, tillId, nonce }));
      const list = await this.ask('open', { tillId, nonce, sig }, SnapshotList);
      if (list.retryMs === undefined) return list;
      await this.pause(list.retryMs);
    }
    throw new Error('HQ makes none');
  }

  private async ask<T>(what: 'ask' | 'open', body: object, schema: z.ZodType<T>): Promise<T> {
    const response = await this.call(what, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    const text = (await bodyOf(response, ANSWER_BYTES_MAX)).toString('utf8');
    if (!response.ok) throw new Error(`HQ said ${response.status}`);
    return schema.parse(JSON.parse(text));
  }

  private async fetchPart(token: string, number: number, part: SnapshotPart): Promise<Buffer> {
    for (let tries = 1; ; tries++) {
      try {
        const response = await this.call(`parts/${token}/${number}`, {});
        if (!response.ok) throw new Error(`HQ said ${response.status}`);
        const packed = await bodyOf(response, part.bytes);
        const sha256 = createHash('sha256').update(packed).digest('hex');
        if (packed.length !== part.bytes || sha256 !== part.sha256)
          throw new Error('it arrived torn or changed');
        return await unpack(packed, { maxOutputLength: part.rawBytes, chunkSize: part.rawBytes });
      } catch (cause) {
        if (tries >= TRIES_MAX || this.stopping.signal.aborted) {
          throw new Error(`part ${number + 1}: ${(cause as Error).message}`, { cause });
        }
      }
    }
  }

  /** One after the other; while one is copied the next ones are fetched and unpacked. */
  private async *partsFrom(
    { parts, token }: SnapshotList,
    from: number,
  ): AsyncGenerator<{ readonly part: SnapshotPart; readonly number: number; readonly bytes: Buffer }> {
    const wanted = [...parts.entries()].filter(([number, { holds }]) => holds === 'others' || number >= from);
    const coming: Promise<Buffer>[] = [];
    const askFor = (place: number): void => {
      const next = wanted[place];
      if (next === undefined) return;
      const bytes = this.fetchPart(token, ...next);
      // Whoever waits for it hears of what goes wrong.
      bytes.catch(() => {});
      coming.push(bytes);
    };
    for (let place = 0; place < PARTS_AHEAD; place++) askFor(place);
    for (const [place, [number, part]] of wanted.entries()) {
      const bytes = await coming.shift()!;
      this.stopping.signal.throwIfAborted();
      askFor(place + PARTS_AHEAD);
      yield { part, number, bytes };
    }
  }

  private call(path: string, init: RequestInit): Promise<Response> {
    const base = this.parts.identity.cloudUrl.replace(/^ws/, 'http');
    const url = new URL(`${SNAPSHOT_PATH}/${path}`, base);
    return (this.parts.fetch ?? fetch)(url, { ...init, signal: this.stopping.signal });
  }

  private pause(ms: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.stopping;
      const timer = setTimeout(resolve, ms);
      signal.addEventListener('abort', () => {
        clearTimeout(timer);
        reject(new Error('the till stops'));
      });
    });
  }

  // ---- the file ----

  /** @returns the part to go on with */
  private begin(snapshotId: string): number {
    const { db, state } = this.parts;
    const before = this.progress();
    if (before?.snapshotId === snapshotId) return before.done;
    const indexes = before?.indexes ?? this.indexSql();
    db.transaction(() => {
      for (const name of this.indexNames()) db.exec(`drop index ${name}`);
      for (const table of ['item', 'item_code', 'member']) db.exec(`delete from ${table}`);
      db.exec("insert into member_name (member_name) values ('delete-all')");
      state.set('snapshot', JSON.stringify({ snapshotId, done: 0, indexes } satisfies Progress));
    })();
    return 0;
  }

  private copy(bytes: Buffer, number: number): void {
    const { db, key } = this.parts;
    const progress = JSON.stringify({ ...this.progress()!, done: number + 1 } satisfies Progress);
    withPart(bytes, { shop: db, key }, (part) => {
      part.exec(`begin immediate;
        insert or replace into shop.item select * from main.item;
        insert or replace into shop.item_code select * from main.item_code;
        insert into shop.member select * from main.member;`);
      part.prepare("insert or replace into shop.state (name, value) values ('snapshot', ?)").run(progress);
      part.exec('commit');
    });
  }

  /** @param which `now`: those that a sale needs, the others in quiet moments */
  private makeIndexes(which: 'now' | 'all'): void {
    const { db, state } = this.parts;
    const { indexes } = this.progress()!;
    db.transaction(() => {
      const there = new Set(this.indexSql());
      const isLater = (sql: string) => which === 'now' && isForLater(/index (\w+)/i.exec(sql)?.[1] ?? '');
      const missing = indexes.filter((sql) => !there.has(sql));
      for (const sql of missing) if (!isLater(sql)) db.exec(sql);
      makeLater(state, missing.filter(isLater));
    })();
  }

  /** The way is free for the feed: no progress, and without a snapshot all indexes as they were. */
  private end(isTaken = false): void {
    if (this.progress() === null) return;
    if (!isTaken) this.makeIndexes('all');
    this.parts.db.prepare("delete from state where name = 'snapshot'").run();
  }

  private progress(): Progress | null {
    const text = this.parts.state.text('snapshot');
    return text === null ? null : (JSON.parse(text) as Progress);
  }

  private indexSql(): string[] {
    return this.indexes().map(({ sql }) => sql);
  }

  private indexNames(): string[] {
    return this.indexes().map(({ name }) => name);
  }

  private indexes(): { name: string; sql: string }[] {
    return this.parts.db
      .prepare(
        `select name, sql from sqlite_master where type = 'index' and tbl_name in ('item', 'item_code', 'member')
         and sql is not null`,
      )
      .all() as { name: string; sql: string }[];
  }
}

/** @throws Error when there is more than was said */
async function bodyOf(response: Response, bytesMax: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body ?? []) {
    bytes += chunk.length;
    if (bytes > Math.min(bytesMax, PART_BYTES_MAX)) throw new Error('HQ sent more than it said');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
