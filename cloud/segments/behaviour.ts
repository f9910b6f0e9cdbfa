/**
 * Purchase behaviour of members in a period: cycle, frequency, unit price, repeat rate, brands and categories; who is new,
 * loyal or irregular; and the key figures.
 *
 * Money, tickets and pieces are of the store where they happened and add up over stores; buyers are counted once each in
 * the place that was asked for. The split and the rates are by home store, so those add up as well.
 */
import { mulDivHalfUp } from '../../src/core/money.ts';
import { type Cycle, daysBetween } from '../../src/core/rfm.ts';
import type { Db, Queryable } from '../db/db.ts';
import { type Period, periodSql } from './equation.ts';
import { Params } from './params.ts';
import { type Place, placeSql } from './scope.ts';
import { steady } from './scores.ts';

export interface GoodsPart {
  /** '' is what names no brand, or no category, or is not in the catalogue. */
  readonly key: string;
  readonly buyers: number;
  readonly pieces: number;
  readonly netMinor: number;
}

export interface Behaviour {
  readonly buyers: number;
  readonly visits: number;
  readonly tickets: number;
  readonly pieces: number;
  readonly netMinor: number;
  /** Of those who came twice in the period: days between visits over gaps. Null when nobody did. */
  readonly cycle: Cycle | null;
  /** Visits a buyer, in hundredths: 250 = 2.5. */
  readonly frequencyX100: number | null;
  readonly unitPriceMinor: number | null;
  readonly averageTicketMinor: number | null;
  /** Buyers with two visits or more, of all buyers. */
  readonly repeatRateBp: number | null;
  /** Greatest first; their pieces add up to `pieces`. Line amounts are net of tax where the store's prices are. */
  readonly brands: readonly GoodsPart[];
  readonly categories: readonly GoodsPart[];
}

export async function behaviourOf(db: Db, period: Period): Promise<Behaviour> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const params = new Params();
    const inPeriod = periodSql(period, params);
    const [row] = await tx.query<{
      buyers: number;
      visits: number;
      tickets: number;
      pieces: number;
      netMinor: number;
      spanDays: number;
      gaps: number;
      repeaters: number;
    }>(
      `with mine as (
         select s.member_id, count(distinct s.business_date) filter (where s.kind = 'sale') as visits,
           count(*) filter (where s.kind = 'sale') as tickets, sum(s.pieces) as pieces, sum(s.total_minor) as net_minor,
           min(s.business_date) filter (where s.kind = 'sale') as first_on,
           max(s.business_date) filter (where s.kind = 'sale') as last_on
         from member_sale s where ${inPeriod} group by s.member_id)
       select count(*) filter (where visits > 0) as buyers, coalesce(sum(visits), 0)::bigint as visits,
         coalesce(sum(tickets), 0)::bigint as tickets, coalesce(sum(pieces), 0)::bigint as pieces,
         coalesce(sum(net_minor), 0)::bigint as "netMinor",
         coalesce(sum(last_on - first_on) filter (where visits > 1), 0)::bigint as "spanDays",
         coalesce(sum(visits - 1) filter (where visits > 1), 0)::bigint as gaps,
         count(*) filter (where visits > 1) as repeaters
       from mine`,
      params.values,
    );
    const { spanDays, gaps, repeaters, ...sums } = row!;
    return {
      ...sums,
      cycle: gaps === 0 ? null : { spanDays, gaps },
      frequencyX100: ratio(sums.visits, 100, sums.buyers),
      unitPriceMinor: ratio(sums.netMinor, 1, sums.pieces),
      averageTicketMinor: ratio(sums.netMinor, 1, sums.tickets),
      repeatRateBp: ratio(repeaters, 10_000, sums.buyers),
      brands: await goodsBy(tx, period, 'brand'),
      categories: await goodsBy(tx, period, 'category'),
    };
  });
}

async function goodsBy(tx: Queryable, period: Period, field: 'brand' | 'category'): Promise<GoodsPart[]> {
  const params = new Params();
  return tx.query<GoodsPart>(
    `select coalesce(i.data->>'${field}', '') as key,
       count(distinct s.member_id) filter (where s.kind = 'sale') as buyers, sum(l.qty)::bigint as pieces,
       sum(l.net_minor)::bigint as "netMinor"
     from member_sale s
     cross join lateral unnest(s.line_sku, s.line_qty, s.line_net_minor) as l(sku, qty, net_minor)
     left join item i on i.sku = l.sku
     where ${periodSql(period, params)} group by 1 order by 4 desc, 1 limit 500`,
    params.values,
  );
}

/** `num * scale / den` rounded half up; null over nothing. */
function ratio(num: number, scale: number, den: number): number | null {
  return den <= 0 ? null : mulDivHalfUp(num, scale, den);
}

// ---- who buys ----

export interface BuyerSplit {
  /** Buyers of the period: their first visit ever lies in it. */
  readonly new: number;
  /** Not new, and they bought in the period before as well. */
  readonly loyal: number;
  /** Not new, and away in the period before. */
  readonly irregular: number;
  /** All of them: each buyer is in one of the three. */
  readonly buyers: number;
  /** The period before: of the same length, ending the day before. */
  readonly before: { readonly from: string; readonly to: string };
}

