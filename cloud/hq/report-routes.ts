/**
 * `/api/v1/reports`: concentration, sales equations, behaviour, structure, correlation, profit, by store and region.
 */
import type { z } from 'zod';
import { behaviourOf, buyerSplit, kpisOf } from '../segments/behaviour.ts';
import { correlationOf } from '../segments/correlation.ts';
import { salesEquation } from '../segments/equation.ts';
import { flowOf } from '../segments/flow.ts';
import { paretoOf } from '../segments/pareto.ts';
import { bookCosts, profitReport } from '../segments/profit.ts';
import { rfmThresholds } from '../segments/settings.ts';
import { putTargets, type StructureError, structureOf } from '../segments/structure.ts';
import { putTraffic } from '../segments/traffic.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';
import { periodOf, placeOf, ruleProblem, scopeOf, todayOf } from './asked.ts';
import {
  BehaviourAnswer,
  BuyerSplitAnswer,
  CorrelationAnswer,
  CorrelationBody,
  CostBatch,
  EquationAnswer,
  EquationQuery,
  FlowAnswer,
  FlowQuery,
  KpiAnswer,
  ParetoAnswer,
  ParetoQuery,
  PeriodQuery,
  ProfitAnswer,
  ProfitQuery,
  StructureAnswer,
  StructureQuery,
  TargetBody,
  TrafficBatch,
} from './report-schemas.ts';
import { Applied } from './schemas.ts';

