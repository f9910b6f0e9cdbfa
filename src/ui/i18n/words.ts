/**
 * Words: the typed way from a key to a text in the cashier's language.
 *
 * A missing key, a missing placeholder and an error kind without a sentence are all found by the type checker.
 */
import { useSyncExternalStore } from 'react';
import type { Locale } from '../../core/item.ts';
import { deviceEn, deviceZhCN, deviceZhTW } from './device-words.ts';
import { en } from './en.ts';
import { memberEn, memberZhCN, memberZhTW } from './member-words.ts';
import { offersEn, offersZhCN, offersZhTW } from './offer-words.ts';
import { payEn, payZhCN, payZhTW } from './pay-words.ts';
import { peopleEn, peopleZhCN, peopleZhTW } from './people-words.ts';
import { returnsEn, returnsZhCN, returnsZhTW } from './return-words.ts';
import { storeEn, storeZhCN, storeZhTW } from './store-words.ts';
import { zhCN } from './zh-cn.ts';
import { zhTW } from './zh-tw.ts';

/** The list of all words: the other languages have the same keys. */
const simplified = {
  ...zhCN,
  ...payZhCN,
  ...peopleZhCN,
  ...offersZhCN,
  ...returnsZhCN,
  ...memberZhCN,
  ...storeZhCN,
  ...deviceZhCN,
} as const;

export type WordKey = keyof typeof simplified;
export type Words = { readonly [K in WordKey]: string };

export const DICTIONARIES: Readonly<Record<Locale, Words>> = {
  'zh-CN': simplified,
  'zh-TW': {
    ...zhTW,
    ...payZhTW,
    ...peopleZhTW,
    ...offersZhTW,
    ...returnsZhTW,
    ...memberZhTW,
    ...storeZhTW,
    ...deviceZhTW,
  },
  en: { ...en, ...payEn, ...peopleEn, ...offersEn, ...returnsEn, ...memberEn, ...storeEn, ...deviceEn },
};

/** How each language names itself on its button. */
export const LOCALE_NAMES: Readonly<Record<Locale, { readonly short: string; readonly full: string }>> = {
  'zh-CN': { short: '简', full: '简体中文' },
  'zh-TW': { short: '繁', full: '繁體中文' },
  en: { short: 'EN', full: 'English' },
};

type Placeholder<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Placeholder<Rest>
  : never;

type Values<K extends WordKey> = [Placeholder<(typeof simplified)[K]>] extends [never]
  ? []
  : [values: Readonly<Record<Placeholder<(typeof simplified)[K]>, string | number>>];

/** `say('cash.confirm', { amount })`. */
export type Say = <K extends WordKey>(key: K, ...values: Values<K>) => string;

/**
 * The words of one language. A plain look-up: a view is drawn with some hundred of them at every scan, and on a weak
 * machine a general library took longer for that than the till for the sale.
 */
export function sayIn(locale: Locale): Say {
  return SAYS[locale];
}

function makeSay(words: Words): Say {
  return (key: WordKey, values?: Readonly<Record<string, string | number>>) => {
    const text = words[key];
    if (values === undefined) return text;
    return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}

const SAYS: Readonly<Record<Locale, Say>> = {
  'zh-CN': makeSay(DICTIONARIES['zh-CN']),
  'zh-TW': makeSay(DICTIONARIES['zh-TW']),
  en: makeSay(DICTIONARIES.en),
};

// ---- the language that the screen speaks now ----

let spoken: Locale = 'en';
const listeners = new Set<() => void>();

export function speak(locale: Locale): void {
  if (locale === spoken) return;
  spoken = locale;
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useLocale(): Locale {
  return useSyncExternalStore(subscribe, () => spoken);
}

export function useSay(): Say {
  return sayIn(useLocale());
}
