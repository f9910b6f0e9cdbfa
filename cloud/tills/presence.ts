/**
 * Which tills are connected, to whichever process of HQ: the same answer from all of them.
 *
 * A till that comes or goes is told at once by signal. What a signal missed, and a process that died, is put right by the table:
 * each process writes its tills there every five seconds and reads those of the others; one that was silent for fifteen is gone.
 */
import type { Clock } from '../../src/core/ports.ts';
import type { Db } from '../db/db.ts';
import type { Signals } from '../signal.ts';

const BEAT_MS = 5_000;
const SILENT_MS = 15_000;

export interface PresenceParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly signals: Signals;
  /** Of this process. */
  readonly process: string;
  readonly own: { isOnline(tillId: string): boolean; tills(): readonly string[] };
  readonly log: (text: string) => void;
}

interface Other {
  readonly tills: Set<string>;
  seenAtMs: number;
}

export class Presence {
  private readonly parts: PresenceParts;
  private readonly others = new Map<string, Other>();
  /** Of our own, as the others know it. */
  private readonly told = new Set<string>();
  private readonly stops: (() => void)[] = [];
  private timer: NodeJS.Timeout | null = null;
  private beating: Promise<void> = Promise.resolve();

  constructor(parts: PresenceParts) {
    this.parts = parts;
  }

  isOnline(tillId: string): boolean {
    if (this.parts.own.isOnline(tillId)) return true;
    const since = this.parts.clock.nowMs() - SILENT_MS;
    return [...this.others.values()].some(({ tills, seenAtMs }) => seenAtMs > since && tills.has(tillId));
  }

  start(): void {
    const { signals, process, own, clock } = this.parts;
    this.stops.push(
      // Said before the others hear that something is new about this till.
      signals.on('till', ({ tillId }) => {
        const isHere = own.isOnline(tillId);
        if (isHere === this.told.has(tillId)) return;
        if (isHere) this.told.add(tillId);
        else this.told.delete(tillId);
        signals.emit('presence', { process, tillId, isHere });
      }),
      signals.on('presence', (said) => {
        if (said.process === process) return;
        const other = this.otherOf(said.process);
        if (said.isHere) other.tills.add(said.tillId);
        else other.tills.delete(said.tillId);
        other.seenAtMs = clock.nowMs();
      }),
    );
    this.beat();
    this.timer = setInterval(() => this.beat(), BEAT_MS);
  }

  async close(): Promise<void> {
    if (this.timer !== null) clearInterval(this.timer);
    for (const stop of this.stops) stop();
    await this.beating;
    await this.parts.db.query('delete from cloud_process where process = $1', [this.parts.process]);
  }

  private beat(): void {
    this.beating = this.exchange().catch((cause: Error) => this.parts.log(`presence: ${cause.message}`));
  }

  /** Tells of our own, reads those of the others. */
  async exchange(): Promise<void> {
    const { db, clock, process, own } = this.parts;
    const nowMs = clock.nowMs();
    await db.query(
      `insert into cloud_process values ($1, $2::text[], to_timestamp($3::float8 / 1000))
       on conflict (process) do update set tills = excluded.tills, seen_at = excluded.seen_at`,
      [process, [...own.tills()], nowMs],
    );
    await db.query('delete from cloud_process where seen_at < to_timestamp($1::float8 / 1000)', [
      nowMs - SILENT_MS,
    ]);
    const rows = await db.query<{ process: string; tills: string[]; seenAtMs: number }>(
      'select process, tills, seen_at as "seenAtMs" from cloud_process where process <> $1',
      [process],
    );
    this.others.clear();
    for (const row of rows)
      this.others.set(row.process, { tills: new Set(row.tills), seenAtMs: row.seenAtMs });
  }

  private otherOf(process: string): Other {
    const known = this.others.get(process) ?? { tills: new Set<string>(), seenAtMs: 0 };
    this.others.set(process, known);
    return known;
  }
}
