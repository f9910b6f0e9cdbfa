/**
 * Patch: what changed from one JSON value to the next, so that a large picture that changes a little travels as little.
 *
 * Pure. Items of a list are compared by their place: what moves is sent anew.
 */

/** `v`: another value stands there; `f` and `d`: fields that changed inside, and are gone; `n` and `i`: a list's length and items. */
export type Patch =
  | { readonly v: unknown }
  | { readonly f: Readonly<Record<string, Patch>>; readonly d?: readonly string[] }
  | { readonly n: number; readonly i: Readonly<Record<string, Patch>> };

/**
 * @param before  a JSON value
 * @param after  a JSON value
 * @returns null when they are equal
 */
export function patchOf(before: unknown, after: unknown): Patch | null {
  if (Object.is(before, after)) return null;
  if (Array.isArray(before) && Array.isArray(after)) return patchOfList(before, after);
  if (isRecord(before) && isRecord(after)) return patchOfRecord(before, after);
  return { v: after };
}

function patchOfList(before: readonly unknown[], after: readonly unknown[]): Patch | null {
  const items: Record<string, Patch> = {};
  for (const [index, value] of after.entries()) {
    const patch = index < before.length ? patchOf(before[index], value) : { v: value };
    if (patch !== null) items[index] = patch;
  }
  const same = before.length === after.length && Object.keys(items).length === 0;
  return same ? null : { n: after.length, i: items };
}

function patchOfRecord(before: Record<string, unknown>, after: Record<string, unknown>): Patch | null {
  const gone = Object.keys(before).filter((key) => !Object.hasOwn(after, key));
  const fields: [string, Patch][] = [];
  for (const [key, value] of Object.entries(after)) {
    const patch = Object.hasOwn(before, key) ? patchOf(before[key], value) : { v: value };
    if (patch !== null) fields.push([key, patch]);
  }
  if (fields.length === 0 && gone.length === 0) return null;
  // Not assigned one by one: a field may be called `__proto__`.
  return { f: Object.fromEntries(fields), ...(gone.length === 0 ? {} : { d: gone }) };
}

/**
 * @returns the value after; what the patch does not touch is the very object of before
 * @throws TypeError where the patch was not made of this value
 */
export function patched(before: unknown, patch: Patch): unknown {
  if ('v' in patch) return patch.v;
  if ('n' in patch) {
    if (!Array.isArray(before)) throw new TypeError('a patch of a list, and there is none');
    return Array.from({ length: patch.n }, (_, index) => {
      const change = patch.i[index];
      return change === undefined ? before[index] : patched(before[index], change);
    });
  }
  if (!isRecord(before)) throw new TypeError('a patch of an object, and there is none');
  const gone = new Set(patch.d);
  const kept = Object.entries(before).filter(([key]) => !gone.has(key));
  const changed = Object.entries(patch.f).map(([key, change]): [string, unknown] => [
    key,
    patched(Object.hasOwn(before, key) ? before[key] : undefined, change),
  ]);
  return Object.fromEntries([...kept, ...changed]);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
