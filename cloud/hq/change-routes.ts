/**
 * What was changed of the offers of the house: who, when, which version, and what was other before. Read from the audit log, so
 * no way of changing can leave it out; for those who work with offers and may not read the whole log.
 */
import { type AuditEntry, auditOfRoutes } from '../access/audit.ts';
import { type ApiParts, type App, may, ok } from './api.ts';
import { AREAS, ChangeQuery, type OfferChange, OfferChangeList } from './change-schemas.ts';

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
  const { version, id, sku } = (asked.sent ?? {}) as Readonly<Record<string, unknown>>;
  const ids = Object.values((done.params ?? {}) as Record<string, unknown>);
  return {
    seq: done.seq,
    atMs: done.atMs,
    by: { kind: done.actor.kind, name: done.actor.name },
    route: done.route,
    thing: ids.length === 0 ? wordOf(id ?? sku) : ids.join(' '),
    version: wordOf(version),
    sent: asked.sent,
    before: done.before,
    after: done.after,
  };
}

/** What the log leaves out is `…`. */
function wordOf(sent: unknown): string | null {
  return typeof sent === 'string' && sent !== '…' ? sent : null;
}
