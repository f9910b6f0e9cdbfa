/**
 * The language of the screen: the till's own, and before the till has spoken the one this browser had last.
 */
import { LOCALES, type Locale } from '../core/item.ts';

const LOCALE_KEY = 'counterfoil-till-locale';

export function rememberedLocale(): Locale {
  const known = localStorage.getItem(LOCALE_KEY);
  return LOCALES.find((locale) => locale === known) ?? localeOf(navigator.languages);
}

export function rememberLocale(locale: Locale): void {
  localStorage.setItem(LOCALE_KEY, locale);
}

/** The nearest language we have: `zh-HK` reads traditional, other Chinese simplified, the rest English. */
export function localeOf(tags: readonly string[]): Locale {
  for (const tag of tags) {
    if (/^zh\b.*\b(Hant|TW|HK|MO)\b/i.test(tag)) return 'zh-TW';
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}
