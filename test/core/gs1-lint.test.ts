/** Checks of single components: one line a rule, its limits beside it. The dictionary's own 2,815 cases: gs1-vectors. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { checkNamed, checkSet, daysIn } from '../../src/core/gs1-lint.ts';

const CASES: readonly (readonly [string, string, string | null, number?])[] = [
  ['csum', '95011015310008', 'incorrect_check_digit', 13],
  ['csum', '95012345678903', null],
  ['csum', '9501234567890A', 'non_digit_character', 13],
  ['csumalpha', '1987654Ad4X4bL5ttr2310c2K', null],
  ['csumalpha', '1987654Ad4X4bL5ttr2310c2X', 'incorrect_check_pair', 23],
  ['csumalpha', '2', 'too_short_for_check_pair', 0],
  ['gcppos1', '123', 'too_short_for_gcp', 0],
  ['gcppos1', 'A123', 'invalid_gcp_prefix', 0],
  ['gcppos2', '0950110', null],
  ['yymmdd', '240229', null],
  ['yymmdd', '230229', 'illegal_day', 4],
  ['yymmdd', '261300', 'illegal_month', 2],
  ['yymmdd', '261200', 'illegal_day', 4],
  ['yymmd0', '261200', null],
  ['yyyymmdd', '19000229', 'illegal_day', 6],
  ['yyyymmdd', '20000229', null],
  ['hhmi', '2359', null],
  ['hhmi', '2400', 'illegal_hour', 0],
  ['hhmi', '2360', 'illegal_minute', 2],
  ['ss', '60', 'illegal_second', 0],
  ['iso3166', '156', null],
  ['iso3166', '157', 'not_iso3166', 0],
  ['iso3166999', '999', null],
  ['iso3166alpha2', 'CN', null],
  ['iso3166alpha2', 'cn', 'not_iso3166_alpha2', 0],
  ['iso4217', '156', null],
  ['iso4217', '157', 'not_iso4217', 0],
  ['iso5218', '9', null],
  ['iso5218', '3', 'invalid_biological_sex_code', 0],
  ['iban', 'GB82WEST12345698765432', null],
  ['iban', 'GB83WEST12345698765432', 'incorrect_iban_checksum', 2],
  ['iban', 'ZX82WEST12345698765432', 'illegal_iban_country_code', 0],
  ['iban', 'GB82WEST1234', 'iban_too_short', 0],
  ['latitude', '1800000000', null],
  ['latitude', '1800000001', 'invalid_latitude', 0],
  ['longitude', '3600000001', 'invalid_longitude', 0],
  ['mediatype', '10', null],
  ['mediatype', '11', 'invalid_media_type', 0],
  ['importeridx', '_', null],
  ['importeridx', '=', 'invalid_import_idx_character', 0],
  ['nonzero', '000', 'illegal_zero_value', 0],
  ['nozeroprefix', '012', 'illegal_zero_prefix', 0],
  ['hasnondigit', '12A', null],
  ['packagetype', 'PX', null],
  ['packagetype', '0X', 'invalid_package_type', 0],
  ['pcenc', 'A%2fB', null],
  ['pcenc', 'A%2', 'invalid_percent_sequence', 1],
  ['pieceoftotal', '0212', null],
  ['pieceoftotal', '1302', 'piece_number_exceeds_total', 0],
  ['posinseqslash', '9/10', null],
  ['posinseqslash', '1/0', 'illegal_zero_prefix', 2],
  ['winding', '1', null],
  ['winding', '2', 'invalid_winding_direction', 0],
  ['yesno', '2', 'not_zero_or_one', 0],
  ['zero', '0', null],
  ['zero', '1', 'not_zero', 0],
  ['hyphen', '-', null],
  ['hyphen', 'X', 'not_hyphen', 0],
];

test.each(CASES.map(([name, data, what, at = 0]) => ({ name, data, what, at })))(
  '$name of $data: $what',
  ({ name, data, what, at }) => {
    expect(checkNamed(name)(data)).toEqual(what === null ? null : { what, at, length: expect.any(Number) });
  },
);

test('a check that is not there is a bug of the table', () => {
  expect(() => checkNamed('nosuch')).toThrow(AssertionError);
});

describe('sets of characters', () => {
  test.each([
    ['N', '0123456789', null],
    ['N', '12a', 2],
    ['X', '!"%&\'()*+,-./:;<=>?_Zz', null],
    ['X', 'a b', 1],
    ['X', '可', 0],
    ['X', '#', 0],
    ['Y', '#-/0Z', null],
    ['Y', 'a', 0],
    ['Z', 'Az09-_', null],
    ['Z', 'a+b', 1],
  ] as const)('set %s of %j: odd at %s', (set, data, at) => {
    expect(checkSet(set, data)?.at ?? null).toBe(at);
  });

  test('set 82 has 82 characters, set 39 has 39', () => {
    const all = Array.from({ length: 0x250 }, (_, code) => String.fromCharCode(code));
    expect(all.filter((char) => checkSet('X', char) === null)).toHaveLength(82);
    expect(all.filter((char) => checkSet('Y', char) === null)).toHaveLength(39);
  });
});

test('months have their days: 2024-02 29, 1900-02 28, 2000-02 29, April 30, December 31', () => {
  expect([daysIn(2024, 2), daysIn(1900, 2), daysIn(2000, 2), daysIn(2026, 4), daysIn(2026, 12)]).toEqual([
    29, 28, 29, 30, 31,
  ]);
});

test('whatever a check is given, what it blames is within the text', () => {
  const names = [...new Set(CASES.map(([name]) => name)), 'couponcode', 'couponposoffer', 'cset64'];
  fc.assert(
    fc.property(
      fc.constantFrom(...names),
      fc.oneof(fc.string(), fc.stringMatching(/^\d{0,40}$/)),
      (name, text) => {
        const flaw = checkNamed(name)(text);
        if (flaw === null) return;
        expect(flaw.at).toBeGreaterThanOrEqual(0);
        expect(flaw.at + flaw.length).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});
