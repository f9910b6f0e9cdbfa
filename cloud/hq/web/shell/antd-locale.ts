/**
 * antd's own words and the calendar's, in the console's language.
 */
import type { ConfigProviderProps } from 'antd';
import enModule from 'antd/es/locale/en_GB.js';
import zhCnModule from 'antd/es/locale/zh_CN.js';
import zhTwModule from 'antd/es/locale/zh_TW.js';
import dayjs from 'dayjs';
import 'dayjs/locale/en-gb.js';
import 'dayjs/locale/zh-cn.js';
import 'dayjs/locale/zh-tw.js';
import type { Locale } from '../../../../src/core/item.ts';

type Words = NonNullable<ConfigProviderProps['locale']>;

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': wordsIn(zhCnModule),
  'zh-TW': wordsIn(zhTwModule),
  en: wordsIn(enModule),
};
const DAYJS: Readonly<Record<Locale, string>> = { 'zh-CN': 'zh-cn', 'zh-TW': 'zh-tw', en: 'en-gb' };

export function antdLocale(locale: Locale): Words {
  dayjs.locale(DAYJS[locale]);
  return WORDS[locale];
}

// antd's package does not say that its `es` folder holds modules, so types and bundler see the default differently.
function wordsIn(module: unknown): Words {
  return ((module as { default?: Words }).default ?? module) as Words;
}
