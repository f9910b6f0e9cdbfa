/**
 * The demo chain's year: furnishes four more stores and some thousand members at HQ, sends what their tills sold in the past
 * year as tills do, and then goes on selling at the pace of the day. A process of its own, behind `npm start`.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { parseRuleSet } from '../core/promotion-check.ts';
import { compileRules } from '../core/promotion-index.ts';
import { localDate } from '../core/shift.ts';
import { cloudClient, putAll, putWorld } from './cloud-client.ts';
import type { DemoShop } from './demo-basket.ts';
import { chainStaff, DEMO_STORES, demoHabits, type Habit } from './demo-chain.ts';
import { furnishHq } from './demo-furnish.ts';
import { dateOfDay, planVisits, type Visit } from './demo-plan.ts';
import { type DemoTill, type NewEntry, openDemoTill, type TillState } from './demo-till.ts';
import {
  closeIfOver,
  FRESH_TRADE,
  momentOf,
  openingOf,
  type TradePlace,
  type TradeState,
  trade,
} from './demo-trade.ts';
import { demoProgramme, demoRules, demoWorld } from './demo-world.ts';

const options = new Command('demo-life')
  .requiredOption('--url <url>')
  .requiredOption('--token-file <file>')
  .requiredOption('--data <folder>')
  .parse()
  .opts<{ url: string; tokenFile: string; data: string }>();

const YEAR_DAYS = 365;
const BATCH = 400;
const TICK_MS = 5_000;
const TIME_ZONE = 'Asia/Shanghai';
/** Shanghai keeps no summer time, so a day is always as long as the next. */
const ZONE_MS = 8 * 3_600_000;

const client = cloudClient(options.url, readFileSync(options.tokenFile, 'utf8').trim());
let stopping = false;
process.on('SIGTERM', () => process.exit(0));
process.on('SIGINT', () => {
  stopping = true;
});
process.on('disconnect', () => process.exit(0));
// The visitor's own till and HQ come first.
setPriority(10);
process.stdout.write('ready\n');

/** What the year was sold by; once a till is up to date it sells by what HQ has published since, as tills do. */
let shop: DemoShop = {
  items: demoWorld().items,
  tiers: demoWorld().tiers,
  rules: compileRules(demoRules()),
  programme: demoProgramme(),
};
/** Made once a day for all tills. */
let plan: { days: number; visits: Visit[] } = { days: 0, visits: [] };
mkdirSync(options.data, { recursive: true });
const firstDate = firstDateKept();
const habits = demoHabits();
await furnish(habits);
await Promise.all(DEMO_STORES.flatMap((_, index) => tradesOf(index)));

/** The plan's first day never moves, or everything after it would. */
function firstDateKept(): string {
  const file = path.join(options.data, 'first-date');
  if (!existsSync(file)) {
    const today = localDate(Date.now(), TIME_ZONE);
    writeFileSync(file, dateOfDay(today, -YEAR_DAYS));
  }
  return readFileSync(file, 'utf8').trim();
}

async function furnish(all: readonly Habit[]): Promise<void> {
  const file = path.join(options.data, 'furnished');
  if (existsSync(file)) return;
  const { tiers, items } = demoWorld();
  const stores = DEMO_STORES.map(({ store }) => store);
  await putWorld(client, { stores: stores.slice(2), tiers, items, members: [] });
  await putAll(
    client,
    'members',
    all.slice(200).map(({ member }) => member),
    1_000,
  );
  await client.put('/api/v1/staff', { staff: chainStaff() });
  await furnishHq(client, { firstDate, days: YEAR_DAYS });
  writeFileSync(file, 'yes');
}

function tradesOf(storeIndex: number): Promise<void>[] {
  const { store, tills, cashiers } = DEMO_STORES[storeIndex]!;
  return tills.map(async (tillCode, index) => {
    const firstMs = Date.parse(`${firstDate}T00:00:00Z`) - ZONE_MS;
    const place: TradePlace = { store, tillCode, cashiers, firstDate, firstMs };
    const mine = (visit: Visit) => visit.storeIndex === storeIndex && visit.seed % tills.length === index;
    const { till, states: kept } = await openDemoTill(client, {
      folder: options.data,
      storeId: store.id,
      tillCode,
      fresh: FRESH_TRADE,
    });
    let states = kept;
    while (!stopping) {
      try {
        await live(till, place, states, mine);
      } catch (cause) {
        process.stderr.write(`${tillCode}: ${(cause as Error).message}\n`);
        till.hangUp();
        states = [...till.kept<TradeState>(), ...kept];
        await pause(TICK_MS);
      }
    }
  });
}

/** Sends what is behind, then what comes, until the line breaks. */
async function live(
  till: DemoTill,
  place: TradePlace,
  states: readonly TillState<TradeState>[],
  mine: (visit: Visit) => boolean,
): Promise<void> {
  const acked = await till.connect(options.url, states[0]!.head);
  let state = states.find(({ head }) => head.seq === acked.seq && head.hash === acked.hash);
  if (state === undefined)
    throw new Error('HQ knows another journal of this till: start with an empty --data');
  if (state.head.seq === 0) state = await till.push(state, [openingOf(place)], state.more);
  let planned = 0;
  let visits: Visit[] = [];
  while (!stopping && till.isConnected) {
    const nowMs = Date.now();
    const days = Math.floor((nowMs - place.firstMs) / 86_400_000) + 1;
    if (days !== planned) {
      const { doneAtMs } = state.more;
      visits = planOf(days).filter((visit) => mine(visit) && momentOf(place, visit) > doneAtMs);
      planned = days;
    }
    const due = visits.findIndex((visit) => momentOf(place, visit) > nowMs);
    const now = visits.splice(0, due === -1 ? visits.length : due);
    for (let from = 0; from < now.length; from += BATCH) {
      const batch = now.slice(from, from + BATCH);
      const entries: NewEntry[] = [];
      let more: TradeState = state.more;
      for (const visit of batch) {
        const done = trade(shop, place, more, visit);
        entries.push(...done.entries);
        more = done.state;
      }
      state = await till.push(state, entries, more);
    }
    await followRules();
    const over = closeIfOver(place, state.more, nowMs);
    if (over !== null) state = await till.push(state, over.entries, over.state);
    await pause(TICK_MS);
  }
  if (!till.isConnected) throw new Error('the line to HQ is down');
}

function planOf(days: number): readonly Visit[] {
  if (plan.days !== days) plan = { days, visits: planVisits(firstDate, days, habits) };
  return plan.visits;
}

async function followRules(): Promise<void> {
  const { rules } = (await client.get('/api/v1/rules')) as { rules: unknown };
  const parsed = parseRuleSet(rules);
  if (parsed.ok && parsed.value.version !== shop.rules.set.version)
    shop = { ...shop, rules: compileRules(parsed.value) };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
