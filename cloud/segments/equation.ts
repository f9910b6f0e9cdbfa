/**
 * The sales equations of a period, to the cent: sales = anonymous + new + 2nd + 3rd + …, and
 * sales = traffic x conversion x attach rate x unit price.
 *
 * Each sale is of its member's n-th visit ever; a refund belongs to the visit it follows. Factors are kept as fractions of
 * whole numbers, so their product is the sum itself and no rounding lies between. An exchange is a ticket as a sale is.
 */
import { mulDivHalfUp } from '../../src/core/money.ts';
import type { Db, Queryable } from '../db/db.ts';
import { Params } from './params.ts';
import { type Place, placeSql } from './scope.ts';
import { steady } from './scores.ts';

export interface Period extends Place {
  readonly from: string;
  /** Both days count. */
  readonly to: string;
  readonly currency: string;
}

export interface Fraction {
  readonly num: number;
  readonly den: number;
}

export interface VisitPart {
  /** anonymous; returned: a refund before any sale; 1 new, 2, 3 …; `n+` from the last on. */
  readonly key: string;
  readonly members: number;
  readonly tickets: number;
  readonly netMinor: number;
}

export interface SalesEquation {
  readonly netMinor: number;
  readonly tickets: number;
  /** Pieces sold less pieces returned. */
  readonly pieces: number;
  /** Their net amounts add up to `netMinor`, their tickets to `tickets`. */
  readonly byVisit: readonly VisitPart[];
  /** netMinor = tickets x attachRate x unitPrice, exactly; null without a ticket or a piece. */
  readonly attachRate: Fraction | null;
  readonly unitPriceMinor: Fraction | null;
  readonly averageTicketMinor: number | null;
  /** Over the days and stores with a count at the door: tickets there = visitors x conversion. Null without one. */
  readonly traffic: {
    readonly visitors: number;
    readonly tickets: number;
    readonly conversionBp: number | null;
  } | null;
}

/** @param visitsMax parts from 1 to this number, the last one open: 2..50 */
export async function salesEquation(db: Db, period: Period, visitsMax: number): Promise<SalesEquation> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const [whole] = await wholeOf(tx, period);
    const { netMinor, tickets, pieces } = whole!;
    const none = tickets === 0 || pieces === 0;
    return {
      netMinor,
      tickets,
      pieces,
      byVisit: await byVisit(tx, period, visitsMax),
      attachRate: none ? null : { num: pieces, den: tickets },
      unitPriceMinor: none ? null : { num: netMinor, den: pieces },
      averageTicketMinor: tickets === 0 ? null : mulDivHalfUp(netMinor, 1, tickets),
      traffic: await trafficOf(tx, period),
    };
  });
}

async function wholeOf(tx: Queryable, period: Period) {
  const params = new Params();
  return tx.query<{ netMinor: number; tickets: number; pieces: number }>(
    `select coalesce(sum(total_minor), 0)::bigint as "netMinor", count(*) filter (where kind <> 'refund') as tickets,
       coalesce(sum(pieces), 0)::bigint as pieces
     from sale s where ${periodSql(period, params)}`,
    params.values,
  );
}

/** Condition on `s`, a row of `sale` or `member_sale`. */
export function periodSql(period: Period, params: Params): string {
  const currency = params.add(period.currency);
  const [from, to] = [params.add(period.from, 'date'), params.add(period.to, 'date')];
  return `s.currency = ${currency} and s.business_date between ${from} and ${to} and ${placeSql(period, 's.store_id', params)}`;
}

/**
 * Which visit of its member each sale belongs to. How many there were before the period is what the rollup counts in all less
 * those since, so that a month of a chain of years reads a month.
 */
async function byVisit(tx: Queryable, period: Period, visitsMax: number): Promise<VisitPart[]> {
  const params = new Params();
  const inPeriod = periodSql(period, params);
  const currency = params.add(period.currency);
  const max = params.add(visitsMax, 'int');
  // Who is for some stores sees visits there alone, and the rollup is of all: then every visit is counted.
  const [caller] = await tx.query<{ sees: boolean }>(`select current_user <> 'counterfoil_scoped' as sees`);
  const since = caller!.sees
    ? `s.business_date >= ${params.add(period.from, 'date')}`
    : `s.business_date <= ${params.add(period.to, 'date')}`;
  const earlier = caller!.sees
    ? 'p.visits - count(*) filter (where visit) over (partition by d.member_id)'
    : '0';
  const rows = await tx.query<{ nth: number | null; members: number; tickets: number; netMinor: number }>(
    `with days as (
       select s.member_id, s.business_date, bool_or(s.kind = 'sale') as visit, bool_or(${inPeriod}) as here,
         count(*) filter (where s.kind = 'sale' and ${inPeriod}) as tickets,
         sum(s.total_minor) filter (where ${inPeriod}) as net_minor
       from member_sale s
       where s.currency = ${currency} and ${since}
         and s.member_id in (select s.member_id from member_sale s where ${inPeriod})
       group by s.member_id, s.business_date),
     counted as (
       select d.*, ${earlier} + count(*) filter (where visit) over (partition by d.member_id order by business_date) as nth
       from days d ${caller!.sees ? `join member_purchase p on p.member_id = d.member_id and p.currency = ${currency}` : ''})
     select least(nth, ${max})::int as nth, count(distinct member_id) as members, sum(tickets)::bigint as tickets,
       sum(net_minor)::bigint as "netMinor"
     from counted where here group by 1
     union all
     select null, 0, count(*) filter (where s.kind <> 'refund'), coalesce(sum(s.total_minor), 0)::bigint
     from sale s where ${inPeriod} and s.member_id is null`,
    params.values,
  );
  const byNth = new Map(rows.map(({ nth, ...part }) => [nth, part]));
  const nothing = { members: 0, tickets: 0, netMinor: 0 };
  const part = (key: string, nth: number | null) => ({ key, ...(byNth.get(nth) ?? nothing) });
  return [
    part('anonymous', null),
    part('returned', 0),
    ...Array.from({ length: visitsMax }, (_, index) => {
      const nth = index + 1;
      return part(nth === visitsMax ? `${nth}+` : `${nth}`, nth);
    }),
  ];
}

async function trafficOf(tx: Queryable, period: Period): Promise<SalesEquation['traffic']> {
  const params = new Params();
  const place = placeSql(period, 't.store_id', params);
  const [from, to] = [params.add(period.from, 'date'), params.add(period.to, 'date')];
  const currency = params.add(period.currency);
  const [row] = await tx.query<{ visitors: number | null; tickets: number }>(
    `with doors as (
       select t.store_id, t.business_date, t.visitors from store_traffic t join store using (store_id)
       where t.business_date between ${from} and ${to} and data->'currency'->>'code' = ${currency} and ${place})
     select (select sum(visitors) from doors)::bigint as visitors, count(*) as tickets
     from sale s join doors using (store_id, business_date) where s.kind <> 'refund' and s.currency = ${currency}`,
    params.values,
  );
  const { visitors, tickets } = row!;
  if (visitors === null) return null;
  const conversionBp = visitors === 0 ? null : mulDivHalfUp(tickets, 10_000, visitors);
  return { visitors, tickets, conversionBp };
}
