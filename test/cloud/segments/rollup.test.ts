/** The purchase rollup on both stores: stored = recomputed, whatever comes in whatever order, from two tills at once. */
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { migrate } from '../../../cloud/db/migrate.ts';
import {
  proveAndMend,
  provePurchases,
  rebuildPurchases,
  recomputeMembers,
} from '../../../cloud/segments/rollup.ts';
import { ENGINES, openCloud } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { aRawTill } from '../../kit/raw-till.ts';
import { insertSaleRows, type SaleRowFacts, storeSales } from '../../kit/sale-rows.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
  });
  afterAll(() => db.close());
  beforeEach(() => db.script('truncate sale, member_purchase, member_store_purchase'));

  const whole = (memberId: string) =>
    db.query(
      `select currency, visits, tickets, refunds, net_minor as "netMinor", refund_minor as "refundMinor", pieces,
         first_on as "firstOn", last_on as "lastOn", changed_on as "changedOn", home_store_id as home
       from member_purchase where member_id = $1 order by currency`,
      [memberId],
    );
  const visitsByStore = (memberId: string) =>
    db.query(
      'select store_id as store, visits, net_minor as net from member_store_purchase where member_id = $1 order by 1',
      [memberId],
    );

  test('three tickets on two days in two stores and a refund are two visits, and the refund is off', async () => {
    await storeSales(db, [
      { id: '1', memberId: 'm', on: '2026-03-01', totalMinor: 1000, storeId: 'S02' },
      { id: '2', memberId: 'm', on: '2026-03-01', totalMinor: 500, storeId: 'S01' },
      { id: '3', memberId: 'm', on: '2026-03-09', totalMinor: 300, storeId: 'S02' },
      { id: '4', memberId: 'm', on: '2026-04-01', totalMinor: -200, storeId: 'S02', kind: 'refund' },
      { id: '5', memberId: null, on: '2026-03-02', totalMinor: 9999 },
    ]);
    expect(await whole('m')).toEqual([
      {
        currency: 'CNY',
        visits: 2,
        tickets: 3,
        refunds: 1,
        netMinor: 1600,
        refundMinor: -200,
        pieces: 2,
        firstOn: '2026-03-01',
        lastOn: '2026-03-09',
        changedOn: '2026-04-01',
        home: 'S01',
      },
    ]);
    expect(await visitsByStore('m')).toEqual([
      { store: 'S01', visits: 1, net: 500 },
      { store: 'S02', visits: 2, net: 1100 },
    ]);
    expect(await db.query('select count(*)::int as n from member_purchase')).toEqual([{ n: 1 }]);
  });

  test('a refund before any sale is no visit; the sale that comes later is the first', async () => {
    await storeSales(db, [{ id: '1', memberId: 'm', on: '2026-03-05', totalMinor: -100, kind: 'refund' }]);
    expect(await whole('m')).toMatchObject([
      { visits: 0, firstOn: null, lastOn: null, home: null, netMinor: -100 },
    ]);
    await storeSales(db, [{ id: '2', memberId: 'm', on: '2026-03-01', totalMinor: 100 }]);
    expect(await whole('m')).toMatchObject([
      { visits: 1, firstOn: '2026-03-01', changedOn: '2026-03-05', home: 'S01', netMinor: 0 },
    ]);
  });

  test('late sales count once: between two visits, on a day that is known, and before all others', async () => {
    const visitsAfter = async (id: string, on: string, storeId = 'S01') => {
      await storeSales(db, [{ id, memberId: 'm', on, totalMinor: 1, storeId }]);
      return (await whole('m'))[0]!.visits;
    };
    expect(await visitsAfter('1', '2026-03-10')).toBe(1);
    expect(await visitsAfter('2', '2026-03-20')).toBe(2);
    expect(await visitsAfter('3', '2026-03-15', 'S02')).toBe(3);
    expect(await visitsAfter('4', '2026-03-10')).toBe(3);
    expect(await visitsAfter('5', '2026-03-01', 'S03')).toBe(4);
    expect(await visitsAfter('6', '2026-03-20')).toBe(4);
    expect(await whole('m')).toMatchObject([{ home: 'S03', tickets: 6, firstOn: '2026-03-01' }]);
    expect(await provePurchases(db)).toEqual({ rows: 4, differences: 0, memberIds: [] });
  });

  test('a member who buys in two currencies has two books', async () => {
    await storeSales(db, [
      { id: '1', memberId: 'm', on: '2026-03-01', totalMinor: 1000 },
      { id: '2', memberId: 'm', on: '2026-03-01', totalMinor: 4500, currency: 'TWD', storeId: 'S09' },
    ]);
    expect(await whole('m')).toMatchObject([
      { currency: 'CNY', netMinor: 1000 },
      { currency: 'TWD', netMinor: 4500 },
    ]);
  });

  const anySale = fc.record({
    memberId: fc.constantFrom('a', 'b', 'c', "d'; drop table sale; --", null),
    day: fc.integer({ min: 1, max: 20 }),
    storeId: fc.constantFrom('S01', 'S02', 'S03'),
    kind: fc.constantFrom('sale' as const, 'sale' as const, 'sale' as const, 'refund' as const),
    amount: fc.integer({ min: 0, max: 1_000_000 }),
    currency: fc.constantFrom('CNY', 'CNY', 'CNY', 'TWD'),
  });

  test('any sales, refunds, late ones, in any batches: stored = recomputed, zero differences', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(anySale, { maxLength: 8 }), { maxLength: 10 }), async (batches) => {
        await db.script('truncate sale, member_purchase, member_store_purchase');
        let id = 0;
        for (const batch of batches) {
          const sales = batch.map(({ day, amount, ...facts }): SaleRowFacts => {
            const on = `2026-03-${String(day).padStart(2, '0')}`;
            return { ...facts, id: `${id++}`, on, totalMinor: facts.kind === 'sale' ? amount : -amount };
          });
          if (sales.length > 0) await storeSales(db, sales);
        }
        expect((await provePurchases(db)).differences).toBe(0);
      }),
      { numRuns: 40 },
    );
  });

  test('a changed, a missing and a foreign row are found, named and mended; a rebuild gives the same', async () => {
    await storeSales(db, [
      { id: '1', memberId: 'a', on: '2026-03-01', totalMinor: 10 },
      { id: '2', memberId: 'b', on: '2026-03-01', totalMinor: 20 },
      { id: '3', memberId: 'c', on: '2026-03-01', totalMinor: 30 },
    ]);
    await db.query("update member_purchase set net_minor = 11 where member_id = 'a'");
    await db.query("delete from member_store_purchase where member_id = 'b'");
    await db.query("update member_purchase set member_id = 'ghost' where member_id = 'c'");
    const proof = await proveAndMend(db);
    expect(proof.differences).toBe(4);
    expect([...proof.memberIds].sort()).toEqual(['a', 'b', 'c', 'ghost']);
    expect((await provePurchases(db)).differences).toBe(0);
    expect(await rebuildPurchases(db)).toBe(3);
    expect((await provePurchases(db)).differences).toBe(0);
  });

  test('sales that were moved to another member (a merge) are taken up for both', async () => {
    await storeSales(db, [
      { id: '1', memberId: 'a', on: '2026-03-01', totalMinor: 10 },
      { id: '2', memberId: 'b', on: '2026-03-01', totalMinor: 20 },
    ]);
    await db.transaction(async (tx) => {
      await tx.query("update sale set member_id = 'a' where member_id = 'b'");
      await recomputeMembers(tx, ['a', 'b']);
    });
    expect(await whole('a')).toMatchObject([{ visits: 1, tickets: 2, netMinor: 30 }]);
    expect(await whole('b')).toEqual([]);
  });

  test('two tills that store sales of the same members at once end with every sum right, and no deadlock', async () => {
    const rounds = engine === 'pg' ? 12 : 3;
    const members = ['a', 'b', 'c', 'd'];
    const push = (till: string, round: number) => {
      const sales = members.map((memberId, index): SaleRowFacts => {
        // Each till goes through the members in its own order and sends days out of order.
        const day = 1 + ((round * 7 + index * 3 + till.charCodeAt(0)) % 20);
        const id = `${till}-${round}-${index}`;
        return {
          id,
          memberId,
          on: `2026-03-${String(day).padStart(2, '0')}`,
          totalMinor: 100,
          storeId: till,
        };
      });
      return storeSales(db, till === 'S01' ? sales : sales.toReversed());
    };
    const all = ['S01', 'S02', 'S03'].map(async (till) => {
      for (let round = 0; round < rounds; round++) await push(till, round);
    });
    await Promise.all(all);
    expect(await provePurchases(db)).toEqual({ rows: 16, differences: 0, memberIds: [] });
  });

  test('a database that has sales already gets its rollup with the migration', async () => {
    const before = await openTestDb(engine);
    try {
      await before.script(
        `drop view member_sale cascade; drop index sale_by_date; drop table member_purchase, member_store_purchase, segment_setting, cell_strategy,
           segment_size, segment_member, segment, store_traffic, member_cost, structure_target cascade;
         delete from migration where number = 20`,
      );
      await insertSaleRows(before, [
        { id: '1', memberId: 'a', on: '2026-03-01', totalMinor: 10 },
        { id: '2', memberId: 'a', on: '2026-03-02', totalMinor: -3, kind: 'refund', storeId: 'S02' },
      ]);
      await migrate(before);
      expect(await provePurchases(before)).toEqual({ rows: 3, differences: 0, memberIds: [] });
    } finally {
      await before.close();
    }
  });

  test('a till that pushes over its socket moves the rollup in the same commit', async () => {
    const cloud = await openCloud(engine);
    try {
      const till = await aRawTill(cloud);
      till.appendOpened();
      for (let index = 0; index < 4; index++) till.appendSale({ memberId: index === 3 ? null : 'M-1' });
      const link = await till.connect();
      await link.ask(till.pushOf(1));
      await link.ask(till.pushOf(1));
      await link.hangUp();
      const rows = await cloud.db.query('select visits, tickets from member_purchase');
      expect(rows).toEqual([{ visits: 1, tickets: 3 }]);
      expect((await provePurchases(cloud.db)).differences).toBe(0);
    } finally {
      await cloud.close();
    }
  });
});
