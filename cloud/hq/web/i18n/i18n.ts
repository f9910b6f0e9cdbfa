/**
 * The language of the console: chosen, remembered in this browser, and with it the fonts that can write it.
 */
import i18next, { type ResourceKey } from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import { LOCALES, type Locale } from '../../../../src/core/item.ts';
import { en } from './en.ts';
import { type Dictionary, zhCN } from './zh-CN.ts';
import { zhTW } from './zh-TW.ts';

export const DICTIONARIES: Readonly<Record<Locale, Dictionary>> = { 'zh-CN': zhCN, 'zh-TW': zhTW, en };
/** What a language calls itself: it is found by who reads it. */
export const LOCALE_NAMES: Readonly<Record<Locale, string>> = {
  'zh-CN': '简体',
  'zh-TW': '繁體',
  en: 'English',
};

const KEY = 'counterfoil.hq.locale';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'hq';
    resources: { hq: Dictionary };
    returnNull: false;
  }
}

export function startI18n(): void {
  const locale = initialLocale(localStorage.getItem(KEY), navigator.languages);
  const resources = Object.fromEntries(
    LOCALES.map((known) => [known, { hq: DICTIONARIES[known] as unknown as ResourceKey }]),
  );
  void i18next.use(initReactI18next).init({
    lng: locale,
    fallbackLng: 'zh-CN',
    defaultNS: 'hq',
    resources,
    // React escapes what it writes.
    interpolation: { escapeValue: false },
    initAsync: false,
    showSupportNotice: false,
  } as Parameters<typeof i18next.init>[0]);
  apply(locale);
}

/** The remembered language, else the first of the browser's that we speak, else simplified Chinese. */
export function initialLocale(kept: string | null, wanted: readonly string[]): Locale {
  const known = LOCALES.find((locale) => locale === kept);
  if (known !== undefined) return known;
  for (const tag of wanted) {
    if (/^zh\b.*(tw|hk|mo|hant)/i.test(tag)) return 'zh-TW';
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'zh-CN';
}

export function chooseLocale(locale: Locale): void {
  localStorage.setItem(KEY, locale);
  void i18next.changeLanguage(locale);
  apply(locale);
}

export function useLocale(): Locale {
  return useTranslation().i18n.language as Locale;
}

function apply(locale: Locale): void {
  document.documentElement.lang = locale;
  // SC also writes what TC lacks: a shop in Shanghai looked at from Taipei keeps its name.
  void import('./fonts-sc.ts');
  if (locale === 'zh-TW') void import('./fonts-tc.ts');
}
