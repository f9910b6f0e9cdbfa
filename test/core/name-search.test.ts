/** Names as cashiers look for them: two Han signs are enough, anywhere, mixed with initials. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { indexTerms, nameFits, nameQuery } from '../../src/core/name-search.ts';

test.each([
  ['王芳', 'wf', ['王芳', '王f', 'w芳', '·wf']],
  ['王小芳', 'wxf', ['王小', '王x', 'w小', '·wx', '小芳', '小f', 'x芳', '·xf']],
  ['王', 'w', []],
  ['Mary Smith', 'marysmith', ['mary', 'smith']],
  ['Mary陈', 'maryc', ['y陈', '·yc', 'mary']],
  ['ＡＮＮ 李', 'annl', ['n李', '·nl', 'ann']],
  // Initials that do not fit the name: what is written is still found.
  ['王芳', 'w', ['王芳']],
  ['', '', []],
])('%s (%s) is found by %j', (name, initials, terms) => {
  expect(indexTerms(name, initials)).toEqual(terms);
});

test.each([
  ['王芳', { terms: ['王芳'], prefix: false }],
  ['小芳', { terms: ['小芳'], prefix: false }],
  ['王xf', { terms: ['王x', '·xf'], prefix: false }],
  ['x芳', { terms: ['x芳'], prefix: false }],
  ['Smi', { terms: ['smi'], prefix: true }],
  ['mary smi', { terms: ['mary', 'smi'], prefix: true }],
  // One sign is the beginning of a name, or it is nothing that an index could tell.
  ['王', null],
  ['"*^', null],
])('%j is asked as %j', (text, query) => {
  expect(nameQuery(text)).toEqual(query);
});

test.each([
  ['小芳', '王小芳', 'wxf', true],
  ['王xf', '王小芳', 'wxf', true],
  ['wx芳', '王小芳', 'wxf', true],
  ['王芳', '王小芳', 'wxf', false],
  ['芳小', '王小芳', 'wxf', false],
  ['王小芳芳', '王小芳', 'wxf', false],
])('%s in %s (%s): %s', (text, name, initials, fits) => {
  expect(nameFits(text, name, initials)).toBe(fits);
});

test('whatever part of a name with a Han pair is typed, by sign or by letter, its terms are in the index', () => {
  const sign = fc.constantFrom(...'王李张刘陈杨赵黄周吴小美丽芳娜');
  const one = fc.tuple(sign, fc.constantFrom(...'abcxyz'));
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 2, maxLength: 5 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (parts, a, b, mask) => {
        const from = a % (parts.length - 1);
        const to = from + 2 + (b % (parts.length - from - 1));
        const typed = parts.slice(from, to).map(([han, letter], i) => ((mask >> i) & 1 ? letter : han));
        const [name, initials] = [
          parts.map(([han]) => han).join(''),
          parts.map(([, letter]) => letter).join(''),
        ];
        const query = nameQuery(typed.join(''));
        if (query === null || query.prefix) return;
        const terms = indexTerms(name, initials);
        expect(query.terms.filter((term) => !terms.includes(term))).toEqual([]);
        expect(nameFits(typed.join(''), name, initials)).toBe(true);
      },
    ),
  );
});
