/**
 * Clocks of tills in the books: what a journal says of jumps, and entries that are stamped in HQ's future. The sales stand, in
 * the order of the hybrid clock and on the shift's day; somebody has to set the clock.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import { tellTillAlert } from '../tills/alerts.ts';
import type { JournalBatch } from './books.ts';

/** Slow lines and time servers stay below. */
const AHEAD_MS_MIN = 10 * 60_000;

export async function bookClock(batch: JournalBatch, entries: readonly JournalEntry[]): Promise<void> {
  const { tx, tillId, nowMs } = batch;
  const jump = entries.findLast((entry) => entry.kind === 'clock_jumped');
  const ahead = entries.reduce((most, { atMs }) => Math.max(most, atMs - nowMs), 0);
  if (jump === undefined && ahead < AHEAD_MS_MIN) return;
  const byMs = jump?.kind === 'clock_jumped' ? jump.body.foundMs - jump.body.expectedMs : null;
  const detail = {
    ...(jump?.kind === 'clock_jumped' ? { seq: jump.seq, byMs, seen: jump.body.seen } : {}),
    ...(ahead < AHEAD_MS_MIN ? {} : { aheadMs: ahead }),
  };
  await tellTillAlert(tx, { tillId, kind: 'clock', detail, atMs: nowMs });
}
