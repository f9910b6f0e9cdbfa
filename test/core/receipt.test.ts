/** Receipts: what people read, in three languages. The golden files are test/fixtures/receipt/*.json. */
import { describe, expect, test } from 'vitest';
import { addLine } from '../../src/core/basket.ts';
import { LOCALES, type Locale } from '../../src/core/item.ts';
import { formatRate, type ReceiptBlock, type ReceiptFacts, receiptOf } from '../../src/core/receipt.ts';
import { receiptQr } from '../../src/core/receipt-token.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { Store } from '../../src/core/store.ts';
import {
  AT_MS,
  aBasket,
  aContext,
  anAddition,
  anId,
  anItem,
  aPricedBasket,
  aRefund,
  aReturn,
  aSale,
  aStore,
  aTier,
  aWeighedItem,
} from './builders.ts';

const HASH = '8f3a22c1'.padEnd(64, '0');

function storeIn(locale: Locale): Store {
  if (locale === 'zh-CN') return aStore({ cash: { cashStepMinor: 10, cashRounding: 'down' } });
  if (locale === 'zh-TW') {
    return aStore({
      locale,
      timeZone: 'Asia/Taipei',
      currency: { code: 'TWD', digits: 0, symbol: 'NT$' },
      address: ['臺北市信義區市府路 45 號', '電話 (02) 2345-6789'],
      footer: ['謝謝惠顧'],
    });
  }
  return aStore({
    locale,
    timeZone: 'Europe/London',
    currency: { code: 'GBP', digits: 2, symbol: '£' },
    tax: { ...aStore().tax, mode: 'exclusive', rounding: 'document' },
    cash: { cashStepMinor: 5, cashRounding: 'nearest' },
    address: ['1 High Street'],
    footer: ['Thank you', 'Goods may be returned within 14 days'],
  });
}

function saleIn(locale: Locale): Sale {
  const tier = aTier();
  const name = locale === 'en' ? 'Gold' : '金卡';
  const basket = aBasket([
    { qty: 3 },
    {
      item: anItem({
        sku: 'SMOKE',
        name: '双喜 <经典>',
        priceMinor: 1200,
        taxCode: 'zero',
        flags: { noDiscount: true },
      }),
    },
    { item: aWeighedItem(), weightG: 1234 },
  ]);
  return aSale({
    basket,
    store: storeIn(locale),
    tier: { ...tier, name },
    tenders: [{ kind: 'cash', amountMinor: 10_000 }],
  });
}

function facts(sale: Sale, locale: Locale, over: Partial<ReceiptFacts> = {}): ReceiptFacts {
  return {
    sale,
    store: storeIn(locale),
    atMs: AT_MS,
    cashierName: '李雷',
    entryHash: HASH,
    memberTail: '0016',
    copy: false,
    ...over,
  };
}

/** Everything at once: an exchange of a member's goods, paid by points, card and voucher, with a coupon. */
function exchangeIn(locale: Locale): Sale {
  const store = storeIn(locale);
  const sold = saleIn(locale);
  const back = aReturn(sold, { wanted: [{ lineNo: 1, qty: 2 }] });
  const added = addLine(back, anAddition({ item: anItem({ sku: 'TEA', name: '茶', priceMinor: 5_000 }) }), {
    merge: false,
  });
  if (!added.ok) throw new Error(added.error.kind);
  const { basket } = added.value;
  const total = aPricedBasket(basket, store).totalMinor;
  const card = { token: 't-1', approval: '048213', brand: 'VISA', last4: '4242' };
  const sale = aSale({
    basket,
    store,
    receiptSeq: 125,
    tenders: [
      { kind: 'points', points: 300, amountMinor: 300 },
      { kind: 'voucher', voucherNo: 'V-778', faceMinor: 2_000, amountMinor: 1_000 },
      { kind: 'wallet', amountMinor: 500, wallet: { wallet: 'wechat', ref: '4200001' } },
      { kind: 'gift_card', amountMinor: 200, giftCardId: 'GC99887766' },
      { kind: 'stored_value', amountMinor: 100 },
      { kind: 'card', amountMinor: total - 2_100, card },
    ],
  });
  const { at, ...context } = aContext({ coupons: [{ code: 'CP-2026-77' }] });
  const priced = {
    ...context,
    kernel: 1,
    at,
    taxRounding: store.tax.rounding,
    tier: null,
    tags: [],
    segments: [],
  };
  return { ...sale, points: { programme: 'p', earned: 40, byLine: [-8, 48] }, priced, proof: PROOF };
}

