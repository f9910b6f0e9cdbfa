/**
 * `/api/v1/rfm`: thresholds, strategies, the grid, and what each buyer is worth as of any day.
 */
import { z } from 'zod';
import { rfmGrid } from '../segments/grid.ts';
import { proveAndMend } from '../segments/rollup.ts';
import { cutPoints, rfmScores, scoredMembers, steady } from '../segments/scores.ts';
import { cellStrategies, putCellStrategies, putRfmThresholds, rfmThresholds } from '../segments/settings.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { scopeOf } from './asked.ts';
import {
  GridAnswer,
  GridQuery,
  MemberScoreQuery,
  ProofAnswer,
  Scored,
  ScoreList,
  ScoreQuery,
  StrategyBatch,
  StrategyList,
  ThresholdsShape,
} from './report-schemas.ts';
import { Applied } from './schemas.ts';

export function registerRfm(
  app: App,
  { db, clock, log }: ApiParts & { readonly log: (text: string) => void },
): void {
  app.get(
    '/api/v1/rfm/thresholds',
    {
      config: { ...may('reports.read', 'rows'), etag: true },
      schema: { summary: 'Thresholds of the R x F grid', response: ok(ThresholdsShape) },
    },
    () => rfmThresholds(db),
  );
  app.put(
    '/api/v1/rfm/thresholds',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Change the thresholds', body: ThresholdsShape, response: ok(ThresholdsShape) },
    },
    async ({ body }) => {
      const result = await putRfmThresholds(db, body, clock.nowMs());
      if (result.ok) return result.value;
      const { kind, path, expected } = result.error;
      throw new ApiProblem(422, kind, `${path}: expected ${expected}`, result.error);
    },
  );
  app.get(
    '/api/v1/rfm/strategies',
    {
      config: { ...may('reports.read', 'rows'), etag: true },
      schema: { summary: 'What is done for the members of each cell', response: ok(StrategyList) },
    },
    async () => ({ strategies: await cellStrategies(db) }),
  );
  app.put(
    '/api/v1/rfm/strategies',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Change what is done for cells', body: StrategyBatch, response: ok(Applied) },
    },
    async ({ body }) => ({ applied: await putCellStrategies(db, body.strategies, clock.nowMs()) }),
  );
  app.get(
    '/api/v1/rfm/grid',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Buyers by recency and frequency: 16 cells, each buyer in one',
        querystring: GridQuery,
        response: ok(GridAnswer),
      },
    },
    async ({ query }) => {
      const scope = await scopeOf(db, clock, query);
      const report = await rfmGrid(db, scope, await rfmThresholds(db), query.split);
      return {
        asOf: scope.asOf,
        currency: scope.currency,
        ...report,
        cells: [...report.cells],
        parts: report.parts?.map((part) => ({ ...part, cells: [...part.cells] })) ?? null,
      };
    },
  );
  app.get(
    '/api/v1/rfm/members',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Buyers with scores, cell, cycle and risk, page by page',
        querystring: ScoreQuery,
        response: ok(ScoreList),
      },
    },
    async ({ query }) => {
      const scope = await scopeOf(db, clock, query);
      const { bins, only, limit, cursor } = query;
      const page = await rfmScores(
        db,
        scope,
        await rfmThresholds(db),
        { by: 'quantile', bins },
        { only, limit, after: cursor ?? null },
      );
      const { lastOn, visits, netMinor } = page.cuts;
      return {
        asOf: scope.asOf,
        currency: scope.currency,
        ...page,
        cuts: { lastOn: [...lastOn], visits: [...visits], netMinor: [...netMinor] },
        members: [...page.members],
      };
    },
  );
  app.get(
    '/api/v1/rfm/members/:memberId',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'One buyer as of any day',
        params: z.object({ memberId: z.string().min(1).max(64) }),
        querystring: MemberScoreQuery,
        response: ok(Scored),
      },
    },
    async ({ params, query }) => {
      const scope = await scopeOf(db, clock, { ...query, basis: 'home' });
      const thresholds = await rfmThresholds(db);
      const [member] = await db.transaction(async (tx) => {
        await steady(tx);
        const { cuts } = await cutPoints(tx, scope, { by: 'quantile', bins: query.bins });
        const page = { after: null, limit: 1, only: 'all', memberId: params.memberId } as const;
        return scoredMembers(tx, scope, thresholds, cuts, page);
      });
      if (member === undefined) throw new ApiProblem(404, 'no_buyer', 'nothing was bought up to that day');
      return member;
    },
  );
  app.post(
    '/api/v1/rfm/prove',
    {
      config: may('jobs.run', 'chain'),
      schema: {
        summary: 'Add up every purchase again, compare with what is stored, and mend what differs',
        response: ok(ProofAnswer),
      },
    },
    async () => {
      const proof = await proveAndMend(db);
      if (proof.differences > 0)
        log(`rollup: ${proof.differences} rows differed from the sales and were made anew`);
      return { ...proof, memberIds: [...proof.memberIds] };
    },
  );
}
