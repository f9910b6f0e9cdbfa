/**
 * Sales taken apart: by place, time, goods, people, payment or promotion, each part with the same figures, and the whole.
 *
 * Parts by goods, tender and promotion are of lines and payments: a ticket stands in each part that it touches, so their
 * tickets do not add up to those of the whole, while their money does (with promotions: what was given away).
 */
import type { Db } from '../db/db.ts';
import { Params } from '../segments/params.ts';
import { steady } from '../segments/scores.ts';
import { goodsCondition, namesGoods, type SaleFilter, saleConditions } from './sale-filter.ts';

export const DIMENSIONS = [
  'store',
  'region',
  'day',
  'week',
  'month',
  'weekday',
  'hour',
  'item',
  'category',
  'brand',
  'cashier',
  'till',
  'channel',
  'buyer',
  'tier',
  'kind',
  'tender',
  'promotion',
] as const;
export type Dimension = (typeof DIMENSIONS)[number];

export interface Figures {
  /** Sales and exchanges; refunds are counted apart. */
  readonly tickets: number;
  readonly refunds: number;
  /** Pieces sold less pieces returned. */
  readonly pieces: number;
  readonly grossMinor: number;
  /** What promotions, tiers, coupons and cashiers took off: zero or negative, refunds give some back. */
  readonly adjustmentMinor: number;
  readonly totalMinor: number;
  readonly memberTickets: number;
  readonly memberTotalMinor: number;
  /** Distinct members. */
  readonly members: number;
}

export interface Part extends Figures {
  readonly key: string;
  /** Of goods, people and promotions, where HQ knows it. */
  readonly name: string | null;
  readonly names: Readonly<Record<string, string>> | null;
}

export interface Breakdown {
  readonly whole: Figures;
  readonly parts: readonly Part[];
  /** There are more parts than were asked for: the smallest are left out. */
  readonly cut: boolean;
}

/** Keys of each dimension as SQL, and what has to be joined for it. */
const KEYS: Readonly<Record<Dimension, { readonly key: string; readonly join?: string }>> = {
  store: { key: 's.store_id' },
  region: { key: "coalesce(st.data->>'region', '')", join: 'join store st using (store_id)' },
  day: { key: 's.business_date::text' },
  week: { key: "date_trunc('week', s.business_date)::date::text" },
  month: { key: "to_char(s.business_date, 'YYYY-MM')" },
  weekday: { key: 'extract(isodow from s.business_date)::int::text' },
  hour: { key: "lpad(s.local_hour::text, 2, '0')" },
  item: { key: 'l.sku' },
  category: { key: "coalesce(i.data->>'category', '')", join: 'left join item i on i.sku = l.sku' },
  brand: { key: "coalesce(i.data->>'brand', '')", join: 'left join item i on i.sku = l.sku' },
  cashier: { key: 's.cashier_id' },
  till: { key: 't.code', join: 'join till t on t.till_id = s.till_id' },
  channel: { key: "coalesce(s.channel, 'till')" },
  buyer: { key: "case when s.member_id is null then 'anonymous' else 'member' end" },
  tier: { key: "coalesce(m.tier_id, '')", join: 'left join member m on m.member_id = s.member_id' },
  kind: { key: 's.kind' },
  tender: { key: 'p.kind' },
  promotion: { key: "a.one->>'ruleId'" },
};

/** In time's own order; all others by money, the most first. */
const BY_TIME: ReadonlySet<Dimension> = new Set(['day', 'week', 'month', 'weekday', 'hour']);

const LINES = `cross join lateral unnest(s.line_no, s.line_sku, s.line_qty, s.line_gross_minor, s.line_net_minor)
  as l(line_no, sku, qty, gross_minor, net_minor)`;
const TENDERS = `cross join lateral (
  select kind, sum(amount_minor)::bigint - case kind when 'cash' then s.change_minor else 0 end as amount_minor
  from unnest(s.tender_kind, s.tender_amount_minor) as t(kind, amount_minor) group by kind) p`;
const ADJUSTMENTS = `cross join lateral jsonb_array_elements(s.line_adjustments) with ordinality as o(list, place)
  cross join lateral jsonb_array_elements(o.list) as a(one)
  cross join lateral (select s.line_qty[o.place] as qty, s.line_gross_minor[o.place] as gross_minor,
    s.line_net_minor[o.place] as net_minor, s.line_sku[o.place] as sku, (a.one->>'amountMinor')::bigint as off_minor) l`;

/** What is added up: whole sales, lines, payments or what was taken off lines. */
type Grain = 'sale' | 'line' | 'tender' | 'adjustment';

const SOURCES: Readonly<Record<Grain, string>> = {
  sale: '',
  line: LINES,
  tender: TENDERS,
  adjustment: ADJUSTMENTS,
};

const MONEY: Readonly<
  Record<Grain, readonly [pieces: string, gross: string, adjustment: string, total: string]>
