import { expect, test } from 'vitest';
import type { TillApiError } from '../../src/till/api.ts';
import { errorText } from '../../src/ui/i18n/error-text.ts';
import { DICTIONARIES, sayIn, type WordKey } from '../../src/ui/i18n/words.ts';
import { localeOf } from '../../src/ui/locale.ts';

const KEYS = Object.keys(DICTIONARIES['zh-CN']).sort() as WordKey[];

function placeholders(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort();
}

test.each(['zh-TW', 'en'] as const)('%s has the same keys as zh-CN, and no other', (locale) => {
  expect(Object.keys(DICTIONARIES[locale]).sort()).toEqual(KEYS);
});

test.each(['zh-TW', 'en'] as const)('%s has the same placeholders as zh-CN in every text', (locale) => {
  for (const key of KEYS) {
    expect(placeholders(DICTIONARIES[locale][key]), key).toEqual(placeholders(DICTIONARIES['zh-CN'][key]));
  }
});

test.each(['zh-CN', 'zh-TW', 'en'] as const)('%s has no empty text and no loose brace', (locale) => {
  for (const key of KEYS) {
    const text = DICTIONARIES[locale][key];
    expect(text.trim(), key).not.toBe('');
    expect(text.replace(/\{\{\w+\}\}/g, ''), key).not.toMatch(/[{}]/);
  }
});

test('traditional Chinese has no character that is only simplified', () => {
  const simplified = /[员单会银线边这里请过还错钱输读码额时间货开关闭导选择门资价数总应实销动级无结现机为]/;
  for (const key of KEYS) {
    expect(DICTIONARIES['zh-TW'][key], key).not.toMatch(simplified);
  }
});

test('every error kind is a whole sentence with its numbers filled in', () => {
  const errors: TillApiError[] = [
    { kind: 'check_digit', expected: 2 },
    { kind: 'quantity', qtyMax: 99_999 },
    { kind: 'amount_too_large', amountMinorMax: 100_000_000 },
    { kind: 'unknown_code', code: '404' },
    { kind: 'already_refunded', receiptNo: 'NJ01-000124' },
    { kind: 'not_enough', dueMinor: 1_387 },
    { kind: 'journal', detail: 'disk_full' },
    { kind: 'journal', detail: 'io' },
    { kind: 'bad_request', what: 'qty' },
    { kind: 'unknown_hold' },
    { kind: 'basket_not_empty' },
    { kind: 'too_many_holds', holdsMax: 20 },
    { kind: 'shift_open' },
    { kind: 'no_shift' },
    { kind: 'internal' },
  ];
  const currency = { code: 'CNY', digits: 2, symbol: '￥' };
  for (const locale of ['zh-CN', 'zh-TW', 'en'] as const) {
    const say = sayIn(locale);
    for (const error of errors) {
      const text = errorText(error, say, currency);
      expect(text, `${locale} ${error.kind}`).not.toMatch(/[{}]|^error\./);
    }
  }
});

test.each([
  [['zh-HK', 'en'], 'zh-TW'],
  [['zh-Hant-TW'], 'zh-TW'],
  [['zh-Hans-CN'], 'zh-CN'],
  [['zh'], 'zh-CN'],
  [['de-DE', 'en-GB'], 'en'],
  [[], 'en'],
])('a browser that asks for %j gets %s', (tags, locale) => {
  expect(localeOf(tags)).toBe(locale);
});
