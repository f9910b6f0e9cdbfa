/**
 * Compaction of the feed: each thing is one row anyway, so what grows for ever is what is gone.
 *
 * A tombstone stays for ninety days. A till that was away for longer has a cursor from before: it takes the feed anew, and what none
 * of its pages brings is gone there too (till/feed-anew).
 */
import type { Db } from '../db/db.ts';
import { lockFeed } from './feed.ts';

const KEPT_MS = 90 * 86_400_000;
const DAY_MS = 86_400_000;

interface FeedDay {
  readonly atMs: number;
  readonly pos: number;
}

/** @returns how many tombstones went */
export async function compactFeed(db: Db, nowMs: number): Promise<number> {
  return db.transaction(async (tx) => {
    await lockFeed(tx);
    const [row] = await tx.query<{ days: FeedDay[]; head: number | null }>(
      'select feed_days as days, (select max(pos) from feed_row) as head from cloud_identity for update',
    );
    const { days, head } = row!;
    const old = days.filter(({ atMs }) => atMs <= nowMs - KEPT_MS).at(-1);
    // One a day, and of those that are old enough the newest alone.
    const kept = days.filter((day) => day === old || day.atMs > nowMs - KEPT_MS);
    const isDue = (kept.at(-1)?.atMs ?? 0) <= nowMs - DAY_MS;
    const next = isDue ? [...kept, { atMs: nowMs, pos: head ?? 0 }] : kept;
    await tx.query('update cloud_identity set feed_days = $1::jsonb', [JSON.stringify(next)]);
    if (old === undefined) return 0;
    const gone = await tx.query('delete from feed_row where data is null and pos <= $1 returning 1 as x', [
      old.pos,
    ]);
    if (gone.length > 0) {
      await tx.query('update cloud_identity set feed_compacted_to = greatest(feed_compacted_to, $1)', [
        old.pos,
      ]);
    }
    return gone.length;
  });
}

/** What tills name their place by: it is another one where tombstones went that a till may have missed. */
export function generationOf(generation: string, compactedTo: number): string {
  return compactedTo === 0 ? generation : `${generation}#${compactedTo}`;
}

/**
 * Whether a place in the feed still means what it did.
 *
 * @param told the generation that the till says its cursor is of
 */
export function isPlaceGood(
  at: { readonly told: string; readonly cursor: number },
  feed: { readonly generation: string; readonly compactedTo: number },
): boolean {
  if (at.told === generationOf(feed.generation, feed.compactedTo)) return true;
  const [base] = at.told.split('#');
  return base === feed.generation && (at.cursor === 0 || at.cursor >= feed.compactedTo);
}
