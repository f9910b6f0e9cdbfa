/** Shapes of what was changed of offers. */
import { z } from 'zod';

/** Routes by area: the page on which their changes are shown. */
export const AREAS = {
  loyalty: [
    'PUT /api/v1/programme',
    'PUT /api/v1/tiers',
    'PUT /api/v1/tier-rules',
    'PUT /api/v1/stored-value/policy',
    'PUT /api/v1/benefits',
    'PUT /api/v1/referral-terms',
    'PUT /api/v1/coupon-templates',
    'POST /api/v1/coupon-templates/:templateId/end',
    'POST /api/v1/coupon-templates/:templateId/issues',
    'POST /api/v1/coupon-templates/:templateId/issues/:key/cancel',
    'PUT /api/v1/coupon-packs',
    'POST /api/v1/draws',
    'POST /api/v1/draws/:drawId/draw',
  ],
  prices: ['PUT /api/v1/rules', 'PUT /api/v1/items', 'PUT /api/v1/items/:sku'],
} as const;
type Area = keyof typeof AREAS;

export const ChangeQuery = z.object({
  area: z.enum(Object.keys(AREAS) as [Area, ...Area[]]),
  cursor: z.coerce.number().int().min(1).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
export const OfferChange = z
  .object({
    seq: z.int().describe('of the audit log'),
    atMs: z.int(),
    by: z.object({ kind: z.string(), name: z.string().describe('a login or a token’s name') }),
    route: z.string(),
    thing: z.string().nullable().describe('the id in the address, else the one in the body'),
    version: z.string().nullable().describe('that was published by it'),
    sent: z.unknown().optional().describe('text that is no id or word of a closed set is `…`'),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'OfferChange' });
export const OfferChangeList = z
  .object({ changes: z.array(OfferChange), nextCursor: z.int().nullable() })
  .meta({ id: 'OfferChanges' });
export type OfferChange = z.infer<typeof OfferChange>;
export type OfferChangeList = z.infer<typeof OfferChangeList>;
