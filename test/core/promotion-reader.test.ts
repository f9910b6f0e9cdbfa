/** Reading field by field: each problem with its path, and never a throw. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Reader } from '../../src/core/promotion-reader.ts';

test('a path leads through objects and lists', () => {
  const r = new Reader({ a: { b: [1, 'x'] } });
  r.at('a')
    .at('b')
    .list(5, (at) => at.whole(0, 9));
  expect(r.problems).toEqual([{ kind: 'shape', path: 'a.b[1]', expected: 'a whole number from 0 to 9' }]);
});

test.each([
  [-1, 'negative'],
  [11, 'overflow'],
  [1e300, 'overflow'],
  [Number.POSITIVE_INFINITY, 'overflow'],
  [1.5, 'shape'],
  [Number.NaN, 'shape'],
  ['1', 'shape'],
  [null, 'shape'],
])('%s is no whole number from 0 to 10: %s', (value, kind) => {
  const r = new Reader(value);
  expect(r.whole(0, 10)).toBe(0);
  expect(r.problems[0]?.kind).toBe(kind);
});

test('whatever is read, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.anything(), (value) => {
      const r = new Reader(value);
      r.only('x');
      r.filter();
      r.at('x').date();
      r.record((at) => at.money());
      r.list(3, (at) => at.text(4));
    }),
  );
});
