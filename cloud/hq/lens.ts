/**
 * The fraud lens: patterns in journals and sales that an honest cashier seldom makes, each with the rows that it was seen in.
 *
 * It accuses nobody: it says where to look. Amounts are minor units. Days are business dates, both ends count.
 */
import type { Queryable } from '../db/db.ts';

export const LENS_KINDS = [
  'drawer_without_sale',
  'void_after_print',
  'refund_without_receipt',
  'refund_keeps_points',
  'own_card',
  'receipt_gap',
] as const;
export type LensKind = (typeof LENS_KINDS)[number];

export interface LensRow {
  readonly tillId: string;
  readonly journalId: string;
  readonly seq: number;
  /** Null: the entry is no sale. */
  readonly saleId: string | null;
  readonly atMs: number;
}

export interface Finding {
  readonly kind: LensKind;
  readonly storeId: string;
  /** Null: a till's, not somebody's. */
  readonly cashierId: string | null;
  readonly count: number;
  /** What the rows moved; null where no money did. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  /** The newest first. */
  readonly rows: readonly LensRow[];
}

export interface LensAsked {
  readonly from: string;
  readonly to: string;
  readonly storeId: string | null;
}

/** From so many on a pattern is told: once is a slip. */
const TIMES_MIN: Readonly<Record<LensKind, number>> = {
  drawer_without_sale: 3,
  void_after_print: 2,
  refund_without_receipt: 3,
  refund_keeps_points: 1,
  own_card: 3,
  receipt_gap: 1,
};
const ROWS_MAX = 20;
/** Goods that come back so soon after the receipt were hardly carried home. */
const SOON = '5 minutes';
/** One member, one cashier, one day: nobody shops that often. */
const CARD_TIMES_A_DAY = 3;

/** One statement a kind, so that each may be read by itself. Each gives store, cashier, and the columns of a row. */
const SEEN: Readonly<Record<LensKind, string>> = {
  drawer_without_sale: `
    select t.store_id, e.text::jsonb->>'cashierId' as cashier_id, e.till_id, e.journal_id, e.seq, null as sale_id,
      to_timestamp((e.text::jsonb->>'atMs')::float8 / 1000) as at, null::bigint as amount_minor, null as currency
    from journal_entry e join till t using (till_id)
    where e.kind = 'drawer_opened' and e.received_at >= $1::date
      and (e.text::jsonb->>'businessDate')::date between $1::date and $2::date`,
  void_after_print: `
    select r.store_id, r.cashier_id, r.till_id, r.journal_id, r.seq, r.sale_id, r.at, r.total_minor as amount_minor, r.currency
    from sale r join sale o on o.sale_id = r.refund_of_sale_id
    where r.business_date between $1::date and $2::date and r.kind = 'refund'
      and o.till_id = r.till_id and o.cashier_id = r.cashier_id and r.at between o.at and o.at + interval '${SOON}'`,
  refund_without_receipt: `
    select store_id, cashier_id, till_id, journal_id, seq, sale_id, at, total_minor as amount_minor, currency
    from sale r
    where business_date between $1::date and $2::date and kind = 'refund' and refund_of_sale_id is null
      and not exists (select from return_line l where l.store_id = r.store_id and l.sale_id = r.sale_id)`,
  // The goods came back, and what their points bought meanwhile did not.
  refund_keeps_points: `
    select r.store_id, r.cashier_id, r.till_id, r.journal_id, r.seq, r.sale_id, r.at, r.total_minor as amount_minor, r.currency
    from sale r join sale o on o.sale_id = r.refund_of_sale_id
    where r.business_date between $1::date and $2::date and r.kind = 'refund' and o.member_id is not null
      and exists (select from sale s where s.member_id = o.member_id and s.at > o.at and s.at <= r.at
        and s.sale_id <> r.sale_id and 'points' = any (s.tender_kind))`,
  own_card: `
    select s.store_id, s.cashier_id, s.till_id, s.journal_id, s.seq, s.sale_id, s.at, s.total_minor as amount_minor, s.currency
    from sale s join (
      select cashier_id, member_id, business_date from sale
      where business_date between $1::date and $2::date and member_id is not null and kind = 'sale'
      group by cashier_id, member_id, business_date having count(*) >= ${CARD_TIMES_A_DAY}
    ) often using (cashier_id, member_id, business_date)
    where s.kind = 'sale'`,
  // Receipt numbers are a till's own count without gaps: a number that lacks was torn out before it came here.
  receipt_gap: `
    select store_id, null as cashier_id, till_id, journal_id, seq, sale_id, at, null::bigint as amount_minor, null as currency
    from (
      select *, lag(number) over (partition by till_id order by number) as before
      from (select s.*, substring(receipt_no from '\\d+$')::bigint as number from sale s
        where business_date between $1::date and $2::date and channel is null) counted
    ) numbered
    where number > before + 1`,
};

/** Worst first: by money moved, then by how often. */
export async function lensFindings(db: Queryable, asked: LensAsked): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const kind of LENS_KINDS) findings.push(...(await findingsOf(db, kind, asked)));
  return findings.sort(
    (a, b) => Math.abs(b.amountMinor ?? 0) - Math.abs(a.amountMinor ?? 0) || b.count - a.count,
  );
}

async function findingsOf(
  db: Queryable,
  kind: LensKind,
  { from, to, storeId }: LensAsked,
): Promise<Finding[]> {
  const rows = await db.query<Omit<Finding, 'kind'>>(
    `select store_id as "storeId", cashier_id as "cashierId", count(*)::int as count,
       sum(amount_minor)::bigint as "amountMinor", currency,
       to_jsonb((array_agg(jsonb_build_object('tillId', till_id, 'journalId', journal_id, 'seq', seq, 'saleId', sale_id,
         'atMs', floor(extract(epoch from at) * 1000)::bigint) order by at desc, seq desc))[1:${ROWS_MAX}]) as rows
     from (${SEEN[kind]}) seen
     where $3::text is null or store_id = $3
     group by store_id, cashier_id, currency having count(*) >= $4`,
    [from, to, storeId, TIMES_MIN[kind]],
  );
  return rows.map((row) => ({ ...row, kind }));
}
