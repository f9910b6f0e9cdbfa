/**
 * Every sale as its till wrote it, and figures of them in plain SQL: what the figures of HQ's pages are compared with.
 *
 * Shares nothing with HQ: sales, lines, payments and discounts are read from the text of the journal entries alone, the buyer by
 * the list of ids that a member had. Figures are written by SQL as an English page writes them, so that words are compared with
 * words: `1,234.56`, `12.3 %`, and `—` where there is nothing to divide by. One row a part, its columns in the page's order.
 */
import type { Db } from '../../cloud/db/db.ts';

export interface Span {
  readonly currency: string;
  /** Business dates, both ends included. */
  readonly from: string;
  readonly to: string;
}

/** Makes schema `plain` of what the journals hold now. */
export async function makePlain(db: Db): Promise<void> {
  for (const sql of MAKE) await db.query(sql);
}

const MAKE = [
  'create schema plain',
  `create table plain.sold as
   select b->>'id' as id, b->>'kind' as kind, b->>'storeId' as store_id, b->>'currency' as currency, b->>'receiptNo' as receipt_no,
     (e->>'businessDate')::date as day, (e->>'atMs')::bigint as at_ms, e->>'cashierId' as cashier_id, t.code as till,
     coalesce(t.channel, 'till') as channel, coalesce(s.data->>'region', '') as region,
     coalesce(a.member_id, b->>'memberId') as member_id,
     extract(hour from to_timestamp((e->>'atMs')::bigint / 1000.0) at time zone (s.data->>'timeZone'))::int as hour,
     (b->>'grossMinor')::bigint as gross, (b->>'adjustmentMinor')::bigint as off, (b->>'totalMinor')::bigint as net,
     (b->>'changeMinor')::bigint as change, b->'lines' as lines, b->'tenders' as tenders,
     (select sum((l->>'qty')::int) from jsonb_array_elements(b->'lines') l) as pieces
   from journal_entry j cross join lateral (select j.text::jsonb as e, j.text::jsonb->'body' as b) x
     join till t on t.till_id = j.till_id join store s on s.store_id = b->>'storeId'
     left join member_alias a on a.alias_id = b->>'memberId'
   where j.kind = 'sale'`,
  `create table plain.line as
   select s.id, (l->>'lineNo')::int as line_no, l->>'sku' as sku, (l->>'qty')::int as qty, (l->>'grossMinor')::bigint as gross,
     (l->>'netMinor')::bigint as net, l->'adjustments' as offs
   from plain.sold s cross join lateral jsonb_array_elements(s.lines) l`,
  `create function plain.money(minor numeric) returns text language sql as
     $$ select to_char(minor / 100, 'FM999,999,999,990.00') $$`,
  // Rounded half away from zero from the exact value.
  `create function plain.quotient(a numeric, b numeric, digits int) returns text language sql as
     $$ select case when b = 0 then '—' else to_char(round(a / b, digits), 'FM999,999,990.' || repeat('0', digits)) end $$`,
  `create function plain.share(part numeric, whole numeric) returns text language sql as
     $$ select case when whole <= 0 then '—' else plain.quotient(100 * part, whole, 1) || ' %' end $$`,
  `create function plain.change(now numeric, before numeric) returns text language sql as
     $$ select case when before is null or before <= 0 or now is null then '—'
          when round(100 * abs(now - before) / before, 1) = 0 then 'level 0.0 %'
          else case when now > before then 'up ' else 'down ' end || plain.share(abs(now - before), before) end $$`,
  `create function plain.count(n numeric) returns text language sql as $$ select to_char(n, 'FM999,999,990') $$`,
];

/** What is added up, one row each: whole sales, lines, payments by their kind, and what one rule took off one line. */
const GRAINS = {
  sale: 'select s.*, s.net as part_net, s.off as part_off, s.pieces as part_pieces from plain.sold s',
  line: `select s.*, l.sku, l.net as part_net, l.net - l.gross as part_off, l.qty as part_pieces
    from plain.sold s join plain.line l using (id)`,
  // Change goes back out of the drawer.
  tender: `select s.*, p.kind as paid_by, p.amount - case p.kind when 'cash' then s.change else 0 end as part_net, 0 as part_off,
      s.pieces as part_pieces
    from plain.sold s cross join lateral (
      select one->>'kind' as kind, sum((one->>'amountMinor')::bigint) as amount from jsonb_array_elements(s.tenders) one group by 1) p`,
  off: `select s.*, l.rule_id, l.net as part_net, l.part_off, l.qty as part_pieces
    from plain.sold s join (
      select id, line_no, one->>'ruleId' as rule_id, min(net) as net, min(qty) as qty, sum((one->>'amountMinor')::bigint) as part_off
      from plain.line cross join lateral jsonb_array_elements(offs) as o(one) group by 1, 2, 3) l using (id)`,
} as const;

