/**
 * What pings say: that a till is there, how much it still has, how ready it is. Written down for many tills at once: ten
 * thousand of them say so 670 times a second, and each of its own would be a transaction each.
 *
 * Nothing hangs on it: a ping that is lost with the process is followed by the next.
 */
import { type Db, kept } from '../db/db.ts';
import type { Signals } from '../signal.ts';

export interface Seen {
  readonly tillId: string;
  readonly atMs: number;
  /** Entries; null: a push has said it since. */
  readonly unsent: number | null;
  readonly readiness?: object;
}

/** For so long pings are gathered: HQ's pages show them that much later. */
const GATHER_MS = 500;
/** In a statement. */
const TILLS_MAX = 1_000;

// A till whose push is under way is left out, or all tills of this statement would wait for that push; what the push says
// is newer.
const NOTE_ALL = kept(
  `with heard as (
     select t.till_id, h.at, h.unsent, h.readiness::jsonb as readiness
     from unnest($1::text[], $2::float8[], $3::int[], $4::text[]) as h(till_id, at, unsent, readiness)
     join till t on t.till_id = h.till_id
     order by t.till_id for no key update of t skip locked)
   update till t set last_seen_at = greatest(t.last_seen_at, to_timestamp(h.at / 1000)),
     unsent = coalesce(h.unsent, t.unsent), readiness = coalesce(h.readiness, t.readiness),
     readiness_at = case when h.readiness is null then t.readiness_at else to_timestamp(h.at / 1000) end
   from heard h where t.till_id = h.till_id`,
);

export class SeenDesk {
  private readonly parts: {
    readonly db: Db;
    readonly signals: Signals;
    readonly log: (text: string) => void;
  };
  private heard = new Map<string, Seen>();
  private timer: NodeJS.Timeout | null = null;
  private writing: Promise<void> = Promise.resolve();
  private closed = false;

  constructor(parts: { readonly db: Db; readonly signals: Signals; readonly log: (text: string) => void }) {
    this.parts = parts;
  }

  note(seen: Seen): void {
    if (this.closed) return;
    const before = this.heard.get(seen.tillId);
    this.heard.set(seen.tillId, { ...before, ...seen });
    this.timer ??= setTimeout(() => this.flush(), GATHER_MS);
  }

  /** A push of this till was stored: what it said of the rest is newer than what its ping said. */
  pushed(tillId: string): void {
    const seen = this.heard.get(tillId);
    if (seen !== undefined) this.heard.set(tillId, { ...seen, unsent: null });
  }

  async close(): Promise<void> {
    this.closed = true;
    if (this.timer !== null) clearTimeout(this.timer);
    await this.writing;
  }

  private flush(): void {
    this.timer = null;
    const all = [...this.heard.values()];
    this.heard = new Map();
    this.writing = this.writing.then(async () => {
      for (let at = 0; at < all.length; at += TILLS_MAX) await this.write(all.slice(at, at + TILLS_MAX));
    });
  }

  private async write(some: readonly Seen[]): Promise<void> {
    const { db, signals, log } = this.parts;
    try {
      await db.query(NOTE_ALL, [
        some.map(({ tillId }) => tillId),
        some.map(({ atMs }) => atMs),
        some.map(({ unsent }) => unsent),
        some.map(({ readiness }) => (readiness === undefined ? null : JSON.stringify(readiness))),
      ]);
    } catch (cause) {
      // The next pings say the same.
      log(`sync: pings of ${some.length} tills could not be noted: ${(cause as Error).message}`);
      return;
    }
    for (const { tillId } of some) signals.emit('till', { tillId });
  }
}
