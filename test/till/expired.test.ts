/** Goods after their day, from a 2D code: kept on the line, warned of or blocked, and printed where the store asks for it. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Store } from '../../src/core/store.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { PINS, staffRows } from '../kit/staff.ts';
import { aTillFolder, feedTo, openTill, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let till: TestTill;
let client: TillClient;
let gtin: string;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  till = await openTill(await aTillFolder(cloud, { code: 'X01' }), { scanner: true });
  client = await till.client();
  gtin = till.till.catalog.itemBySku('T1001')!.gtins[0]!;
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});
beforeEach(async () => {
  await client.call('clearBasket', {});
  setStore({});
});

function setStore(more: Partial<Store>): void {
  const { expiredGoods: _, printPack: __, ...store } = till.till.catalog.store!;
  feedTo(till, [{ kind: 'store', key: store.id, data: { ...store, ...more } }]);
}

const OVER = () => `]d201${gtin}1725013110A1`;
const FRESH = () => `]d201${gtin}1730123110A1`;

test('a pack in its days is a line with batch and day, and the next of the same batch joins it; another batch does not', async () => {
  await client.call('enter', { text: FRESH() });
  await client.call('enter', { text: FRESH() });
  await client.call('enter', { text: FRESH().replace(/A1$/, 'B2') });
  await client.call('enter', { text: 'T1001' });
  expect(client.view.basket.lines.map(({ qty, pack }) => [qty, pack?.batch, pack?.expiry])).toEqual([
    [2, 'A1', '2030-12-31'],
    [1, 'B2', '2030-12-31'],
    [1, undefined, undefined],
  ]);
});

test('after its day it is sold with a warning, typed or scanned, and the journal keeps the pack', async () => {
  const entered = await client.call('enter', { text: OVER() });
  expect(entered).toMatchObject({ kind: 'line', expired: '2025-01-31' });
  const noticeId = client.view.notice?.id ?? 0;
  await till.scan(OVER());
  await until(() => (client.view.notice?.id ?? 0) > noticeId, 'the scan');
  expect(client.view.notice!.error).toEqual({ kind: 'expired_sold', expiry: '2025-01-31' });
  expect(client.view.basket.lines[0]).toMatchObject({ qty: 2, pack: { expiry: '2025-01-31', batch: 'A1' } });
  const { basket, payment } = client.view;
  await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  const sale = till.till.saleAt(till.till.journal.head.seq)!.sale;
  expect(sale.lines[0]!.pack).toEqual({ expiry: '2025-01-31', batch: 'A1' });
  await until(() => till.till.link!.ackedSeq === till.till.journal.head.seq, 'HQ takes it');
});

test('a store that blocks: refused with its code, nothing on the basket; meant and allowed, it is sold', async () => {
  setStore({ expiredGoods: 'block' });
  expect(await client.refusal('enter', { text: OVER() })).toEqual({
    kind: 'expired_goods',
    expiry: '2025-01-31',
    code: OVER(),
  });
  const before = client.view.notice?.id ?? 0;
  await till.scan(OVER());
  await until(() => (client.view.notice?.id ?? 0) > before, 'the scan');
  expect(client.view.notice!.error).toMatchObject({ kind: 'expired_goods', expiry: '2025-01-31' });
  expect(client.view.basket.lines).toEqual([]);
  // No staff list yet: anybody may.
  await client.call('enter', { text: OVER(), sellExpired: true });
  expect(client.view.basket.lines).toHaveLength(1);
});

test('batch and day are on the receipt where the store prints them, in its language, and else not', async () => {
  const slips = till.slips.length;
  const sell = async () => {
    await client.call('enter', { text: FRESH() });
    const { basket, payment } = client.view;
    await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  };
  await sell();
  // A slip is drawn when it is printed, as the store is then.
  await until(() => till.slips.length === slips + 1, 'the first receipt');
  setStore({ printPack: true });
  await sell();
  await until(() => till.slips.length === slips + 2, 'both receipts');
  expect(till.slips[slips]!.text).not.toContain('批号');
  expect(till.slips[slips + 1]!.text).toMatch(/批号 +A1\n.*有效期至 +2030-12-31/);
});

test('who may not sell them needs somebody who may: journalled with the reason, once', async () => {
  feedTo(till, await staffRows());
  await client.call('signOn', { staffId: 'lin', pin: PINS.lin });
  setStore({ expiredGoods: 'block' });
  const enter = { text: OVER(), sellExpired: true };
  expect(await client.refusal('enter', enter)).toEqual({
    kind: 'needs_approval',
    permission: 'sell_expired',
  });
  const { approvalId } = await client.call('approve', {
    staffId: 'boss',
    pin: PINS.boss,
    permission: 'sell_expired',
    reason: 'sold to staff at the price of waste',
  });
  await client.call('enter', { ...enter, approvalId });
  expect(client.view.basket.lines[0]).toMatchObject({ approvalId, pack: { expiry: '2025-01-31' } });
  expect((await client.refusal('enter', { ...enter, approvalId })).kind).toBe('needs_approval');
});
