/**
 * Personal rows: who joined here, beside the journal in the same encrypted file. The only writer of `personal`.
 */
import type { PersonalRow } from '../core/personal.ts';
import type { Sqlite, Statement } from './db.ts';

export interface KeptPerson extends PersonalRow {
  /** Pinyin initials, made once: the name must be found again after a rebuild. */
  readonly initials: string;
}

export class Personal {
  private readonly insert: Statement;
  private readonly select: Statement;
  private readonly remove: Statement;

  /** @param db `journal.db`: a row is written with its entry, or neither is */
  constructor(db: Sqlite) {
    this.insert = db.prepare(
      'insert into personal (personal_id, salt, data, initials, created_at_ms) values (?, ?, ?, ?, ?)',
    );
    this.select = db.prepare(
      'select personal_id as personalId, salt, data, initials from personal where personal_id = ?',
    );
    this.remove = db.prepare('delete from personal where personal_id = ?');
  }

  put({ personalId, salt, data, initials }: KeptPerson, createdAtMs: number): void {
    this.insert.run(personalId, salt, data, initials, createdAtMs);
  }

  /** null: erased. */
  get(personalId: string): KeptPerson | null {
    return (this.select.get(personalId) as KeptPerson | undefined) ?? null;
  }

  /** For good: the entry's commitment then proves nothing about anybody. */
  erase(personalId: string): void {
    this.remove.run(personalId);
  }
}
