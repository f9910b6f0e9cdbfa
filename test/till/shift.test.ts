/** Shifts, holds and the open basket over the real API: what is counted, what survives, what is said twice. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyFile } from '../../src/tools/verify.ts';
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
  folder = await aTillFolder(cloud, { code: 'S01' });
  till = await openTill(folder);
  client = await till.client();
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

/** Ends the till without any farewell of its basket, and starts it on the same folder. */
async function restart(): Promise<void> {
  await till.stop();
  till = await openTill(folder);
  client = await till.client();
}

describe('a shift', () => {
  test('without one, cash cannot be moved and there is no X', async () => {
    await expect(client.call('moveCash', { kind: 'drop', amountMinor: 100, reason: 'safe' })).rejects.toThrow(
      'no_shift',
    );
    await expect(client.call('readShift', {})).rejects.toThrow('no_shift');
  });

  test('float 200.00, a sale of 30.00, 50.00 dropped: X counts them and hides what the drawer should hold', async () => {
    await client.call('openShift', { floatMinor: 20_000 });
    expect(client.view.shift).toMatchObject({ zNo: 1, floatMinor: 20_000 });
    await expect(client.call('openShift', { floatMinor: 0 })).rejects.toThrow('shift_open');
    await sell(client, ['T1001', 'T1001']);
    await client.call('moveCash', { kind: 'drop', amountMinor: 5_000, reason: '保险柜' });
    await client.call('openDrawer', { reason: '换零' });
    const x = await client.call('readShift', {});
    expect(x).toMatchObject({ kind: 'x', expectedCashMinor: null });
    expect(x.totals).toMatchObject({
      sales: 1,
      totalMinor: 3_000,
      cashMinor: 3_000,
      dropMinor: 5_000,
      noSales: 1,
    });
  });

  test('is open again after a restart', async () => {
    await restart();
    expect(client.view.shift).toMatchObject({ zNo: 1, floatMinor: 20_000 });
  });

  test('closed with 179.50 counted of 180.00: Z 1 is 0.50 short; said twice it is the same Z; it prints', async () => {
    const { shiftId } = client.view.shift!;
    const counted = [
      { valueMinor: 10_000, count: 1 },
      { valueMinor: 50, count: 159 },
    ];
    const z = await client.call('closeShift', { shiftId, counted });
    expect(z).toMatchObject({
      kind: 'z',
      zNo: 1,
      expectedCashMinor: 18_000,
      countedCashMinor: 17_950,
      differenceMinor: -50,
    });
    expect(await client.call('closeShift', { shiftId, counted: [] })).toEqual(z);
    expect(client.view.shift).toBeNull();
    await until(() => till.slips.some(({ text }) => text.includes('Z 报表 1')), 'the Z slip');
    const slip = till.slips.find(({ text }) => text.includes('Z 报表 1'))!.text;
    expect(slip).toMatch(/长短款\s+-0\.50/);
  });

  test('a sale after the Z is in no shift, and the Z stays as it was', async () => {
    const [before] = await client.call('zReports', { limit: 5 });
    await sell(client, ['T1002']);
    expect(await client.call('zReports', { limit: 5 })).toEqual([before]);
    await client.call('openShift', { floatMinor: 0 });
    expect(client.view.shift?.zNo).toBe(2);
    expect((await client.call('readShift', {})).totals.sales).toBe(0);
  });

  test('all of it reaches HQ: nothing is set aside, the chain is whole', async () => {
    await until(() => client.view.sync.unsent === 0, 'the acknowledgement');
    expect(await cloud.db.query('select * from quarantine')).toEqual([]);
    const kinds = await cloud.db.query<{ kind: string }>(
      'select distinct kind from journal_entry order by kind',
    );
    expect(kinds.map(({ kind }) => kind)).toEqual([
      'cash_moved',
      'drawer_opened',
      'journal_opened',
      'sale',
      'shift_closed',
      'shift_opened',
    ]);
    expect((await verifyFile(folder)).broken).toBeNull();
  });
});

describe('a basket on disk', () => {
  test('the open basket and its member are there after a restart, under the same id', async () => {
    const [hit] = await client.call('searchMembers', { text: '13800001007', limit: 1 });
    await client.call('setMember', { memberId: hit!.id });
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { basket } = client.view;
    await restart();
    expect(client.view.basket).toEqual(basket);
    expect(client.view.member?.id).toBe(hit!.id);
  });

  test('a paid basket does not come back', async () => {
    const { basket, payment } = client.view;
    await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
    await restart();
    expect(client.view.basket.lines).toEqual([]);
  });

  test('a basket that came to another total than the customer was shown is not paid', async () => {
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { basket } = client.view;
    const shown = { basketId: basket.id, amountMinor: 10_000, totalMinor: basket.totalMinor + 1 };
    await expect(client.call('payCash', shown)).rejects.toThrow('basket_changed');
    expect(client.view.basket.lines).toHaveLength(1);
    await client.call('clearBasket', {});
  });

  test('a hold outlives a restart, comes back onto an empty counter only, and only once', async () => {
    await client.call('addItem', { sku: 'B4001', qty: 1 });
    const { basket } = client.view;
    await client.call('hold', { label: '林小姐' });
    expect(client.view.basket.lines).toEqual([]);
    await restart();
    const [hold] = client.view.holds;
    expect(hold).toMatchObject({ label: '林小姐', pieces: 1, grossMinor: 14_800 });
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await expect(client.call('recall', { holdId: hold!.holdId })).rejects.toThrow('basket_not_empty');
    await client.call('clearBasket', {});
    await client.call('recall', { holdId: hold!.holdId });
    expect(client.view.basket).toMatchObject({ id: basket.id, totalMinor: 14_800 });
    expect(client.view.holds).toEqual([]);
    await expect(client.call('dropHold', { holdId: hold!.holdId })).rejects.toThrow('unknown_hold');
    await client.call('clearBasket', {});
  });

  test('an empty basket cannot be parked, nor one that is being paid', async () => {
    await expect(client.call('hold', { label: 'x' })).rejects.toThrow('empty_basket');
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 100 });
    await expect(client.call('hold', { label: 'x' })).rejects.toThrow('paying');
    await client.call('clearTenders', {});
    await client.call('clearBasket', {});
  });
});
