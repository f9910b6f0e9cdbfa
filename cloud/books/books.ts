/**
 * The books: what follows from entries once they are on HQ's disk. Returns, points, closed shifts, new members, alerts, and
 * the rows that the tills get back.
 *
 * A journal's books have their own cursor, moved in the transaction that writes what follows, so each entry has its effect
 * exactly once however often the process dies. The ack never waits for them: while tills wait for their turn, the books rest.
 * A batch is what one store's tills have brought; one runner a store at a time, over all cloud processes, by a lock that pushes
 * do not know of.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import type { Clock, Sha256 } from '../../src/core/ports.ts';
import { grantStatement } from '../../src/protocol/trust.ts';
import type { Db, Queryable } from '../db/db.ts';
import { lockFeed } from '../feed/feed.ts';
import { RunLoop } from '../run-loop.ts';
import type { Signals } from '../signal.ts';
import { tellTillAlert } from '../tills/alerts.ts';
import type { CloudKey } from '../tills/cloud-key.ts';
import { bookClock } from './book-clock.ts';
import { dayFeed } from './book-day.ts';
import { bookLeases } from './book-lease.ts';
import { bookEnrolments } from './book-member.ts';
import { bookPrices, RuleShelf } from './book-price.ts';
import { bookSales, type SaleEntry, storedSales } from './book-sale.ts';
import { bookShift } from './book-shift.ts';
import { StuckJournals } from './stuck.ts';

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
/** Stores and journals looked at for one batch. */
const LOOKED_AT = 100;
/** Any constant; the store is the second half of the lock. */
const BOOKS_LOCK = 4_600_002;

/** One batch of one store. */
export interface Batch {
  readonly tx: Queryable;
  readonly storeId: string;
  readonly nowMs: number;
  readonly sha256: Sha256;
  /** Whether HQ has signed this grant. */
  readonly vouched: (grant: Omit<Parameters<typeof grantStatement>[0], 'cloudId'>, sig: string) => boolean;
}

/** What a batch takes of one journal. */
export interface JournalPart {
  readonly tillId: string;
  readonly journalId: string;
  readonly rows: readonly { readonly seq: number; readonly kind: string; readonly text: string }[];
}

/** A batch, looking at one of its journals. */
export type JournalBatch = Batch & Pick<JournalPart, 'tillId' | 'journalId'>;

export class Books {
  private readonly parts: BooksParts;
  private readonly shelf = new RuleShelf();
  private readonly loop: RunLoop;
  private readonly stuck: StuckJournals;
  /** Whose turn was last: the stores take turns. */
  private lastStoreId = '';
  private timer: NodeJS.Timeout | null = null;

