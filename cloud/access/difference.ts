/**
 * What is other between two states of a record: of each only the parts that differ, in the shape that they have there.
 *
 * Pure, over JSON. Of lists those members stay that the other one has not, so one rule that changed among a thousand is one rule.
 *
 * @example differenceOf({ a: 1, b: { c: 2, d: 3 } }, { a: 1, b: { c: 2, d: 4 } }) // { before: { b: { d: 3 } }, after: { b: { d: 4 } } }
 */
export interface Difference {
  readonly before: unknown;
  readonly after: unknown;
}

export function differenceOf(before: unknown, after: unknown): Difference {
  if (Array.isArray(before) && Array.isArray(after)) {
    const [had, has] = [new Set(before.map(textOf)), new Set(after.map(textOf))];
    return {
      before: before.filter((one) => !has.has(textOf(one))),
      after: after.filter((one) => !had.has(textOf(one))),
    };
  }
  if (!isRecord(before) || !isRecord(after)) return { before, after };
  const kept: { before: Record<string, unknown>; after: Record<string, unknown> } = { before: {}, after: {} };
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    if (textOf(before[key]) === textOf(after[key])) continue;
    const inner = differenceOf(before[key], after[key]);
    if (key in before) kept.before[key] = inner.before;
    if (key in after) kept.after[key] = inner.after;
  }
  return kept;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const textOf = (value: unknown): string => JSON.stringify(value) ?? '';
