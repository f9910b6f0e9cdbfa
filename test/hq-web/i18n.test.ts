/** The three dictionaries of HQ's console say the same things. */
import { describe, expect, test } from 'vitest';
import { RIGHTS } from '../../cloud/access/rights.ts';
import { TIMELINE_KINDS } from '../../cloud/facts/timeline.ts';
import { en } from '../../cloud/hq/web/i18n/en.ts';
import { initialLocale } from '../../cloud/hq/web/i18n/i18n.ts';
import { EVENT_WORDS, eventWord } from '../../cloud/hq/web/i18n/words/events.ts';
import { HISTORY_WORDS } from '../../cloud/hq/web/i18n/words/history.ts';
import { JOB_WORDS } from '../../cloud/hq/web/i18n/words/jobs.ts';
import { RIGHT_WORDS } from '../../cloud/hq/web/i18n/words/rights.ts';
import { zhCN } from '../../cloud/hq/web/i18n/zh-CN.ts';
import { zhTW } from '../../cloud/hq/web/i18n/zh-TW.ts';
import { ALL_JOBS } from '../../cloud/jobs/all-jobs.ts';
import { EVENT_KINDS } from '../../cloud/outbox/outbox.ts';
import { MOVEMENT_KINDS } from '../../src/core/ledger.ts';

type Tree = { readonly [key: string]: string | Tree };

const words = { 'zh-CN': flat(zhCN), 'zh-TW': flat(zhTW), en: flat(en) };

describe('dictionaries', () => {
  for (const locale of ['zh-TW', 'en'] as const) {
    test(`${locale} has every word of zh-CN and no other`, () => {
      expect([...words[locale].keys()].sort()).toEqual([...words['zh-CN'].keys()].sort());
    });

    test(`${locale} fills in the same places as zh-CN`, () => {
      for (const [key, text] of words['zh-CN']) {
        expect([key, placesIn(words[locale].get(key)!)]).toEqual([key, placesIn(text)]);
      }
    });
  }

  test('no word is empty', () => {
    for (const dictionary of Object.values(words)) {
      for (const [key, text] of dictionary) expect([key, text.trim()]).not.toEqual([key, '']);
    }
  });

  test('zh-TW is written in traditional characters', () => {
    const simplified = /[门发据运营现开单实时间额总续点击选择载没还这应写华为万]/;
    for (const [key, text] of words['zh-TW'])
      expect([key, simplified.exec(text)?.[0]]).toEqual([key, undefined]);
  });

  test('English has no Chinese in it, and no ’“”: the typeface writes them as wide as a Chinese sign', () => {
    for (const [key, text] of words.en)
      expect([key, /[\p{Script=Han}’“”]/u.test(text)]).toEqual([key, false]);
  });
});

test('every job of HQ has its words', () => {
  expect(Object.keys(JOB_WORDS).sort()).toEqual(ALL_JOBS.map(({ name }) => name).sort());
});

test('every kind of event that HQ tells others of, and every group of them, has its words', () => {
  const kinds = Object.keys(EVENT_KINDS);
  const all = [...kinds, ...new Set(kinds.map((kind) => `${kind.split('.')[0]}.*`)), '*'];
  expect(all.filter((kind) => eventWord(kind) === null)).toEqual([]);
  expect(Object.keys(EVENT_WORDS)).toHaveLength(all.length);
  expect(eventWord('sale.unheard_of')).toBeNull();
});

test('every right, movement of points and kind of the timeline has its words', () => {
  const rightWords = Object.keys(RIGHT_WORDS);
  expect(RIGHTS.flatMap((right) => right.split('.')).filter((word) => !rightWords.includes(word))).toEqual(
    [],
  );
  const historyWords = Object.keys(HISTORY_WORDS);
  const kinds = [...MOVEMENT_KINDS, 'expire', 'forgive', 'unfounded', ...TIMELINE_KINDS];
  expect(kinds.filter((kind) => !historyWords.includes(kind))).toEqual([]);
});

describe('first language', () => {
  const rows = [
    { kept: 'en', wanted: ['zh-CN'], locale: 'en' },
    { kept: null, wanted: ['zh-TW', 'en'], locale: 'zh-TW' },
    { kept: null, wanted: ['zh-Hant-HK'], locale: 'zh-TW' },
    { kept: null, wanted: ['zh'], locale: 'zh-CN' },
    { kept: 'fr', wanted: ['fr', 'en-GB'], locale: 'en' },
    { kept: null, wanted: ['fr'], locale: 'zh-CN' },
    { kept: null, wanted: [], locale: 'zh-CN' },
  ];
  for (const { kept, wanted, locale } of rows) {
    test(`kept ${kept}, browser wants [${wanted}]: ${locale}`, () => {
      expect(initialLocale(kept, wanted)).toBe(locale);
    });
  }
});

function flat(tree: Tree, path = ''): Map<string, string> {
  return new Map(
    Object.entries(tree).flatMap(([key, value]) =>
      typeof value === 'string' ? [[path + key, value] as const] : [...flat(value, `${path}${key}.`)],
    ),
  );
}

function placesIn(text: string): string[] {
  return [...text.matchAll(/{{(\w+)}}/g)].map((match) => match[1]!).sort();
}
