/**
 * Leases from end to end: real tills and a real HQ. Whatever the line, the power and the order of events do, members spend no
 * more than they have, and till and HQ agree on every lease once they have talked.
 */
import { afterEach, describe, expect, test } from 'vitest';
import type { JournalEntry } from '../../src/core/entry.ts';
import { EPOCH_MS, type RightKey, rightKey } from '../../src/core/lease.ts';
import type { LeasePolicy } from '../../src/core/store.ts';
import type { World } from '../../src/tools/demo-world.ts';
import { type Engine, openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aRawTill } from '../kit/raw-till.ts';
import { aTestClock, aTillFolder, openTill, sell, type TestTill, type TillOptions } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';
import { forget, PROGRAMME, pay, payRefusal } from '../till/pay-kit.ts';

const LEASES: LeasePolicy = {
  pointsMax: 300,
  valueMinorMax: 0,
  regularVisits: 100,
  regularsMax: 0,
  aheadPointsMax: 0,
  usesAhead: 2,
};

const ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

function world(): World {
  const small = smallWorld();
  return { ...small, stores: small.stores.map((store) => ({ ...store, leases: LEASES })) };
}

interface Open {
  readonly till: TestTill;
  readonly client: TillClient;
}

async function open(folder: string, options: TillOptions = {}): Promise<Open & { stop(): Promise<void> }> {
  const till = await openTill(folder, { openPrinter: null, ...options });
  const client = await till.client();
  let isOpen = true;
  const stop = async () => {
    if (isOpen) await till.stop();
    isOpen = false;
  };
  ends.push(stop);
  return { till, client, stop };
}

const offline: TillOptions = { sync: false };

/** HQ with a programme and a member who has earned 690 points: ten bath towels of 69.00. */
async function aShop(engine: Engine): Promise<{ cloud: TestCloud; memberId: string; key: RightKey }> {
  const cloud = await openCloud(engine, { world: world() });
  ends.push(() => cloud.close());
  await cloud.client.put('/api/v1/programme', PROGRAMME);
  const memberId = world().members.find(({ tierId }) => tierId === 'base')?.id ?? world().members[0]!.id;
  const first = await open(await aTillFolder(cloud));
  await first.client.call('setMember', { memberId });
  await first.client.call('addItem', { sku: 'T1002', qty: 10 });
  const { basket, payment } = first.client.view;
  await first.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  await drained(cloud, first.till);
  await first.stop();
  return { cloud, memberId, key: rightKey.points(memberId) };
}

async function drained(cloud: TestCloud, { till }: TestTill): Promise<void> {
  await until(() => till.link!.ackedSeq === till.journal.head.seq, 'all entries at HQ');
  await cloud.books.settled();
}

const isGrant = (entry: JournalEntry): entry is JournalEntry & { kind: 'right_granted' } =>
  entry.kind === 'right_granted';

const usable = ({ till }: Open, key: RightKey) => till.till.rights.usable(key);

/** Puts the member on and waits for what HQ grants. */
async function welcome(at: Open, memberId: string, points: number): Promise<void> {
  await at.client.call('setMember', { memberId });
  await until(() => usable(at, rightKey.points(memberId)) === points, `${points} points are held here`);
}

async function spend(at: Open, memberId: string, points: number): Promise<void> {
  await at.client.call('setMember', { memberId });
  await at.client.call('addItem', { sku: 'T1002', qty: 1 });
  await pay(at.client, { kind: 'points', points });
  const { basket, payment } = at.client.view;
  await at.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
}

interface Account {
  readonly balance: number;
  readonly leased: number;
}

/** leased + free = balance, and `leased` is what is left of the leases. */
async function account({ db }: TestCloud, key: RightKey): Promise<Account> {
  const [row] = await db.query<Account & { left: number }>(
    `select (select coalesce(sum(points), 0)::bigint from points_entry where member_id = substr($1, 8)) as balance,
       leased, (select coalesce(sum(amount - spent - returned), 0)::bigint from lease
         where key = $1 and state in ('offered', 'held', 'short')) as left
     from right_balance where key = $1`,
    [key],
  );
  expect(row!.leased).toBe(row!.left);
  expect(row!.balance).toBeGreaterThanOrEqual(row!.leased);
  return { balance: row!.balance, leased: row!.leased };
}

