/** The table of application identifiers: against the dictionary that it restates, and what is looked up in it. */
import { describe, expect, test } from 'vitest';
import { GS1_RELEASE, GS1_ROWS } from '../../src/core/gs1-dictionary.ts';
import { aiEntries, aiEntry, aiEntryAt, fitsAi, unknownEntry } from '../../src/core/gs1-table.ts';
import { hasShared, sharedText } from './shared.ts';

const DICTIONARY = 'gs1/gs1-syntax-dictionary.txt';

/** The rows of `gs1-dictionary.ts`, made from the dictionary: copy them there when a new release comes. */
function rowsOf(dictionary: string): string[] {
  return dictionary
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const hash = line.indexOf('#');
      const [rule, title] = hash < 0 ? [line, ''] : [line.slice(0, hash), line.slice(hash + 1)];
      const [ais, ...words] = rule.trim().split(/\s+/);
      const flags = /^[*?]+$/.test(words[0]!) ? words.shift()! : '';
      const isComponent = (word: string) => /^\[?[NXYZ](?:\.\.)?\d/.test(word);
      const spec = words.filter(isComponent).join(' ');
      const attributes = words.filter((word) => !isComponent(word)).join(' ');
      return [ais, flags, spec, attributes, title.trim()].join(';');
    });
}

describe.skipIf(!hasShared(DICTIONARY))('beside the dictionary (skipped where ../shared is absent)', () => {
  test(`the rows are those of release ${GS1_RELEASE}, all of them`, () => {
    const dictionary = sharedText(DICTIONARY);
    expect(dictionary).toContain(`Release: ${GS1_RELEASE}`);
    expect(dictionary).toContain('Licensed under the Apache License, Version 2.0');
    expect(GS1_ROWS.trim().split('\n')).toEqual(rowsOf(dictionary));
  });
});

describe('the table', () => {
  test('224 rows and their ranges are 541 identifiers, and none that begin alike differ in length', () => {
    const all = [...aiEntries()].map(({ ai }) => ai);
    expect(GS1_ROWS.trim().split('\n')).toHaveLength(224);
    expect([all.length, new Set(all).size]).toEqual([541, 541]);
    const lengths = new Map<string, Set<number>>();
    for (const ai of all) {
      const start = ai.slice(0, 2);
      lengths.set(start, (lengths.get(start) ?? new Set()).add(ai.length));
    }
    expect([...lengths].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  test('what DOMAIN 2.1 says is fixed is fixed, and what needs FNC1 is not', () => {
    const fixed = '00 01 02 11 12 13 15 16 17 20 3100 3105 3569 410 417'
      .split(' ')
      .filter((ai) => aiEntry(ai));
    expect(fixed.filter((ai) => !aiEntry(ai)!.isFixed)).toEqual([]);
    const open = '10 21 22 30 37 240 3900 3929 3930 3940 3950 255'.split(' ');
    expect(open.filter((ai) => aiEntry(ai)!.isFixed)).toEqual([]);
  });

  test.each([
    ['01', 14, 'GTIN'],
    ['10', 20, 'BATCH/LOT'],
    ['255', 25, 'GCN'],
    ['3103', 6, 'NET WEIGHT (kg)'],
    ['8008', 12, 'PROD TIME'],
  ])('(%s) holds up to %i characters: %s', (ai, lengthMax, title) => {
    expect(aiEntry(ai)).toMatchObject({ ai, lengthMax, title });
  });

  test('(01) is a key with 22, 10, 21 or 235 behind it; (10) is none', () => {
    expect(aiEntry('01')!.linkQualifiers).toEqual([['22', '10', '21'], ['235']]);
    expect(aiEntry('10')!.linkQualifiers).toBeNull();
  });

  test('(7004) wants 01 and 10 together, (250) one of two and 21', () => {
    expect(aiEntry('7004')!.requires).toEqual([[['01', '10']]]);
    expect(aiEntry('250')!.requires).toEqual([[['01'], ['8006']], [['21']]]);
  });

  test.each([
    ['0109501101', '01'],
    ['3103000123', '3103'],
    ['2421', '242'],
    ['8200http', '8200'],
    ['0', null],
    ['', null],
    ['3106000123', null],
    ['89ABC', null],
  ])('%j begins with %s', (text, ai) => {
    expect(aiEntryAt(text, 0)?.ai ?? null).toBe(ai);
  });

  test.each([
    ['310n', '3102', true],
    ['310n', '3112', false],
    ['01', '01', true],
    ['31nn', '310', false],
  ])('%s fits %s: %s', (pattern, ai, fits) => {
    expect(fitsAi(pattern, ai)).toBe(fits);
  });

  test('an unknown identifier takes up to 90 characters and then FNC1', () => {
    expect(unknownEntry('89')).toMatchObject({ ai: '89', lengthMax: 90, isFixed: false, requires: [] });
  });
});
