/**
 * HQ with three weeks of two stores' trade in it, and a browser before its console.
 */
import type { Browser, Page } from 'playwright-core';
import type { Locale } from '../../src/core/item.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import { localDate } from '../../src/core/shift.ts';
import type { DemoShop } from '../../src/tools/demo-basket.ts';
import { chainStaff, DEMO_STORES, demoHabits } from '../../src/tools/demo-chain.ts';
import { furnishHq } from '../../src/tools/demo-furnish.ts';
import { dateOfDay, planVisits, type Visit } from '../../src/tools/demo-plan.ts';
import { type NewEntry, openDemoTill } from '../../src/tools/demo-till.ts';
import { FRESH_TRADE, momentOf, openingOf, type TradePlace, trade } from '../../src/tools/demo-trade.ts';
import { demoProgramme, demoRules, demoWorld } from '../../src/tools/demo-world.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { openBrowser } from './browser.ts';

const ZONE = 'Asia/Shanghai';

export interface ConsoleStage {
  readonly cloud: TestCloud;
  readonly browser: Browser;
  /** A page of the console in English, that collects what it writes to the browser's console as errors. */
  open(path: string, options?: OpenOptions): Promise<ConsolePage>;
  /** HQ under a name that is no loopback's: who comes this way has to sign in. */
  readonly foreignUrl: string;
  close(): Promise<void>;
}

export interface OpenOptions {
  readonly width?: number;
  readonly height?: number;
  readonly signedOut?: boolean;
  readonly locale?: Locale;
  /** IANA name; left out: the machine's. */
  readonly timeZone?: string;
}

export interface ConsolePage {
  readonly page: Page;
  readonly errors: string[];
}

/**
 * @param days     of trade behind it, up to last midnight; null: an HQ without anything in it, not even stores
 * @param startMs  what HQ's clock says, and then today's trade until then is there too; left out: the machine's clock
 */
export async function openConsole({
  days = 21,
  startMs,
}: {
  days?: number | null;
  startMs?: number;
} = {}): Promise<ConsoleStage> {
  const [cloud, browser] = await Promise.all([
    openCloud(QUICK, {
      world: days === null ? null : demoWorld(),
      openOnLoopback: true,
      webhookAllow: ['127.0.0.0/8'],
      ...(startMs === undefined ? {} : { startMs }),
    }),
    openBrowser(),
  ]);
  if (days !== null) await fill(cloud, days, startMs);
  const foreignUrl = cloud.url.replace('127.0.0.1', 'hq.localhost');
  return {
    cloud,
    browser,
    foreignUrl,
    open: async (path, { width = 1440, height = 900, signedOut = false, locale = 'en', timeZone } = {}) => {
      const page = await browser.newPage({
        viewport: { width, height },
        reducedMotion: 'reduce',
        ...(timeZone === undefined ? {} : { timezoneId: timeZone }),
      });
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      await page.addInitScript((one) => localStorage.setItem('counterfoil.hq.locale', one), locale);
      // HQ says its own time in its answers; the head `Date` of HTTP is the machine's.
      if (startMs !== undefined)
        await page.addInitScript(() => {
          const { get } = Headers.prototype;
          Headers.prototype.get = function (name) {
            return name.toLowerCase() === 'date' ? null : get.call(this, name);
          };
        });
      await page.goto(`${signedOut ? foreignUrl : cloud.url}${path}`);
      return { page, errors };
    },
    close: async () => {
      await browser.close();
      await cloud.close();
    },
  };
}

/** The trade of the last three weeks, up to last midnight, by tills that speak to HQ as tills do. */
async function fill(cloud: TestCloud, days: number, startMs: number | undefined): Promise<void> {
  const habits = demoHabits(260).map((habit) => ({ ...habit, fromDay: Math.min(habit.fromDay, 12) }));
  const firstDate = dateOfDay(localDate(cloud.clock.nowMs(), ZONE), -days);
  const stores = DEMO_STORES.map(({ store }) => store);
  await cloud.client.put('/api/v1/stores', { stores });
  await cloud.client.put('/api/v1/members', { members: habits.map(({ member }) => member) });
  await cloud.client.put('/api/v1/rules', demoRules());
  await cloud.client.put('/api/v1/programme', demoProgramme());
  await cloud.client.put('/api/v1/staff', { staff: chainStaff().slice(0, 4) });
  await furnishHq(cloud.client, { firstDate, days });
  const shop: DemoShop = { ...demoWorld(), rules: compileRules(demoRules()), programme: demoProgramme() };
  const visits = planVisits(firstDate, startMs === undefined ? days : days + 1, habits);
  for (const [storeIndex, { store, tills, cashiers }] of DEMO_STORES.slice(0, 2).entries()) {
    const firstMs = Date.parse(`${firstDate}T00:00:00+08:00`);
    const place: TradePlace = { store, tillCode: tills[0]!, cashiers, firstDate, firstMs };
    const entries: NewEntry[] = [openingOf(place)];
    let state = FRESH_TRADE;
    const isOver = (visit: Visit) => startMs === undefined || momentOf(place, visit) < startMs;
    for (const visit of visits.filter((one) => one.storeIndex === storeIndex && isOver(one))) {
      const done = trade(shop, place, state, visit);
      entries.push(...done.entries);
      state = done.state;
    }
    const facts = { folder: cloud.folder, storeId: store.id, tillCode: tills[0]!, fresh: FRESH_TRADE };
    const { till, states } = await openDemoTill(cloud.client, facts);
    await till.connect(cloud.url, states[0]!.head);
    let sent = states[0]!;
    for (let from = 0; from < entries.length; from += 400)
      sent = await till.push(sent, entries.slice(from, from + 400), state);
    till.hangUp();
  }
  await cloud.books.settled();
}
