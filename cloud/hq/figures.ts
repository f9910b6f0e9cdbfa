/**
 * HQ's first figures: sales by store and day, by hour, straight from the sales.
 */
import type { Queryable } from '../db/db.ts';
import type { HourPoint, StoreDay, StorePace } from './schemas.ts';

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

/**
 * Sales of each store up to a local hour of a day, and of the same weekday a week before up to the same hour.
 *
 * @param facts.beforeHour  finished hours count, 0 to 24; 24 is the whole day
 * @returns  a row for each store that sold on one of both days
 */
export async function salesBeforeHour(
  db: Queryable,
  facts: { readonly businessDate: string; readonly beforeHour: number },
): Promise<StorePace[]> {
  return db.query<StorePace>(
    `select store_id as "storeId",
       coalesce(sum(total_minor) filter (where business_date = $1::date), 0)::bigint as "totalMinor",
       count(*) filter (where business_date = $1::date and kind <> 'refund') as sales,
       coalesce(sum(total_minor) filter (where business_date < $1::date), 0)::bigint as "lastWeekMinor",
       count(*) filter (where business_date < $1::date and kind <> 'refund') as "lastWeekSales"
     from sale
     where business_date in ($1::date, $1::date - 7) and local_hour < $2
     group by store_id order by store_id`,
    [facts.businessDate, facts.beforeHour],
  );
}
