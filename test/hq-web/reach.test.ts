/** What each role sees of the console, what differs between two states of a thing, and the days a member is looked at. */
import { describe, expect, test } from 'vitest';
import { RIGHTS_OF } from '../../cloud/access/rights.ts';
import type { Session } from '../../cloud/hq/web/api/session.ts';
import { type AuditLine, deedsOf, differencesOf } from '../../cloud/hq/web/pages/audit/audit-entry.ts';
import { monthEnds } from '../../cloud/hq/web/pages/members/month-ends.ts';
import { PLACES } from '../../cloud/hq/web/shell/places.ts';
import { firstAllowed, foreignStore, mayOpen } from '../../cloud/hq/web/shell/reach.ts';
import { hrefOf } from '../../cloud/hq/web/shell/routes.ts';

function aSession(role: keyof typeof RIGHTS_OF, stores: string[] | null = null): Session {
  return {
    ...{ kind: 'user', id: 'u', login: 'lin', name: 'Lin', role, stores, rights: [...RIGHTS_OF[role]] },
    ...{ expiresAtMs: null, passwordTemporary: false, secondFactor: false },
  } as Session;
}

describe('places in the navigation', () => {
  test.each([
    ['admin', null, '/ /analysis /members /segments /loyalty /prices /tills /audit /settings?tab=users'],
    ['auditor', null, '/ /analysis /members /segments /loyalty /prices /tills /audit /settings?tab=users'],
    ['marketing', null, '/ /analysis /members /segments /loyalty /prices /settings?tab=fields'],
    ['service', null, '/ /days /members /loyalty /prices /tills /settings?tab=fields'],
    ['finance', null, '/ /analysis /loyalty /prices /tills /settings?tab=thresholds'],
    ['manager', ['S01'], '/ /analysis /members /segments /loyalty /prices /tills'],
  ] as const)('of %s (%s) are %s', (role, stores, hrefs) => {
    const session = aSession(role, stores === null ? null : [...stores]);
    const found = PLACES.map((place) => firstAllowed(place, session)).filter((route) => route !== null);
    expect(found.map(hrefOf).join(' ')).toBe(hrefs);
  });

  test('nobody signed in sees nothing that asks for a right', () => {
    expect(PLACES.filter((place) => firstAllowed(place, null) !== null)).toEqual([]);
    expect(mayOpen(null, { page: 'account' })).toBe(true);
  });
});

test('a manager of S01: the address of S02 is foreign, of S01 not, and for HQ none is', () => {
  const lin = aSession('manager', ['S01']);
  expect(foreignStore(lin, { page: 'store', storeId: 'S02' })).toBe('S02');
  expect(foreignStore(lin, { page: 'sales', storeId: 'S02' })).toBe('S02');
  expect(foreignStore(lin, { page: 'store', storeId: 'S01' })).toBeNull();
  expect(foreignStore(aSession('admin'), { page: 'store', storeId: 'S02' })).toBeNull();
});

test('fields that differ are told by their path, with what lacked on one side as null', () => {
  expect(
    differencesOf(
      { role: 'admin', stores: ['S01'], at: { x: 1 } },
      { role: 'admin', stores: ['S02'], y: true },
    ),
  ).toEqual([
    { field: 'stores[0]', before: 'S01', after: 'S02' },
    { field: 'at.x', before: '1', after: null },
    { field: 'y', before: null, after: 'true' },
  ]);
  expect(differencesOf(undefined, undefined)).toEqual([]);
});

test('what was asked and its outcome are one line; without an outcome it says so', () => {
  const line = (seq: number, phase: 'asked' | 'done', requestId: string): AuditLine => ({
    ...{ seq, hash: '', phase, atMs: seq, actor: { kind: 'user', id: 'u', name: 'lin' }, address: '' },
    ...{ requestId, route: 'PUT /api/v1/rules', params: null, ...(phase === 'done' ? { status: 200 } : {}) },
  });
  const deeds = deedsOf([line(3, 'asked', 'b'), line(2, 'done', 'a'), line(1, 'asked', 'a')]);
  expect(deeds.map(({ key, done }) => [key, done?.status ?? null])).toEqual([
    ['3', null],
    ['1', 200],
  ]);
});

test.each([
  ['2026-11-22', '2026-11-01', 3, '2026-11-22'],
  ['2026-11-22', '2026-09-15', 12, '2026-09-30 2026-10-31 2026-11-22'],
  ['2026-03-01', '2020-01-01', 3, '2026-01-31 2026-02-28 2026-03-01'],
  [
    '2026-11-22',
    '2020-01-01',
    12,
    '2025-12-31 2026-01-31 2026-02-28 2026-03-31 2026-04-30 2026-05-31 2026-06-30 2026-07-31 2026-08-31 2026-09-30 2026-10-31 2026-11-22',
  ],
  ['2026-11-30', '2026-10-31', 9, '2026-10-31 2026-11-30'],
])('as of %s, bought first on %s, at most %i: %s', (today, firstOn, months, days) => {
  expect(monthEnds(firstOn, today, months).join(' ')).toBe(days);
});