const KEYS: Readonly<Record<string, readonly [key: string, grain: keyof typeof GRAINS]>> = {
  store: ['store_id', 'sale'],
  region: ['region', 'sale'],
  day: ['day::text', 'sale'],
  week: ['(day - extract(isodow from day)::int + 1)::text', 'sale'],
  month: [`to_char(day, 'YYYY-MM')`, 'sale'],
  weekday: [`to_char(day, 'ID')`, 'sale'],
  hour: [`to_char(hour, 'FM00')`, 'sale'],
  cashier: ['cashier_id', 'sale'],
  till: ['till', 'sale'],
  channel: ['channel', 'sale'],
  buyer: [`case when g.member_id is null then 'anonymous' else 'member' end`, 'sale'],
  tier: [`coalesce((select m.tier_id from member m where m.member_id = g.member_id), '')`, 'sale'],
  kind: ['kind', 'sale'],
  item: ['sku', 'line'],
  category: [`coalesce((select i.data->>'category' from item i where i.sku = g.sku), '')`, 'line'],
  brand: [`coalesce((select i.data->>'brand' from item i where i.sku = g.sku), '')`, 'line'],
  tender: ['paid_by', 'tender'],
  promotion: ['rule_id', 'off'],
};
export const DIMENSIONS = Object.keys(KEYS);
const BY_TIME = ['day', 'week', 'month', 'weekday', 'hour'];

/** Key, sales, share, change, tickets, pieces a ticket, taken off, members' share, refunds: of each part, in the page's order. */
export async function partsShown(db: Db, by: string, span: Span, before: Span): Promise<string[][]> {
  const [key, grain] = KEYS[by]!;
  const parts = (from: string, to: string) =>
    `select ${key} as key, sum(part_net) as net, sum(part_off) as off, sum(part_pieces) as pieces, ${COUNTS},
       coalesce(sum(part_net) filter (where member_id is not null), 0) as members
     from (${GRAINS[grain]}) g where currency = $1 and day between ${from}::date and ${to}::date group by 1`;
  // Promotions are weighed by what they give away.
  const weight = by === 'promotion' ? '-1 * %.off' : '%.net';
  const of = (row: string) => weight.replace('%', row);
  // A day stands against the day in its place of the period before.
  const same = by === 'day' ? 'b.key::date + ($2::date - $4::date) = n.key::date' : 'b.key = n.key';
  return rowsOf(
    db,
    `with n as (${parts('$2', '$3')}), b as (${parts('$4', '$5')}),
       w as (select sum(net) as net, sum(off) as off from plain.sold where currency = $1 and day between $2::date and $3::date)
     select array[n.key, plain.money(n.net), plain.share(${of('n')}, ${of('w')}), plain.change(${of('n')}, ${of('b')}),
       plain.count(n.tickets), plain.quotient(n.pieces, n.tickets, 2), plain.money(n.off), plain.share(n.members, n.net),
       plain.count(n.refunds)] as row
     from n left join b on ${same} cross join w order by ${BY_TIME.includes(by) ? 'n.key' : `${of('n')} desc, n.key`}`,
    [span.currency, span.from, span.to, before.from, before.to],
  );
}

const COUNTS = `count(distinct id) filter (where kind <> 'refund') as tickets, count(distinct id) filter (where kind = 'refund') as refunds`;
const SUMS = `coalesce(sum(net), 0) as net, coalesce(sum(off), 0) as off, coalesce(sum(gross), 0) as gross, ${COUNTS},
  coalesce(sum(pieces), 0) as pieces, coalesce(sum(net) filter (where member_id is not null), 0) as members,
  count(*) filter (where kind <> 'refund' and member_id is not null) as member_tickets`;

