/**
 * HQ with three weeks of two stores' trade in it, and a browser before its console.
 */
import type { Browser, Page } from 'playwright-core';
import { compileRules } from '../../src/core/promotion-index.ts';
import { localDate } from '../../src/core/shift.ts';
import type { DemoShop } from '../../src/tools/demo-basket.ts';
import { chainStaff, DEMO_STORES, demoHabits } from '../../src/tools/demo-chain.ts';
import { furnishHq } from '../../src/tools/demo-furnish.ts';
import { dateOfDay, planVisits } from '../../src/tools/demo-plan.ts';
import { type NewEntry, openDemoTill } from '../../src/tools/demo-till.ts';
import { FRESH_TRADE, openingOf, type TradePlace, trade } from '../../src/tools/demo-trade.ts';
import { demoProgramme, demoRules, demoWorld } from '../../src/tools/demo-world.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { openBrowser } from './browser.ts';

const DAYS = 21;
const ZONE = 'Asia/Shanghai';

export interface ConsoleStage {
  readonly cloud: TestCloud;
  readonly browser: Browser;
  /** A page of the console in English, that collects what it writes to the browser's console as errors. */
  open(path: string, options?: { readonly width?: number; readonly height?: number }): Promise<ConsolePage>;
  close(): Promise<void>;
}

export interface ConsolePage {
  readonly page: Page;
  readonly errors: string[];
}

export async function openConsole(): Promise<ConsoleStage> {
  const [cloud, browser] = await Promise.all([
    openCloud(QUICK, { world: demoWorld(), openOnLoopback: true }),
    openBrowser(),
  ]);
  await fill(cloud);
  return {
    cloud,
    browser,
    open: async (path, { width = 1440, height = 900 } = {}) => {
      const page = await browser.newPage({ viewport: { width, height }, reducedMotion: 'reduce' });
      const errors: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      await page.addInitScript(() => localStorage.setItem('counterfoil.hq.locale', 'en'));
      await page.goto(`${cloud.url}${path}`);
      return { page, errors };
    },
    close: async () => {
      await browser.close();
      await cloud.close();
    },
  };
}

/** The trade of the last three weeks, up to last midnight, by tills that speak to HQ as tills do. */
async function fill(cloud: TestCloud): Promise<void> {
  const habits = demoHabits(260).map((habit) => ({ ...habit, fromDay: Math.min(habit.fromDay, 12) }));
  const firstDate = dateOfDay(localDate(Date.now(), ZONE), -DAYS);
  const stores = DEMO_STORES.map(({ store }) => store);
  await cloud.client.put('/api/v1/stores', { stores });
  await cloud.client.put('/api/v1/members', { members: habits.map(({ member }) => member) });
  await cloud.client.put('/api/v1/rules', demoRules());
  await cloud.client.put('/api/v1/programme', demoProgramme());
  await cloud.client.put('/api/v1/staff', { staff: chainStaff().slice(0, 4) });
  await furnishHq(cloud.client, { firstDate, days: DAYS });
  const shop: DemoShop = { ...demoWorld(), rules: compileRules(demoRules()), programme: demoProgramme() };
  const visits = planVisits(firstDate, DAYS, habits);
  for (const [storeIndex, { store, tills, cashiers }] of DEMO_STORES.slice(0, 2).entries()) {
    const firstMs = Date.parse(`${firstDate}T00:00:00+08:00`);
    const place: TradePlace = { store, tillCode: tills[0]!, cashiers, firstDate, firstMs };
    const entries: NewEntry[] = [openingOf(place)];
    let state = FRESH_TRADE;
    for (const visit of visits.filter((one) => one.storeIndex === storeIndex)) {
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
