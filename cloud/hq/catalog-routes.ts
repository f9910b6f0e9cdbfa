/**
 * Reading the catalogue: items by words, code or category, tiers, and the categories and brands that there are.
 */
import { z } from 'zod';
import { Params } from '../segments/params.ts';
import { type ApiParts, type App, may, ok } from './api.ts';
import { ItemShape, TierShape } from './schemas.ts';

const ItemQuery = z.object({
  q: z.string().trim().max(100).optional().describe('part of the name in any language, SKU, GTIN or PLU'),
  category: z.string().max(120).optional(),
  cursor: z.string().min(1).max(64).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});
export const ItemList = z
  .object({
    items: z.array(ItemShape),
    total: z.int().describe('that fit, on all pages'),
    nextCursor: z.string().nullable(),
  })
  .meta({ id: 'ItemList' });
export type ItemList = z.infer<typeof ItemList>;
export const TierList = z.object({ tiers: z.array(TierShape) }).meta({ id: 'TierList' });
export type TierList = z.infer<typeof TierList>;
const GroupList = z
  .object({
    categories: z.array(z.object({ key: z.string(), items: z.int() })),
    brands: z.array(z.object({ key: z.string(), items: z.int() })),
  })
  .meta({ id: 'ItemGroups' });
export type GroupList = z.infer<typeof GroupList>;

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
      config: may('loyalty.read', 'rows'),
      schema: { summary: 'Tiers by rank', response: ok(TierList) },
    },
    async () => {
      const rows = await db.query<{ data: z.infer<typeof TierShape> }>('select data from tier');
      return { tiers: rows.map(({ data }) => data).sort((a, b) => a.rank - b.rank) };
    },
  );
}
