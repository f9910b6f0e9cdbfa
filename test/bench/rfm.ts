/**
 * Bench `rfm`: the purchase rollup and what stands on it, at 1,000,000 members and 10,000,000 sales: made anew, kept per
 * 1,000 new sales, cut into scores, asked by segments. Beside DuckDB on the same rows, which reads the raw sales each time, a
 * bare scan of them in the same database, or the limit that FEATURES sets.
 */

import type { Db } from '../../cloud/db/db.ts';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { countAudience, readAudience } from '../../cloud/segments/audience.ts';
import { rfmGrid } from '../../cloud/segments/grid.ts';
import { onSalesStored, provePurchases, rebuildPurchases } from '../../cloud/segments/rollup.ts';
import { type Scope, WHOLE } from '../../cloud/segments/scope.ts';
import { cutPoints, steady } from '../../cloud/segments/scores.ts';
import { DEFAULT_THRESHOLDS } from '../../src/core/rfm.ts';
import { openTestDb } from '../kit/db.ts';
import { memberSales } from '../kit/sale-rows.ts';
import { aCase, type BenchCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';
import { besideDuck } from './duck.ts';

const SALES_PER_MEMBER = 10;
const AS_OF = '2026-11-22';
const SCOPE: Scope = { ...WHOLE, asOf: AS_OF, currency: 'CNY', basis: 'home' };
/** FEATURES F05 and issue 4: a segment is counted in under a second. */
const SEGMENT_LIMIT_MS = 1_000;

export async function rfm({ small, members: wanted }: BenchOptions): Promise<BenchResult> {
  const members = small ? 2_000 : (wanted ?? 1_000_000);
  const sales = members * SALES_PER_MEMBER;
  const engine = embeddedBinaries() === null ? 'pglite' : 'pg';
  const db = await openTestDb(engine);
  try {
    await fill(db, members, sales);
    const rebuildMs = await timeOf(() => rebuildPurchases(db));
    await db.script('vacuum analyze');
    const scanMs = await medianOf(3, () => db.query('select count(*), sum(total_minor)::bigint from sale'));
    const incremental = await newSales(db, members, sales, small ? 5 : 20);
    const proveMs = await timeOf(async () => {
      const { differences } = await provePurchases(db);
      if (differences > 0) throw new Error(`stored differs from recomputed in ${differences} rows`);
    });
    const cutsMs = await medianOf(3, () =>
      db.transaction(async (tx) => {
        await steady(tx);
        return cutPoints(tx, SCOPE, { by: 'quantile', bins: 5 });
      }),
    );
    const gridMs = await medianOf(3, () => rfmGrid(db, SCOPE, DEFAULT_THRESHOLDS));
    const pastMs = await timeOf(() => rfmGrid(db, { ...SCOPE, asOf: '2026-05-22' }, DEFAULT_THRESHOLDS));
    const segments = await segmentTimes(db, small ? 3 : 20);
    const grid = await rfmGrid(db, SCOPE, DEFAULT_THRESHOLDS);
    const everydayMs = quantile(incremental, 0.5) + cutsMs;
    const duck = engine === 'pg' ? await beside(db, { rebuildMs, everydayMs, cutsMs }) : [];
    const scan = 'bare scan of sale';
    const line = (name: string, ours: number, other: number, otherName: string) =>
      aCase({ bench: 'rfm', case: name, ours, other, otherName, unit: 'ms', better: 'lower' });
    return {
      input: `${members} members, ${sales} sales, ${engine}`,
      checksum: checksumOf([grid.buyers, grid.netMinor, ...grid.cells.map((cell) => cell.members)]),
      cases: [
        line('full recompute', rebuildMs, scanMs, scan),
        line('prove stored = recomputed', proveMs, scanMs, scan),
        line('1,000 new sales into the rollup, p50', quantile(incremental, 0.5), scanMs, scan),
        line('1,000 new sales into the rollup, p95', quantile(incremental, 0.95), scanMs, scan),
        line('cut points from the rollup (everyday path)', cutsMs, scanMs, scan),
        line('grid of 16 cells today', gridMs, scanMs, scan),
        line('grid of 16 cells half a year ago', pastMs, scanMs, scan),
        ...duck,
        ...segments.map(({ name, ms }) => line(`${name}, p95`, ms, SEGMENT_LIMIT_MS, 'limit')),
      ],
      notes: [
        'the bare scan reads every sale row once; DuckDB reads member, day, kind and amount of each from columns in memory, on all processors',
        'the everyday path: 1,000 new sales into the rollup, then the cut points of all scores from it',
      ],
    };
  } finally {
    await db.close();
  }
}

/** @throws Error when DuckDB finds another crowd in the same sales */
async function beside(
  db: Db,
  ours: { readonly rebuildMs: number; readonly everydayMs: number; readonly cutsMs: number },
): Promise<BenchCase[]> {
  const duck = await besideDuck(db, SCOPE.currency);
  const [kept] = await db.query<{ buyers: number; visits: number; netMinor: number }>(
    `select count(*) as buyers, sum(visits)::bigint as visits, sum(net_minor)::bigint as "netMinor" from member_purchase
     where currency = $1 and visits > 0`,
    [SCOPE.currency],
  );
  for (const what of ['buyers', 'visits', 'netMinor'] as const) {
    if (duck[what] !== kept![what]) throw new Error(`${what}: DuckDB has ${duck[what]}, HQ ${kept![what]}`);
  }
  const line = (name: string, ms: number, other: number, otherName: string) =>
    aCase({ bench: 'rfm', case: name, ours: ms, other, otherName, unit: 'ms', better: 'lower' });
  const raw = 'DuckDB, RFM of the raw sales';
  return [
    line('the everyday path', ours.everydayMs, duck.rawMs, raw),
    line('full recompute', ours.rebuildMs, duck.rawMs, raw),
    line(
      'cut points from the rollup',
      ours.cutsMs,
      duck.cutsMs,
      'DuckDB, cut points from a table that it kept',
    ),
  ];
}

async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

async function timesOf(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await timeOf(work));
  return times;
}

