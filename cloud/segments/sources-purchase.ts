/**
 * Conditions about what a member bought: figures of the rollup, cell of the grid, lifecycle, goods in a window, stores.
 */
import { z } from 'zod';
import { err, ok } from '../../src/core/result.ts';
import { FREQUENCY_BANDS, RECENCY_STATES } from '../../src/core/rfm.ts';
import { cellSql } from './cell-sql.ts';
import { type At, COMPARISONS, comparisonSql, day, days, type ValueType } from './comparison.ts';
import { currencyProblem, type Leaf, memberAmong, readShape, type Source, unknown } from './source.ts';

const key = z.string().min(1).max(200);
const keys = z.array(key).min(1).max(1_000);
const count = z.int().min(1).max(1_000_000);

/** Figures of `s`; `net` and its kin are minor units. Who never bought has no dates and zero of the rest. */
const MEASURES: Readonly<Record<string, { readonly type: ValueType; readonly sql: (at: At) => string }>> = {
  visits: { type: 'number', sql: () => 'coalesce(s.visits, 0)' },
  tickets: { type: 'number', sql: () => 'coalesce(s.tickets, 0)' },
  refunds: { type: 'number', sql: () => 'coalesce(s.refunds, 0)' },
  pieces: { type: 'number', sql: () => 'coalesce(s.pieces, 0)' },
  netMinor: { type: 'number', sql: () => 'coalesce(s.net_minor, 0)' },
  averageTicketMinor: { type: 'number', sql: () => 's.net_minor::numeric / nullif(s.tickets, 0)' },
  firstOn: { type: 'date', sql: () => 's.first_on' },
  lastOn: { type: 'date', sql: () => 's.last_on' },
  daysSinceLast: { type: 'number', sql: ({ asOf }) => `greatest(0, ${asOf} - s.last_on)` },
  cycleDays: { type: 'number', sql: () => '(s.last_on - s.first_on)::numeric / nullif(s.visits - 1, 0)' },
};

export const rfm: Source = {
  source: 'rfm',
  about: 'recency, frequency and amount over all purchases',
  fields: () => Object.entries(MEASURES).map(([name, { type }]) => ({ name, type })),
  read: ({ measure, ...asked }, facts) => {
    const known =
      typeof measure === 'string' && Object.hasOwn(MEASURES, measure) ? MEASURES[measure] : undefined;
    if (known === undefined) return unknown('.measure', `one of ${Object.keys(MEASURES).join(', ')}`);
    const comparison = readShape(COMPARISONS[known.type], asked);
    if (!comparison.ok) return comparison;
    const problem = currencyProblem(facts);
    if (problem !== null) return err(problem);
    return ok({
      needs: ['purchases'],
      sql: (at) => comparisonSql(known.type, `(${known.sql(at)})`, comparison.value, at),
      actual: (at) => `(${known.sql(at)})::text`,
    });
  },
};

const CellShape = z
  .strictObject({
    recency: z.array(z.enum(RECENCY_STATES)).min(1).optional(),
    frequency: z.array(z.enum(FREQUENCY_BANDS)).min(1).optional(),
  })
  .refine(
    ({ recency, frequency }) => recency !== undefined || frequency !== undefined,
    'names recency, frequency or both',
  );

export const cell: Source = {
  source: 'cell',
  about: 'the cell of the R x F grid',
  fields: () => [],
  read: (raw, facts) => {
    const read = readShape(CellShape, raw);
    if (!read.ok) return read;
    const problem = currencyProblem(facts);
    if (problem !== null) return err(problem);
    const { recency, frequency } = read.value;
    return ok({
      // Only a grid by cycles asks for the shop's.
      needs: facts.thresholds.recency.by === 'cycles' ? ['purchases', 'shop'] : ['purchases'],
      sql: ({ params, asOf }) => {
        const mine = cellSql(facts.thresholds, asOf, params);
        const parts = [
          's.visits > 0',
          ...(recency === undefined ? [] : [`(${mine.recency()}) = any(${params.add(recency, 'text[]')})`]),
          ...(frequency === undefined
            ? []
            : [`(${mine.frequency()}) = any(${params.add(frequency, 'text[]')})`]),
        ];
        return parts.join(' and ');
      },
      actual: ({ params, asOf }) => {
        const mine = cellSql(facts.thresholds, asOf, params);
        return `case when s.visits > 0 then (${mine.recency()}) || ' ' || (${mine.frequency()}) end`;
      },
    });
  },
};

