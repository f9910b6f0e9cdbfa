/**
 * Days of a chain whose stores lie in several time zones: which day has begun, and when the next one does.
 *
 * Pure. A job that takes something away (points, coupons) waits until the day has begun in every store, so nobody loses a
 * right before their own midnight; a job that gives runs as soon as it has begun in one.
 */
import { localDate } from '../../src/core/shift.ts';

export type DayBegun = 'everywhere' | 'somewhere';

export interface DayTerms {
  /** IANA names of the stores; none is UTC. */
  readonly zones: readonly string[];
  readonly begun: DayBegun;
  /** Minutes of the stores' own clocks after midnight. */
  readonly minute: number;
}

const MINUTE_MS = 60_000;

/** The newest day that is due, `YYYY-MM-DD`. */
export function dayDue({ zones, begun, minute }: DayTerms, nowMs: number): string {
  const days = (zones.length === 0 ? ['UTC'] : zones)
    .map((zone) => localDate(nowMs - minute * MINUTE_MS, zone))
    .toSorted();
  return begun === 'everywhere' ? days[0]! : days.at(-1)!;
}

/** Zones differ from UTC by whole quarters of an hour, and no day has more than 25 hours. */
const STEP_MS = 15 * MINUTE_MS;
const STEPS_MAX = (3 * 24 * 60) / 15;

/** When a later day than `throughOn` is due. @returns epoch ms, to the quarter of an hour; `nowMs` when one is due already */
export function nextDueMs(terms: DayTerms, throughOn: string | null, nowMs: number): number {
  if (throughOn === null || dayDue(terms, nowMs) > throughOn) return nowMs;
  const first = Math.floor((nowMs - terms.minute * MINUTE_MS) / STEP_MS) * STEP_MS + terms.minute * MINUTE_MS;
  for (let step = 1; step <= STEPS_MAX; step++) {
    const atMs = first + step * STEP_MS;
    if (dayDue(terms, atMs) > throughOn) return atMs;
  }
  // Days ahead of the clock were done: a clock that was put back. It is asked again then.
  return nowMs + STEPS_MAX * STEP_MS;
}
