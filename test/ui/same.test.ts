import fc from 'fast-check';
import { expect, test } from 'vitest';
import { keepSame } from '../../src/ui/same.ts';
import { aLine, aView } from './a-view.ts';

test('an equal picture is the one of before, whole and in each part', () => {
  const before = aView({ lines: [aLine(1), aLine(2)] });
  expect(keepSame(before, structuredClone(before))).toBe(before);
});

test('one more line keeps the objects of the lines that were there', () => {
  const before = aView({ lines: [aLine(1), aLine(2)] });
  const next = keepSame(before, aView({ lines: [aLine(1), aLine(2, { qty: 2 }), aLine(3)] }));
  expect(next.basket.lines[0]).toBe(before.basket.lines[0]);
  expect(next.basket.lines[1]).not.toBe(before.basket.lines[1]);
  expect(next.basket.lines).toHaveLength(3);
  expect(next.sync).toBe(before.sync);
});

test('a part that went away, or became null or a list, is not kept', () => {
  expect(keepSame({ a: 1, b: { c: 2 } } as object, { a: 1 })).toEqual({ a: 1 });
  expect(keepSame({ a: { b: 1 } } as { a: unknown }, { a: null })).toEqual({ a: null });
  expect(keepSame({ a: {} } as { a: unknown }, { a: [] })).toEqual({ a: [] });
});

test('whatever was before, the result equals what came', () => {
  fc.assert(
    fc.property(fc.json(), fc.json(), (a, b) => {
      expect(keepSame(JSON.parse(a), JSON.parse(b))).toEqual(JSON.parse(b));
    }),
  );
});
