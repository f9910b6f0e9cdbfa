/**
 * The shop of a replay: stores, goods and members made from a sales file.
 */
import { memberCardNo } from '../core/barcode.ts';
import { checkDigit } from '../core/gtin.ts';
import type { Item } from '../core/item.ts';
import type { Store } from '../core/store.ts';
import type { World } from './demo-world.ts';
import type { FileReceipt } from './sales-file.ts';

export function replayWorld(receipts: readonly FileReceipt[], storeCount: number): World {
  const customers = new Set(receipts.flatMap(({ customerId }) => (customerId === null ? [] : [customerId])));
  return {
    stores: Array.from({ length: storeCount }, (_, index) => replayStore(index + 1)),
    tiers: [{ id: 'member', name: 'Member', rank: 1, discountBp: 0 }],
    items: itemsOf(receipts),
    members: [...customers].sort().map((id) => ({
      id: customerMemberId(id),
      cardNo: memberCardNo(Number(id)),
      name: `Customer ${id}`,
      phone: null,
      tierId: 'member',
    })),
  };
}

export function customerMemberId(customerId: string): string {
  return `customer-${customerId}`;
}

function replayStore(number: number): Store {
  return {
    id: `R${number}`,
    name: `Replay store ${number}`,
    locale: 'en',
    timeZone: 'UTC',
    currency: { code: 'GBP', digits: 2, symbol: '£' },
    tax: { mode: 'inclusive', rounding: 'line', rates: [{ code: 'vat', rateBp: 2000 }] },
    cash: { cashStepMinor: 1, cashRounding: 'nearest' },
    notesMinor: [500, 1000, 2000, 5000],
    templates: [],
    address: [],
    footer: [],
    // One line of the file is one line of the receipt.
    mergeSameItem: false,
  };
}

/** Goods with in-store numbers (prefix 20), since the file has none; the price most often paid is the list price. */
function itemsOf(receipts: readonly FileReceipt[]): Item[] {
  const seen = new Map<string, { name: string; prices: Map<number, number> }>();
  for (const { lines } of receipts) {
    for (const { stockCode, description, unitPriceMinor } of lines) {
      const item = seen.get(stockCode) ?? { name: '', prices: new Map<number, number>() };
      if (item.name === '') item.name = description;
      item.prices.set(unitPriceMinor, (item.prices.get(unitPriceMinor) ?? 0) + 1);
      seen.set(stockCode, item);
    }
  }
  return [...seen].map(([sku, { name, prices }], index) => ({
    sku,
    name: name === '' ? sku : name,
    gtins: [inStoreGtin(index + 1)],
    unit: 'each',
    priceMinor: [...prices].sort((a, b) => b[1] - a[1] || a[0] - b[0])[0]![0],
    taxCode: 'vat',
  }));
}

function inStoreGtin(number: number): string {
  const body = `020${String(number).padStart(10, '0')}`;
  return body + checkDigit(body);
}
