/** What GS1 data says of an article or a coupon; which dress a text wears. */
import { describe, expect, test } from 'vitest';
import { readBracketed } from '../../src/core/gs1.ts';
import {
  articleFacts,
  couponIn,
  gtinIn,
  priceTold,
  readGs1Text,
  weightTold,
} from '../../src/core/gs1-text.ts';

const GTIN = '(01)09501101530003';
const YUAN = { currencyDigits: 2, currencyCode: 'CNY', yearNow: 2026 };
const elementsOf = (text: string) => {
  const read = readBracketed(text);
  if (!read.ok) throw new Error(read.error.what);
  return read.value;
};

describe('dress', () => {
  test.each([
    ['0109501101530003', 'gs1', 'scanner'],
    ['^0109501101530003', null, 'caret'],
    ['^0109501101530003', 'text', null],
    ['(01)09501101530003', null, 'bracketed'],
    ['(01)09501101530003', 'text', 'bracketed'],
    ['(A) red', null, 'bracketed'],
    ['(A) red', 'text', null],
    ['https://a/b', 'text', 'link'],
    ['010950110153000310A\u001d21B', null, 'bare'],
    ['0109501101530003', null, 'bare'],
    ['0109501101530004', null, null],
    ['0109501101530003', 'ean', null],
    ['6921168509256', null, null],
  ] as const)('%j in %s: %s', (text, carrier, form) => {
    expect(readGs1Text(text, carrier)?.form ?? null).toBe(form);
  });
});

describe('articles', () => {
  test('number, expiry, batch, serial, weight, count, price', () => {
    const elements = elementsOf(`${GTIN}(17)261231(15)261130(10)A1(21)S9(3103)000450(30)12(3922)1299`);
    expect(gtinIn(elements)).toBe('09501101530003');
    expect(articleFacts(elements, YUAN)).toEqual({
      expiry: '2026-12-31',
      bestBefore: '2026-11-30',
      batch: 'A1',
      serial: 'S9',
      weightG: 450,
      count: 12,
      priceMinor: 1299,
    });
  });

  test('the day of (7003) is an expiry too, and (17) goes before it', () => {
    expect(articleFacts(elementsOf(`${GTIN}(7003)2612311830`), YUAN)).toEqual({ expiry: '2026-12-31' });
    const both = elementsOf(`${GTIN}(7003)2612311830(17)261130`);
    expect(articleFacts(both, YUAN)).toEqual({ expiry: '2026-11-30' });
  });

  test.each([
    ['(3932)1561299', { priceMinor: 1299 }],
    ['(3932)8401299', {}],
    ['(3923)12345', {}],
    ['(3920)12', { priceMinor: 1200 }],
    ['(3104)012345', {}],
    ['(3202)001750', {}],
  ])('%s gives %j: nothing is rounded or exchanged', (text, facts) => {
    expect(articleFacts(elementsOf(`${GTIN}${text}`), YUAN)).toEqual(facts);
  });

  test('a price in a named currency is left out where the store names none', () => {
    expect(articleFacts(elementsOf(`${GTIN}(3932)1561299`), { currencyDigits: 2 })).toEqual({});
  });

  test('price and weight as the code tells them: 12.99 in 840, 17.50 lb', () => {
    const elements = elementsOf(`${GTIN}(3932)8401299(3202)001750`);
    expect(priceTold(elements)).toEqual({ value: 1299, decimals: 2, currency: '840' });
    expect(weightTold(elements)).toEqual({ value: 1750, decimals: 2, unit: 'lb' });
    expect([priceTold([]), weightTold([])]).toEqual([null, null]);
  });
});

describe('coupons', () => {
  test.each([
    ['(255)9501101530003', { number: '9501101530003', serial: '' }],
    ['(255)950110153000312345(3902)500', { number: '9501101530003', serial: '12345', amountMinor: 500 }],
    ['(255)9501101530003(3941)0125', { number: '9501101530003', serial: '', rateBp: 1250 }],
    ['(255)9501101530003(3940)0100', { number: '9501101530003', serial: '', rateBp: 10_000 }],
    ['(255)9501101530003(17)261231', { number: '9501101530003', serial: '', expiry: '2026-12-31' }],
  ])('%s', (text, value) => {
    expect(couponIn(elementsOf(text), YUAN)).toEqual({ ok: true, value });
  });

  test.each([
    ['(255)9501101530003(3903)12345', 'price_too_fine', 19],
    ['(255)9501101530003(3943)0015', 'price_too_fine', 19],
    ['(255)9501101530003(3940)0101', 'percent_over_100', 19],
  ])('%s: %s', (text, what, at) => {
    expect(couponIn(elementsOf(text), YUAN)).toMatchObject({ ok: false, error: { what, at } });
  });

  test('an article is no coupon', () => {
    expect(couponIn(elementsOf(GTIN), YUAN)).toBeNull();
  });
});