const LIFECYCLES = ['never_bought', 'buyer', 'once', 'repeat', 'sleeping', 'at_risk'] as const;
const LifecycleShape = z.strictObject({ in: z.array(z.enum(LIFECYCLES)).min(1) });

export const lifecycle: Source = {
  source: 'lifecycle',
  about: `any of ${LIFECYCLES.join(', ')}`,
  fields: () => [],
  read: (raw, facts) => {
    const read = readShape(LifecycleShape, raw);
    if (!read.ok) return read;
    const problem = currencyProblem(facts);
    if (problem !== null) return err(problem);
    const leaf: Leaf = {
      needs: read.value.in.includes('at_risk') ? ['purchases', 'shop'] : ['purchases'],
      sql: ({ params, asOf }) => {
        const mine = cellSql(facts.thresholds, asOf, params);
        const states: Readonly<Record<(typeof LIFECYCLES)[number], () => string>> = {
          never_bought: () => 'coalesce(s.visits, 0) = 0',
          buyer: () => 's.visits > 0',
          once: () => 's.visits = 1',
          repeat: () => 's.visits > 1',
          sleeping: () => `(s.visits > 0 and ${mine.sleeping()})`,
          at_risk: () => `(s.visits > 0 and ${mine.atRisk()})`,
        };
        return read.value.in.map((state) => states[state]()).join(' or ');
      },
      actual: () => "coalesce(s.visits, 0)::text || ' visits, last ' || coalesce(s.last_on::text, 'never')",
    };
    return ok(leaf);
  },
};

const Window = { lastDays: days.optional(), from: day.optional(), to: day.optional() };

/** Condition on a date column; all of time when the window names nothing. */
export function windowSql(
  column: string,
  window: {
    readonly lastDays?: number | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
  },
  { params, asOf }: At,
): string {
  const parts: string[] = [];
  if (window.lastDays !== undefined)
    parts.push(`${column} >= ${asOf} - ${params.add(window.lastDays, 'int')}`);
  if (window.from !== undefined) parts.push(`${column} >= ${params.add(window.from, 'date')}`);
  if (window.to !== undefined) parts.push(`${column} <= ${params.add(window.to, 'date')}`);
  return parts.length === 0 ? 'true' : parts.join(' and ');
}

const PurchaseShape = z.strictObject({
  skus: keys.optional(),
  brands: keys.optional(),
  categories: keys.optional(),
  ...Window,
  storeIds: keys.optional(),
  /** `till`: at tills; else the channel of orders. */
  channels: keys.optional(),
  /** On so many different days or more. */
  visitsMin: count.optional(),
  piecesMin: count.optional(),
  netMinorMin: z.int().min(1).optional(),
});
type Purchase = z.infer<typeof PurchaseShape>;

/**
 * Bought goods in a window: once, or as often, as many, as much as it says. Pieces and money of returned goods are taken
 * off; a visit stays.
 */
