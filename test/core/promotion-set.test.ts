/** Set offers: which units make a set, and who wins where rules want the same. */
import { describe, expect, test } from 'vitest';
import type { Reward } from '../../src/core/promotion.ts';
import { aRule, aSet, percent } from './a-rule.ts';
import { aBasket, anItem } from './builders.ts';
import { priceWith } from './rules-any.ts';

describe('sets', () => {
  const tea = (qty: number, priceMinor: number, sku: string) => ({
    item: anItem({ sku, gtins: [], priceMinor, category: 'tea' }),
    qty,
  });
  const category = { items: { categories: ['tea'] } };
  test.each([
    [
      '3 for 24.00 of 3 × 10.00',
      { kind: 'n_for_price', qty: 3, priceMinor: 2400 },
      [tea(3, 1000, 'A')],
      2400,
    ],
    ['3 for 24.00 twice in 7', { kind: 'n_for_price', qty: 3, priceMinor: 2400 }, [tea(7, 1000, 'A')], 5800],
    [
      'second at half price: the cheaper one',
      { kind: 'buy_get', buyQty: 1, getQty: 1, rateBp: 5_000 },
      [tea(1, 1000, 'A'), tea(1, 601, 'B')],
      1300,
    ],
    [
      'cheapest of three free',
      { kind: 'buy_get', buyQty: 2, getQty: 1, rateBp: 10_000 },
      [tea(1, 900, 'A'), tea(2, 500, 'B')],
      1400,
    ],
    [
      'cheapest of each three free, dearest together',
      { kind: 'buy_get', buyQty: 2, getQty: 1, rateBp: 10_000 },
      [tea(3, 900, 'A'), tea(3, 500, 'B')],
      2800,
    ],
    [
      'a set dearer than its goods takes nothing',
      { kind: 'n_for_price', qty: 2, priceMinor: 5000 },
      [tea(2, 1000, 'A')],
      2000,
    ],
  ] as [string, Reward, Parameters<typeof aBasket>[0], number][])('%s', (_, reward, additions, total) => {
    expect(priceWith(aSet([aRule('s', reward, category)]), aBasket(additions)).totalMinor).toBe(total);
  });

  test('3 for 10.00 once and 2 for 6.90 twice beat either alone on 7 × 4.00', () => {
    const rules = [
      aRule('three', { kind: 'n_for_price', qty: 3, priceMinor: 1000 }),
      aRule('two', { kind: 'n_for_price', qty: 2, priceMinor: 690 }),
    ];
    expect(priceWith(aSet(rules), aBasket([tea(7, 400, 'A')])).totalMinor).toBe(1000 + 690 * 2);
  });

  test('units without a set keep a competing line offer', () => {
    const rules = [
      percent('ten', 10, { mode: 'best_price' }),
      aRule('two', { kind: 'n_for_price', qty: 2, priceMinor: 1500 }, { mode: 'best_price' }),
    ];
    const priced = priceWith(aSet(rules), aBasket([tea(3, 1000, 'A')]));
    expect(priced.totalMinor).toBe(1500 + 900);
  });
});
