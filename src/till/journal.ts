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

/** A journal with the head that it begins after. */
export interface JournalPart {
  readonly journalId: string;
  readonly baseSeq: number;
  readonly baseHash: string;
}

/** What an entry of these kinds says holds in its own journal and in no other. */
const BOUND_TO_JOURNAL: ReadonlySet<string> = new Set(['journal_opened', 'right_granted', 'right_returned']);

/** The journals of a file, oldest first. @param journalId of the till's identity: the only one, where none followed it */
export function partsOf(db: Sqlite, sha256: Sha256, journalId: string): JournalPart[] {
  const parts = db
    .prepare(
      'select journal_id as journalId, base_seq as baseSeq, base_hash as baseHash from journal_part order by base_seq',
    )
    .all() as JournalPart[];
  return parts.length > 0 ? parts : [{ journalId, baseSeq: 0, baseHash: genesisHash(sha256, journalId) }];
}

/** Entries at the end that are checked at every start; the rest is for `counterfoil verify`. */
const TAIL_CHECKED = 1_000;

export class Journal {
  private readonly db: Sqlite;
  private readonly sha256: Sha256;
  private readonly file: string;
  private readonly tillId: string;
  private readonly insert: Statement;
  /** Journals that followed one another, oldest first; the last one is written to. */
  private partsNow: readonly JournalPart[];
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
    this.tillId = ids.tillId;
    this.file = file;
    try {
      this.partsNow = partsOf(db, sha256, ids.journalId);
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
    return this.partsNow.at(-1)!.journalId;
  }

  get parts(): readonly JournalPart[] {
    return this.partsNow;
  }

  /** The journal that an entry belongs to, and the last number of it. */
  partOf(seq: number): { readonly journalId: string; readonly throughSeq: number } {
    const after = this.partsNow.findIndex(({ baseSeq }) => baseSeq >= seq);
    const index = (after === -1 ? this.partsNow.length : after) - 1;
    const { journalId } = this.partsNow[Math.max(0, index)]!;
    return { journalId, throughSeq: this.partsNow[index + 1]?.baseSeq ?? Number.MAX_SAFE_INTEGER };
  }

  /**
   * Commits one entry: when this returns it is on disk.
   *
   * @param beside written to the same file in the same transaction
   * @throws TillDbError and nothing was written
   */
  append(stamp: EntryStamp, body: EntryBody, beside?: () => void): Appended {
    const seq = this.headNow.seq + 1;
    const { tillId, journalId } = this;
    const entry = { v: ENTRY_VERSION, tillId, journalId, seq, ...stamp, ...body } as JournalEntry;
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

  /**
   * Goes on under a new journal after `base`, the last entry that HQ has as well: this disk went back in time.
   *
   * What was written here beyond it is kept aside as it was, and said again in the new journal; leases of the old one are not,
   * since they are good in that one alone. One transaction: before it nothing has happened.
   *
   * @param beside written to the same file in the same transaction
   * @returns the new number of each entry that was said again, by its old one
   */
  reopen(
    base: ChainHead,
    given: { readonly journalId: string; readonly stamp: EntryStamp; readonly opened: EntryBody },
    beside: () => void,
  ): ReadonlyMap<number, number> {
    const { tillId } = this;
    const { journalId } = given;
    const forked = this.read(base.seq + 1, Number.MAX_SAFE_INTEGER);
    const kept = this.partsNow.filter(({ baseSeq }) => baseSeq < base.seq);
    const oldIdOf = (seq: number) => this.partOf(seq).journalId;
    const newSeqOf = new Map<number, number>();
    let head = base;
    try {
      this.db.transaction(() => {
        this.db.prepare('delete from journal where seq > ?').run(base.seq);
        const put = (body: object) => {
          const seq = head.seq + 1;
          const text = canonicalJson({ ...body, tillId, journalId, seq });
          const hash = entryHash(this.sha256, head.hash, text);
          this.insert.run(seq, fromHex(hash), text);
          head = { seq, hash };
        };
        put({ v: ENTRY_VERSION, ...given.stamp, ...given.opened });
        const aside = this.db.prepare(
          'insert or ignore into journal_fork (journal_id, seq, hash, text, restated_seq) values (?, ?, ?, ?, ?)',
        );
        for (const { seq, hash, text } of forked) {
          const entry = JSON.parse(text) as JournalEntry;
          const again = !BOUND_TO_JOURNAL.has(entry.kind);
          if (again) {
            put(entry);
            newSeqOf.set(seq, head.seq);
          }
          aside.run(oldIdOf(seq), seq, fromHex(hash), text, again ? head.seq : null);
        }
        this.db.prepare('delete from journal_part').run();
        const putPart = this.db.prepare(
          'insert into journal_part (journal_id, base_seq, base_hash) values (?, ?, ?)',
        );
        const part = { journalId, baseSeq: base.seq, baseHash: base.hash };
        for (const one of [...kept, part]) putPart.run(one.journalId, one.baseSeq, one.baseHash);
        beside();
      })();
    } catch (cause) {
      throw asTillDbError(cause, this.file);
    }
    this.partsNow = [...kept, { journalId, baseSeq: base.seq, baseHash: base.hash }];
    this.headNow = head;
    return newSeqOf;
  }

  /** What `reopen` returned when this journal was opened. */
  restated(): ReadonlyMap<number, number> {
    const { baseSeq } = this.partsNow.at(-1)!;
    const rows = this.db
      .prepare('select seq, restated_seq as now from journal_fork where seq > ? and restated_seq is not null')
      .all(baseSeq) as { seq: number; now: number }[];
    return new Map(rows.map(({ seq, now }) => [seq, now]));
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
    if (seq === 0) return genesisHash(this.sha256, this.partsNow[0]!.journalId);
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
    if (last.seq === null) return { seq: 0, hash: genesisHash(this.sha256, this.journalId) };
    const from = Math.max(1, last.seq - TAIL_CHECKED + 1);
    const before = { seq: from - 1, hash: this.hashAt(from - 1) };
    if (before.hash === null) throw this.damaged(from - 1);
    const journals = { tillId: this.tillId, journalIdAt: (seq: number) => this.partOf(seq).journalId };
    const walked = verifyChain(this.sha256, journals, this.read(from, TAIL_CHECKED), null, {
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
