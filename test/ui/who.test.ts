import { expect, test } from 'vitest';
import type { StaffCard } from '../../src/till/api.ts';
import { countdownText, staffFor } from '../../src/ui/who.ts';

const STAFF: readonly StaffCard[] = [
  { id: '21', name: '陈静', roleName: '收银员', permissions: ['sell'], lockedUntilMs: null },
  { id: '1', name: 'Lin', roleName: '店长', permissions: ['sell', 'refund'], lockedUntilMs: null },
];

function ids(more: Partial<Parameters<typeof staffFor>[1]>): string[] {
  return staffFor(STAFF, { permission: null, exceptId: null, query: '', ...more }).map(({ id }) => id);
}

test('staff are found by number and by name; a whole number comes first', () => {
  expect(ids({})).toEqual(['21', '1']);
  expect(ids({ query: '1' })).toEqual(['1', '21']);
  expect(ids({ query: '陈' })).toEqual(['21']);
  expect(ids({ query: 'LIN' })).toEqual(['1']);
  expect(ids({ query: '２１' })).toEqual(['21']);
  expect(ids({ query: 'x' })).toEqual([]);
});

test('an approval lists only who may give it, a switch not who is signed on', () => {
  expect(ids({ permission: 'refund' })).toEqual(['1']);
  expect(ids({ permission: 'no_sale' })).toEqual([]);
  expect(ids({ exceptId: '1' })).toEqual(['21']);
});

test('a lock-out counts down to 0:00, rounded up', () => {
  expect([300_000, 299_001, 60_000, 500, 0, -5].map(countdownText)).toEqual([
    '5:00',
    '5:00',
    '1:00',
    '0:01',
    '0:00',
    '0:00',
  ]);
});
