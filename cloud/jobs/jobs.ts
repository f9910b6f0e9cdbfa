/**
 * The runner of jobs: in every cloud process, one run of a job at a time over all of them.
 *
 * A run is leased: its process renews the lease while it works, and when the process dies the lease ends and another one runs
 * the job anew. What is done is done once whoever runs it (see `job.ts`). What has failed is tried again, each time later.
 */
import { addDays } from '../../src/core/ledger.ts';
import type { Clock } from '../../src/core/ports.ts';
import type { Db, Queryable } from '../db/db.ts';
import { RunLoop } from '../run-loop.ts';
import type { Signals } from '../signal.ts';
import { dayDue, nextDueMs } from './days.ts';
import type { Job, JobCounts } from './job.ts';
import { askJob, type Claim, claimJob, endRun, enrolJobs, type JobRow, jobRows, keepClaim } from './store.ts';

export interface JobsParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly signals: Signals;
  readonly log: (text: string) => void;
  readonly jobs: readonly Job[];
  /** This process, among those that share the database. */
  readonly holder: string;
  /** false: only what somebody asks for is run. */
  readonly onSchedule: boolean;
}

/** How soon another process takes over from one that died; a process that lives renews four times in it. */
const LEASE_MS = 12_000;
const RENEW_MS = 3_000;
/** Due jobs are looked for so often: one read of a table of a dozen rows. */
const TICK_MS = 2_000;
const RETRY_MS = 60_000;
const RETRY_MS_MAX = 3_600_000;
const ERROR_CHARS_MAX = 500;
/** Days without HQ that are made up for one by one. */
const MISSED_DAYS_MAX = 31;

export interface JobState extends JobRow {
  readonly about: string;
}

export class Jobs {
  private readonly parts: JobsParts;
  private readonly byName: ReadonlyMap<string, Job>;
  private readonly loop: RunLoop;
  private timer: NodeJS.Timeout | null = null;

  constructor(parts: JobsParts) {
    this.parts = parts;
    this.byName = new Map(parts.jobs.map((job) => [job.name, job]));
    this.loop = new RunLoop({
      step: () => this.runOne(),
      // The database's own trouble: the next tick tries again.
      onTrouble: (cause) => parts.log(`jobs: ${cause.message}`),
    });
  }

  /** From now on due jobs run by themselves. */
  async start(): Promise<void> {
    await enrolJobs(this.parts.db, [...this.byName.keys()], this.parts.clock.nowMs());
    this.timer = setInterval(() => this.poke(), TICK_MS);
    this.poke();
  }

  /** Something may be due. */
  poke(): void {
    this.loop.poke();
  }

  /** Resolves when nothing is due that this process may run. */
  settled(): Promise<void> {
    return this.loop.settled();
  }

  /** @returns false: there is no such job. It runs here or in another process, as soon as nobody runs it. */
  async ask(name: string): Promise<boolean> {
    if (!this.byName.has(name)) return false;
    await askJob(this.parts.db, name);
    this.poke();
    return true;
  }

  async list(): Promise<JobState[]> {
    const rows = await jobRows(this.parts.db);
    return rows.flatMap((row) => {
      const job = this.byName.get(row.name);
      return job === undefined ? [] : [{ ...row, about: job.about }];
    });
  }

  /** Waits for the run that is on. */
  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    await this.loop.stop();
  }

  private async runOne(): Promise<boolean> {
    const { db, clock, holder, onSchedule } = this.parts;
    const claim = await claimJob(db, {
      names: [...this.byName.keys()],
      askedOnly: !onSchedule,
      holder,
      nowMs: clock.nowMs(),
      leaseMs: LEASE_MS,
    });
    if (claim === null) return false;
    await this.run(claim, this.byName.get(claim.name)!);
    return true;
  }

  private async run(claim: Claim, job: Job): Promise<void> {
    const { db, clock, signals, log } = this.parts;
    const zones = await zonesOf(db);
    const on = dayOf(job, claim, zones, clock.nowMs());
    const renewal = setInterval(() => {
      keepClaim(db, claim, clock.nowMs() + LEASE_MS).catch(() => {
        // Not renewed: another may begin the same, which does no harm.
      });
    }, RENEW_MS);
    let counts: JobCounts = {};
    let error: string | null = null;
    try {
      counts = await job.work({ db, signals, log, nowMs: clock.nowMs(), asOf: on });
    } catch (cause) {
      error = (cause as Error).message.slice(0, ERROR_CHARS_MAX);
      log(`job ${job.name}: ${error}`);
    } finally {
      clearInterval(renewal);
    }
    const nowMs = clock.nowMs();
    const throughOn = job.schedule.kind === 'daily' ? on : null;
    await endRun(db, claim, {
      outcome: error === null ? 'done' : 'failed',
      on: throughOn,
      counts,
      error,
      nowMs,
      nextMs:
        error === null
          ? nextMsOf(job, { throughOn: laterOf(claim.throughOn, throughOn), zones, nowMs })
          : nowMs + Math.min(RETRY_MS * 2 ** Math.min(claim.failures, 10), RETRY_MS_MAX),
    });
    signals.emit('feed', {});
  }
}

/** The day that a run is of: the newest, or the oldest of those that were missed. */
function dayOf(
  { schedule }: Job,
  { throughOn, asked }: Claim,
  zones: readonly string[],
  nowMs: number,
): string {
  if (schedule.kind !== 'daily') return dayDue({ zones, begun: 'somewhere', minute: 0 }, nowMs);
  // Who asks for it before its minute means the day that has begun.
  const due = dayDue({ zones, begun: schedule.begun, minute: asked ? 0 : schedule.minute }, nowMs);
  if (schedule.missed === 'last' || throughOn === null || throughOn >= due) return due;
  const oldest = addDays(due, -MISSED_DAYS_MAX);
  return throughOn < oldest ? oldest : addDays(throughOn, 1);
}

function nextMsOf(
  { schedule }: Job,
  {
    throughOn,
    zones,
    nowMs,
  }: { readonly throughOn: string | null; readonly zones: readonly string[]; readonly nowMs: number },
): number {
  return schedule.kind === 'every'
    ? nowMs + schedule.everyMs
    : nextDueMs({ zones, ...schedule }, throughOn, nowMs);
}

function laterOf(a: string | null, b: string | null): string | null {
  return a === null || (b !== null && b > a) ? b : a;
}

async function zonesOf(db: Queryable): Promise<string[]> {
  const rows = await db.query<{ zone: string }>(
    `select distinct data->>'timeZone' as zone from store where data->>'timeZone' is not null order by 1`,
  );
  return rows.map(({ zone }) => zone);
}
