/**
 * `/api/v1/fraud-lens`: patterns that somebody should look at, with links to the journal rows behind them.
 */
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { lensFindings } from './lens.ts';
import { LensAnswer, LensQuery } from './lens-schemas.ts';

/** A quarter is read in one go. */
const DAYS_MAX = 100;

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
