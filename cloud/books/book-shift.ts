/**
 * Closed shifts: HQ folds the entries it holds, and compares with the Z that the till printed.
 */
import type { JournalEntry } from '../../src/core/entry.ts';
import { canonicalJson } from '../../src/core/entry.ts';
import { countedCash, expectedCash, foldShift, type ShiftTotals } from '../../src/core/shift-report.ts';
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import type { JournalBatch } from './books.ts';

type Closing = JournalEntry & { readonly kind: 'shift_closed' };

/** @returns false when the shift's entries cannot be folded: an opening that is not here */
export async function bookShift(batch: JournalBatch, entry: Closing): Promise<boolean> {
  const { tx, tillId, storeId, journalId } = batch;
  const { shiftId, zNo, counted, totals } = entry.body;
  const entries = await sinceOpened(tx, journalId, entry.seq);
  if (entries[0]?.kind !== 'shift_opened' || entries[0].body.shiftId !== shiftId) return false;
  const ours = foldShift(entries.slice(0, -1));
  const countedMinor = countedCash(counted);
  const expectedMinor = expectedCash(ours);
  await tx.query(
    `insert into shift_z (store_id, till_id, shift_id, journal_id, seq, z_no, business_date, opened_at, closed_at,
       cashier_id, counted_minor, expected_minor, total_minor, totals, differs)
     values ($1, $2, $3, $4, $5, $6, $7::date, to_timestamp($8::float8 / 1000), to_timestamp($9::float8 / 1000),
       $10, $11, $12, $13, $14::jsonb, $15::text[])
     on conflict do nothing`,
    [
      storeId,
      tillId,
      shiftId,
      journalId,
      entry.seq,
      zNo,
      entry.businessDate,
      ours.openedAtMs,
      entry.atMs,
      entry.cashierId,
      countedMinor,
      expectedMinor,
      ours.totalMinor,
      JSON.stringify(ours),
      differences(ours, totals),
    ],
  );
  const [till] = await tx.query<{ code: string }>('select code from till where till_id = $1', [tillId]);
  const data = {
    tillCode: till!.code,
    zNo,
    businessDate: entry.businessDate,
    closedAtMs: entry.atMs,
    totalMinor: ours.totalMinor,
    differenceMinor: countedMinor - expectedMinor,
  };
  await publish(tx, [{ kind: 'z', key: `${tillId}/${zNo}`, storeId, data }]);
  return true;
}

/** From the last opening on. A disk that went back in time opened the shift in a journal that another one follows. */
async function sinceOpened(tx: Queryable, journalId: string, throughSeq: number): Promise<JournalEntry[]> {
  const rows = await tx.query<{ text: string }>(
    `select text from journal_entry where journal_id = $1 and seq <= $2 and seq >= coalesce((
       select max(seq) from journal_entry where journal_id = $1 and seq <= $2 and kind = 'shift_opened'), 0)
     order by seq`,
    [journalId, throughSeq],
  );
  const entries = rows.map(({ text }) => JSON.parse(text) as JournalEntry);
  if (entries[0]?.kind === 'shift_opened') return entries;
  const [link] = await tx.query<{ follows: string; base: number }>(
    'select follows_journal_id as follows, base_seq as base from journal_link where journal_id = $1',
    [journalId],
  );
  return link === undefined ? entries : [...(await sinceOpened(tx, link.follows, link.base)), ...entries];
}

/** Fields that an older program did not know are no difference. */
function differences(ours: ShiftTotals, theirs: ShiftTotals): string[] {
  return Object.keys(theirs).filter(
    (key) =>
      canonicalJson(ours[key as keyof ShiftTotals] ?? null) !==
      canonicalJson(theirs[key as keyof ShiftTotals] ?? null),
  );
}
