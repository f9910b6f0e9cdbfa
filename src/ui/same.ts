/**
 * Same: keeps of a new picture what did not change, so that only what did is drawn again.
 *
 * Pure. Views come whole from the wire; a row whose object is the one of before need not even be looked at.
 */

/** @returns `next`, with every part of it that equals its part of `before` taken from `before`; `before` when all do */
export function keepSame<T>(before: T, next: T): T {
  if (Object.is(before, next)) return before;
  if (Array.isArray(before) && Array.isArray(next)) return keepList(before, next) as T;
  if (isRecord(before) && isRecord(next)) return keepRecord(before, next) as T;
  return next;
}

function keepList(before: readonly unknown[], next: readonly unknown[]): readonly unknown[] {
  let changed = before.length !== next.length;
  const kept = next.map((value, index) => {
    const same = index < before.length ? keepSame(before[index], value) : value;
    if (!Object.is(same, before[index])) changed = true;
    return same;
  });
  return changed ? kept : before;
}

function keepRecord(before: Record<string, unknown>, next: Record<string, unknown>): Record<string, unknown> {
  const entries = Object.entries(next);
  let changed = entries.length !== Object.keys(before).length;
  const kept = entries.map(([key, value]): [string, unknown] => {
    const known = Object.hasOwn(before, key);
    const same = known ? keepSame(before[key], value) : value;
    if (!known || !Object.is(same, before[key])) changed = true;
    return [key, same];
  });
  return changed ? Object.fromEntries(kept) : before;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
