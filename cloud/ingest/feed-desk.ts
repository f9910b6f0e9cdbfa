/**
 * Who waits for the feed: with each change HQ looks once which stores it is for, and only their tills are answered.
 *
 * A chain has thousands of tills that wait and few that a change concerns: a member's points go to one store. What is for every
 * store is looked up by all, some at a time.
 */
import type { Db } from '../db/db.ts';
import type { Signals } from '../signal.ts';

/** Somebody who waits, of a store. */
export interface FeedWaiter {
  readonly storeId: string;
  /** There may be something: resolves when it was looked up. */
  answer(): Promise<void>;
}

/** Look-ups at a time: the rest of the pool is for others. */
const AT_ONCE = 4;

export class FeedDesk {
  private readonly db: Db;
  private readonly log: (text: string) => void;
  private readonly waiters = new Map<string, Set<FeedWaiter>>();
  /** Everything up to here was told; null: not looked yet. */
  private through: number | null = null;
  /** Of the places: another one each time that HQ's database went back. */
  private epoch = 0;
  private isDirty = false;
  private looking: Promise<void> | null = null;
  private readonly stops: (() => void)[];

  constructor(parts: { readonly db: Db; readonly signals: Signals; readonly log: (text: string) => void }) {
    this.db = parts.db;
    this.log = parts.log;
    this.stops = [
      parts.signals.on('feed', () => this.look()),
      // Places mean something else now.
      parts.signals.on('went_back', () => {
        this.through = null;
        this.epoch++;
      }),
    ];
  }

  /** @returns what ends the waiting */
  wait(waiter: FeedWaiter): () => void {
    const { storeId } = waiter;
    const group = this.waiters.get(storeId) ?? new Set();
    this.waiters.set(storeId, group.add(waiter));
    return () => {
      group.delete(waiter);
      if (group.size === 0 && this.waiters.get(storeId) === group) this.waiters.delete(storeId);
    };
  }

  /** Whether somebody at this place has all that was told so far: what comes now is told to those who wait. */
  hasTold(cursor: number): boolean {
    return this.through !== null && cursor >= this.through;
  }

  stop(): void {
    for (const stop of this.stops) stop();
  }

  /** One look at a time; what changes meanwhile is seen by the next. */
  private look(): void {
    this.isDirty = true;
    this.looking ??= this.lookAll().finally(() => {
      this.looking = null;
    });
  }

  private async lookAll(): Promise<void> {
    while (this.isDirty) {
      this.isDirty = false;
      try {
        await this.tell(await this.changed());
      } catch (cause) {
        // The next change finds it: nothing was marked as told.
        this.log(`feed: ${(cause as Error).message}`);
      }
    }
  }

  /** @returns the stores with news since the last look; null: whoever waits */
  private async changed(): Promise<readonly string[] | null> {
    const { through, epoch } = this;
    if (through === null) {
      const [row] = await this.db.query<{ pos: number | null }>('select max(pos) as pos from feed_row');
      if (epoch === this.epoch) this.through = row?.pos ?? 0;
      return null;
    }
    // Places become visible in their order, so what is beyond the highest one is beyond all of them.
    const rows = await this.db.query<{ storeId: string; pos: number }>(
      'select store_id as "storeId", max(pos) as pos from feed_row where pos > $1 group by store_id',
      [through],
    );
    if (epoch === this.epoch) this.through = Math.max(through, ...rows.map(({ pos }) => pos));
    return rows.some(({ storeId }) => storeId === '') ? null : rows.map(({ storeId }) => storeId);
  }

  private async tell(stores: readonly string[] | null): Promise<void> {
    const groups =
      stores === null ? [...this.waiters.values()] : stores.map((storeId) => this.waiters.get(storeId) ?? []);
    const waiting = groups.flatMap((group) => [...group]);
    const worker = async () => {
      for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) await one.answer();
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
}
