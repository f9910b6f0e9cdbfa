/**
 * How stores stand against the same hour of the same weekday a week ago, in five steps, and how tills are heard.
 *
 * Pure. The steps are what a wall of stores is coloured by; each tile also says its number and direction in words.
 */
import type { TillRow } from '../../schemas.ts';

export type Pace = 'far_up' | 'up' | 'same' | 'down' | 'far_down' | 'unknown';

/** Within this of the week before is the noise of a day. */
const SAME_BP = 500;
/** More than this is worth a look. */
const FAR_BP = 2_000;

/**
 * @param totalMinor   minor units so far
 * @param beforeMinor  minor units a week ago up to the same hour; nothing, or less, cannot be compared with
 */
export function paceOf(totalMinor: number, beforeMinor: number): Pace {
  if (beforeMinor <= 0) return 'unknown';
  const changeBp = ((totalMinor - beforeMinor) * 10_000) / beforeMinor;
  if (Math.abs(changeBp) <= SAME_BP) return 'same';
  if (changeBp > 0) return changeBp > FAR_BP ? 'far_up' : 'up';
  return changeBp < -FAR_BP ? 'far_down' : 'down';
}

export type Hearing = 'online' | 'late' | 'silent';

/** More entries than a busy till makes between two words to HQ: what HQ shows of it lags. */
export const LATE_ENTRIES = 50;
/** A line that was down for less comes back by itself, as a rule. */
export const SILENT_AFTER_MS = 15 * 60_000;

/** Late: connected but behind, or away for a moment. Silent: not heard for a quarter of an hour, or never. */
export function hearingOf(till: Pick<TillRow, 'online' | 'unsent' | 'lastSeenAtMs'>, nowMs: number): Hearing {
  if (till.online) return (till.unsent ?? 0) >= LATE_ENTRIES ? 'late' : 'online';
  if (till.lastSeenAtMs === null) return 'silent';
  return nowMs - till.lastSeenAtMs < SILENT_AFTER_MS ? 'late' : 'silent';
}

export type HearingCount = Readonly<Record<Hearing, number>>;

export function countHearing(
  tills: readonly Pick<TillRow, 'online' | 'unsent' | 'lastSeenAtMs'>[],
  nowMs: number,
): HearingCount {
  const count = { online: 0, late: 0, silent: 0 };
  for (const till of tills) count[hearingOf(till, nowMs)]++;
  return count;
}
