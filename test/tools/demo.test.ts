import { describe, expect, test } from 'vitest';
import { compileRules } from '../../src/core/promotion-index.ts';
import { replaySale, ruleSetVersion } from '../../src/core/replay.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import { countedCash, expectedCash } from '../../src/core/shift-report.ts';
import type { DemoShop } from '../../src/tools/demo-basket.ts';
import { DEMO_STORES, demoHabits } from '../../src/tools/demo-chain.ts';
import { furnishHq } from '../../src/tools/demo-furnish.ts';
import { busyness, planVisits, type Visit } from '../../src/tools/demo-plan.ts';
import { type NewEntry, openDemoTill } from '../../src/tools/demo-till.ts';
import {
  closeIfOver,
  FRESH_TRADE,
  openingOf,
  type TradePlace,
  type TradeState,
  trade,
} from '../../src/tools/demo-trade.ts';
import { demoProgramme, demoRules, demoWorld } from '../../src/tools/demo-world.ts';
import { withCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';

const FIRST = '2025-11-30';
const HABITS = demoHabits(400);
const RULES = compileRules(demoRules());
const SHOP: DemoShop = {
  items: demoWorld().items,
  tiers: demoWorld().tiers,
  rules: RULES,
  programme: demoProgramme(),
};
const PLACE: TradePlace = {
  store: DEMO_STORES[0]!.store,
  tillCode: 'NJ11',
  cashiers: ['11', '12'],
  firstDate: FIRST,
  firstMs: Date.parse(`${FIRST}T00:00:00+08:00`),
};

describe('the plan', () => {
  test('a plan of 60 days begins with the plan of 40', () => {
    const short = planVisits(FIRST, 40, HABITS);
    expect(planVisits(FIRST, 60, HABITS).slice(0, short.length)).toEqual(short);
    expect(short.length).toBeGreaterThan(1_000);
  });

  test('the eleventh of November is busier than the day before, a Saturday than a Monday', () => {
    expect(busyness('2026-11-11')).toBeGreaterThan(busyness('2026-11-10') * 2);
    expect(busyness('2026-11-21')).toBeGreaterThan(busyness('2026-11-23') * 1.5);
  });

  test('nobody buys in a store that has not opened', () => {
    const early = planVisits(FIRST, 200, HABITS).filter(({ storeIndex }) => storeIndex === 5);
    expect(early).toEqual([]);
  });
});

function tradeDays(days: number): { entries: NewEntry[]; state: TradeState } {
  const visits = planVisits(FIRST, days, HABITS).filter(({ storeIndex }) => storeIndex === 0);
  let state = FRESH_TRADE;
  const entries = visits.flatMap((visit: Visit) => {
    const done = trade(SHOP, PLACE, state, visit);
    state = done.state;
    return done.entries;
  });
  const over = closeIfOver(PLACE, state, PLACE.firstMs + days * 86_400_000)!;
  return { entries: [openingOf(PLACE), ...entries, ...over.entries], state: over.state };
}

describe('the trade', () => {
  const { entries } = tradeDays(20);
  const sales = entries.flatMap(({ what }) => (what.kind === 'sale' ? [what.body] : []));

  test('every sale of 20 days balances, and its price can be worked out again to the cent', () => {
    const birthdays = new Map(HABITS.map(({ member }) => [member.id, member.birthday ?? null]));
    for (const sale of sales) {
      expect(imbalanceOf(sale)).toBeNull();
      expect(ruleSetVersion(sale)).toBe('demo-1');
      const birthday = sale.memberId === null ? null : (birthdays.get(sale.memberId) ?? null);
      expect(replaySale(sale, RULES, { birthday, programme: SHOP.programme })).toBeNull();
    }
    expect(sales.length).toBeGreaterThan(200);
  });

  test('some of it comes back, at what was paid for it', () => {
    const refunds = sales.filter(({ kind }) => kind === 'refund');
    const byId = new Map(sales.map((sale): [string, Sale] => [sale.id, sale]));
    expect(refunds.length).toBeGreaterThan(0);
    for (const { lines, refundOf } of refunds) {
      const line = lines[0]!;
      const sold = byId.get(refundOf!.saleId)!.lines.find(({ lineNo }) => lineNo === line.back!.lineNo)!;
      expect(line.netMinor).toBe(-sold.netMinor);
    }
  });

  test('20 days are 20 shifts, time never goes back, and a drawer is rarely wrong', () => {
    const closed = entries.flatMap(({ what }) => (what.kind === 'shift_closed' ? [what.body] : []));
    expect(closed.map(({ zNo }) => zNo)).toEqual(Array.from({ length: 20 }, (_, day) => day + 1));
    const times = entries.map(({ atMs }) => atMs);
    expect(times).toEqual(times.toSorted((a, b) => a - b));
    const wrong = closed.filter(({ counted, totals }) => countedCash(counted) !== expectedCash(totals));
    expect(wrong.length).toBeLessThan(6);
  });
});

test('HQ takes it as a till’s: no alert, nothing set aside, and a till that is opened again goes on at its head', async () => {
  await withCloud('pglite', async (cloud) => {
    const folder = aFolder();
    try {
      await cloud.client.put('/api/v1/rules', demoRules());
      await cloud.client.put('/api/v1/programme', demoProgramme());
      const stores = DEMO_STORES.map(({ store }) => store);
      await cloud.client.put('/api/v1/stores', { stores });
      await furnishHq(cloud.client, { firstDate: FIRST, days: 3 });
      await furnishHq(cloud.client, { firstDate: FIRST, days: 3 });
      const members = HABITS.map(({ member }) => member);
      await cloud.client.put('/api/v1/members', { members });
      const facts = { folder, storeId: 'S01', tillCode: 'NJ11', fresh: FRESH_TRADE };
      const { entries, state } = tradeDays(3);
      const first = await openDemoTill(cloud.client, facts);
      await first.till.connect(cloud.url, first.states[0]!.head);
      const sent = await first.till.push(first.states[0]!, entries, state);
      first.till.hangUp();
      const again = await openDemoTill<TradeState>(cloud.client, facts);
      expect(await again.till.connect(cloud.url, again.states[0]!.head)).toEqual(sent.head);
      again.till.hangUp();
      await cloud.books.settled();
      expect(await cloud.client.get('/api/v1/alerts')).toEqual({ alerts: [], nextCursor: null });
      expect(await cloud.client.get('/api/v1/quarantine')).toEqual({ rows: [], nextCursor: null });
      const [sum] = await cloud.db.query<{ n: number; total: number; z: number }>(
        `select count(*)::int as n, sum(total_minor)::bigint as total, (select count(*)::int from shift_z) as z from sale`,
      );
      const sales = entries.flatMap(({ what }) => (what.kind === 'sale' ? [what.body] : []));
      const totalMinor = sales.reduce((all, sale) => all + sale.totalMinor, 0);
      expect(sum).toEqual({ n: sales.length, total: totalMinor, z: 3 });
    } finally {
      removeFolder(folder);
    }
  });
});
