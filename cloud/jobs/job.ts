/**
 * What a job is: a name, when it is due, and work that may be broken off at any point and done again.
 *
 * Every job keeps its own word: what it has done for a day or a row it finds done the next time, in the transaction that did
 * it. So a process may be killed in the middle, two may think that they hold the job, and each effect is there once.
 */
import type { Db } from '../db/db.ts';
import type { Signals } from '../signal.ts';
import type { DayBegun } from './days.ts';

export type Schedule =
  /** As soon as it is over it waits for so long. */
  | { readonly kind: 'every'; readonly everyMs: number }
  /**
   * Once a day, so many minutes after midnight. `missed`: after days without HQ each of them, oldest first, or only the last,
   * where that one makes up for all before it.
   */
  | {
      readonly kind: 'daily';
      readonly minute: number;
      readonly begun: DayBegun;
      readonly missed: 'each' | 'last';
    };

export interface JobContext {
  readonly db: Db;
  readonly signals: Signals;
  readonly log: (text: string) => void;
  readonly nowMs: number;
  /** The day that begins, `YYYY-MM-DD`; of jobs that begin none, today. */
  readonly asOf: string;
}

/** How many of what: shown to people, so no names and no ids. */
export type JobCounts = Readonly<Record<string, number>>;

export interface Job {
  readonly name: string;
  /** One sentence for people. */
  readonly about: string;
  readonly schedule: Schedule;
  /** @throws whatever went wrong: the run is `failed`, and tried again */
  work(context: JobContext): Promise<JobCounts>;
}
