/**
 * `/api/v1/fraud-lens`: patterns that somebody should look at, with links to the journal rows behind them.
 */
import { z } from 'zod';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { LENS_KINDS, lensFindings } from './lens.ts';

/** A quarter is read in one go. */
const DAYS_MAX = 100;

const LensQuery = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  storeId: z.string().max(64).optional(),
});
export const LensAnswer = z
  .object({
    findings: z.array(
      z.object({
        kind: z.enum(LENS_KINDS),
        storeId: z.string(),
        cashierId: z.string().nullable(),
        count: z.int(),
        amountMinor: z.int().nullable(),
        currency: z.string().nullable(),
        rows: z
          .array(
            z.object({
              tillId: z.string(),
              journalId: z.string(),
              seq: z.int(),
              saleId: z.string().nullable(),
              atMs: z.int(),
            }),
          )
          .describe('the newest twenty'),
      }),
    ),
  })
  .meta({ id: 'FraudLens' });

export function registerLens(app: App, { db }: ApiParts): void {
  app.get(
    '/api/v1/fraud-lens',
    {
      config: may('sales.read', 'rows'),
      schema: {
        summary: 'Patterns that an honest cashier seldom makes, with the journal rows behind each',
        querystring: LensQuery,
        response: ok(LensAnswer),
      },
    },
    async ({ query: { from, to, storeId } }) => {
      const days = (Date.parse(to) - Date.parse(from)) / 86_400_000;
      if (days < 0 || days > DAYS_MAX)
        throw new ApiProblem(400, 'bad_request', `from and to are at most ${DAYS_MAX} days apart`, {
          path: 'to',
        });
      const findings = await lensFindings(db, { from, to, storeId: storeId ?? null });
      return { findings: findings.map((one) => ({ ...one, rows: [...one.rows] })) };
    },
  );
}
