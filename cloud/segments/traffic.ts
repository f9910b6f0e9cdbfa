/** People counted at the doors of stores, by day: the newest count of a day stands. */
import { err, ok, type Result } from '../../src/core/result.ts';
import type { Db } from '../db/db.ts';

export interface TrafficDay {
  readonly storeId: string;
  readonly businessDate: string;
  readonly visitors: number;
}

/** All of them, or none when a store is not known. */
export async function putTraffic(
  db: Db,
  days: readonly TrafficDay[],
): Promise<Result<number, { readonly storeId: string }>> {
  const stores = days.map(({ storeId }) => storeId);
  return db.transaction(async (tx) => {
    const [strange] = await tx.query<{ storeId: string }>(
      `select id as "storeId" from unnest($1::text[]) id where not exists (select 1 from store where store_id = id) limit 1`,
      [stores],
    );
    if (strange !== undefined) return err(strange);
    await tx.query(
      `insert into store_traffic (store_id, business_date, visitors)
       select * from unnest($1::text[], $2::date[], $3::bigint[])
       on conflict (store_id, business_date) do update set visitors = excluded.visitors`,
      [stores, days.map(({ businessDate }) => businessDate), days.map(({ visitors }) => visitors)],
    );
    return ok(days.length);
  });
}
