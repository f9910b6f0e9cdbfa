/**
 * I5: a balance never falls below zero, in any order of events; and what the tills may still spend is there at HQ.
 *
 * Points alone may go below: goods that come back take what was earned on them, whether it was spent meanwhile or not.
 */
import type { Sqlite } from '../../src/till/db.ts';
import type { Simulation } from './simulation.ts';

interface OpenLease {
  readonly key: string;
  readonly left: number;
}

export async function checkBalances(sim: Simulation): Promise<void> {
  const open = sim.tills.flatMap((till) => {
    const shop = till.disk.db('shop');
    checkTillRights(sim, till.code, shop);
    return shop
      .prepare('select key, granted - spent as left from right_grant where returned is null')
      .all() as OpenLease[];
  });
  await checkPurses(sim, open);
  await checkLeased(sim);
}

function checkTillRights({ trace }: Simulation, code: string, shop: Sqlite): void {
  const rows = shop
    .prepare(
      `select g.key, sum(g.granted) as granted,
         (select coalesce(sum(s.amount), 0) from right_spent s where s.key = g.key) as spent
       from right_grant g group by g.key`,
    )
    .all() as { key: string; granted: number; spent: number }[];
  for (const { key, granted, spent } of rows) {
    trace.check('a till spends no more than it was granted', spent <= granted, () => {
      return `${code} ${key}: ${spent} of ${granted}`;
    });
  }
}

/** Stored value and gift cards: nobody but sales takes from them here, so the leases of all tills are covered to the cent. */
async function checkPurses({ hq, time, trace }: Simulation, open: readonly OpenLease[]): Promise<void> {
  const rows = await time.really(() =>
    hq.raw.query<{ holder: string; purse: string; balance: number }>(
      `select a.holder_id as holder, a.purse, a.balance from ledger_account a where a.purse <> 'points'`,
    ),
  );
  for (const { holder, purse, balance } of rows) {
    trace.check('a purse is never below zero', balance >= 0, () => `${purse} ${holder}: ${balance}`);
    const names = purse === 'gift_card' ? hq.cardNames(holder) : [holder];
    const kinds = purse === 'gift_card' ? ['gift_card'] : ['stored_value', 'stored_bonus'];
    const keys = new Set(kinds.flatMap((kind) => names.map((name) => `${kind}:${name}`)));
    const left = open.filter(({ key }) => keys.has(key)).reduce((sum, lease) => sum + lease.left, 0);
    trace.check('what tills may spend is there', left <= balance, () => {
      return `${purse} ${holder}: tills may spend ${left} of ${balance}`;
    });
  }
}

/** leased + free = balance holds since `leased` is the sum of what is left; no journal names a lease that HQ does not know. */
async function checkLeased({ hq, time, trace }: Simulation): Promise<void> {
  const rows = await time.really(() =>
    hq.raw.query<{ key: string; leased: number; left: number }>(
      `select b.key, b.leased, coalesce((select sum(amount - spent - returned) from lease l where l.key = b.key
         and l.state in ('offered', 'held', 'short')), 0)::bigint as left from right_balance b`,
    ),
  );
  for (const { key, leased, left } of rows) {
    trace.check('leased is the sum of the leases', leased === left, () => `${key}: ${leased}, ${left} left`);
  }
  const alerts = await time.really(() =>
    hq.raw.query<{ kind: string; detail: object }>(
      "select kind, detail from sale_alert where kind in ('overspent_right', 'unknown_lease', 'lease_differs')",
    ),
  );
  trace.check('no lease is unknown or overspent', alerts.length === 0, () => JSON.stringify(alerts));
}
