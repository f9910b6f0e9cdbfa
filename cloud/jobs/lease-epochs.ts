/**
 * Leases whose epoch is over: their tills give them back by themselves as soon as they run; those that hear HQ are asked.
 *
 * No clock and no silence frees a right (core/lease): a till that never comes back is for a manager, who sees the count.
 */
import type { Queryable } from '../db/db.ts';
import type { Signals } from '../signal.ts';

/** Asked back at once; the others wait for the next hour. */
const ASKED_MAX = 1_000;

export async function overdueLeases(
  db: Queryable,
  nowMs: number,
  signals: Signals,
): Promise<{ readonly overdue: number; readonly frozen: number; readonly asked: number }> {
  const [count] = await db.query<{ overdue: number; frozen: number }>(
    `select count(*) as overdue, count(*) filter (where is_frozen) as frozen from lease
     where state in ('offered', 'held', 'short') and until_at < to_timestamp($1::float8 / 1000)`,
    [nowMs],
  );
  const held = await db.query<{ tillId: string; key: string }>(
    `select distinct till_id as "tillId", key from lease
     where state = 'held' and not is_frozen and until_at < to_timestamp($1::float8 / 1000)
     order by till_id, key limit ${ASKED_MAX}`,
    [nowMs],
  );
  for (const { tillId, key } of held) signals.emit('recall', { tillId, key });
  return { overdue: count!.overdue, frozen: count!.frozen, asked: held.length };
}
