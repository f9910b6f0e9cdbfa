/**
 * People: staff and their roles, written by HQ and brought to the tills by the feed. PINs are hashed here and kept nowhere.
 */
import { randomBytes, scrypt } from 'node:crypto';
import type { Role, Staff } from '../../src/core/people.ts';
import { hashPin, type Scrypt } from '../../src/core/pin.ts';
import type { Chance } from '../../src/core/ports.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type FeedChange, publish } from '../feed/feed.ts';

/** Staff as HQ writes it: without a PIN the old one stays. */
export interface StaffInput {
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  /** null: works in every store. */
  readonly storeId: string | null;
  readonly active: boolean;
  readonly pin?: string | undefined;
}

export type StaffError =
  | { readonly kind: 'pin_missing'; readonly staffId: string }
  | { readonly kind: 'unknown_role'; readonly staffId: string; readonly roleId: string }
  | { readonly kind: 'unknown_store'; readonly staffId: string; readonly storeId: string };

export async function listRoles(db: Queryable): Promise<Role[]> {
  const rows = await db.query<{ data: Role }>('select data from role order by role_id');
  return rows.map(({ data }) => data);
}

export async function putRoles(db: Db, roles: readonly Role[], atMs: number): Promise<number> {
  await db.transaction(async (tx) => {
    await tx.query(
      `insert into role (role_id, data, updated_at)
       select key, data, to_timestamp($3::float8 / 1000) from unnest($1::text[], $2::jsonb[]) as r(key, data)
       on conflict (role_id) do update set data = excluded.data, updated_at = excluded.updated_at`,
      [roles.map(({ id }) => id), roles.map((role) => JSON.stringify(role)), atMs],
    );
    await publish(
      tx,
      roles.map((role): FeedChange => ({ kind: 'role', key: role.id, storeId: null, data: role })),
    );
  });
  return roles.length;
}

/** Adds or changes staff; all of them or, at the first fault, none. Leaving is `active: false`: entries name them for ever. */
export async function putStaff(
  db: Db,
  people: readonly StaffInput[],
  roles: readonly Role[],
  atMs: number,
): Promise<Result<number, StaffError>> {
  const pins = await Promise.all(
    people.map(({ pin }) => (pin === undefined ? null : hashPin(pin, { scrypt: scryptOf, chance }))),
  );
  return db.transaction(async (tx) => {
    const before = await staffRows(tx);
    const stores = await tx.query<{ store_id: string }>('select store_id from store');
    const known = new Set(stores.map(({ store_id }) => store_id));
    const own = await tx.query<{ data: Role }>('select data from role');
    const roleIds = new Set([...roles, ...own.map(({ data }) => data)].map(({ id }) => id));
    const rows: { staff: Staff; storeId: string }[] = [];
    for (const [i, { id, name, roleId, storeId, active }] of people.entries()) {
      const pin = pins[i] ?? before.get(id)?.data.pin;
      if (pin === undefined) return err({ kind: 'pin_missing', staffId: id });
      if (!roleIds.has(roleId)) return err({ kind: 'unknown_role', staffId: id, roleId });
      if (storeId !== null && !known.has(storeId))
        return err({ kind: 'unknown_store', staffId: id, storeId });
      rows.push({ staff: { id, name, roleId, active, pin }, storeId: storeId ?? '' });
    }
    await tx.query(
      `insert into staff (staff_id, store_id, data, updated_at)
       select key, store, data, to_timestamp($4::float8 / 1000)
       from unnest($1::text[], $2::text[], $3::jsonb[]) as r(key, store, data)
       on conflict (staff_id) do update set store_id = excluded.store_id, data = excluded.data,
         updated_at = excluded.updated_at`,
      [
        rows.map(({ staff }) => staff.id),
        rows.map(({ storeId }) => storeId),
        rows.map(({ staff }) => JSON.stringify(staff)),
        atMs,
      ],
    );
    await publish(
      tx,
      rows.flatMap((row) => changesOf(row, before.get(row.staff.id)?.storeId)),
    );
    return ok(rows.length);
  });
}

/** Who works elsewhere from now on is taken off the old store's tills. */
function changesOf(row: { staff: Staff; storeId: string }, before: string | undefined): FeedChange[] {
  const scope = (storeId: string) => (storeId === '' ? null : storeId);
  const change: FeedChange = {
    kind: 'staff',
    key: row.staff.id,
    storeId: scope(row.storeId),
    data: row.staff,
  };
  if (before === undefined || before === row.storeId) return [change];
  return [{ kind: 'staff', key: row.staff.id, storeId: scope(before), data: null }, change];
}

async function staffRows(tx: Queryable): Promise<Map<string, { data: Staff; storeId: string }>> {
  const rows = await tx.query<{ staff_id: string; store_id: string; data: Staff }>(
    'select staff_id, store_id, data from staff',
  );
  return new Map(rows.map(({ staff_id, store_id, data }) => [staff_id, { data, storeId: store_id }]));
}

export interface StaffListed {
  readonly id: string;
  readonly name: string;
  readonly roleId: string;
  readonly storeId: string | null;
  readonly active: boolean;
}

export async function listStaff(db: Queryable): Promise<StaffListed[]> {
  const rows = await staffRows(db);
  return [...rows.values()]
    .map(({ data: { id, name, roleId, active }, storeId }) => ({
      id,
      name,
      roleId,
      storeId: storeId === '' ? null : storeId,
      active,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

const scryptOf: Scrypt = ({ pin, salt, cost, bytes }) =>
  new Promise((resolve, reject) => {
    const options = { N: 2 ** cost, r: 8, p: 1, maxmem: 256 * 2 ** cost * 8 };
    scrypt(pin, salt, bytes, options, (cause, key) => (cause ? reject(cause) : resolve(key)));
  });
const chance: Chance = { bytes: (count) => new Uint8Array(randomBytes(count)) };
