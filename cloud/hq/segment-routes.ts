/**
 * `/api/v1/segments`: rules over members, counted live, saved, frozen, explained.
 */
import type { FastifyInstance } from 'fastify';
import { uuidV7 } from '../../src/core/id.ts';
import {
  type Audience,
  countAudience,
  pageOfAudience,
  readAudience,
  reasonsFor,
  ruleFacts,
  sampleAudience,
} from '../segments/audience.ts';
import { OPERATORS } from '../segments/comparison.ts';
import { RULE_DEPTH_MAX, RULE_NODES_MAX } from '../segments/rule.ts';
import {
  addSegment,
  changeSegment,
  compareAudiences,
  dropSegment,
  freezeSegment,
  listSegments,
  type Now,
  refreshSegments,
  type Segment,
  type SegmentError,
  segmentAudience,
  segmentById,
  segmentSizes,
} from '../segments/segments.ts';
import { SOURCES } from '../segments/sources.ts';
import { tellSegments } from '../segments/till-segments.ts';
import { type ApiParts, ApiProblem, type App, may, ok, typed } from './api.ts';
import { ruleProblem, todayOf } from './asked.ts';
import { revisionFrom } from './etag.ts';
import { ListQuery, pageOf } from './pages.ts';
import { registerReports } from './report-routes.ts';
import { registerRfm } from './rfm-routes.ts';
import { Applied } from './schemas.ts';
import {
  CountAnswer,
  CountBody,
  Overlap,
  OverlapQuery,
  ReasonAnswer,
  ReasonQuery,
  RefreshAnswer,
  SegmentBody,
  SegmentChange,
  SegmentList,
  SegmentPage,
  SegmentPageQuery,
  SegmentParams,
  SegmentShape,
  SizeList,
  SourceList,
} from './segment-schemas.ts';

export function registerSegmentApi(
  bare: FastifyInstance,
  parts: ApiParts & { readonly log: (text: string) => void },
): void {
  const app = typed(bare);
  registerRfm(app, parts);
  registerReports(app, parts);
  registerSaved(app, parts);
  registerAudiences(app, parts);
}

function registerSaved(app: App, { db, clock, chance, signals }: ApiParts): void {
  const now = async (): Promise<Now> => ({
    today: await todayOf(db, clock, null),
    atMs: clock.nowMs(),
  });
  /** Rules at the tills may ask for it. */
  const tell = async () => {
    const { members } = await tellSegments(db, await now());
    if (members > 0) signals.emit('feed', {});
  };
  app.get(
    '/api/v1/segments',
    {
      config: may('segments.read', 'rows'),
      schema: { summary: 'Saved segments', querystring: ListQuery, response: ok(SegmentList) },
    },
    async ({ query }) => {
      const page = pageOf(await listSegments(db), query, ({ id }) => id);
      return { segments: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/segments',
    {
      config: may('segments.write', 'chain'),
      schema: { summary: 'Save a segment', body: SegmentBody, response: ok(SegmentShape) },
    },
    async ({ body }) => {
      const id = uuidV7(clock.nowMs(), chance.bytes(10));
      return segmentOf(await addSegment(db, id, { ...body, currency: body.currency ?? null }, await now()));
    },
  );
  app.get(
    '/api/v1/segments/:segmentId',
    {
      config: { ...may('segments.read', 'rows'), etag: true },
      schema: { summary: 'One segment', params: SegmentParams, response: ok(SegmentShape) },
    },
    ({ params }) => knownSegment(db, params.segmentId),
  );
  app.put(
    '/api/v1/segments/:segmentId',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'must' },
      schema: {
        summary: 'Change a segment that nobody else changed since it was read',
        params: SegmentParams,
        body: SegmentChange,
        response: ok(SegmentShape),
      },
    },
    async (request) => {
      const { params } = request;
      const { revision: said, ...body } = request.body;
      const revision = revisionFrom(request, said);
      const draft = { ...body, currency: body.currency ?? null };
      const changed = segmentOf(await changeSegment(db, params.segmentId, revision, draft, await now()));
      await tell();
      return changed;
    },
  );
  app.delete(
    '/api/v1/segments/:segmentId',
    {
      config: { ...may('segments.write', 'chain'), ifMatch: 'may' },
      schema: { summary: 'Drop a segment', params: SegmentParams, response: ok(Applied) },
    },
    async ({ params }) => {
      if (!(await dropSegment(db, params.segmentId))) throw unknownSegment();
      await tell();
      return { applied: 1 };
    },
  );
  app.post(
    '/api/v1/segments/:segmentId/freeze',
    {
      config: may('segments.write', 'chain'),
      schema: {
        summary: 'Keep the members it has now for ever',
        params: SegmentParams,
        response: ok(SegmentShape),
      },
    },
    async ({ params }) => {
      const frozen = segmentOf(await freezeSegment(db, params.segmentId, await now()));
      await tell();
      return frozen;
    },
  );
  app.get(
    '/api/v1/segments/:segmentId/sizes',
    {
      config: may('segments.read', 'rows'),
      schema: {
        summary: 'Its size over time',
        params: SegmentParams,
        querystring: ListQuery,
        response: ok(SizeList),
      },
    },
    async ({ params, query }) => {
      await knownSegment(db, params.segmentId);
      const page = pageOf(await segmentSizes(db, params.segmentId), query, ({ on }) => on);
      return { sizes: page.rows, nextCursor: page.nextCursor };
    },
  );
  app.post(
    '/api/v1/segments/refresh',
    {
      config: may('segments.write', 'chain'),
      schema: { summary: 'Count every segment and keep the sizes of today', response: ok(RefreshAnswer) },
    },
    async () => {
      const { counted, failed } = await refreshSegments(db, await now());
      await tell();
      return { counted, failed: [...failed] };
    },
  );
}

