/**
 * Practice slips: what a till prints in training. They look like the real thing and cannot be taken for it.
 */
import type { Locale } from './item.ts';
import type { ReceiptBlock, ReceiptDoc } from './receipt.ts';

const WORDS: Readonly<Record<Locale, string>> = {
  'zh-CN': '训练 · 不是销售凭证',
  'zh-TW': '訓練 · 非銷售憑證',
  en: 'TRAINING - NOT A RECEIPT',
};

/** Marked above and below, and the drawer stays shut: no money changes hands. */
export function practiceSlip(doc: ReceiptDoc): ReceiptDoc {
  const mark: ReceiptBlock = {
    type: 'text',
    text: WORDS[doc.locale],
    align: 'center',
    size: 2,
    bold: true,
  };
  // A code that can be scanned is what makes a slip worth something: none is left.
  const blocks = doc.blocks.filter(({ type }) => type !== 'qr' && type !== 'barcode');
  return { ...doc, openDrawer: false, blocks: [mark, ...blocks, mark] };
}
