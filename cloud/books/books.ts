/**
 * The books: what follows from entries once they are on HQ's disk. Returns, points, closed shifts, new members, alerts, and
 * the rows that the tills get back.
 *
 * A journal's books have their own cursor, moved in the transaction that writes what follows, so each entry has its effect
 * exactly once however often the process dies. The ack never waits for them: while tills wait for their turn, the books rest. One runner a journal at a time, over all cloud
 * processes, by the cursor's row lock.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Clock, Sha256 } from '../../src/core/ports.ts';
import { grantStatement } from '../../src/protocol/trust.ts';
import type { Db, Queryable } from '../db/db.ts';
import { RunLoop } from '../run-loop.ts';
import type { Signals } from '../signal.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import { bookClock } from './book-clock.ts';
import { dayFeed } from './book-day.ts';
import { bookLeases } from './book-lease.ts';
import { bookEnrolments } from './book-member.ts';
import { bookPrices, RuleShelf } from './book-price.ts';
import { bookSales, type SaleEntry, storedSales } from './book-sale.ts';
import { bookShift } from './book-shift.ts';

export interface BooksParts {
  readonly db: Db;
  readonly clock: Clock;
  readonly sha256: Sha256;
  readonly cloudId: string;
  readonly cloudKey: CloudKey;
  readonly signals: Signals;
  readonly log: (text: string) => void;
  /** Resolves when nobody needs the machine more, in a while all the same. */
  readonly giveWay?: () => Promise<void>;
}

/**
 * Entries in one transaction. More at a time cost less each: a member who comes twice is folded and told once. But nobody else
 * can publish meanwhile, and PGlite has one connection for all.
 */
const BATCH_ENTRIES = { pg: 1_000, pglite: 500 } as const;
/** A fault of the database's own is tried again after this. */
const RETRY_MS = 2_000;

/** One batch of one journal, and where it was read. */
export interface Batch {
  readonly tx: Queryable;
  readonly tillId: string;
  readonly storeId: string;
  readonly journalId: string;
  readonly nowMs: number;
  readonly sha256: Sha256;
  /** Whether HQ has signed this grant. */
  readonly vouched: (grant: Omit<Parameters<typeof grantStatement>[0], 'cloudId'>, sig: string) => boolean;
}

export class Books {
  private readonly parts: BooksParts;
  private readonly shelf = new RuleShelf();
  private readonly loop: RunLoop;
  private timer: NodeJS.Timeout | null = null;

  constructor(parts: BooksParts) {
    this.parts = parts;
    this.loop = new RunLoop({
      step: () => this.step(),
      onTrouble: (cause) => {
        parts.log(`books: ${cause.message}`);
        this.timer = setTimeout(() => this.poke(), RETRY_MS);
      },
    });
  }

  /** There may be new entries. */
  poke(): void {
    this.loop.poke();
  }

  /** Resolves when all that is on disk now is in the books. */
  settled(): Promise<void> {
    return this.loop.settled();
  }

  async close(): Promise<void> {
    await this.loop.stop();
    if (this.timer !== null) clearTimeout(this.timer);
  }

  /** @returns false when every journal's books are up to date */
  private async step(): Promise<boolean> {
    const { db, clock, sha256, signals, cloudId, cloudKey } = this.parts;
    const vouched: Batch['vouched'] = (grant, sig) =>
      cloudKey.signed(grantStatement({ ...grant, cloudId }), sig);
    await this.parts.giveWay?.();
    const told = await db.transaction(async (tx) => {
      const [behind] = await tx.query<{ journal_id: string; till_id: string; through_seq: number }>(
        `select journal_id, till_id, through_seq from books_cursor where through_seq < head_seq
         order by journal_id limit 1 for update skip locked`,
      );
      if (behind === undefined) return null;
      const { journal_id: journalId, till_id: tillId, through_seq: throughSeq } = behind;
      const rows = await tx.query<{ seq: number; kind: string; text: string; store_id: string }>(
        `select e.seq, e.kind, e.text, t.store_id from journal_entry e join till t using (till_id)
         where e.journal_id = $1 and e.seq > $2 order by e.seq limit $3`,
        [journalId, throughSeq, BATCH_ENTRIES[db.kind]],
      );
      const batch = {
        tx,
        tillId,
        journalId,
        storeId: rows[0]!.store_id,
        nowMs: clock.nowMs(),
        sha256,
        vouched,
      };
      const feeds = await bookBatch(batch, rows, this.shelf);
      await tx.query('update books_cursor set through_seq = $2 where journal_id = $1', [
        journalId,
        rows.at(-1)!.seq,
      ]);
      return { feeds };
    });
    if (told === null) return false;
    if (told.feeds) signals.emit('feed', {});
    return true;
  }
}

/** @returns whether the tills have something to fetch */
export async function bookBatch(
  batch: Batch,
  rows: readonly { readonly kind: string; readonly text: string }[],
  shelf: RuleShelf,
): Promise<boolean> {
  const entries = rows.flatMap(({ text, kind }): JournalEntry[] =>
    // Ingest has read it, its bytes too: what it could not read is marked.
    kind === 'unreadable' ? [] : [JSON.parse(text) as JournalEntry],
  );
  const enrolled = await bookEnrolments(batch, entries);
  const sales = await storedSales(
    batch,
    entries.filter((entry): entry is SaleEntry => entry.kind === 'sale'),
  );
  const sold = await bookSales(batch, sales);
  await bookPrices(batch, sales, shelf);
  let shifts = 0;
  for (const entry of entries) {
    if (entry.kind === 'shift_closed') shifts += (await bookShift(batch, entry)) ? 1 : 0;
  }
  const days = await dayFeed(batch, new Set(sales.map(({ businessDate }) => businessDate)));
  await bookLeases(batch, entries, sales);
  await bookClock(batch, entries);
  return enrolled + sold + shifts + days > 0;
}
