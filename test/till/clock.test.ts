/** A clock that is wrong is told and journalled, and never stops a sale: at the start, while running, against HQ. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseHlc } from '../../src/core/id.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTestClock, aTillFolder, openTill, sell, type TestClock, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

const DAY_MS = 86_400_000;

let cloud: TestCloud;
let folder: string;
let till: TestTill;
let client: TillClient;
let clock: TestClock;
let tills = 0;

beforeAll(async () => {
  cloud = await openCloud(QUICK);
});
afterAll(async () => {
  await cloud.close();
});
beforeEach(async () => {
  clock = aTestClock();
  folder = await aTillFolder(cloud, { code: `K${++tills}` });
  await (await openTill(folder, { openPrinter: null })).stop();
  await open();
});
afterEach(async () => {
  cloud.clock.aheadMs = 0;
  await till.stop();
});

async function open(sync = false): Promise<void> {
  till = await openTill(folder, { openPrinter: null, sync, clock, ready: false });
  client = await till.client();
}
async function restart(sync = false): Promise<void> {
  await till.stop();
  await open(sync);
}

function jumps() {
  const { journal } = till.till;
  return [...journal.range(1, journal.head.seq)].filter((entry) => entry.kind === 'clock_jumped');
}
const hlcs = () => {
  const { journal } = till.till;
  return [...journal.range(1, journal.head.seq)].map(({ hlc }) => parseHlc(hlc)!);
};

describe('three days back', () => {
  test('while running: the next sale is made, the jump is journalled before it, the cashier is told until it is seen', async () => {
    await sell(client, ['T1001']);
    const expectedMs = clock.nowMs();
    clock.aheadMs -= 3 * DAY_MS;
    await sell(client, ['T1001']);
    const { journal } = till.till;
    expect([...journal.range(journal.head.seq - 2, journal.head.seq)].map(({ kind }) => kind)).toEqual([
      'sale',
      'clock_jumped',
      'sale',
    ]);
    const { body } = jumps()[0]!;
    expect(body.seen).toBe('running');
    expect(Math.abs(body.expectedMs - expectedMs)).toBeLessThan(2_000);
    expect(Math.round((body.foundMs - body.expectedMs) / DAY_MS)).toBe(-3);
    expect(client.view.clock.state).toBe('jumped');
    expect(Math.round(client.view.clock.byMs / DAY_MS)).toBe(-3);
    await restart();
    expect(client.view.clock.state).toBe('jumped');
    await client.call('clockSeen', {});
    expect(client.view.clock).toEqual({ state: 'ok', byMs: 0 });
    await sell(client, ['T1001']);
    expect(client.view.clock.state).toBe('ok');
  });

  test('while the till was off: told at the start, once', async () => {
    await sell(client, ['T1001']);
    await till.stop();
    clock.aheadMs -= 3 * DAY_MS;
    await open();
    expect(jumps().map(({ body }) => body.seen)).toEqual(['start']);
    expect(client.view.clock.state).toBe('jumped');
    await restart();
    expect(jumps()).toHaveLength(1);
  });

  test('the hybrid clock never goes back, and counts on where wall time is behind', async () => {
    await sell(client, ['T1001']);
    for (const days of [-3, 365, -365]) {
      clock.aheadMs += days * DAY_MS;
      await sell(client, ['T1001']);
    }
    await restart();
    await sell(client, ['T1001']);
    const all = hlcs();
    for (let i = 1; i < all.length; i++) {
      const [a, b] = [all[i - 1]!, all[i]!];
      expect(b.ms > a.ms || (b.ms === a.ms && b.n > a.n)).toBe(true);
    }
    expect(jumps()).toHaveLength(3);
  });

  test('inside a shift the business date is that of the shift, whatever the clock does', async () => {
    await client.call('openShift', { floatMinor: 0 });
    const { businessDate } = client.view;
    for (const days of [-3, 1, 400]) {
      clock.aheadMs = days * DAY_MS;
      await sell(client, ['T1001']);
      expect(client.view.businessDate).toBe(businessDate);
    }
    const z = await client.call('closeShift', { shiftId: client.view.shift!.shiftId, counted: [] });
    expect(z).toMatchObject({ businessDate, totals: { sales: 3 } });
  });
});

test('a step of 9 seconds is a time server at its work, a step of 11 is told', async () => {
  clock.aheadMs += 9_000;
  await sell(client, ['T1001']);
  expect(jumps()).toEqual([]);
  clock.aheadMs += 11_000;
  await sell(client, ['T1001']);
  expect(jumps()).toHaveLength(1);
});

test('time that passes, DST or not, is no jump', async () => {
  clock.passedMs += 40 * DAY_MS;
  await sell(client, ['T1001']);
  expect(jumps()).toEqual([]);
});

test('a till that was off for a year is told to look at its clock', async () => {
  await sell(client, ['T1001']);
  await till.stop();
  clock.aheadMs += 365 * DAY_MS;
  await open();
  expect(jumps().map(({ body }) => body.seen)).toEqual(['start']);
});

test("HQ's clock an hour ahead: told as skewed by -1 h, journalled once, sold on; right again, it goes away", async () => {
  cloud.clock.aheadMs = 3_600_000;
  await restart(true);
  await until(() => till.counter.view().clock.state === 'skewed', 'the skew');
  expect(Math.round(till.counter.view().clock.byMs / 60_000)).toBe(-60);
  till.till.clockWatch.serverSaid(clock.nowMs() + 3_601_000);
  expect(jumps().map(({ body }) => body.seen)).toEqual(['server']);
  await client.call('clockSeen', {});
  till.till.clockWatch.serverSaid(clock.nowMs() + 3_602_000);
  expect(till.counter.view().clock.state).toBe('ok');
  await sell(client, ['T1001']);
  till.till.clockWatch.serverSaid(clock.nowMs() - 60_000);
  expect(till.counter.view().clock.state).toBe('ok');
  till.till.clockWatch.serverSaid(clock.nowMs() + 3_600_000);
  expect(till.counter.view().clock.state).toBe('skewed');
});

describe('shifts said twice', () => {
  test('a float, a drop and a Z by their ids happen once; a Z prints again as a copy', async () => {
    const ids = await Promise.all([1, 2].map(async () => (await client.call('newId', {})).id));
    const [shiftId, moveId] = ids as [string, string];
    for (let i = 0; i < 2; i++) await client.call('openShift', { floatMinor: 10_000, id: shiftId });
    expect(client.view.shift).toMatchObject({ shiftId, zNo: 1, floatMinor: 10_000 });
    expect(await client.refusal('openShift', { floatMinor: 1 })).toEqual({ kind: 'shift_open' });
    const drop = { kind: 'drop', amountMinor: 4_000, reason: '保险柜', id: moveId } as const;
    for (let i = 0; i < 2; i++) await client.call('moveCash', drop);
    await restart();
    await client.call('moveCash', drop);
    expect((await client.call('readShift', {})).totals.dropMinor).toBe(4_000);
    await client.call('closeShift', { shiftId, counted: [] });
    await client.call('openShift', { floatMinor: 10_000, id: shiftId });
    expect(client.view.shift).toBeNull();
    await client.call('moveCash', drop);
    await client.call('reprintZ', { shiftId });
    expect(await client.refusal('reprintZ', { shiftId: 'none' })).toEqual({ kind: 'no_shift' });
  });

  test('a late sale, stamped in the closed day by a clock that went back, never reopens its Z', async () => {
    await client.call('openShift', { floatMinor: 0 });
    await sell(client, ['T1001']);
    await client.call('closeShift', { shiftId: client.view.shift!.shiftId, counted: [] });
    const [z] = await client.call('zReports', { limit: 5 });
    clock.aheadMs -= 3_600_000;
    await sell(client, ['T1002']);
    await restart();
    expect(await client.call('zReports', { limit: 5 })).toEqual([z]);
    await client.call('openShift', { floatMinor: 0 });
    expect(client.view.shift?.zNo).toBe(2);
    expect((await client.call('readShift', {})).totals.sales).toBe(0);
  });
});
