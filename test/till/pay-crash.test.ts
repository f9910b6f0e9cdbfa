/** A till that dies while money moves: what was approved is neither lost nor charged twice, wherever it died. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rightKey } from '../../src/core/lease.ts';
import { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import type { Parked } from '../../src/till/parking.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder } from '../kit/till.ts';
import { until } from '../kit/until.ts';
import { crash, grant, openPayTill, type PayTill, pay, publish, shopDb } from './pay-kit.ts';

let cloud: TestCloud;
let folder: string;
let terminal: VirtualTerminal;

beforeAll(async () => {
  cloud = await openCloud(QUICK, { world: smallWorld() });
  folder = await aTillFolder(cloud, { code: 'K01' });
  const first = await openPayTill(folder);
  await first.stop();
});
afterAll(async () => {
  await cloud.close();
});
beforeEach(() => {
  terminal = new VirtualTerminal({ slowMs: 200 });
});

const open = () =>
  openPayTill(folder, { terminal, sync: false, payTimes: { waitMs: 60_000, cancelMs: 60, retryMs: 20 } });
const sales = ({ till }: PayTill) => till.projections.recent(200).length;
const rows = (till: PayTill) => shopDb(till).prepare('select * from payment').all();

async function withTill<T>(work: (till: PayTill) => Promise<T>): Promise<T> {
  const till = await open();
  try {
    return await work(till);
  } finally {
    await till.stop();
  }
}

describe('killed', () => {
  test('while the customer stands at the terminal: after the restart it is asked, and the sale is made once', async () => {
    terminal.mode = 'slow';
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    const basketId = dead.client_.view.basket.id;
    const before = sales(dead);
    await pay(dead.client_, { kind: 'card', amountMinor: 3_000 });
    await crash(dead);
    await until(() => terminal.takenMinor() === 3_000, 'the bank');
    await withTill(async (till) => {
      await until(() => till.till.projections.saleById(basketId) !== null, 'the sale');
      expect([sales(till), terminal.takenMinor(), rows(till)]).toEqual([before + 1, 3_000, []]);
    });
  });

  test('before the terminal heard of it: nothing was charged, the basket is as it was', async () => {
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    await pay(dead.client_, { kind: 'card', amountMinor: 1_000 });
    await until(() => dead.client_.view.payment.tenderedMinor === 1_000, 'the card');
    shopDb(dead).prepare("update payment set state = 'asked', proof = null, request_id = 'never-sent'").run();
    shopDb(dead)
      .prepare(
        "update open_basket set data = json_set(data, '$.tenders', json('[]'), '$.tenderIds', json('[]'))",
      )
      .run();
    await crash(dead);
    await withTill(async ({ client_: client }) => {
      await until(() => client.view.payment.pending === null, 'the answer');
      expect(client.view).toMatchObject({
        notice: { error: { kind: 'tender_declined', reason: 'unreachable' } },
        basket: { totalMinor: 3_000 },
        payment: { tenders: [], dueMinor: 3_000 },
      });
      await client.call('clearBasket', {});
    });
  });

  test('between the approval and the basket on disk: the payment is found and put on the basket', async () => {
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    await pay(dead.client_, { kind: 'card', amountMinor: 1_000 });
    await until(() => dead.client_.view.payment.tenderedMinor === 1_000, 'the card');
    const { data } = shopDb(dead).prepare('select data from open_basket').get() as { data: string };
    const parked = JSON.parse(data) as Parked;
    shopDb(dead)
      .prepare('update open_basket set data = ?')
      .run(JSON.stringify({ ...parked, tenders: [], tenderIds: [] }));
    await crash(dead);
    await withTill(async ({ client_: client }) => {
      expect(client.view.payment).toMatchObject({
        tenders: [{ kind: 'card', amountMinor: 1_000 }],
        dueMinor: 2_000,
      });
      await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 2_000 });
      expect(terminal.takenMinor()).toBe(1_000);
    });
  });

  test('between the last approval and the journal: the sale is made at the start', async () => {
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    const basketId = dead.client_.view.basket.id;
    const { journal } = dead.till;
    const append = journal.append.bind(journal);
    journal.append = () => {
      throw new Error('the disk is gone');
    };
    await pay(dead.client_, { kind: 'card', amountMinor: 3_000 });
    await until(() => dead.client_.view.notice?.level === 'bad', 'the trouble');
    expect(dead.client_.view.payment).toMatchObject({ tenderedMinor: 3_000, dueMinor: 0 });
    journal.append = append;
    await crash(dead);
    await withTill(async (till) => {
      expect(till.till.projections.saleById(basketId)).not.toBeNull();
      expect([terminal.takenMinor(), rows(till)]).toEqual([3_000, []]);
    });
  });

  test('with a basket that nobody finds again: the money goes back', async () => {
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    await pay(dead.client_, { kind: 'card', amountMinor: 1_000 });
    await until(() => dead.client_.view.payment.tenderedMinor === 1_000, 'the card');
    shopDb(dead).prepare('delete from open_basket').run();
    await crash(dead);
    await withTill(async (till) => {
      await until(() => terminal.takenMinor() === 0, 'the money back');
      await until(() => rows(till).length === 0, 'no row left');
    });
  });

  test('while money was being taken back: it is taken back after the restart', async () => {
    const dead = await open();
    await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
    await pay(dead.client_, { kind: 'card', amountMinor: 1_000 });
    await until(() => dead.client_.view.payment.tenderedMinor === 1_000, 'the card');
    terminal.mode = 'unreachable';
    await dead.client_.call('clearTenders', {});
    expect(dead.client_.view.notice?.error).toEqual({ kind: 'reverse_pending', amountMinor: 1_000 });
    await crash(dead);
    terminal.mode = 'approve';
    await withTill(async (till) => {
      expect(till.client_.view.payment).toMatchObject({ tenders: [], dueMinor: 3_000 });
      await until(() => terminal.takenMinor() === 0, 'the money back');
      await till.client_.call('clearBasket', {});
    });
  });
});

test('a basket paid in part keeps its prices over a restart, whatever the feed brought meanwhile', async () => {
  const dead = await open();
  await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
  await pay(dead.client_, { kind: 'card', amountMinor: 1_000 });
  await until(() => dead.client_.view.payment.tenderedMinor === 1_000, 'the card');
  const tax = { code: 'x' };
  dead.till.feed.apply(
    { rows: [{ kind: 'tier', key: 'none', data: tax }], nextCursor: dead.till.feed.cursor + 1 },
    null,
  );
  publish(dead);
  await crash(dead);
  await withTill(async ({ till, client_: client }) => {
    expect(client.view.basket.totalMinor).toBe(3_000);
    await client.call('payCash', { basketId: client.view.basket.id, amountMinor: 2_000 });
    const sale = till.saleAt(till.projections.saleById(client.view.lastSale!.saleId)!.seq)!.sale;
    expect(sale.rulesVersion).not.toMatch(/^pay-1/);
  });
});

test('the disk takes the answer of the terminal at the second try only: the sale is made once, and the till lives', async () => {
  await withTill(async ({ till, client_: client }) => {
    const { payments } = till;
    const put = payments.put.bind(payments);
    let refused = 0;
    payments.put = (row) => {
      if (row.state === 'approved' && refused++ === 0) throw new Error('the disk is full');
      return put(row);
    };
    const takenMinor = terminal.takenMinor();
    await client.call('addItem', { sku: 'T1001', qty: 2 });
    const { id } = client.view.basket;
    await pay(client, { kind: 'card', amountMinor: 3_000 });
    await until(() => till.projections.saleById(id) !== null, 'the sale');
    expect([refused, terminal.takenMinor() - takenMinor]).toEqual([2, 3_000]);
  });
});

test('a basket that an older program kept still comes back', async () => {
  const dead = await open();
  await dead.client_.call('addItem', { sku: 'T1001', qty: 2 });
  dead.till.parking.flush();
  shopDb(dead)
    .prepare("update open_basket set data = json_remove(data, '$.tenderIds', '$.coupons', '$.manual')")
    .run();
  await crash(dead);
  await withTill(async ({ client_: client }) => {
    expect(client.view.basket).toMatchObject({ totalMinor: 3_000, coupons: [], manual: [] });
    await client.call('clearBasket', {});
  });
});

test('a basket with nothing on it comes back under another id: on a disk that was put back the old one may be of a sale', async () => {
  const dead = await open();
  const { parking, checkout } = dead.till;
  const { id } = checkout.basket;
  // As a member at an empty counter is kept.
  parking.saveNow();
  await crash(dead);
  await withTill(async ({ till }) => {
    expect(till.parking.load()?.basket.id ?? id).toBe(id);
    expect(till.checkout.basket.id).not.toBe(id);
  });
});

test('what was spent of rights is folded again from the journal when shop.db is made anew', async () => {
  const key = rightKey.giftCard('GC-1');
  const left = await withTill(async (till) => {
    grant(till, key, 1_000);
    await till.client_.call('addItem', { sku: 'T1001', qty: 1 });
    await pay(till.client_, { kind: 'gift_card', amountMinor: 600, code: 'GC-1' });
    await till.client_.call('payCash', { basketId: till.client_.view.basket.id, amountMinor: 900 });
    const rows = () => [
      ...shopDb(till).prepare('select * from right_spent order by key, seq').all(),
      ...shopDb(till).prepare('select * from right_grant order by key, lease_id').all(),
    ];
    const before = rows();
    shopDb(till).exec(
      "delete from right_spent; delete from right_grant; update state set value = '0' where name = 'sale_index'",
    );
    till.till.projections.catchUp();
    expect(rows()).toEqual(before);
    return till.till.rights.usable(key);
  });
  expect(left).toBe(400);
});
