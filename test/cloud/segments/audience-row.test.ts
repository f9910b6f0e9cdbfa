/** The narrow rows that counts read: never behind what is committed, whatever changed it, on both stores. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { countAudience, readAudience } from '../../../cloud/segments/audience.ts';
import { refreshAudienceRows } from '../../../cloud/segments/audience-row.ts';
import { rebuildPurchases, recomputeMembers } from '../../../cloud/segments/rollup.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { insertMembers, insertStores } from '../../kit/figures.ts';
import { storeSales } from '../../kit/sale-rows.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let db: Db;
  beforeAll(async () => {
    db = await openTestDb(engine);
    await insertStores(db, [{ id: 'S01' }]);
  });
  afterAll(() => db.close());

  const count = async (rule: object) => {
    const audience = await readAudience(db, { rule, currency: null, asOf: '2026-11-22' });
    if (!audience.ok) throw new Error(audience.error.message);
    return countAudience(db, audience.value);
  };
  const women = { source: 'profile', field: 'gender', op: 'eq', value: 'f' };
  const twice = { source: 'rfm', measure: 'visits', op: 'gte', value: 2 };

  test('each change of a member or a purchase is in the next count, and only those rows are written again', async () => {
    await insertMembers(db, [
      { id: 'ann', data: { gender: 'f' } },
      { id: 'ben', data: { gender: 'm' } },
      { id: 'cat', data: { gender: 'f' } },
    ]);
    expect([await count(women), await count(twice)]).toEqual([2, 0]);
    expect(await refreshAudienceRows(db, 'CNY')).toBe(0);
    await storeSales(db, [
      { id: '1', memberId: 'ann', on: '2026-11-01', totalMinor: 100 },
      { id: '2', memberId: 'ben', on: '2026-11-01', totalMinor: 100 },
      // Of no member that HQ knows: no row.
      { id: '3', memberId: 'who', on: '2026-11-01', totalMinor: 100 },
    ]);
    expect(await refreshAudienceRows(db, 'CNY')).toBe(3);
    // The second day of ann comes late, which the rollup counts anew by a second statement.
    await storeSales(db, [{ id: '4', memberId: 'ann', on: '2026-10-01', totalMinor: 100 }]);
    expect([await count(twice), await count({ all: [women, twice] })]).toEqual([1, 1]);
    await db.query(`update member set data = '{"gender": "x"}' where member_id = 'ann'`);
    expect([await count(women), await count(twice)]).toEqual([1, 1]);
    await db.query("delete from member where member_id = 'cat'");
    expect([await count(women), await count({ not: women })]).toEqual([0, 2]);
    await db.query("delete from sale where sale_id = '4'");
    await db.transaction((tx) => recomputeMembers(tx, ['ann']));
    expect(await count(twice)).toBe(0);
    await db.query("update sale set business_date = '2026-11-02' where sale_id = '2'");
    await rebuildPurchases(db);
    expect(await count({ source: 'rfm', measure: 'lastOn', op: 'on', value: '2026-11-02' })).toBe(1);
    await db.query('truncate member_purchase');
    expect(await count({ source: 'lifecycle', in: ['never_bought'] })).toBe(2);
  });

  test('a change that is rolled back leaves the rows as they were', async () => {
    const before = await count(women);
    await db
      .transaction(async (tx) => {
        await tx.query(`update member set data = '{"gender": "f"}'`);
        throw new Error('back');
      })
      .catch(() => {});
    expect(await count(women)).toBe(before);
  });

  test('a chain that goes over to another currency has rows of that one from the next count on', async () => {
    await storeSales(db, [
      { id: '5', memberId: 'ben', on: '2026-11-03', totalMinor: 500, currency: 'TWD' },
      { id: '6', memberId: 'ben', on: '2026-11-04', totalMinor: 500, currency: 'TWD' },
    ]);
    expect(await count(twice)).toBe(0);
    await db.query(`update store set data = '{"id": "S01", "currency": {"code": "TWD"}}'`);
    expect(await count(twice)).toBe(1);
  });
});
