/** Screens that are told only what changed see what screens see that are told everything. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { TillView } from '../../src/till/api.ts';
import { Bridge, type Socket } from '../../src/ui/bridge.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill, TOKEN } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let till: TestTill;
let whole: TillClient;
let bridge: Bridge;
let over = false;
const texts: string[] = [];
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  till = await openTill(await aTillFolder(cloud), {});
  whole = await till.client();
  bridge = new Bridge({
    connect: () => {
      const ws = new WebSocket(`ws://127.0.0.1:${till.server.port}/api`, [
        'counterfoil-till-2',
        `token-${TOKEN}`,
      ]);
      ws.on('message', (data: Buffer) => texts.push(data.toString('utf8')));
      return ws as unknown as Socket;
    },
    nowMs: () => Date.now(),
    after: (delayMs, run) => {
      const timer = setTimeout(() => over || run(), delayMs);
      return () => clearTimeout(timer);
    },
    wakeFrame: () => {},
  });
  bridge.start();
  await until(() => bridge.state().link === 'open', 'the screen');
});
afterAll(async () => {
  over = true;
  await till.stop();
  await cloud.close();
});

/** What a cashier can see of it: each picture has a number and a time of its own. */
function seen(view: TillView | null): unknown {
  return { ...view, version: 0, atMs: 0, readiness: null, sync: null };
}

const newest = () => seen(till.counter.view());

test('a sale, call by call: both screens show the till as it is', async () => {
  for (const text of ['6909990000011', '6909990000097', '3*6909990000257', '6909990000011']) {
    await bridge.call('enter', { text });
    await until(
      () => JSON.stringify(seen(bridge.state().view)) === JSON.stringify(newest()),
      `the line of ${text}`,
    );
  }
  await bridge.call('voidLine', { lineNo: 2 });
  await bridge.call('setMember', { memberId: 'M-10001' }).catch(() => null);
  const { basket } = bridge.state().view!;
  const paid = await bridge.call('payCash', { basketId: basket.id, amountMinor: 100_000 });
  expect(paid).toMatchObject({ settled: true, view: { basket: { lines: [] } } });
  await until(() => whole.view.basket.lines.length === 0, 'the push to the other screen');
  expect(seen(bridge.state().view)).toEqual(newest());
  expect(seen(whole.view)).toEqual(newest());
});

test('after the first picture, a scan travels as what it changed', async () => {
  for (let n = 0; n < 30; n++) {
    await bridge.call('addItem', { sku: 'T1001', qty: 1, unitPriceMinor: 1_000 + n });
  }
  await until(() => bridge.state().view?.basket.lines.length === 30, 'thirty lines');
  texts.length = 0;
  await bridge.call('enter', { text: '6909990000097' });
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  const view = JSON.stringify(till.counter.view()).length;
  expect(bytes / view).toBeLessThan(0.25);
  expect(seen(bridge.state().view)).toEqual(newest());
});
