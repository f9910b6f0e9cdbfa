/** Stored value and gift cards from end to end: two real tills, one HQ, and what each may spend of one purse. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';
import { pay, payRefusal } from '../till/pay-kit.ts';

let cloud: TestCloud;
const tills: TestTill[] = [];
const clients: TillClient[] = [];
const memberId = smallWorld().members[0]!.id;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  for (const code of ['M1', 'M2']) {
    const till = await openTill(await aTillFolder(cloud, { code }), { openPrinter: null });
    tills.push(till);
    clients.push(await till.client());
  }
});
afterAll(async () => {
  for (const till of tills) await till.stop();
  await cloud.close();
});

/** Rings up so many notebooks, tenders what is said, pays the rest in cash. */
async function buy(
  client: TillClient,
  tender: Parameters<typeof pay>[1],
  member: string | null,
): Promise<void> {
  if (member !== null) await client.call('setMember', { memberId: member });
  await client.call('addItem', { sku: 'T1002', qty: 2 });
  await pay(client, tender);
  await cashRest(client);
}

async function cashRest(client: TillClient): Promise<void> {
  const { basket, payment } = client.view;
  if (basket.lines.length === 0) return;
  await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
}

async function settled(): Promise<void> {
  for (const { till } of tills) {
    await until(() => till.link!.ackedSeq === till.journal.head.seq, 'HQ has all');
  }
  await cloud.books.settled();
}

const overspent = async () =>
  cloud.db.query(
    "select kind, detail from sale_alert where kind in ('overspent_right', 'unknown_lease', 'gift_card_unknown')",
  );

describe('a gift card of 100.00, known by its code at the tills', () => {
  let code: string;
  let giftCardId: string;
  beforeAll(async () => {
    ({ code, giftCardId } = (await cloud.client.post('/api/v1/gift-cards', {
      key: 'card-1',
      amountMinor: 10_000,
      currency: 'CNY',
    })) as { code: string; giftCardId: string });
  });
  const left = async () =>
    ((await cloud.client.get(`/api/v1/gift-cards/${giftCardId}`)) as { balanceMinor: number }).balanceMinor;

  test('60.00 at one till; the other, under the code in small letters, is told of 40.00 and takes them; nothing is left', async () => {
    const [first, second] = clients as [TillClient, TillClient];
    await buy(first, { kind: 'gift_card', amountMinor: 6_000, code }, null);
    await settled();
    expect(await left()).toBe(4_000);
    await second.call('addItem', { sku: 'T1002', qty: 2 });
    const tender = { kind: 'gift_card', amountMinor: 6_000, code: code.toLowerCase() } as const;
    expect(await payRefusal(second, tender)).toEqual({ kind: 'no_right', usable: 4_000 });
    await pay(second, { ...tender, amountMinor: 4_000 });
    await cashRest(second);
    await settled();
    expect(await left()).toBe(0);
    expect(await overspent()).toEqual([]);
    const [row] = await cloud.db.query('select leased, spent from right_balance where key = $1', [
      `gift_card:${giftCardId}`,
    ]);
    expect(row).toEqual({ leased: 0, spent: 10_000 });
  });

  test('a code that HQ never issued, and a card that is blocked, pay nothing', async () => {
    const [first] = clients as [TillClient];
    await first.call('addItem', { sku: 'T1002', qty: 1 });
    const unknown = { kind: 'gift_card', amountMinor: 100, code: 'NO-SUCH-CARD' } as const;
    expect(await payRefusal(first, unknown)).toEqual({ kind: 'no_right', usable: 0 });
    const card = (await cloud.client.post('/api/v1/gift-cards', {
      key: 'card-2',
      amountMinor: 5_000,
      currency: 'CNY',
    })) as { code: string; giftCardId: string };
    await cloud.client.post(`/api/v1/gift-cards/${card.giftCardId}/block`, {});
    expect(await payRefusal(first, { ...unknown, code: card.code })).toEqual({ kind: 'no_right', usable: 0 });
    await first.call('clearBasket', {});
  });
});

describe('stored value of 200.00', () => {
  beforeAll(async () => {
    await cloud.client.post(`/api/v1/members/${memberId}/stored-value/top-ups`, {
      key: 'top-1',
      amountMinor: 20_000,
      currency: 'CNY',
    });
  });
  const value = async () =>
    ((await cloud.client.get(`/api/v1/members/${memberId}/balance`)) as { valueMinor: number }).valueMinor;

  test('70.00 at one till and 30.00 at the other, both on line: 100.00 are left, and each till gave the rest back', async () => {
    const [first, second] = clients as [TillClient, TillClient];
    await buy(first, { kind: 'stored_value', amountMinor: 7_000 }, memberId);
    await settled();
    await buy(second, { kind: 'stored_value', amountMinor: 3_000 }, memberId);
    await settled();
    expect(await value()).toBe(10_000);
    await until(async () => {
      await settled();
      const [row] = await cloud.db.query<{ leased: number }>(
        'select leased from right_balance where key = $1',
        [`stored_value:${memberId}`],
      );
      return row!.leased === 0;
    }, 'nothing is held any more');
    expect(await overspent()).toEqual([]);
  });

  test('what a till holds, HQ does not spend: with 100.00 held there, 0.01 at HQ is refused; what is free it spends at once', async () => {
    const [first] = clients as [TillClient];
    const [till] = tills as [TestTill];
    const key = `stored_value:${memberId}`;
    await first.call('setMember', { memberId });
    await until(() => till.till.rights.usable(key) === 10_000, 'the till holds all of it');
    const spend = (amountMinor: number, n: number) =>
      cloud.client.post(`/api/v1/members/${memberId}/stored-value/spends`, {
        key: `hq-${n}`,
        amountMinor,
        currency: 'CNY',
      });
    await expect(spend(1, 1)).rejects.toMatchObject({ kind: 'not_enough' });
    await first.call('setMember', { memberId: null });
    await until(() => till.till.rights.usable(key) === 0, 'it is given back');
    await settled();
    await spend(4_000, 2);
    expect(await value()).toBe(6_000);
  });
});
