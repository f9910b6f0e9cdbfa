/**
 * RFM of every member of two real shops, on both stores: what HQ says equals what a few lines of plain code say of the files.
 * And of a made-up crowd: the SQL of the grid and the rule in core agree on every member, whatever the thresholds.
 */
import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { salesEquation } from '../../../cloud/segments/equation.ts';
import { rfmGrid } from '../../../cloud/segments/grid.ts';
import { paretoOf } from '../../../cloud/segments/pareto.ts';
import { provePurchases } from '../../../cloud/segments/rollup.ts';
import { type Scope, WHOLE } from '../../../cloud/segments/scope.ts';
import { rfmScores, type ScoredMember } from '../../../cloud/segments/scores.ts';
import { parseMinor } from '../../../src/core/money.ts';
import {
  DEFAULT_THRESHOLDS,
  isAtRisk,
  isSleeping,
  type PurchaseStats,
  type RfmThresholds,
  rfmCell,
  shopCycleOf,
  topShare,
} from '../../../src/core/rfm.ts';
import { readSalesFile } from '../../../src/tools/sales-file.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { type SaleRowFacts, storeSales } from '../../kit/sale-rows.ts';

const DATA = new URL('../../../../shared/data/', import.meta.url);
const CDNOW = new URL('cdnow/sample-calibration.csv', DATA);
const RETAIL = new URL('online-retail/transactions.csv.gz', DATA);

const BY_CYCLES: RfmThresholds = {
  ...DEFAULT_THRESHOLDS,
  recency: { by: 'cycles', silentPastBp: 10_000, sleepingPastBp: 20_000, lostPastBp: 35_000 },
  frequency: { oldFrom: 4, fanFrom: 9 },
};

/** One sale a line of the CDNOW sample. */
function cdnow(): SaleRowFacts[] {
  const lines = readFileSync(CDNOW, 'utf8').trim().split(/\r?\n/).slice(1);
  return lines.map((line, index) => {
    const [customer, , date, , amount] = line.split(',') as [string, string, string, string, string];
    const totalMinor = parseMinor(amount, 2);
    if (totalMinor === null) throw new Error(`no amount: ${line}`);
    return { id: `c${index}`, memberId: customer, on: date, totalMinor };
  });
}

/** The receipts of Online Retail; those without customer too. Every third is rung up in another store. */
async function onlineRetail(): Promise<SaleRowFacts[]> {
  const { receipts } = await readSalesFile(RETAIL.pathname);
  return receipts.map(({ invoiceNo, kind, atMs, customerId, lines }, index) => {
    const sign = kind === 'sale' ? 1 : -1;
    return {
      id: invoiceNo,
      memberId: customerId,
      kind,
      on: new Date(atMs).toISOString().slice(0, 10),
      atMs,
      storeId: index % 3 === 0 ? 'S02' : 'S01',
      lines: lines.map(({ stockCode, quantity, unitPriceMinor }) => ({
        sku: stockCode,
        qty: sign * quantity,
        netMinor: sign * quantity * unitPriceMinor,
      })),
    };
  });
}

const totalOf = ({ totalMinor, lines }: SaleRowFacts) =>
  totalMinor ?? lines!.reduce((sum, { netMinor }) => sum + netMinor, 0);

/** The plain way: every sale of a member up to the day. */
function statsOf(sales: readonly SaleRowFacts[], asOf: string): Map<string, PurchaseStats> {
  const days = new Map<string, Set<string>>();
  const nets = new Map<string, number>();
  for (const sale of sales) {
    if (sale.memberId === null || sale.on > asOf) continue;
    nets.set(sale.memberId, (nets.get(sale.memberId) ?? 0) + totalOf(sale));
    const mine = days.get(sale.memberId) ?? new Set<string>();
    if (sale.kind !== 'refund') mine.add(sale.on);
    days.set(sale.memberId, mine);
  }
  const stats = new Map<string, PurchaseStats>();
  for (const [id, visits] of days) {
    const sorted = [...visits].sort();
    if (sorted.length === 0) continue;
    const netMinor = nets.get(id)!;
    stats.set(id, { visits: sorted.length, firstOn: sorted[0]!, lastOn: sorted.at(-1)!, netMinor });
  }
  return stats;
}

