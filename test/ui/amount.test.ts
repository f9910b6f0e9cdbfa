import { expect, test } from 'vitest';
import {
  amountText,
  countText,
  moneyText,
  type PadKey,
  parseAmount,
  parseWeight,
  pressPad,
  weightText,
} from '../../src/ui/amount.ts';

const CNY = { code: 'CNY', digits: 2, symbol: '￥' };
const TWD = { code: 'TWD', digits: 0, symbol: 'NT$' };
const KWD = { code: 'KWD', digits: 3, symbol: 'KD ' };

test.each([
  [0, CNY, '¥0.00'],
  [5, CNY, '¥0.05'],
  [28_613, CNY, '¥286.13'],
  [123_456_789, CNY, '¥1,234,567.89'],
  [-300, CNY, '−¥3.00'],
  [100_000, TWD, 'NT$100,000'],
  [-30, TWD, '−NT$30'],
  [1_234_567, KWD, 'KD 1,234.567'],
])('%i minor units stand alone as %3$s', (amountMinor, currency, text) => {
  expect(moneyText(amountMinor, currency)).toBe(text);
});

test('in a column an amount has grouping and the typographic minus, and no currency', () => {
  expect(amountText(99_999, CNY)).toBe('999.99');
  expect(amountText(100_000, CNY)).toBe('1,000.00');
  expect(amountText(-1_045, CNY)).toBe('−10.45');
  expect(amountText(-0, CNY)).toBe('0.00');
});

test('842 grams are 0.842 kg, and goods coming back have a minus', () => {
  expect(weightText(842)).toBe('0.842 kg');
  expect(weightText(-1_500)).toBe('−1.500 kg');
  expect(countText(-2)).toBe('−2');
});

test.each([
  ['400', 40_000],
  ['286.1', 28_610],
  ['1,234.50', 123_450],
  ['１２．５', 1_250],
  ['12。5', 1_250],
  ['.5', 50],
  ['12.', 1_200],
  ['0.005', null],
  ['', null],
  ['abc', null],
  ['1.2.3', null],
])('typed %j is %j fen', (text, amountMinor) => {
  expect(parseAmount(text, CNY)).toBe(amountMinor);
});

test('a weight is above zero and has at most three digits after the point', () => {
  expect(parseWeight('0.842')).toBe(842);
  expect(parseWeight('2')).toBe(2_000);
  expect(parseWeight('0')).toBeNull();
  expect(parseWeight('-1')).toBeNull();
  expect(parseWeight('0.8421')).toBeNull();
});

test.each<[readonly PadKey[], number, string]>([
  [['4', '00'], 2, '400'],
  [['2', '8', '6', '.', '1', '3'], 2, '286.13'],
  [['2', '.', '1', '2', '3'], 2, '2.12'],
  [['.', '5'], 2, '0.5'],
  [['1', '.', '.', '5'], 2, '1.5'],
  [['0', '7'], 2, '7'],
  [['00', '5'], 2, '5'],
  [['1', '.', '5'], 0, '15'],
  [['1', '2', 'back'], 2, '1'],
  [['1', '2', 'clear', '3'], 2, '3'],
  [['1', '.', '5', '00'], 2, '1.5'],
])('the pad keys %j with %i digits make %j', (keys, digits, text) => {
  expect(keys.reduce((typed, key) => pressPad(typed, key, digits), '')).toBe(text);
});
