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
  | 'sale_index'
  | 'spool'
  | 'locale'
  | 'member_index'
  | 'snapshot'
  | 'training'
  | 'clock';

export class State {
  private readonly select: Statement;
  private readonly upsert: Statement;

  constructor(db: Sqlite) {
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
}
