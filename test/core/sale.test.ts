/** Sales: a basket made final, the refund that reverses one, and what does not add up. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { soldReceipt } from '../../src/core/returns.ts';
import { closeSale, imbalanceOf, receiptNumber, type Sale } from '../../src/core/sale.ts';
import {
  aBasket,
  anId,
  anItem,
  aPricedBasket,
  aRefund,
  aSale,
  aStamp,
  aStore,
  aTier,
  aWeighedItem,
} from './builders.ts';

const MIXED = [
  { qty: 3 },
  { item: anItem({ sku: 'MILK', priceMinor: 1299, taxCode: 'food' }), qty: 2 },
  { item: aWeighedItem(), weightG: 1234 },
  { item: anItem({ sku: 'BOOK', priceMinor: 2500, taxCode: 'zero' }) },
];
const STEPS = aStore({ cash: { cashStepMinor: 5, cashRounding: 'nearest' } });
const mirrored = (value: number) => (value === 0 ? 0 : -value);

describe('closeSale', () => {
  test('a gold member’s mixed basket of 65.59 less 3.28 is closed at 62.31 with every sum in it', () => {
    const sale = aSale({ basket: aBasket(MIXED, { memberId: 'm1' }), tier: aTier() });
    expect(sale).toMatchObject({
      id: anId(1),
      kind: 'sale',
      receiptNo: 'T01-000123',
      receiptSeq: 123,
      storeId: 'S01',
      currency: 'CNY',
      memberId: 'm1',
      rulesVersion: 'rules-1',
      grossMinor: 6559,
      adjustmentMinor: -328,
      totalMinor: 6231,
      roundingMinor: 0,
      changeMinor: 0,
      refundOf: null,
    });
    expect(imbalanceOf(sale)).toBeNull();
  });

  test('100.00 for 65.59 gives 34.41 change', () => {
    const sale = aSale({ basket: aBasket(MIXED), tenders: [{ kind: 'cash', amountMinor: 10_000 }] });
    expect(sale).toMatchObject({ totalMinor: 6559, changeMinor: 3441, roundingMinor: 0 });
  });

  test('in steps of 0.05 a sale of 65.59 is paid with 65.60, and the cent is its rounding', () => {
    const sale = aSale({ basket: aBasket(MIXED), store: STEPS });
    expect(sale).toMatchObject({ totalMinor: 6559, roundingMinor: 1, tenders: [{ amountMinor: 6560 }] });
  });

  test('only goods coming back make a refund without a receipt; with others beside them they are an exchange', () => {
    const back = [{ qty: -1 }];
    expect(aSale({ basket: aBasket(back) })).toMatchObject({
      kind: 'refund',
      refundOf: null,
      totalMinor: -200,
    });
    expect(aSale({ basket: aBasket([...back, { qty: 2 }]) })).toMatchObject({
      kind: 'exchange',
      refundOf: null,
      totalMinor: 200,
    });
    expect(aSale({ basket: aBasket([{ qty: -2 }, { qty: 2 }]) })).toMatchObject({
      tenders: [],
      totalMinor: 0,
    });
  });

  test.each([
    ['nothing sold', [], []],
    ['nothing paid', [{}], []],
    ['0.01 too little', [{}], [199]],
    ['0.01 too much paid out', [{ qty: -1 }], [-201]],
  ])('%s closes no sale', (_, additions, paid) => {
    const basket = aBasket(additions);
    const tenders = paid.map((amountMinor) => ({ kind: 'cash' as const, amountMinor }));
    const facts = { basket, priced: aPricedBasket(basket), tenders };
    expect(() => closeSale(facts, aStore().cash, aStamp())).toThrow(AssertionError);
  });
});

describe('the refund of a whole sale', () => {
  test('names its sale, has its own number, and pays out what was paid', () => {
    const sale = aSale({ basket: aBasket(MIXED), store: STEPS });
    const refund = aRefund(sale, STEPS);
    expect(refund).toMatchObject({
      id: anId(99),
      kind: 'refund',
      receiptNo: 'T01-000124',
      refundOf: { saleId: sale.id, receiptNo: 'T01-000123' },
      totalMinor: -6559,
      roundingMinor: -1,
      changeMinor: 0,
      tenders: [{ kind: 'cash', amountMinor: -6560 }],
    });
  });

  test('change given on the sale is not paid out again: 34.41 stays out of it', () => {
    const sale = aSale({ basket: aBasket(MIXED), tenders: [{ kind: 'cash', amountMinor: 10_000 }] });
    expect(aRefund(sale)).toMatchObject({ tenders: [{ amountMinor: -6559 }], changeMinor: 0 });
  });

  test('a refund has nothing that could come back', () => {
    expect(soldReceipt(aRefund(aSale())).lines).toEqual([]);
    expect(soldReceipt(aSale({ basket: aBasket([{ qty: -1 }]) })).lines).toEqual([]);
  });

  const anyLine = fc
    .record({
      priceMinor: fc.nat(500_000),
      qty: fc.integer({ min: -20, max: 20 }).filter((qty) => qty !== 0),
      weightG: fc.integer({ min: 1, max: 20_000 }),
      kg: fc.boolean(),
      taxCode: fc.constantFrom('standard', 'food', 'zero'),
    })
    .map(({ priceMinor, qty, weightG, kg, taxCode }) => ({
      item: anItem({ unit: kg ? 'kg' : 'each', priceMinor, taxCode }),
      qty: kg ? Math.sign(qty) : qty,
      ...(kg ? { weightG } : {}),
    }));
  const anyStore = fc
    .record({
      mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
      rounding: fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
      cashStepMinor: fc.constantFrom(1, 5, 10, 100),
    })
    .map(({ cashStepMinor, ...tax }) =>
      aStore({ tax: { ...aStore().tax, ...tax }, cash: { cashStepMinor, cashRounding: 'nearest' } }),
    );
  const anyTier = fc.option(fc.integer({ min: 0, max: 10_000 }).map((discountBp) => aTier({ discountBp })));
  const anySale = fc
    .tuple(fc.array(anyLine, { minLength: 1, maxLength: 15 }), anyStore, anyTier)
    .map(([lines, store, tier]) => ({ store, sale: aSale({ basket: aBasket(lines), store, tier }) }));

  test('every closed sale adds up', () => {
    fc.assert(fc.property(anySale, ({ sale }) => imbalanceOf(sale) === null));
  });

  test('a refund mirrors its sale to the cent: lines, discounts, taxes, rounding, cash', () => {
    const sales = anySale.filter(({ sale }) => sale.kind === 'sale');
    fc.assert(
      fc.property(sales, ({ sale, store }) => {
        const refund = aRefund(sale, store);
        expect(imbalanceOf(refund)).toBeNull();
        for (const field of [
          'grossMinor',
          'adjustmentMinor',
          'taxMinor',
          'totalMinor',
          'roundingMinor',
        ] as const) {
          expect([field, refund[field]]).toEqual([field, mirrored(sale[field])]);
        }
        for (const [index, line] of refund.lines.entries()) {
          const sold = sale.lines[index]!;
          for (const field of ['qty', 'grossMinor', 'netMinor', 'taxMinor'] as const) {
            expect(line[field]).toBe(mirrored(sold[field]));
          }
          expect(line.adjustments.map((a) => [a.reason.kind, a.amountMinor])).toEqual(
            sold.netMinor === sold.grossMinor ? [] : [['returned', sold.grossMinor - sold.netMinor]],
          );
        }
        const paid = (it: Sale) => it.tenders.reduce((sum, t) => sum + t.amountMinor, 0) - it.changeMinor;
        expect(paid(refund) + paid(sale)).toBe(0);
        expect(JSON.stringify(refund)).not.toContain('-0,');
      }),
    );
  });
});

describe('imbalanceOf finds', () => {
  const good = aSale({ basket: aBasket(MIXED), tier: aTier(), store: STEPS });
  const changeLine = (change: object): Sale => ({
    ...good,
    lines: [{ ...good.lines[0]!, ...change }, ...good.lines.slice(1)],
  });
  const [first] = good.lines;

  test('nothing in a good sale', () => {
    expect(imbalanceOf(good)).toBeNull();
  });

  const more = (amount: number) => amount + 1;
  test.each<[string, Sale, string]>([
    ['a line’s net changed', changeLine({ netMinor: more(first!.netMinor) }), 'line 1: net'],
    ['a line’s gross changed', changeLine({ grossMinor: more(first!.grossMinor) }), 'line 1: net'],
    ['a discount dropped', changeLine({ adjustments: [] }), 'line 1: net'],
    [
      'a discount made larger, the net with it',
      changeLine({
        adjustments: [{ ...first!.adjustments[0]!, amountMinor: first!.adjustments[0]!.amountMinor - 1 }],
        netMinor: first!.netMinor - 1,
      }),
      'lines do not add up',
    ],
    ['a line’s tax changed', changeLine({ taxMinor: more(first!.taxMinor) }), 'line taxes'],
    ['a line dropped', { ...good, lines: good.lines.slice(1) }, 'gross of the lines'],
    ['a line twice', { ...good, lines: [...good.lines, first!] }, 'gross of the lines'],
    ['the gross changed', { ...good, grossMinor: more(good.grossMinor) }, 'gross of the lines'],
    [
      'the adjustment changed',
      { ...good, adjustmentMinor: more(good.adjustmentMinor) },
      'lines do not add up',
    ],
    [
      'gross and adjustment changed alike',
      {
        ...good,
        grossMinor: more(good.grossMinor),
        adjustmentMinor: good.adjustmentMinor - 1,
      },
      'gross of the lines',
    ],
    ['the tax changed', { ...good, taxMinor: more(good.taxMinor) }, 'line taxes'],
    [
      'a rate’s tax changed',
      {
        ...good,
        taxes: good.taxes.with(0, { ...good.taxes[0]!, taxMinor: more(good.taxes[0]!.taxMinor) }),
      },
      'taxes do not add up',
    ],
    ['a rate dropped', { ...good, taxes: good.taxes.slice(1) }, 'taxes do not add up'],
    [
      'a rate’s base changed',
      {
        ...good,
        taxes: good.taxes.with(0, { ...good.taxes[0]!, baseMinor: more(good.taxes[0]!.baseMinor) }),
      },
      'tax bases',
    ],
    ['the total changed', { ...good, totalMinor: more(good.totalMinor) }, 'total'],
    ['the tax mode changed', { ...good, taxMode: 'exclusive' }, 'tax bases'],
    ['the rounding changed', { ...good, roundingMinor: more(good.roundingMinor) }, 'tenders'],
    ['the change changed', { ...good, changeMinor: more(good.changeMinor) }, 'tenders'],
    ['a tender dropped', { ...good, tenders: [] }, 'tenders'],
  ])('%s', (_, sale, words) => {
    expect(imbalanceOf(sale)).toContain(words);
  });
});

test.each([
  ['NJ01', 123, 'NJ01-000123'],
  ['T01', 1, 'T01-000001'],
  ['T01', 1_234_567, 'T01-1234567'],
])('receipt %s %i is %s', (till, seq, text) => {
  expect(receiptNumber(till, seq)).toBe(text);
});
