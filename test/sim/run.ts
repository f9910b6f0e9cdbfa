/**
 * A run over many seeds on one HQ database: those that failed before come first.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Db } from '../../cloud/db/db.ts';
import { initialsOf } from '../../src/till/initials.ts';
import { openHqDb, resetHqDb } from './hq.ts';
import type { Mutant } from './mutant.ts';
import { makeTemplate } from './sim-till.ts';
import { type SeedResult, simulate } from './simulation.ts';

export interface RunResult {
  readonly seeds: number;
  readonly failed: number;
  readonly failures: readonly { readonly seed: number; readonly invariant: string; readonly step: number }[];
  /** By kind. */
  readonly faults: Readonly<Record<string, number>>;
  /** By invariant. */
  readonly checks: Readonly<Record<string, number>>;
  readonly events: number;
  readonly eventsPerSecond: number;
}

/** Files in memory: what a power cut leaves is worked out, not left to the machine, so its fsyncs would only cost time. */
const MEMORY = '/dev/shm';

/** A database and a place for files, for any number of seeds one after the other. */
export class Bench {
  private readonly folder: string;
  private readonly db: Db;
  private readonly template: string;

  private constructor(folder: string, db: Db, template: string) {
    this.folder = folder;
    this.db = db;
    this.template = template;
  }

  static async open(): Promise<Bench> {
    const folder = mkdtempSync(path.join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'counterfoil-sim-'));
    // Loaded at its first need, which would come in the middle of an event.
    await initialsOf('林');
    return new Bench(folder, await openHqDb(), makeTemplate(folder));
  }

  async seed(
    seed: number,
    options: { readonly mutant?: Mutant | null; readonly keep?: boolean } = {},
  ): Promise<SeedResult> {
    const { folder, db, template } = this;
    await resetHqDb(db);
    try {
      return await simulate({
        seed,
        db,
        folder,
        template,
        mutant: options.mutant ?? null,
        keep: options.keep ?? false,
      });
    } finally {
      rmSync(path.join(folder, `seed-${seed}`), { recursive: true, force: true });
    }
  }

  async close(): Promise<void> {
    await this.db.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

/** Adds the results of seeds up. */
export class Tally {
  private readonly failures: NonNullable<SeedResult['failure']>[] = [];
  private readonly faults: Record<string, number> = {};
  private readonly checks: Record<string, number> = {};
  private seeds = 0;
  private events = 0;
  private readonly startMs = performance.now();

  add(result: SeedResult): void {
    this.seeds++;
    this.events += result.events;
    if (result.failure !== null) this.failures.push(result.failure);
    addTo(this.faults, result.trace.faults);
    addTo(this.checks, result.trace.checks);
  }

  /** What another process has run. */
  merge(piece: RunResult): void {
    this.seeds += piece.seeds;
    this.events += piece.events;
    this.failures.push(...piece.failures);
    addTo(this.faults, piece.faults);
    addTo(this.checks, piece.checks);
  }

  result(): RunResult {
    const seconds = (performance.now() - this.startMs) / 1_000;
    const { seeds, failures, faults, checks, events } = this;
    return {
      seeds,
      failed: failures.length,
      failures,
      faults,
      checks,
      events,
      eventsPerSecond: Math.round(events / seconds),
    };
  }
}

function addTo(sums: Record<string, number>, more: Readonly<Record<string, number>>): void {
  for (const [kind, count] of Object.entries(more)) sums[kind] = (sums[kind] ?? 0) + count;
}