/** 1..bins by counting how many of the bins' borders a value lies above; a border is the value at rank ceil(k n / bins). */
function plainScores<T extends number | string>(values: readonly T[], bins: number): Map<T, number> {
  const sorted = [...values].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  const borders: T[] = [];
  for (let k = 1; k < bins; k++) borders.push(sorted[Math.ceil((k * sorted.length) / bins) - 1]!);
  return new Map(
    sorted.map((value) => [value, 1 + borders.reduce((n, border) => n + (value > border ? 1 : 0), 0)]),
  );
}

async function allScored(
  db: Db,
  scope: Scope,
  thresholds: RfmThresholds,
  bins: number,
): Promise<ScoredMember[]> {
  const page = { after: null, limit: 100_000, only: 'all' } as const;
  return [...(await rfmScores(db, scope, thresholds, { by: 'quantile', bins }, page)).members];
}

async function expectSame(
  db: Db,
  sales: readonly SaleRowFacts[],
  asOf: string,
  thresholds: RfmThresholds,
  bins = 5,
) {
  const scope: Scope = { ...WHOLE, asOf, currency: 'CNY', basis: 'home' };
  const stats = statsOf(sales, asOf);
  const shop = shopCycleOf(stats.values());
  const all = [...stats.values()];
  const [r, f, m] = [
    plainScores(
      all.map(({ lastOn }) => lastOn!),
      bins,
    ),
    plainScores(
      all.map(({ visits }) => visits),
      bins,
    ),
    plainScores(
      all.map(({ netMinor }) => netMinor),
      bins,
    ),
  ];
  const expected = [...stats].map(([memberId, one]) => ({
    memberId,
    ...one,
    ...rfmCell(one, thresholds, asOf, shop)!,
    sleeping: isSleeping(one, thresholds, asOf),
    atRisk: isAtRisk(one, thresholds, asOf, shop),
    r: r.get(one.lastOn!),
    f: f.get(one.visits),
    m: m.get(one.netMinor),
  }));
  const told = (await allScored(db, scope, thresholds, bins)).map(
    ({ tickets: _t, homeStoreId: _h, cycle: _c, ...rest }) => rest,
  );
  const byId = <T extends { memberId: string }>(rows: T[]) =>
    rows.sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  expect(byId(told)).toEqual(byId(expected));
  const grid = await rfmGrid(db, scope, thresholds, 'store');
  expect(grid.buyers).toBe(stats.size);
  expect(grid.cells.reduce((sum, { members }) => sum + members, 0)).toBe(stats.size);
  for (const cell of grid.cells) {
    const mine = expected.filter((one) => one.recency === cell.recency && one.frequency === cell.frequency);
    expect([cell.members, cell.netMinor]).toEqual([
      mine.length,
      mine.reduce((sum, one) => sum + one.netMinor, 0),
    ]);
  }
  expect(grid.parts!.reduce((sum, { buyers }) => sum + buyers, 0)).toBe(grid.buyers);
  expect(grid.parts!.reduce((sum, { netMinor }) => sum + netMinor, 0)).toBe(grid.netMinor);
  expect(grid.atRisk).toBe(expected.filter(({ atRisk }) => atRisk).length);
  expect(grid.sleeping).toBe(expected.filter(({ sleeping }) => sleeping).length);
  const pareto = await paretoOf(db, scope, [1500, 2000]);
  const amounts = all.map(({ netMinor }) => netMinor);
  expect(pareto.tops).toEqual([1500, 2000].map((topBp) => ({ topBp, ...topShare(amounts, topBp) })));
  expect(pareto.curve).toEqual(
    Array.from({ length: 101 }, (_, i) => ({ topBp: i * 100, ...topShare(amounts, i * 100) })),
  );
  return { stats, grid, pareto };
}

async function load(db: Db, sales: readonly SaleRowFacts[]): Promise<void> {
  for (let from = 0; from < sales.length; from += 500) await storeSales(db, sales.slice(from, from + 500));
}

