/**
 * What HQ's people of the demo had set up in their year: door counts, costs, a tier rule, coupons, segments. By the API.
 */
import type { CloudClient } from './cloud-client.ts';
import { DEMO_STORES } from './demo-chain.ts';
import { busyness, dateOfDay } from './demo-plan.ts';
import { seeded } from './demo-world.ts';

export async function furnishHq(
  client: CloudClient,
  { firstDate, days }: { readonly firstDate: string; readonly days: number },
): Promise<void> {
  await client.put('/api/v1/traffic', { days: doorCounts(firstDate, days) });
  await client.put('/api/v1/coupon-templates', WINTER_COUPON);
  await client.put('/api/v1/stored-value/policy', STORED_VALUE);
  for (const benefit of BENEFITS) await client.put('/api/v1/benefits', benefit);
  // Said again after a crash in between, the others change nothing; a segment's name is taken then.
  const { segments } = (await client.get('/api/v1/segments')) as { segments: { name: string }[] };
  const there = new Set(segments.map(({ name }) => name));
  for (const segment of SEGMENTS)
    if (!there.has(segment.name)) await client.post('/api/v1/segments', segment);
}

/** People counted at the doors: about one in four buys. */
function doorCounts(firstDate: string, days: number): object[] {
  const next = seeded(77);
  return DEMO_STORES.flatMap(({ store, strangersADay, members, opensOnDay }) =>
    Array.from({ length: days }, (_, day) => {
      const businessDate = dateOfDay(firstDate, day);
      const visitors = Math.round(
        (strangersADay * 2 + members) * 1.7 * busyness(businessDate) * (0.85 + 0.3 * next()),
      );
      return day < opensOnDay ? null : { storeId: store.id, businessDate, visitors };
    }).filter((count) => count !== null),
  );
}

const WINTER_COUPON = {
  id: 'WINTER20',
  name: '暖冬满 199 减 20',
  names: { 'zh-TW': '暖冬滿 199 減 20', en: 'Warm winter, 20 off from 199' },
  offer: {
    priority: 5,
    mode: 'compound',
    items: { all: true },
    conditions: [{ kind: 'amount', fromMinor: 19_900 }],
    reward: { kind: 'order_off', off: { amountMinor: 2_000 } },
  },
  valid: { days: 30 },
  limits: { issuedMax: 5_000, perMemberMax: 2 },
};

const STORED_VALUE = {
  version: 'demo-1',
  currency: 'CNY',
  named: { balanceMaxMinor: 500_000, validYears: null },
  unnamed: { balanceMaxMinor: 100_000, validYears: 3 },
  topUp: { minMinor: 5_000, maxMinor: 200_000 },
  bonus: [
    { fromMinor: 50_000, bonusMinor: 3_000 },
    { fromMinor: 100_000, bonusMinor: 10_000 },
  ],
  bonusDays: 365,
  registerFromMinor: 500_000,
  registerYears: 3,
};

const BENEFITS: readonly object[] = [
  {
    id: 'birthday',
    name: '生日礼 200 积分',
    when: { kind: 'birthday', daysBefore: 3, daysAfter: 3 },
    tiers: ['silver', 'gold', 'black'],
    give: { points: 200 },
    active: true,
  },
  {
    id: 'member-day',
    name: '会员日 20 积分',
    when: { kind: 'month_days', days: [8, 18, 28] },
    tiers: null,
    give: { points: 20 },
    active: false,
  },
];

const SEGMENTS: readonly { readonly name: string; readonly note: string; readonly rule: object }[] = [
  {
    name: '高价值将流失',
    note: '净消费 1,000 元以上，六十天以上没来',
    rule: {
      all: [
        { source: 'rfm', measure: 'netMinor', op: 'gte', value: 100_000 },
        { source: 'rfm', measure: 'daysSinceLast', op: 'gt', value: 60 },
      ],
    },
  },
  {
    name: '只来过一次',
    note: '促成第二次购买',
    rule: {
      all: [
        { source: 'lifecycle', in: ['once'] },
        { source: 'rfm', measure: 'daysSinceLast', op: 'lte', value: 45 },
      ],
    },
  },
  {
    name: '金卡与黑金卡',
    note: '',
    rule: { source: 'tier', in: ['gold', 'black'] },
  },
];