/** Of a period: sales, tickets, average ticket, pieces a ticket, price a piece, members' share, discount rate, refunds; then how the first six moved. */
export async function wholeShown(db: Db, span: Span, before: Span): Promise<string[]> {
  const sums = (from: string, to: string) =>
    `select ${SUMS} from plain.sold where currency = $1 and day between ${from}::date and ${to}::date`;
  const [row] = await rowsOf(
    db,
    `with n as (${sums('$2', '$3')}), b as (${sums('$4', '$5')})
     select array[plain.money(n.net), plain.count(n.tickets), plain.quotient(n.net, 100 * n.tickets, 2), plain.quotient(n.pieces, n.tickets, 2),
       plain.quotient(n.net, 100 * n.pieces, 2), plain.share(n.members, n.net), plain.share(abs(n.off), n.gross), plain.count(n.refunds),
       plain.change(n.net, b.net), plain.change(n.tickets, b.tickets), plain.change(n.net * b.tickets, b.net * n.tickets),
       plain.change(n.pieces * b.tickets, b.pieces * n.tickets), plain.change(n.net * b.pieces, b.net * n.pieces),
       plain.change(n.members * b.net, b.members * n.net)] as row
     from n, b`,
    [span.currency, span.from, span.to, before.from, before.to],
  );
  return row!;
}

/** By the n-th day on which its member bought: anonymous, '0' = given back before anything was bought, 1, 2 … 5 = fifth and later. */
export async function visitsShown(db: Db, span: Span): Promise<string[][]> {
  return rowsOf(
    db,
    `with nth as (
       select s.*, case when member_id is null then 'anonymous' else least(5, (
           select count(distinct o.day) from plain.sold o
           where o.member_id = s.member_id and o.currency = s.currency and o.kind <> 'refund' and o.day <= s.day))::text end as nth
       from plain.sold s where currency = $1 and day between $2::date and $3::date)
     select array[nth, plain.money(sum(net)), plain.share(sum(net), (select sum(net) from nth))] as row
     from nth group by nth order by case nth when 'anonymous' then -1 else nth::int end`,
    [span.currency, span.from, span.to],
  );
}

/** Of one day: store, sales, tickets, pieces a ticket, members' share, and how it stands to a week before (hours before `$3` of both days). */
export async function storesShown(
  db: Db,
  day: string,
  currency: string,
  hourNow: number,
): Promise<string[][]> {
  return rowsOf(
    db,
    `with n as (select store_id, ${SUMS} from plain.sold where day = $1::date group by 1),
       h as (select store_id, coalesce(sum(net) filter (where day = $1::date), 0) as now,
           coalesce(sum(net) filter (where day = $1::date - 7), 0) as before
         from plain.sold where hour < $3::int and day in ($1::date, $1::date - 7) group by 1)
     select array[t.store_id, plain.money(coalesce(n.net, 0)), plain.change(coalesce(h.now, 0), h.before), plain.count(coalesce(n.tickets, 0)),
       coalesce(plain.quotient(n.pieces, n.tickets, 2), '—'), coalesce(plain.share(n.members, n.net), '—')] as row
     from store t left join n using (store_id) left join h using (store_id) where t.data->'currency'->>'code' = $2
     order by coalesce(n.net, 0) desc, t.store_id`,
    [day, currency, hourNow],
  );
}

/** Headline of a day: sales, tickets, price a piece, pieces a ticket, members' share, member tickets, refunds; then how the first two moved. */
export async function dayShown(db: Db, day: string, currency: string, hourNow: number): Promise<string[]> {
  const [row] = await rowsOf(
    db,
    `with n as (select ${SUMS} from plain.sold where day = $1::date and currency = $2),
       h as (select coalesce(sum(net) filter (where day = $1::date), 0) as net, count(*) filter (where day = $1::date and kind <> 'refund') as tickets,
           coalesce(sum(net) filter (where day = $1::date - 7), 0) as net_before,
           count(*) filter (where day = $1::date - 7 and kind <> 'refund') as tickets_before
         from plain.sold where currency = $2 and hour < $3::int and day in ($1::date, $1::date - 7))
     select array[plain.money(net_), plain.count(tickets_), plain.quotient(net_, 100 * pieces, 2), plain.quotient(pieces, tickets_, 2),
       plain.share(members, net_), plain.count(member_tickets), plain.count(refunds), plain.change(h.net, h.net_before),
       plain.change(h.tickets, h.tickets_before)] as row
     from (select n.net as net_, n.tickets as tickets_, n.* from n) n, h`,
    [day, currency, hourNow],
  );
  return row!;
}

/** @param sql  selects one array of texts, `row` */
export async function rowsOf(
  db: Db,
  sql: string,
  values: readonly (string | number)[] = [],
): Promise<string[][]> {
  return (await db.query<{ row: string[] }>(sql, [...values])).map(({ row }) => row);
}
