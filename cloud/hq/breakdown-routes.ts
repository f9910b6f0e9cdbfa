/**
 * `/api/v1/reports/breakdown`: the sales of a period by any dimension, for any filter that the list of sales knows too.
 */
import { z } from 'zod';
import { type ApiParts, type App, may, ok } from './api.ts';
import { periodOf } from './asked.ts';
import { breakdownOf, DIMENSIONS } from './breakdown.ts';
import { locale, minor, saleFilter } from './schemas.ts';

const BreakdownQuery = z
  .object({
    ...saleFilter,
    from: z.iso.date(),
    to: z.iso.date(),
    by: z.enum(DIMENSIONS),
    limit: z.coerce.number().int().min(1).max(1_000).default(200),
  })
  .omit({ businessDate: true, receiptNo: true })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'is before from' });

const figures = {
  tickets: z.int().describe('sales and exchanges'),
  refunds: z.int(),
  pieces: z.int().describe('sold less returned'),
  grossMinor: minor,
  adjustmentMinor: minor.describe('what was taken off'),
  totalMinor: minor,
  memberTickets: z.int(),
  memberTotalMinor: minor,
  members: z.int().describe('distinct members'),
};

export const BreakdownAnswer = z
  .object({
    asOfMs: z.int(),
    currency: z.string(),
    by: z.enum(DIMENSIONS),
    whole: z.object(figures),
    parts: z.array(
      z.object({
        key: z.string(),
        name: z.string().nullable(),
        names: z.partialRecord(locale, z.string()).nullable(),
        ...figures,
      }),
    ),
    cut: z.boolean().describe('the smallest parts are left out: there are more than `limit`'),
  })
  .meta({ id: 'Breakdown' });
export type BreakdownAnswer = z.infer<typeof BreakdownAnswer>;

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
