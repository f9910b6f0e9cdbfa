/**
 * Indexes that a new till does without until it has a quiet moment: those for search by typing. Scans, cards and phones have theirs
 * before it sells; until these are there a typed name is found by walking the rows, a second for a million members.
 */
import type { Sqlite } from './db.ts';
import type { State } from './state.ts';

const LATER: ReadonlySet<string> = new Set([
  'item_by_name',
  'item_by_initials',
  'member_by_name',
  'member_by_initials',
]);

export function isForLater(name: string): boolean {
  return LATER.has(name);
}

/** Kept over a restart. @param sql how each is made */
export function makeLater(state: State, sql: readonly string[]): void {
  state.set('later_indexes', JSON.stringify(sql));
}

/** Makes the next of them, whole or not at all. @returns false when there is none */
export function makeNext(db: Sqlite, state: State): boolean {
  const [next, ...rest] = waiting(state);
  if (next === undefined) return false;
  db.transaction(() => {
    db.exec(next);
    makeLater(state, rest);
  })();
  return true;
}

export function isLaterDone(state: State): boolean {
  return waiting(state).length === 0;
}

function waiting(state: State): string[] {
  return JSON.parse(state.text('later_indexes') ?? '[]') as string[];
}
