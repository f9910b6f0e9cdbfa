/** Words of receipts: each is there in every language, and the three languages differ where they should. */
import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { RECEIPT_WORDS } from '../../src/core/receipt-words.ts';

test.each(LOCALES)('%s has a word for everything', (locale) => {
  const words = RECEIPT_WORDS[locale];
  for (const [key, word] of Object.entries(words))
    if (typeof word === 'string') expect(word, key).not.toBe('');
  expect(words.list(2)).toContain('2');
  expect(words.backTo('X')).toContain('X');
});

test('one item is not "1 items"', () => {
  expect(RECEIPT_WORDS.en.list(1)).toBe('List price, 1 item');
});
