/** Lifecycle flow on a hand-made shop: who stood where on the first of June, and where on the last. */
import { expect, test } from 'vitest';
import { flowOf } from '../../../cloud/segments/flow.ts';
import { WHOLE } from '../../../cloud/segments/scope.ts';
import { DEFAULT_THRESHOLDS } from '../../../src/core/rfm.ts';
import { ENGINES } from '../../kit/cloud.ts';
import { openTestDb } from '../../kit/db.ts';
import { insertMembers, insertStores } from '../../kit/figures.ts';
import { storeSales } from '../../kit/sale-rows.ts';

test.each(ENGINES)('on %s: one joins, one stays, one falls silent, one is lost', async (engine) => {
  const db = await openTestDb(engine);
  try {
    await insertStores(db, [{ id: 'S01' }]);
    await insertMembers(
      db,
      ['new', 'stays', 'falls', 'lost'].map((id) => ({ id })),
    );
    await storeSales(db, [
      { id: '1', memberId: 'new', on: '2026-06-20', totalMinor: 100 },
      { id: '2', memberId: 'stays', on: '2026-05-20', totalMinor: 100 },
      { id: '3', memberId: 'stays', on: '2026-06-25', totalMinor: 100 },
      { id: '4', memberId: 'falls', on: '2026-03-25', totalMinor: 100 },
      { id: '5', memberId: 'lost', on: '2025-06-15', totalMinor: 100 },
    ]);
    const scope = { ...WHOLE, asOf: '2026-06-30', currency: 'CNY', basis: 'home' } as const;
    const days = { by: 'days', silentFromDays: 90, sleepingFromDays: 180, lostFromDays: 365 } as const;
    const thresholds = { ...DEFAULT_THRESHOLDS, recency: days };
    expect(await flowOf(db, scope, '2026-06-01', thresholds)).toEqual([
      { before: 'none', after: 'active', members: 1 },
      { before: 'active', after: 'active', members: 1 },
      { before: 'active', after: 'silent', members: 1 },
      { before: 'sleeping', after: 'lost', members: 1 },
    ]);
  } finally {
    await db.close();
  }
});
