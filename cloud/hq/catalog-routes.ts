/**
 * Reading the catalogue: items by words, code or category, tiers, and the categories and brands that there are.
 */
import type { z } from 'zod';
import type { Queryable } from '../db/db.ts';
import { Params } from '../segments/params.ts';
import { type ApiParts, type App, may, ok } from './api.ts';
import { GroupList, ItemList, ItemQuery, TierList } from './catalog-schemas.ts';
import type { ItemShape, TierShape } from './schemas.ts';

export function registerCatalogReads(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/items',
    {
      config: may('catalog.read', 'rows'),
      schema: { summary: 'Items, by SKU', querystring: ItemQuery, response: ok(ItemList) },
    },
    async ({ query: { q, category, cursor, limit } }) => {
      const params = new Params();
      const conditions = ['true'];
      if (q !== undefined && q !== '') {
        const like = params.add(`%${q.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`);
        conditions.push(`lower(data->>'name' || ' ' || coalesce(data->>'names', '') || ' ' || sku || ' ' ||
          coalesce(data->>'gtins', '') || ' ' || coalesce(data->>'plu', '')) like ${like}`);
      }
      if (category !== undefined)
        conditions.push(`coalesce(data->>'category', '') = ${params.add(category)}`);
      const where = conditions.join(' and ');
      const [count] = await db.query<{ n: number }>(
        `select count(*)::int as n from item where ${where}`,
        params.values,
      );
      const after = params.add(cursor ?? '');
      const rows = await db.query<{ data: z.infer<typeof ItemShape> }>(
        `select data from item where ${where} and sku collate "C" > ${after} order by sku collate "C"
         limit ${params.add(limit + 1, 'int')}`,
        params.values,
      );
      const items = rows.slice(0, limit).map(({ data }) => data);
      return { items, total: count!.n, nextCursor: rows.length > limit ? items.at(-1)!.sku : null };
    },
  );
  app.get(
    '/api/v1/items/groups',
    {
      config: may('catalog.read', 'rows'),
      schema: { summary: 'Categories and brands that items are in', response: ok(GroupList) },
    },
    async () => {
      const groups = (field: 'category' | 'brand') =>
        db.query<{ key: string; items: number }>(
          `select data->>'${field}' as key, count(*)::int as items from item
           where data->>'${field}' is not null group by 1 order by 2 desc, 1`,
        );
      return { categories: await groups('category'), brands: await groups('brand') };
    },
  );
  app.get(
    '/api/v1/tiers',
    {
      config: { ...may('loyalty.read', 'rows'), etag: true },
      schema: { summary: 'Tiers by rank', response: ok(TierList) },
    },
    () => allTiers(db),
  );
}

/** By rank. */
export async function allTiers(db: Queryable): Promise<TierList> {
  const rows = await db.query<{ data: z.infer<typeof TierShape> }>('select data from tier');
  return { tiers: rows.map(({ data }) => data).sort((a, b) => a.rank - b.rank) };
}
