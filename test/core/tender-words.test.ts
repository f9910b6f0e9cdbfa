/** Tenders in words: every kind in every language, and nothing that is more than it takes to tell one from another. */
import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { TENDER_KINDS, type Tender } from '../../src/core/tender.ts';
import { tenderDetail, tenderText, tenderWord } from '../../src/core/tender-words.ts';

const card = { token: 'tok', approval: '123456', brand: 'Visa', last4: '4242' };

test.each(LOCALES)('%s has a word of its own for each kind', (locale) => {
  expect(new Set(TENDER_KINDS.map((kind) => tenderWord(kind, locale))).size).toBe(TENDER_KINDS.length);
});

test.each([
  [{ kind: 'cash', amountMinor: 100 }, 'Cash'],
  [{ kind: 'card', amountMinor: 100, card }, 'Card Visa ****4242'],
  [{ kind: 'wallet', amountMinor: 100, wallet: { wallet: 'alipay', ref: 'r' } }, 'Wallet Alipay'],
  [{ kind: 'points', amountMinor: 100, points: 250 }, 'Points 250'],
  [{ kind: 'stored_value', amountMinor: 100 }, 'Stored value'],
  [{ kind: 'gift_card', amountMinor: 100, giftCardId: 'GC-00012345' }, 'Gift card ****2345'],
  [{ kind: 'voucher', amountMinor: 100, voucherNo: 'V-1', faceMinor: 500 }, 'Voucher V-1'],
] as const)('%o is %s', (tender, text) => {
  expect(tenderText(tender as Tender, 'en')).toBe(text);
});

test('neither token nor approval is shown', () => {
  expect(tenderDetail({ kind: 'card', amountMinor: 1, card }, 'zh-CN')).toBe('Visa ****4242');
});
