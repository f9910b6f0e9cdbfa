/**
 * Snapshots that are ready: the chain's parts made once for many tills, made anew when the feed has gone far beyond them.
 *
 * Parts lie in a folder of HQ's, each sealed by a key that only this process's memory holds: what an earlier process left
 * cannot be read, by nobody, and is cleared away. Nobody asking for an hour ends them too.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { SnapshotPart } from '../../src/protocol/snapshot.ts';
import type { Db } from '../db/db.ts';
import { feedHead } from '../feed/feed.ts';
import { buildParts, type PackedPart } from './build.ts';

export interface Snapshot {
  readonly snapshotId: string;
  readonly cursor: number;
  readonly rows: number;
  readonly parts: readonly StoredPart[];
}

export interface StoredPart extends SnapshotPart {
  read(): Promise<Buffer>;
}

export interface ShelfParts {
  readonly db: Db;
  /** Ours alone; emptied at the start and at the end. */
  readonly folder: string;
  readonly nowMs: () => number;
  readonly log: (text: string) => void;
  readonly sizes?: SnapshotSizes | undefined;
}

export interface SnapshotSizes {
  /** Below so many rows of the feed there is no snapshot: the feed is as fast. */
  readonly rowsMin?: number;
  /** Characters of one part. */
  readonly partChars?: number;
}

const ROWS_MIN = 5_000;
/** A snapshot that lies this far behind, in rows or in time, is made anew; until then it is still good. */
const BEHIND_PART = 0.1;
const AGE_MS_MAX = 6 * 3_600_000;
const IDLE_MS_MAX = 3_600_000;

export class SnapshotShelf {
  private readonly parts: ShelfParts;
  private readonly key = randomBytes(32);
  private chain: (Snapshot & { readonly madeMs: number }) | null = null;
  private making: Promise<void> | null = null;
  private idle: NodeJS.Timeout | null = null;
  private number = 0;
  private closed = false;

  constructor(parts: ShelfParts) {
    this.parts = parts;
    rmSync(parts.folder, { recursive: true, force: true });
  }

  /** @returns 'none': the feed is as fast; 'making': ask again */
  async forStore(storeId: string): Promise<Snapshot | 'none' | 'making'> {
    const { db, sizes } = this.parts;
    this.keepAwake();
    if (this.chain === null) {
      const head = await feedHead(db);
      if (head.rows < (sizes?.rowsMin ?? ROWS_MIN)) return 'none';
      this.make();
      return 'making';
    }
    if (await this.isOld(this.chain)) this.make();
    const { chain } = this;
    const own: StoredPart[] = [];
    // Those of one store are few: they are made for each till that asks, and kept in memory.
    const { rows } = await buildParts(db, { storeId, own: true }, (part) => {
      own.push(inMemory(part));
    });
    // A till takes the feed from where the chain's rows stood: of its store's rows it may see some twice.
    return { ...chain, rows: chain.rows + rows, parts: [...chain.parts, ...own] };
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.idle !== null) clearTimeout(this.idle);
    await this.making;
    rmSync(this.parts.folder, { recursive: true, force: true });
  }

  private async isOld({ cursor, rows, madeMs }: Snapshot & { readonly madeMs: number }): Promise<boolean> {
    const head = await feedHead(this.parts.db);
    return head.pos - cursor > rows * BEHIND_PART || this.parts.nowMs() - madeMs > AGE_MS_MAX;
  }

  private make(): void {
    if (this.making !== null || this.closed) return;
    this.making = this.build()
      .catch((cause: Error) => this.parts.log(`snapshot: ${cause.message}`))
      .finally(() => {
        this.making = null;
      });
  }

  private async build(): Promise<void> {
    const { db, folder, nowMs, log, sizes } = this.parts;
    const startMs = performance.now();
    const snapshotId = randomBytes(12).toString('hex');
    const parts: StoredPart[] = [];
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const { cursor, rows } = await buildParts(
      db,
      { storeId: '', own: true, partChars: sizes?.partChars },
      async (part) => {
        parts.push(await this.store(part));
      },
    );
    const old = this.chain;
    this.chain = { snapshotId, cursor, rows, parts, madeMs: nowMs() };
    const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
    const seconds = ((performance.now() - startMs) / 1_000).toFixed(1);
    log(
      `snapshot: ${rows} rows in ${parts.length} parts, ${(bytes / 1e6).toFixed(1)} MB, made in ${seconds} s`,
    );
    // Tills that are half-way through the older one start over.
    if (old !== null) for (const part of old.parts) rmSync(fileOf(part), { force: true });
  }

  private async store({ packed, ...part }: PackedPart): Promise<StoredPart> {
    const file = path.join(this.parts.folder, `${++this.number}.part`);
    const iv = randomBytes(12);
    const cipher = createCipheriv('aes-256-gcm', this.key, iv);
    const sealed = Buffer.concat([iv, cipher.update(packed), cipher.final(), cipher.getAuthTag()]);
    await writeFile(file, sealed, { mode: 0o600 });
    const read = async () => {
      const bytes = await readFile(file);
      const decipher = createDecipheriv('aes-256-gcm', this.key, bytes.subarray(0, 12));
      decipher.setAuthTag(bytes.subarray(-16));
      return Buffer.concat([decipher.update(bytes.subarray(12, -16)), decipher.final()]);
    };
    return Object.assign({ ...part, read }, { [FILE]: file });
  }

  private keepAwake(): void {
    if (this.idle !== null) clearTimeout(this.idle);
    this.idle = setTimeout(() => {
      this.chain = null;
      rmSync(this.parts.folder, { recursive: true, force: true });
    }, IDLE_MS_MAX);
    this.idle.unref();
  }
}

const FILE = Symbol('file');

function fileOf(part: StoredPart): string {
  return (part as StoredPart & { readonly [FILE]: string })[FILE];
}

function inMemory({ packed, ...part }: PackedPart): StoredPart {
  return { ...part, read: async () => packed };
}
