/**
 * HQ's database as a caller sees it: the rows of the caller's stores, by row-level security (`row-scope.sql`).
 *
 * Routes get this database and no other. Whom it answers comes with the request (`asCaller`), so no route can forget to
 * ask, and work that nobody asked for fails instead of seeing everything.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { assert } from '../../src/core/assert.ts';
import type { Db, Param, Queryable } from '../db/db.ts';
import type { StoreScope } from './rights.ts';

const asking = new AsyncLocalStorage<{ readonly stores: StoreScope }>();

/** Runs `work`, and all that follows from it, for a caller of these stores. @param stores null: the whole chain */
export function asCaller<T>(stores: StoreScope, work: () => T): T {
  return asking.run({ stores }, work);
}

/**
 * Runs what HQ does for itself while somebody waits: bringing up to date what the answer is read from. Nothing that it
 * reads goes into the answer.
 */
export function asHq<T>(work: () => T): T {
  return asCaller(null, work);
}

/** Runs what is called later, by somebody else, for who asks now: listeners, timers. */
export function forSameCaller(): <T>(work: () => T) => T {
  return AsyncLocalStorage.snapshot() as <T>(work: () => T) => T;
}

export function scopedDb(db: Db): Db {
  return {
    ...db,
    query: async <Row>(text: string, params?: readonly Param[]) => {
      const stores = storesNow();
      if (stores === null) return db.query<Row>(text, params);
      return db.transaction(async (tx) => {
        await narrow(tx, stores);
        return tx.query<Row>(text, params);
      });
    },
    transaction: async (work) => {
      const stores = storesNow();
      if (stores === null) return db.transaction(work);
      return db.transaction(async (tx) => {
        await narrow(tx, stores);
        return work(tx);
      });
    },
    script: async () => assert(false, 'a request runs no scripts'),
  };
}

function storesNow(): StoreScope {
  const caller = asking.getStore();
  assert(caller !== undefined, 'a route asks the database for a caller');
  return caller.stores;
}

/**
 * To the end of the transaction: the role may read what `row-scope.sql` grants it, of these stores. SET and no function:
 * a report may still choose its isolation level, which a query would forbid.
 */
async function narrow(tx: Queryable, stores: readonly string[]): Promise<void> {
  const list = stores.map((id) => `"${id.replaceAll(/["\\]/g, '\\$&')}"`).join(',');
  await tx.query(`set local counterfoil.stores = '{${list.replaceAll("'", "''")}}'`);
  await tx.query('set local role counterfoil_scoped');
}