/** Money back by the tenders it came by. */
function refundToCardIn(locale: Locale): Sale {
  const store = storeIn(locale);
  const basket = aReturn(saleIn(locale));
  const total = aPricedBasket(basket, store).totalMinor;
  const card = { token: 't-2', approval: '551002', brand: 'VISA', last4: '4242' };
  const tenders = [
    { kind: 'card', amountMinor: total + 100, card } as const,
    { kind: 'points', points: -100, amountMinor: -100 } as const,
  ];
  return aSale({ basket, store, receiptSeq: 126, tenders });
}

const PROOF = 'A'.repeat(85).concat('Q');
const refundIn = (locale: Locale): Sale => aRefund(saleIn(locale), storeIn(locale));

/** A block as a line that a reviewer can read. */
function lineOf(block: ReceiptBlock): string {
  switch (block.type) {
    case 'text':
      return `${style(block)}${block.align ?? 'left'}: ${block.text}`;
    case 'pair':
      return `${style(block)}pair: ${block.left} | ${block.right}`;
    case 'rule':
      return '--------';
    case 'feed':
      return `feed ${block.lines}`;
    default:
      return `${block.type}: ${block.data}`;
  }
}

function style(block: { readonly size?: 1 | 2; readonly bold?: boolean }): string {
  return `${block.size === 2 ? 'double ' : ''}${block.bold === true ? 'bold ' : ''}`;
}

function shown(given: ReceiptFacts) {
  const { locale, openDrawer, blocks } = receiptOf(given);
  return { locale, openDrawer, lines: blocks.map(lineOf) };
}

describe.each(LOCALES)('a receipt in %s', (locale) => {
  const sale = saleIn(locale);

  test(`sale, copy and refund read as fixtures/receipt/${locale}.json says`, async () => {
    const golden = {
      sale: shown(facts(sale, locale)),
      copy: shown(facts(sale, locale, { copy: true })),
      refund: shown(facts(refundIn(locale), locale)),
      exchange: shown(
        facts(exchangeIn(locale), locale, { pointsBalance: 1_240, businessDate: '2026-11-21' }),
      ),
      'refund to the card': shown(facts(refundToCardIn(locale), locale)),
      gift: shown(facts({ ...sale, proof: PROOF }, locale, { gift: true, businessDate: '2026-11-21' })),
      'sale without a member': shown(facts(aSale({ store: storeIn(locale) }), locale, { memberTail: null })),
    };
    await expect(`${JSON.stringify(golden, null, 2)}\n`).toMatchFileSnapshot(
      `../fixtures/receipt/${locale}.json`,
    );
  });

  test('every discount has its line: 2 adjustments, 2 lines that name tier and rate', () => {
    const lines = shown(facts(sale, locale)).lines.filter((line) => /(?:金卡|Gold).*5%/.test(line));
    const amounts = sale.lines.flatMap((line) => line.adjustments.map((a) => a.amountMinor));
    expect(amounts).toEqual([-30, -43]);
    expect(lines.map((line) => line.split(' | ')[1])).toEqual(
      locale === 'zh-TW' ? ['-30', '-43'] : ['-0.30', '-0.43'],
    );
  });

  test('a copy differs by its mark alone, and opens no drawer', () => {
    const first = receiptOf(facts(sale, locale));
    const copy = receiptOf(facts(sale, locale, { copy: true }));
    expect([first.openDrawer, copy.openDrawer]).toEqual([true, false]);
    expect(copy.blocks.slice(1)).toEqual(first.blocks);
    expect(copy.blocks[0]).toMatchObject({ type: 'text', size: 2, bold: true });
  });

  test('a refund says so, names the sale T01-000123 and shows each amount turned', () => {
    const lines = shown(facts(refundIn(locale), locale)).lines;
    expect(lines.some((line) => /^double bold center: (?:退货单|退貨單|REFUND)$/.test(line))).toBe(true);
    expect(lines.filter((line) => line.endsWith('| T01-000123'))).toHaveLength(1);
    expect(lines.filter((line) => line.endsWith('| T01-000124'))).toHaveLength(1);
  });

  test('the total is the one pair in double size', () => {
    const doubles = receiptOf(facts(sale, locale)).blocks.filter((b) => b.type === 'pair' && b.size === 2);
    expect(doubles).toHaveLength(1);
  });
});