const alertsOf = async ({ db }: TestCloud) =>
  (await db.query<{ kind: string }>('select kind from sale_alert order by kind')).map(({ kind }) => kind);

// One engine: this is about tills and HQ together. On PGlite the simulator does the same, with more faults.
describe.each([QUICK])('on %s', (engine) => {
  test('two tills, one member, both offline: what they hold is 300 and 300 of 690, and no more is spent', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const earned = (
      await cloud.db.query<{ n: number }>('select sum(points)::bigint as n from points_entry')
    )[0]!.n;
    const folders = [await aTillFolder(cloud), await aTillFolder(cloud)];
    for (const folder of folders) {
      const at = await open(folder);
      await welcome(at, memberId, 300);
      await drained(cloud, at.till);
      await at.stop();
    }
    expect(await account(cloud, key)).toEqual({ balance: earned, leased: 600 });
    for (const folder of folders) {
      const at = await open(folder, offline);
      expect(usable(at, key)).toBe(300);
      await spend(at, memberId, 200);
      expect(usable(at, key)).toBe(100);
      await at.client.call('setMember', { memberId });
      await at.client.call('addItem', { sku: 'T1002', qty: 1 });
      expect(at.client.view.payment.points).toMatchObject({ usable: 100 });
      expect(await payRefusal(at.client, { kind: 'points', points: 200 })).toEqual({
        kind: 'no_right',
        usable: 100,
      });
      await at.stop();
    }
    // HQ has not heard of it yet: what was spent is still reserved, so nobody else gets it.
    expect(await account(cloud, key)).toEqual({ balance: earned, leased: 600 });
    for (const folder of folders) {
      const at = await open(folder);
      await drained(cloud, at.till);
      await at.stop();
    }
    await account(cloud, key);
    const [spent] = await cloud.db.query<{ n: number }>(
      "select sum(points)::bigint as n from points_entry where kind = 'spend'",
    );
    expect(spent!.n).toBe(-400);
    expect(await alertsOf(cloud)).toEqual([]);
  });

  test('what a customer leaves unspent goes back online, and a pay beyond what is held asks for exactly the rest', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const at = await open(await aTillFolder(cloud));
    await welcome(at, memberId, 300);
    await at.client.call('setMember', { memberId: null });
    await sell(at.client, ['T1001']);
    await until(() => usable(at, key) === 0, 'the rights are given back');
    await drained(cloud, at.till);
    expect((await account(cloud, key)).leased).toBe(0);
    await at.client.call('setMember', { memberId });
    await at.client.call('addItem', { sku: 'T1002', qty: 20 });
    await until(() => usable(at, key) === 300, 'the policy amount is held again');
    await pay(at.client, { kind: 'points', points: 600 });
    expect(usable(at, key)).toBe(600);
    const { basket, payment } = at.client.view;
    await at.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
    await drained(cloud, at.till);
    expect((await account(cloud, key)).leased).toBe(0);
    expect(await alertsOf(cloud)).toEqual([]);
  });

  test('a right that another till holds for nobody at its counter is recalled and granted here', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const near = await open(await aTillFolder(cloud));
    // Half of what is free each time, until there is nothing.
    while ((await near.till.till.leases.want(key, 690, 'ahead', 1)) > 0);
    const { balance, leased } = await account(cloud, key);
    expect(leased).toBe(balance);
    expect(usable(near, key)).toBe(balance);
    const far = await open(await aTillFolder(cloud, { storeId: 'S02' }));
    await welcome(far, memberId, 300);
    expect(usable(near, key)).toBe(0);
    await account(cloud, key);
  });

  test('killed between grant and use, with shop.db lost too: the right is there once; the same grant again adds nothing', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const folder = await aTillFolder(cloud);
    const at = await open(folder);
    await welcome(at, memberId, 300);
    const entries = at.till.till.journal.head.seq;
    const { body } = [...at.till.till.journal.range(1, entries)].find(isGrant)!;
    await at.stop();
    for (const file of ['shop.db', 'shop.db-wal', 'shop.db-shm']) forget(folder, file);
    const again = await open(folder, offline);
    expect(usable(again, key)).toBe(300);
    again.till.till.leases.granted({ t: 'grant', requestId: 'r', ...body });
    expect(again.till.till.journal.head.seq).toBe(entries);
    expect(usable(again, key)).toBe(300);
  });

  test('a grant that was lost on the way is offered again after the next hello, and the request said again is the same lease', async () => {
    const { cloud, key } = await aShop(engine);
    const raw = await aRawTill(cloud);
    const link = await raw.connect();
    const ask = { t: 'lease', requestId: 'ask-1', key, wanted: 50, purpose: 'visit' };
    link.say(ask);
    const grant = await link.expect('grant');
    link.say(ask);
    expect(await link.expect('grant')).toEqual(grant);
    const later = await raw.connect();
    expect(await later.expect('grant')).toEqual(grant);
    expect((await account(cloud, key)).leased).toBe(50);
    later.say({ ...ask, requestId: 'ask-2', key: 'points:nobody' });
    expect(await later.expect('refused')).toMatchObject({ requestId: 'ask-2', free: null });
    later.say({ ...ask, requestId: 'ask-3', wanted: 1_000_000 });
    const rest = await later.expect('grant');
    later.say({ ...ask, requestId: 'ask-4' });
    expect(await later.expect('refused')).toMatchObject({ requestId: 'ask-4', free: 0 });
    expect(rest).toMatchObject({ amount: (await account(cloud, key)).balance - 50 });
  });

  test('a till of protocol 1 is welcomed in protocol 1, and goes on without leases', async () => {
    const { cloud } = await aShop(engine);
    const raw = await aRawTill(cloud);
    const link = await raw.connect({ protocol: 1 });
    expect(link.welcome).toMatchObject({ protocol: 1 });
    raw.appendOpened();
    link.say(raw.pushOf(1));
    expect(await link.expect('ack')).toMatchObject({ throughSeq: 1 });
  });

  test('a revoked till freezes what it held: nothing is free until a manager writes it off, once', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const at = await open(await aTillFolder(cloud));
    await welcome(at, memberId, 300);
    await drained(cloud, at.till);
    const { tillId } = at.till.till.identity;
    const leases = async () =>
      (
        (await cloud.client.get(`/api/v1/leases?tillId=${tillId}`)) as {
          leases: { leaseId: string; isFrozen: boolean; left: number }[];
        }
      ).leases;
    const [lease] = await leases();
    const writeOff = () =>
      cloud.client.post(`/api/v1/leases/${lease!.leaseId}/write-off`, { reason: 'stolen' });
    await expect(writeOff()).rejects.toThrow(/revoke the till first/);
    await cloud.client.post(`/api/v1/tills/${tillId}/revoke`, {});
    expect(await leases()).toMatchObject([{ isFrozen: true, left: 300 }]);
    expect((await account(cloud, key)).leased).toBe(300);
    expect(await writeOff()).toEqual({ freed: 300 });
    expect(await writeOff()).toEqual({ freed: 0 });
    expect((await account(cloud, key)).leased).toBe(0);
  });

  test('when its epoch is over the till spends it no more, offline or not; HQ frees it when the journal gives it back', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const folder = await aTillFolder(cloud);
    const at = await open(folder);
    await welcome(at, memberId, 300);
    await drained(cloud, at.till);
    await at.stop();
    const clock = aTestClock();
    clock.aheadMs = 2 * EPOCH_MS;
    const later = await open(folder, { ...offline, clock });
    expect(usable(later, key)).toBe(0);
    await until(() => later.till.till.rights.open().length === 0, 'the lease is given back in the journal');
    // HQ's own clock says nothing: without the journal all of it stays reserved.
    cloud.clock.aheadMs = 3 * EPOCH_MS;
    expect((await account(cloud, key)).leased).toBe(300);
    await later.client.call('setMember', { memberId: null });
    await later.stop();
    const online = await open(folder, { clock });
    await drained(cloud, online.till);
    expect((await account(cloud, key)).leased).toBe(0);
  });

  test('3.00 off the first 5 in all: two tills offline give it five times, never six', async () => {
    const cloud = await openCloud(engine, { world: world() });
    ends.push(() => cloud.close());
    await cloud.client.put('/api/v1/rules', {
      version: 'first-five',
      policy: { across: 'compound_within' },
      rules: [
        {
          id: 'first',
          name: '前五件',
          priority: 0,
          mode: 'compound',
          items: { skus: ['T1001'] },
          limits: { total: 5 },
          reward: { kind: 'amount_off', amountMinor: 300 },
        },
      ],
    });
    const key = rightKey.rule('first', null);
    const folders = [await aTillFolder(cloud), await aTillFolder(cloud)];
    const held: number[] = [];
    for (const folder of folders) {
      const at = await open(folder);
      await until(() => usable(at, key) === 2, 'a stock of uses');
      held.push(usable(at, key));
      await drained(cloud, at.till);
      await at.stop();
    }
    expect(held).toEqual([2, 2]);
    let given = 0;
    const sellOne = async (at: Open) => {
      await at.client.call('addItem', { sku: 'T1001', qty: 1 });
      const { basket, payment } = at.client.view;
      if (basket.totalMinor === 1_200) given++;
      else expect(basket.totalMinor).toBe(1_500);
      await at.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
    };
    for (const folder of folders) {
      const at = await open(folder, offline);
      for (let sale = 0; sale < 4; sale++) await sellOne(at);
      await at.stop();
    }
    expect(given).toBe(4);
    // Online the last one is found, wherever it is sold first; after it nobody gets one.
    for (const folder of folders) {
      const at = await open(folder);
      await drained(cloud, at.till);
      for (let sale = 0; sale < 3; sale++) await sellOne(at);
      await drained(cloud, at.till);
      await at.stop();
    }
    expect(given).toBe(5);
    const [row] = await cloud.db.query<{ spent: number; leased: number }>(
      'select spent, leased from right_balance where key = $1',
      [key],
    );
    expect(row).toEqual({ spent: 5, leased: 0 });
    expect(await alertsOf(cloud)).toEqual([]);
  }, 90_000);

  test('a sale that goes beyond two rights at once: one alert, and both are named in it', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const raw = await aRawTill(cloud);
    raw.appendOpened();
    const half = (amountMinor: number) => Math.floor(amountMinor / 2);
    raw.appendSale({ memberId }, (sale) => ({
      ...sale,
      memberId,
      tenders: [
        { kind: 'points', amountMinor: half(sale.totalMinor), points: 100 },
        {
          kind: 'stored_value',
          amountMinor: sale.totalMinor - half(sale.totalMinor),
        },
      ],
    }));
    const link = await raw.connect();
    link.say(raw.pushOf(1));
    await link.expect('ack');
    await cloud.books.settled();
    const rows = await cloud.db.query<{ kind: string; detail: { key: string; also: { key: string }[] } }>(
      "select kind, detail from sale_alert where kind = 'overspent_right'",
    );
    expect(rows.map(({ detail }) => [detail, ...detail.also].map((one) => one.key).sort())).toEqual([
      [key, rightKey.storedValue(memberId)].sort(),
    ]);
    await link.hangUp();
  });

  test('a till that lies: forged leases and sales beyond them stand, and HQ is told which', async () => {
    const { cloud, memberId, key } = await aShop(engine);
    const raw = await aRawTill(cloud);
    raw.appendOpened();
    raw.append('right_granted', {
      leaseId: 'forged',
      key,
      amount: 500,
      purpose: 'visit',
      epoch: 1,
      untilMs: 1,
    });
    raw.append('right_granted', { leaseId: 7, key: 'a\0b' });
    raw.append('right_returned', { why: 'left', rights: [{ leaseId: 'forged', key, amount: 500 }] });
    raw.appendSale({ memberId }, (sale) => ({
      ...sale,
      memberId,
      tenders: [{ kind: 'points', amountMinor: sale.totalMinor, points: 100 }],
    }));
    const link = await raw.connect();
    link.say(raw.pushOf(1));
    await link.expect('ack');
    await cloud.books.settled();
    expect(await alertsOf(cloud)).toEqual(['overspent_right', 'unknown_lease', 'unknown_lease']);
    const quarantined = await cloud.db.query<{ seq: number }>('select seq from quarantine');
    expect(quarantined).toEqual([{ seq: 3 }]);
    const [row] = await cloud.db.query<{ n: number }>(
      'select count(*)::bigint as n from sale where till_id = $1',
      [raw.tillId],
    );
    expect(row!.n).toBe(1);
  });
});
