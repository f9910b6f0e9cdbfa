/**
 * HQ's database put back to a copy of before: what it lost comes again from the tills, once; what it had granted is not granted
 * a second time; the feed is taken anew.
 */
import { cpSync, rmSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { balanceOf } from '../../cloud/leases/balance.ts';
import { putBack } from '../../cloud/tills/history.ts';
import { rightKey } from '../../src/core/lease.ts';
import { demoProgramme } from '../../src/tools/demo-world.ts';
import { openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aBadLine, type BadLine } from '../kit/proxy.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

const folder = aFolder();
let cloud: TestCloud;
let line: BadLine;
const tills: TestTill[] = [];

beforeAll(async () => {
  cloud = await openCloud('pglite', { folder });
  line = await aBadLine(cloud.url, Math.random);
});
afterAll(async () => {
  for (const till of tills) await till.stop();
  await line.close();
  await cloud.close();
  removeFolder(folder);
});

async function aTill(code: string): Promise<TestTill> {
  const till = await openTill(await aTillFolder(cloud, { code, url: line.url }), { openPrinter: null });
  tills.push(till);
  return till;
}

const allThere = ({ till }: TestTill) =>
  until(
    () => till.link!.status.state === 'online' && till.link!.ackedSeq === till.journal.head.seq,
    'HQ has all of the journal',
  );

/** HQ goes down, `work` is done to its folder, and it starts again. */
async function whileDown(work: () => void): Promise<void> {
  line.cutAll();
  await cloud.close();
  work();
  cloud = await openCloud('pglite', { folder, world: null });
  line.target = cloud.url;
}

/** A month of birthday earns twice the points: whoever has it now, in any time zone, is not who is counted on. */
function isNear(birthday: string | undefined): boolean {
  const months = [-1, 0, 1].map((days) => new Date(Date.now() + days * 86_400_000).getUTCMonth() + 1);
  return months.some((month) => birthday?.startsWith(`${String(month).padStart(2, '0')}-`));
}

test('3 sales and a lease after the copy: the sales are there once, the lease is known again, nothing is granted twice, and the goods that only the lost HQ knew are gone', {
  timeout: 120_000,
}, async () => {
  await cloud.client.put('/api/v1/programme', demoProgramme());
  const [first, second] = [await aTill('H1'), await aTill('H2')];
  // Ten bath towels of 69.00 earn 690 points.
  const memberId = smallWorld().members.find(({ birthday }) => !isNear(birthday))!.id;
  const key = rightKey.points(memberId);
  const earner = await first.client();
  await earner.call('setMember', { memberId });
  await earner.call('addItem', { sku: 'T1002', qty: 10 });
  const { basket, payment } = earner.view;
  await earner.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  await allThere(first);
  await allThere(second);
  await cloud.books.settled();

  const data = path.join(folder, 'cloud');
  const copy = path.join(folder, 'copy');
  await whileDown(() => cpSync(data, copy, { recursive: true }));
  await allThere(first);
  await allThere(second);

  // After the copy: sales, an article, a lease.
  const items = [{ ...smallWorld().items[0]!, sku: 'LOST1', name: 'lost', gtins: [] }];
  await cloud.client.put('/api/v1/items', { items });
  const client = await first.client();
  for (let n = 0; n < 3; n++) await sell(client, ['T1001']);
  await until(() => first.till.catalog.itemBySku('LOST1') !== null, 'the new article');
  const balance = await free(key);
  expect(balance).toBe(690);
  const granted = await first.till.leases.want(key, balance, 'ahead');
  expect(granted).toBeGreaterThan(0);
  await allThere(first);
  const generation = first.till.state.text('feed_generation');

  await whileDown(() => {
    rmSync(data, { recursive: true });
    cpSync(copy, data, { recursive: true });
  });
  await allThere(first);
  await allThere(second);
  await cloud.books.settled();
  await until(() => first.till.state.text('feed_generation') !== generation, 'a new generation of the feed');
  await until(() => first.till.state.text('feed_anew') === 'off', 'the feed is taken');
  expect(first.till.catalog.itemBySku('LOST1')).toBeNull();
  expect(first.till.catalog.itemBySku('T1001')).not.toBeNull();
  const [{ n }] = (await cloud.db.query('select count(*) as n from sale')) as [{ n: number }];
  expect(n).toBe(4);
  const leases = await cloud.db.query<{ amount: number; state: string }>(
    'select amount, state from lease where key = $1',
    [key],
  );
  expect(leases).toEqual([{ amount: granted, state: 'held' }]);
  // Everybody has been heard: the rest is granted, and no point of it twice.
  await until(async () => {
    const state = (await cloud.client.get('/api/v1/leases/settling')) as { tills: unknown[] };
    return state.tills.length === 0;
  }, 'both tills have been heard');
  const more = await second.till.leases.want(key, 1_000_000, 'visit');
  expect(granted + more).toBe(balance);
  const { alerts } = (await cloud.client.get('/api/v1/till-alerts?open=true')) as {
    alerts: { kind: string; detail: { sign: string }; times: number }[];
  };
  expect(alerts.filter(({ kind }) => kind === 'hq_went_back')).toMatchObject([{ times: 1 }]);
  expect(alerts.some(({ kind }) => kind === 'forged_lease')).toBe(false);
});

test('while a till that may hold a lease has not been heard, nothing is granted; a manager may decide not to wait', async () => {
  const [first, second] = tills as [TestTill, TestTill];
  const [{ id: memberId }] = (await cloud.db.query(
    'select member_id as id from points_entry group by member_id having sum(points) > 400',
  )) as [{ id: string }];
  const key = rightKey.points(memberId);
  await second.stop();
  tills.splice(1, 1);
  await cloud.db.transaction((tx) =>
    putBack(tx, { generation: 'by-hand', sign: 'tool', tillId: null, nowMs: Date.now() }),
  );
  line.cutAll();
  await until(() => first.till.link!.status.state === 'offline', 'the line is down');
  await allThere(first);
  await cloud.books.settled();
  const settling = () =>
    cloud.client.get('/api/v1/leases/settling') as Promise<{
      isSettling: boolean;
      tills: { code: string }[];
    }>;
  await until(async () => (await settling()).tills.length === 1, 'one till is heard');
  expect(await settling()).toMatchObject({ isSettling: true, tills: [{ code: 'H2' }] });
  expect(await first.till.leases.want(key, 1, 'ahead', 1)).toBe(0);
  await cloud.client.post('/api/v1/leases/settling/end', { reason: 'the till was stolen last week' });
  expect((await settling()).isSettling).toBe(false);
});

async function free(key: string): Promise<number> {
  return (await balanceOf(cloud.db, key)) ?? 0;
}
