/** GTIN: check digits, the forms of one number, UPC-E. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { checkDigit, expandUpcE, parseGtin, shortGtin } from '../../src/core/gtin.ts';
import { gs1Vectors, hasShared, sharedText } from './shared.ts';

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((all) => all.join(''));

describe('checkDigit', () => {
  test.each([
    ['950110153100', 0],
    ['9501234', 6],
    ['629104150021', 3],
    ['03600029145', 2],
    ['400638133393', 1],
    ['0000000', 0],
    ['1061414100073', 6],
    // An SSCC follows the same rule.
    ['10614141192837465', 7],
  ])('of %s is %i', (number, expected) => {
    expect(checkDigit(number)).toBe(expected);
  });

  test.each(['', '12a', '１２', '-1'])('"%s" has none: a bug of the caller', (text) => {
    expect(() => checkDigit(text)).toThrow(AssertionError);
  });
});

describe('parseGtin', () => {
  test.each([
    ['6921168509256', 'gtin13', '06921168509256'],
    ['036000291452', 'gtin12', '00036000291452'],
    ['0036000291452', 'gtin13', '00036000291452'],
    ['00036000291452', 'gtin14', '00036000291452'],
    ['96385074', 'gtin8', '00000096385074'],
    ['95012346', 'gtin8', '00000095012346'],
    ['10614141000736', 'gtin14', '10614141000736'],
    ['04252614', 'upce', '00042100005264'],
    ['01234565', 'upce', '00012345000065'],
    ['9771234567003', 'gtin13', '09771234567003'],
    ['9781565812314', 'gtin13', '09781565812314'],
  ])('%s is a %s, kept as %s', (text, form, gtin) => {
    expect(parseGtin(text)).toEqual({ ok: true, value: { form, gtin } });
  });

  test.each([
    ['', { kind: 'not_digits' }],
    ['692116850925X', { kind: 'not_digits' }],
    ['6921168 509256', { kind: 'not_digits' }],
    ['６９２１１６８５０９２５６', { kind: 'not_digits' }],
    ['-921168509256', { kind: 'not_digits' }],
    ['0', { kind: 'length', length: 1 }],
    ['1234567', { kind: 'length', length: 7 }],
    ['123456789', { kind: 'length', length: 9 }],
    ['12345678901', { kind: 'length', length: 11 }],
    ['123456789012345', { kind: 'length', length: 15 }],
    ['6921168509250', { kind: 'check_digit', expected: 6 }],
    ['96385073', { kind: 'check_digit', expected: 4 }],
    ['036000291453', { kind: 'check_digit', expected: 2 }],
  ])('"%s" is refused: %j', (text, error) => {
    expect(parseGtin(text)).toEqual({ ok: false, error });
  });

  test('UPC-A 12, EAN-13 and GTIN-14 of one number are one item', () => {
    fc.assert(
      fc.property(digits(11), (body) => {
        const upcA = body + checkDigit(body);
        const gtins = [upcA, `0${upcA}`, `00${upcA}`].map((text) => {
          const parsed = parseGtin(text);
          return parsed.ok ? parsed.value.gtin : parsed.error.kind;
        });
        expect(new Set(gtins)).toEqual(new Set([`00${upcA}`]));
      }),
    );
  });

  test.each(['6921168509256', '036000291452', '96385074', '10614141000736', '5901234123457'])(
    'all 9 wrong check digits of %s are refused with the right one named',
    (right) => {
      const expected = Number(right.at(-1));
      for (let wrong = 0; wrong <= 9; wrong++) {
        const parsed = parseGtin(right.slice(0, -1) + wrong);
        if (wrong === expected) expect(parsed.ok).toBe(true);
        else expect(parsed).toEqual({ ok: false, error: { kind: 'check_digit', expected } });
      }
    },
  );

  test('any single wrong digit is found', () => {
    fc.assert(
      fc.property(digits(12), fc.nat(12), fc.integer({ min: 1, max: 9 }), (body, place, shift) => {
        const right = body + checkDigit(body);
        const digit = (Number(right[place]) + shift) % 10;
        const wrong = right.slice(0, place) + digit + right.slice(place + 1);
        expect(parseGtin(wrong)).toMatchObject({ ok: false, error: { kind: 'check_digit' } });
      }),
    );
  });

  test('whatever the text, the answer is a value, and a GTIN has 14 digits and a right check digit', () => {
    const texts = fc.oneof(fc.string(), fc.integer({ min: 1, max: 16 }).chain(digits));
    fc.assert(
      fc.property(texts, (text) => {
        const parsed = parseGtin(text);
        if (!parsed.ok) return;
        const { gtin } = parsed.value;
        expect(gtin).toMatch(/^\d{14}$/);
        expect(checkDigit(gtin.slice(0, 13))).toBe(Number(gtin[13]));
      }),
    );
  });
});

describe('UPC-E', () => {
  test.each([
    ['01234505', '012000003455'],
    ['01234514', '012100003454'],
    ['01234523', '012200003453'],
    ['01234531', '012300000451'],
    ['01234543', '012340000053'],
    ['01234558', '012345000058'],
    ['01234565', '012345000065'],
    ['01234572', '012345000072'],
    ['01234589', '012345000089'],
    ['01234596', '012345000096'],
    ['04252614', '042100005264'],
  ])('%s expands to %s', (upcE, upcA) => {
    expect(expandUpcE(upcE)).toBe(upcA);
    expect(parseGtin(upcA)).toMatchObject({ ok: true, value: { gtin: `00${upcA}` } });
  });

  test('number system 1 expands, but 8 digits that start with 1 are read as a GTIN-8', () => {
    const full = `112345000${'06'}`;
    const upcE = `1123456${checkDigit(full)}`;
    expect(expandUpcE(upcE)).toBe(full + checkDigit(full));
    expect(parseGtin('12345670')).toEqual({ ok: true, value: { form: 'gtin8', gtin: '00000012345670' } });
  });

  test.each(['04252613', '24252614', '0425261', '042526140', '0425261x', ''])('"%s" is none', (text) => {
    expect(expandUpcE(text)).toBeNull();
  });

  test('of the 10 check digits of each UPC-E exactly one expands', () => {
    fc.assert(
      fc.property(digits(6), (body) => {
        const expanded = Array.from({ length: 10 }, (_, check) => expandUpcE(`0${body}${check}`));
        expect(expanded.filter((upcA) => upcA !== null)).toHaveLength(1);
      }),
    );
  });

  test('8 digits from 0 that are no UPC-E but a right GTIN-8 are a GTIN-8', () => {
    expect(parseGtin('00000000')).toMatchObject({ ok: true });
    const gtin8 = Array.from({ length: 1_000 }, (_, n) => `0${String(n).padStart(6, '0')}`)
      .map((body) => body + checkDigit(body))
      .find((text) => expandUpcE(text) === null)!;
    expect(parseGtin(gtin8)).toEqual({ ok: true, value: { form: 'gtin8', gtin: `000000${gtin8}` } });
  });
});

test.each([
  ['06921168509256', '6921168509256'],
  ['00036000291452', '0036000291452'],
  ['00000096385074', '96385074'],
  ['10614141000736', '10614141000736'],
])('%s is shown to people as %s', (gtin, short) => {
  expect(shortGtin(gtin)).toBe(short);
  expect(parseGtin(short)).toMatchObject({ ok: true, value: { gtin } });
});

describe.skipIf(!hasShared('gs1/vectors.jsonl'))('GS1 vectors (skipped where ../shared is absent)', () => {
  /** Digits of a code whose symbol holds a GTIN, or null; add-ons, dashes and the AI are cut off. */
  const gtinText = (symbology: string, input: string) =>
    ['EAN13', 'EAN8', 'UPCA', 'UPCE', 'EAN14', 'ISBN', 'ISMN'].includes(symbology)
      ? input.replace(/^\(01\)/, '').replaceAll('-', '')
      : null;

  test('all valid linear codes of GTIN symbols parse, with a check digit where they came without', () => {
    const codes = hasShared('gs1/vectors.jsonl')
      ? gs1Vectors('linear_code').filter((v) => v.valid && gtinText(v.symbology!, v.input) !== null)
      : [];
    expect(codes.length).toBeGreaterThanOrEqual(14);
    for (const { symbology, input } of codes) {
      const [main] = gtinText(symbology!, input)!.split(' ');
      const full = main!.length % 2 === 1 && main!.length < 13 ? completed(main!) : main!;
      expect([input, parseGtin(full).ok]).toEqual([input, true]);
    }
  });

  /** A number printed without its check digit: UPC-E takes that of its long form. */
  function completed(body: string): string {
    if (body.length !== 7 || body[0] !== '0') return body + checkDigit(body);
    return Array.from({ length: 10 }, (_, n) => `${body}${n}`).find((text) => expandUpcE(text) !== null)!;
  }

  test('invalid linear codes of GTIN symbols are refused, each for its reason', () => {
    const codes = gs1Vectors('linear_code').filter(
      (v) => !v.valid && gtinText(v.symbology!, v.input) !== null,
    );
    expect(codes.length).toBeGreaterThanOrEqual(25);
    for (const { symbology, input, error } of codes) {
      const parsed = parseGtin(gtinText(symbology!, input)!);
      expect([input, parsed.ok]).toEqual([input, false]);
      if (/(?:ean|isbn13|ismn)\w*badCheckDigit/i.test(error!) && !parsed.ok) {
        expect([input, parsed.error.kind]).toEqual([input, 'check_digit']);
      }
    }
  });

  test('codes that decoders read from photographs of real packs parse', () => {
    const read = gs1Vectors('decoded_text').filter(
      ({ symbology, input }) =>
        /^\d+$/.test(input) &&
        (/^(?:EAN13|EAN8|UPCA|UPCE|DATABAR_OMNI)$/.test(symbology!) ||
          (symbology === 'ITF' && input.length === 14)),
    );
    expect(read.length).toBeGreaterThanOrEqual(53);
    expect(read.filter(({ input }) => !parseGtin(input).ok)).toEqual([]);
  });
});

test.skipIf(!hasShared('products-gtin/openfoodfacts.csv.gz'))(
  'all 5,624 GTINs of Open Food Facts and 37 of Chinese shops parse (skipped where ../shared is absent)',
  () => {
    const gtinsOf = (path: string) =>
      sharedText(path)
        .split('\n')
        .slice(1)
        .filter((line) => /^\d+,/.test(line))
        .map((line) => line.slice(0, line.indexOf(',')));
    const food = gtinsOf('products-gtin/openfoodfacts.csv.gz');
    const chinese = gtinsOf('products-gtin/cn-sample.csv');
    expect([food.length, chinese.length]).toEqual([5_624, 37]);
    expect([...food, ...chinese].filter((text) => !parseGtin(text).ok)).toEqual([]);
  },
);
