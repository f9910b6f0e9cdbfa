/**
 * Fonts: the page asks for a range of characters when it first shows one, so what is said while the till is away must
 * have been asked for while it was there.
 */
import type { Locale } from '../core/item.ts';
import { DICTIONARIES } from './i18n/words.ts';

const FAMILY: Readonly<Record<Locale, string>> = {
  'zh-CN': 'Noto Sans SC',
  'zh-TW': 'Noto Sans TC',
  en: 'Noto Sans SC',
};

/** Loads the glyphs of every word of a language. What cannot be loaded is shown in a font of the system. */
export async function loadFonts(locale: Locale): Promise<void> {
  const text = [...new Set(Object.values(DICTIONARIES[locale]).join(''))].join('');
  const weights = ['400', '700'].map((weight) =>
    document.fonts.load(`${weight} 16px "${FAMILY[locale]}"`, text),
  );
  await Promise.allSettled(weights);
}
