/**
 * The journal: append is the commit point of everything a till does.
 *
 * One row, one fsync. What is printed, shown, counted or synced is read from here afterwards.
 */
import { assert } from '../core/assert.ts';
import {
  type ChainedEntry,
  type ChainHead,
  canonicalJson,
  ENTRY_VERSION,
  type EntryBody,
  type EntryHead,
  entryHash,
  fromHex,
  genesisHash,
  type JournalEntry,
  toHex,
  verifyChain,
} from '../core/entry.ts';
import type { Sha256 } from '../core/ports.ts';
import { asTillDbError, type Sqlite, type Statement, TillDbError } from './db.ts';

/** What the session stamps on an entry; the journal adds version, place and chain. */
export type EntryStamp = Omit<EntryHead, 'v' | 'seq' | 'tillId' | 'journalId'>;

export interface Appended {
  readonly entry: JournalEntry;
  readonly hash: string;
}

/** Entries at the end that are checked at every start; the rest is for `counterfoil verify`. */
const TAIL_CHECKED = 1_000;

export class Journal {
  private readonly db: Sqlite;
  private readonly sha256: Sha256;
  private readonly file: string;
  private readonly ids: { readonly tillId: string; readonly journalId: string };
  private readonly insert: Statement;
  private headNow: ChainHead;

  /** @throws TillDbError `corrupt` when the tail does not hold together */
  constructor(
    db: Sqlite,
    sha256: Sha256,
    ids: { readonly tillId: string; readonly journalId: string },
    file = 'journal.db',
  ) {
    this.db = db;
    this.sha256 = sha256;
    this.ids = ids;
    this.file = file;
    try {
      this.insert = db.prepare('insert into journal (seq, hash, text) values (?, ?, ?)');
      this.headNow = this.checkTail();
    } catch (cause) {
      throw asTillDbError(cause, file);
    }
  }

  get head(): ChainHead {
    return this.headNow;
  }

  get journalId(): string {
    return this.ids.journalId;
  }

  /**
   * Commits one entry: when this returns it is on disk.
   *
   * @param beside written to the same file in the same transaction
   * @throws TillDbError and nothing was written
   */
  append(stamp: EntryStamp, body: EntryBody, beside?: () => void): Appended {
    const seq = this.headNow.seq + 1;
    const entry = { v: ENTRY_VERSION, ...this.ids, seq, ...stamp, ...body } as JournalEntry;
    const text = canonicalJson(entry);
    const hash = entryHash(this.sha256, this.headNow.hash, text);
    try {
      if (beside === undefined) this.insert.run(seq, fromHex(hash), text);
      else {
        this.db.transaction(() => {
          this.insert.run(seq, fromHex(hash), text);
          beside();
        })();
      }
    } catch (cause) {
      throw asTillDbError(cause, this.file);
    }
    this.headNow = { seq, hash };
    return { entry, hash };
  }

  /** Entries from `fromSeq` on, as they are stored. */
  read(fromSeq: number, entriesMax: number): ChainedEntry[] {
    const rows = this.db
      .prepare('select seq, hash, text from journal where seq >= ? order by seq limit ?')
      .all(fromSeq, entriesMax) as { seq: number; hash: Uint8Array; text: string }[];
    return rows.map(({ seq, hash, text }) => ({ seq, hash: toHex(hash), text }));
  }

  /** Entries `fromSeq` to `throughSeq`, read piece by piece. */
  *range(fromSeq: number, throughSeq: number): Generator<JournalEntry> {
    for (let seq = fromSeq; seq <= throughSeq; ) {
      const rows = this.read(seq, Math.min(500, throughSeq - seq + 1));
      for (const { text } of rows) yield JSON.parse(text) as JournalEntry;
      seq += rows.length;
    }
  }

  at(seq: number): Appended | null {
    const row = this.read(seq, 1)[0];
    return row === undefined || row.seq !== seq ? null : { entry: JSON.parse(row.text), hash: row.hash };
  }

  hashAt(seq: number): string | null {
    if (seq === 0) return genesisHash(this.sha256, this.ids.journalId);
    return this.read(seq, 1).find((row) => row.seq === seq)?.hash ?? null;
  }

  /** From the newest back: for what the session needs to know at its start. */
  *backwards(): Generator<Appended> {
    for (let seq = this.headNow.seq; seq > 0; seq--) {
      const appended = this.at(seq);
      assert(appended !== null, 'the journal has no gap');
      yield appended;
    }
  }

  private checkTail(): ChainHead {
    const last = this.db.prepare('select max(seq) as seq from journal').get() as { seq: number | null };
    if (last.seq === null) return { seq: 0, hash: genesisHash(this.sha256, this.ids.journalId) };
    const from = Math.max(1, last.seq - TAIL_CHECKED + 1);
    const before = { seq: from - 1, hash: this.hashAt(from - 1) };
    if (before.hash === null) throw this.damaged(from - 1);
    const walked = verifyChain(this.sha256, this.ids, this.read(from, TAIL_CHECKED), null, {
      seq: before.seq,
      hash: before.hash,
    });
    if (!walked.ok) throw this.damaged(walked.error.seq);
    return walked.value;
  }

  private damaged(seq: number): TillDbError {
    return new TillDbError(
      'corrupt',
      `${this.file}: the chain breaks at entry ${seq}. Nothing was changed. Copy the folder away, run ` +
        '`npx counterfoil verify` on it, and call support.',
      { retry: false },
    );
  }
}