> = {
  sale: ['s.pieces', 's.gross_minor', 's.adjustment_minor', 's.total_minor'],
  line: ['l.qty', 'l.gross_minor', 'l.net_minor - l.gross_minor', 'l.net_minor'],
  tender: ['s.pieces', 'p.amount_minor', '0', 'p.amount_minor'],
  adjustment: ['l.qty', 'l.gross_minor', 'l.off_minor', 'l.net_minor'],
};

function grainOf(by: Dimension, filter: SaleFilter): Grain {
  if (by === 'tender') return 'tender';
  if (by === 'promotion') return 'adjustment';
  return by === 'item' || by === 'category' || by === 'brand' || namesGoods(filter) ? 'line' : 'sale';
}

export async function breakdownOf(
  db: Db,
  filter: SaleFilter,
  asked: { readonly by: Dimension; readonly limit: number },
): Promise<Breakdown> {
  return db.transaction(async (tx) => {
    await steady(tx);
    const { by, limit } = asked;
    const grain = grainOf(by, filter);
    const one = new Params();
    const [whole] = await tx.query<Figures>(
      `select ${figuresSql(namesGoods(filter) ? 'line' : 'sale')} ${fromSql(namesGoods(filter) ? 'line' : 'sale', '', filter, one)}`,
      one.values,
    );
    const params = new Params();
    const { key, join = '' } = KEYS[by];
    const parts = await tx.query<Figures & { key: string; said: string | null }>(
      `select ${key} as key, ${by === 'promotion' ? PROMOTION_NAME : 'null'} as said, ${figuresSql(grain)}
       ${fromSql(grain, join, filter, params)} group by 1
       order by ${orderOf(by)} limit ${params.add(limit + 1, 'int')}`,
      params.values,
    );
    const names = await namesOf(
      tx,
      by,
      parts.map((part) => part.key),
    );
    return {
      whole: whole!,
      parts: parts
        .slice(0, limit)
        .map(({ said, ...part }) => ({ ...part, ...(names.get(part.key) ?? { name: said, names: null }) })),
      cut: parts.length > limit,
    };
  });
}

const PROMOTION_NAME = "max(coalesce(a.one->'reason'->>'name', a.one->'reason'->>'tierName'))";

function orderOf(by: Dimension): string {
  if (BY_TIME.has(by)) return 'key';
  return by === 'promotion' ? '"adjustmentMinor", key' : '"totalMinor" desc, key';
}

function figuresSql(grain: Grain): string {
  const [pieces, gross, adjustment, total] = MONEY[grain];
  const tickets = grain === 'sale' ? 'count(*)' : 'count(distinct s.sale_id)';
  const sum = (sql: string) => `coalesce(sum(${sql}), 0)::bigint`;
  return `${tickets} filter (where s.kind <> 'refund') as tickets, ${tickets} filter (where s.kind = 'refund') as refunds,
    ${sum(pieces)} as pieces, ${sum(gross)} as "grossMinor", ${sum(adjustment)} as "adjustmentMinor",
    ${sum(total)} as "totalMinor",
    ${tickets} filter (where s.kind <> 'refund' and s.member_id is not null) as "memberTickets",
    coalesce(sum(${total}) filter (where s.member_id is not null), 0)::bigint as "memberTotalMinor",
    count(distinct s.member_id) as members`;
}

function fromSql(grain: Grain, join: string, filter: SaleFilter, params: Params): string {
  const conditions = saleConditions(filter, params);
  const goods = grain === 'line' || grain === 'adjustment' ? goodsCondition(filter, 'l.sku', params) : null;
  if (goods !== null) conditions.push(goods);
  if (grain === 'adjustment' && filter.ruleId !== undefined)
    conditions.push(`a.one->>'ruleId' = ${params.add(filter.ruleId)}`);
  const where = conditions.length === 0 ? '' : `where ${conditions.join(' and ')}`;
  return `from sale s ${SOURCES[grain]} ${join} ${where}`;
}

type Name = Pick<Part, 'name' | 'names'>;

async function namesOf(
  tx: Pick<Db, 'query'>,
  by: Dimension,
  keys: readonly string[],
): Promise<Map<string, Name>> {
  const sql = NAMES[by];
  if (sql === undefined || keys.length === 0) return new Map();
  const rows = await tx.query<Name & { key: string }>(sql, [[...keys]]);
  return new Map(rows.map(({ key, name, names }) => [key, { name, names }]));
}

const NAMES: { readonly [D in Dimension]?: string } = {
  store: `select store_id as key, data->>'name' as name, data->'names' as names from store where store_id = any($1::text[])`,
  item: `select sku as key, data->>'name' as name, data->'names' as names from item where sku = any($1::text[])`,
  tier: `select tier_id as key, data->>'name' as name, data->'names' as names from tier where tier_id = any($1::text[])`,
  cashier: `select staff_id as key, data->>'name' as name, null::jsonb as names from staff where staff_id = any($1::text[])`,
};
