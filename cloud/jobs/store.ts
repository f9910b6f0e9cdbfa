/**
 * The rows of jobs: who runs what, until when, and what came of it. Written here alone.
 */
import type { Db, Queryable } from '../db/db.ts';
import type { JobCounts } from './job.ts';

/** A run that its process has been given. */
export interface Claim {
  readonly name: string;
  readonly runNo: number;
  readonly throughOn: string | null;
  readonly asked: boolean;
  readonly failures: number;
}

export interface ClaimTerms {
  readonly names: readonly string[];
  /** Of asked ones alone: a process that keeps no schedule. */
  readonly askedOnly: boolean;
  readonly holder: string;
  readonly nowMs: number;
  readonly leaseMs: number;
}

/** Adds jobs that this database does not know; they are due at once. */
export async function enrolJobs(db: Queryable, names: readonly string[], nowMs: number): Promise<void> {
  await db.query(
    `insert into job (name, next_at) select name, to_timestamp($2::float8 / 1000) from unnest($1::text[]) as n(name)
     order by name on conflict do nothing`,
    [names, nowMs],
  );
}

/** Somebody asked for the run that its process took with it: nobody asks again. */
const WAS_ASKED = `exists (select from job_run r where r.name = job.name and r.run_no = job.run_no and r.asked
  and r.outcome = 'running')`;

/** The job that has waited longest and that nobody runs; its former runner, silent for too long, has lost it. */
export async function claimJob(db: Db, terms: ClaimTerms): Promise<Claim | null> {
  const { names, askedOnly, holder, nowMs, leaseMs } = terms;
  return db.transaction(async (tx) => {
    const [due] = await tx.query<Claim & { readonly next: number }>(
      `select name, run_no + 1 as "runNo", through_on as "throughOn", is_asked or ${WAS_ASKED} as asked, failures from job
       where name = any($1::text[])
         and (is_asked or ${WAS_ASKED} or (not $2 and next_at <= to_timestamp($3::float8 / 1000)))
         and (leased_until is null or leased_until < to_timestamp($3::float8 / 1000))
       order by next_at, name limit 1 for update skip locked`,
      [names, askedOnly, nowMs],
    );
    if (due === undefined) return null;
    const { name, runNo, throughOn, asked, failures } = due;
    await tx.query(
      `update job_run set outcome = 'lost', ended_at = to_timestamp($2::float8 / 1000)
       where name = $1 and outcome = 'running'`,
      [name, nowMs],
    );
    await tx.query(
      `update job set run_no = $2, is_asked = false, holder = $3, leased_until = to_timestamp($4::float8 / 1000)
       where name = $1`,
      [name, runNo, holder, nowMs + leaseMs],
    );
    await tx.query(
      `insert into job_run (name, run_no, asked, holder, started_at, outcome, counts)
       values ($1, $2, $3, $4, to_timestamp($5::float8 / 1000), 'running', '{}')`,
      [name, runNo, asked, holder, nowMs],
    );
    return { name, runNo, throughOn, asked, failures };
  });
}

/** @returns false: it was taken away */
export async function keepClaim(db: Queryable, { name, runNo }: Claim, untilMs: number): Promise<boolean> {
  const rows = await db.query(
    'update job set leased_until = to_timestamp($3::float8 / 1000) where name = $1 and run_no = $2 returning 1',
    [name, runNo, untilMs],
  );
  return rows.length === 1;
}

export interface RunEnd {
  readonly outcome: 'done' | 'failed';
  readonly on: string | null;
  readonly counts: JobCounts;
  readonly error: string | null;
  readonly nextMs: number;
  readonly nowMs: number;
}

/** A run that was taken away meanwhile ends nothing but itself. */
export async function endRun(db: Db, { name, runNo }: Claim, end: RunEnd): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query(
      `update job set leased_until = null, holder = null, next_at = to_timestamp($3::float8 / 1000),
         failures = case when $4 then 0 else failures + 1 end,
         through_on = case when $4 then greatest(through_on, $5::date) else through_on end
       where name = $1 and run_no = $2`,
      [name, runNo, end.nextMs, end.outcome === 'done', end.on],
    );
    await tx.query(
      `update job_run set outcome = $3, on_date = $4::date, counts = $5::jsonb, error = $6,
         ended_at = to_timestamp($7::float8 / 1000) where name = $1 and run_no = $2`,
      [name, runNo, end.outcome, end.on, JSON.stringify(end.counts), end.error, end.nowMs],
    );
  });
}

/** @returns false: there is no such job */
export async function askJob(db: Queryable, name: string): Promise<boolean> {
  return (await db.query('update job set is_asked = true where name = $1 returning 1', [name])).length === 1;
}

export interface RunRow {
  readonly runNo: number;
  readonly on: string | null;
  readonly asked: boolean;
  readonly outcome: 'running' | 'done' | 'failed' | 'lost';
  readonly startedAtMs: number;
  readonly endedAtMs: number | null;
  readonly counts: JobCounts;
  readonly error: string | null;
}

const RUN = `r.run_no as "runNo", r.on_date as on, r.asked, r.outcome, r.started_at as "startedAtMs",
  r.ended_at as "endedAtMs", r.counts, r.error`;

export interface JobRow {
  readonly name: string;
  readonly throughOn: string | null;
  readonly nextAtMs: number;
  readonly isAsked: boolean;
  readonly failures: number;
  readonly last: RunRow | null;
}

export async function jobRows(db: Queryable): Promise<JobRow[]> {
  const rows = await db.query<Omit<JobRow, 'last'> & RunRow>(
    `select j.name, j.through_on as "throughOn", j.next_at as "nextAtMs", j.is_asked as "isAsked", j.failures, ${RUN}
     from job j left join job_run r on r.name = j.name and r.run_no = j.run_no order by j.name`,
  );
  return rows.map(({ name, throughOn, nextAtMs, isAsked, failures, ...last }) => ({
    ...{ name, throughOn, nextAtMs, isAsked, failures },
    last: last.runNo === null ? null : last,
  }));
}

/** Newest first. */
export async function runsOf(
  db: Queryable,
  name: string,
  page: { readonly beforeRunNo: number | null; readonly limit: number },
): Promise<RunRow[]> {
  return db.query<RunRow>(
    `select ${RUN} from job_run r where r.name = $1 and ($2::bigint is null or r.run_no < $2)
     order by r.run_no desc limit $3`,
    [name, page.beforeRunNo, page.limit],
  );
}
