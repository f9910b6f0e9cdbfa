/**
 * I5: a balance never falls below zero, in any order of events.
 *
 * Rights that a till holds are checked as they are kept now: what is spent of a key that was granted is never more than was
 * granted. Grants come with the leases; what HQ hands out over all tills is to be checked here as well then.
 */
import type { Simulation } from './simulation.ts';

export async function checkBalances({ tills, trace }: Simulation): Promise<void> {
  for (const { code, disk } of tills) {
    const rows = disk
      .db('shop')
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
}