  constructor(parts: BooksParts) {
    this.parts = parts;
    this.stuck = new StuckJournals(BATCH_ENTRIES[parts.db.kind]);
    this.loop = new RunLoop({
      step: () => this.step(),
      onTrouble: (cause) => {
        parts.log(`books: ${cause.message}`);
        this.wakeIn(RETRY_MS);
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

  private wakeIn(ms: number): void {
    if (this.timer !== null) clearTimeout(this.timer);
    this.timer = setTimeout(() => this.poke(), ms);
  }

  /** @returns false when every journal's books are up to date, or wait */
  private async step(): Promise<boolean> {
    const { db, clock, sha256, signals, cloudId, cloudKey } = this.parts;
    const vouched: Batch['vouched'] = (grant, sig) =>
      cloudKey.signed(grantStatement({ ...grant, cloudId }), sig);
    await this.parts.giveWay?.();
    let taken: readonly JournalPart[] = [];
    try {
      const told = await db.transaction(async (tx) => {
        const found = await this.take(tx);
        if (found === null) return null;
        taken = found.parts;
        const batch = { tx, storeId: found.storeId, nowMs: clock.nowMs(), sha256, vouched };
        const feeds = await bookBatch(batch, taken, this.shelf);
        await tx.query(
          `update books_cursor b set through_seq = n.through
           from unnest($1::text[], $2::bigint[]) as n(journal_id, through) where b.journal_id = n.journal_id`,
          [taken.map(({ journalId }) => journalId), taken.map(({ rows }) => rows.at(-1)!.seq)],
        );
        return { feeds };
      });
      for (const { journalId } of taken) this.stuck.booked(journalId);
      if (told === null) return this.rest();
      if (told.feeds) signals.emit('feed', {});
      return true;
    } catch (cause) {
      // What the database has brought about by itself is over for all at once.
      if (taken.length === 0 || !(await isOfEntries(db, cause))) throw cause;
      await this.failed(taken, cause as Error);
      return true;
    }
  }

  /** Nothing to do now; those that wait have their time. */
  private rest(): false {
    const nowMs = this.parts.clock.nowMs();
    const atMs = this.stuck.nextAtMs(nowMs);
    if (atMs !== null) this.wakeIn(atMs - nowMs);
    return false;
  }

  private async failed(taken: readonly JournalPart[], cause: Error): Promise<void> {
    const { db, clock, log } = this.parts;
    const nowMs = clock.nowMs();
    const waits = this.stuck.failed(
      taken.map(({ journalId, rows }) => ({ journalId, entries: rows.length })),
      nowMs,
    );
    if (waits === null) return;
    const [{ tillId, rows }] = taken as [JournalPart];
    log(`books: entry ${rows[0]!.seq} of journal ${waits}: ${cause.message}`);
    const detail = { journalId: waits, seq: rows[0]!.seq, kind: rows[0]!.kind, message: cause.message };
    await tellTillAlert(db, { tillId, kind: 'books_stuck', detail, atMs: nowMs });
  }

  /** The next store's journals that are behind, locked for this transaction. @returns null when there is none */
  private async take(
    tx: Queryable,
  ): Promise<{ readonly storeId: string; readonly parts: readonly JournalPart[] } | null> {
    const waiting = this.stuck.waiting(this.parts.clock.nowMs());
    const stores = await tx.query<{ storeId: string }>(
      `select t.store_id as "storeId" from books_cursor b join till t using (till_id)
       where b.through_seq < b.head_seq and b.journal_id <> all($1::text[])
       group by t.store_id order by t.store_id <= $2, t.store_id limit ${LOOKED_AT}`,
      [waiting, this.lastStoreId],
    );
    for (const { storeId } of stores) {
      if (!(await tryLockBooks(tx, storeId))) continue;
      const parts = await this.partsOf(tx, storeId, waiting);
      if (parts.length === 0) continue;
      this.lastStoreId = storeId;
      return { storeId, parts };
    }
    return null;
  }

  /** Those with little to say first: a till that sells now does not wait for one that brings a week. */
  private async partsOf(
    tx: Queryable,
    storeId: string,
    waiting: readonly string[],
  ): Promise<readonly JournalPart[]> {
    const behind = await tx.query<JournalBehind>(
      `select b.journal_id as "journalId", b.till_id as "tillId", b.through_seq as through, b.head_seq - b.through_seq as left
       from books_cursor b join till t using (till_id)
       where t.store_id = $1 and b.through_seq < b.head_seq and b.journal_id <> all($2::text[])
       order by b.head_seq - b.through_seq, b.journal_id limit ${LOOKED_AT}`,
      [storeId, waiting],
    );
    const sound = behind.filter(({ journalId }) => this.stuck.mostOf(journalId) === null);
    const whole = BATCH_ENTRIES[this.parts.db.kind];
    const chosen =
      sound.length > 0
        ? fitting(sound, whole)
        : behind.slice(0, 1).map((one) => ({
            ...one,
            most: this.stuck.mostOf(one.journalId)!,
          }));
    const rows = await tx.query<JournalPart['rows'][number] & { readonly place: number }>(
      `select j.place::int as place, e.seq, e.kind, e.text
       from unnest($1::text[], $2::bigint[], $3::int[]) with ordinality as j(journal_id, through, most, place)
       cross join lateral (
         select x.seq, x.kind, x.text from journal_entry x where x.journal_id = j.journal_id and x.seq > j.through
         order by x.seq limit j.most) e
       order by j.place, e.seq`,
      [
        chosen.map(({ journalId }) => journalId),
        chosen.map(({ through }) => through),
        chosen.map(({ most }) => most),
      ],
    );
    const byPlace = Map.groupBy(rows, ({ place }) => place);
    const parts = chosen.map(({ tillId, journalId }, index) => ({
      tillId,
      journalId,
      rows: byPlace.get(index + 1) ?? [],
    }));
    return parts.filter(({ rows }) => rows.length > 0);
  }
}

interface JournalBehind {
  readonly journalId: string;
  readonly tillId: string;
  readonly through: number;
  /** At most: a journal that goes on after another begins in the middle. */
  readonly left: number;
}

function fitting(behind: readonly JournalBehind[], whole: number) {
  let room = whole;
  return behind.flatMap((one) => {
    const most = Math.min(one.left, room);
    room -= most;
    return most === 0 ? [] : [{ ...one, most }];
  });
}

/** Nobody else keeps the books of this store until the transaction ends. @returns false when somebody does now */
async function tryLockBooks(tx: Queryable, storeId: string): Promise<boolean> {
  const [row] = await tx.query<{ got: boolean }>(
    'select pg_try_advisory_xact_lock($1, hashtext($2)) as got',
    [BOOKS_LOCK, storeId],
  );
  return row!.got;
}

/** Waits for it. */
export async function lockBooks(tx: Queryable, storeId: string): Promise<void> {
  await tx.query('select pg_advisory_xact_lock($1, hashtext($2))', [BOOKS_LOCK, storeId]);
}

/** SQLSTATE classes of what a row says: its data, a constraint. The others are of locks, room, the line. */
const OF_DATA: ReadonlySet<string> = new Set(['21', '22', '23', 'P0']);

/** Whether the entries are what the books stumbled over. */
async function isOfEntries(db: Db, cause: unknown): Promise<boolean> {
  const { code } = cause as { readonly code?: unknown };
  if (typeof code === 'string' && code.length === 5) return OF_DATA.has(code.slice(0, 2));
  // A line that broke says so in words only; while the database answers, it is not that.
  return db.query('select 1').then(
    () => true,
    () => false,
  );
}

/** @returns whether the tills have something to fetch */
export async function bookBatch(
  batch: Batch,
  journals: readonly JournalPart[],
  shelf: RuleShelf,
): Promise<boolean> {
  const own = journals.map(({ rows, ...journal }) => ({
    at: { ...batch, ...journal },
    entries: rows.flatMap(({ text, kind }): JournalEntry[] =>
      // Ingest has read it, its bytes too: what it could not read is marked.
      kind === 'unreadable' ? [] : [JSON.parse(text) as JournalEntry],
    ),
    sales: [] as SaleEntry[],
  }));
  let told = 0;
  // Everybody who joined is known before the first sale is looked at, at whichever till it was.
  for (const { at, entries } of own) told += await bookEnrolments(at, entries);
  for (const journal of own) {
    journal.sales = await storedSales(
      journal.at,
      journal.entries.filter((entry): entry is SaleEntry => entry.kind === 'sale'),
    );
  }
  const sales = own.flatMap(({ sales }) => sales);
  told += await bookSales(batch, sales);
  await bookPrices(batch, sales, shelf);
  for (const { at, entries, sales } of own) {
    for (const entry of entries) {
      if (entry.kind === 'shift_closed') told += (await bookShift(at, entry)) ? 1 : 0;
    }
    told += await dayFeed(at, new Set(sales.map(({ businessDate }) => businessDate)));
  }
  // Rights of several journals are locked in no order of their own.
  if (own.length > 1) await lockFeed(batch.tx);
  for (const { at, entries, sales } of own) {
    await bookLeases(at, entries, sales);
    await bookClock(at, entries);
  }
  return told > 0;
}
