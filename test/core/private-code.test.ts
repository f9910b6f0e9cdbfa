/** Payment codes and card numbers: told from goods by length, prefix and Luhn's check. The numbers are test numbers. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fitsCardScheme, fitsLuhn, isCardNumber, walletOf } from '../../src/core/private-code.ts';

describe('payment codes', () => {
  test.each([
    ['100000000000000000', 'wechat'],
    ['159999999999999999', 'wechat'],
    ['160000000000000000', null],
    ['10000000000000000', null],
    ['2500000000000000', 'alipay'],
    ['300000000000000000000000', 'alipay'],
    ['3000000000000000000000000', null],
    ['250000000000000', null],
    ['3100000000000000', null],
    ['6200000000000000000', 'unionpay'],
    ['620000000000000000', null],
    ['2512345678901', null],
    ['10000000000000000A', null],
  ])('%s: %s', (text, wallet) => {
    expect(walletOf(text)).toBe(wallet);
  });
});

describe('card numbers', () => {
  test.each([
    ['4111111111111111', true],
    ['4111 1111 1111 1111', true],
    ['4111-1111-1111-1111', true],
    ['4111111111111112', false],
    ['378282246310005', true],
    ['30569309025904', true],
    ['4222222222222', true],
    ['6222020000000000003', fitsLuhn('6222020000000000003')],
    ['%B4111111111111111^DOE/J^2512', true],
    [';4111111111111111=2512101', true],
    ['0000000000000000', false],
    ['6921168509256', false],
    ['41111111111111111111', false],
    ['4111  1111', false],
  ])('%s: %s', (text, isCard) => {
    expect(isCardNumber(text)).toBe(isCard);
  });

  test('13 digits fit a scheme from 4, 14 from 30, 36, 38, 39, and nothing else of that length', () => {
    expect(['4222222222222', '30569309025904', '38520000023237'].map(fitsCardScheme)).toEqual([
      true,
      true,
      true,
    ]);
    expect(['5555555555557', '31569309025903'].some(fitsCardScheme)).toBe(false);
  });

  test('of ten numbers with every last digit, Luhn takes one', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{14}$/), (body) => {
        const fits = Array.from({ length: 10 }, (_, last) => `${body}${last}`).filter(fitsLuhn);
        expect(fits).toHaveLength(1);
        expect(isCardNumber(fits[0]!)).toBe(true);
      }),
    );
  });
});
