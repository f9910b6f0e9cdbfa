/**
 * The catalogue: stores and items, written by HQ and brought to the tills by the feed.
 */
import { isTemplatePattern } from '../../src/core/barcode.ts';
import { type GtinError, parseGtin } from '../../src/core/gtin.ts';
import type { Item } from '../../src/core/item.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Store } from '../../src/core/store.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type FeedChange, publish } from '../feed/feed.ts';
import { initialsOf } from '../feed/initials.ts';

export type CatalogError =
  | { readonly kind: 'gtin'; readonly sku: string; readonly gtin: string; readonly error: GtinError }
  | { readonly kind: 'template'; readonly storeId: string; readonly pattern: string }
  | { readonly kind: 'time_zone'; readonly storeId: string; readonly timeZone: string };

export async function putStores(
  db: Db,
  stores: readonly Store[],
  atMs: number,
): Promise<Result<number, CatalogError>> {
  for (const store of stores) {
    const bad = store.templates.find(({ pattern }) => !isTemplatePattern(pattern));
    if (bad !== undefined) return err({ kind: 'template', storeId: store.id, pattern: bad.pattern });
    if (!isTimeZone(store.timeZone))
      return err({ kind: 'time_zone', storeId: store.id, timeZone: store.timeZone });
  }
  await db.transaction(async (tx) => {
    const rows = stores.map((store) => ({ key: store.id, data: store }));
    await upsert(tx, { table: 'store', keyColumn: 'store_id' }, rows, atMs);
    // Each store's tills get their own store only.
    await publish(
      tx,
      rows.map(({ key, data }): FeedChange => ({ kind: 'store', key, storeId: key, data })),
    );
  });
  return ok(stores.length);
}

export async function putItems(
  db: Db,
  items: readonly Item[],
  atMs: number,
): Promise<Result<number, CatalogError>> {
  const checked: { key: string; data: Item }[] = [];
  for (const item of items) {
    const gtins: string[] = [];
    for (const gtin of item.gtins) {
      // Given in any length, kept with fourteen digits. Fourteen are taken as they are meant.
      const parsed = parseGtin(gtin);
      if (!parsed.ok) return err({ kind: 'gtin', sku: item.sku, gtin, error: parsed.error });
      gtins.push(parsed.value.gtin);
    }
    checked.push({ key: item.sku, data: { ...item, gtins } });
  }
  await db.transaction(async (tx) => {
    await upsert(tx, { table: 'item', keyColumn: 'sku' }, checked, atMs);
    await publish(
      tx,
      checked.map(({ key, data }): FeedChange => {
        const initials = initialsOf(data.name);
        return { kind: 'item', key, storeId: null, data: { ...data, initials } };
      }),
    );
  });
  return ok(items.length);
}

export async function itemBySku(db: Queryable, sku: string): Promise<Item | null> {
  const rows = await db.query<{ data: Item }>('select data from item where sku = $1', [sku]);
  return rows[0]?.data ?? null;
}

export async function allStores(db: Queryable): Promise<Store[]> {
  const rows = await db.query<{ data: Store }>('select data from store order by store_id');
  return rows.map(({ data }) => data);
}

export async function storeById(db: Queryable, storeId: string): Promise<Store | null> {
  const rows = await db.query<{ data: Store }>('select data from store where store_id = $1', [storeId]);
  return rows[0]?.data ?? null;
}

function isTimeZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}

async function upsert(
  tx: Queryable,
  { table, keyColumn }: { readonly table: 'store' | 'item'; readonly keyColumn: 'store_id' | 'sku' },
  rows: readonly { readonly key: string; readonly data: object }[],
  atMs: number,
): Promise<void> {
  await tx.query(
    `insert into ${table} (${keyColumn}, data, updated_at)
     select key, data, to_timestamp($3::float8 / 1000) from unnest($1::text[], $2::jsonb[]) as r(key, data)
     on conflict (${keyColumn}) do update set data = excluded.data, updated_at = excluded.updated_at`,
    [rows.map(({ key }) => key), rows.map(({ data }) => JSON.stringify(data)), atMs],
  );
}
