/** Practice slips: marked above and below, no code, no drawer. */
import { expect, test } from 'vitest';
import { LOCALES } from '../../src/core/item.ts';
import { practiceSlip } from '../../src/core/practice.ts';

test.each(LOCALES)('in %s: marked twice, without QR and barcode, the drawer stays shut', (locale) => {
  const doc = practiceSlip({
    locale,
    openDrawer: true,
    blocks: [
      { type: 'text', text: 'a' },
      { type: 'qr', data: 'x' },
      { type: 'barcode', data: 'y' },
    ],
  });
  expect(doc.openDrawer).toBe(false);
  expect(doc.blocks.map(({ type }) => type)).toEqual(['text', 'text', 'text']);
  expect(doc.blocks[0]).toEqual(doc.blocks[2]);
  expect(doc.blocks[0]).toMatchObject({ size: 2, bold: true });
});