export interface Kpis {
  /** Up to the period's end, buyers with two visits or more of all buyers. */
  readonly secondPurchaseRateBp: number | null;
  readonly averageTicketMinor: number | null;
  readonly frequencyX100: number | null;
  /** Buyers of the period before who came again in this one. */
  readonly returnRateBp: number | null;
  /** Tickets of visitors, where doors are counted. */
  readonly conversionBp: number | null;
  /** Mean of ratings 1..5 in hundredths, and how many there are. */
  readonly satisfaction: { readonly meanX100: number | null; readonly ratings: number };
  readonly newBuyers: number;
  readonly buyers: number;
}

interface Counts {
  readonly new: number;
  readonly loyal: number;
  readonly irregular: number;
  readonly buyersBefore: number;
  readonly buyersEver: number;
  readonly twiceEver: number;
}

export async function buyerSplit(db: Db, period: Period): Promise<BuyerSplit> {
  const before = periodBefore(period);
  const {
    new: fresh,
    loyal,
    irregular,
  } = await db.transaction(async (tx) => {
    await steady(tx);
    return countsOf(tx, period, before);
  });
  return { new: fresh, loyal, irregular, buyers: fresh + loyal + irregular, before };
}

/** @param flows of the same period: `salesEquation` and `behaviourOf` */
export async function kpisOf(
  db: Db,
  period: Period,
  flows: {
    readonly averageTicketMinor: number | null;
    readonly frequencyX100: number | null;
    readonly conversionBp: number | null;
  },
): Promise<Kpis> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const counts = await countsOf(tx, period, periodBefore(period));
    return {
      secondPurchaseRateBp: ratio(counts.twiceEver, 10_000, counts.buyersEver),
      averageTicketMinor: flows.averageTicketMinor,
      frequencyX100: flows.frequencyX100,
      returnRateBp: ratio(counts.loyal, 10_000, counts.buyersBefore),
      conversionBp: flows.conversionBp,
      satisfaction: await satisfactionOf(tx, period),
      newBuyers: counts.new,
      buyers: counts.new + counts.loyal + counts.irregular,
    };
  });
}

/** Visits of each buyer at home in the place: ever, in the period, in the one before. */
async function countsOf(
  tx: Queryable,
  period: Period,
  before: { readonly from: string; readonly to: string },
): Promise<Counts> {
  const params = new Params();
  const currency = params.add(period.currency);
  const [from, to] = [params.add(period.from, 'date'), params.add(period.to, 'date')];
  const beforeFrom = params.add(before.from, 'date');
  const home = placeSql(period as Place, 'p.home_store_id', params);
  // First visits and second ones are known from the rollup wherever nothing came after the period.
  const [row] = await tx.query<Counts>(
    `with here as (
       select s.member_id, bool_or(s.business_date >= ${from}) as now, bool_or(s.business_date < ${from}) as before
       from member_sale s join member_purchase p using (member_id, currency)
       where s.kind = 'sale' and s.currency = ${currency} and s.business_date between ${beforeFrom} and ${to} and ${home}
       group by s.member_id),
     flows as (
       select count(*) filter (where now and p.first_on >= ${from}) as new,
         count(*) filter (where now and before and p.first_on < ${from}) as loyal,
         count(*) filter (where now and not before and p.first_on < ${from}) as irregular,
         count(*) filter (where before) as "buyersBefore"
       from here join member_purchase p on p.member_id = here.member_id and p.currency = ${currency}),
     ever as (
       select count(*) as "buyersEver", count(*) filter (where case when p.last_on <= ${to} then p.visits > 1
         else exists (select 1 from member_sale s where s.member_id = p.member_id and s.currency = p.currency
           and s.kind = 'sale' and s.business_date > p.first_on and s.business_date <= ${to}) end) as "twiceEver"
       from member_purchase p where p.currency = ${currency} and p.first_on <= ${to} and ${home})
     select * from flows cross join ever`,
    params.values,
  );
  return row!;
}

function periodBefore({ from, to }: Period): { from: string; to: string } {
  const days = daysBetween(from, to) + 1;
  return { from: dayPlus(from, -days), to: dayPlus(from, -1) };
}

/** A date so many days later (or earlier). */
export function dayPlus(date: string, days: number): string {
  return new Date(Date.parse(date) + days * 86_400_000).toISOString().slice(0, 10);
}

/** Events of kind `rating` with a whole `data.score` 1..5, of members at home in the place. */
async function satisfactionOf(tx: Queryable, period: Period): Promise<Kpis['satisfaction']> {
  const params = new Params();
  const [from, to] = [params.add(period.from, 'date'), params.add(period.to, 'date')];
  const currency = params.add(period.currency);
  const place = placeSql(period, 'p.home_store_id', params);
  const [row] = await tx.query<{ total: number; ratings: number }>(
    `select coalesce(sum((e.data->>'score')::int), 0)::bigint as total, count(*) as ratings
     from member_event e left join member_purchase p on p.member_id = e.member_id and p.currency = ${currency}
     where e.kind = 'rating' and e.data->>'score' ~ '^[1-5]$'
       and e.at >= ${from} and e.at < ${to} + 1 and (${place})`,
    params.values,
  );
  const { total, ratings } = row!;
  return { meanX100: ratio(total, 100, ratings), ratings };
}
