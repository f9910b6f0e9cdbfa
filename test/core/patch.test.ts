import fc from 'fast-check';
import { expect, test } from 'vitest';
import { patched, patchOf } from '../../src/core/patch.ts';

/** As it comes from the wire: no minus zero. */
const json = fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown);

test('any JSON value becomes any other by its patch', () => {
  fc.assert(
    fc.property(json, json, (before, after) => {
      const patch = patchOf(before, after);
      expect(patch === null ? before : patched(before, JSON.parse(JSON.stringify(patch)))).toEqual(after);
    }),
    { numRuns: 500 },
  );
});

test('equal values need no patch', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(patchOf(value, structuredClone(value))).toBeNull();
    }),
  );
});

test('a changed field says itself alone, and what it does not touch stays the same object', () => {
  const before = { lines: [{ qty: 1 }, { qty: 1 }], store: { id: 'S01' } };
  const patch = patchOf(before, { lines: [{ qty: 1 }, { qty: 2 }], store: { id: 'S01' } })!;
  expect(patch).toEqual({ f: { lines: { n: 2, i: { 1: { f: { qty: { v: 2 } } } } } } });
  const after = patched(before, patch) as typeof before;
  expect([after.lines[0] === before.lines[0], after.store === before.store]).toEqual([true, true]);
});

test('fields that are gone and lists that are shorter', () => {
  const before = { a: 1, b: [1, 2, 3] };
  const patch = patchOf(before, { b: [1] });
  expect(patch).toEqual({ f: { b: { n: 1, i: {} } }, d: ['a'] });
  expect(patched(before, patch!)).toEqual({ b: [1] });
});

test('a field called __proto__ is a field', () => {
  const before = JSON.parse('{"a":1}');
  const after = JSON.parse('{"a":1,"__proto__":{"qty":9}}');
  const value = patched(before, JSON.parse(JSON.stringify(patchOf(before, after)))) as Record<
    string,
    unknown
  >;
  expect([Object.keys(value), ({} as { qty?: number }).qty]).toEqual([['a', '__proto__'], undefined]);
});

test('a patch of something else is refused', () => {
  expect(() => patched({ a: 1 }, { f: { a: { n: 1, i: {} } } })).toThrow(TypeError);
  expect(() => patched([1], { f: {} })).toThrow(TypeError);
});
