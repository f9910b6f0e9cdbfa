/**
 * What HQ's people set up in their time, so that every list of the console has something in it: users, tokens, webhooks,
 * fields, benefits that were given, a draw, a tier rule, an entry that HQ could not use. By the API, as they do.
 */
import { aRawTill } from '../kit/raw-till.ts';
import type { ConsoleStage } from './console-stage.ts';

export const DRAW_ID = 'autumn';

/** @param memberId  somebody with a purchase: their page gets something of everything */
export async function setUpThings({ cloud }: ConsoleStage, memberId: string): Promise<void> {
  const { client } = cloud;
  const member = `/api/v1/members/${memberId}`;
  const nowMs = cloud.clock.nowMs();
  const on = new Date(nowMs).toISOString().slice(0, 10);
  await client.post('/api/v1/users', { login: 'lin', name: '林小姐', role: 'marketing', stores: null });
  await client.post('/api/v1/users', {
    login: 'zhou',
    name: '周敏',
    role: 'manager',
    stores: ['S01', 'S02'],
  });
  await client.post('/api/v1/tokens', {
    ...{ name: 'web shop', rights: ['orders.write', 'members.write'], stores: null, days: 90 },
  });
  await client.post('/api/v1/webhooks', {
    ...{
      url: 'http://127.0.0.1:9/hq',
      kinds: ['sale.booked', 'points.*'],
      storeIds: null,
      note: 'ERP',
      state: 'active',
    },
  });
  for (const [id, field] of Object.entries(FIELDS)) await client.post(`/api/v1/custom-fields/${id}`, field);
  await client.put('/api/v1/retention-rules', {
    rules: [{ id: 'asleep', afterMonths: 36, who: 'any', active: false }],
  });
  await client.put('/api/v1/tier-rules', {
    ...{ version: 't-1', from: on, growth: { perMinor: { CNY: 1 }, windowMonths: 12 } },
    levels: [
      { tierId: 'member', fromGrowth: 0 },
      { tierId: 'silver', fromGrowth: 100_000 },
    ],
    validity: { months: 12, graceDays: 30, drop: 'earned' },
  });
  await client.put('/api/v1/rfm/strategies', {
    strategies: [
      {
        ...{ recency: 'active', frequency: 'new', contactEveryDays: 14 },
        offer: { kind: 'gift', strengthBp: 300, text: '好评有礼' },
      },
    ],
  });
  await client.post(`${member}/consents`, {
    words: [
      {
        ...{ entryId: 'form-8812-sms', purpose: 'marketing', channel: 'sms', granted: true },
        ...{ textVersion: '2026-03', atMs: nowMs - 86_400_000, source: 'web' },
      },
    ],
  });
  await client.post('/api/v1/tags', { tag: '爱喝茶', set: true, memberIds: [memberId], why: '试吃会' });
  await client.post('/api/v1/interactions', {
    interactions: [
      {
        ...{ memberId, interactionId: 'i1', kind: 'call', direction: 'in', storeId: null },
        ...{ subject: '问尺码', text: '', outcome: '', atMs: nowMs - 3_600_000 },
      },
    ],
  });
  await client.post(`${member}/stored-value/top-ups`, {
    key: 'v1',
    amountMinor: 50_000,
    currency: 'CNY',
    on,
  });
  await client.post('/api/v1/coupon-templates/WINTER20/issues', {
    key: 'c1',
    memberIds: [memberId],
    each: 2,
    on,
  });
  await client.post('/api/v1/gift-cards', { key: 'g1', amountMinor: 20_000, currency: 'CNY' });
  await client.post('/api/v1/draws', {
    ...{
      id: DRAW_ID,
      name: '秋季抽奖',
      prizes: [{ id: 'first', name: '一等奖', count: 1 }],
      oncePerMember: true,
    },
    rewards: { first: { points: 1_000 } },
  });
  await client.post(`/api/v1/draws/${DRAW_ID}/tickets`, { key: 't1', memberId, count: 2 });
  await sendWhatNobodyReads(cloud);
}

const FIELDS = {
  shoe: { name: '鞋码', type: 'number' },
  pet: { name: '宠物', type: 'choices', options: ['猫', '狗'] },
  wedding: { name: '结婚纪念日', type: 'date', sensitive: true },
};

/** A sale that the database does not take is set aside, and an alert tells of it. */
async function sendWhatNobodyReads(cloud: ConsoleStage['cloud']): Promise<void> {
  const till = await aRawTill(cloud, { code: 'Q1' });
  till.appendSales(2);
  await cloud.db.script(`alter table sale add constraint broken check (sale_id <> '${till.saleId(2)}')`);
  const link = await till.connect();
  await link.ask(till.pushOf(1));
  await link.hangUp();
  await cloud.books.settled();
  await cloud.db.script('alter table sale drop constraint broken');
}
