/** Roles: what each may do where a store has said nothing else. */
import { expect, test } from 'vitest';
import { DEFAULT_ROLES, PERMISSIONS } from '../../src/core/people.ts';

test('each role may do all that the one below it may', () => {
  for (const [i, role] of DEFAULT_ROLES.slice(1).entries()) {
    expect(role.permissions).toEqual(expect.arrayContaining([...DEFAULT_ROLES[i]!.permissions]));
    expect(role.discountLimitBp).toBeGreaterThan(DEFAULT_ROLES[i]!.discountLimitBp);
  }
});

test('a manager may do everything', () => {
  expect(DEFAULT_ROLES.at(-1)!.permissions).toEqual(PERMISSIONS);
});
