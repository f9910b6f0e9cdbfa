/** The narrow rows that counts read: never behind what is committed, whatever changed it, on both stores. */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Db } from '../../../cloud/db/db.ts';
import { mergeMembers } from '../../../cloud/identity/merge.ts';
import { unmergeMember } from '../../../cloud/identity/unmerge.ts';
import { countAudience, readAudience } from '../../../cloud/segments/audience.ts';
import { refreshAudienceRows } from '../../../cloud/segments/audience-row.ts';
import { provePurchases, rebuildPurchases, recomputeMembers } from '../../../cloud/segments/rollup.ts';
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

  test('any sales, refunds, late ones, merges and their undoing, changed facts: rows and rollup are what is added up anew', async () => {
    await db.script('truncate sale, member_purchase, member_store_purchase');
    await db.query(`update store set data = '{"id": "S01", "currency": {"code": "CNY"}}'`);
    let run = 0;
    const SHORT = ['p', 'q', 'r'] as const;
    const id = fc.constantFrom(...SHORT);
    const day = fc.integer({ min: 1, max: 28 });
    const step = fc.oneof(
      fc.record({
        do: fc.constantFrom('sell' as const, 'sell' as const, 'refund' as const),
        a: id,
        b: id,
        day,
      }),
      fc.record({
        do: fc.constantFrom('merge' as const, 'unmerge' as const, 'change' as const, 'count' as const),
        a: id,
        b: id,
        day,
      }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 12 }), async (steps) => {
        const at = `-${++run}`;
        await insertMembers(
          db,
          SHORT.map((short) => ({ id: `${short}${at}`, data: { gender: 'f' } })),
        );
        for (const [index, { do: what, a, b, day: on }] of steps.entries()) {
          const [one, other] = [`${a}${at}`, `${b}${at}`];
          const now = Date.UTC(2026, 10, 22) + index * 1_000;
          if (what === 'sell' || what === 'refund') {
            const [alias] = await db.query<{ to: string }>(
              'select member_id as to from member_alias where alias_id = $1',
              [one],
            );
            const totalMinor = what === 'sell' ? 1_000 + on : -on;
            const date = `2026-10-${String(on).padStart(2, '0')}`;
            const facts = { memberId: alias?.to ?? one, on: date, totalMinor };
            await storeSales(db, [
              { ...facts, id: `s${at}-${index}`, kind: what === 'sell' ? 'sale' : 'refund' },
            ]);
          } else if (what === 'merge')
            await mergeMembers(db, { fromId: one, intoId: other, reason: 'x', author: null }, now);
          else if (what === 'unmerge')
            await unmergeMember(db, { memberId: one, reason: 'x', author: null }, now);
          else if (what === 'change') {
            await db.query(
              `update member set data = data || '{"gender": "m", "residence": "上海"}' where member_id = $1`,
              [one],
            );
          } else await count(women);
        }
        await refreshAudienceRows(db, 'CNY');
        const kept = await db.query('select * from audience_row order by member_id');
        await db.query(`insert into audience_stale values ('')`);
        await refreshAudienceRows(db, 'CNY');
        expect(kept).toEqual(await db.query('select * from audience_row order by member_id'));
        expect((await provePurchases(db)).differences).toBe(0);
      }),
      { numRuns: engine === 'pg' ? 12 : 6 },
    );
  });
});
