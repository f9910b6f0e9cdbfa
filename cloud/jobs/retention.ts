/**
 * Retention: what HQ keeps for a time only. Members' own data has its rules with the members.
 *
 * A line a rule: what goes, and why it may. Sales, journals and ledgers are the books and stay.
 */
import type { Db } from '../db/db.ts';
import { forgetVisitors } from '../facts/events.ts';
import { forgetBuyers } from '../loyalty/buyers.ts';
import type { JobCounts } from './job.ts';

/** A question about a run comes within this time. */
const RUN_DAYS = 90;
/** Longer than an event is tried, and than anybody looks for it in the log. */
const EVENT_DAYS = 30;
/** A visitor who has not logged in for so long is nobody's. */
const VISITOR_DAYS = 90;

interface Rule {
  readonly what: string;
  /** `$1` is the day, `$2` now in epoch ms. */
  readonly sql: string;
}

const RULES: readonly Rule[] = [
  {
    what: 'enrolmentCodes',
    sql: `delete from enrolment_code where $1::date is not null
      and expires_at < to_timestamp($2::float8 / 1000) - interval '7 days'`,
  },
  {
    what: 'jobRuns',
    sql: `delete from job_run r using job j where j.name = r.name and r.run_no < j.run_no and $1::date is not null
      and r.started_at < to_timestamp($2::float8 / 1000) - interval '${RUN_DAYS} days'`,
  },
  // Each delivery and its tries go with their event.
  {
    what: 'webhookEvents',
    sql: `delete from webhook_event e where $1::date is not null
      and e.at < to_timestamp($2::float8 / 1000) - interval '${EVENT_DAYS} days'
      and not exists (select 1 from webhook_delivery d where d.event_no = e.event_no and d.state = 'waiting')`,
  },
];

export async function removeOld(db: Db, asOf: string, nowMs: number): Promise<JobCounts> {
  // The policy's years are over (DOMAIN 2.9: five).
  const counts: Record<string, number> = { cardBuyers: await forgetBuyers(db, asOf) };
  for (const { what, sql } of RULES) {
    counts[what] = (await db.query(`${sql} returning 1`, [asOf, nowMs])).length;
  }
  counts.visitors = await db.transaction((tx) => forgetVisitors(tx, nowMs - VISITOR_DAYS * 86_400_000));
  return counts;
}
