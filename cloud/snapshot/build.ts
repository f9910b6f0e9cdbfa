/**
 * Makes the parts of a snapshot from the feed as it stands at one moment.
 *
 * The rows of every store once for the whole chain, those of one store in a small part of their own. HQ goes on working
 * meanwhile: rows come by the page, packing is done on other threads.
 */
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { constants, zstdCompress } from 'node:zlib';
import { OWN_PLACE, type SnapshotPart, type SnapshotRow, snapshotRow } from '../../src/protocol/snapshot.ts';
import type { Db, Queryable } from '../db/db.ts';
import { feedAfter } from '../feed/feed.ts';
import { PartWriter } from './part.ts';

const pack = promisify(zstdCompress);
/**
 * Many tills take what is packed once. Level 9 with the optimal parser: a ninth less than level 6, fewer bytes than the same rows as pages
 * of the feed, and unpacked in half the time; it takes HQ ten times as long, on another thread.
 */
const ZSTD = {
  params: {
    [constants.ZSTD_c_compressionLevel]: 9,
    [constants.ZSTD_c_strategy]: constants.ZSTD_btopt,
    [constants.ZSTD_c_checksumFlag]: 1,
  },
};
/** Some 12 MB in a till's memory, which holds three of them; the first is there the sooner. */
const PART_CHARS = 8_000_000;
const PAGE_ROWS = 2_000;

export interface PackedPart extends SnapshotPart {
  readonly packed: Buffer;
}

/** Takes a part that is ready; the next is begun when it has it. */
export type TakePart = (part: PackedPart) => Promise<void> | void;

/** @returns where the feed goes on for who has all parts, and how many rows they hold */
export async function buildParts(
  db: Db,
  facts: { readonly storeId: string; readonly own: boolean; readonly partChars?: number | undefined },
  take: TakePart,
): Promise<{ readonly cursor: number; readonly rows: number }> {
  return db.transaction(async (tx) => {
    // One moment for all pages: a row that changes meanwhile is not in twice.
    await tx.query('set transaction isolation level repeatable read, read only');
    return new Building(tx, facts, take).run();
  });
}

class Building {
  private readonly tx: Queryable;
  private readonly facts: Parameters<typeof buildParts>[1];
  private readonly take: TakePart;
  private goods: PartWriter;
  /** Last of all, so that a till that has its store has its goods as well. */
  private readonly others: PartWriter[] = [new PartWriter(1)];
  private rows = 0;

  constructor(tx: Queryable, facts: Parameters<typeof buildParts>[1], take: TakePart) {
    this.tx = tx;
    this.facts = facts;
    this.take = take;
    this.goods = new PartWriter(facts.own && facts.storeId !== '' ? OWN_PLACE : 1);
  }

  async run(): Promise<{ cursor: number; rows: number }> {
    const { storeId, own } = this.facts;
    let cursor = 0;
    for (let more = true; more; ) {
      const page = await feedAfter(this.tx, { storeId, own, cursor, rowsMax: PAGE_ROWS });
      for (const row of page.rows) {
        const placed = snapshotRow(row);
        if (placed.table === 'other') this.other().add(placed);
        else await this.good(placed);
      }
      this.rows += page.rows.length;
      ({ nextCursor: cursor, more } = page);
    }
    await this.done(this.goods, 'goods');
    for (const part of this.others) await this.done(part, 'others');
    return { cursor, rows: this.rows };
  }

  private async good(row: SnapshotRow): Promise<void> {
    this.goods.add(row);
    if (!this.isFull(this.goods)) return;
    await this.done(this.goods, 'goods');
    this.goods = new PartWriter(this.goods.place);
  }

  private other(): PartWriter {
    if (this.isFull(this.others.at(-1)!)) this.others.push(new PartWriter(1));
    return this.others.at(-1)!;
  }

  private isFull({ chars }: PartWriter): boolean {
    return chars >= (this.facts.partChars ?? PART_CHARS);
  }

  private async done(writer: PartWriter, holds: SnapshotPart['holds']): Promise<void> {
    const { rows } = writer;
    const raw = writer.take();
    if (rows === 0) return;
    const packed = await pack(raw, ZSTD);
    const sha256 = createHash('sha256').update(packed).digest('hex');
    await this.take({ holds, packed, bytes: packed.length, rawBytes: raw.length, sha256 });
  }
}
