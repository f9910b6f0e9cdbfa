/**
 * What ingest cannot be faster than as it is built: frames unpacked, the chain of hashes walked, texts read and checked, and one
 * COPY of the wide sale rows with their indexes. No entry is kept, no signature, cursor or total is looked at, no point is booked.
 */
import { insertRows } from '../../cloud/db/copy.ts';
import { SALE_TABLE, type SaleRecord, saleRecordOf } from '../../cloud/ingest/sale-row.ts';
import { entryHash, genesisHash, type JournalEntry } from '../../src/core/entry.ts';
import { decodeFrame } from '../../src/protocol/codec.ts';
import { Up } from '../../src/protocol/up.ts';
import { sha256 } from '../../src/till/run.ts';
import type { TestCloud } from '../kit/cloud.ts';
import { type CpuMs, cpuMeter, inTurns } from './copy-peer.ts';

const TABLE = { ...SALE_TABLE, name: 'floor.sale' } as const;
const COLUMNS = Object.keys(TABLE.columns) as (keyof typeof TABLE.columns)[];

export interface FloorTill {
  readonly journalId: string;
  readonly storeId: string;
  readonly frames: readonly Uint8Array[];
}

export async function ingestFloor(
  { db }: Pick<TestCloud, 'db'>,
  tills: readonly FloorTill[],
  connections: number,
): Promise<{ readonly salesPerSecond: number; readonly cpu: CpuMs | null }> {
  await db.script(`drop schema if exists floor cascade; create schema floor;
    create table floor.sale (like public.sale including all)`);
  const cpu = db.kind === 'pg' ? cpuMeter(db.description) : null;
  const start = performance.now();
  let sales = 0;
  await inTurns(tills, connections, async ({ journalId, storeId, frames }) => {
    let head = genesisHash(sha256, journalId);
    for (const bytes of frames) {
      const frame = decodeFrame(bytes, Up);
      if (!frame.ok || frame.value.t !== 'push') throw new Error('the bench makes frames');
      const records: SaleRecord[] = [];
      for (const text of frame.value.entries) {
        head = entryHash(sha256, head, text);
        const entry = JSON.parse(text) as JournalEntry & { readonly kind: 'sale' };
        const record = saleRecordOf({ entry, storeId, localHour: 16, currency: 'CNY', channel: null });
        if (!record.ok) throw new Error(record.error);
        records.push(record.value);
      }
      if (head !== frame.value.hash) throw new Error('the bench chains its entries');
      await db.transaction((tx) =>
        insertRows(
          tx,
          TABLE,
          records.map((record) => COLUMNS.map((column) => record[column])),
        ),
      );
      sales += records.length;
    }
  });
  const seconds = (performance.now() - start) / 1_000;
  return { salesPerSecond: sales / seconds, cpu: cpu?.() ?? null };
}
