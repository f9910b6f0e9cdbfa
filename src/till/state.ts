/**
 * Small named values of the till in `shop.db`: cursors, ages, the screen's language.
 */
import type { Sqlite, Statement } from './db.ts';

export type StateName =
  | 'feed_cursor'
  | 'data_as_of_ms'
  | 'rules_version'
  | 'rule_set'
  | 'programme'
  | 'acked_seq'
  | 'acked_hash'
  /** HQ's signature over the acknowledged head, and of which journal it is; empty: HQ has only said it. */
  | 'acked_sig'
  | 'acked_journal'
  /** The highest head of these journals that HQ has signed, as JSON. */
  | 'signed_head'
  | 'hq_mark'
  /** Of the feed that the cursor is a place in; `feed_anew`: it is being taken from the beginning. */
  | 'feed_generation'
  | 'feed_anew'
  /** The journal that the projections are of. */
  | 'journal_id'
  | 'sale_index'
  | 'spool'
  | 'locale'
  | 'member_index'
  | 'snapshot'
  | 'later_indexes'
  | 'training'
  | 'clock';

export class State {
  private readonly db: Sqlite;
  private readonly select: Statement;
  private readonly upsert: Statement;

  constructor(db: Sqlite) {
    this.db = db;
    this.select = db.prepare('select value from state where name = ?');
    this.upsert = db.prepare('insert or replace into state (name, value) values (?, ?)');
  }

  text(name: StateName): string | null {
    return (this.select.get(name) as { value: string } | undefined)?.value ?? null;
  }

  number(name: StateName): number | null {
    const text = this.text(name);
    return text === null ? null : Number(text);
  }

  set(name: StateName, value: string | number): void {
    this.upsert.run(name, String(value));
  }

  /** All of them or none, with one sync of the disk. */
  setAll(values: Partial<Record<StateName, string | number>>): void {
    this.db.transaction(() => {
      for (const [name, value] of Object.entries(values)) this.upsert.run(name, String(value));
    })();
  }
}
