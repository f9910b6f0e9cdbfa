/**
 * Baskets on disk: the open one, so that a crash takes nothing from the counter, and those that customers left waiting.
 */
import type { Basket } from '../core/basket.ts';
import type { CouponEntry } from '../core/promotion.ts';
import type { ManualDiscount } from '../core/promotion-run.ts';
import type { Tender } from '../core/tender.ts';
import type { Pricing } from './checkout.ts';
import type { Sqlite } from './db.ts';

/** A basket with what belongs to it. */
export interface Parked {
  readonly basket: Basket;
  readonly memberId: string | null;
  readonly tenders: readonly Tender[];
  /** One a tender. Absent, as the rest, on baskets that an older program kept. */
  readonly tenderIds?: readonly (string | null)[];
  readonly coupons?: readonly CouponEntry[];
  readonly manual?: readonly ManualDiscount[];
  /** Of a basket that has been paid in part. */
  readonly pricing?: Pricing;
}

export interface Hold {
  readonly holdId: string;
  readonly label: string;
  readonly atMs: number;
  readonly parked: Parked;
}

export const HOLDS_MAX = 100;
/** Changes that come together are one write: a cashier is slower than this, a replay is not. */
const SAVE_AFTER_MS = 50;

export class Parking {
  private readonly db: Sqlite;
  private readonly current: () => Parked;
  private readonly log: (text: string) => void;
  private timer: NodeJS.Timeout | null = null;

  constructor(db: Sqlite, current: () => Parked, log: (text: string) => void) {
    this.db = db;
    this.current = current;
    this.log = log;
  }

  /** The open basket has changed: it is on disk within 50 ms. */
  touch(): void {
    this.timer ??= setTimeout(() => {
      this.timer = null;
      this.save();
    }, SAVE_AFTER_MS);
  }

  /** Writes what is waiting to be written. */
  flush(): void {
    if (this.timer === null) return;
    clearTimeout(this.timer);
    this.timer = null;
    this.save();
  }

  /** On disk when this returns. @throws TillDbError */
  saveNow(): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = null;
    this.write(JSON.stringify(this.current()));
  }

  /** null: the counter was empty. */
  load(): Parked | null {
    const row = this.db.prepare('select data from open_basket').get() as { data: string } | undefined;
    return row === undefined ? null : (JSON.parse(row.data) as Parked);
  }

  /** Parks the open basket; the counter is then emptied by `empty`. */
  hold(facts: { readonly holdId: string; readonly label: string; readonly atMs: number }): void {
    const { holdId, label, atMs } = facts;
    this.db.transaction(() => {
      this.db
        .prepare('insert into hold (hold_id, label, at_ms, data) values (?, ?, ?, ?)')
        .run(holdId, label, atMs, JSON.stringify(this.current()));
      this.db.prepare('delete from open_basket').run();
    })();
  }

  /** Takes a hold off the list and makes it the open basket, in one step. @returns null when there is no such hold */
  recall(holdId: string): Parked | null {
    return this.db.transaction(() => {
      const row = this.db.prepare('delete from hold where hold_id = ? returning data').get(holdId) as
        | { data: string }
        | undefined;
      if (row === undefined) return null;
      this.write(row.data);
      return JSON.parse(row.data) as Parked;
    })();
  }

  /** @returns false when there is no such hold */
  drop(holdId: string): boolean {
    return this.db.prepare('delete from hold where hold_id = ?').run(holdId).changes === 1;
  }

  list(): Hold[] {
    const rows = this.db
      .prepare('select hold_id, label, at_ms, data from hold order by at_ms, hold_id')
      .all() as {
      hold_id: string;
      label: string;
      at_ms: number;
      data: string;
    }[];
    return rows.map(({ hold_id, label, at_ms, data }) => ({
      holdId: hold_id,
      label,
      atMs: at_ms,
      parked: JSON.parse(data) as Parked,
    }));
  }

  private save(): void {
    try {
      const parked = this.current();
      if (parked.basket.lines.length === 0 && parked.memberId === null) {
        this.db.prepare('delete from open_basket').run();
      } else this.write(JSON.stringify(parked));
    } catch (cause) {
      // A full disk keeps the basket from being kept, not from being sold.
      this.log(`open basket: ${(cause as Error).message}`);
    }
  }

  private write(data: string): void {
    this.db.prepare('insert or replace into open_basket (place, data) values (1, ?)').run(data);
  }
}