async function expectEquation(db: Db, sales: readonly SaleRowFacts[], from: string, to: string) {
  const equation = await salesEquation(db, { ...WHOLE, from, to, currency: 'CNY' }, 8);
  const mine = sales.filter(({ on }) => on >= from && on <= to);
  const netMinor = mine.reduce((sum, sale) => sum + totalOf(sale), 0);
  expect(equation.netMinor).toBe(netMinor);
  expect(equation.byVisit.reduce((sum, part) => sum + part.netMinor, 0)).toBe(netMinor);
  expect(equation.byVisit.reduce((sum, part) => sum + part.tickets, 0)).toBe(equation.tickets);
  // New: those whose first day ever lies in the period, with all they bought on that day, less what they brought back
  // before the second.
  const visitDays = Map.groupBy(
    sales.filter(({ memberId, kind }) => memberId !== null && kind !== 'refund'),
    ({ memberId }) => memberId!,
  );
  const nthOf = ({ memberId, on }: SaleRowFacts) =>
    new Set((visitDays.get(memberId!) ?? []).map((sale) => sale.on).filter((day) => day <= on)).size;
  const fresh = mine.filter((sale) => sale.memberId !== null && nthOf(sale) === 1);
  const part = equation.byVisit.find(({ key }) => key === '1')!;
  expect(part.netMinor).toBe(fresh.reduce((sum, sale) => sum + totalOf(sale), 0));
  const { attachRate, unitPriceMinor, tickets } = equation;
  expect(BigInt(tickets) * BigInt(attachRate!.num) * BigInt(unitPriceMinor!.num)).toBe(
    BigInt(netMinor) * BigInt(attachRate!.den) * BigInt(unitPriceMinor!.den),
  );
}

