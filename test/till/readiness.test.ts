/** Readiness and the fire drill at a real till with a real HQ. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';
import { payRefusal } from './pay-kit.ts';

let cloud: TestCloud;
let till: TestTill;
let client: TillClient;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  till = await openTill(await aTillFolder(cloud, { code: 'F1' }), { openPrinter: null });
  client = await till.client();
});
afterAll(async () => {
  vi.useRealTimers();
  await till.stop();
  await cloud.close();
});

test('a till that has goods and no rules has 90, says why, and HQ hears it with the next ping', async () => {
  expect(client.view.readiness).toEqual({ score: 90, reasons: [{ kind: 'no_rules', points: 10 }] });
  const row = async () => {
    const { tills } = (await cloud.client.get('/api/v1/tills')) as {
      tills: { code: string; readiness: object | null; readinessAtMs: number | null }[];
    };
    return tills.find(({ code }) => code === 'F1')!;
  };
  expect((await row()).readiness).toBeNull();
  // The line's own ping comes every 15 s.
  (till.till.link as unknown as { ping(): void }).ping();
  await until(async () => (await row()).readiness !== null, 'HQ has heard');
  expect(await row()).toMatchObject({ readiness: { score: 90 }, readinessAtMs: expect.any(Number) });
});

test('a drill cuts the line: 2 sales are made, a gift card that nobody leased is refused, and the report says that it was not foretold', async () => {
  await client.call('startDrill', { minutes: 5 });
  await until(() => till.till.link!.status.reason === 'drill', 'the line is cut');
  expect(client.view.drill).toMatchObject({ untilMs: expect.any(Number), report: null });
  await sell(client, ['T1001']);
  await sell(client, ['T1001', 'T1002']);
  await client.call('addItem', { sku: 'T1001', qty: 1 });
  const card = { kind: 'gift_card', amountMinor: 100, code: 'A-CARD' } as const;
  expect(await payRefusal(client, card)).toEqual({ kind: 'no_right', usable: 0 });
  await client.call('clearBasket', {});
  const acked = till.till.link!.ackedSeq;
  expect(till.till.journal.head.seq).toBeGreaterThan(acked);
  await client.call('endDrill', {});
  await until(() => till.till.link!.ackedSeq === till.till.journal.head.seq, 'the line is up and HQ has all');
  expect(client.view.drill?.report).toMatchObject({
    promised: { score: 90 },
    sales: 2,
    byRights: 0,
    refusedRights: 1,
    slipsWaiting: 0,
    keptItsWord: false,
  });
});

test('a drill ends by itself; one of 0 minutes and one of 241 is none', async () => {
  await expect(client.call('startDrill', { minutes: 0 })).rejects.toThrow();
  await expect(client.call('startDrill', { minutes: 241 })).rejects.toThrow();
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'], shouldAdvanceTime: true });
  await client.call('startDrill', { minutes: 1 });
  await until(() => till.till.link!.status.reason === 'drill', 'the line is cut');
  await vi.advanceTimersByTimeAsync(60_000);
  vi.useRealTimers();
  await until(() => till.till.link!.status.state === 'online', 'the line is up again');
  expect(till.till.readiness.view()?.report).toMatchObject({ sales: 0, keptItsWord: true });
});
