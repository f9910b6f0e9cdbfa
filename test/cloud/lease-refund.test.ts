/** Refund rights from end to end: what one till sold and another pays back, by HQ's word; what no line, no seller and no right do. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import { homeLeaseId, rightKey } from '../../src/core/lease.ts';
import { receiptOf } from '../../src/core/receipt.ts';
import { receiptQr, type SignReceipt } from '../../src/core/receipt-token.ts';
import { receiptSvg } from '../../src/devices/print.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

interface Open {
  readonly till: TestTill;
  readonly client: TillClient;
}

let cloud: TestCloud;
let seller: Open;
let other: Open;
const folders: string[] = [];

const open = async (folder: string): Promise<Open> => {
  const till = await openTill(folder, { openPrinter: null });
  const client = await till.client();
  await until(() => till.till.link!.status.state === 'online', 'it is online');
  return { till, client };
};

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folders.push(
    await aTillFolder(cloud, { code: 'F1' }),
    await aTillFolder(cloud, { code: 'F2', storeId: 'S02' }),
  );
  [seller, other] = [await open(folders[0]!), await open(folders[1]!)];
  await until(() => other.till.till.catalog.store !== null, 'the feed');
});
afterAll(async () => {
  await seller.till.stop();
  await other.till.stop();
  await cloud.close();
});

const settled = async ({ till: { till } }: Open): Promise<void> => {
  await until(() => till.link!.ackedSeq === till.journal.head.seq, 'HQ has all');
  await cloud.books.settled();
};

/** @returns the sale, and the code on its receipt */
async function sold(
  qty: number,
): Promise<{ saleId: string; entry: JournalEntry & { kind: 'sale' }; qr: string }> {
  const { client, till } = seller;
  await client.call('addItem', { sku: 'T1002', qty });
  const { basket, payment } = client.view;
  await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  const { seq } = till.till.projections.saleById(basket.id)!;
  const { entry } = till.till.journal.at(seq)!;
  if (entry.kind !== 'sale') throw new Error('a sale');
  await settled(seller);
  return {
    saleId: basket.id,
    entry,
    qr: receiptQr(entry.body, entry.businessDate, till.till.returns.sign)!.text,
  };
}

/** @param receipt what is scanned: the code, or at its own till the number */
const bring = ({ client }: Open, receipt: string, qty: number) =>
  client.call('returnLines', { receipt, lines: [{ lineNo: 1, qty }] });

async function payBack({ client }: Open): Promise<void> {
  const { basket } = client.view;
  const { id: tenderId } = await client.call('newId', {});
  await client.call('payBack', { basketId: basket.id, totalMinor: basket.totalMinor, tenderId, to: 'cash' });
}

const backsOf = ({ client }: Open) => client.view.basket.lines.map(({ qty, back }) => [qty, back?.from]);

async function account(saleId: string): Promise<{ leased: number; leases: string[] }> {
  const key = rightKey.refund({ saleId, lineNo: 1 });
  const [row] = await cloud.db.query<{ leased: number }>('select leased from right_balance where key = $1', [
    key,
  ]);
  const rows = await cloud.db.query<{ state: string }>(
    'select state from lease where key = $1 order by granted_at, lease_id',
    [key],
  );
  return { leased: row!.leased, leases: rows.map(({ state }) => state) };
}

const alerts = () =>
  cloud.db.query(
    "select kind, detail from sale_alert where kind in ('overspent_right', 'unknown_lease', 'lease_differs', 'over_refund')",
  );