function registerAudiences(app: App, { db, clock }: ApiParts): void {
  const membersOf = async (segment: Segment): Promise<Audience> => {
    const audience = await segmentAudience(db, segment, await todayOf(db, clock, null));
    if (!audience.ok) throw ruleProblem(audience.error);
    return audience.value;
  };
  app.get(
    '/api/v1/segments/sources',
    {
      config: may('segments.read', 'rows'),
      schema: { summary: 'The conditions that a rule may hold', response: ok(SourceList) },
    },
    async () => {
      const facts = await ruleFacts(db, null);
      return {
        depthMax: RULE_DEPTH_MAX,
        nodesMax: RULE_NODES_MAX,
        operators: Object.fromEntries(Object.entries(OPERATORS).map(([type, ops]) => [type, [...ops]])),
        sources: [...SOURCES.values()].map(({ source, about, fields }) => ({
          source,
          about,
          fields: fields(facts).map(({ options, ...field }) => ({
            ...field,
            ...(options === undefined ? {} : { options: [...options] }),
          })),
        })),
      };
    },
  );
  app.post(
    '/api/v1/segments/count',
    {
      config: may('segments.read', 'rows'),
      schema: {
        summary: 'How many members a rule picks, and some of them; nothing is saved',
        body: CountBody,
        response: ok(CountAnswer),
      },
    },
    async ({ body }) => {
      const asOf = await todayOf(db, clock, null);
      const audience = await readAudience(db, { rule: body.rule, currency: body.currency ?? null, asOf });
      if (!audience.ok) throw ruleProblem(audience.error);
      const members = await countAudience(db, audience.value);
      const facts = { limit: body.sample, seed: asOf };
      return {
        asOf,
        members,
        sample: body.sample === 0 ? [] : await sampleAudience(db, audience.value, facts),
      };
    },
  );
  app.get(
    '/api/v1/segments/:segmentId/overlap',
    {
      config: may('segments.read', 'rows'),
      schema: {
        summary: 'How many of its members another segment has too',
        params: SegmentParams,
        querystring: OverlapQuery,
        response: ok(Overlap),
      },
    },
    async ({ params, query }) => {
      const mine = await membersOf(await knownSegment(db, params.segmentId));
      const others = await membersOf(await knownSegment(db, query.with));
      if (mine.facts.currency !== others.facts.currency) {
        throw new ApiProblem(
          422,
          'currency_differs',
          'with: the two segments ask about purchases in two currencies',
          {
            path: 'with',
          },
        );
      }
      return compareAudiences(db, mine, others);
    },
  );
  app.get(
    '/api/v1/segments/:segmentId/members',
    {
      config: may('segments.read', 'rows'),
      schema: {
        summary: 'Its members, page by page',
        params: SegmentParams,
        querystring: SegmentPageQuery,
        response: ok(SegmentPage),
      },
    },
    async ({ params, query }) => {
      const audience = await membersOf(await knownSegment(db, params.segmentId));
      const page = { after: query.cursor ?? null, limit: query.limit + 1 };
      const rows = await pageOfAudience(db, audience, page);
      const members = rows.slice(0, query.limit);
      return { members, nextCursor: rows.length > query.limit ? members.at(-1)!.memberId : null };
    },
  );
  app.get(
    '/api/v1/segments/:segmentId/reasons',
    {
      config: may('segments.read', 'rows'),
      schema: {
        summary: 'Why a member is in or out, node by node',
        params: SegmentParams,
        querystring: ReasonQuery,
        response: ok(ReasonAnswer),
      },
    },
    async ({ params, query }) => {
      const audience = await membersOf(await knownSegment(db, params.segmentId));
      const reason = await reasonsFor(db, audience, query.memberId);
      if (reason === null) throw new ApiProblem(404, 'unknown_member', 'there is no such member');
      return { ...reason, of: [...reason.of] };
    },
  );
}

async function knownSegment(db: ApiParts['db'], id: string): Promise<Segment> {
  const segment = await segmentById(db, id);
  if (segment === null) throw unknownSegment();
  return segment;
}

function unknownSegment(): ApiProblem {
  return new ApiProblem(404, 'unknown_segment', 'there is no such segment');
}

function segmentOf(result: Awaited<ReturnType<typeof addSegment>>): Segment {
  if (result.ok) return result.value;
  throw problemOf(result.error);
}

function problemOf(error: SegmentError): ApiProblem {
  switch (error.kind) {
    case 'rule':
      return ruleProblem(error.problem);
    case 'unknown_segment':
      return unknownSegment();
    case 'name_taken':
      return new ApiProblem(409, error.kind, 'another segment has this name', { path: 'name' });
    case 'changed':
      return new ApiProblem(412, error.kind, 'somebody else changed this segment: read it again', {
        revision: error.revision,
      });
    case 'frozen':
      return new ApiProblem(
        409,
        error.kind,
        'a frozen segment keeps its members: save the rule as a new one',
        {
          path: 'rule',
        },
      );
  }
}
