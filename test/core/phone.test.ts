/** Phones of mainland China, Taiwan and Hong Kong in one form, whichever way they are typed. */
import { expect, test } from 'vitest';
import { normalisePhone, phoneEnds, phoneRegion } from '../../src/core/phone.ts';

test.each([
  ['13800001007', 'CN', '8613800001007'],
  ['138 0000 1007', 'CN', '8613800001007'],
  ['+86 138-0000-1007', 'HK', '8613800001007'],
  ['0086 13800001007', 'CN', '8613800001007'],
  ['8613800001007', 'CN', '8613800001007'],
  ['１３８００００１００７', 'CN', '8613800001007'],
  ['0912-345-678', 'CN', '886912345678'],
  ['+886 912 345 678', 'TW', '886912345678'],
  ['+886 0912 345 678', 'TW', '886912345678'],
  ['886912345678', 'TW', '886912345678'],
  ['9123 4567', 'HK', '85291234567'],
  ['+852 9123 4567', 'CN', '85291234567'],
  ['85291234567', 'CN', '85291234567'],
  ['+65 8123 4567', 'CN', '6581234567'],
] as const)('%s in %s is %s', (text, home, digits) => {
  expect(normalisePhone(text, home)).toEqual({ ok: true, value: digits });
});

test.each([
  ['12800001007', 'CN'],
  ['1380000100', 'CN'],
  ['138000010077', 'CN'],
  // Eight digits are a whole number in Hong Kong only.
  ['91234567', 'CN'],
  ['21234567', 'HK'],
  ['0812345678', 'TW'],
  ['+86 1280000100', 'CN'],
  ['+1', 'CN'],
  ['', 'CN'],
  ['call me', 'CN'],
  ['138000o1007', 'CN'],
] as const)('%j in %s is `bad_phone`', (text, home) => {
  expect(normalisePhone(text, home)).toEqual({ ok: false, error: { kind: 'bad_phone' } });
});

test.each([
  ['Asia/Taipei', 'TW'],
  ['Asia/Hong_Kong', 'HK'],
  ['Asia/Shanghai', 'CN'],
  ['UTC', 'CN'],
])('a store in %s is at home in %s', (timeZone, region) => {
  expect(phoneRegion(timeZone)).toBe(region);
});

test.each([
  ['1007', ['1007']],
  ['8613800001007', ['8613800001007', '13800001007']],
  ['008613800001007', ['008613800001007', '13800001007']],
  ['0912345678', ['0912345678', '912345678']],
  ['886912345678', ['886912345678', '912345678']],
])('%s may be stored ending in %j', (digits, ends) => {
  expect(phoneEnds(digits)).toEqual(ends);
});
