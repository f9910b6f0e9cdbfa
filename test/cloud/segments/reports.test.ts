/** Reports on a hand-made shop, on both stores: every expected value is worked out by hand from the sales below. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { behaviourOf, buyerSplit, kpisOf } from '../../../cloud/segments/behaviour.ts';
import { correlationOf } from '../../../cloud/segments/correlation.ts';
import { salesEquation } from '../../../cloud/segments/equation.ts';
import { rfmGrid } from '../../../cloud/segments/grid.ts';
import { paretoOf } from '../../../cloud/segments/pareto.ts';
import { bookCosts, profitReport } from '../../../cloud/segments/profit.ts';
import type { Scope } from '../../../cloud/segments/scope.ts';
import { currencyOf, WHOLE } from '../../../cloud/segments/scope.ts';
import { rfmScores } from '../../../cloud/segments/scores.ts';
import {
  cellStrategies,
  putCellStrategies,
  putRfmThresholds,
  rfmThresholds,
} from '../../../cloud/segments/settings.ts';
import { putTargets, structureOf } from '../../../cloud/segments/structure.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/core/rfm.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { insertMembers, insertStores } from '../../kit/figures.ts';
import { type SaleRowFacts, storeSales } from '../../kit/sale-rows.ts';

const AS_OF = '2026-06-30';
const ALL: Scope = { ...WHOLE, asOf: AS_OF, currency: 'CNY', basis: 'home' };
const JUNE = { ...WHOLE, from: '2026-06-01', to: '2026-06-30', currency: 'CNY' };

const sale = (
  id: string,
  memberId: string | null,
  on: string,
  storeId: string,
  ...lines: [string, number, number][]
) =>
  ({
    id,
    memberId,
    on,
    storeId,
    kind: lines[0]![1] < 0 ? 'refund' : 'sale',
    lines: lines.map(([sku, qty, netMinor]) => ({ sku, qty, netMinor })),
  }) satisfies SaleRowFacts;

/** S01 is in the north, S02 in the south, S03 in no region. */
const SALES: readonly SaleRowFacts[] = [
  // ann: a fan of S01, six visits ten days apart up to 20 June, one of them in S02.
  sale('a1', 'ann', '2026-05-01', 'S01', ['TEA', 1, 1000]),
  sale('a2', 'ann', '2026-05-11', 'S01', ['TEA', 1, 1000]),
  sale('a3', 'ann', '2026-05-21', 'S01', ['TEA', 1, 1000]),
  sale('a4', 'ann', '2026-05-31', 'S02', ['CUP', 2, 4000]),
  sale('a5', 'ann', '2026-06-10', 'S01', ['TEA', 3, 3000]),
  sale('a6', 'ann', '2026-06-20', 'S01', ['TEA', 1, 1000], ['CUP', 1, 2000]),
  // ben: first in June, and came again; two tickets on one day are one visit.
  sale('b1', 'ben', '2026-06-02', 'S02', ['CUP', 1, 2000]),
  sale('b2', 'ben', '2026-06-09', 'S02', ['CUP', 1, 2000]),
  sale('b3', 'ben', '2026-06-09', 'S02', ['ODD', 1, 77]),
  sale('b4', 'ben', '2026-06-15', 'S02', ['CUP', -1, -2000]),
  // cat: once, 180 days ago. dan: once, 179 days ago. eve: twice, long gone.
  sale('c1', 'cat', '2026-01-01', 'S03', ['TEA', 1, 1000]),
  sale('d1', 'dan', '2026-01-02', 'S03', ['TEA', 2, 2000]),
  sale('e1', 'eve', '2025-01-01', 'S01', ['TEA', 1, 1000]),
  sale('e2', 'eve', '2025-02-10', 'S01', ['TEA', 1, 1000]),
  // fay: was here in April, and again in June; not in May.
  sale('f1', 'fay', '2026-04-20', 'S01', ['TEA', 1, 500]),
  sale('f2', 'fay', '2026-06-30', 'S02', ['TEA', 1, 500]),
  // Nobody's, a refund of somebody who never bought, and a sale after the day.
  sale('n1', null, '2026-06-05', 'S01', ['TEA', 1, 1000]),
  sale('g1', 'gil', '2026-06-06', 'S01', ['TEA', -1, -300]),
  sale('z1', 'ann', '2026-07-04', 'S01', ['TEA', 1, 9999]),
  sale('z2', 'zoe', '2026-07-05', 'S01', ['TEA', 1, 9999]),
  // Another book.
  { id: 't1', memberId: 'ann', on: '2026-06-07', storeId: 'S09', currency: 'TWD', totalMinor: 50_000 },
];

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await insertStores(db, [
      { id: 'S01', region: 'north' },
      { id: 'S02', region: 'south' },
      { id: 'S03' },
      { id: 'S09', region: 'island', currency: 'TWD' },
    ]);
    await db.query(
      `insert into item values ('TEA', '{"brand": "Leaf", "category": "drink"}', now()),
         ('CUP', '{"brand": "Kiln", "category": "home"}', now())`,
    );
    await insertMembers(db, [
      { id: 'ann', tierId: 'gold', data: { gender: 'f', birthday: '1990-06-30' } },
      { id: 'ben', data: { gender: 'm', birthday: '1990-07-01' } },
      { id: 'cat', data: { gender: 'f', birthday: '2010-12-31' } },
      { id: 'dan', data: { gender: 'm', birthday: '05-05' } },
      { id: 'eve', data: { gender: 'f', birthday: '1950-01-01' } },
      { id: 'fay', data: { birthday: 'soon' } },
      { id: 'gil', data: { gender: 'm' } },
      { id: 'zoe' },
    ]);
    await storeSales(db, SALES);
  });
  afterAll(() => db.close());

  describe('grid', () => {
    const filled = (grid: Awaited<ReturnType<typeof rfmGrid>> | { cells: readonly { members: number }[] }) =>
      (grid.cells as readonly { recency: string; frequency: string; members: number; netMinor: number }[])
        .filter(({ members }) => members > 0)
        .map(({ recency, frequency, members, netMinor }) => `${recency} ${frequency} ${members} ${netMinor}`);

    test('of 30 June: six buyers, each in one cell; what came after does not count', async () => {
      const grid = await rfmGrid(db, ALL, DEFAULT_THRESHOLDS);
      expect(filled(grid)).toEqual([
        'active second 2 3077',
        'active fan 1 13000',
        'silent new 1 2000',
        'sleeping new 1 1000',
        'lost second 1 2000',
      ]);
      expect([grid.buyers, grid.netMinor, grid.sleeping]).toEqual([6, 21_077, 2]);
      expect(grid.cells).toHaveLength(16);
      expect(grid.cells.reduce((sum, { members }) => sum + members, 0)).toBe(grid.buyers);
    });

    test('at risk is past two own cycles; with one visit past two of the shop, whose cycle is 168 days over 8 gaps', async () => {
      // Gaps: ann 50 over 5, ben 7 over 1, eve 40 over 1, fay 71 over 1: 168 over 8 = 21 days.
      const grid = await rfmGrid(db, ALL, DEFAULT_THRESHOLDS);
      expect(grid.shopCycle).toEqual({ spanDays: 168, gaps: 8 });
      const risky = await rfmScores(
        db,
        ALL,
        DEFAULT_THRESHOLDS,
        { by: 'quantile', bins: 5 },
        { after: null, limit: 50, only: 'at_risk' },
      );
      // ben: 21 days since, own cycle 7: past 14. ann: 10 since, cycle 10. cat and dan: past 42. eve: long past 80.
      expect(risky.members.map(({ memberId }) => memberId)).toEqual(['ben', 'cat', 'dan', 'eve']);
      expect(grid.atRisk).toBe(4);
    });

    test('split by store and by region, the parts add up to the whole, cell by cell', async () => {
      for (const split of ['store', 'region'] as const) {
        const grid = await rfmGrid(db, ALL, DEFAULT_THRESHOLDS, split);
        const keys = split === 'store' ? ['S01', 'S02', 'S03'] : ['', 'north', 'south'];
        expect(grid.parts!.map(({ key }) => key)).toEqual(keys);
        for (const [index, whole] of grid.cells.entries()) {
          const parts = grid.parts!.map(({ cells }) => cells[index]!);
          expect(parts.reduce((sum, { members }) => sum + members, 0)).toBe(whole.members);
          expect(parts.reduce((sum, { netMinor }) => sum + netMinor, 0)).toBe(whole.netMinor);
        }
        expect(grid.parts!.reduce((sum, { atRisk }) => sum + atRisk, 0)).toBe(grid.atRisk);
        // One part asked for alone is that part of the split.
        const place = split === 'store' ? { storeId: 'S02' } : { region: 'south' };
        const alone = await rfmGrid(db, { ...ALL, ...place }, DEFAULT_THRESHOLDS);
        expect(filled(alone)).toEqual(
          filled(grid.parts!.find(({ key }) => key === keys.at(split === 'store' ? 1 : 2))!),
        );
      }
    });

    test('of what was bought in S02 alone: ann once, ben twice, fay once', async () => {
      const grid = await rfmGrid(db, { ...ALL, storeId: 'S02', basis: 'store' }, DEFAULT_THRESHOLDS);
      expect(filled(grid)).toEqual(['active new 2 4500', 'active second 1 2077']);
    });

    test('travels in time: on 1 May ann is new; on 31 December 2024 nobody had bought', async () => {
      const may = await rfmGrid(db, { ...ALL, asOf: '2026-05-01' }, DEFAULT_THRESHOLDS);
      expect(filled(may)).toEqual(['active new 2 1500', 'silent new 2 3000', 'lost second 1 2000']);
      expect(await rfmGrid(db, { ...ALL, asOf: '2024-12-31' }, DEFAULT_THRESHOLDS)).toMatchObject({
        buyers: 0,
        atRisk: 0,
        shopCycle: { spanDays: 60, gaps: 1 },
      });
    });

    test('day 179 is silent, day 180 sleeps', async () => {
      const page = { after: null, limit: 50, only: 'sleeping' } as const;
      const asleep = await rfmScores(db, ALL, DEFAULT_THRESHOLDS, { by: 'quantile', bins: 5 }, page);
      expect(asleep.members.map(({ memberId }) => memberId)).toEqual(['cat', 'eve']);
    });

    test('the other currency has its own buyers', async () => {
      expect((await rfmGrid(db, { ...ALL, currency: 'TWD' }, DEFAULT_THRESHOLDS)).netMinor).toBe(50_000);
      expect(await currencyOf(db, null, WHOLE)).toEqual({
        ok: false,
        error: { kind: 'currency_needed', currencies: ['CNY', 'TWD'] },
      });
      expect(await currencyOf(db, null, { storeId: 'S09', region: null })).toEqual({
        ok: true,
        value: 'TWD',
      });
    });
  });

  describe('scores', () => {
    test('by given points: R up to 30 and 200 days, F above 1 and 5, M above 20.00 and 100.00', async () => {
      const cuts = {
        by: 'points',
        recencyDays: [30, 200],
        visits: [1, 5],
        netMinor: [2000, 10_000],
      } as const;
      const page = await rfmScores(db, ALL, DEFAULT_THRESHOLDS, cuts, {
        after: null,
        limit: 50,
        only: 'all',
      });
      expect(page.members.map(({ memberId, r, f, m }) => `${memberId} ${r}${f}${m}`)).toEqual([
        'ann 333',
        'ben 322',
        'cat 211',
        'dan 211',
        'eve 121',
        'fay 321',
      ]);
      expect(page.buyers).toBe(6);
    });

    test('page by page they are all of them once', async () => {
      const seen: string[] = [];
      for (let after: string | null = null, pages = 0; pages < 10; pages++) {
        const page: Awaited<ReturnType<typeof rfmScores>> = await rfmScores(
          db,
          ALL,
          DEFAULT_THRESHOLDS,
          { by: 'quantile', bins: 3 },
          { after, limit: 4, only: 'all' },
        );
        seen.push(...page.members.map(({ memberId }) => memberId));
        after = page.nextCursor;
        if (after === null) break;
      }
      expect(seen).toEqual(['ann', 'ben', 'cat', 'dan', 'eve', 'fay']);
    });
  });

  test('Pareto: the top 15 % is ann alone with 13000 of 21077', async () => {
    const report = await paretoOf(db, ALL, [1500, 5000]);
    expect(report).toMatchObject({ buyers: 6, netMinor: 21_077 });
    expect(report.tops).toEqual([
      { topBp: 1500, members: 1, amountMinor: 13_000, shareBp: 6168 },
      { topBp: 5000, members: 3, amountMinor: 17_077, shareBp: 8102 },
    ]);
    expect(report.curve).toHaveLength(101);
    expect([report.curve[0]!.amountMinor, report.curve[100]!.amountMinor]).toEqual([0, 21_077]);
  });

  describe('sales equations', () => {
    test('June = anonymous + new + 2nd + … to the cent, each refund with the visit it follows', async () => {
      const june = await salesEquation(db, JUNE, 6);
      expect(
        june.byVisit.map(({ key, members, tickets, netMinor }) => [key, members, tickets, netMinor]),
      ).toEqual([
        ['anonymous', 0, 1, 1000],
        ['returned', 1, 0, -300],
        ['1', 1, 1, 2000],
        ['2', 2, 3, 2077 - 2000 + 500],
        ['3', 0, 0, 0],
        ['4', 0, 0, 0],
        ['5', 1, 1, 3000],
        ['6+', 1, 1, 3000],
      ]);
      expect(june.netMinor).toBe(9277);
      expect(june.byVisit.reduce((sum, { netMinor }) => sum + netMinor, 0)).toBe(june.netMinor);
      expect(june.byVisit.reduce((sum, { tickets }) => sum + tickets, 0)).toBe(june.tickets);
    });

    test('tickets x attach rate x unit price is the net amount, exactly', async () => {
      const { tickets, attachRate, unitPriceMinor, netMinor } = await salesEquation(db, JUNE, 4);
      const product = BigInt(tickets) * BigInt(attachRate!.num) * BigInt(unitPriceMinor!.num);
      expect(product).toBe(BigInt(netMinor) * BigInt(attachRate!.den) * BigInt(unitPriceMinor!.den));
      expect([tickets, attachRate!.num]).toEqual([7, 8]);
    });

    test('by store the parts add up, and doors that were counted give the conversion', async () => {
      await db.query(
        "insert into store_traffic values ('S01', '2026-06-05', 10), ('S02', '2026-06-09', 8), ('S03', '2026-06-01', 2)",
      );
      const whole = await salesEquation(db, JUNE, 6);
      const parts = await Promise.all(
        ['S01', 'S02', 'S03'].map((storeId) => salesEquation(db, { ...JUNE, storeId }, 6)),
      );
      for (const field of ['netMinor', 'tickets', 'pieces'] as const) {
        expect(parts.reduce((sum, part) => sum + part[field], 0)).toBe(whole[field]);
      }
      expect(whole.traffic).toEqual({ visitors: 20, tickets: 3, conversionBp: 1500 });
      expect(parts[0]!.traffic).toEqual({ visitors: 10, tickets: 1, conversionBp: 1000 });
      expect((await salesEquation(db, { ...JUNE, from: '2026-06-20' }, 6)).traffic).toBeNull();
    });

    test("an exchange is a ticket and a visit, a member's and nobody's", async () => {
      const book = { currency: 'HKD', storeId: 'S08' };
      await storeSales(db, [
        { ...book, id: 'x1', memberId: 'cat', on: '2026-06-01', totalMinor: 900 },
        { ...book, id: 'x2', memberId: 'cat', on: '2026-06-03', totalMinor: 100, kind: 'exchange' },
        { ...book, id: 'x3', memberId: null, on: '2026-06-04', totalMinor: -50, kind: 'exchange' },
      ]);
      const june = await salesEquation(db, { ...JUNE, currency: 'HKD' }, 3);
      expect([june.tickets, june.netMinor]).toEqual([3, 950]);
      expect(june.byVisit.map(({ key, tickets, netMinor }) => [key, tickets, netMinor])).toEqual([
        ['anonymous', 1, -50],
        ['returned', 0, 0],
        ['1', 1, 900],
        ['2', 1, 100],
        ['3+', 0, 0],
      ]);
    });

    test('a period without sales has no rates, and adds up to nothing', async () => {
      const none = await salesEquation(db, { ...JUNE, from: '2020-01-01', to: '2020-01-31' }, 3);
      expect(none).toMatchObject({ netMinor: 0, tickets: 0, attachRate: null, averageTicketMinor: null });
      expect(none.byVisit).toHaveLength(5);
    });
  });

  test('behaviour in June: cycle, frequency, unit price, repeat rate, brands and categories', async () => {
    const june = await behaviourOf(db, JUNE);
    // ann: 2 visits 10 days apart; ben: 2, 7 days apart; fay: 1. gil only brought back.
    expect(june).toMatchObject({
      buyers: 3,
      visits: 5,
      tickets: 6,
      pieces: 7,
      netMinor: 8277,
      cycle: { spanDays: 17, gaps: 2 },
      frequencyX100: 167,
      unitPriceMinor: 1182,
      averageTicketMinor: 1380,
      repeatRateBp: 6667,
    });
    expect(june.brands).toEqual([
      { key: 'Leaf', buyers: 2, pieces: 4, netMinor: 4200 },
      { key: 'Kiln', buyers: 2, pieces: 2, netMinor: 4000 },
      { key: '', buyers: 1, pieces: 1, netMinor: 77 },
    ]);
    expect(june.categories.map(({ key }) => key)).toEqual(['drink', 'home', '']);
  });

  test('June buyers are new, loyal or irregular, each one of them; by home store they add up', async () => {
    const june = await buyerSplit(db, JUNE);
    // ben is new; ann was here in May; fay was not.
    expect(june).toEqual({
      new: 1,
      loyal: 1,
      irregular: 1,
      buyers: 3,
      before: { from: '2026-05-02', to: '2026-05-31' },
    });
    const parts = await Promise.all(
      ['S01', 'S02', 'S03'].map((storeId) => buyerSplit(db, { ...JUNE, storeId })),
    );
    expect(parts.map(({ new: fresh, loyal, irregular }) => [fresh, loyal, irregular])).toEqual([
      [0, 1, 1],
      [1, 0, 0],
      [0, 0, 0],
    ]);
  });

  test('key figures of June', async () => {
    await db.query(
      `insert into member_event (member_id, event_id, kind, subject, at, data, origin_id) values ('ann', 'r1', 'rating', '', '2026-06-01T10:00:00Z', '{"score": 5}', 'ann'),
        ('ben', 'r2', 'rating', '', '2026-06-30T23:00:00Z', '{"score": 4}', 'ben'),
        ('ben', 'r3', 'rating', '', '2026-07-01T00:00:00Z', '{"score": 1}', 'ben'),
        ('cat', 'r4', 'rating', '', '2026-06-02T00:00:00Z', '{"score": "bad"}', 'cat')`,
    );
    const flows = { averageTicketMinor: 1325, frequencyX100: 167, conversionBp: 1500 };
    expect(await kpisOf(db, JUNE, flows)).toEqual({
      // Of six buyers ever: ann, ben, eve and fay came twice.
      secondPurchaseRateBp: 6667,
      returnRateBp: 10_000,
      satisfaction: { meanX100: 450, ratings: 2 },
      newBuyers: 1,
      buyers: 3,
      ...flows,
    });
  });

  describe('structure', () => {
    const asked = { ...WHOLE, population: 'members', currency: 'CNY', asOf: AS_OF } as const;
    const partsOf = async (over: object) => {
      const report = await structureOf(db, { ...asked, dimension: 'gender', ...over });
      if (!report.ok) throw new Error(report.error.kind);
      return report.value.parts;
    };

    test('by gender: 3 f, 3 m, 2 unknown; shares add up to 10000, gaps to the target to 0', async () => {
      expect(
        await putTargets(db, {
          storeId: null,
          dimension: 'gender',
          parts: [
            { key: 'f', shareBp: 7000 },
            { key: 'm', shareBp: 3000 },
          ],
        }),
      ).toEqual({ ok: true, value: 2 });
      expect(await partsOf({})).toEqual([
        { key: '', members: 2, shareBp: 2500, targetBp: 0, gapBp: 2500 },
        { key: 'f', members: 3, shareBp: 3750, targetBp: 7000, gapBp: -3250 },
        { key: 'm', members: 3, shareBp: 3750, targetBp: 3000, gapBp: 750 },
      ]);
    });

    test('ages on 30 June: 36 today, 35 tomorrow 36, 15, and bands that are not known', async () => {
      const parts = await partsOf({ dimension: 'age' });
      expect(parts.map(({ key, members }) => [key, members])).toEqual([
        ['', 4],
        ['00-17', 1],
        ['35-44', 2],
        ['65+', 1],
      ]);
      expect(parts.reduce((sum, { shareBp }) => sum + shareBp, 0)).toBe(10_000);
      expect(parts.every(({ targetBp }) => targetBp === null)).toBe(true);
    });

    test('of buyers, by store and region and tier; the stores add up', async () => {
      const buyers = { population: 'buyers' } as const;
      expect(
        (await partsOf({ ...buyers, dimension: 'store' })).map(({ key, members }) => [key, members]),
      ).toEqual([
        ['S01', 3],
        ['S02', 1],
        ['S03', 2],
      ]);
      expect(
        (await partsOf({ ...buyers, dimension: 'region' })).map(({ key, members }) => [key, members]),
      ).toEqual([
        ['', 2],
        ['north', 3],
        ['south', 1],
      ]);
      expect(
        (await partsOf({ ...buyers, dimension: 'tier', storeId: 'S01' })).map(({ key, members }) => [
          key,
          members,
        ]),
      ).toEqual([
        ['base', 2],
        ['gold', 1],
      ]);
    });

    test('shares of 99.99 %, a foreign store and a strange dimension are refused', async () => {
      const put = (over: object) =>
        putTargets(db, { storeId: null, dimension: 'gender', parts: [{ key: 'f', shareBp: 9999 }], ...over });
      expect(await put({})).toEqual({ ok: false, error: { kind: 'shares', sumBp: 9999 } });
      expect(await put({ storeId: 'S77', parts: [] })).toMatchObject({ error: { kind: 'unknown_store' } });
      for (const dimension of ['shoe', "gender'; drop table member; --", 'field:none']) {
        expect(await put({ dimension })).toMatchObject({ error: { kind: 'unknown_dimension' } });
        expect(await structureOf(db, { ...asked, dimension })).toMatchObject({
          error: { kind: 'unknown_dimension' },
        });
      }
    });
  });

  test('profit: spend less cost ranks the members, who only cost are last, and a cost booked twice counts once', async () => {
    const cost = (id: string, memberId: string, kind: 'marketing' | 'service', amountMinor: number) =>
      ({ id, memberId, kind, amountMinor, currency: 'CNY', on: '2026-06-01', note: '' }) as const;
    const costs = [
      cost('1', 'ann', 'marketing', 500),
      cost('2', 'ann', 'service', 12_000),
      cost('3', 'zoe', 'marketing', 100),
      cost('4', 'ben', 'service', 1),
    ];
    expect(await bookCosts(db, costs)).toEqual({ ok: true, value: 4 });
    expect(await bookCosts(db, costs)).toEqual({ ok: true, value: 0 });
    expect(await bookCosts(db, [cost('9', 'ben', 'service', 5), cost('1', 'ann', 'marketing', 501)])).toEqual(
      {
        ok: false,
        error: { kind: 'cost_taken', id: '1', memberId: 'ann' },
      },
    );
    const facts = { marginBp: 5000, limit: 3, offset: 0, worst: false };
    const report = await profitReport(db, ALL, facts);
    expect(report).toMatchObject({
      members: 7,
      netMinor: 21_077,
      marginMinor: 10_539,
      marketingMinor: 600,
      serviceMinor: 12_001,
      profitMinor: 10_539 - 12_601,
      losses: 2,
    });
    expect(report.rows.map(({ rank, memberId, profitMinor }) => [rank, memberId, profitMinor])).toEqual([
      [1, 'ben', 1038],
      [2, 'dan', 1000],
      [3, 'eve', 1000],
    ]);
    const worst = await profitReport(db, ALL, { ...facts, worst: true });
    expect(worst.rows.map(({ memberId, profitMinor }) => [memberId, profitMinor])).toEqual([
      ['ann', 6500 - 12_500],
      ['zoe', -100],
      ['fay', 500],
    ]);
  });

  test('correlation: gold or not against a purchase of the brand Kiln', async () => {
    const report = await correlationOf(db, {
      criterion: { source: 'profile', field: 'gender', op: 'eq', value: 'f' },
      outcome: { source: 'rfm', measure: 'visits', op: 'gte', value: 2 },
      among: { source: 'lifecycle', in: ['buyer'] },
      currency: 'CNY',
      asOf: AS_OF,
    });
    // Of seven buyers (zoe bought in July) ann, cat and eve are f: two of three came twice; of the others ben and fay of four.
    expect(report).toMatchObject({
      ok: true,
      value: { n: 7, with: { n: 3, yes: 2 }, without: { n: 4, yes: 2 } },
    });
    const bad = await correlationOf(db, {
      criterion: { source: 'tier', in: ['gold'] },
      outcome: { all: [{ source: 'rfm', measure: 'visits', op: 'gte', value: 'two' }] },
      among: null,
      currency: 'CNY',
      asOf: AS_OF,
    });
    expect(bad).toMatchObject({ ok: false, error: { path: 'outcome.all[0].value', kind: 'type' } });
  });

  test('thresholds and strategies: kept, told with all 16 cells, and refused by field', async () => {
    expect(await rfmThresholds(db)).toEqual(DEFAULT_THRESHOLDS);
    const longer = { ...DEFAULT_THRESHOLDS, sleepingDays: 200 };
    expect(await putRfmThresholds(db, longer, 0)).toEqual({ ok: true, value: longer });
    expect(await rfmThresholds(db)).toEqual(longer);
    expect(await putRfmThresholds(db, { ...longer, sleepingDays: 0 }, 0)).toMatchObject({
      error: { path: 'sleepingDays' },
    });
    expect(await rfmThresholds(db)).toEqual(longer);
    const cell = { recency: 'active', frequency: 'new' } as const;
    const offer = { kind: 'gift', strengthBp: 500, text: '评论有礼' } as const;
    await putCellStrategies(db, [{ ...cell, contactEveryDays: 14, offer }], 0);
    await putCellStrategies(db, [{ ...cell, contactEveryDays: 7, offer }], 0);
    const all = await cellStrategies(db);
    expect(all).toHaveLength(16);
    expect(all[0]).toEqual({ ...cell, contactEveryDays: 7, offer });
    expect(all[15]).toEqual({
      recency: 'lost',
      frequency: 'fan',
      contactEveryDays: null,
      offer: { kind: 'none', strengthBp: 0, text: '' },
    });
  });
});
