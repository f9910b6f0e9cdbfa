/**
 * Test slips: what a person prints to see that a printer is set up right: its width, its letters, its codes.
 *
 * Pure.
 */
import type { Locale } from './item.ts';
import type { ReceiptBlock, ReceiptDoc } from './receipt.ts';
import { localDateTime } from './shift.ts';

export interface TestSlipFacts {
  readonly locale: Locale;
  readonly tillCode: string;
  readonly storeName: string;
  readonly symbol: string;
  readonly timeZone: string;
  readonly atMs: number;
  readonly printer: { readonly id: string; readonly columns: number; readonly encoding: string };
}

export function testSlip(facts: TestSlipFacts): ReceiptDoc {
  const { locale, tillCode, storeName, symbol, timeZone, atMs, printer } = facts;
  const words = WORDS[locale];
  const pair = (left: string, right: string): ReceiptBlock => ({ type: 'pair', left, right });
  const text = (line: string): ReceiptBlock => ({ type: 'text', text: line });
  return {
    locale,
    openDrawer: false,
    blocks: [
      { type: 'text', text: words.title, align: 'center', size: 2, bold: true },
      { type: 'text', text: `${storeName} ${tillCode}`.trim(), align: 'center' },
      pair(words.printer, printer.id),
      pair(words.encoding, printer.encoding),
      pair(words.time, localDateTime(atMs, timeZone)),
      { type: 'rule' },
      // Full to the last column on one line, or the width is wrong.
      text(ruler(printer.columns)),
      text(words.width(printer.columns)),
      { type: 'rule' },
      text('ABCDEFGHIJKLMNOPQRSTUVWXYZ'),
      text('abcdefghijklmnopqrstuvwxyz'),
      text('0123456789 !"#$%&\'()*+,-./:;<=>?@[]^_`{|}~'),
      text('收银 会员 积分 优惠 退货 找零'),
      text('收銀 會員 點數 優惠 退貨 找零'),
      text('éèüß ñ € ¥ £'),
      pair(words.rare, '堃喆镕 㐱'),
      pair(words.amount, `${symbol}1,234.56`),
      { type: 'text', text: words.bold, bold: true },
      { type: 'barcode', data: tillCode },
      { type: 'qr', data: `https://example.com/${tillCode}` },
      { type: 'text', text: words.check, align: 'center' },
    ],
  };
}

/** `1234567890` over and over. */
function ruler(columns: number): string {
  return Array.from({ length: columns }, (_, index) => (index + 1) % 10).join('');
}

interface Words {
  readonly title: string;
  readonly printer: string;
  readonly encoding: string;
  readonly time: string;
  readonly width: (columns: number) => string;
  readonly rare: string;
  readonly amount: string;
  readonly bold: string;
  readonly check: string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    title: '测试小票',
    printer: '打印机',
    encoding: '编码',
    time: '时间',
    width: (columns) => `上面应是 ${columns} 个数字，正好一行`,
    rare: '生僻字',
    amount: '金额',
    bold: '加粗 BOLD',
    check: '字迹清楚、条码能扫，就设好了',
  },
  'zh-TW': {
    title: '測試單',
    printer: '印表機',
    encoding: '編碼',
    time: '時間',
    width: (columns) => `上面應是 ${columns} 個數字，正好一行`,
    rare: '罕用字',
    amount: '金額',
    bold: '粗體 BOLD',
    check: '字跡清楚、條碼掃得到，就設好了',
  },
  en: {
    title: 'TEST SLIP',
    printer: 'Printer',
    encoding: 'Encoding',
    time: 'Time',
    width: (columns) => `Above: ${columns} digits on just one line`,
    rare: 'Rare characters',
    amount: 'Amount',
    bold: 'Bold',
    check: 'Clear letters and codes that scan: all is set',
  },
};
