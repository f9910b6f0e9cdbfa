/**
 * Versions of the offers: what stood when, who published it, and all of its words, so that any of them can be published again.
 */
import { offerVersions } from '../loyalty/offer-versions.ts';
import { type ApiParts, type App, may, ok } from './api.ts';
import { OfferVersionList, OfferVersionQuery } from './offer-preview-schemas.ts';
import { pageRead, placeOf } from './pages.ts';

export function registerOfferVersions(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/offer-versions',
    {
      config: may('promotions.read', 'chain'),
      schema: {
        summary:
          'Versions of coupons, benefits, points, tiers and other offers with who and when, newest first',
        querystring: OfferVersionQuery,
        response: ok(OfferVersionList),
      },
    },
    async ({ query }) => {
      const { kind, offerId = null, cursor, limit } = query;
      const rows = await offerVersions(db, { kind, offerId, after: placeOf(cursor, 3), limit: limit + 1 });
      const page = pageRead(rows, query, ({ atMs, offerId: id, no }) => [atMs, id, no]);
      return {
        versions: page.rows as unknown as import('zod').z.infer<typeof OfferVersionList>['versions'],
        nextCursor: page.nextCursor,
      };
    },
  );
}
