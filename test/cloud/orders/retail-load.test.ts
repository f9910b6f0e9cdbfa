/**
 * Real sales of a year through the public orders endpoint: what HQ says equals the file to the penny, by day and by member.
 *
 * The first receipts of Online Retail; `RETAIL_RECEIPTS=all` takes every one.
 */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { provePurchases } from '../../../cloud/segments/rollup.ts';
import { localDate } from '../../../src/core/shift.ts';
import { type FileReceipt, readSalesFile } from '../../../src/tools/sales-file.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';

const RETAIL = new URL('../../../../shared/data/online-retail/transactions.csv.gz', import.meta.url);
const RECEIPTS = process.env.RETAIL_RECEIPTS === 'all' ? Number.MAX_SAFE_INTEGER : 1_200;
const BATCH = 400;
const STORE = {
  ...{
    id: 'UK',
    name: 'Online',
    locale: 'en',
    timeZone: 'Europe/London',
    currency: { code: 'GBP', digits: 2, symbol: '£' },
  },
  tax: { mode: 'inclusive', rounding: 'document', rates: [{ code: 'S', rateBp: 2_000 }] },
  cash: { cashStepMinor: 1, cashRounding: 'nearest' },
  ...{ notesMinor: [500], templates: [], address: [], footer: [], mergeSameItem: true },
};

const totalOf = ({ kind, lines }: FileReceipt) =>
  (kind === 'sale' ? 1 : -1) * lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);

function orderOf(receipt: FileReceipt): object {
  const sign = receipt.kind === 'sale' ? 1 : -1;
  const totalMinor = totalOf(receipt);
  return {
    ...{ channel: 'web', externalId: receipt.invoiceNo, storeId: 'UK', atMs: receipt.atMs, currency: 'GBP' },
    memberId: receipt.customerId,
    lines: receipt.lines.map(({ stockCode, description, quantity, unitPriceMinor }) => ({
      ...{ sku: stockCode, name: description.trim() || stockCode, qty: sign * quantity, unitPriceMinor },
    })),
    ...{ tenders: [{ kind: 'voucher', amountMinor: totalMinor, voucherNo: receipt.invoiceNo }], totalMinor },
  };
}

function sums(
  receipts: readonly FileReceipt[],
  key: (receipt: FileReceipt) => string | null,
): Map<string, number> {
  const totals = new Map<string, number>();
  for (const receipt of receipts) {
    const name = key(receipt);
    if (name !== null) totals.set(name, (totals.get(name) ?? 0) + totalOf(receipt));
  }
  return totals;
}

describe.skipIf(!existsSync(RETAIL))('Online Retail', () => {
  let cloud: TestCloud;
  let receipts: readonly FileReceipt[];
  const engine = ENGINES.at(-1)!;
  beforeAll(async () => {
    cloud = await openCloud(engine, { world: null });
    receipts = (await readSalesFile(RETAIL.pathname)).receipts.slice(0, RECEIPTS);
    await cloud.client.put('/api/v1/stores', { stores: [STORE] });
    await cloud.client.put('/api/v1/tiers', {
      tiers: [{ id: 'member', name: 'Member', rank: 1, discountBp: 0 }],
    });
    const ids = [...new Set(receipts.flatMap(({ customerId }) => customerId ?? []))];
    await cloud.client.put('/api/v1/members', {
      members: ids.map((id) => ({
        id,
        cardNo: `UK${id}`,
        name: `Buyer ${id}`,
        phone: null,
        tierId: 'member',
      })),
    });
  });
  afterAll(() => cloud.close());

  const send = async () => {
    const done = { placed: 0, repeated: 0, refused: [] as object[] };
    for (let from = 0; from < receipts.length; from += BATCH) {
      const orders = receipts.slice(from, from + BATCH).map(orderOf);
      const part = (await cloud.client.post('/api/v1/orders/bulk', { orders })) as typeof done;
      done.placed += part.placed;
      done.repeated += part.repeated;
      done.refused.push(...part.refused);
    }
    return done;
  };

  test('every receipt is placed once; sent again nothing happens', async () => {
    expect(await send()).toEqual({ placed: receipts.length, repeated: 0, refused: [] });
    expect(await send()).toEqual({ placed: 0, repeated: receipts.length, refused: [] });
    const rows = await cloud.db.query<{ n: number; channels: string[] }>(
      'select count(*) as n, array_agg(distinct channel) as channels from sale',
    );
    expect(rows).toEqual([{ n: receipts.length, channels: ['web'] }]);
  });

  test('the day’s totals are those of the file to the penny', async () => {
    const { days } = (await cloud.client.get('/api/v1/figures/store-days?storeId=UK')) as {
      days: { businessDate: string; totalMinor: number }[];
    };
    const ours = days.map(({ businessDate, totalMinor }) => [businessDate, totalMinor] as const);
    const file = sums(receipts, ({ atMs }) => localDate(atMs, 'Europe/London'));
    expect(new Map(ours)).toEqual(file);
  });

  test('each member’s total is that of the file, and what is kept is what is added up again', async () => {
    const rows = await cloud.db.query<{ member_id: string; net_minor: number }>(
      'select member_id, net_minor from member_purchase',
    );
    const file = sums(receipts, ({ customerId }) => customerId);
    expect(new Map(rows.map(({ member_id, net_minor }) => [member_id, net_minor]))).toEqual(file);
    expect((await provePurchases(cloud.db)).differences).toBe(0);
  });

  test('the books take every one without an alert', async () => {
    await cloud.books.settled();
    expect(await cloud.db.query('select kind, detail from sale_alert limit 3')).toEqual([]);
    expect(await cloud.db.query('select 1 from books_cursor where through_seq < head_seq')).toEqual([]);
  });
});
