/**
 * A till's business day in figures, for the other tills of its store.
 */
import type { Queryable } from '../db/db.ts';
import { publish } from '../feed/feed.ts';
import type { Batch } from './books.ts';

interface DayRow {
  readonly tickets: number;
  readonly pieces: number;
  readonly netMinor: number;
  readonly refundMinor: number;
  readonly newMinor: number;
  readonly returningMinor: number;
  readonly noMemberMinor: number;
  readonly throughSeq: number;
}

/** @returns how many days were told */
export async function dayFeed(batch: Batch, dates: ReadonlySet<string>): Promise<number> {
  const { tx, tillId, storeId } = batch;
  const [till] = await tx.query<{ code: string }>('select code from till where till_id = $1', [tillId]);
  for (const date of dates) {
    const facts = { storeId, tillId, date };
    const day = await dayOf(tx, facts);
    if (day === null) continue;
    const data = {
      tillId,
      tillCode: till!.code,
      date,
      atMs: batch.nowMs,
      ...day,
      hours: await hoursOf(tx, facts),
      cashiers: await cashiersOf(tx, facts),
    };
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

/** New: the member's first purchase in the chain was on this date. */
async function dayOf(tx: Queryable, { storeId, tillId, date }: DayFacts): Promise<DayRow | null> {
  const [row] = await tx.query<DayRow & { rows: number }>(
    `with day as (
       select s.kind, s.pieces, s.total_minor, s.member_id, s.business_date, s.seq,
         (select min(p.first_on) from member_purchase p where p.member_id = s.member_id) as first_date
       from sale s where s.store_id = $1 and s.till_id = $2 and s.business_date = $3::date)
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
       max(seq) as "throughSeq"
     from day`,
    [storeId, tillId, date],
  );
  if (row === undefined || row.rows === 0) return null;
  const { rows: _, ...day } = row;
  return day;
}

async function hoursOf(tx: Queryable, { storeId, tillId, date }: DayFacts) {
  return tx.query<{ hour: number; tickets: number; netMinor: number }>(
    `select local_hour as hour, count(*) filter (where kind <> 'refund') as tickets, sum(total_minor)::bigint as "netMinor"
     from sale where store_id = $1 and till_id = $2 and business_date = $3::date group by local_hour order by local_hour`,
    [storeId, tillId, date],
  );
}

async function cashiersOf(tx: Queryable, { storeId, tillId, date }: DayFacts) {
  return tx.query<{
    id: string;
    tickets: number;
    pieces: number;
    netMinor: number;
    refunds: number;
    discountMinor: number;
  }>(
    `select cashier_id as id, count(*) filter (where kind <> 'refund') as tickets, sum(pieces)::bigint as pieces,
       sum(total_minor)::bigint as "netMinor", count(*) filter (where kind = 'refund') as refunds,
       coalesce(-sum(adjustment_minor) filter (where kind <> 'refund'), 0)::bigint as "discountMinor"
     from sale where store_id = $1 and till_id = $2 and business_date = $3::date group by cashier_id order by cashier_id`,
    [storeId, tillId, date],
  );
}