describe('a receipt with a QR', () => {
  const sold = { ...saleIn('en'), proof: PROOF };
  const qrOf = (over: Partial<ReceiptFacts>) =>
    receiptOf(facts(sold, 'en', over)).blocks.filter(({ type }) => type === 'qr');

  test('has it where the business date is known, and not on a gift receipt', () => {
    const businessDate = '2026-11-21';
    expect(qrOf({ businessDate })).toEqual([{ type: 'qr', data: receiptQr(sold, businessDate, null)!.text }]);
    for (const over of [{}, { businessDate, gift: true }]) {
      expect(qrOf(over)).toEqual([]);
    }
  });

  test('of 60 lines says where its goods come back', () => {
    const basket = aBasket(
      Array.from({ length: 60 }, (_, n) => ({ item: anItem({ sku: `LONG-SKU-${n}` }) })),
    );
    const long = { ...aSale({ basket, store: storeIn('en') }), proof: PROOF };
    const lines = shown(facts(long, 'en', { businessDate: '2026-11-21' })).lines;
    expect(lines.some((line) => line.includes('return at the till that sold them'))).toBe(true);
  });
});

test('a gift receipt has no amount on it', () => {
  const text = JSON.stringify(receiptOf(facts(saleIn('en'), 'en', { gift: true })).blocks);
  expect(text).not.toMatch(/\d+\.\d\d[^\d]/);
  expect(receiptOf(facts(saleIn('en'), 'en', { gift: true })).openDrawer).toBe(false);
});

test('goods of two receipts name theirs line by line', () => {
  const first = saleIn('en');
  const second = { ...aSale({ basket: aBasket([{}], { id: anId(3) }) }), receiptNo: 'T01-000300' };
  const basket = aReturn(second, { onto: aReturn(first, { wanted: [{ lineNo: 1, qty: 1 }] }) });
  const { lines } = shown(facts(aSale({ basket, store: storeIn('en') }), 'en'));
  expect(lines.filter((line) => /Refund of \| T01-000[13]/.test(line))).toHaveLength(2);
});

test('the same sale makes the same document each time', () => {
  const given = facts(saleIn('zh-CN'), 'zh-CN');
  expect(receiptOf(given)).toEqual(receiptOf(given));
});

test('of a member the card’s last 4 are printed and no name', () => {
  expect(JSON.stringify(receiptOf(facts(saleIn('en'), 'en')))).toContain('**** 0016');
  expect(JSON.stringify(receiptOf(facts(saleIn('en'), 'en')))).not.toContain('王小明');
});

test('a sale of 0 without tenders opens no drawer', () => {
  const free = aSale({ basket: aBasket([{ unitPriceMinor: 0 }]) });
  expect(receiptOf(facts(free, 'zh-CN')).openDrawer).toBe(false);
});

test.each([
  [0, '0%'],
  [5, '0.05%'],
  [500, '5%'],
  [825, '8.25%'],
  [850, '8.5%'],
  [1300, '13%'],
  [10_000, '100%'],
])('%i basis points are printed as %s', (rateBp, text) => {
  expect(formatRate(rateBp)).toBe(text);
});
