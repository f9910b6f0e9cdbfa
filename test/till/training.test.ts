/** Training: everything looks as it is, nothing counts. */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
let till: TestTill;
let client: TillClient;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'TR1' });
  till = await openTill(folder);
  client = await till.client();
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

async function restart(): Promise<void> {
  await till.stop();
  till = await openTill(folder);
  client = await till.client();
}
const head = () => till.till.journal.head.seq;

test('is not switched with goods on the basket', async () => {
  await client.call('openShift', { floatMinor: 0 });
  await sell(client, ['T1001']);
  await client.call('addItem', { sku: 'T1001', qty: 1 });
  expect(await client.refusal('setTraining', { on: true })).toEqual({ kind: 'basket_not_empty' });
  await client.call('clearBasket', {});
});

test('a practised sale is shown with its change and printed as practice, and leaves no entry and no number', async () => {
  await client.call('setTraining', { on: true });
  await client.call('setTraining', { on: true });
  expect(client.view.training).toBe(true);
  const before = [head(), till.till.session.saleStamp(till.till.catalog.store!).receiptSeq];
  const kicks = till.kicks.length;
  await client.call('addItem', { sku: 'T1001', qty: 2 });
  const paid = await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 5_000 });
  expect(paid.settled).toBe(true);
  expect(client.view.lastSale).toMatchObject({
    receiptNo: 'TR1-TRAINING',
    totalMinor: 3_000,
    changeMinor: 2_000,
  });
  expect(client.view.basket.lines).toEqual([]);
  expect([head(), till.till.session.saleStamp(till.till.catalog.store!).receiptSeq]).toEqual(before);
  await until(() => till.slips.some(({ text }) => text.includes('训练')), 'the practice slip');
  expect(till.slips.filter(({ text }) => text.includes('训练'))).toHaveLength(1);
  expect(till.kicks.length).toBe(kicks);
  expect((await client.call('recentSales', { limit: 5 })).length).toBe(1);
});

test('X says nothing of it; drawer, cash, Z, holds and joining are `in_training`', async () => {
  expect((await client.call('readShift', {})).totals).toMatchObject({ sales: 1, totalMinor: 1_500 });
  await client.call('addItem', { sku: 'T1001', qty: 1 });
  const { shiftId } = client.view.shift!;
  const { id: memberId } = await client.call('newId', {});
  for (const [method, params] of [
    ['openDrawer', { reason: 'x' }],
    ['moveCash', { kind: 'drop', amountMinor: 1, reason: 'x' }],
    ['closeShift', { shiftId, counted: [] }],
    ['hold', { label: 'x' }],
    ['enrolMember', { memberId, name: 'x', phone: '13700000001', consents: [], textVersion: 'x' }],
  ] as const) {
    expect(await client.refusal(method, params)).toEqual({ kind: 'in_training' });
  }
  await client.call('clearBasket', {});
});

test('a crash does not make practice count: on before the restart, on after it, and without shop.db too', async () => {
  await restart();
  expect(client.view.training).toBe(true);
  await till.stop();
  for (const end of ['', '-wal', '-shm']) rmSync(path.join(folder, `shop.db${end}`), { force: true });
  till = await openTill(folder);
  client = await till.client();
  expect(client.view.training).toBe(true);
  await sell(client, ['T1001']);
  expect(client.view.lastSale?.receiptNo).toBe('TR1-TRAINING');
});

test('off again, the next sale takes the next number and the Z counts two sales', async () => {
  await client.call('setTraining', { on: false });
  expect(client.view.lastSale).toBeNull();
  await sell(client, ['T1001']);
  expect(client.view.lastSale?.receiptNo).toBe('TR1-000002');
  const z = await client.call('closeShift', { shiftId: client.view.shift!.shiftId, counted: [] });
  expect(z.totals).toMatchObject({ sales: 2, totalMinor: 3_000 });
  const { journal } = till.till;
  const kinds = [...journal.range(1, journal.head.seq)].map(({ kind, body }) =>
    kind === 'training' ? `training ${body.on}` : kind,
  );
  expect(kinds.filter((kind) => kind.startsWith('training'))).toEqual(['training true', 'training false']);
  await until(() => client.view.sync.unsent === 0, 'the acknowledgement');
  expect(await cloud.db.query('select count(*)::int as n from sale')).toEqual([{ n: 2 }]);
});
