/** `counterfoil price FILE`: the example as it is printed, and what is said of files that are wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { sumMinor } from '../../src/core/money.ts';
import type { PricedBasket } from '../../src/core/pricing.ts';
import { priceFromFile } from '../../src/tools/price.ts';

const EXAMPLE = new URL('../fixtures/price/example.json', import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), 'price-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the example prints as in example.txt', () => {
  const golden = readFileSync(new URL('../fixtures/price/example.txt', import.meta.url), 'utf8');
  expect(`${priceFromFile(EXAMPLE, false)}\n`).toBe(golden);
});

test('the example as JSON: 99.61 less 20.45 is 79.16, each cent with its reason', () => {
  const priced: PricedBasket = JSON.parse(priceFromFile(EXAMPLE, true));
  expect(priced).toMatchObject({ grossMinor: 9961, adjustmentMinor: -2045, totalMinor: 7916 });
  const reasons = priced.lines.flatMap((line) => line.adjustments.map((a) => a.amountMinor));
  expect(sumMinor(reasons)).toBe(-2045);
  expect(priced.coupons.map(({ kind }) => kind)).toEqual(['applied', 'unknown']);
});

// biome-ignore lint/suspicious/noExplicitAny: wrong on purpose
type Wrong = any;

describe('a file that is wrong is refused with the place and what was expected', () => {
  const cases: [string, (file: Wrong) => void, string][] = [
    ['a misspelt field', (f) => Object.assign(f, { itmes: [] }), 'itmes: expected no such field'],
    ['an item that is not there', (f) => f.basket.push({ sku: 'NONE' }), 'basket[5].sku: expected the sku'],
    [
      'a negative reduction',
      (f) => (f.rules[1].reward.rateBp = -5),
      'rules[1].reward.rateBp: expected at least 1 (negative)',
    ],
    [
      'a price beyond all sense',
      (f) => (f.items[0].priceMinor = 1e15),
      'items[0].priceMinor: expected at most',
    ],
    ['more than 100 % off', (f) => (f.rules[1].reward.rateBp = 10_001), 'expected at most 10000 (overflow)'],
    ['half a cent', (f) => (f.items[0].priceMinor = 0.5), 'items[0].priceMinor: expected a whole number'],
    [
      'two rules of one id',
      (f) => (f.rules[1].id = 'spend'),
      'rules[2].id: expected an id that no other rule has (duplicate)',
    ],
    [
      'a rule that ends before it starts',
      (f) => (f.rules[0].validity = { from: '2026-12-01', to: '2026-11-01' }),
      'rules[0].validity.to: expected a date not before 2026-12-01 (contradiction)',
    ],
    [
      'a step that gives less for more',
      (f) => (f.rules[2].reward.steps[1].off.amountMinor = 200),
      'rules[2].reward.steps[1].off: expected not less than the step before (contradiction)',
    ],
    [
      'an unknown group',
      (f) => (f.rules[0].group = 'g'),
      'rules[0].group: expected the id of one of the groups (unknown_group)',
    ],
    [
      'gifts that bring on each other',
      (f) =>
        f.rules.push(
          ...['WATER', 'TEA'].map((sku, i) => ({
            id: `gift${i}`,
            name: 'gift',
            items: { skus: [sku] },
            reward: {
              kind: 'threshold',
              by: 'quantity',
              steps: [{ from: 1, off: { gift: { sku: i === 0 ? 'TEA' : 'WATER', qty: 1 } } }],
            },
          })),
        ),
      'rules[4].reward.steps: expected a gift that does not bring on the rule itself through another gift (loop)',
    ],
    [
      'a repeat from nothing',
      (f) => (f.rules[2].reward.steps = [{ from: 0, every: true, off: { amountMinor: 1 } }]),
      '(loop)',
    ],
    ['the 32nd', (f) => (f.at = '2026-11-32T10:00'), 'at: expected the store’s time'],
  ];
  test.each(cases)('%s', (_, spoil, words) => {
    const file = JSON.parse(readFileSync(EXAMPLE, 'utf8'));
    spoil(file);
    const name = path.join(folder, 'wrong.json');
    writeFileSync(name, JSON.stringify(file));
    expect(() => priceFromFile(name, false)).toThrow(words);
  });

  test.each([
    ['no JSON', '{ items', 'is no JSON'],
    ['a list', '[]', 'expected an object'],
    ['nothing', 'null', 'expected an object'],
  ])('%s', (_, text, words) => {
    const name = path.join(folder, 'odd.json');
    writeFileSync(name, text);
    expect(() => priceFromFile(name, false)).toThrow(words);
  });

  test('a file that is not there', () => {
    expect(() => priceFromFile(path.join(folder, 'none.json'), false)).toThrow('cannot be read');
  });
});