async function medianOf(rounds: number, work: () => Promise<unknown>): Promise<number> {
  return quantile(await timesOf(rounds, work), 0.5);
}

// ---- the shop ----

const STORES = 40;
const SKUS = 1_000;

/** The same each time: the seed is set, and one session makes each table in one statement. */
async function fill(db: Db, members: number, sales: number): Promise<void> {
  await db.script(`
    insert into tier values ('base', '{}', now()), ('gold', '{}', now());
    insert into store select 'S' || lpad(s::text, 2, '0'),
      jsonb_build_object('currency', jsonb_build_object('code', 'CNY'), 'region', 'R' || s % 4), now()
      from generate_series(1, ${STORES}) s;
    insert into item select 'K' || k, jsonb_build_object('brand', 'B' || k % 50, 'category', 'C' || k % 20), now()
      from generate_series(1, ${SKUS}) k;
    select setseed(0.42);
    insert into member
      select 'M' || lpad(m::text, 8, '0'), case when random() < 0.1 then 'gold' else 'base' end,
        jsonb_build_object('gender', case when random() < 0.6 then 'f' else 'm' end,
          'birthday', (date '1950-01-01' + (random() * 20000)::int)::text, 'residence', 'city' || (random() * 30)::int), now()
      from generate_series(1, ${members}) m;
    insert into member_tag (member_id, tag, source, at, origin_id)
      select member_id, 't' || (random() * 20)::int, 'manual', now(), member_id from member;
    insert into custom_field (field_id, name, type, options, created_at, updated_at) values ('shoe', 'Shoe size', 'number', '{}', now(), now());
    insert into member_field (member_id, field_id, number_value, updated_at, origin_id)
      select member_id, 'shoe', 34 + (random() * 12)::int, now(), member_id from member where right(member_id, 1) in ('1', '3', '5', '7');
    -- What is not asked here would only take time to fill.
    drop index sale_by_time; drop index sale_by_receipt; drop index sale_by_day; drop index sale_by_original;
    drop index sale_by_member; drop index sale_by_id; drop index sale_by_date;
    alter table sale drop constraint sale_journal_id_seq_key;
    alter table sale set unlogged;`);
  await db.script(saleSql(1, sales, members));
  await db.script(`
    create index sale_by_member on sale (member_id, at) where member_id is not null;
    create unique index sale_by_id on sale (sale_id);
    create index sale_by_date on sale using brin (business_date) with (pages_per_range = 64, autosummarize = on);
    create index sale_by_day on sale (store_id, business_date, at);`);
  await db.script('vacuum analyze');
}

