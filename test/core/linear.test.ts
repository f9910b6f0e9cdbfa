/** Numbers of linear barcodes as people write them. */
import { describe, expect, test } from 'vitest';
import { hyphenatedKind, type LinearKind, readLinear } from '../../src/core/linear.ts';

const read = (kind: LinearKind, text: string) => {
  const code = readLinear(kind, text);
  if (!code.ok) return `${code.error.what} at ${code.error.at}`;
  const { digits, gtin, addOn } = code.value;
  return [digits, gtin, ...(addOn === null ? [] : [addOn])].join(' ');
};

test.each([
  ['EAN13', '6921168509256', '6921168509256 06921168509256'],
  ['EAN13', '692116850925', '6921168509256 06921168509256'],
  ['EAN13', '9771234567003 12', '9771234567003 09771234567003 12'],
  ['EAN13', '6921168509255', 'incorrect_check_digit at 12'],
  ['EAN13', '69211685O9256', 'bad_character at 8'],
  ['EAN8', '9638507', '96385074 00000096385074'],
  ['UPCA', '036000291452', '036000291452 00036000291452'],
  ['UPCA', '04252614', '042100005264 00042100005264'],
  ['UPCE', '04252614 54321', '04252614 00042100005264 54321'],
  ['UPCE', '24252614', 'bad_prefix at 0'],
  ['UPCE', '04252615', 'incorrect_check_digit at 7'],
  ['ITF14', '1950110153000', '19501101530000 19501101530000'],
  ['ITF14', '19501101530000 12', 'bad_add_on at 15'],
  ['SSCC18', '(00)095201234567891235', '095201234567891235 '],
  ['SSCC18', '095201234567891235', 'bad_length at 0'],
  ['ISBN', '0-306-40615-2', '9780306406157 09780306406157'],
  ['ISBN', '0-8044-2957-X', '9780804429573 09780804429573'],
  ['ISBN', '978-0-306-40615-7 51995', '9780306406157 09780306406157 51995'],
  ['ISBN', '978-0-306-40615', '9780306406157 09780306406157'],
  ['ISBN', '0-306-40615-3', 'incorrect_check_digit at 12'],
  ['ISMN', 'M-2605-3211-3', '9790260532113 09790260532113'],
  ['ISMN', '979-0-2605-3211-3', '9790260532113 09790260532113'],
  ['ISSN', '0317-8471', '9770317847001 09770317847001'],
  ['ISSN', '0317-8471 03 12345', '9770317847032 09770317847032 12345'],
  ['ISSN', '0317-8472', 'incorrect_check_digit at 8'],
  ['ISSN', '0311-175X', '9770311175001 09770311175001'],
] as const)('%s %s is %s', (kind, text, expected) => {
  expect(read(kind, text)).toBe(expected);
});

describe('hyphens tell the kind', () => {
  test.each([
    ['0-306-40615-2', 'ISBN'],
    ['978-0-306-40615-7', 'ISBN'],
    ['0311-175X 01', 'ISSN'],
    ['M-2605-3211-3', 'ISMN'],
    ['ABC-123', null],
    ['138-0013-8000', null],
    ['2026-1231', 'ISSN'],
    ['6921168509256', null],
    ['', null],
  ])('%s: %s', (text, kind) => {
    expect(hyphenatedKind(text)).toBe(kind);
  });
});
