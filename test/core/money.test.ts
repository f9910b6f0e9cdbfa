/** Money: splits that add up to the cent, named roundings, amounts as text. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import {
  allocate,
  assertMoney,
  divHalfUp,
  formatMinor,
  largestRemainder,
  mulDivHalfUp,
  parseMinor,
  partBp,
  roundCash,
  sumMinor,
} from '../../src/core/money.ts';

const aSplit = fc
  .record({
    total: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
    weights: fc.array(fc.integer({ min: 0, max: 1_000_000 }), { minLength: 1, maxLength: 30 }),
  })
  .filter(({ weights }) => weights.some((weight) => weight > 0));

const signless = (value: number) => (value === 0 ? 0 : -value);

describe('allocate', () => {
  test.each([
    { total: 1000, weights: [1, 1, 1], parts: [334, 333, 333], why: 'statamic-cargo#168 lost 1' },
    { total: 1000, weights: [333, 333, 334], parts: [333, 333, 334], why: 'weights are the shares' },
    { total: 200, weights: [500, 500, 500], parts: [67, 67, 66], why: 'BroadleafCommerce#1113 gave 202' },
    { total: -1000, weights: [1, 1, 1], parts: [-334, -333, -333], why: 'a refund mirrors' },
    { total: 0, weights: [3, 1], parts: [0, 0], why: 'nothing to split' },
    { total: 5, weights: [0, 1, 0], parts: [0, 5, 0], why: 'weight 0 gets nothing' },
    { total: 1, weights: [1, 1, 1, 1], parts: [1, 0, 0, 0], why: 'ties go to the earlier part' },
    { total: 2, weights: [1, 2, 2], parts: [0, 1, 1], why: 'larger remainders come first' },
    { total: 7, weights: [1], parts: [7], why: 'one part is the whole' },
    { total: -1, weights: [0, 5, 5], parts: [0, -1, 0], why: 'one cent back' },
    {
      total: 9_007_199_254_740_991,
      weights: [1, 1],
      parts: [4_503_599_627_370_496, 4_503_599_627_370_495],
      why: 'the largest amount there is',
    },
  ])('$total over $weights is $parts: $why', ({ total, weights, parts }) => {
    expect(allocate(total, weights)).toEqual(parts);
  });

  test('parts sum exactly to the whole', () => {
    fc.assert(fc.property(aSplit, ({ total, weights }) => sumMinor(allocate(total, weights)) === total));
  });

  test('each part is within one unit of its exact share', () => {
    fc.assert(
      fc.property(aSplit, ({ total, weights }) => {
        const sum = weights.reduce((a, b) => a + BigInt(b), 0n);
        for (const [index, part] of allocate(total, weights).entries()) {
          const off = BigInt(part) * sum - BigInt(total) * BigInt(weights[index]!);
          expect(off < sum && off > -sum).toBe(true);
        }
      }),
    );
  });

  test('the split of -x is the split of x with its signs turned', () => {
    fc.assert(
      fc.property(aSplit, ({ total, weights }) => {
        expect(allocate(signless(total), weights)).toEqual(allocate(total, weights).map(signless));
      }),
    );
  });

  test('the same split comes out each time, a heavier weight never gets less, and of equal weights the earlier gets more', () => {
    fc.assert(
      fc.property(aSplit, ({ total, weights }) => {
        const parts = allocate(total, weights).map(Math.abs);
        expect(allocate(total, weights).map(Math.abs)).toEqual(parts);
        for (let a = 0; a < parts.length; a++) {
          for (let b = a + 1; b < parts.length; b++) {
            if (weights[a]! >= weights[b]!) expect(parts[a]!).toBeGreaterThanOrEqual(parts[b]!);
            else expect(parts[a]!).toBeLessThanOrEqual(parts[b]!);
          }
        }
      }),
    );
  });

  test('a part of weight 0 anywhere changes no other part', () => {
    fc.assert(
      fc.property(aSplit, fc.nat(30), ({ total, weights }, place) => {
        const at = place % (weights.length + 1);
        const parts = allocate(total, weights.toSpliced(at, 0, 0));
        expect(parts[at]).toBe(0);
        expect(parts.toSpliced(at, 1)).toEqual(allocate(total, weights));
      }),
    );
  });

  test.each([
    ['no weights', 100, []],
    ['all weights 0', 100, [0, 0]],
    ['a negative weight', 100, [-1, 2]],
    ['a weight of 0.5', 100, [0.5, 0.5]],
    ['an amount of 10.5', 10.5, [1]],
  ])('%s is a bug of the caller', (_, total, weights) => {
    expect(() => allocate(total, weights)).toThrow(AssertionError);
  });
});

describe('largestRemainder', () => {
  test('a total one below the floors takes the unit from the smallest remainder', () => {
    const shares = [
      { n: 19n, d: 10n },
      { n: 11n, d: 10n },
    ];
    expect(largestRemainder(1, shares)).toEqual([1, 0]);
  });

  test('remainders of different denominators are compared exactly: 1/3 before 33/100', () => {
    const shares = [
      { n: 33n, d: 100n },
      { n: 1n, d: 3n },
      { n: 101n, d: 300n },
    ];
    expect(largestRemainder(1, shares)).toEqual([0, 0, 1]);
    expect(largestRemainder(2, shares)).toEqual([0, 1, 1]);
  });

  test('shares of 1 and 1 do not make 5', () => {
    const one = { n: 1n, d: 1n };
    expect(() => largestRemainder(5, [one, one])).toThrow('within one unit');
  });
});

describe('rounding half away from zero', () => {
  test.each([
    [1, 1, 2, 1],
    [-1, 1, 2, -1],
    [1, 1, 3, 0],
    [-1, 1, 3, 0],
    [5, 1, 10, 1],
    [4, 1, 10, 0],
    [9_007_199_254_740_991, 1, 1, 9_007_199_254_740_991],
    [9_007_199_254_740_991, 9_999, 10_000, 9_006_298_534_815_517],
  ])('%i × %i / %i is %i', (amount, n, d, expected) => {
    expect(mulDivHalfUp(amount, n, d)).toBe(expected);
  });

  test.each([
    [1000, 850, 85],
    [1005, 5000, 503],
    [-1005, 5000, -503],
    [2890, 10_000, 2890],
    [1, 4999, 0],
    [1, 5000, 1],
  ])('%i at %i basis points is %i', (amount, rateBp, expected) => {
    expect(partBp(amount, rateBp)).toBe(expected);
  });

  test('the quick way for small numbers and the exact way for large ones agree, ties and signs too', () => {
    const numbers = fc.oneof(
      fc.integer({ min: -20_000, max: 20_000 }),
      fc.integer({ min: -(2 ** 40), max: 2 ** 40 }),
      fc.constantFrom(0, 1, -1, 2 ** 25, 2 ** 50 - 1, 2 ** 50, -(2 ** 50) - 1),
    );
    const denominators = fc.oneof(
      fc.integer({ min: 1, max: 20_000 }),
      fc.constantFrom(3, 10_000, 2 ** 50 - 1),
    );
    fc.assert(
      fc.property(numbers, fc.integer({ min: -12_000, max: 12_000 }), denominators, (amount, n, d) => {
        const exact = BigInt(amount) * BigInt(n);
        fc.pre(exact / BigInt(d) < 2n ** 53n && exact / BigInt(d) > -(2n ** 53n));
        expect(mulDivHalfUp(amount, n, d)).toBe(divHalfUp(exact, BigInt(d)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('100 % off leaves exactly 0 (odoo#271032)', () => {
    fc.assert(fc.property(fc.integer(), (amount) => amount - partBp(amount, 10_000) === 0));
  });

  test('no result is -0', () => {
    expect(Object.is(divHalfUp(-1n, 3n), 0)).toBe(true);
    expect(Object.is(roundCash(-1, 5), 0)).toBe(true);
    expect(allocate(-1, [1, 1]).some((part) => Object.is(part, -0))).toBe(false);
    expect(Object.is(parseMinor('-0.00', 2), 0)).toBe(true);
  });

  test.each([
    ['a denominator of 0', () => divHalfUp(1n, 0n)],
    ['a negative denominator', () => divHalfUp(1n, -1n)],
    ['a rate of 0.5', () => mulDivHalfUp(1, 0.5, 1)],
    ['a product beyond safe integers', () => mulDivHalfUp(9_007_199_254_740_991, 2, 1)],
    ['a sum beyond safe integers', () => sumMinor([9_007_199_254_740_991, 1])],
    ['a sum with a fraction', () => sumMinor([0.1, 0.2])],
    ['NaN', () => assertMoney(Number.NaN)],
  ])('%s is a bug of the caller', (_, act) => {
    expect(act).toThrow(AssertionError);
  });
});

describe('roundCash', () => {
  const canada = { stepMinor: 5, mode: 'nearest' } as const;
  const sweden = { stepMinor: 100, mode: 'nearest' } as const;
  const swiss = { stepMinor: 5, mode: 'nearest' } as const;
  const dropFen = { stepMinor: 10, mode: 'down' } as const;
  const dropJiao = { stepMinor: 100, mode: 'down' } as const;
  const exact = { stepMinor: 1, mode: 'nearest' } as const;

  test.each([
    ['Canada', canada, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9], [0, 0, 0, 5, 5, 5, 5, 5, 10, 10]],
    ['Canada', canada, [5254, 5252, 5253, 5257, 5258], [5255, 5250, 5255, 5255, 5260]],
    ['Sweden', sweden, [49, 50, 149, 150, 10_000], [0, 100, 100, 200, 10_000]],
    ['Switzerland', swiss, [1232, 1233, 1237, 1238], [1230, 1235, 1235, 1240]],
    ['a shop that drops the fen', dropFen, [1009, 1010, 9, 10], [1000, 1010, 0, 10]],
    ['a shop that drops the jiao', dropJiao, [1099, 1100, 99], [1000, 1100, 0]],
    ['exact cash', exact, [1, 2, 999], [1, 2, 999]],
  ])('%s %o: %j is %j, and money going back mirrors it', (_, { stepMinor, mode }, amounts, expected) => {
    expect(amounts.map((amount) => roundCash(amount, stepMinor, mode))).toEqual(expected);
    expect(amounts.map((amount) => roundCash(signless(amount), stepMinor, mode))).toEqual(
      expected.map(signless),
    );
  });

  test('a rounded amount is whole steps, at most half a step away (down: less than one, never above)', () => {
    const amounts = fc.integer({ min: -10_000_000, max: 10_000_000 });
    fc.assert(
      fc.property(amounts, fc.constantFrom(1, 2, 5, 10, 50, 100), (amount, step) => {
        const near = roundCash(amount, step);
        const down = roundCash(amount, step, 'down');
        expect(Math.abs(near % step)).toBe(0);
        expect(Math.abs(down % step)).toBe(0);
        expect(Math.abs(near - amount) * 2).toBeLessThanOrEqual(step);
        expect(Math.abs(amount) - Math.abs(down)).toBeLessThan(step);
        expect(Math.abs(down)).toBeLessThanOrEqual(Math.abs(amount));
        expect(roundCash(near, step)).toBe(near);
      }),
    );
  });

  test.each([0, -5, 2.5])('a step of %d is a bug of the caller', (step) => {
    expect(() => roundCash(100, step)).toThrow(AssertionError);
  });
});

describe('amounts as text', () => {
  test.each([
    [0, 2, '0.00'],
    [5, 2, '0.05'],
    [-5, 2, '-0.05'],
    [-1234, 2, '-12.34'],
    [1234, 0, '1234'],
    [-7, 0, '-7'],
    [1, 3, '0.001'],
    [123_456_789, 2, '1234567.89'],
  ])('%i with %i digits is %s, and reads back', (amount, digits, text) => {
    expect(formatMinor(amount, digits)).toBe(text);
    expect(parseMinor(text, digits)).toBe(amount);
  });

  test('what formatMinor writes, parseMinor reads', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 4 }), (amount, digits) => {
        const limit = 10 ** 15;
        const fits = Math.abs(amount) < limit ? amount : amount % limit;
        const whole = fits === 0 ? 0 : fits;
        expect(parseMinor(formatMinor(whole, digits), digits)).toBe(whole);
      }),
    );
  });

  test.each([
    ['12.5', 2, 1250],
    ['12.', 2, 1200],
    [' 3.10 ', 2, 310],
    ['+4', 2, 400],
    ['007', 2, 700],
    ['1.500', 2, 150],
    ['5.00', 0, 5],
    ['0.1', 1, 1],
  ])('"%s" with %i digits reads as %i', (text, digits, amount) => {
    expect(parseMinor(text, digits)).toBe(amount);
  });

  test.each([
    '',
    ' ',
    '.',
    '.5',
    '-',
    '1,000.00',
    '1e3',
    '12.345',
    '0x10',
    '１２',
    '12 34',
    '1.2.3',
    '--1',
    '￥5',
    'NaN',
    'Infinity',
    '9999999999999999',
    '999999999999999.99',
  ])('"%s" is no amount in cents', (text) => {
    expect(parseMinor(text, 2)).toBeNull();
  });

  test('no text makes parseMinor throw or give a fraction', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const amount = parseMinor(text, 2);
        expect(amount === null || Number.isSafeInteger(amount)).toBe(true);
      }),
    );
  });
});
