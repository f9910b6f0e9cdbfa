/** Every kind of event that HQ offers is really sent when the thing happens; and a receiver cannot send HQ elsewhere. */
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { EVENT_KINDS } from '../../../cloud/outbox/outbox.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';
import { openReceiver, type Receiver } from '../../kit/receiver.ts';

let cloud: TestCloud;
let receiver: Receiver;
beforeAll(async () => {
  cloud = await openCloud(QUICK, { webhookAllow: ['127.0.0.0/8'] });
  receiver = await openReceiver();
});
afterAll(async () => {
  await receiver.close();
  await cloud.close();
});

// biome-ignore lint/suspicious/noExplicitAny: answers of many routes
const ask = async (method: string, path: string, body?: object): Promise<any> => {
  const response = await fetch(new URL(`/api/v1/${path}`, cloud.url), {
    method,
    headers: {
      authorization: `Bearer ${cloud.token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const answer = await response.json();
  expect([method, path, response.status, response.ok ? null : answer]).toEqual([method, path, 200, null]);
  return answer;
};

/** What needs a sale at a till or a coupon on it: told in `webhooks.test.ts` and `coupons.test.ts`. */
const AT_TILLS = ['coupon.used', 'alert.raised'];

test('merged, un-merged, erased, and all the others but those of tills: each caused once, each heard with its ids', async () => {
  const { id } = await ask('POST', 'webhooks', { url: receiver.url, kinds: ['*'] });
  const member = (no: number) => ({
    id: `wk-${no}`,
    cardNo: `WK-${no}`,
    name: `W ${no}`,
    phone: `1350000220${no}`,
    tierId: 'member',
  });
  await ask('PUT', 'members', { members: [member(1), member(2), member(3)] });
  await ask('PATCH', 'members/wk-1', { set: { gender: 'f' } });
  await ask('PUT', 'members', { members: [{ ...member(3), tierId: 'gold' }] });
  await ask('POST', 'members/wk-1/points/corrections', { key: 'k1', points: 10, reason: 'welcome' });
  await ask('POST', 'members/wk-1/stored-value/top-ups', { key: 'k2', amountMinor: 10_000, currency: 'CNY' });
  await ask('POST', 'gift-cards', { key: 'k3', amountMinor: 10_000, currency: 'CNY' });
  await ask('PUT', 'coupon-templates', {
    ...{ id: 'WK', name: 'W', valid: { days: 30 }, limits: {} },
    offer: {
      priority: 5,
      mode: 'compound',
      items: { all: true },
      reward: { kind: 'order_off', off: { amountMinor: 100 } },
    },
  });
  await ask('POST', 'coupon-templates/WK/issues', { key: 'k4', memberIds: ['wk-1'] });
  await ask('POST', 'orders', {
    ...{
      channel: 'web',
      externalId: 'WK-1',
      storeId: 'S01',
      atMs: 1_795_250_460_000,
      currency: 'CNY',
      status: 'placed',
    },
    ...{ memberId: 'wk-1', lines: [{ sku: 'B4001', qty: 1, unitPriceMinor: 50 }], totalMinor: 50 },
    tenders: [{ kind: 'wallet', amountMinor: 50, wallet: 'alipay', ref: 'A1' }],
  });
  await ask('POST', 'orders/web/WK-1/status', { status: 'shipped' });
  await ask('POST', 'members/wk-2/merge', { intoId: 'wk-1', reason: 'same phone' });
  await ask('POST', 'members/wk-2/unmerge', { reason: 'mother and daughter' });
  await ask('POST', 'members/wk-2/erase', { reason: 'asked to' });
  const { tillId, code } = await ask('POST', 'tills', { storeId: 'S01', code: 'WK' });
  const { publicKey } = generateKeyPairSync('ed25519');
  await ask('POST', 'enrol', {
    code,
    publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
  });
  await ask('POST', `tills/${tillId}/revoke`, {});
  await ask('POST', `webhooks/${id}/ping`, {});
  await cloud.books.settled();
  await cloud.sender.settled();
  const events = receiver.heard.map(({ event }) => event);
  expect(new Set(events.map(({ kind }) => kind))).toEqual(
    new Set(Object.keys(EVENT_KINDS).filter((kind) => !AT_TILLS.includes(kind))),
  );
  const dataOf = (kind: string) => events.filter((event) => event.kind === kind).map(({ data }) => data);
  expect(dataOf('member.merged')).toEqual([{ memberId: 'wk-2', intoId: 'wk-1' }]);
  expect(dataOf('member.unmerged')).toEqual([{ memberId: 'wk-2', fromId: 'wk-1' }]);
  expect(dataOf('member.erased')).toEqual([{ memberId: 'wk-2' }]);
  expect(receiver.heard.filter(({ body }) => /W \d|1350000220/.test(body))).toEqual([]);
});

test('a redirect is not followed: the other server hears nothing, and the log says 307', async () => {
  const inside = await openReceiver();
  const { id } = await ask('POST', 'webhooks', { url: receiver.url, kinds: ['webhook.ping'] });
  receiver.answers.push(...[1, 2, 3].map(() => ({ status: 307, headers: { location: inside.url } })));
  await ask('POST', `webhooks/${id}/ping`, {});
  await cloud.sender.settled();
  const { deliveries } = await ask('GET', `webhooks/${id}/deliveries`);
  expect(deliveries[0]).toMatchObject({ state: 'waiting', tries: [{ status: 307 }] });
  expect(inside.heard).toEqual([]);
  receiver.answers.length = 0;
  await inside.close();
});
