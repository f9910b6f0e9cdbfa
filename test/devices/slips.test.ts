/**
 * Every slip that a till prints, in three languages on 58 and 80 mm, as it comes out of the printer.
 *
 * The golden files (test/fixtures/devices/slips.*.txt) hold the paper and the hash of the bytes. `SHOTS=FOLDER` also draws them.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { addLine } from '../../src/core/basket.ts';
import type { Locale } from '../../src/core/item.ts';
import { type ReceiptDoc, receiptOf } from '../../src/core/receipt.ts';
import type { Sale } from '../../src/core/sale.ts';
import type { ShiftReport } from '../../src/core/shift-report.ts';
import { cashMovedSlip, drawerOpenedSlip, holdSlip, memberSlip, shiftSlip } from '../../src/core/slip.ts';
import type { Store } from '../../src/core/store.ts';
import { testSlip } from '../../src/core/test-slip.ts';
import { printBytes } from '../../src/devices/print.ts';
import { type PrinterProfile, printerProfile } from '../../src/devices/printer-profile.ts';
import { VirtualPrinter } from '../../src/devices/virtual-printer.ts';
import {
  AT_MS,
  aBasket,
  anAddition,
  anId,
  anItem,
  aReturn,
  aSale,
  aStore,
  aTier,
  aWeighedItem,
} from '../core/builders.ts';

const SHOTS = process.env.SHOTS;
if (SHOTS) mkdirSync(SHOTS, { recursive: true });

const STORES: Readonly<Record<Locale, Store>> = {
  'zh-CN': aStore({ printPack: true }),
  'zh-TW': aStore({
    locale: 'zh-TW',
    timeZone: 'Asia/Taipei',
    name: '信義門市',
    address: ['臺北市信義區市府路 45 號'],
    footer: ['謝謝惠顧'],
    printPack: true,
  }),
  en: aStore({
    locale: 'en',
    name: 'High Street',
    address: ['1 High Street'],
    footer: ['Thank you'],
    printPack: true,
  }),
};
const GOODS: Readonly<Record<Locale, readonly [string, string, string]>> = {
  'zh-CN': ['农夫山泉饮用天然水超大瓶装 5L', '红富士苹果', '双喜 <经典>|{code:1}'],
  'zh-TW': ['御茶園特撰日式綠茶 超值組合包', '富士蘋果', '雙喜 <經典>|{code:1}'],
  en: ['Spring water, family bottle of 5 litres', 'Apples', 'Matches <classic>|{code:1}'],
};
const PROFILES: Readonly<Record<Locale, string>> = {
  'zh-CN': 'generic-80-gb18030',
  'zh-TW': 'epson-80-big5',
  en: 'generic-80-latin',
};

const REPORT: ShiftReport = {
  kind: 'z',
  shiftId: 's',
  zNo: 7,
  businessDate: '2026-11-21',
  cashierId: '01',
  atMs: AT_MS,
  expectedCashMinor: 13_800,
  countedCashMinor: 13_750,
  differenceMinor: -50,
  totals: {
    openedAtMs: AT_MS - 28_800_000,
    floatMinor: 20_000,
    sales: 3,
    refunds: 1,
    pieces: 9,
    grossMinor: 30_000,
    adjustmentMinor: -1_500,
    taxes: [{ taxCode: 'standard', rateBp: 1_300, baseMinor: 25_221, taxMinor: 3_279 }],
    taxMinor: 3_279,
    totalMinor: 28_500,
    roundingMinor: 4,
    cashMinor: 28_504,
    paidInMinor: 5_000,
    paidOutMinor: 1_200,
    dropMinor: 10_000,
    noSales: 2,
    firstReceiptNo: 'T01-000001',
    lastReceiptNo: 'T01-000004',
    tenders: [
      { kind: 'cash', count: 3, amountMinor: 28_504 },
      { kind: 'card', count: 2, amountMinor: 12_345 },
    ],
  },
};

function docs(locale: Locale, profile: PrinterProfile): Record<string, ReceiptDoc> {
  const store = STORES[locale];
  const [water, apples, matches] = GOODS[locale];
  const pack = { batch: 'A1', expiry: '2026-12-31' };
  const basket = aBasket([
    { item: anItem({ name: water }), qty: 3, pack },
    { item: aWeighedItem({ name: apples }), weightG: 1_234 },
    { item: anItem({ sku: 'M', name: `${matches}\u001b@\u0007\n` }) },
  ]);
  const tier = { ...aTier(), name: locale === 'en' ? 'Gold' : '金卡' };
  const sale = { ...aSale({ basket, store, tier }), proof: 'A'.repeat(85).concat('Q') };
  const back = aReturn(sale, { wanted: [{ lineNo: 1, qty: 1 }] });
  const refund = aSale({ basket: back, store, receiptSeq: 124 });
  const onto = addLine(back, anAddition({ item: anItem({ sku: 'T', name: apples, priceMinor: 5_000 }) }), {
    merge: false,
  });
  if (!onto.ok) throw new Error(onto.error.kind);
  const exchange = aSale({ basket: onto.value.basket, store, receiptSeq: 125 });
  const receipt = (of: Sale, more: object = {}) =>
    receiptOf({
      sale: of,
      store,
      atMs: AT_MS,
      businessDate: '2026-11-21',
      cashierName: '01',
      entryHash: '8f3a22c1'.padEnd(64, '0'),
      memberTail: '0016',
      copy: false,
      ...more,
    });
  const facts = { store, tillCode: 'T01', cashierId: '01', atMs: AT_MS, copy: false };
  const blind = { expectedCashMinor: null, countedCashMinor: null, differenceMinor: null };
  const consents = [
    { purpose: 'membership', textVersion: '2026-1', granted: true },
    { purpose: 'sms', textVersion: '2026-1', granted: false },
  ];
  return {
    sale: receipt(sale),
    'sale, copy': receipt(sale, { copy: true }),
    refund: receipt(refund),
    exchange: receipt(exchange),
    gift: receipt(sale, { gift: true }),
    x: shiftSlip({ ...REPORT, kind: 'x', ...blind }, facts),
    z: shiftSlip(REPORT, facts),
    hold: holdSlip({ holdId: anId(5), label: '12', basket }, facts),
    'cash out': cashMovedSlip({ kind: 'paid_out', amountMinor: 1_200, reason: 'stamps' }, facts),
    drawer: drawerOpenedSlip('change', facts),
    member: memberSlip(
      {
        memberId: anId(9),
        cardNo: 'P123456789012',
        storeId: store.id,
        personalId: anId(8),
        commitment: '0'.repeat(64),
        consents,
      },
      facts,
    ),
    test: testSlip({
      locale,
      tillCode: 'T01',
      storeName: store.name,
      symbol: store.currency.symbol,
      timeZone: store.timeZone,
      atMs: AT_MS,
      printer: profile,
    }),
  };
}

describe.each(['zh-CN', 'zh-TW', 'en'] as const)('%s', (locale) => {
  test.each([
    [58, 32],
    [80, 48],
  ])('on %i mm: twelve slips, each whole, no line over the paper', async (width, columns) => {
    const profile = { ...printerProfile(PROFILES[locale])!, columns };
    const papers = Object.entries(docs(locale, profile)).map(([name, doc]) => {
      const bytes = printBytes(doc, profile);
      const printer = new VirtualPrinter(profile);
      const { slips, kicks } = printer.feed(bytes);
      expect(slips, name).toHaveLength(1);
      if (SHOTS) writeFileSync(`${SHOTS}/${locale}.${width}.${name.replace(/\W+/g, '-')}.svg`, slips[0]!.svg);
      const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
      const drawer = kicks.length > 0 ? ', opens the drawer' : '';
      return `==== ${name}: ${bytes.length} bytes, sha256 ${hash}${drawer}\n${slips[0]!.text.trimEnd()}\n`;
    });
    await expect(papers.join('\n')).toMatchFileSnapshot(`../fixtures/devices/slips.${locale}.${width}.txt`);
  });
});
