/**
 * What a run did, as lines that are the same for the same seed; what it counted; what it found wrong.
 */
import { createHash } from 'node:crypto';

/** The first invariant that did not hold, and after which event. */
export interface Broken {
  readonly invariant: string;
  readonly what: string;
  readonly step: number;
}

export class Trace {
  readonly faults: Record<string, number> = {};
  readonly checks: Record<string, number> = {};
  readonly lines: string[] = [];
  /** What the shipping code logged, with who. */
  readonly logs: string[] = [];
  broken: Broken | null = null;
  /** Of the scheduler. */
  step: () => number = () => 0;
  private readonly hash = createHash('sha256');
  private readonly keep: boolean;

  constructor(keep: boolean) {
    this.keep = keep;
  }

  say(atMs: number, who: string, what: string): void {
    const line = `${atMs} ${who} ${what}`;
    this.hash.update(`${line}\n`);
    if (this.keep) this.lines.push(line);
  }

  fault(kind: string): void {
    this.faults[kind] = (this.faults[kind] ?? 0) + 1;
  }

  /** Told, not thrown: the code that is watched must not get to catch it. */
  check(invariant: string, holds: boolean, what: () => string): void {
    this.checks[invariant] = (this.checks[invariant] ?? 0) + 1;
    if (!holds) this.broken ??= { invariant, what: what(), step: this.step() };
  }

  digest(): string {
    return this.hash.copy().digest('hex');
  }
}
