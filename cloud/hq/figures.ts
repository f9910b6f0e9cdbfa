/**
 * HQ's first figures: sales by store and day, by hour, straight from the sales.
 */
import type { Queryable } from '../db/db.ts';
import type { HourPoint, StoreDay } from './schemas.ts';

export interface DayRange {
  readonly from: string | null;
  readonly to: string | null;
  readonly storeId: string | null;
  /** `till`: sold at tills; null: all. */
  readonly channel: string | null;
}

export async function salesByStoreAndDay(db: Queryable, range: DayRange): Promise<StoreDay[]> {
  return db.query<StoreDay>(
    `select store_id as "storeId", business_date as "businessDate", min(currency) as currency,
       count(*) filter (where kind <> 'refund') as sales,
       count(*) filter (where kind = 'refund') as refunds,
       sum(cardinality(line_no))::bigint as lines,
       sum(pieces)::bigint as pieces,
       sum(gross_minor)::bigint as "grossMinor",
       sum(adjustment_minor)::bigint as "adjustmentMinor",
       sum(tax_minor)::bigint as "taxMinor",
       sum(total_minor)::bigint as "totalMinor",
       sum(rounding_minor)::bigint as "roundingMinor",
       count(*) filter (where kind <> 'refund' and member_id is not null) as "memberSales",
       coalesce(sum(total_minor) filter (where member_id is not null), 0)::bigint as "memberTotalMinor",
       count(distinct member_id) as "membersSeen"
     from sale
     where ($1::date is null or business_date >= $1::date)
       and ($2::date is null or business_date <= $2::date)
       and ($3::text is null or store_id = $3)
       and ($4::text is null or coalesce(channel, 'till') = $4)
     group by store_id, business_date
     order by business_date desc, store_id`,
    [range.from, range.to, range.storeId, range.channel],
  );
}

export async function salesByHour(
  db: Queryable,
  facts: { readonly businessDate: string; readonly storeId: string | null },
): Promise<HourPoint[]> {
  return db.query<HourPoint>(
    `select local_hour as hour, count(*) filter (where kind <> 'refund') as sales, sum(total_minor)::bigint as "totalMinor"
     from sale where business_date = $1::date and ($2::text is null or store_id = $2)
     group by local_hour order by local_hour`,
    [facts.businessDate, facts.storeId],
  );
}
