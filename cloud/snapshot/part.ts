/**
 * One part of a snapshot on its way: a SQLite file in memory. The only place of the cloud that opens SQLite.
 *
 * SQLite since that is what tills keep their rows in: a part's rows go into a till's file page by page, at ten times the
 * speed of statements. In memory since it holds people's data, which never lies on HQ's disk unsealed.
 */
import Database from 'better-sqlite3';
import { SNAPSHOT_SCHEMA, type SnapshotRow } from '../../src/protocol/snapshot.ts';

/** As the tills' files have them: rows are copied by whole pages. */
const PAGE_BYTES = 8192;

export class PartWriter {
  private readonly db: Database.Database;
  private readonly inserts: Readonly<Record<SnapshotRow['table'] | 'code', Database.Statement>>;
  /** Of texts that went in: what is known of its size without asking. */
  chars = 0;
  rows = 0;
  /** Of the next member. */
  place: number;

  /** @param place of the first member: other parts of the same till have other ones */
  constructor(place: number) {
    this.place = place;
    this.db = new Database(':memory:');
    this.db.pragma(`page_size = ${PAGE_BYTES}`);
    this.db.exec(SNAPSHOT_SCHEMA);
    this.inserts = {
      item: this.db.prepare('insert or replace into item values (?, ?, ?, ?, ?)'),
      code: this.db.prepare('insert or replace into item_code values (?, ?)'),
      member: this.db.prepare(
        'insert into member (member_id, card_no, phone_back, name, initials, data, place) values (?, ?, ?, ?, ?, ?, ?)',
      ),
      other: this.db.prepare('insert into other (kind, key, data) values (?, ?, ?)'),
    };
    this.db.exec('begin');
  }

  add(row: SnapshotRow): void {
    if (row.table === 'member') this.inserts.member.run(...row.values, this.place++);
    else this.inserts[row.table].run(...row.values);
    if (row.table === 'item') for (const gtin of row.gtins) this.inserts.code.run(gtin, row.values[0]);
    for (const value of row.values) this.chars += value?.length ?? 0;
    this.rows++;
  }

  /** The file's bytes. Nothing can be added afterwards. */
  take(): Buffer {
    this.db.exec('commit');
    const bytes = this.db.serialize();
    this.db.close();
    return bytes;
  }
}
