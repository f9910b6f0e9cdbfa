/** Three people as HQ would send them: a cashier 1111, a senior cashier 2222, a manager 9999. */
import { DEFAULT_ROLES, type Staff } from '../../src/core/people.ts';
import type { FeedRow } from '../../src/protocol/down.ts';
import { pinHash } from '../../src/till/pin.ts';
import { systemChance } from '../../src/till/run.ts';

/** log2 N: quick, since what is tested is not how slow scrypt is. */
const COST = 8;

export const PINS = { lin: '1111', chen: '2222', boss: '9999' } as const;

export async function aStaff(facts: Partial<Staff> & { readonly id: string; readonly pinText: string }) {
  const { pinText, ...given } = facts;
  const staff: Staff = {
    name: given.id,
    roleId: 'cashier',
    active: true,
    pin: await pinHash(pinText, systemChance, COST),
    ...given,
  };
  return { kind: 'staff', key: staff.id, data: staff };
}

export async function staffRows(): Promise<FeedRow[]> {
  return [
    ...DEFAULT_ROLES.map((role) => ({ kind: 'role', key: role.id, data: role })),
    await aStaff({ id: 'lin', name: '林', pinText: PINS.lin }),
    await aStaff({ id: 'chen', name: '陈', roleId: 'senior', pinText: PINS.chen }),
    await aStaff({ id: 'boss', name: '王店长', roleId: 'manager', pinText: PINS.boss }),
  ];
}
