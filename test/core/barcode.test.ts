/** Barcodes: what a code means before any look-up, and what is wrong with a damaged one. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import {
  type InStoreTemplate,
  isTemplatePattern,
  memberCardNo,
  priceVerifierDigit,
  readCode,
  SCAN_CHARS_MAX,
} from '../../src/core/barcode.ts';
import { checkDigit } from '../../src/core/gtin.ts';
import { fitsCardScheme, fitsLuhn } from '../../src/core/private-code.ts';
import { gs1Vectors, hasShared } from './shared.ts';

const PRICE: InStoreTemplate = { pattern: '21IIIIIPPPPPC', decimals: 2 };
const WEIGHT: InStoreTemplate = { pattern: '22IIIIIWWWWWC', decimals: 3 };
const WEIGHT_10_G: InStoreTemplate = { pattern: '23IIIIIWWWWWC', decimals: 2 };
const VERIFIED_4: InStoreTemplate = { pattern: '24IIIIIVPPPPC', decimals: 2 };
const VERIFIED_5: InStoreTemplate = { pattern: '02IIIIVPPPPPC', decimals: 2 };
const TENTHS: InStoreTemplate = { pattern: '25IIIIIPPPPPC', decimals: 1 };
const STORE = {
  templates: [PRICE, WEIGHT, WEIGHT_10_G, VERIFIED_4, VERIFIED_5, TENTHS],
  currencyDigits: 2,
};

const closed = (body: string) => body + checkDigit(body);
const read = (text: string) => readCode(text, STORE);

describe('in-store codes', () => {
  test.each([
    ['21PPPPP', '211234501299', { kind: 'embedded_price', plu: '12345', priceMinor: 1299 }],
    ['21, price 0', '211234500000', { kind: 'embedded_price', plu: '12345', priceMinor: 0 }],
    ['22, grams', '221000101234', { kind: 'embedded_weight', plu: '10001', weightG: 1234 }],
    ['23, ten grams', '231000101234', { kind: 'embedded_weight', plu: '10001', weightG: 12_340 }],
    ['24, verifier 9 of 2875', '241234592875', { kind: 'embedded_price', plu: '12345', priceMinor: 2875 }],
    ['02, verifier 6 of 14685', '021234614685', { kind: 'embedded_price', plu: '1234', priceMinor: 14_685 }],
    ['25, tenths', '251234500129', { kind: 'embedded_price', plu: '12345', priceMinor: 1290 }],
  ])('%s: %s reads as %j', (_, body, meaning) => {
    expect(read(closed(body))).toEqual(meaning);
  });

  test('a currency without minor units reads 00350 as 350 with a template of 0 decimals', () => {
    const store = { templates: [{ pattern: '21IIIIIPPPPPC', decimals: 0 }], currencyDigits: 0 };
    expect(readCode(closed('211234500350'), store)).toMatchObject({ priceMinor: 350 });
    const yuan = { ...store, currencyDigits: 2 };
    expect(readCode(closed('211234500350'), yuan)).toMatchObject({ priceMinor: 35_000 });
  });

  test('a template finer than the currency is a bug of who set it up', () => {
    const store = { templates: [PRICE], currencyDigits: 0 };
    expect(() => readCode(closed('211234500350'), store)).toThrow(AssertionError);
  });

  test.each([
    ['21', '211234501299'],
    ['22', '221000101234'],
  ])('all 9 wrong check digits of a %s code are refused with the right one named', (_, body) => {
    const expected = checkDigit(body);
    for (let wrong = 0; wrong <= 9; wrong++) {
      if (wrong === expected) continue;
      expect(read(`${body}${wrong}`)).toEqual({ kind: 'invalid', error: { kind: 'check_digit', expected } });
    }
  });

  test.each([
    ['2875', '24', '12345', 9],
    ['14685', '02', '1234', 6],
  ])('all 9 wrong verifier digits of %s are refused, %s%s', (price, prefix, plu, expected) => {
    for (let wrong = 0; wrong <= 9; wrong++) {
      if (wrong === expected) continue;
      const meaning = read(closed(`${prefix}${plu}${wrong}${price}`));
      expect(meaning).toEqual({ kind: 'invalid', error: { kind: 'price_verifier', expected } });
    }
  });

  test('without a template 2112345012994 is an ordinary GTIN', () => {
    const code = closed('211234501299');
    expect(readCode(code, { templates: [], currencyDigits: 2 })).toEqual({
      kind: 'gtin',
      gtin: `0${code}`,
      alternatives: [],
    });
  });

  test('every price and weight that a template can hold is read as printed', () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(99_999), (plu, value) => {
        const body = `${String(plu).padStart(5, '0')}${String(value).padStart(5, '0')}`;
        expect(read(closed(`21${body}`))).toMatchObject({ plu: body.slice(0, 5), priceMinor: value });
        expect(read(closed(`22${body}`))).toMatchObject({ plu: body.slice(0, 5), weightG: value });
      }),
    );
  });
});

describe('priceVerifierDigit', () => {
  test.each([
    ['2875', 9],
    ['14685', 6],
    ['0000', 0],
    ['00000', 0],
  ])('of %s is %i', (price, expected) => {
    expect(priceVerifierDigit(price)).toBe(expected);
  });

  test('any single wrong digit of a 4- or 5-digit price changes it', () => {
    for (const length of [4, 5]) {
      for (let place = 0; place < length; place++) {
        const seen = Array.from({ length: 10 }, (_, digit) =>
          priceVerifierDigit(`${'1'.repeat(place)}${digit}${'1'.repeat(length - place - 1)}`),
        );
        expect(new Set(seen).size).toBe(10);
      }
    }
  });

  test('a price of 3 digits has none', () => {
    expect(() => priceVerifierDigit('123')).toThrow(AssertionError);
  });
});

describe('member cards', () => {
  test.each([
    [0, 'M0000000000'],
    [1001, 'M0000010016'],
    [123_456_789, 'M1234567895'],
    [999_999_999, 'M9999999999'],
  ])('member %i has card %s, and it reads back', (number, cardNo) => {
    expect(memberCardNo(number)).toBe(cardNo);
    expect(read(cardNo)).toEqual({ kind: 'member', cardNo });
    expect(read(cardNo.toLowerCase())).toEqual({ kind: 'member', cardNo });
  });

  test('all 9 wrong check digits of a card are refused with the right one named', () => {
    for (const wrong of [0, 1, 2, 3, 4, 5, 7, 8, 9]) {
      expect(read(`M000001001${wrong}`)).toEqual({
        kind: 'invalid',
        error: { kind: 'member_check_digit', expected: 6 },
      });
    }
  });

  test.each(['M000001001', 'M00000100166', 'N0000010016', 'M00000100 6'])(
    '%s is no card but an alias',
    (text) => {
      expect(read(text)).toEqual({ kind: 'alias', text });
    },
  );

  test.each([-1, 1_000_000_000, 1.5])('number %d is no member number', (number) => {
    expect(() => memberCardNo(number)).toThrow(AssertionError);
  });
});

describe('trade codes', () => {
  test.each([
    ['6921168509256', '06921168509256', []],
    ['036000291452', '00036000291452', []],
    [' 96385074\r\n', '00000096385074', []],
    ['04252614', '00042100005264', []],
  ])('%j is GTIN %s', (text, gtin, alternatives) => {
    expect(read(text)).toEqual({ kind: 'gtin', gtin, alternatives });
  });

  test('8 digits that fit both UPC-E and GTIN-8 name both', () => {
    const both = '00000000';
    expect(read(both)).toEqual({
      kind: 'gtin',
      gtin: '00000000000000',
      alternatives: ['00000000000000'],
    });
    const found = Array.from({ length: 100_000 }, (_, n) => closed(`0${String(n).padStart(6, '0')}`))
      .map((text) => ({ text, meaning: read(text) }))
      .find(({ text, meaning }) => meaning.kind === 'gtin' && meaning.gtin !== `000000${text}`)!;
    expect(found.meaning).toMatchObject({ alternatives: [`000000${found.text}`] });
  });

  test('a damaged trade code is an alias that carries what is wrong: the shop may sell by it', () => {
    expect(read('6921168509255')).toEqual({
      kind: 'alias',
      text: '6921168509255',
      error: { kind: 'check_digit', expected: 6 },
    });
  });

  test.each(['ABC-123', '4011', '12345678901', 'www.id.example/01/09506000134352', '可乐', '😀'])(
    '"%s" is an alias',
    (text) => {
      expect(read(text)).toEqual({ kind: 'alias', text });
    },
  );
});

describe('own receipts and coupons', () => {
  test.each([
    ['CF1.eyJ.c2ln', { kind: 'receipt', text: 'CF1.eyJ.c2ln' }],
    ['cf1.eyJ.c2ln', { kind: 'alias', text: 'cf1.eyJ.c2ln' }],
    ['cp-Summer-10', { kind: 'coupon', code: 'CP-SUMMER-10' }],
    [`CP-${'A'.repeat(28)}`, { kind: 'coupon', code: `CP-${'A'.repeat(28)}` }],
    [`CP-${'A'.repeat(29)}`, { kind: 'alias', text: `CP-${'A'.repeat(29)}` }],
    ['CP-', { kind: 'alias', text: 'CP-' }],
    ['CPX10', { kind: 'alias', text: 'CPX10' }],
  ])('%s', (text, meaning) => {
    expect(read(text)).toEqual(meaning);
  });
});

describe('what a till must not keep', () => {
  test.each([
    ['134567890123456789', 'wechat'],
    ['281234567890123456', 'alipay'],
    ['6212345678901234567', 'unionpay'],
  ])('%s is a payment code of %s', (code, wallet) => {
    expect(read(code)).toEqual({ kind: 'payment_code', wallet, code });
    expect(readCode(`]Q1${code}`, STORE)).toEqual({ kind: 'payment_code', wallet, code });
  });

  test.each(['4111111111111111', '4111 1111 1111 1111', '378282246310005', ';4111111111111111=2512'])(
    'of card %s not a digit is left',
    (text) => {
      expect(JSON.stringify(read(text))).toBe('{"kind":"card_number"}');
    },
  );

  test('a 13-digit card that is no GTIN is a card, one that is a GTIN says that it may be one', () => {
    expect(read('4222222222222')).toEqual({ kind: 'card_number' });
    const both = Array.from({ length: 10_000 }, (_, n) => closed(`40${String(n).padStart(10, '0')}`)).find(
      fitsCardScheme,
    )!;
    expect(read(both)).toEqual({ kind: 'gtin', gtin: `0${both}`, alternatives: [], mayBeCard: true });
    expect(readCode(both, STORE, ']E0')).toEqual({ kind: 'gtin', gtin: `0${both}`, alternatives: [] });
  });

  test('an EAN of any prefix never is a payment code: the AIM identifier or its length says so', () => {
    expect(read(closed('281234567890'))).toMatchObject({ kind: 'gtin' });
    expect(readCode('134567890123456789', STORE, ']C1')).toMatchObject({
      kind: 'alias',
      error: { kind: 'gs1' },
    });
  });

  test('no digits of 15 to 19 that Luhn takes come out in a meaning', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[1-9]\d{13,17}$/), (body) => {
        const card = Array.from({ length: 10 }, (_, last) => `${body}${last}`).find(fitsLuhn)!;
        const meaning = read(card);
        if (meaning.kind !== 'payment_code') expect(meaning).toEqual({ kind: 'card_number' });
      }),
    );
  });
});

describe('GS1 data', () => {
  const MILK = { kind: 'gtin', gtin: '09506000134352', alternatives: [] };

  test.each([
    [']C1010950600013435210AB\u001d17261231', { ...MILK, batch: 'AB', expiry: '2026-12-31' }],
    [']d20109506000134352', MILK],
    ['(01)09506000134352(21)X9', { ...MILK, serial: 'X9' }],
    ['^01095060001343523103000450', { ...MILK, weightG: 450 }],
    ['https://id.example/01/09506000134352?17=261200', { ...MILK, expiry: '2026-12-31' }],
    ['https://old.example/gtin/9506000134352', MILK],
    [']E09506000134352|]e017261231', { ...MILK, expiry: '2026-12-31' }],
    ['0109506000134352', MILK],
    // What should be beside it and is not keeps nobody from buying.
    ['(01)09506000134352(3922)299', { ...MILK, priceMinor: 299 }],
    [
      '(00)095201234567891235',
      { kind: 'elements', elements: [{ ai: '00', value: '095201234567891235', at: 1 }] },
    ],
    [
      ']C12559506000134352777\u001d3902500',
      { kind: 'gs1_coupon', number: '9506000134352', serial: '777', amountMinor: 500 },
    ],
    [
      '(255)9506000134352(3941)0125',
      { kind: 'gs1_coupon', number: '9506000134352', serial: '', rateBp: 1250 },
    ],
  ])('%j', (text, meaning) => {
    expect(read(text)).toEqual(meaning);
  });

  test.each([
    [']C10109506000134353', { what: 'incorrect_check_digit', ai: '01', at: 18, length: 1 }],
    [' ]C10109506000134353', { what: 'incorrect_check_digit', ai: '01', at: 19, length: 1 }],
    ['(01)09506000134352(17)261301', { what: 'illegal_month', ai: '17', at: 24, length: 2 }],
    ['(01)09506000134352(10)A(10)B', { what: 'ai_repeated_with_other_value', ai: '10', at: 24, length: 2 }],
    ['(10)A', { what: 'ai_required', ai: '10', at: 1, length: 2 }],
    ['https://shop.example/menu', { what: 'link_no_key', at: 20, length: 5 }],
  ])('%j is an alias that says what is wrong where', (text, fault) => {
    const meaning = read(text);
    expect(meaning).toEqual({ kind: 'alias', text: expect.any(String), error: { kind: 'gs1', ...fault } });
  });

  test('a place is told in the code as it was given, with or without its AIM identifier', () => {
    expect(readCode('0109506000134353', STORE, ']C1')).toMatchObject({ error: { at: 15 } });
  });
});

describe('numbers with something beside them', () => {
  test.each([
    ['9771234567003 12', { gtin: '09771234567003', addOn: '12' }],
    ['9780306406157 51995', { gtin: '09780306406157', addOn: '51995' }],
    [']E3977123456700312', { gtin: '09771234567003', addOn: '12' }],
    ['0-306-40615-2', { gtin: '09780306406157' }],
    ['0317-8471 03 12', { gtin: '09770317847032', addOn: '12' }],
  ])('%s', (text, parts) => {
    expect(read(text)).toEqual({ kind: 'gtin', alternatives: [], ...parts });
  });

  test('a book whose check digit is wrong, a magazine too: aliases that say so', () => {
    expect(read('0-306-40615-3')).toMatchObject({
      kind: 'alias',
      error: { what: 'incorrect_check_digit', at: 12 },
    });
    expect(read('9771234567004 12')).toMatchObject({
      kind: 'alias',
      error: { kind: 'check_digit', expected: 3 },
    });
  });

  test('EAN-13 coupons, prefix 99 and 981-984, keep their number as an article too', () => {
    for (const body of ['991234567890', '981123456789', '984123456789']) {
      const number = closed(body);
      expect(read(number)).toEqual({ kind: 'gs1_coupon', number, serial: '', gtin: `0${number}` });
    }
    expect(read(closed('985123456789'))).toMatchObject({ kind: 'gtin' });
  });

  test('a UPC-A scanner leaves out the zero of prefix 02, and the template fits all the same', () => {
    const code = closed('021234614685');
    expect(read(code.slice(1))).toEqual(read(code));
    expect(read(code)).toMatchObject({ kind: 'embedded_price', plu: '1234', priceMinor: 14_685 });
  });
});

describe('garbage', () => {
  test.each([
    ['', { kind: 'empty' }],
    [' \t\r\n', { kind: 'empty' }],
    ['x'.repeat(SCAN_CHARS_MAX + 1), { kind: 'too_long', lengthMax: 512 }],
    ['6921168\u0000509256', { kind: 'not_text' }],
    ['\u0002123\u0003', { kind: 'not_text' }],
    ['69211\u001b[A', { kind: 'not_text' }],
    ['12\ufffd34', { kind: 'not_text' }],
    ['12\u007f34', { kind: 'not_text' }],
    ['two\rcodes', { kind: 'not_text' }],
  ])('%j is refused: %j', (text, error) => {
    expect(read(text)).toEqual({ kind: 'invalid', error });
  });

  test('512 characters still are a code, and so is a GS between element strings', () => {
    expect(read('x'.repeat(SCAN_CHARS_MAX))).toMatchObject({ kind: 'alias' });
    expect(read('010950600013435210AB\u001d21X9')).toMatchObject({ kind: 'gtin', gtin: '09506000134352' });
  });

  test('no text makes it throw, and money and grams are whole', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.array(fc.nat(0xffff), { maxLength: 40 }).map((all) => String.fromCharCode(...all)),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 16 }).map((all) => all.join('')),
      fc
        .array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 11 })
        .map((all) => `2${all.join('')}`)
        .map(closed),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const meaning = read(text);
        if (meaning.kind === 'embedded_price') expect(Number.isSafeInteger(meaning.priceMinor)).toBe(true);
        if (meaning.kind === 'embedded_weight') expect(Number.isSafeInteger(meaning.weightG)).toBe(true);
        if (meaning.kind === 'gtin') expect(meaning.gtin).toMatch(/^\d{14}$/);
      }),
    );
  });
});

describe('isTemplatePattern', () => {
  test.each([
    ['21IIIIIPPPPPC', true],
    ['2IIIIIIVPPPPC', true],
    ['02IIIIIVPPPPC', true],
    ['22IIIIIWWWWWC', true],
    ['200IIIIWWWWWC', true],
    ['21IIIIIPPPPP', false],
    ['21IIIIIPPPPPPC', false],
    ['21IIIIIPPWWWC', false],
    ['21PPPPPIIIIIC', false],
    ['IIIIIIIPPPPPC', false],
    ['21IIIIIPPPPPP', false],
    ['2IIIIVPPPPPPC', false],
    ['', false],
  ])('%s: %s', (pattern, expected) => {
    expect(isTemplatePattern(pattern)).toBe(expected);
  });
});

describe.skipIf(!hasShared('gs1/vectors.jsonl'))(
  'embedded values (skipped where ../shared is absent)',
  () => {
    /** `22......{NNDD}.` is `22IIIIIIWWWWC` with 2 decimals; none where a pattern has no value or no check digit. */
    function templatesOf(pattern: string): InStoreTemplate[] {
      const value = /\{(N+)(D*)\}/.exec(pattern);
      if (value === null || !pattern.endsWith('.')) return [];
      const marks = `${pattern.slice(0, -1)}C`.replace(value[0], 'W'.repeat(value[0].length - 2));
      return [{ pattern: marks.replaceAll('.', 'I'), decimals: value[2]!.length }];
    }

    test('weights in EAN codes are read as the vectors say', () => {
      const seen: string[] = [];
      for (const vector of gs1Vectors('embedded_value')) {
        const templates = vector.patterns!.flatMap(({ pattern }) => templatesOf(pattern));
        // Finer than a gram is no weight that a till counts in.
        if (templates.length === 0 || templates.some(({ decimals }) => decimals > 3)) continue;
        seen.push(vector.input);
        const meaning = readCode(vector.input, { templates, currencyDigits: 2 });
        const expected = vector.valid ? Math.round(vector.value! * 1_000) : null;
        expect([vector.input, meaning.kind === 'embedded_weight' ? meaning.weightG : null]).toEqual([
          vector.input,
          expected,
        ]);
      }
      expect(seen).toContain('66012344');
      expect(seen).toContain('1020034051259');
    });

    test('2212345610259 with 22......{NNDD}. is item 123456 at 10.25 kg', () => {
      const templates = [{ pattern: '22IIIIIIWWWWC', decimals: 2 }];
      expect(readCode('2212345610259', { templates, currencyDigits: 2 })).toEqual({
        kind: 'embedded_weight',
        plu: '123456',
        weightG: 10_250,
      });
    });
  },
);
