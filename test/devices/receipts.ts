/** Receipt documents for device tests. */
import type { ReceiptBlock, ReceiptDoc } from '../../src/core/receipt.ts';

export function aReceipt(over: Partial<ReceiptDoc> = {}): ReceiptDoc {
  return {
    locale: 'zh-CN',
    openDrawer: true,
    blocks: [
      { type: 'text', text: '便民超市', align: 'center', size: 2, bold: true },
      { type: 'text', text: '长沙市岳麓区麓山南路 108 号', align: 'center' },
      { type: 'pair', left: '单号', right: 'T01-000123' },
      { type: 'pair', left: '收银员', right: '王小明' },
      { type: 'rule' },
      { type: 'text', text: '农夫山泉饮用天然水 550ml' },
      { type: 'pair', left: '  2 × 2.00', right: '4.00' },
      { type: 'text', text: 'Milano dulce de leche <b>&"quoted"</b>' },
      { type: 'pair', left: '  1 × 10.24', right: '10.24' },
      { type: 'rule' },
      { type: 'pair', left: '合计', right: '￥14.24', size: 2, bold: true },
      { type: 'pair', left: '现金', right: '20.00' },
      { type: 'pair', left: '找零', right: '5.76' },
      { type: 'rule' },
      { type: 'text', text: '谢谢惠顾，欢迎再来！', align: 'center' },
      { type: 'barcode', data: 'T01-000123' },
      { type: 'qr', data: 'https://example.com/r/1001?a={b}|c' },
      { type: 'text', text: '凭证码 8F3A-22C1', align: 'center' },
    ],
    ...over,
  };
}

export function aReceiptOf(...blocks: ReceiptBlock[]): ReceiptDoc {
  return { locale: 'zh-CN', openDrawer: false, blocks };
}