export const purchase: Source = {
  source: 'purchase',
  about: 'bought an item, brand or category in a window',
  fields: () => [],
  read: (raw, facts) => {
    const read = readShape(PurchaseShape, raw);
    if (!read.ok) return read;
    const problem = currencyProblem(facts);
    if (problem !== null) return err(problem);
    const currency = facts.currency!;
    return ok({
      needs: [],
      sql: (at) =>
        memberAmong(
          boughtSql(read.value, currency, at),
          at,
          ` group by e.member_id having ${enoughSql(read.value, at)}`,
        ),
      actual: (at) =>
        `(select count(distinct e.business_date) filter (where e.kind = 'sale') || ' visits, last ' ||
            coalesce((max(e.business_date) filter (where e.kind = 'sale'))::text, 'never')
          from ${boughtSql(read.value, currency, at)} and e.member_id = m.member_id)`,
    });
  },
};

function boughtSql(asked: Purchase, currency: string, at: At): string {
  const { params } = at;
  const goods: string[] = [];
  if (asked.skus !== undefined) goods.push(`l.sku = any(${params.add(asked.skus, 'text[]')})`);
  const named = (field: 'brand' | 'category', values: readonly string[]) =>
    `l.sku in (select sku from item where data->>'${field}' = any(${params.add(values, 'text[]')}))`;
  if (asked.brands !== undefined) goods.push(named('brand', asked.brands));
  if (asked.categories !== undefined) goods.push(named('category', asked.categories));
  const lines =
    goods.length === 0
      ? 'cross join lateral (select e.pieces as qty, e.total_minor as net_minor) l'
      : 'cross join lateral unnest(e.line_sku, e.line_qty, e.line_net_minor) as l(sku, qty, net_minor)';
  const store =
    asked.storeIds === undefined ? 'true' : `e.store_id = any(${params.add(asked.storeIds, 'text[]')})`;
  const channel =
    asked.channels === undefined
      ? 'true'
      : `coalesce(e.channel, 'till') = any(${params.add(asked.channels, 'text[]')})`;
  return `member_sale e ${lines}
    where e.currency = ${params.add(currency)} and ${windowSql('e.business_date', asked, at)} and ${store} and ${channel}
      and ${goods.length === 0 ? 'true' : goods.join(' and ')}`;
}

function enoughSql(asked: Purchase, { params }: At): string {
  const visits = "count(distinct e.business_date) filter (where e.kind = 'sale')";
  const parts = [
    (asked.visitsMin ?? 1) === 1
      ? "bool_or(e.kind = 'sale')"
      : `${visits} >= ${params.add(asked.visitsMin!, 'int')}`,
  ];
  if (asked.piecesMin !== undefined) parts.push(`sum(l.qty) >= ${params.add(asked.piecesMin, 'int')}`);
  if (asked.netMinorMin !== undefined)
    parts.push(`sum(l.net_minor) >= ${params.add(asked.netMinorMin, 'bigint')}`);
  return parts.join(' and ');
}

const StoreShape = z.discriminatedUnion('relation', [
  z.strictObject({ relation: z.enum(['home', 'bought_at']), storeIds: keys }),
  z.strictObject({
    relation: z.literal('home_region'),
    regions: z.array(z.string().max(200)).min(1).max(1_000),
  }),
]);

export const store: Source = {
  source: 'store',
  about: 'home store or its region, or any purchase there',
  fields: () => [],
  read: (raw, facts) => {
    const read = readShape(StoreShape, raw);
    if (!read.ok) return read;
    const problem = currencyProblem(facts);
    if (problem !== null) return err(problem);
    const asked = read.value;
    return ok({
      needs: ['purchases'],
      sql: (at) => {
        const { params } = at;
        if (asked.relation === 'home')
          return `s.home_store_id = any(${params.add(asked.storeIds, 'text[]')})`;
        if (asked.relation === 'home_region') {
          return `s.home_store_id in (select store_id from store
            where coalesce(data->>'region', '') = any(${params.add(asked.regions, 'text[]')}))`;
        }
        const stores = params.add(asked.storeIds, 'text[]');
        return memberAmong(`member_store_purchase e where e.visits > 0 and e.store_id = any(${stores})`, at);
      },
      actual: () => 's.home_store_id',
    });
  },
};
