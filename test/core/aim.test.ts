/** AIM identifiers: what each carries, and what a scanner would send. */
import { describe, expect, test } from 'vitest';
import { carrierOf, readScan, type SymbologyName, scanOf, splitAim } from '../../src/core/aim.ts';

test.each([
  [']E06921168509256', ']E0', '6921168509256'],
  [']Q3010950110153000310A', ']Q3', '010950110153000310A'],
  ['6921168509256', null, '6921168509256'],
  [']', null, ']'],
  [']9xA', null, ']9xA'],
])('%s has identifier %s', (text, aim, rest) => {
  expect(splitAim(text)).toEqual({ aim, text: rest });
});

test.each([
  ['gs1', ']C1 ]e0 ]d2 ]Q3 ]J1'],
  ['ean', ']E0 ]E3 ]E4 ]I1'],
  ['text', ']Q0 ]Q1 ]d0 ]d1 ]J0'],
  ['other', ']C0 ]A0 ]F0 ]I0 ]X0'],
])('%s: %s', (carrier, aims) => {
  expect(aims.split(' ').map(carrierOf)).toEqual(aims.split(' ').map(() => carrier));
});

describe('a whole scan', () => {
  const told = (raw: string) => {
    const scan = readScan(raw);
    return scan.ok ? scan.value.data : `${scan.error.what} at ${scan.error.at}`;
  };

  test.each([
    [']C1010950110153000310A\u001d17261231', '^010950110153000310A^17261231'],
    [']E06921168509256', '6921168509256'],
    [']E496385074', '96385074'],
    [']E3977123456700312', '9771234567003 12'],
    [']E0950110153000|', 'bad_length at 3'],
    [']E09501101530003|]e010A\u001d17261231', '9501101530003|^10A^17261231'],
    [']E09501101530003|]C110A', 'unsupported_symbology at 17'],
    [']I119501101530000', '19501101530000'],
    [']Q1hello', 'hello'],
    [']Q1^A', '\\^A'],
    [']Q1https://a/01/09501101530003', 'https://a/01/09501101530003'],
    [']Q1https://a/menu', 'link_no_key at 12'],
    [']C1010950110153000417', 'incorrect_check_digit at 18'],
    [']C110A', 'ai_required at 3'],
    [']E06921168509255', 'incorrect_check_digit at 15'],
    [']A06921168509256', 'unsupported_symbology at 0'],
    ['6921168509256', 'missing_symbology_identifier at 0'],
    [']d2', 'no_data at 3'],
  ])('%j', (raw, expected) => {
    expect(told(raw)).toBe(expected);
  });
});

test.each([
  ['EAN13', '6921168509256', ']E06921168509256'],
  ['UPCA', '036000291452', ']E00036000291452'],
  ['UPCE', '04252614', ']E00042100005264'],
  ['EAN8', '96385074', ']E496385074'],
  ['ITF14', '19501101530000', ']I119501101530000'],
  ['QR', 'hello', ']Q1hello'],
  ['QR', '^0109501101530003', ']Q30109501101530003'],
  ['GS1_128_CCA', '^010950110153000310A|^98B', ']e0010950110153000310A\u001d98B'],
] as const)('%s with %s is sent as %j', (symbology, data, sent) => {
  expect(scanOf(symbology as SymbologyName, data)).toEqual({ ok: true, value: sent });
});
