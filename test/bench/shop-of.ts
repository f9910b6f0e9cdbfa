/**
 * A till's real, encrypted `shop.db` of a given size, filled through the feed's own writer.
 */
import path from 'node:path';
import { memberCardNo } from '../../src/core/barcode.ts';
import { checkDigit } from '../../src/core/gtin.ts';
import type { FeedRow } from '../../src/protocol/down.ts';
import { openTillDb, type Sqlite } from '../../src/till/db.ts';
import { FeedWriter } from '../../src/till/feed.ts';
import { State } from '../../src/till/state.ts';
import { demoWorld } from '../../src/tools/demo-world.ts';

export const KEY = new Uint8Array(32).fill(7);

export function gtinOf(index: number): string {
  const body = `0690${String(index).padStart(9, '0')}`;
  return body + checkDigit(body);
}

export function shopOf(folder: string, facts: { readonly items: number; readonly members: number }): Sqlite {
  const db = openTillDb(path.join(folder, 'shop.db'), 'shop', KEY);
  const feed = new FeedWriter(db, new State(db));
  const { stores, tiers } = demoWorld();
  const rows = function* (): Generator<FeedRow> {
    yield { kind: 'store', key: stores[0]!.id, data: stores[0] };
    for (const tier of tiers) yield { kind: 'tier', key: tier.id, data: tier };
    for (let n = 0; n < facts.items; n++) yield { kind: 'item', key: `SKU${n}`, data: anItem(n) };
    for (let n = 0; n < facts.members; n++) yield { kind: 'member', key: `m-${n}`, data: aMember(n) };
  };
  let page: FeedRow[] = [];
  let cursor = 0;
  for (const row of rows()) {
    page.push(row);
    if (page.length < 5_000) continue;
    feed.apply({ rows: page, nextCursor: ++cursor }, null);
    page = [];
  }
  feed.apply({ rows: page, nextCursor: ++cursor }, 1);
  db.pragma('wal_checkpoint(TRUNCATE)');
  return db;
}

function anItem(n: number) {
  return {
    sku: `SKU${n}`,
    name: `商品 ${n}`,
    initials: `sp${n}`,
    gtins: [gtinOf(n)],
    category: `C${n % 40}`,
    unit: 'each',
    priceMinor: 100 + (n % 9_900),
    taxCode: n % 3 === 0 ? 'food' : 'standard',
  };
}

function aMember(n: number) {
  return {
    id: `m-${n}`,
    cardNo: memberCardNo(n),
    name: `会员${n}`,
    initials: `hy${n}`,
    phone: `1${String(3_000_000_000 + n)}`,
    tierId: 'gold',
  };
}