describe('3 bath towels sold at one till', () => {
  let saleId: string;
  let qr: string;
  beforeAll(async () => {
    ({ saleId, qr } = await sold(3));
  });

  test('another store pays 1 back by right of a lease: the seller has given the line away, in its journal', async () => {
    await bring(other, qr, 1);
    expect(backsOf(other)).toEqual([[-1, 'lease']]);
    const line = { saleId, lineNo: 1 };
    expect(seller.till.till.rights.isGivenAway(line)).toBe(true);
    const given = [...seller.till.till.journal.range(1, seller.till.till.journal.head.seq)].at(-1);
    expect(given).toMatchObject({
      kind: 'right_returned',
      body: { why: 'recall', rights: [{ leaseId: homeLeaseId(line), amount: 3 }] },
    });
    await payBack(other);
    await settled(other);
    expect(await account(saleId)).toMatchObject({ leased: 0 });
    // Nothing of it counts as paid on trust.
    expect(other.till.till.journal.head.seq).toBe(other.till.till.link!.ackedSeq);
  });

  test('the seller asks like anybody now: 1 of the 2 that are left; then 2 are refused for the 1 that is left', async () => {
    await bring(seller, qr, 1);
    expect(backsOf(seller)).toEqual([[-1, 'lease']]);
    await payBack(seller);
    await settled(seller);
    await expect(bring(other, qr, 2)).rejects.toMatchObject({
      error: { kind: 'over_refund', lineNo: 1, qtyLeft: 1 },
    });
  });

  test('goods that stay with the customer after all: the right goes back, and the other till gets it', async () => {
    await bring(other, qr, 1);
    await other.client.call('clearBasket', {});
    await until(async () => {
      await settled(other);
      return (await account(saleId)).leased === 0;
    }, 'it is given back');
    await bring(seller, qr, 1);
    await payBack(seller);
    await settled(seller);
  });

  test('when all 3 are back nobody pays a fourth, on line: `over_refund`, 0 left; HQ has found nothing wrong', async () => {
    for (const at of [other, seller]) {
      await expect(bring(at, qr, 1)).rejects.toMatchObject({ error: { kind: 'over_refund', qtyLeft: 0 } });
    }
    const [row] = await cloud.db.query<{ qty: number }>(
      'select sum(qty)::bigint as qty from return_line where original_sale_id = $1',
      [saleId],
    );
    expect(row!.qty).toBe(3);
    expect(await alerts()).toEqual([]);
  });
});

test('the receipt that HQ shows is the till’s but for the signature, which is HQ’s: another till takes it, and nobody else’s', async () => {
  const { saleId, entry } = await sold(1);
  const detail = await cloud.client.get(`/api/v1/sales/${saleId}`);
  const { receiptSvg: svg } = detail as { receiptSvg: string };
  const { till } = seller.till;
  const facts = till.receiptFacts(till.saleAt(entry.seq)!, false)!;
  const signedBy =
    (key: { sign: (statement: Uint8Array) => string }): SignReceipt =>
    (statement) =>
      Buffer.from(key.sign(statement), 'base64').toString('base64url');
  expect(svg).toBe(receiptSvg(receiptOf({ ...facts, sign: signedBy(cloud.cloudKey) })));
  expect(svg).not.toBe(receiptSvg(receiptOf(facts)));
  const copyBy = (key: Parameters<typeof signedBy>[0]) =>
    receiptQr(entry.body, entry.businessDate, signedBy(key))!.text;
  const found = await other.client.call('findSale', { receiptNo: copyBy(cloud.cloudKey) });
  expect(found).toMatchObject({ from: 'token', saleId });
  const stranger = copyBy(other.till.till.deviceKey);
  expect(await other.client.refusal('findSale', { receiptNo: stranger })).toEqual({ kind: 'receipt_forged' });
});

describe('a seller that cannot be asked', () => {
  test('is off, having paid 1 of 3 back itself: the other till pays on the signed receipt alone; 2 stay reserved, not 3', async () => {
    const { saleId, qr } = await sold(3);
    await bring(seller, qr, 1);
    await payBack(seller);
    await settled(seller);
    await seller.till.stop();
    await bring(other, qr, 1);
    expect(backsOf(other)).toEqual([[-1, 'token']]);
    await other.client.call('clearBasket', {});
    expect(await account(saleId)).toEqual({ leased: 2, leases: ['held'] });
    seller = await open(folders[0]!);
  });

  test('is cut off: what it holds is frozen until a manager writes it off; then another till gets it', async () => {
    const { saleId, qr } = await sold(1);
    await seller.till.stop();
    const { tillId } = seller.till.till.identity;
    await cloud.client.post(`/api/v1/tills/${tillId}/revoke`, {});
    await bring(other, qr, 1);
    expect(backsOf(other)).toEqual([[-1, 'token']]);
    await other.client.call('clearBasket', {});
    const leaseId = homeLeaseId({ saleId, lineNo: 1 });
    expect(await cloud.client.post(`/api/v1/leases/${leaseId}/write-off`, { reason: 'stolen' })).toEqual({
      freed: 1,
    });
    await bring(other, qr, 1);
    expect(backsOf(other)).toEqual([[-1, 'lease']]);
    await payBack(other);
    await settled(other);
    expect(await account(saleId)).toMatchObject({ leased: 0 });
    expect(await alerts()).toEqual([]);
  });
});
