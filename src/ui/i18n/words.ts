/**
 * Words: the typed way from a key to a text in the cashier's language.
 *
 * A missing key, a missing placeholder and an error kind without a sentence are all found by the type checker.
 */
import { createInstance, type i18n } from 'i18next';
import { useTranslation } from 'react-i18next';
import { LOCALES, type Locale } from '../../core/item.ts';
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
  },
  en: { ...en, ...payEn, ...peopleEn, ...offersEn, ...returnsEn, ...memberEn, ...storeEn },
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

export function makeI18n(locale: Locale): i18n {
  const instance = createInstance();
  void instance.init({
    lng: locale,
    fallbackLng: 'en',
    initAsync: false,
    // Keys are flat, so a dot in a key is only a dot.
    keySeparator: false,
    nsSeparator: false,
    // React escapes what it shows.
    interpolation: { escapeValue: false },
    resources: Object.fromEntries(
      Object.entries(DICTIONARIES).map(([tag, words]) => [tag, { translation: words }]),
    ),
  });
  return instance;
}

/** The language that the screen speaks now. */
export function useLocale(): Locale {
  const { i18n } = useTranslation();
  return LOCALES.find((locale) => locale === i18n.language) ?? 'en';
}

export function useSay(): Say {
  const { t } = useTranslation();
  return t as unknown as Say;
}
