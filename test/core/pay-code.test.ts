/** Pay codes by length and prefix, and digits that may be a card. Numbers are made up. */
import { describe, expect, test } from 'vitest';
import { mayBeCard, walletOf } from '../../src/core/pay-code.ts';

const digits = (prefix: string, length: number) => prefix.padEnd(length, '7');

describe('walletOf', () => {
  test.each([
    ['18 digits from 10', digits('10', 18), 'wechat'],
    ['18 digits from 15', digits('15', 18), 'wechat'],
    ['18 digits from 16', digits('16', 18), null],
    ['17 digits from 10', digits('10', 17), null],
    ['19 digits from 10', digits('10', 19), null],
    ['16 digits from 25', digits('25', 16), 'alipay'],
    ['24 digits from 30', digits('30', 24), 'alipay'],
    ['18 digits from 28', digits('28', 18), 'alipay'],
    ['15 digits from 28', digits('28', 15), null],
    ['25 digits from 28', digits('28', 25), null],
    ['16 digits from 31', digits('31', 16), null],
    ['16 digits from 24', digits('24', 16), null],
    ['19 digits from 62', digits('62', 19), 'unionpay'],
    ['18 digits from 62', digits('62', 18), null],
    ['letters among them', `10${'A'.repeat(16)}`, null],
    ['nothing', '', null],
  ])('%s', (_, code, wallet) => {
    expect(walletOf(code)).toBe(wallet);
  });
});

describe('mayBeCard', () => {
  test.each([
    ['the test number of every terminal maker', '4242424242424242', true],
    ['its last digit one higher', '4242424242424243', false],
    ['a 15-digit one', '378282246310005', true],
    ['12 digits', '000000000000', false],
    ['20 digits', '0'.repeat(20), false],
    ['19 digits', '0'.repeat(19), true],
    ['a space in it', '4242 4242 4242 4242', false],
  ])('%s', (_, text, is) => {
    expect(mayBeCard(text)).toBe(is);
  });
});
