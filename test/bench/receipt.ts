/**
 * Bench `receipt`: a 40-line Chinese receipt with a QR code, from document to bytes; beside receiptline alone, which gets
 * the same words as markup that somebody else has laid out.
 */
import receiptline from 'receiptline';
import type { ReceiptBlock, ReceiptDoc } from '../../src/core/receipt.ts';
import { printBytes } from '../../src/devices/print.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { escapeMarkup, receiptMarkup } from '../../src/devices/receipt-markup.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const LINES = 40;
const GOAL_RATIO = 1.5;
const LINK = 'https://example.com/r/T01-000123';

export async function receipt({ small }: BenchOptions): Promise<BenchResult> {
  const runs = small ? 30 : 1_000;
  const profile = printerProfile('epson-80-gb18030')!;
  const doc = aLongReceipt();
  // Our markup has the code as a picture; receiptline makes its own.
  const code = `{option:qrcode,6,m;code:${escapeMarkup(LINK)}}`;
  const markup = receiptMarkup(doc, profile).markup.replace('{command:0}', code);
  const settings = { cpl: 48, encoding: 'gb18030', spacing: true, cutting: true, command: 'escpos' } as const;
  const [ours, alone]: [number[], number[]] = [[], []];
  let bytes = new Uint8Array(0);
  for (let run = 0; run < runs; run++) {
    const start = performance.now();
    const made = printBytes(doc, profile);
    const middle = performance.now();
    bytes = Buffer.from(made);
    // As bytes too: a string is not yet what a port takes.
    Buffer.from(receiptline.transform(markup, settings), 'latin1');
    const end = performance.now();
    // The first tenth warms up.
    if (run >= runs / 10) {
      ours.push(middle - start);
      alone.push(end - middle);
    }
  }
  const line = (label: string, q: number) =>
    aCase({
      bench: 'receipt',
      case: label,
      ours: quantile(ours, q),
      other: quantile(alone, q),
      otherName: 'receiptline alone',
      unit: 'ms',
      better: 'lower',
    });
  return {
    input: `${runs} receipts of ${LINES} lines in Chinese with a QR code, ${bytes.length} bytes each`,
    checksum: checksumOf([Buffer.from(bytes).toString('hex')]),
    cases: [line('p50', 0.5), line('p95', 0.95)],
    notes: [`goal: ratio at most ${GOAL_RATIO}`],
  };
}

/** Two lines an article, head and totals: forty lines, then the code. */
function aLongReceipt(): ReceiptDoc {
  const goods = Array.from({ length: 15 }, (_, index): ReceiptBlock[] => [
    { type: 'text', text: `农夫山泉饮用天然水 ${550 + index}ml` },
    { type: 'pair', left: `  ${1 + (index % 4)} × 2.00  会员价`, right: `${2 * (1 + (index % 4))}.00` },
  ]).flat();
  return {
    locale: 'zh-CN',
    openDrawer: true,
    blocks: [
      { type: 'text', text: '便民超市', align: 'center', size: 2, bold: true },
      { type: 'text', text: '长沙市岳麓区麓山南路 108 号', align: 'center' },
      { type: 'pair', left: '单号', right: 'T01-000123' },
      { type: 'pair', left: '收银员', right: '王小明' },
      { type: 'rule' },
      ...goods,
      { type: 'rule' },
      { type: 'pair', left: '合计', right: '￥72.00', size: 2, bold: true },
      { type: 'pair', left: '现金', right: '100.00' },
      { type: 'pair', left: '找零', right: '28.00' },
      { type: 'text', text: '谢谢惠顾，欢迎再来！', align: 'center' },
      { type: 'qr', data: LINK },
    ],
  };
}
