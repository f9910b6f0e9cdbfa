/**
 * `/api/v1/reports/breakdown`: the sales of a period by any dimension, for any filter that the list of sales knows too.
 */
import { type ApiParts, type App, may, ok } from './api.ts';
import { periodOf } from './asked.ts';
import { breakdownOf } from './breakdown.ts';
import { BreakdownAnswer, BreakdownQuery } from './breakdown-schemas.ts';

export function registerBreakdown(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/reports/breakdown',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Sales of a period by place, time, goods, people, payment or promotion',
        querystring: BreakdownQuery,
        response: ok(BreakdownAnswer),
      },
    },
    async ({ query }) => {
      const { by, limit, ...filter } = query;
      const { currency } = await periodOf(db, query);
      const report = await breakdownOf(db, { ...filter, currency }, { by, limit });
      return { asOfMs: clock.nowMs(), currency, by, ...report, parts: [...report.parts] };
    },
  );
}
