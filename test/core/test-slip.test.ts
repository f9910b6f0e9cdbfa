import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { testSlip } from '../../src/core/test-slip.ts';

const FACTS = {
  tillCode: 'NJ01',
  storeName: '便民超市',
  symbol: '￥',
  timeZone: 'Asia/Shanghai',
  atMs: Date.parse('2026-11-22T16:41:00+08:00'),
  printer: { id: 'epson-58-gb18030', columns: 32, encoding: 'gb18030' },
};

test.each(LOCALES)(
  '%s: the ruler has as many digits as the printer has columns, and the slip says so',
  (locale) => {
    const { blocks, openDrawer } = testSlip({ ...FACTS, locale });
    const texts = blocks.flatMap((block) => (block.type === 'text' ? [block.text] : []));
    expect(texts).toContain('12345678901234567890123456789012');
    expect(texts.some((text) => text.includes('32'))).toBe(true);
    expect(openDrawer).toBe(false);
  },
);

test('both ways of writing Chinese, rare characters, a barcode and a QR code are on it', () => {
  const { blocks } = testSlip({ ...FACTS, locale: 'zh-CN' });
  const words = JSON.stringify(blocks);
  for (const sample of ['收银', '收銀', '㐱', '￥1,234.56', '"type":"barcode"', '"type":"qr"']) {
    expect(words).toContain(sample);
  }
});