/** Sales of two years, a few of them refunds; some members come often, many seldom. */
function saleSql(from: number, to: number, members: number, day = daysInOrder(to)): string {
  return `select setseed(0.${from});
    insert into sale
    select 'S' || lpad(store::text, 2, '0'), 'id' || n, 'T', 'J', n, kind, 'R' || n, day, day + interval '9 hours', 9, '01', 'X',
      'M' || lpad(m::text, 8, '0'), 'CNY', 'v', 'inclusive', total, 0, 0, total, 0, 0, 2 * sign, array[1, 2],
      array['K' || k1, 'K' || k2], array[null, null]::text[], array['goods one', 'goods two'], array[sign, sign],
      array[null, null]::int[], array[total / 2, total - total / 2], array[total / 2, total - total / 2],
      array[total / 2, total - total / 2], array[0, 0], array[0, 0], '[]', '[]', array['cash'], array[total], null, null, '{}'
    from (select n, m, day, kind, k1, k2, 1 + (m + n % 7 / 6 * 13) % ${STORES} as store,
        case kind when 'sale' then 1 else -1 end as sign, case kind when 'sale' then amount else -amount / 2 end as total
      from (select n, 1 + (power(random(), 1.7) * ${members - 1})::int as m, ${day} as day,
          case when random() < 0.03 then 'refund' else 'sale' end as kind,
          1 + (random() * ${SKUS - 1})::int as k1, 1 + (random() * ${SKUS - 1})::int as k2,
          (500 + random() * 30000)::bigint as amount
        from generate_series(${from}, ${to}) n) raw) sold;`;
}

/** Two years of days as they come: a sale may be some days late. */
function daysInOrder(sales: number): string {
  return `date '2024-11-23' + (n::bigint * 726 / ${sales})::int + (random() * 3)::int`;
}

/** Times of taking 1,000 sales each into the rollup, as ingest does: most of today, some of days gone by. */
async function newSales(db: Db, members: number, sales: number, rounds: number): Promise<number[]> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const from = sales + 1 + round * 1_000;
    const late = "case when random() < 0.05 then date '2026-11-01' else date '2026-11-22' end";
    await db.script(saleSql(from, from + 999, members, late));
    const ids = Array.from({ length: 1_000 }, (_, index) => `id${from + index}`);
    const stored = await memberSales(db, ids);
    times.push(await timeOf(() => db.transaction((tx) => onSalesStored(tx, stored))));
  }
  return times;
}

// ---- segments ----

const bought = { source: 'rfm', measure: 'visits', op: 'gte', value: 3 };
const SEGMENTS: readonly { readonly name: string; readonly rule: object }[] = [
  {
    name: 'segment of five conditions',
    rule: {
      all: [
        { source: 'profile', field: 'gender', op: 'eq', value: 'f' },
        { source: 'tag', op: 'any', tags: ['t1', 't2', 't3'] },
        bought,
        { source: 'cell', recency: ['silent', 'sleeping'] },
        { source: 'field', field: 'shoe', op: 'between', from: 36, to: 39 },
      ],
    },
  },
  {
    name: 'segment of five conditions with any and not',
    rule: {
      any: [
        { all: [{ source: 'tier', in: ['gold'] }, bought] },
        {
          all: [
            { source: 'rfm', measure: 'lastOn', op: 'in_last_days', days: 30 },
            { not: { source: 'tag', op: 'any', tags: ['t4'] } },
            { source: 'store', relation: 'home_region', regions: ['R1'] },
          ],
        },
      ],
    },
  },
  {
    name: 'a custom field of 4 in 10 members',
    rule: { source: 'field', field: 'shoe', op: 'eq', value: 38 },
  },
  { name: 'at risk', rule: { source: 'lifecycle', in: ['at_risk'] } },
  { name: 'bought a brand in 30 days', rule: { source: 'purchase', brands: ['B7'], lastDays: 30 } },
];

async function segmentTimes(db: Db, rounds: number): Promise<{ name: string; ms: number }[]> {
  const found: { name: string; ms: number }[] = [];
  for (const { name, rule } of SEGMENTS) {
    const audience = await readAudience(db, { rule, currency: null, asOf: AS_OF });
    if (!audience.ok) throw new Error(`${name}: ${audience.error.path} ${audience.error.message}`);
    const times = await timesOf(rounds, () => countAudience(db, audience.value));
    found.push({ name, ms: quantile(times, 0.95) });
  }
  return found;
}
