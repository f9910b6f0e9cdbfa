/** An item as it is written at HQ. Pure. */
import { checkDigit } from '../../../../../src/core/gtin.ts';
import type { ItemList } from '../../../catalog-schemas.ts';

export type ItemDraft = ItemList['items'][number];

/** 8, 12, 13 or 14 digits with a right check digit. */
export function isGtin(text: string): boolean {
  if (!/^(\d{8}|\d{12,14})$/.test(text)) return false;
  const padded = text.padStart(14, '0');
  return String(checkDigit(padded.slice(0, 13))) === padded.at(-1);
}

export const NEW_ITEM: ItemDraft = {
  sku: '',
  name: '',
  gtins: [],
  unit: 'each',
  priceMinor: 0,
  taxCode: 'standard',
};
