/** Digital Links: any domain, keys and qualifiers in order, attributes in the query; written as they are read. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bracketed, readBracketed } from '../../src/core/gs1.ts';
import { isWebAddress, linkOf, readLink } from '../../src/core/gs1-link.ts';

const GTIN = '09501101530003';
const read = (text: string) => {
  const link = readLink(text);
  return link.ok ? bracketed(link.value) : `${link.error.what} at ${link.error.at}`;
};

describe('reading', () => {
  test.each([
    [`https://id.gs1.org/01/${GTIN}`, `(01)${GTIN}`],
    [
      `HTTP://shop.example:8080/p/q/01/${GTIN}/10/A%2FB/21/x?17=261231#top`,
      `(01)${GTIN}(10)A/B(21)x(17)261231`,
    ],
    [`https://a/gtin/${GTIN}/lot/A`, `(01)${GTIN}(10)A`],
    [`https://a/01/${GTIN}?utm=x&flag&&3103=000450`, `(01)${GTIN}(3103)000450`],
    [`https://a/01/${GTIN}/235/T?10=A`, `(01)${GTIN}(235)T(10)A`],
    [`https://a/01/${GTIN}?99=A%2BB`, `(01)${GTIN}(99)A+B`],
    [`https://a/01/${GTIN}/21/1/10/A`, 'link_bad_path at 10'],
    [`https://a/01/${GTIN}/99/A`, 'link_bad_path at 10'],
    [`https://a/01/${GTIN}/10/`, 'link_empty_value at 31'],
    [`https://a/01/${GTIN}?01=${GTIN}`, 'link_repeated_ai at 28'],
    [`https://a/01/${GTIN}?10=A`, 'link_attribute_belongs_in_path at 28'],
    [`https://a/01/${GTIN}?8200=x`, 'link_not_an_attribute at 28'],
    [`https://a/01/${GTIN}?89=x`, 'unknown_ai at 28'],
    [`https://a/01/${GTIN}?17=261301`, 'illegal_month at 33'],
    [`https://a/01/${GTIN}?10=A%00`, 'link_attribute_belongs_in_path at 28'],
    [`https://a/01/${GTIN}?99=A%00`, 'invalid_cset82_character at 31'],
    ['https://a/01/9501101530003', 'too_short at 13'],
    ['https://a/menu', 'link_no_key at 9'],
    ['https://a', 'link_no_key at 9'],
    ['https:///01/1', 'link_domain at 8'],
    [`ftp://a/01/${GTIN}`, 'link_scheme at 0'],
    [`https://a/01/${GTIN}<x`, 'link_illegal_character at 27'],
    [`https://商店/01/${GTIN}`, 'link_illegal_character at 8'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  test('a GTIN of 13 digits is filled up where that is permitted', () => {
    const link = readLink('https://a/01/9501101530003', { isShortGtinPermitted: true });
    expect(link.ok && link.value).toEqual([{ ai: '01', value: GTIN, at: 10 }]);
  });

  test('what is a web address is told from what is not', () => {
    expect(['https://a', 'HTTP://b', 'httpx://a', 'www.a'].map(isWebAddress)).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  test('no address makes it throw', () => {
    const tail = fc.stringMatching(/^[0-9/?&=%#A-Fx.~-]{0,60}$/);
    fc.assert(fc.property(tail, (text) => void readLink(`https://a/${text}`)));
  });
});

describe('writing', () => {
  const written = (label: string) => {
    const elements = readBracketed(label);
    const link = elements.ok ? linkOf(elements.value, 'https://id.gs1.org') : elements;
    return link.ok ? link.value : link.error.what;
  };

  test.each([
    [`(01)${GTIN}`, `https://id.gs1.org/01/${GTIN}`],
    [`(17)261231(21)a/b(01)${GTIN}(10)A`, `https://id.gs1.org/01/${GTIN}/10/A/21/a%2Fb?17=261231`],
    [`(01)${GTIN}(99)X(30)5(3103)000450`, `https://id.gs1.org/01/${GTIN}?3103=000450&99=X&30=5`],
    ['(10)A', 'link_no_key'],
    [`(01)${GTIN}(8200)x`, 'link_not_an_attribute'],
  ])('%s', (label, expected) => {
    expect(written(label)).toBe(expected);
  });

  test('what is written is read back, whatever batch and serial hold', () => {
    const text = fc.stringMatching(/^[!"%-?A-Z_a-z]{1,20}$/);
    fc.assert(
      fc.property(text, text, (batch, serial) => {
        const elements = [
          { ai: '01', value: GTIN, at: 0 },
          { ai: '10', value: batch, at: 0 },
          { ai: '21', value: serial, at: 0 },
        ];
        const link = linkOf(elements, 'https://a');
        expect(link.ok).toBe(true);
        const again = readLink(link.ok ? link.value : '');
        expect(again.ok && again.value.map(({ value }) => value)).toEqual([GTIN, batch, serial]);
      }),
    );
  });
});
