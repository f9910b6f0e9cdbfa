/**
 * A till's business day in figures, for the other tills of its store.
 */
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import type { JournalBatch } from './books.ts';

interface DayRow {
  readonly tickets: number;
  readonly pieces: number;
  readonly netMinor: number;
  readonly refundMinor: number;
  readonly newMinor: number;
  readonly returningMinor: number;
  readonly noMemberMinor: number;
  readonly throughSeq: number;
  readonly hours: readonly { readonly hour: number; readonly tickets: number; readonly netMinor: number }[];
  readonly cashiers: readonly {
    readonly id: string;
    readonly tickets: number;
    readonly pieces: number;
    readonly netMinor: number;
    readonly refunds: number;
    readonly discountMinor: number;
  }[];
}

/** @returns how many days were told */
export async function dayFeed(batch: JournalBatch, dates: ReadonlySet<string>): Promise<number> {
  const { tx, tillId, storeId } = batch;
  const [till] = await tx.query<{ code: string }>('select code from till where till_id = $1', [tillId]);
  for (const date of dates) {
    const facts = { storeId, tillId, date };
    const day = await dayOf(tx, facts);
    if (day === null) continue;
    const data = { tillId, tillCode: till!.code, date, atMs: batch.nowMs, ...day };
    await tx.query(
      `insert into till_day (store_id, till_id, business_date, data) values ($1, $2, $3::date, $4::jsonb)
       on conflict (store_id, till_id, business_date) do update set data = excluded.data`,
      [storeId, tillId, date, JSON.stringify(data)],
    );
    await publish(tx, [{ kind: 'till_day', key: `${tillId}/${date}`, storeId, data }]);
  }
  return dates.size;
}

interface DayFacts {
  readonly storeId: string;
  readonly tillId: string;
  readonly date: string;
}

/**
 * All in one look at the day's sales: each batch of a till that comes back after a long day asks this anew.
 *
 * New: the member's first purchase in the chain was on this date.
 */
async function dayOf(tx: Queryable, { storeId, tillId, date }: DayFacts): Promise<DayRow | null> {
  const [row] = await tx.query<DayRow & { readonly rows: number }>(
    `with day as materialized (
       select s.kind, s.pieces, s.total_minor, s.adjustment_minor, s.member_id, s.business_date, s.seq, s.local_hour, s.cashier_id,
         (select min(p.first_on) from member_purchase p where p.member_id = s.member_id) as first_date
       from sale s where s.store_id = $1 and s.till_id = $2 and s.business_date = $3::date),
     hour as (
       select local_hour as hour, count(*) filter (where kind <> 'refund') as tickets, sum(total_minor)::bigint as "netMinor"
       from day group by local_hour),
     cashier as (
       select cashier_id as id, count(*) filter (where kind <> 'refund') as tickets, sum(pieces)::bigint as pieces,
         sum(total_minor)::bigint as "netMinor", count(*) filter (where kind = 'refund') as refunds,
         coalesce(-sum(adjustment_minor) filter (where kind <> 'refund'), 0)::bigint as "discountMinor"
       from day group by cashier_id)
     select count(*) as rows,
       count(*) filter (where kind <> 'refund') as tickets,
       coalesce(sum(pieces), 0)::bigint as pieces,
       coalesce(sum(total_minor), 0)::bigint as "netMinor",
       coalesce(-sum(total_minor) filter (where kind = 'refund'), 0)::bigint as "refundMinor",
       coalesce(sum(total_minor) filter (where member_id is not null and first_date = business_date), 0)::bigint
         as "newMinor",
       coalesce(sum(total_minor) filter (where member_id is not null and first_date is distinct from business_date), 0)::bigint
         as "returningMinor",
       coalesce(sum(total_minor) filter (where member_id is null), 0)::bigint as "noMemberMinor",
       max(seq) as "throughSeq",
       (select jsonb_agg(to_jsonb(h) order by hour) from hour h) as hours,
       (select jsonb_agg(to_jsonb(c) order by id) from cashier c) as cashiers
     from day`,
    [storeId, tillId, date],
  );
  if (row === undefined || row.rows === 0) return null;
  const { rows: _, ...day } = row;
  return day;
}
