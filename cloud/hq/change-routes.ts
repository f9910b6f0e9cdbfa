/**
 * What was changed of the offers of the house: who, when, which version, and what was other before. Read from the audit log, so
 * no way of changing can leave it out; for those who work with offers and may not read the whole log.
 */
import { z } from 'zod';
import { type AuditEntry, auditOfRoutes } from '../access/audit.ts';
import { type ApiParts, type App, may, ok } from './api.ts';

/** Routes by area: the page on which their changes are shown. */
const AREAS = {
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
    'PUT /api/v1/coupon-packs',
    'POST /api/v1/draws',
    'POST /api/v1/draws/:drawId/draw',
  ],
  prices: ['PUT /api/v1/rules', 'PUT /api/v1/items', 'PUT /api/v1/items/:sku'],
} as const;
type Area = keyof typeof AREAS;

const ChangeQuery = z.object({
  area: z.enum(Object.keys(AREAS) as [Area, ...Area[]]),
  cursor: z.coerce.number().int().min(1).optional().describe('`nextCursor` of the page before'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
});
const OfferChange = z
  .object({
    seq: z.int().describe('of the audit log'),
    atMs: z.int(),
    by: z.object({ kind: z.string(), name: z.string().describe('a login or a token’s name') }),
    route: z.string(),
    thing: z.string().nullable().describe('the id in the address'),
    version: z.string().nullable().describe('that was published by it'),
    sent: z.unknown().optional().describe('text that is no id or word of a closed set is `…`'),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .meta({ id: 'OfferChange' });
const OfferChangeList = z
  .object({ changes: z.array(OfferChange), nextCursor: z.int().nullable() })
  .meta({ id: 'OfferChanges' });
export type OfferChange = z.infer<typeof OfferChange>;
export type OfferChangeList = z.infer<typeof OfferChangeList>;

export function registerChanges(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/offer-changes',
    {
      config: may('promotions.read', 'chain'),
      schema: {
        summary: 'Changes of programme, tiers, coupons and other offers, or of rules and items, newest first',
        querystring: ChangeQuery,
        response: ok(OfferChangeList),
      },
    },
    async ({ query: { area, cursor, limit } }) => {
      const asked = { routes: AREAS[area], before: cursor ?? null, limit: limit + 1 };
      const deeds = await auditOfRoutes(db, asked);
      const shown = deeds.slice(0, limit);
      return {
        changes: shown.map(changeOf),
        nextCursor: deeds.length > limit ? shown.at(-1)!.done.seq : null,
      };
    },
  );
}

function changeOf({ asked, done }: { readonly asked: AuditEntry; readonly done: AuditEntry }): OfferChange {
  const { version } = (asked.sent ?? {}) as { readonly version?: unknown };
  const ids = Object.values((done.params ?? {}) as Record<string, unknown>);
  return {
    seq: done.seq,
    atMs: done.atMs,
    by: { kind: done.actor.kind, name: done.actor.name },
    route: done.route,
    thing: ids.length === 0 ? null : ids.join(' '),
    version: typeof version === 'string' && version !== '…' ? version : null,
    sent: asked.sent,
    before: done.before,
    after: done.after,
  };
}
