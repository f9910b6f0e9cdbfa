/** Element strings in their three dresses, read and written; faults with the place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  bracketed,
  elementString,
  elementValue,
  GS,
  type Gs1Element,
  readableLines,
  readBracketed,
  readElements,
  readUnbracketed,
  unbracketed,
} from '../../src/core/gs1.ts';
import { checkDigit } from '../../src/core/gtin.ts';

const GTIN = '09501101530003';
const MILK: readonly Gs1Element[] = [
  { ai: '01', value: GTIN },
  { ai: '10', value: 'A(1)' },
  { ai: '17', value: '261231' },
];

describe('one label, four dresses', () => {
  test('unbracketed, for the scanner, bracketed, for people', () => {
    expect(unbracketed(MILK)).toBe('^010950110153000310A(1)^17261231');
    expect(elementString(MILK)).toBe('010950110153000310A(1)\u001d17261231');
    expect(bracketed(MILK)).toBe('(01)09501101530003(10)A\\(1)(17)261231');
    expect(readableLines(MILK)).toEqual(['(01) 09501101530003', '(10) A(1)', '(17) 261231']);
    expect(elementValue(MILK, '17')).toBe('261231');
    expect(elementValue(MILK, '21')).toBeUndefined();
  });

  test('each is read back to the same elements, with where they stand', () => {
    const at = (...places: number[]) => MILK.map((element, index) => ({ ...element, at: places[index]! }));
    expect(readUnbracketed(unbracketed(MILK))).toEqual({ ok: true, value: at(1, 17, 24) });
    expect(readElements(elementString(MILK), 0)).toEqual({ ok: true, value: at(0, 16, 23) });
    expect(readBracketed(bracketed(MILK))).toEqual({ ok: true, value: at(1, 19, 28) });
  });

  test('whatever batch and serial hold, all dresses come back to it', () => {
    const text = fc.stringMatching(/^[!"%-?A-Z_a-z]{1,20}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^\d{13}$/), text, text, (body, batch, serial) => {
        const elements = [
          { ai: '10', value: batch },
          { ai: '01', value: body + checkDigit(body) },
          { ai: '21', value: serial },
        ];
        const bare = (read: ReturnType<typeof readBracketed>) =>
          read.ok ? read.value.map(({ ai, value }) => ({ ai, value })) : read.error;
        expect(bare(readBracketed(bracketed(elements)))).toEqual(elements);
        expect(bare(readUnbracketed(unbracketed(elements)))).toEqual(elements);
        expect(bare(readElements(elementString(elements), 0))).toEqual(elements);
      }),
    );
  });
});

describe('FNC1', () => {
  test.each([
    ['behind a fixed length', `01${GTIN}${GS}10AB`, 2],
    ['at the very end', `01${GTIN}10AB${GS}`, 2],
    ['not needed behind a date', `17261231${'10AB'}`, 2],
  ])('%s is let pass', (_, text, count) => {
    const read = readElements(text, 0);
    expect(read.ok && read.value).toHaveLength(count);
  });

  test.each([
    ['two in a row', `01${GTIN}10AB${GS}${GS}17261231`, 'unknown_ai', 21],
    ['first, where the text begins behind it', `${GS}01${GTIN}`, 'unknown_ai', 0],
    ['inside a date', `1726${GS}1231`, 'too_short', 2],
    ['missing behind a batch of 21', `10${'A'.repeat(21)}`, 'too_long', 22],
  ])('%s is a fault: %s', (_, text, what, at) => {
    expect(readElements(text, 0)).toMatchObject({ ok: false, error: { what, at } });
  });
});

describe('faults are told with identifier and place', () => {
  test.each([
    ['(01)09501101530004', { what: 'incorrect_check_digit', ai: '01', at: 17, length: 1 }],
    ['(17)261301', { what: 'illegal_month', ai: '17', at: 6, length: 2 }],
    ['(17)26130', { what: 'too_short', ai: '17', at: 4, length: 5 }],
    ['(10)A\\(~', { what: 'invalid_cset82_character', ai: '10', at: 7, length: 1 }],
    ['(3932)1579', { what: 'not_iso4217', ai: '3932', at: 6, length: 3 }],
    ['(89)A', { what: 'unknown_ai', ai: '89', at: 1, length: 2 }],
    ['(01', { what: 'ai_not_closed', at: 0, length: 3 }],
    ['01)123', { what: 'unknown_ai', at: 0, length: 1 }],
    ['', { what: 'no_data', at: 0, length: 0 }],
    ['(10)', { what: 'too_short', ai: '10', at: 4, length: 0 }],
  ])('%s', (text, error) => {
    expect(readBracketed(text)).toEqual({ ok: false, error });
  });

  test('without ^ there is no FNC1 in first position; ^ alone holds nothing', () => {
    expect(readUnbracketed('0109501101530003')).toMatchObject({ error: { what: 'no_fnc1', at: 0 } });
    expect(readUnbracketed('^')).toMatchObject({ error: { what: 'no_data', at: 1 } });
  });

  test('(89) passes where unknown identifiers are permitted, (8X) never', () => {
    expect(readBracketed('(89)any', { isUnknownAiPermitted: true })).toMatchObject({ ok: true });
    expect(readBracketed('(8X)any', { isUnknownAiPermitted: true })).toMatchObject({ ok: false });
  });

  test('no text makes reading throw, and what is blamed is within the text', () => {
    const texts = fc.oneof(fc.string(), fc.stringMatching(/^\(?[0-9()^A\\\u001d]{0,40}$/));
    fc.assert(
      fc.property(texts, (text) => {
        for (const read of [readBracketed(text), readUnbracketed(text), readElements(text, 0)]) {
          if (!read.ok) expect(read.error.at + read.error.length).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});
