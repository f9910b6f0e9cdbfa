/**
 * Shapes of reading the catalogue.
 */
import { z } from 'zod';
import { ItemShape, nextCursor, TierShape } from './schemas.ts';

export const ItemQuery = z.object({
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
export const GroupList = z
  .object({
    categories: z.array(z.object({ key: z.string(), items: z.int() })),
    brands: z.array(z.object({ key: z.string(), items: z.int() })),
  })
  .meta({ id: 'ItemGroups' });
export type GroupList = z.infer<typeof GroupList>;

// ---- rules before and after they are out ----

export const RulePreviewAsked = z.object({
  businessDate: z.iso.date(),
  rules: z.looseObject({}).describe('a whole rule set, as for publishing'),
});
export const TierPreviewAsked = z.object({
  businessDate: z.iso.date(),
  tiers: z
    .array(z.object({ id: z.string().min(1).max(64), discountBp: z.int().min(0).max(10_000) }))
    .min(1)
    .max(100)
    .describe('the discounts that are tried; others stay as they were'),
});
export const RulePreview = z
  .object({
    books: z.array(
      z.object({
        currency: z.string(),
        sales: z.int().describe('that were priced again'),
        changed: z.int(),
        differenceMinor: z.int().describe('what all of them would have come to, less what they came to'),
      }),
    ),
  })
  .meta({ id: 'RulePreview' });
export const RuleVersionList = z
  .object({
    versions: z.array(z.object({ version: z.string(), publishedAtMs: z.int(), rules: z.int() })),
    nextCursor,
  })
  .meta({ id: 'RuleVersions' });
export const RolloutList = z
  .object({
    tills: z.array(
      z.object({
        tillId: z.string(),
        storeId: z.string(),
        code: z.string(),
        version: z.string().nullable().describe('of its last sale; null before the first'),
        atMs: z.int().nullable(),
      }),
    ),
    nextCursor,
  })
  .meta({ id: 'RuleRollout' });