describe.each(ENGINES)('on %s', (engine) => {
  const dbs: Db[] = [];
  const filled = async (sales: readonly SaleRowFacts[]) => {
    const db = await openTestDb(engine);
    dbs.push(db);
    await load(db, sales);
    return db;
  };
  let members: { db: Db; sales: readonly SaleRowFacts[] };
  let shop: { db: Db; sales: readonly SaleRowFacts[] };
  beforeAll(async () => {
    if (existsSync(CDNOW)) {
      const sales = cdnow();
      // Out of order: the last first, so that every earlier one is late.
      members = { sales, db: await filled(sales.toReversed()) };
    }
    if (existsSync(RETAIL)) {
      // PGlite has the same SQL at a third of the speed.
      const sales = (await onlineRetail()).slice(0, engine === 'pg' ? undefined : 5_000);
      shop = { sales, db: await filled(sales) };
    }
  }, 200_000);
  afterAll(async () => {
    for (const db of dbs) await db.close();
  });

  describe.skipIf(!existsSync(CDNOW))('CDNOW, 2,357 members', () => {
    test('stored = recomputed after 4,960 sales that all came late', async () => {
      expect(await provePurchases(members.db)).toEqual({ rows: 2 * 2357, differences: 0, memberIds: [] });
    });

    test.each([
      ['1997-09-30', DEFAULT_THRESHOLDS, 5],
      ['1997-09-30', BY_CYCLES, 3],
      ['1998-06-30', DEFAULT_THRESHOLDS, 10],
      ['1997-04-15', BY_CYCLES, 5],
      ['1997-01-01', DEFAULT_THRESHOLDS, 5],
    ] as const)('as of %s every member is as the plain code says', async (asOf, thresholds, bins) => {
      await expectSame(members.db, members.sales, asOf, thresholds, bins);
    });

    test('visits are the repeat purchase days of the published summary, plus the first', async () => {
      const summary = readFileSync(new URL('cdnow/sample-summary.csv', DATA), 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1);
      const scope: Scope = { ...WHOLE, asOf: '1997-09-30', currency: 'CNY', basis: 'home' };
      const visits = new Map(
        (await allScored(members.db, scope, DEFAULT_THRESHOLDS, 5)).map(({ memberId, visits: n }) => [
          memberId,
          n,
        ]),
      );
      const wrong = summary.filter((line) => {
        const [id, repeats] = line.split(',') as [string, string];
        return visits.get(id) !== Number(repeats) + 1;
      });
      expect([summary.length, wrong]).toEqual([2357, []]);
    });

    test('the sales equations of a quarter hold to the cent', async () => {
      await expectEquation(members.db, members.sales, '1997-04-01', '1997-06-30');
    });
  });

  describe.skipIf(!existsSync(RETAIL))('Online Retail', () => {
    test('stored = recomputed with refunds, members without a sale and sales without a member', async () => {
      expect((await provePurchases(shop.db)).differences).toBe(0);
    });

    test('as of the end and of two days before it, every member is as the plain code says', async () => {
      await expectSame(shop.db, shop.sales, '2011-08-31', DEFAULT_THRESHOLDS);
      await expectSame(shop.db, shop.sales, '2011-08-31', BY_CYCLES);
      await expectSame(shop.db, shop.sales, '2011-05-15', BY_CYCLES, 4);
      await expectSame(shop.db, shop.sales, '2010-12-24', DEFAULT_THRESHOLDS);
    });

    test('the sales equations hold to the cent, by month, and the stores add up', async () => {
      await expectEquation(shop.db, shop.sales, '2010-12-01', '2011-08-31');
      await expectEquation(shop.db, shop.sales, '2011-03-01', '2011-03-31');
      const period = { ...WHOLE, from: '2011-03-01', to: '2011-03-31', currency: 'CNY' };
      const whole = await salesEquation(shop.db, period, 5);
      const parts = await Promise.all(
        ['S01', 'S02'].map((storeId) => salesEquation(shop.db, { ...period, storeId }, 5)),
      );
      for (const [index, { netMinor }] of whole.byVisit.entries()) {
        expect(parts.reduce((sum, part) => sum + part.byVisit[index]!.netMinor, 0)).toBe(netMinor);
      }
    });
  });

  test('any crowd, any thresholds, any day: SQL and core say the same of every member', async () => {
    const db = await openTestDb(engine);
    try {
      let id = 0;
      const anySales = fc.array(
        fc.record({
          memberId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'),
          day: fc.integer({ min: 0, max: 700 }),
          kind: fc.constantFrom('sale' as const, 'sale' as const, 'sale' as const, 'refund' as const),
          amount: fc.integer({ min: 0, max: 9999 }),
        }),
        { minLength: 1, maxLength: 40 },
      );
      const anyThresholds = fc
        .tuple(
          fc.integer({ min: 1, max: 300 }),
          fc.nat(200),
          fc.nat(300),
          fc.boolean(),
          fc.integer({ min: 3, max: 6 }),
        )
        .map(([first, second, third, byDays, oldFrom]): RfmThresholds => {
          const [a, b, c] = [first, first + 1 + second, first + 2 + second + third];
          return {
            recency: byDays
              ? { by: 'days', silentFromDays: a, sleepingFromDays: b, lostFromDays: c }
              : { by: 'cycles', silentPastBp: a * 100, sleepingPastBp: b * 100, lostPastBp: c * 100 },
            frequency: { oldFrom, fanFrom: oldFrom + 2 },
            sleepingDays: b,
            atRiskPastBp: 5000 + first * 77,
            fallbackCycleDays: 1 + third,
          };
        });
      await fc.assert(
        fc.asyncProperty(
          anySales,
          anyThresholds,
          fc.integer({ min: 0, max: 900 }),
          async (any, thresholds, end) => {
            await db.script('truncate sale, member_purchase, member_store_purchase');
            const dayOf = (day: number) => new Date(Date.UTC(2024, 0, 1 + day)).toISOString().slice(0, 10);
            const sales = any.map(({ day, amount, ...facts }): SaleRowFacts => {
              const totalMinor = facts.kind === 'sale' ? amount : -amount;
              return { ...facts, id: `${id++}`, on: dayOf(day), totalMinor };
            });
            await storeSales(db, sales);
            await expectSame(db, sales, dayOf(end), thresholds, 2 + (end % 4));
          },
        ),
        { numRuns: 20 },
      );
    } finally {
      await db.close();
    }
  });
});
