/**
 * Bench `paint`: from a scan or a key press to the painted line, in Chromium slowed down four times, 100 lines in the basket.
 *
 * A scan is timed from its bytes on the serial line, so the driver, the till, the push and the page are all in it; a key
 * from its event in the page. The end is the frame after the line changed.
 */
import type { Page } from 'playwright-core';
import { demoRules } from '../../src/tools/demo-world.ts';
import { openBrowser } from '../e2e/browser.ts';
import { openCloud, QUICK } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill, TOKEN } from '../kit/till.ts';
import { pause, until } from '../kit/until.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const LINES = 100;
const SLOWDOWN = 4;
const GOAL_P95_MS = 50;
/** Longer than a change takes. */
const LOOK_MS = 400;
const GOODS = ['6909990000011', '6909990000097', '6909990000257', '6909990000332'];

export async function paint({ small }: BenchOptions): Promise<BenchResult> {
  const rounds = small ? 6 : 120;
  const cloud = await openCloud(QUICK);
  await cloud.client.put('/api/v1/rules', demoRules());
  const shop = await openTill(await aTillFolder(cloud), { scanner: true });
  const browser = await openBrowser();
  try {
    await fillBasket(shop);
    const page = await browser.newPage({ viewport: { width: 1_366, height: 768 } });
    await page.addInitScript((token) => sessionStorage.setItem('counterfoil-till-token', token), TOKEN);
    await page.goto(`http://127.0.0.1:${shop.server.port}/`);
    await page.getByTestId('line-100').waitFor();
    await page.evaluate(watchPaint);
    const session = await page.context().newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    const scans: number[] = [];
    const keys: number[] = [];
    // The first of each warms up code that a till runs all day.
    for (let round = -3; round < rounds; round++) {
      const code = GOODS[(round + GOODS.length) % GOODS.length]!;
      const scanMs = await scanned(shop, page, code);
      const keyMs = await typed(page, code);
      if (round < 0) continue;
      scans.push(scanMs);
      keys.push(keyMs);
    }
    const { lines, totalMinor } = shop.counter.view().basket;
    return {
      input: `${rounds} scans and ${rounds} key presses, ${LINES} lines, CPU slowed ${SLOWDOWN} times`,
      checksum: checksumOf([lines.length, totalMinor]),
      cases: [...casesOf('scan to paint', scans), ...casesOf('Enter to paint', keys)],
      notes: ['a scan begins with its bytes on the serial line; all ends with the frame after the change'],
    };
  } finally {
    await browser.close();
    await shop.stop();
    await cloud.close();
  }
}

function casesOf(name: string, times: readonly number[]) {
  return [0.5, 0.95].map((q) =>
    aCase({
      bench: 'paint',
      case: `${name}, p${q * 100}`,
      ours: quantile(times, q),
      other: GOAL_P95_MS,
      otherName: 'goal, under',
      unit: 'ms',
      better: 'lower',
    }),
  );
}

/** Each with a price of its own, so that none merges with another. */
async function fillBasket(shop: TestTill): Promise<void> {
  const client = await shop.client();
  for (const code of GOODS) await client.call('enter', { text: code });
  for (let n = GOODS.length; n < LINES; n++) {
    await client.call('addItem', { sku: 'T1001', qty: 1, unitPriceMinor: 1_000 + n });
  }
  await until(() => shop.counter.view().basket.lines.length === LINES, 'a full basket');
}

declare global {
  interface Window {
    /** Epoch milliseconds of the newest painted change and of the key that began it; how many there were. */
    painted: { count: number; atMs: number; keyMs: number };
  }
}

/** Runs in the page: a change of the lines, then the frame that shows it. */
function watchPaint(): void {
  const now = () => performance.timeOrigin + performance.now();
  window.painted = { count: 0, atMs: 0, keyMs: 0 };
  let due = false;
  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Enter') window.painted.keyMs = performance.timeOrigin + event.timeStamp;
    },
    true,
  );
  new MutationObserver(() => {
    if (due) return;
    due = true;
    requestAnimationFrame(() => {
      // A message posted in a frame is heard after that frame was painted.
      const channel = new MessageChannel();
      channel.port1.onmessage = () => {
        due = false;
        window.painted = { ...window.painted, count: window.painted.count + 1, atMs: now() };
      };
      channel.port2.postMessage(null);
    });
  }).observe(document.querySelector('.lines')!, { subtree: true, childList: true, characterData: true });
}

async function scanned(shop: TestTill, page: Page, code: string): Promise<number> {
  const before = await page.evaluate(() => window.painted.count);
  const startMs = performance.timeOrigin + performance.now();
  await shop.scan(code);
  return (await paintedAfter(page, before)).atMs - startMs;
}

async function typed(page: Page, code: string): Promise<number> {
  await page.getByTestId('scan-input').fill(code);
  const before = await page.evaluate(() => window.painted.count);
  // A finger is still on the key when the line is there.
  await page.keyboard.down('Enter');
  const { atMs, keyMs } = await paintedAfter(page, before);
  await page.keyboard.up('Enter');
  return atMs - keyMs;
}

/** Looked at seldom: looking is work of the page too. What else the change brings is over by then. */
async function paintedAfter(page: Page, before: number): Promise<Window['painted']> {
  for (;;) {
    await pause(LOOK_MS);
    const painted = await page.evaluate(() => window.painted);
    if (painted.count > before) return painted;
  }
}
