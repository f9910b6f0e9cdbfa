/**
 * The clock's watch: wall time against the last entry, against monotonic time, and against HQ's.
 *
 * A clock that moved by itself never stops a sale: entries keep their order by the hybrid clock, the business date is the
 * shift's. It is journalled and told until the cashier has seen it, over a restart too.
 */
import type { ClockJumped } from '../core/entry.ts';
import type { Clock } from '../core/ports.ts';
import type { ClockView } from './api.ts';
import type { State } from './state.ts';

/** Less than this is a time server at its work. */
export const JUMP_MS_MIN = 10_000;
/** An entry this much in the future at the start: the clock was set back while the till was off. */
const START_BACK_MS_MIN = 60_000;
/** A till that was off this long is told to look at its clock; a season's pause of a stall stays below. */
const START_AHEAD_MS_MIN = 180 * 86_400_000;
/** HQ's time comes with the line's delay. */
export const SKEW_MS_MIN = 120_000;
const CHECK_MS = 5_000;

interface Told extends ClockView {
  readonly seen: boolean;
}

const FINE: Told = { state: 'ok', byMs: 0, seen: true };

export class ClockWatch {
  private readonly clock: Clock;
  private readonly state: State;
  private readonly jumped: (body: ClockJumped) => void;
  private wallMs: number;
  private monotonicMs: number;
  private told: Told;
  private timer: NodeJS.Timeout | null = null;

  /** @param parts.jumped journals it and tells the screen */
  constructor(parts: {
    readonly clock: Clock;
    readonly state: State;
    readonly jumped: (body: ClockJumped) => void;
  }) {
    this.clock = parts.clock;
    this.state = parts.state;
    this.jumped = parts.jumped;
    this.wallMs = this.clock.nowMs();
    this.monotonicMs = this.clock.monotonicMs();
    const kept = this.state.text('clock');
    this.told = kept === null ? FINE : (JSON.parse(kept) as Told);
  }

  /** @param lastAtMs of the journal's last entry */
  start(lastAtMs: number | null): void {
    this.timer = setInterval(() => this.check(), CHECK_MS);
    this.timer.unref();
    if (lastAtMs === null) return;
    const byMs = this.clock.nowMs() - lastAtMs;
    if (byMs <= -START_BACK_MS_MIN || byMs >= START_AHEAD_MS_MIN)
      this.tell('jumped', byMs, 'start', lastAtMs);
  }

  stop(): void {
    if (this.timer !== null) clearInterval(this.timer);
  }

  /** Since it was last asked: did the wall clock go as far as time did? A machine that slept has jumped ahead. */
  check(): void {
    const [wall, monotonic] = [this.clock.nowMs(), this.clock.monotonicMs()];
    const expectedMs = this.wallMs + Math.round(monotonic - this.monotonicMs);
    this.wallMs = wall;
    this.monotonicMs = monotonic;
    const byMs = wall - expectedMs;
    if (Math.abs(byMs) >= JUMP_MS_MIN) this.tell('jumped', byMs, 'running', expectedMs);
  }

  /** HQ has said what time it is. */
  serverSaid(serverTimeMs: number): void {
    const byMs = this.clock.nowMs() - serverTimeMs;
    if (Math.abs(byMs) < SKEW_MS_MIN) {
      if (this.told.state === 'skewed') this.keep(FINE);
      return;
    }
    const known = this.told.state === 'skewed' && Math.abs(this.told.byMs - byMs) < SKEW_MS_MIN;
    if (!known) this.tell('skewed', byMs, 'server', serverTimeMs);
  }

  /** The cashier has read it. A clock that HQ calls wrong stays known as such and is not told again until it moves. */
  seen(): void {
    if (this.told.state !== 'ok') this.keep({ ...this.told, seen: true });
  }

  view(): ClockView {
    return this.told.seen ? { state: 'ok', byMs: 0 } : { state: this.told.state, byMs: this.told.byMs };
  }

  private tell(
    state: 'jumped' | 'skewed',
    byMs: number,
    seen: ClockJumped['seen'],
    expectedMs: number,
  ): void {
    this.keep({ state, byMs, seen: false });
    this.jumped({ expectedMs, foundMs: expectedMs + byMs, seen });
  }

  private keep(told: Told): void {
    this.told = told;
    this.state.set('clock', JSON.stringify(told));
  }
}
