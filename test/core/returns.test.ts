/** Returns: whatever way goods come back, they bring back what was paid, taxed and earned. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import {
  addLine,
  addReturned,
  type Basket,
  setQuantity,
  setUnitPrice,
  voidLine,
} from '../../src/core/basket.ts';
import { allocate, sumMinor } from '../../src/core/money.ts';
import {
  type PricedBasket,
  type PriceRules,
  priceBasket,
  savedMinor,
  unitNets,
} from '../../src/core/pricing.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import {
  addClaims,
  type Claimed,
  claimOf,
  NOTHING_CLAIMED,
  paidMinor,
  returnOf,
  type SoldLine,
  soldReceipt,
  unitsLeftMinor,
} from '../../src/core/returns.ts';
import { closeSale, imbalanceOf, type Sale } from '../../src/core/sale.ts';
import type { Store } from '../../src/core/store.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { settleTenders } from '../../src/core/tender.ts';
import {
  aBasket,
  aContext,
  anAddition,
  anId,
  anItem,
  aReturn,
  aSale,
  aStamp,
  aStore,
  aWeighedItem,
  rulesOf,
} from './builders.ts';
import { anyBasket, anyContext, anyRuleSet } from './rules-any.ts';

const RECEIPT = { saleId: anId(1), receiptNo: 'T01-000123', taxMode: 'inclusive' } as const;

function aSoldLine(over: Partial<SoldLine> = {}): SoldLine {
  return {
    lineNo: 1,
    sku: 'WATER',
    gtin: null,
    name: 'Water',
    qty: 3,
    weightG: null,
    unitPriceMinor: 40,
    priceSource: 'list',
    taxCode: 'standard',
    taxRateBp: 1300,
    grossMinor: 120,
    netMinor: 100,
    taxMinor: 11,
    points: 10,
    ...over,
  };
}

function closed(basket: Basket, priced: PricedBasket, store: Store, points?: readonly number[]): Sale {
  const { dueMinor } = settleTenders(priced.totalMinor, [], store.cash);
  const tenders = dueMinor === 0 ? [] : [{ kind: 'cash' as const, amountMinor: dueMinor }];
  const sale = closeSale({ basket, priced, tenders }, store.cash, aStamp(123, store));
  if (points === undefined) return sale;
  return { ...sale, points: { programme: 'p', earned: sumMinor(points), byLine: points } };
}

describe('three bottles at 0.40, sold at 1.00 with 0.11 tax and 10 points', () => {
  const line = aSoldLine();

  test('come back as 0.34, 0.33, 0.33; tax 0.04, 0.04, 0.03; points 4, 3, 3', () => {
    let claimed: Claimed = NOTHING_CLAIMED;
    const units = [1, 2, 3].map(() => {
      const back = returnOf(RECEIPT, line, claimed, 1);
      claimed = addClaims([claimed, claimOf({ qty: -1 }, back)]);
      return back;
    });
    expect(units.map((unit) => unit.netMinor)).toEqual([-34, -33, -33]);
    expect(units.map((unit) => unit.taxMinor)).toEqual([-4, -4, -3]);
    expect(units.map((unit) => unit.points)).toEqual([-4, -3, -3]);
    expect(units.map((unit) => unit.grossMinor)).toEqual([-40, -40, -40]);
    expect(claimed).toEqual({ qty: 3, netMinor: 100, taxMinor: 11, points: 10 });
  });

  test('the order is that of `unitNets`; what is left says what each would pay back', () => {
    expect(unitsLeftMinor(line, NOTHING_CLAIMED, 'inclusive')).toEqual(unitNets(line));
    expect(unitsLeftMinor(line, { qty: 1, netMinor: 34, taxMinor: 4, points: 4 }, 'inclusive')).toEqual([
      33, 33,
    ]);
    expect(unitsLeftMinor(line, NOTHING_CLAIMED, 'exclusive')).toEqual([38, 37, 36]);
    expect(unitsLeftMinor(line, { ...line, qty: 3 }, 'inclusive')).toEqual([]);
  });

  test('the middle unit back and the first one kept on a voided line: the rest is still 0.67, not 0.66', () => {
    // The first unit (0.34) stood on a basket that was given up; the second (0.33) was paid out.
    const paid = { qty: 1, netMinor: 33, taxMinor: 4, points: 3 };
    expect(returnOf(RECEIPT, line, paid, 2)).toMatchObject({ netMinor: -67, taxMinor: -7, points: -7 });
  });

  test('at another till they come back from the last one: 0.33, 0.33, 0.34; one here and one there are 0.67', () => {
    expect(unitsLeftMinor(line, NOTHING_CLAIMED, 'inclusive', 'from_last')).toEqual([33, 33, 34]);
    const [here, there] = (['from_first', 'from_last'] as const).map((order) =>
      returnOf(RECEIPT, line, NOTHING_CLAIMED, 1, order),
    );
    expect([here!.netMinor, there!.netMinor]).toEqual([-34, -33]);
    expect([here!.taxMinor, there!.taxMinor, here!.points, there!.points]).toEqual([-4, -3, -4, -3]);
  });

  test('a line in parts at tills that hear nothing of each other: never more than was paid, and by two tills exactly that', () => {
    const aCount = fc.integer({ min: 1, max: 9 });
    const anAmount = fc.integer({ min: 0, max: 5_000 });
    fc.assert(
      fc.property(
        fc.record({ netMinor: anAmount, taxMinor: anAmount, points: anAmount }),
        // How many units each of the tills pays back in one go; the first till sold them.
        fc.array(fc.array(aCount, { maxLength: 4 }), { minLength: 2, maxLength: 4 }),
        fc.nat(3),
        (amounts, tills, kept) => {
          const back = tills.flat().reduce((sum, count) => sum + count, 0);
          const sold = aSoldLine({ qty: back + kept + 1, grossMinor: 0, ...amounts });
          const paid = tills.map((parts, till) =>
            parts.reduce<Claimed>((claimed, qty) => {
              const order = till === 0 ? 'from_first' : 'from_last';
              return addClaims([
                claimed,
                claimOf({ qty: -qty }, returnOf(RECEIPT, sold, claimed, qty, order)),
              ]);
            }, NOTHING_CLAIMED),
          );
          const all = addClaims(paid);
          for (const name of ['netMinor', 'taxMinor', 'points'] as const) {
            expect(all[name]).toBeLessThanOrEqual(sold[name]);
            if (paid.length > 2) continue;
            const [unit, spare] = [Math.floor(sold[name] / sold.qty), sold[name] % sold.qty];
            const [first, last] = paid as [Claimed, Claimed];
            expect(first[name]).toBe(first.qty * unit + Math.min(first.qty, spare));
            expect(last[name]).toBe(last.qty * unit + Math.max(0, spare - (sold.qty - last.qty)));
          }
        },
      ),
    );
  });

  test.each([0, 4, -1, 1.5])('%d of 3 is a mistake of the caller', (qty) => {
    expect(() => returnOf(RECEIPT, line, NOTHING_CLAIMED, qty)).toThrow(AssertionError);
  });
});

test('a weighed line comes back whole', () => {
  const sale = aSale({ basket: aBasket([{ item: aWeighedItem(), weightG: 1234 }]) });
  const [line] = soldReceipt(sale).lines;
  expect(returnOf(RECEIPT, line!, NOTHING_CLAIMED, 1)).toMatchObject({ grossMinor: -861, netMinor: -861 });
  expect(aSale({ basket: aReturn(sale) })).toMatchObject({ kind: 'refund', totalMinor: -861 });
});

describe('on a basket', () => {
  const sale = aSale({ basket: aBasket([{ qty: 3 }]) });

  test('the line is fixed: no quantity, no price, never merged; it can be voided', () => {
    const basket = aReturn(sale, { wanted: [{ lineNo: 1, qty: 1 }] });
    expect(setQuantity(basket, 1, -2)).toEqual({ ok: false, error: { kind: 'returned_goods', lineNo: 1 } });
    expect(setUnitPrice(basket, 1, 1)).toEqual({ ok: false, error: { kind: 'returned_goods', lineNo: 1 } });
    const more = addLine(basket, anAddition({ qty: -1 }), { merge: true });
    expect(more.ok && more.value.basket.lines.map(({ qty }) => qty)).toEqual([-1, -1]);
    const twice = aReturn(sale, { wanted: [{ lineNo: 1, qty: 1 }], onto: basket });
    expect(twice.lines).toHaveLength(2);
    expect(voidLine(basket, 1)).toMatchObject({ ok: true, value: { lines: [] } });
  });

  test('2,000 lines are all', () => {
    const { lines } = aReturn(sale, { wanted: [{ lineNo: 1, qty: 1 }] });
    const full = { ...aBasket(), lines: Array.from({ length: 2_000 }, () => lines[0]!) };
    const goods = { ...lines[0]!, back: lines[0]!.back! };
    expect(addReturned(full, goods)).toEqual({
      ok: false,
      error: { kind: 'too_many_lines', linesMax: 2_000 },
    });
  });

  test('taxed at the rate of then, beside the rate of today', () => {
    const today = aStore();
    const rates = today.tax.rates.map((rate) =>
      rate.code === 'standard' ? { ...rate, rateBp: 1600 } : rate,
    );
    const store = aStore({ tax: { ...today.tax, rates } });
    const added = addLine(aReturn(sale), anAddition({ item: anItem({ priceMinor: 1_000 }) }), {
      merge: false,
    });
    const basket = added.ok ? added.value.basket : aBasket();
    const exchange = aSale({ basket, store });
    expect(imbalanceOf(exchange)).toBeNull();
    expect(exchange).toMatchObject({ kind: 'exchange', totalMinor: 400 });
    // 6.00 at 13 % holds 0.69, 10.00 at 16 % holds 1.38.
    expect(exchange.taxes).toEqual([
      { taxCode: 'standard', rateBp: 1300, baseMinor: -531, taxMinor: -69 },
      { taxCode: 'standard', rateBp: 1600, baseMinor: 862, taxMinor: 138 },
    ]);
  });

  test.each([
    ['exclusive', 'inclusive'],
    ['inclusive', 'exclusive'],
  ] as const)('sold with %s tax, back in a store with %s: the same money', (then, now) => {
    const storeOf = (mode: TaxPolicy['mode']) => aStore({ tax: { ...aStore().tax, mode } });
    const sold = aSale({ basket: aBasket([{ qty: 3 }]), store: storeOf(then) });
    const refund = aSale({ basket: aReturn(sold), store: storeOf(now) });
    expect(imbalanceOf(refund)).toBeNull();
    expect([refund.totalMinor, refund.taxMinor]).toEqual([-sold.totalMinor, -sold.taxMinor]);
  });

  test('goods of two receipts: no single `refundOf`', () => {
    const other = { ...aSale({ basket: aBasket([{ qty: 1 }], { id: anId(2) }) }), receiptNo: 'T01-000200' };
    const basket = aReturn(other, { onto: aReturn(sale) });
    expect(aSale({ basket })).toMatchObject({ kind: 'refund', refundOf: null, totalMinor: -800 });
    expect(aSale({ basket: aReturn(sale) }).refundOf).toEqual({ saleId: sale.id, receiptNo: sale.receiptNo });
  });
});

// ---- for any sale ----

const anyStore = fc
  .record({
    mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    rounding: fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
  })
  .map((tax) => aStore({ tax: { ...aStore().tax, ...tax } }));

/** A sale by any rules, with any points on its lines, and the rules it was made by. */
const anySold = fc
  .record({
    set: anyRuleSet(),
    goods: anyBasket.filter(({ lines }) => lines.some(({ qty }) => qty > 0)),
    context: anyContext,
    store: anyStore,
    points: fc.array(fc.nat(50), { minLength: 8, maxLength: 8 }),
  })
  .map(({ set, goods, context, store, points }) => {
    const rules: PriceRules = { version: 'any', tax: store.tax, promotions: compileRules(set) };
    const basket = { ...goods, lines: goods.lines.filter(({ qty }) => qty > 0) };
    const priced = priceBasket(basket, rules, context);
    return {
      sale: closed(basket, priced, store, points.slice(0, basket.lines.length)),
      store,
      rules,
      context,
    };
  });

