/** Rules from HQ to the till's prices: published, carried by the feed, priced by, named on the sale, printed with their reason. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { demoRules } from '../../src/tools/demo-world.ts';
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
  folder = await aTillFolder(cloud, { code: 'R01' });
  till = await openTill(folder);
  client = await till.client();
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

const hasRules = () => till.till.catalog.rulesVersion === 'demo-1';

test('before HQ publishes, two milks are 29.80; after, without a restart, the second is at half price: 22.35', async () => {
  await client.call('addItem', { sku: 'F2001', qty: 2 });
  expect(client.view.basket.totalMinor).toBe(2_980);
  await cloud.client.put('/api/v1/rules', demoRules());
  await until(hasRules, 'the rules');
  const view = await client.call('setQuantity', { lineNo: 1, qty: 2 });
  expect(view.basket.totalMinor).toBe(2_235);
  expect(view.basket.lines[0]!.adjustments).toMatchObject([
    { ruleId: 'milk-second-half', amountMinor: -745, reason: { name: '鲜牛奶第 2 件半价' } },
  ]);
  await client.call('clearBasket', {});
});

test('the sale names the set it was priced by, its slip names the rule, and HQ takes it', async () => {
  const saleId = await sell(client, ['F2001', 'F2001']);
  await until(() => till.slips.some(({ text }) => text.includes('第 2 件半价')), 'the slip with its reason');
  await until(() => client.view.sync.unsent === 0, 'the acknowledgement');
  const [row] = await cloud.db.query<{ rules_version: string; total_minor: number }>(
    'select rules_version, total_minor from sale where sale_id = $1',
    [saleId],
  );
  expect(row).toMatchObject({ total_minor: 2_235 });
  expect(row!.rules_version).toMatch(/^demo-1\//);
});

test('the till prices by them offline after a restart', async () => {
  await till.stop();
  till = await openTill(folder, { sync: false });
  client = await till.client();
  await client.call('addItem', { sku: 'D3001', qty: 3 });
  expect(client.view.basket.totalMinor).toBe(1_200);
  await client.call('clearBasket', {});
});

test('a version that is out never changes: other rules under it are refused with 409, the same set may come again', async () => {
  const [first] = demoRules().rules;
  await expect(cloud.client.put('/api/v1/rules', { ...demoRules(), rules: [first!] })).rejects.toMatchObject({
    status: 409,
    kind: 'version_taken',
  });
  await cloud.client.put('/api/v1/rules', demoRules());
});

test('a rule that gives 200 % is refused with 422 and its place; the set in force stays', async () => {
  const bad = { ...demoRules(), version: 'bad-1' };
  const rules = [{ ...bad.rules[0]!, reward: { kind: 'percent_off', rateBp: 20_000 } }];
  await expect(cloud.client.put('/api/v1/rules', { ...bad, rules })).rejects.toMatchObject({
    status: 422,
    kind: 'rules',
  });
  expect(await cloud.client.get('/api/v1/rules')).toMatchObject({ rules: { version: 'demo-1' } });
});

test('a rule for a segment prices at the till for who is in it, offline too, and HQ prices the sale the same', async () => {
  await till.stop();
  till = await openTill(folder);
  client = await till.client();
  const gold = { name: 'gold', note: '', rule: { source: 'tier', in: ['gold'] }, currency: null };
  const segment = (await cloud.client.post('/api/v1/segments', gold)) as { id: string; revision: number };
  const rule = {
    ...{ id: 'for-gold', name: 'for gold', priority: 1, mode: 'compound', items: { all: true } },
    ...{ audience: { segments: [segment.id] }, reward: { kind: 'percent_off', rateBp: 5_000 } },
  };
  await cloud.client.put('/api/v1/rules', { ...demoRules(), version: 'seg-1', rules: [rule] });
  const inSegment = async (memberId: string) => {
    await client.call('addItem', { sku: 'T1001', qty: 1 });
    await client.call('setMember', { memberId });
    const { adjustments } = client.view.basket.lines[0]!;
    await client.call('clearBasket', {});
    return adjustments.some(({ ruleId }) => ruleId === 'for-gold');
  };
  const members = await cloud.db.query<{ id: string; tier: string }>(
    'select member_id as id, tier_id as tier from member order by member_id',
  );
  const [in1, out1] = [
    members.find(({ tier }) => tier === 'gold')!,
    members.find(({ tier }) => tier !== 'gold')!,
  ];
  await until(() => till.till.catalog.memberSegments(in1.id).length === 1, 'who is in the segment');
  expect([await inSegment(in1.id), await inSegment(out1.id)]).toEqual([true, false]);

  const saleId = await sell(client, ['T1001'], in1.id);
  await until(async () => {
    const [row] = await cloud.db.query('select 1 from sale where sale_id = $1', [saleId]);
    return row !== undefined;
  }, 'the sale at HQ');
  await cloud.books.settled();
  expect(await cloud.db.query("select * from sale_alert where kind = 'price_differs'")).toEqual([]);

  // The segment is about the others now: only what changed is told.
  const others = { ...gold, rule: { not: gold.rule }, revision: segment.revision };
  await cloud.client.put(`/api/v1/segments/${segment.id}`, others);
  await until(() => till.till.catalog.memberSegments(in1.id).length === 0, 'the change');
  await until(() => till.till.catalog.memberSegments(out1.id).length === 1, 'the change');
  expect([await inSegment(in1.id), await inSegment(out1.id)]).toEqual([false, true]);
});
