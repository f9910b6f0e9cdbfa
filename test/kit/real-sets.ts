/**
 * Two real sets as the orders that a web shop would send: Online Retail (UCI, CC BY 4.0) and CDNOW's calibration sample.
 *
 * `REAL_SETS=all` takes them whole; else their first purchases.
 */
import { existsSync, readFileSync } from 'node:fs';
import { parseMinor } from '../../src/core/money.ts';
import { readSalesFile } from '../../src/tools/sales-file.ts';
import type { Bought } from './plain-rfm.ts';

const DATA = new URL('../../../shared/data/', import.meta.url);
export const RETAIL = new URL('online-retail/transactions.csv.gz', DATA);
export const CDNOW = new URL('cdnow/sample-calibration.csv', DATA);
export const HAS_REAL_SETS = existsSync(RETAIL) && existsSync(CDNOW);
const WHOLE = process.env.REAL_SETS === 'all';

/** A purchase, and the order that brings it. */
export interface RealPurchase extends Bought {
  readonly order: {
    readonly channel: string;
    readonly externalId: string;
    readonly memberId: string | null;
  };
}

const STORE = {
  tax: { mode: 'inclusive', rounding: 'document', rates: [{ code: 'S', rateBp: 0 }] },
  cash: { cashStepMinor: 1, cashRounding: 'nearest' },
  ...{ notesMinor: [500], templates: [], address: [], footer: [], mergeSameItem: true },
  ...{ locale: 'en', timeZone: 'UTC' },
};

/** A store a set, each of its own currency: two books in one chain. */
export const REAL_STORES = [
  { ...STORE, id: 'UK', name: 'Online Retail', currency: { code: 'GBP', digits: 2, symbol: '£' } },
  { ...STORE, id: 'US', name: 'CDNOW', currency: { code: 'USD', digits: 2, symbol: '$' } },
];

/** Receipts of goods: the reader leaves out postage, charges and what cost nothing. */
export async function retailPurchases(most = 1_000): Promise<RealPurchase[]> {
  const { receipts } = await readSalesFile(RETAIL.pathname, WHOLE ? undefined : most);
  return receipts.map((receipt): RealPurchase => {
    const { invoiceNo, kind, atMs, customerId, lines } = receipt;
    const sign = kind === 'sale' ? 1 : -1;
    const totalMinor = sign * lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
    const memberId = customerId === null ? null : `UK${customerId}`;
    return {
      ...{ memberId, kind, totalMinor, on: new Date(atMs).toISOString().slice(0, 10) },
      order: orderOf({ storeId: 'UK', currency: 'GBP', externalId: invoiceNo, atMs, memberId, totalMinor }, [
        ...lines.map(({ stockCode, description, quantity, unitPriceMinor }) => ({
          ...{ sku: stockCode, name: description.trim() || stockCode, qty: sign * quantity, unitPriceMinor },
        })),
      ]),
    };
  });
}

/** Days without a clock time: noon. */
export function cdnowPurchases(most = 700): RealPurchase[] {
  const lines = readFileSync(CDNOW, 'utf8').trim().split(/\r?\n/).slice(1);
  return lines.slice(0, WHOLE ? undefined : most).map((line, index): RealPurchase => {
    const [customer, , on, , amount] = line.split(',') as [string, string, string, string, string];
    const totalMinor = parseMinor(amount, 2);
    if (totalMinor === null) throw new Error(`no amount: ${line}`);
    const [memberId, atMs] = [`US${customer}`, Date.parse(`${on}T12:00:00Z`)];
    const facts = {
      storeId: 'US',
      currency: 'USD',
      externalId: `cdnow-${index}`,
      atMs,
      memberId,
      totalMinor,
    };
    const goods = [{ sku: 'CD', name: 'Compact discs', qty: 1, unitPriceMinor: totalMinor }];
    return { memberId, on, kind: 'sale', totalMinor, order: orderOf(facts, goods) };
  });
}

function orderOf(
  facts: {
    readonly storeId: string;
    readonly currency: string;
    readonly externalId: string;
    readonly atMs: number;
    readonly memberId: string | null;
    readonly totalMinor: number;
  },
  lines: readonly object[],
) {
  const { totalMinor, externalId } = facts;
  // What was a gift is paid by nothing.
  const paid = { kind: 'voucher', amountMinor: totalMinor, voucherNo: externalId };
  return { channel: 'web', ...facts, lines, tenders: totalMinor === 0 ? [] : [paid] };
}
