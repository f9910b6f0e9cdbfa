/** Items: names in the languages there are. */
import { expect, test } from 'vitest';
import { LOCALES, nameIn } from '../../src/core/item.ts';
import { anItem, aTier } from './builders.ts';

test('a name is shown in the language asked for, else as the shelf says', () => {
  expect(LOCALES.map((locale) => nameIn(aTier(), locale))).toEqual(['金卡', '金卡', 'Gold']);
  expect(nameIn(anItem(), 'en')).toBe('农夫山泉饮用天然水 550ml');
});
