/** Columns: lossless for any entries; small where they say the same; and whatever else is given, an error and no memory spent. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/core/entry.ts';
import { decodeFrame, encodeFrame } from '../../src/protocol/codec.ts';
import { foldColumn, unfoldColumn } from '../../src/protocol/columns.ts';
import { foldEntries, foldPush, unfoldEntries } from '../../src/protocol/entries.ts';
import { Up } from '../../src/protocol/up.ts';
import { aChain } from '../core/builders.ts';

const LIMITS = { valuesMax: 100_000, charsMax: 1_000_000 };
const unfolded = (column: unknown, count: number) =>
  unfoldColumn(JSON.parse(JSON.stringify(column)), count, LIMITS);

const scalar = fc.oneof(
  fc.constantFrom('K1001', 'K1002', '龙井', '', 'a"b', '\\', '\ud800', '0007', '0008', 0, 1, -3, null, true),
  fc.maxSafeInteger().map((n) => (Object.is(n, -0) ? 0 : n)),
  fc.string({ unit: 'binary' }),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof({ maxDepth: 4 }, scalar, fc.array(tie('any'), { maxLength: 4 }), tie('record')),
  record: fc.dictionary(
    fc.constantFrom('sku', 'name', 'qty', 'b', '10', '2', '__proto__x', 'ä', ''),
    tie('any'),
    { maxKeys: 4 },
  ),
})).any;

test('property: any values come out as their canonical texts', () => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 30 }), (values) => {
      expect(unfolded(foldColumn(values), values.length)).toEqual({
        ok: true,
        value: values.map(canonicalJson),
      });
    }),
    { numRuns: 1_000 },
  );
});

test('property: lines of goods, where name and price follow from the article, come out as they were', () => {
  const line = fc.record({
    n: fc.nat({ max: 12 }),
    qty: fc.constantFrom(1, 1, 1, 2),
    odd: fc.boolean(),
    member: fc.option(fc.nat()),
  });
  fc.assert(
    fc.property(fc.array(fc.array(line, { maxLength: 5 }), { minLength: 1, maxLength: 40 }), (sales) => {
      const values = sales.map((lines, index) => ({
        seq: index + 7,
        receiptNo: `T01-${String(index + 7).padStart(6, '0')}`,
        lines: lines.map(({ n, qty, odd, member }) => ({
          ...{ sku: `K${n}`, name: `货品 ${n % 5}`, priceMinor: n * 199, qty, grossMinor: n * 199 * qty },
          ...(odd ? { member } : {}),
        })),
      }));
      expect(unfolded(foldColumn(values), values.length)).toEqual({
        ok: true,
        value: values.map(canonicalJson),
      });
    }),
    { numRuns: 500 },
  );
});

test.each<[string, unknown[], unknown]>([
  ['alike', ['a', 'a', 'a'], ['=', 'a']],
  ['counted', [1795250500000, 1795250540000, 1795250541000], ['+', 1795250500000, 40000, 1000]],
  ['numbered', ['T01-0009', 'T01-0010'], ['#', 'T01-', 4, ['v', 9, 10]]],
  ['few', ['茶', 'x', '茶', 'x', '茶'], ['d', ['茶', 'x'], 0, 1, 0, 1, 0]],
  ['arrays', [[1, 2], [], [3]], ['a', ['v', 2, 0, 1], ['v', 1, 2, 3]]],
  ['empty arrays', [[], []], ['a', ['=', 0]]],
  ['objects', [{ a: 1 }, { a: 'x' }], ['o', ['a'], ['v', 1, 'x']]],
  [
    'one from another',
    [
      { name: '茶', sku: 5 },
      { name: 'x', sku: 6 },
      { name: '茶', sku: 5 },
    ],
    ['o', ['name', 'sku'], ['d', ['茶', 'x'], 0, 1, 0], ['f', 0, ['v', 5, 6]]],
  ],
  [
    'kinds',
    [null, [1], { a: 1 }],
    ['m', ['v', 0, 1, 2], ['=', null], ['a', ['=', 1], ['=', 1]], ['o', ['a'], ['=', 1]]],
  ],
])('%s', (_, values, column) => {
  expect(foldColumn(values)).toEqual(column);
  expect(unfolded(column, values.length)).toEqual({ ok: true, value: values.map(canonicalJson) });
});

describe('from a stranger', () => {
  const long = 'x'.repeat(10_000);
  const deep = (levels: number): unknown => (levels === 0 ? ['=', 1] : ['a', ['=', 1], deep(levels - 1)]);
  test.each<[string, unknown, number, string]>([
    ['no list', { 0: '=' }, 1, 'a column is a list'],
    ['an unknown kind', ['z', 1], 1, 'unknown column z'],
    ['fewer values than said', ['v', 1], 2, '1 values where there are 2'],
    ['a fraction', ['v', 1.5], 1, 'a whole number'],
    ['a step beyond safe numbers', ['+', Number.MAX_SAFE_INTEGER, 1], 2, 'a whole number'],
    ['an object where a value is', ['v', {}], 1, 'a value is none'],
    ['a place that is none', ['d', ['a'], 1], 1, 'a place'],
    ['a length below zero', ['a', ['v', -1]], 1, 'a length'],
    ['more keys than columns', ['o', ['a', 'b'], ['=', 1]], 1, 'keys and columns'],
    ['a key twice', ['o', ['a', 'a'], ['=', 1], ['=', 1]], 1, 'keys and columns'],
    ['what follows itself', ['o', ['a'], ['f', 0, ['=', 1]]], 1, 'f: what it follows'],
    ['one text ten thousand times', ['=', long], 10_000, 'too much text'],
    ['a long prefix ten thousand times', ['#', long, 1, ['=', 1]], 10_000, 'too much text'],
    ['a long key ten thousand times', ['o', [long], ['=', 1]], 10_000, 'too much text'],
    ['one of few ten thousand times', ['d', [long], ...Array(10_000).fill(0)], 10_000, 'too much text'],
    ['a milliard of elements', ['a', ['=', 1_000_000_000], ['=', 1]], 1, 'too many values'],
    [
      'arrays of arrays of arrays',
      ['a', ['=', 1000], ['a', ['=', 1000], ['a', ['=', 1000], ['=', 1]]]],
      1,
      'too many values',
    ],
    ['columns a hundred deep', deep(100), 1, 'columns within columns'],
  ])('%s', (_, column, count, what) => {
    expect(unfolded(column, count)).toEqual({ ok: false, error: { what } });
  });

  test('property: no bytes of JSON make it throw, and what comes out is canonical', () => {
    const anything = fc.array(fc.jsonValue({ maxDepth: 5 }), { minLength: 1 });
    const tagged = fc.tuple(fc.constantFrom(...'=v+#dafom'), anything).map(([tag, more]) => [tag, ...more]);
    fc.assert(
      fc.property(tagged, fc.nat({ max: 50 }), (column, count) => {
        const answer = unfolded(column, count);
        if (answer.ok)
          expect(answer.value.map((text) => canonicalJson(JSON.parse(text)))).toEqual(answer.value);
      }),
    );
  });
});

describe('a push', () => {
  const texts = aChain(40).map(({ text }) => text);
  const push = { t: 'push', fromSeq: 1, entries: texts, hash: 'ab'.repeat(32), sig: 'c2ln', unsent: 0 };

  test('in columns is read as one of texts, in a fraction of the bytes', () => {
    const frame = encodeFrame(foldPush(push));
    expect(decodeFrame(frame, Up)).toEqual({ ok: true, value: { ...push, isCanonical: true } });
    expect(frame.length).toBeLessThan(0.7 * encodeFrame(push).length);
  });

  test('both ways at once, or neither, is no push; nor are columns of other than they say', () => {
    const { entries: _, ...none } = push;
    const refusal = (message: object) => decodeFrame(encodeFrame(message), Up);
    const error = { kind: 'not_protocol', what: 'folded: entries as texts or in columns' };
    expect(refusal(none)).toEqual({ ok: false, error });
    expect(refusal({ ...push, folded: foldEntries(texts) })).toEqual({ ok: false, error });
    const wrong = refusal({ ...none, folded: { count: 41, column: foldEntries(texts).column } });
    expect(wrong).toMatchObject({ ok: false, error: { kind: 'not_protocol' } });
  });

  test('of 40,000 sales fits; of a hundred thousand values an entry it does not', () => {
    expect(unfoldEntries({ count: 1, column: ['a', ['=', 5_000_000], ['=', 1]] })).toEqual({
      ok: false,
      error: { what: 'too many values' },
    });
  });
});