const noMinusZero = (value: unknown) => expect(JSON.stringify(value)).not.toMatch(/-0[,}\]]/);

describe('for any rules, basket, customer, tax mode and rounding', () => {
  test('any split into partial refunds, with some given up on the way, returns net, tax, points and total exactly', () => {
    fc.assert(
      fc.property(anySold, fc.infiniteStream(fc.nat()), ({ sale, store }, draws) => {
        const draw = (below: number) => draws.next().value! % below;
        const receipt = soldReceipt(sale);
        const claimed = new Map<number, Claimed>();
        const refunds: Sale[] = [];
        let openClaims: [number, Claimed][] = [];
        const settle = (keep: boolean) => {
          if (!keep) {
            for (const [lineNo, claim] of openClaims) {
              const all = claimed.get(lineNo)!;
              const { qty, netMinor, taxMinor, points } = claim;
              claimed.set(lineNo, {
                qty: all.qty - qty,
                netMinor: all.netMinor - netMinor,
                taxMinor: all.taxMinor - taxMinor,
                points: all.points - points,
              });
            }
          }
          openClaims = [];
        };
        for (let round = 0; round < 400; round++) {
          const left = receipt.lines.filter(({ lineNo, qty }) => (claimed.get(lineNo)?.qty ?? 0) < qty);
          if (left.length === 0) break;
          const line = left[draw(left.length)]!;
          const before = claimed.get(line.lineNo) ?? NOTHING_CLAIMED;
          const wanted = [{ lineNo: line.lineNo, qty: 1 + draw(line.qty - before.qty) }];
          const basket = aReturn(sale, { wanted, claimed, id: anId(1_000 + round) });
          const refund = aSale({ basket, store });
          expect(imbalanceOf(refund)).toBeNull();
          noMinusZero(refund);
          const claim = claimOf(refund.lines[0]!, refund.lines[0]!.back!);
          claimed.set(line.lineNo, addClaims([before, claim]));
          openClaims.push([line.lineNo, claim]);
          const given = draw(4) === 0;
          if (!given) refunds.push(refund);
          settle(!given);
        }
        const all = (pick: (refund: Sale) => number) => -sumMinor(refunds.map(pick));
        expect(all((refund) => refund.totalMinor) + 0).toBe(sale.totalMinor);
        expect(all((refund) => refund.taxMinor) + 0).toBe(sale.taxMinor);
        expect(all((refund) => refund.grossMinor) + 0).toBe(sale.grossMinor);
        expect(all((refund) => sumMinor(refund.lines.map(({ back }) => back!.points))) + 0).toBe(
          sale.points!.earned,
        );
        for (const [index, line] of sale.lines.entries()) {
          expect(claimed.get(line.lineNo)).toEqual({
            qty: line.qty,
            netMinor: line.netMinor,
            taxMinor: line.taxMinor,
            points: sale.points!.byLine[index],
          });
        }
      }),
      { numRuns: 300 },
    );
  });

  test('an exchange is the refund and the sale in one sum: goods bought cost what they cost alone', () => {
    fc.assert(
      fc.property(anySold, anyBasket, anyContext, ({ sale, store, rules }, bought, context) => {
        const alone = priceBasket(bought, rules, context);
        const refund = priceBasket(aReturn(sale), rules, context);
        const basket = aReturn(sale, { onto: bought });
        const both = priceBasket(basket, rules, context);
        expect(both.totalMinor).toBe(alone.totalMinor + refund.totalMinor);
        expect(both.taxMinor).toBe(alone.taxMinor + refund.taxMinor);
        expect(refund.totalMinor).toBe(-sale.totalMinor + 0);
        expect(both.lines.slice(0, bought.lines.length)).toEqual(alone.lines);
        expect([both.coupons, both.nearMisses, both.uses]).toEqual([
          alone.coupons,
          alone.nearMisses,
          alone.uses,
        ]);
        expect(savedMinor(both.lines)).toBe(savedMinor(alone.lines));
        expect(imbalanceOf(closed(basket, both, store))).toBeNull();
      }),
      { numRuns: 300 },
    );
  });

  test('wherever the returned goods stand in the basket, every line comes to the same', () => {
    const simple = anyContext.map((context) => ({ ...context, manual: [] }));
    fc.assert(
      fc.property(anySold, anyBasket, simple, fc.infiniteStream(fc.nat()), (sold, bought, context, draws) => {
        const basket = aReturn(sold.sale, { onto: bought });
        const shuffled = basket.lines
          .map((line) => ({ line, key: draws.next().value! }))
          .sort((a, b) => a.key - b.key)
          .map(({ line }) => line);
        const byNo = (lines: PricedBasket['lines']) => lines.toSorted((a, b) => a.lineNo - b.lineNo);
        const one = priceBasket(basket, sold.rules, context);
        const two = priceBasket({ ...basket, lines: shuffled }, sold.rules, context);
        const backs = (priced: PricedBasket) => byNo(priced.lines).filter(({ back }) => back !== undefined);
        expect(backs(two)).toEqual(backs(one));
        expect(two.totalMinor).toBe(one.totalMinor);
        expect(two.taxes).toEqual(one.taxes);
      }),
      { numRuns: 300 },
    );
  });
});

test('a threshold set keeps its unit nets: 3 of 4 at 50 off come back at 12.50 less than list each, the fourth too', () => {
  const parts = allocate(4 * 10_000 - 5_000, [1, 1, 1, 1]);
  expect(parts).toEqual([8_750, 8_750, 8_750, 8_750]);
  const line = aSoldLine({
    qty: 4,
    unitPriceMinor: 10_000,
    grossMinor: 40_000,
    netMinor: 35_000,
    taxMinor: 0,
    points: 0,
  });
  const three = returnOf(RECEIPT, line, NOTHING_CLAIMED, 3);
  expect(paidMinor(three, 'inclusive')).toBe(-26_250);
  expect(returnOf(RECEIPT, line, claimOf({ qty: -3 }, three), 1).netMinor).toBe(-8_750);
});

test('goods without a receipt stay what they were: priced as typed, no `back`', () => {
  const basket = aBasket([{ qty: -2 }]);
  const priced = priceBasket(basket, rulesOf(aStore()), aContext());
  expect(priced.lines[0]).toMatchObject({ netMinor: -400, adjustments: [] });
  expect(priced.lines[0]).not.toHaveProperty('back');
});
