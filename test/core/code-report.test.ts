/** Reports: strict where a till is forgiving, with the place of each fault; silent about what must not be kept. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ReportSetting, reportOn } from '../../src/core/code-report.ts';

const SETTING: ReportSetting = {
  templates: [
    { pattern: '21IIIIIWWWWWC', decimals: 3 },
    { pattern: '2IIIIIIVPPPPC', decimals: 2 },
  ],
  currencyDigits: 2,
  currencyCode: 'CNY',
  yearNow: 2026,
  isPairingChecked: true,
};
const report = (input: string, setting = SETTING) => reportOn(input, setting);

test('a full label: number, elements with titles, price, weight, dates', () => {
  expect(report('(01)09506000134352(3103)000450(3932)1561299(17)261231(10)A')).toEqual({
    input: '(01)09506000134352(3103)000450(3932)1561299(17)261231(10)A',
    valid: true,
    kind: 'gtin',
    gtin: '09506000134352',
    elements: [
      { ai: '01', title: 'GTIN', value: '09506000134352' },
      { ai: '3103', title: 'NET WEIGHT (kg)', value: '000450' },
      { ai: '3932', title: 'PRICE', value: '1561299' },
      { ai: '17', title: 'USE BY or EXPIRY', value: '261231' },
      { ai: '10', title: 'BATCH/LOT', value: 'A' },
    ],
    price: { value: 1299, decimals: 2, currency: '156' },
    weight: { value: 450, decimals: 3, unit: 'kg' },
    expiry: '2026-12-31',
    batch: 'A',
  });
});

test.each([
  ['6921168509256', { kind: 'gtin', gtin: '06921168509256' }],
  [
    '2110001012341',
    { kind: 'embedded_weight', plu: '10001', weight: { value: 1234, decimals: 3, unit: 'kg' } },
  ],
  ['M0000010016', { kind: 'member', cardNo: 'M0000010016' }],
  ['cp-a1', { kind: 'coupon', code: 'CP-A1' }],
  ['4011', { kind: 'alias', text: '4011' }],
  [']C0SHELF-7', { kind: 'alias', text: 'SHELF-7' }],
])('%s is valid: %j', (input, rest) => {
  expect(report(input)).toEqual({ input, valid: true, ...rest });
});

describe('valid is strict', () => {
  test.each([
    ['6921168509255', 'invalid', { at: 12, what: 'incorrect_check_digit', expected: 6 }],
    ['9771234567004 12', 'invalid', { at: 12, what: 'incorrect_check_digit', expected: 3 }],
    ['M0000010015', 'invalid', { at: 10, what: 'incorrect_check_digit', expected: 6 }],
    ['2212345142875', 'invalid', { at: 12, what: 'incorrect_check_digit', expected: 3 }],
    ['2212345142873', 'invalid', { at: 7, what: 'incorrect_price_verifier', expected: 4 }],
    ['', 'invalid', { at: 0, what: 'empty' }],
    ['69\u000711', 'invalid', { at: 2, what: 'not_text' }],
    ['x'.repeat(513), 'invalid', { at: 512, what: 'too_long' }],
    [']A06921168509256', 'gtin', { at: 0, what: 'unsupported_symbology', length: 3 }],
    ['0109506000134352', 'gtin', { at: 0, what: 'missing_symbology_identifier', length: 0 }],
    ['(01)09506000134352(3922)299', 'gtin', { at: 19, what: 'ai_required', length: 4, ai: '3922' }],
    ['https://a/01/9506000134352', 'gtin', { at: 13, what: 'too_short', length: 13, ai: '01' }],
    [']Q1https://a/menu', 'invalid', { at: 12, what: 'link_no_key', length: 5 }],
  ])('%j: %s', (input, kind, error) => {
    expect(report(input)).toMatchObject({ input, valid: false, kind, error });
  });

  test('without associations (10) alone and (01) beside (02) pass', () => {
    const alone = { ...SETTING, isPairingChecked: false };
    expect(report('(10)A', alone)).toMatchObject({ valid: true, kind: 'elements' });
    expect(report('(01)09506000134352(02)09506000134352', alone)).toMatchObject({
      valid: true,
      gtin: '09506000134352',
    });
    expect(report('(10)~', alone)).toMatchObject({ valid: false });
  });
});

test('of payment codes and cards nothing is told but what they are', () => {
  expect(report('134567890123456789')).toEqual({ valid: true, kind: 'payment_code', wallet: 'wechat' });
  expect(report('4111111111111111')).toEqual({ valid: true, kind: 'card_number' });
});

test('any text gets one report, whose fault is within the text', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[\](^ ]?[A-Ze0-9()/:|\u001d]{0,40}$/)), (text) => {
      const { valid, error } = report(text);
      expect(valid).toBe(error === undefined);
      if (error !== undefined) expect(error.at).toBeLessThanOrEqual(text.length);
    }),
  );
});
