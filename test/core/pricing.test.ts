/** Pricing: from a basket to what each line costs, why, and what is due. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import type { Addition, Basket } from '../../src/core/basket.ts';
import { sumMinor } from '../../src/core/money.ts';
import type { PricedBasket } from '../../src/core/pricing.ts';
import { aBasket, anItem, aPricedBasket, aStore, aTier, aWeighedItem } from './builders.ts';

describe('a basket of water 2 × 2.00, cigarettes 12.00 and bananas 1.234 kg at 6.98', () => {
  const basket = aBasket([
    { qty: 2 },
    { item: anItem({ sku: 'SMOKE', priceMinor: 1200, flags: { noDiscount: true } }) },
    { item: aWeighedItem(), weightG: 1234 },
  ]);

  test('costs 24.61 without a member', () => {
    const priced = aPricedBasket(basket);
    expect(priced).toMatchObject({
      grossMinor: 2461,
      adjustmentMinor: 0,
      totalMinor: 2461,
      rulesVersion: 'rules-1',
    });
    expect(priced.lines.map((line) => line.netMinor)).toEqual([400, 1200, 861]);
    expect(priced.lines.map((line) => line.taxMinor)).toEqual([46, 138, 71]);
    expect(priced.taxes).toEqual([
      { taxCode: 'food', rateBp: 900, baseMinor: 790, taxMinor: 71 },
      { taxCode: 'standard', rateBp: 1300, baseMinor: 1416, taxMinor: 184 },
    ]);
  });

  test('costs a gold member 23.98: 0.20 off the water, 0.43 off the bananas, each named', () => {
    const priced = aPricedBasket(basket, aStore(), aTier());
    expect(priced).toMatchObject({ grossMinor: 2461, adjustmentMinor: -63, totalMinor: 2398 });
    expect(priced.lines.map((line) => line.adjustments)).toEqual([
      [{ ruleId: 'tier:gold', amountMinor: -20, reason: expect.objectContaining({ rateBp: 500 }) }],
      [],
      [{ ruleId: 'tier:gold', amountMinor: -43, reason: expect.objectContaining({ tierName: '金卡' }) }],
    ]);
  });
});

test('an empty basket costs 0', () => {
  expect(aPricedBasket(aBasket([]))).toMatchObject({ lines: [], totalMinor: 0, taxMinor: 0, taxes: [] });
});

test('goods coming back keep the price they are given, a member’s too', () => {
  const priced = aPricedBasket(aBasket([{ qty: -2, unitPriceMinor: 190 }]), aStore(), aTier());
  expect(priced).toMatchObject({ grossMinor: -380, adjustmentMinor: 0, totalMinor: -380, taxMinor: -44 });
});

test('a tax code that the store does not have is a bug of who sent the item', () => {
  expect(() => aPricedBasket(aBasket([{ item: anItem({ taxCode: 'none' }) }]))).toThrow(AssertionError);
});

// ---- properties ----

const anyAddition: fc.Arbitrary<Partial<Addition>> = fc
  .record({
    priceMinor: fc.nat(1_000_000),
    qty: fc.integer({ min: -50, max: 50 }).filter((qty) => qty !== 0),
    weightG: fc.integer({ min: 1, max: 30_000 }),
    kg: fc.boolean(),
    taxCode: fc.constantFrom('standard', 'food', 'zero'),
    noDiscount: fc.boolean(),
    manual: fc.boolean(),
  })
  .map(({ priceMinor, qty, weightG, kg, taxCode, noDiscount, manual }) => ({
    item: anItem({
      sku: `P${priceMinor}`,
      unit: kg ? 'kg' : 'each',
      priceMinor,
      taxCode,
      flags: { noDiscount },
    }),
    qty: kg ? Math.sign(qty) : qty,
    ...(kg ? { weightG } : {}),
    ...(manual ? { priceSource: 'manual' as const } : {}),
  }));
const anyBasket: fc.Arbitrary<Basket> = fc.array(anyAddition, { maxLength: 20 }).map((all) => aBasket(all));
const anyTier = fc.option(fc.integer({ min: 0, max: 10_000 }).map((discountBp) => aTier({ discountBp })));
const anyStore = fc
  .record({
    mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    rounding: fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
  })
  .map((tax) => aStore({ tax: { ...aStore().tax, ...tax } }));

function everyPrice(check: (priced: PricedBasket, basket: Basket) => void): void {
  fc.assert(
    fc.property(anyBasket, anyStore, anyTier, (basket, store, tier) =>
      check(aPricedBasket(basket, store, tier), basket),
    ),
  );
}

describe('I4 and I7, for any basket, tier and tax', () => {
  test('gross + adjustments = net on every line, and every adjustment names its rule and takes off', () => {
    everyPrice((priced) => {
      for (const line of priced.lines) {
        expect(line.grossMinor + sumMinor(line.adjustments.map((a) => a.amountMinor))).toBe(line.netMinor);
        for (const adjustment of line.adjustments) {
          expect(adjustment.ruleId).toBe('tier:gold');
          expect(adjustment.amountMinor).toBeLessThan(0);
        }
      }
    });
  });

  test('lines add up to the basket, and nets and tax to the total', () => {
    everyPrice((priced) => {
      const netMinor = sumMinor(priced.lines.map((line) => line.netMinor));
      expect(priced.grossMinor + priced.adjustmentMinor).toBe(netMinor);
      expect(sumMinor(priced.lines.map((line) => line.taxMinor))).toBe(priced.taxMinor);
      expect(sumMinor(priced.taxes.map((tax) => tax.taxMinor))).toBe(priced.taxMinor);
      expect(priced.totalMinor).toBe(priced.taxMode === 'inclusive' ? netMinor : netMinor + priced.taxMinor);
    });
  });

  test('a discount never makes a line negative, and never touches goods coming back', () => {
    everyPrice((priced) => {
      for (const line of priced.lines) {
        if (line.qty > 0) expect(line.netMinor).toBeGreaterThanOrEqual(0);
        else expect(line.adjustments).toEqual([]);
      }
    });
  });

  test('a line’s net does not hang on the other lines or their order', () => {
    everyPrice((priced, basket) => {
      const tier = aTier();
      const forward = aPricedBasket(basket, aStore(), tier);
      const backward = aPricedBasket({ ...basket, lines: basket.lines.toReversed() }, aStore(), tier);
      expect(backward.lines.toReversed()).toEqual(forward.lines);
      expect(backward.totalMinor).toBe(forward.totalMinor);
      expect(priced.lines.map((line) => line.lineNo)).toEqual(basket.lines.map((line) => line.lineNo));
    });
  });

  test('pricing changes nothing it is given, and gives the same twice', () => {
    everyPrice((_, basket) => {
      const before = JSON.stringify(basket);
      expect(aPricedBasket(basket)).toEqual(aPricedBasket(basket));
      expect(JSON.stringify(basket)).toBe(before);
    });
  });
});
