/**
 * A device's clock over virtual time: it drifts, and its wall jumps; its monotonic time does neither.
 */
import type { Clock } from '../../src/core/ports.ts';
import type { Scheduler } from './scheduler.ts';

/** The virtual start: a Sunday noon in the shops' time zone. */
export const START_MS = Date.UTC(2026, 10, 22, 4, 0, 0);

export class SimClock implements Clock {
  /** Set by faults, milliseconds. */
  aheadMs = 0;
  private readonly time: Scheduler;
  private readonly driftPpm: number;

  constructor(time: Scheduler, driftPpm: number) {
    this.time = time;
    this.driftPpm = driftPpm;
  }

  nowMs(): number {
    return START_MS + Math.round(this.monotonicMs()) + this.aheadMs;
  }

  monotonicMs(): number {
    return this.time.nowMs * (1 + this.driftPpm / 1_000_000);
  }
}