export function registerReports(app: App, { db, clock }: ApiParts): void {
  app.get(
    '/api/v1/reports/lifecycle-flow',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Where buyers stood on one day, and where they stand on another',
        querystring: FlowQuery,
        response: ok(FlowAnswer),
      },
    },
    async ({ query }) => {
      const scope = await scopeOf(db, clock, query);
      const { asOf, currency } = scope;
      if (query.before >= asOf)
        throw new ApiProblem(422, 'order', 'before is a day before asOf', { path: 'before' });
      const steps = await flowOf(db, scope, query.before, await rfmThresholds(db));
      return { before: query.before, asOf, currency, steps };
    },
  );
  app.get(
    '/api/v1/reports/pareto',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Share of the trade that the best members bring',
        querystring: ParetoQuery,
        response: ok(ParetoAnswer),
      },
    },
    async ({ query }) => {
      const tops = query.topBp.split(',').map(Number);
      if (tops.some((topBp) => topBp > 10_000))
        throw new ApiProblem(400, 'bad_request', 'querystring/topBp: at most 10000 basis points');
      const scope = await scopeOf(db, clock, query);
      const report = await paretoOf(db, scope, tops);
      return {
        asOf: scope.asOf,
        currency: scope.currency,
        ...report,
        tops: [...report.tops],
        curve: [...report.curve],
      };
    },
  );
  app.get(
    '/api/v1/reports/sales-equation',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Sales = anonymous + new + 2nd + …, and = tickets x attach rate x unit price, to the cent',
        querystring: EquationQuery,
        response: ok(EquationAnswer),
      },
    },
    async ({ query }) => {
      const period = await periodOf(db, query);
      const report = await salesEquation(db, period, query.visitsMax);
      return { currency: period.currency, ...report, byVisit: [...report.byVisit] };
    },
  );
  app.get(
    '/api/v1/reports/behaviour',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'How members buy: cycle, frequency, unit price, repeat rate, brands, categories',
        querystring: PeriodQuery,
        response: ok(BehaviourAnswer),
      },
    },
    async ({ query }) => {
      const period = await periodOf(db, query);
      const report = await behaviourOf(db, period);
      return {
        currency: period.currency,
        ...report,
        brands: [...report.brands],
        categories: [...report.categories],
      };
    },
  );
  app.get(
    '/api/v1/reports/buyers',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Buyers of a period: new, loyal or irregular',
        querystring: PeriodQuery,
        response: ok(BuyerSplitAnswer),
      },
    },
    async ({ query }) => {
      const period = await periodOf(db, query);
      return { currency: period.currency, ...(await buyerSplit(db, period)) };
    },
  );
  app.get(
    '/api/v1/reports/kpis',
    {
      config: may('reports.read', 'rows'),
      schema: { summary: 'Key figures of a period', querystring: PeriodQuery, response: ok(KpiAnswer) },
    },
    async ({ query }) => {
      const period = await periodOf(db, query);
      const { averageTicketMinor, traffic } = await salesEquation(db, period, 2);
      const { frequencyX100 } = await behaviourOf(db, period);
      const flows = { averageTicketMinor, frequencyX100, conversionBp: traffic?.conversionBp ?? null };
      return { currency: period.currency, ...(await kpisOf(db, period, flows)) };
    },
  );
  app.get(
    '/api/v1/reports/structure',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Customers by a dimension, against the ones that are wanted',
        querystring: StructureQuery,
        response: ok(StructureAnswer),
      },
    },
    async ({ query }) => {
      const place = placeOf(query);
      const asOf = query.asOf ?? (await todayOf(db, clock, place.storeId));
      const { dimension, population } = query;
      const report = await structureOf(db, {
        ...place,
        dimension,
        population,
        asOf,
        currency: query.currency ?? null,
      });
      if (!report.ok) throw structureProblem(report.error);
      return { asOf, ...report.value, parts: [...report.value.parts] };
    },
  );
  app.put(
    '/api/v1/reports/structure-targets',
    {
      config: may('reports.write', ({ body }) => [(body as TargetsBody).storeId]),
      schema: {
        summary: 'Set the wanted shares of a dimension; no parts takes the target away',
        body: TargetBody,
        response: ok(Applied),
      },
    },
    async ({ body }) => {
      const result = await putTargets(db, body);
      if (!result.ok) throw structureProblem(result.error);
      return { applied: result.value };
    },
  );
  app.post(
    '/api/v1/reports/correlation',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Do members who fit one rule show another more often than the rest?',
        body: CorrelationBody,
        response: ok(CorrelationAnswer),
      },
    },
    async ({ body }) => {
      const report = await correlationOf(db, {
        criterion: body.criterion,
        outcome: body.outcome,
        among: body.among ?? null,
        currency: body.currency ?? null,
        asOf: await todayOf(db, clock, null),
      });
      if (!report.ok) throw ruleProblem(report.error);
      return report.value;
    },
  );
  app.get(
    '/api/v1/reports/profit',
    {
      config: may('reports.read', 'rows'),
      schema: {
        summary: 'Members by what they bring less what they cost',
        querystring: ProfitQuery,
        response: ok(ProfitAnswer),
      },
    },
    async ({ query }) => {
      const scope = await scopeOf(db, clock, query);
      const { marginBp, worst, limit, offset } = query;
      const report = await profitReport(db, scope, { marginBp, worst, limit, offset });
      return { asOf: scope.asOf, currency: scope.currency, ...report, rows: [...report.rows] };
    },
  );
  app.post(
    '/api/v1/member-costs',
    {
      config: may('reports.write', 'chain'),
      schema: {
        summary: 'Book marketing and service costs; one id once',
        body: CostBatch,
        response: ok(Applied),
      },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const result = await bookCosts(db, body.costs);
      if (result.ok) return { applied: result.value };
      const { kind, id, memberId } = result.error;
      throw new ApiProblem(
        409,
        kind,
        `cost ${id} of member ${memberId} is booked with other figures; none was booked`,
        {
          id,
          memberId,
        },
      );
    },
  );
  app.put(
    '/api/v1/traffic',
    {
      config: may('reports.write', ({ body }) => (body as TrafficBody).days.map(({ storeId }) => storeId)),
      schema: {
        summary: 'People counted at the doors, by store and day',
        body: TrafficBatch,
        response: ok(Applied),
      },
      bodyLimit: BATCH_BYTES_MAX,
    },
    async ({ body }) => {
      const result = await putTraffic(db, body.days);
      if (result.ok) return { applied: result.value };
      throw new ApiProblem(
        422,
        'unknown_store',
        `there is no store ${result.error.storeId}; nothing was stored`,
        {
          path: 'days',
          ...result.error,
        },
      );
    },
  );
}

type TrafficBody = z.infer<typeof TrafficBatch>;
type TargetsBody = z.infer<typeof TargetBody>;

const BATCH_BYTES_MAX = 8 * 1024 * 1024;

function structureProblem(error: StructureError): ApiProblem {
  switch (error.kind) {
    case 'unknown_dimension':
      return new ApiProblem(422, error.kind, `dimension is one of ${error.known.join(', ')}`, {
        path: 'dimension',
      });
    case 'shares':
      return new ApiProblem(422, error.kind, `the shares add up to ${error.sumBp}, not to 10000`, {
        path: 'parts',
      });
    case 'unknown_store':
      return new ApiProblem(422, error.kind, 'there is no such store', { path: 'storeId' });
  }
}
