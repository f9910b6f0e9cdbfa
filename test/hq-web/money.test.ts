/** Money and numbers of HQ's console as they are written on the screen. */
import { describe, expect, test } from 'vitest';
import {
  currencyOf,
  formatAmount,
  formatMoney,
  formatMoneyRatio,
  formatMoneyWhole,
} from '../../cloud/hq/web/format/money.ts';
import {
  changeOf,
  formatCount,
  formatQuotient,
  formatRateBp,
  formatShare,
} from '../../cloud/hq/web/format/number.ts';

const CNY = { code: 'CNY', digits: 2, symbol: '￥' };
const TWD = { code: 'TWD', digits: 0, symbol: 'NT$' };

describe('money', () => {
  const rows = [
    { amountMinor: 0, currency: CNY, text: '¥0.00' },
    { amountMinor: 5, currency: CNY, text: '¥0.05' },
    { amountMinor: 128_432_700, currency: CNY, text: '¥1,284,327.00' },
    { amountMinor: -123_456, currency: CNY, text: '-¥1,234.56' },
    { amountMinor: -1, currency: CNY, text: '-¥0.01' },
    { amountMinor: 16_056, currency: TWD, text: 'NT$16,056' },
    { amountMinor: 999, currency: TWD, text: 'NT$999' },
    { amountMinor: Number.MAX_SAFE_INTEGER, currency: CNY, text: '¥90,071,992,547,409.91' },
  ];
  for (const { amountMinor, currency, text } of rows) {
    test(`${amountMinor} minor units of ${currency.code} is ${text}`, () => {
      expect(formatMoney(amountMinor, currency)).toBe(text);
    });
  }

  test('a column whose head names the currency shows 1,234.56', () => {
    expect(formatAmount(123_456, CNY)).toBe('1,234.56');
    expect(formatAmount(-50, CNY)).toBe('-0.50');
  });

  test('an axis shows whole units, rounded half up: 1,234.50 is ¥1,235', () => {
    expect(formatMoneyWhole(123_450, CNY)).toBe('¥1,235');
    expect(formatMoneyWhole(-123_450, CNY)).toBe('-¥1,235');
    expect(formatMoneyWhole(300, TWD)).toBe('NT$300');
  });

  test('price per piece is rounded once: 100.00 over 3 pieces is ¥33.33, over none is nothing', () => {
    expect(formatMoneyRatio(10_000, 3, CNY)).toBe('¥33.33');
    expect(formatMoneyRatio(10_000, 0, CNY)).toBeNull();
  });

  test('a mean of a currency without minor units has one digit: NT$16,056 over 140 is NT$114.7', () => {
    expect(formatMoneyRatio(16_056, 140, TWD)).toBe('NT$114.7');
  });

  test('a day of refunds only, -300 over -2 pieces, has a price above zero', () => {
    expect(formatMoneyRatio(-300, -2, CNY)).toBe('¥1.50');
    expect(formatMoneyRatio(-300, 2, CNY)).toBe('-¥1.50');
  });

  test('a currency that is only known by its code still has its digits', () => {
    expect(formatMoney(500, currencyOf('TWD'))).toBe('NT$500');
    expect(formatMoney(500, currencyOf('CNY'))).toBe('¥5.00');
    expect(formatMoney(500, currencyOf('XYZ'))).toBe('XYZ 5.00');
  });
});

describe('numbers', () => {
  test('9412 tickets are 9,412', () => {
    expect(formatCount(9412)).toBe('9,412');
    expect(formatCount(0)).toBe('0');
    expect(formatCount(-1234)).toBe('-1,234');
  });

  test('7 pieces over 3 tickets are 2.33; over no tickets nothing', () => {
    expect(formatQuotient(7, 3, 2)).toBe('2.33');
    expect(formatQuotient(7, 0, 2)).toBeNull();
    expect(formatQuotient(-7, 2, 2)).toBe('-3.50');
  });

  test('638 of 1000 is 63.8 %; of nothing, or of a negative day, there is no share', () => {
    expect(formatShare(638, 1000)).toBe('63.8 %');
    expect(formatShare(0, 1000)).toBe('0.0 %');
    expect(formatShare(1, 0)).toBeNull();
    expect(formatShare(1, -5)).toBeNull();
  });

  test('500 basis points are 5 %, 1250 are 12.5 %, 5 are 0.05 %', () => {
    expect(formatRateBp(500)).toBe('5 %');
    expect(formatRateBp(1250)).toBe('12.5 %');
    expect(formatRateBp(5)).toBe('0.05 %');
    expect(formatRateBp(10_000)).toBe('100 %');
    expect(formatRateBp(0)).toBe('0 %');
  });

  test('1031 after 1000 is up 3.1 %; 991 is down 0.9 %; 1000 is the same; after nothing there is no change', () => {
    expect(changeOf(1031, 1000)).toEqual({ direction: 'up', text: '3.1 %' });
    expect(changeOf(991, 1000)).toEqual({ direction: 'down', text: '0.9 %' });
    expect(changeOf(1000, 1000)).toEqual({ direction: 'same', text: '0.0 %' });
    expect(changeOf(5, 0)).toBeNull();
  });
});
