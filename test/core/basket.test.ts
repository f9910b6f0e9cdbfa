/** Baskets: lines come, change and go; what does not fit is refused as a value. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import {
  addLine,
  grossMinor,
  isEmpty,
  LINE_MINOR_MAX,
  LINES_MAX,
  openBasket,
  QTY_MAX,
  setQuantity,
  setUnitPrice,
  voidLine,
} from '../../src/core/basket.ts';
import { AT_MS, aBasket, anAddition, anId, anItem, aWeighedItem } from './builders.ts';

const empty = openBasket(anId(1), AT_MS);
const merge = { merge: true };
const apart = { merge: false };

function must<T>(result: { ok: true; value: T } | { ok: false; error: unknown }): T {
  if (!result.ok) throw new Error(JSON.stringify(result.error));
  return result.value;
}

describe('gross of a line', () => {
  test.each([
    { qty: 3, weightG: null, unitPriceMinor: 199, gross: 597 },
    { qty: -2, weightG: null, unitPriceMinor: 199, gross: -398 },
    { qty: 1, weightG: null, unitPriceMinor: 0, gross: 0 },
    { qty: 1, weightG: 1234, unitPriceMinor: 698, gross: 861 },
    { qty: 1, weightG: 500, unitPriceMinor: 1, gross: 1 },
    { qty: 1, weightG: 499, unitPriceMinor: 1, gross: 0 },
    { qty: -1, weightG: 1234, unitPriceMinor: 698, gross: -861 },
    { qty: -1, weightG: 500, unitPriceMinor: 1, gross: -1 },
  ])('$qty × $unitPriceMinor, $weightG g is $gross', ({ gross, ...line }) => {
    expect(grossMinor(line)).toBe(gross);
  });

  test('what goes back costs what it cost', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), fc.integer({ min: 1, max: 99_999 }), (unitPriceMinor, weightG) => {
        const out = grossMinor({ qty: 1, weightG, unitPriceMinor });
        expect(grossMinor({ qty: -1, weightG, unitPriceMinor })).toBe(out === 0 ? 0 : -out);
      }),
    );
  });
});

describe('adding', () => {
  test('a new basket is empty, the first line is number 1', () => {
    expect(isEmpty(empty)).toBe(true);
    const { basket, lineNo } = must(addLine(empty, anAddition(), merge));
    expect(lineNo).toBe(1);
    expect(isEmpty(basket)).toBe(false);
    expect(basket.lines[0]).toEqual({
      lineNo: 1,
      sku: 'WATER',
      gtin: '06921168509256',
      name: '农夫山泉饮用天然水 550ml',
      qty: 1,
      weightG: null,
      unitPriceMinor: 200,
      priceSource: 'list',
      taxCode: 'standard',
    });
    expect(empty.lines).toEqual([]);
  });

  test('the same article again makes quantity 2 of line 1 where the store merges, else line 2', () => {
    const one = aBasket([{}]);
    const merged = must(addLine(one, anAddition(), merge));
    expect(merged).toMatchObject({ lineNo: 1, basket: { lines: [{ lineNo: 1, qty: 2 }] } });
    const two = must(addLine(one, anAddition(), apart));
    expect(two).toMatchObject({ lineNo: 2, basket: { lines: [{ qty: 1 }, { lineNo: 2, qty: 1 }] } });
  });

  test.each([
    ['another price', { unitPriceMinor: 150 }],
    ['a typed price', { unitPriceMinor: 200, priceSource: 'manual' as const }],
    ['a price from the label', { unitPriceMinor: 200, priceSource: 'embedded' as const }],
    ['goods coming back', { qty: -1 }],
    ['another article', { item: anItem({ sku: 'COLA' }) }],
  ])('%s makes a line of its own', (_, addition) => {
    const { basket } = must(addLine(aBasket([{}]), anAddition(addition), merge));
    expect(basket.lines).toHaveLength(2);
  });

  test('two weighed bananas are two lines', () => {
    const item = aWeighedItem();
    const { basket } = must(
      addLine(aBasket([{ item, weightG: 500 }]), anAddition({ item, weightG: 500 }), merge),
    );
    expect(basket.lines.map((line) => line.weightG)).toEqual([500, 500]);
  });

  test('weighed goods with a printed price are one piece at that price', () => {
    const addition = anAddition({ item: aWeighedItem(), unitPriceMinor: 861, priceSource: 'embedded' });
    const { basket } = must(addLine(empty, addition, merge));
    expect(basket.lines[0]).toMatchObject({ weightG: null, unitPriceMinor: 861 });
    expect(grossMinor(basket.lines[0]!)).toBe(861);
  });

  const kg = aWeighedItem();
  test.each([
    ['quantity 0', { qty: 0 }, { kind: 'quantity', qtyMax: QTY_MAX }],
    ['quantity 1.5', { qty: 1.5 }, { kind: 'quantity', qtyMax: QTY_MAX }],
    ['quantity 100,000', { qty: 100_000 }, { kind: 'quantity', qtyMax: QTY_MAX }],
    ['quantity -100,000', { qty: -100_000 }, { kind: 'quantity', qtyMax: QTY_MAX }],
    ['quantity NaN', { qty: Number.NaN }, { kind: 'quantity', qtyMax: QTY_MAX }],
    ['no price', { item: anItem({ priceMinor: null }) }, { kind: 'price_missing', sku: 'WATER' }],
    ['no weight', { item: kg }, { kind: 'weight_missing', sku: 'BANANA' }],
    ['0 g', { item: kg, weightG: 0 }, { kind: 'weight_missing', sku: 'BANANA' }],
    ['-5 g', { item: kg, weightG: -5 }, { kind: 'weight_missing', sku: 'BANANA' }],
    ['0.5 g', { item: kg, weightG: 0.5 }, { kind: 'weight_missing', sku: 'BANANA' }],
    ['10 t', { item: kg, weightG: 10_000_000 }, { kind: 'weight_missing', sku: 'BANANA' }],
    ['3 × one weighed label', { item: kg, weightG: 500, qty: 3 }, { kind: 'weighed_goods', lineNo: 1 }],
    ['-2 × one weighed label', { item: kg, weightG: 500, qty: -2 }, { kind: 'weighed_goods', lineNo: 1 }],
    [
      'a line above 1,000,000,000.00',
      { qty: 2, unitPriceMinor: LINE_MINOR_MAX / 2 + 1 },
      { kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX },
    ],
    [
      'a price beyond safe products',
      { qty: QTY_MAX, unitPriceMinor: LINE_MINOR_MAX },
      { kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX },
    ],
  ])('%s is refused', (_, addition, error) => {
    expect(addLine(empty, anAddition(addition), merge)).toEqual({ ok: false, error });
  });

  test('line 2,001 is refused, and merging into a full basket still works', () => {
    const line = aBasket([{}]).lines[0]!;
    const full = {
      ...empty,
      lines: Array.from({ length: LINES_MAX }, (_, i) => ({ ...line, lineNo: i + 1 })),
      lastLineNo: LINES_MAX,
    };
    const other = anAddition({ item: anItem({ sku: 'COLA' }) });
    expect(addLine(full, other, merge)).toEqual({
      ok: false,
      error: { kind: 'too_many_lines', linesMax: LINES_MAX },
    });
    expect(addLine(full, anAddition(), merge)).toMatchObject({ ok: true, value: { lineNo: 1 } });
  });

  test('merging past 99,999 pieces is refused and leaves the basket as it was', () => {
    const many = aBasket([{ qty: QTY_MAX }]);
    expect(addLine(many, anAddition(), merge)).toMatchObject({ ok: false, error: { kind: 'quantity' } });
    expect(many.lines[0]!.qty).toBe(QTY_MAX);
  });

  test('a negative unit price is a bug of the caller', () => {
    expect(() => addLine(empty, anAddition({ unitPriceMinor: -1 }), merge)).toThrow(AssertionError);
    expect(() => addLine(empty, anAddition({ unitPriceMinor: 1.5 }), merge)).toThrow(AssertionError);
  });
});

describe('changing', () => {
  const two = aBasket([{}, { item: anItem({ sku: 'COLA', priceMinor: 350 }) }]);

  test('quantity 5 of line 2 changes line 2 alone', () => {
    const changed = must(setQuantity(two, 2, 5));
    expect(changed.lines.map((line) => line.qty)).toEqual([1, 5]);
    expect(two.lines.map((line) => line.qty)).toEqual([1, 1]);
  });

  test('a typed price is marked as typed', () => {
    const changed = must(setUnitPrice(two, 1, 180));
    expect(changed.lines[0]).toMatchObject({ unitPriceMinor: 180, priceSource: 'manual' });
  });

  test('a voided line’s number is not used again', () => {
    const voided = must(voidLine(two, 2));
    expect(voided.lines.map((line) => line.lineNo)).toEqual([1]);
    expect(must(addLine(voided, anAddition(), apart)).lineNo).toBe(3);
  });

  test.each([
    ['quantity', setQuantity(two, 9, 2), { kind: 'no_such_line', lineNo: 9 }],
    ['price', setUnitPrice(two, 9, 2), { kind: 'no_such_line', lineNo: 9 }],
    ['void', voidLine(two, 9), { kind: 'no_such_line', lineNo: 9 }],
    ['quantity 0', setQuantity(two, 1, 0), { kind: 'quantity', qtyMax: QTY_MAX }],
    [
      'quantity of weighed goods',
      setQuantity(aBasket([{ item: aWeighedItem(), weightG: 100 }]), 1, 2),
      { kind: 'weighed_goods', lineNo: 1 },
    ],
    [
      'a price above the largest line',
      setUnitPrice(two, 1, LINE_MINOR_MAX + 1),
      { kind: 'amount_too_large', amountMinorMax: LINE_MINOR_MAX },
    ],
  ])('%s is refused', (_, result, error) => {
    expect(result).toEqual({ ok: false, error });
  });
});
