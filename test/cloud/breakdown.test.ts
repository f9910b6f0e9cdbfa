/** Sales taken apart, on a hand-made shop: every expected value is worked out by hand from the sales below. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../cloud/db/db.ts';
import { breakdownOf, DIMENSIONS, type Dimension } from '../../cloud/hq/breakdown.ts';
import type { SaleFilter } from '../../cloud/hq/sale-filter.ts';
import { listSales } from '../../cloud/hq/sales.ts';
import { ENGINES } from '../kit/cloud.ts';
import { openTestDb } from '../kit/db.ts';
import { insertMembers, insertStores } from '../kit/figures.ts';
import { storeSales } from '../kit/sale-rows.ts';

const JUNE = { from: '2026-06-01', to: '2026-06-30', currency: 'CNY' };

async function aShop(db: Db): Promise<void> {
  await insertStores(db, [{ id: 'S01', region: 'North' }, { id: 'S02' }]);
  await insertMembers(db, [{ id: 'ann', tierId: 'gold' }, { id: 'ben' }]);
  const items = [
    ['TEA', '饮料'],
    ['CUP', '家居'],
  ];
  for (const [sku, category] of items) {
    await db.query('insert into item values ($1, $2::jsonb, now())', [
      sku!,
      JSON.stringify({ sku, name: sku, category }),
    ]);
  }
  await db.query("insert into till (till_id, store_id, code) values ('T', 'S01', 'T01')");
  const on = (day: string) => `2026-06-${day}`;
  await storeSales(db, [
    {
      id: 'a',
      memberId: 'ann',
      on: on('01'),
      lines: [
        { sku: 'TEA', qty: 2, netMinor: 800 },
        { sku: 'CUP', qty: 1, netMinor: 2000 },
      ],
    },
    { id: 'b', memberId: null, on: on('02'), storeId: 'S02', lines: [{ sku: 'TEA', qty: 1, netMinor: 500 }] },
    {
      id: 'c',
      memberId: 'ben',
      on: on('02'),
      storeId: 'S02',
      lines: [{ sku: 'CUP', qty: 1, netMinor: 2000 }],
    },
    {
      id: 'd',
      memberId: 'ann',
      on: on('09'),
      kind: 'refund',
      lines: [{ sku: 'CUP', qty: -1, netMinor: -2000 }],
    },
    { id: 'e', memberId: null, on: '2026-07-01', lines: [{ sku: 'TEA', qty: 9, netMinor: 9999 }] },
  ]);
  // On sale a: 200 off the tea by a promotion, out of 1000; paid 3000 in cash, 200 back, by cashier 01; b by wallet, by 02.
  const off = [
    [{ ruleId: 'tea-day', amountMinor: -200, reason: { kind: 'amount_off', name: 'Tea day' } }],
    [],
  ];
  await db.query(
    `update sale set line_adjustments = $1::jsonb, line_gross_minor = '{1000,2000}', gross_minor = 3000,
       adjustment_minor = -200, tender_kind = '{cash}', tender_amount_minor = '{3000}', change_minor = 200
     where sale_id = 'a'`,
    [JSON.stringify(off)],
  );
  await db.query(
    `update sale set tender_kind = '{wallet}', tender_amount_minor = '{500}', cashier_id = '02', local_hour = 9
     where sale_id = 'b'`,
  );
}

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await aShop(db);
  }, 60_000);
  afterAll(() => db?.close());

  const parts = async (by: Dimension, filter: SaleFilter = {}) => {
    const { parts: all } = await breakdownOf(db, { ...JUNE, ...filter }, { by, limit: 100 });
    return Object.fromEntries(all.map((part) => [part.key, part.totalMinor]));
  };

  test('June is 3 tickets, 1 refund, 4 pieces and 33.00; members bring 28.00 of it', async () => {
    const { whole } = await breakdownOf(db, JUNE, { by: 'store', limit: 10 });
    expect(whole).toEqual({
      tickets: 3,
      refunds: 1,
      pieces: 4,
      grossMinor: 3500,
      adjustmentMinor: -200,
      totalMinor: 3300,
      memberTickets: 2,
      memberTotalMinor: 2800,
      members: 2,
    });
  });

  test.each([
    ['store', { S02: 2500, S01: 800 }],
    ['region', { '': 2500, North: 800 }],
    ['day', { '2026-06-01': 2800, '2026-06-02': 2500, '2026-06-09': -2000 }],
    ['week', { '2026-06-01': 5300, '2026-06-08': -2000 }],
    ['month', { '2026-06': 3300 }],
    ['weekday', { 1: 2800, 2: 500 }],
    ['hour', { '08': 2800, '09': 500 }],
    ['item', { CUP: 2000, TEA: 1300 }],
    ['category', { 家居: 2000, 饮料: 1300 }],
    ['cashier', { '01': 2800, '02': 500 }],
    ['buyer', { member: 2800, anonymous: 500 }],
    ['tier', { base: 2000, gold: 800, '': 500 }],
    ['kind', { sale: 5300, refund: -2000 }],
    ['till', { T01: 3300 }],
  ] as const)('by %s', async (by, expected) => {
    expect(await parts(by)).toEqual(expected);
  });

  test('cash of 30.00 with 2.00 change is 28.00; the rule gave 2.00 on tea of 8.00', async () => {
    expect(await parts('tender', { kind: 'sale', storeId: 'S01' })).toEqual({ cash: 2800 });
    const {
      parts: [rule, ...others],
    } = await breakdownOf(db, JUNE, { by: 'promotion', limit: 10 });
    expect(rule).toMatchObject({
      key: 'tea-day',
      name: 'Tea day',
      tickets: 1,
      adjustmentMinor: -200,
      totalMinor: 800,
    });
    expect(others).toEqual([]);
  });

  test('a filter by goods counts their lines alone, and the list behind it has the sales that they are on', async () => {
    const { whole } = await breakdownOf(db, { ...JUNE, category: '饮料' }, { by: 'store', limit: 10 });
    expect(whole).toMatchObject({ tickets: 2, pieces: 3, totalMinor: 1300 });
    const idsOf = async (filter: SaleFilter) =>
      (await listSales(db, { ...JUNE, ...filter, limit: 50 })).sales.map(({ id }) => id).sort();
    expect(await idsOf({ category: '饮料' })).toEqual(['a', 'b']);
    expect(await idsOf({ sku: 'CUP', buyer: 'member' })).toEqual(['a', 'c', 'd']);
    expect(await idsOf({ ruleId: 'tea-day' })).toEqual(['a']);
    expect(await idsOf({ tender: 'wallet', hour: 9, weekday: 2, cashierId: '02' })).toEqual(['b']);
    expect(await idsOf({ region: 'North', kind: 'refund' })).toEqual(['d']);
  });

  test('whatever the dimension, its parts add up to the whole where a ticket is in one part', async () => {
    for (const by of DIMENSIONS.filter((one) => one !== 'promotion' && one !== 'tender')) {
      const { whole, parts: all } = await breakdownOf(db, JUNE, { by, limit: 100 });
      expect([by, all.reduce((sum, part) => sum + part.totalMinor, 0)]).toEqual([by, whole.totalMinor]);
    }
  });

  test('of two parts one is asked for: the larger comes, and it is said that there is more', async () => {
    const report = await breakdownOf(db, JUNE, { by: 'store', limit: 1 });
    expect(report.parts.map(({ key }) => key)).toEqual(['S02']);
    expect(report.cut).toBe(true);
  });
});
