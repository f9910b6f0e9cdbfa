/**
 * Routes of HQ's jobs: when each ran last and what it did, when it runs next, and running it now.
 */
import { z } from 'zod';
import { runsOf } from '../jobs/store.ts';
import { type ApiParts, ApiProblem, type App, may, ok } from './api.ts';

const JobRunShape = z
  .object({
    runNo: z.int(),
    on: z.string().nullable().describe('the day that it began, of jobs that begin one'),
    asked: z.boolean().describe('somebody asked for it'),
    outcome: z
      .enum(['running', 'done', 'failed', 'lost'])
      .describe('lost: its process went away in the middle; the next run did what was left'),
    startedAtMs: z.int(),
    endedAtMs: z.int().nullable(),
    counts: z.record(z.string(), z.number()).describe('how many of what'),
    error: z.string().nullable(),
  })
  .meta({ id: 'JobRun' });
const JobShape = z
  .object({
    name: z.string(),
    about: z.string(),
    throughOn: z.string().nullable().describe('the newest day that is done'),
    nextAtMs: z.int(),
    isAsked: z.boolean().describe('asked for and not begun yet'),
    failures: z.int().describe('runs that failed since the last good one'),
    last: JobRunShape.nullable(),
  })
  .meta({ id: 'Job' });
const JobList = z.object({ asOfMs: z.int(), jobs: z.array(JobShape) }).meta({ id: 'JobList' });
const JobRunList = z
  .object({ runs: z.array(JobRunShape), nextCursor: z.string().nullable() })
  .meta({ id: 'JobRunList' });
const JobAsked = z.object({ asked: z.literal(true) }).meta({ id: 'JobAsked' });

const JobParams = z.object({ name: z.string().max(64) });
const RunQuery = z.object({
  cursor: z
    .string()
    .regex(/^\d{1,15}$/)
    .optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function registerJobs(app: App, { db, clock, jobs }: ApiParts): void {
  app.get(
    '/api/v1/jobs',
    {
      config: may('jobs.read', 'chain'),
      schema: { summary: 'What HQ does by itself: last run, errors, next run', response: ok(JobList) },
    },
    async () => ({ asOfMs: clock.nowMs(), jobs: await jobs.list() }),
  );
  app.get(
    '/api/v1/jobs/:name/runs',
    {
      config: may('jobs.read', 'chain'),
      schema: {
        summary: 'Runs of a job, newest first',
        params: JobParams,
        querystring: RunQuery,
        response: ok(JobRunList),
      },
    },
    async ({ params, query }) => {
      if (!(await jobs.list()).some(({ name }) => name === params.name)) throw unknownJob();
      const { cursor, limit } = query;
      const page = { beforeRunNo: cursor === undefined ? null : Number(cursor), limit: limit + 1 };
      const rows = await runsOf(db, params.name, page);
      const runs = rows.slice(0, limit);
      return { runs, nextCursor: rows.length > limit ? String(runs.at(-1)!.runNo) : null };
    },
  );
  app.post(
    '/api/v1/jobs/:name/run',
    {
      config: may('jobs.run', 'chain'),
      schema: {
        summary: 'Run a job now, in this process or another; its run is in the list',
        params: JobParams,
        response: ok(JobAsked),
      },
    },
    async ({ params }) => {
      if (!(await jobs.ask(params.name))) throw unknownJob();
      return { asked: true as const };
    },
  );
}

function unknownJob(): ApiProblem {
  return new ApiProblem(404, 'unknown_job', 'there is no such job: GET /api/v1/jobs lists them');
}
