/**
 * Turns: so many pushes of all tills are worked on at a time, the others wait in the order in which they came.
 *
 * What waits here lies packed, as it came in: two thousand tills that come back at once would else be a gigabyte of entries, and
 * nobody else would get a connection to the database. A till that sells right now goes before those that bring what has lain for
 * hours, but never so that these stand still. How much a till may bring at a time follows from how many wait: each has its turn
 * within half a minute, well before a till loses patience with its line.
 */
import type { Clock } from '../../src/core/ports.ts';

/** As many transactions as two or four processors keep busy; the pool has more, for everybody else. */
const AT_ONCE = 6;
/** So many of those that sell now go first, then one that has waited. */
const LIVE_IN_A_ROW = 4;
/** Within this each has its turn. A till gives up its line after sixty seconds without an ack, unless a pong says that it waits. */
const ROUND_MS = 25_000;
/** What was measured before counts for so much less with each push. */
const FADE = 0.95;

export interface Turn {
  /** false: it was given up. Whoever has true must call `done`. */
  readonly come: Promise<boolean>;
  /** @param entries that were worked on in it; 0: none */
  done(entries: number): void;
  /** Not wanted any more; nothing when it has come already. */
  giveUp(): void;
}

interface Waiting {
  readonly call: (isHere: boolean) => void;
}

export class Turns {
  private readonly clock: Pick<Clock, 'monotonicMs'>;
  private readonly live: Waiting[] = [];
  private readonly backlog: Waiting[] = [];
  private running = 0;
  private liveInARow = 0;
  private resting: (() => void)[] = [];
  /** Time and entries of the last pushes. */
  private tookMs = 0;
  private entries = 0;

  constructor(clock: Pick<Clock, 'monotonicMs'>) {
    this.clock = clock;
  }

  /** @param isLive a till that has nothing else to bring */
  ask(isLive: boolean): Turn {
    const queue = isLive ? this.live : this.backlog;
    let startMs: number | null = null;
    let waiting: Waiting | null = null;
    const come = new Promise<boolean>((resolve) => {
      waiting = {
        call: (isHere) => {
          if (isHere) startMs = this.clock.monotonicMs();
          resolve(isHere);
        },
      };
      queue.push(waiting);
    });
    this.next();
    return {
      come,
      done: (entries) => {
        if (startMs === null) return;
        if (entries > 0) this.measure(this.clock.monotonicMs() - startMs, entries);
        startMs = null;
        this.running--;
        this.next();
      },
      giveUp: () => {
        const place = queue.indexOf(waiting!);
        if (place < 0) return;
        queue.splice(place, 1);
        waiting!.call(false);
        this.next();
      },
    };
  }

  /** How many entries a till may bring at a time, so that all who wait have their turn soon. */
  entriesMax(): number {
    const waiting = this.live.length + this.backlog.length;
    if (waiting < AT_ONCE || this.entries === 0) return Number.POSITIVE_INFINITY;
    const entryMs = Math.max(this.tookMs / this.entries, 0.001);
    return Math.floor((ROUND_MS * AT_ONCE) / (entryMs * waiting));
  }

  /** For work that can wait: resolves when nobody waits for a turn, after `msMax` all the same. */
  lull(msMax: number): Promise<void> {
    if (!this.isCrowded()) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, msMax);
      this.resting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  private isCrowded(): boolean {
    return this.live.length + this.backlog.length > 0;
  }

  private measure(tookMs: number, entries: number): void {
    this.tookMs = this.tookMs * FADE + tookMs;
    this.entries = this.entries * FADE + entries;
  }

  private next(): void {
    while (this.running < AT_ONCE && this.isCrowded()) {
      const isLive = this.live.length > 0 && (this.liveInARow < LIVE_IN_A_ROW || this.backlog.length === 0);
      const waiting = (isLive ? this.live : this.backlog).shift()!;
      this.liveInARow = isLive ? this.liveInARow + 1 : 0;
      this.running++;
      waiting.call(true);
    }
    if (this.isCrowded()) return;
    for (const resume of this.resting) resume();
    this.resting = [];
  }
}
