/**
 * Bench `segment`: rules of five conditions, with `any` and `not` among them, counted over 1,000,000 members; and a custom
 * field that is new today, filtered over 400,000. Beside the limit of FEATURES F05 and of issue 4: one second.
 */
import type { Db } from '../../cloud/db/db.ts';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { countAudience, readAudience } from '../../cloud/segments/audience.ts';
import { refreshAudienceRows } from '../../cloud/segments/audience-row.ts';
import { openTestDb } from '../kit/db.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const AS_OF = '2026-11-22';
const LIMIT_MS = 1_000;

const bought = { source: 'rfm', measure: 'visits', op: 'gte', value: 3 };
const tagged = (op: string, ...tags: string[]) => ({ source: 'tag', op, tags });
const gender = (value: string) => ({ source: 'profile', field: 'gender', op: 'eq', value });
const shoe = (from: number, to: number) => ({ source: 'field', field: 'shoe', op: 'between', from, to });

const RULES: readonly { readonly name: string; readonly rule: object }[] = [
  {
    name: 'five conditions, all of them',
    rule: {
      all: [
        gender('f'),
        tagged('any', 't1', 't2', 't3'),
        bought,
        { source: 'cell', recency: ['silent', 'sleeping'] },
        shoe(36, 39),
      ],
    },
  },
  {
    name: 'five conditions, any and not: tier, visits, last visit, tag, region',
    rule: {
      any: [
        { all: [{ source: 'tier', in: ['gold'] }, bought] },
        {
          all: [
            { source: 'rfm', measure: 'lastOn', op: 'in_last_days', days: 30 },
            { not: tagged('any', 't4') },
            { source: 'store', relation: 'home_region', regions: ['R1'] },
          ],
        },
      ],
    },
  },
  {
    name: 'five conditions, any and not: field, tags, lifecycle, gender',
    rule: {
      any: [
        { all: [shoe(44, 50), { not: tagged('any', 't4', 't5') }] },
        { not: { any: [{ source: 'lifecycle', in: ['buyer'] }, gender('m')] } },
        tagged('all', 't7'),
      ],
    },
  },
  { name: 'at risk', rule: { source: 'lifecycle', in: ['at_risk'] } },
  { name: 'none of a tag', rule: tagged('none', 't4') },
];

export async function segment({ small, members: wanted }: BenchOptions): Promise<BenchResult> {
  const members = small ? 2_000 : (wanted ?? 1_000_000);
  const withField = Math.floor(members * 0.4);
  const rounds = small ? 3 : 20;
  const db = await openTestDb(embeddedBinaries() === null ? 'pglite' : 'pg');
  try {
    await fill(db, members);
    await refreshAudienceRows(db, 'CNY');
    await db.script('vacuum analyze');
    const counted: { name: string; ms: readonly number[]; members: number }[] = [];
    for (const { name, rule } of RULES) counted.push({ name, ...(await timesOf(db, rule, rounds)) });
    await newField(db, withField);
    const fresh = { source: 'field', field: 'foot', op: 'between', from: 38, to: 39 };
    counted.push({
      name: `a field that ${withField} members got just now`,
      ...(await timesOf(db, fresh, rounds)),
    });
    // What a sale makes stale is brought up to date by the count that comes next.
    const staleMs: number[] = [];
    for (let round = 0; round < rounds; round++) {
      await db.query(
        'update member_purchase set tickets = tickets + 1 where member_id in (select member_id from member_purchase limit 1000)',
      );
      staleMs.push((await timesOf(db, RULES[0]!.rule, 1)).ms[0]!);
    }
    const line = (name: string, ours: number) =>
      aCase({
        bench: 'segment',
        case: name,
        ours,
        other: LIMIT_MS,
        otherName: 'limit',
        unit: 'ms',
        better: 'lower',
      });
    return {
      input: `${members} members, ${db.kind}`,
      checksum: checksumOf(counted.map((one) => one.members)),
      cases: [
        ...counted.map(({ name, ms }) => line(`${name}, p95`, quantile(ms, 0.95))),
        line('five conditions after 1,000 members bought, p95', quantile(staleMs, 0.95)),
      ],
      notes: counted.map(
        ({ name, members: n, ms }) => `${name}: ${n} members, p50 ${Math.round(quantile(ms, 0.5))} ms`,
      ),
    };
  } finally {
    await db.close();
  }
}

async function timesOf(db: Db, rule: object, rounds: number): Promise<{ ms: number[]; members: number }> {
  const audience = await readAudience(db, { rule, currency: null, asOf: AS_OF });
  if (!audience.ok) throw new Error(`${audience.error.path}: ${audience.error.message}`);
  const ms: number[] = [];
  let members = 0;
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    members = await countAudience(db, audience.value);
    ms.push(performance.now() - start);
  }
  return { ms, members };
}

/** Ids are as long as real ones; the seed makes the same shop each time. */
async function fill(db: Db, members: number): Promise<void> {
  await db.script(`
    insert into tier values ('base', '{}', now()), ('gold', '{}', now());
    insert into store select 'S' || lpad(s::text, 2, '0'),
      jsonb_build_object('currency', jsonb_build_object('code', 'CNY'), 'region', 'R' || s % 4), now()
      from generate_series(1, 40) s;
    create table shop_member as select m, '0195' || lpad(to_hex(m), 8, '0') || '-7000-8000-' || substr(md5(m::text), 1, 12) as id
      from generate_series(1, ${members}) m;
    select setseed(0.42);
    insert into member (member_id, tier_id, data, updated_at)
      select id, case when random() < 0.1 then 'gold' else 'base' end,
        jsonb_build_object('gender', case when random() < 0.6 then 'f' else 'm' end,
          'birthday', (date '1950-01-01' + (random() * 20000)::int)::text, 'residence', 'city' || (random() * 30)::int), now()
      from shop_member order by m;
    insert into member_tag (member_id, tag, source, at, origin_id)
      select id, 't' || (random() * 20)::int, 'manual', now(), id from shop_member;
    insert into custom_field (field_id, name, type, options, created_at, updated_at)
      values ('shoe', 'Shoe size', 'number', '{}', now(), now()), ('foot', 'Foot', 'number', '{}', now(), now());
    insert into member_field (member_id, field_id, number_value, updated_at, origin_id)
      select id, 'shoe', 34 + (random() * 12)::int, now(), id from shop_member where m % 10 in (1, 3, 5, 7);
    insert into member_purchase
      select id, 'CNY', visits, visits, 0, visits * 3000 + (random() * 20000)::int, 0, visits * 2,
        case visits when 1 then last_on else last_on - (visits * 20 * random())::int - visits end, last_on, last_on,
        'S' || lpad((1 + m % 40)::text, 2, '0')
      from (select id, m, greatest(1, (12 * power(random(), 2))::int) as visits,
          date '${AS_OF}' - (700 * power(random(), 1.5))::int as last_on
        from shop_member where random() < 0.93) bought;`);
}

async function newField(db: Db, members: number): Promise<void> {
  await db.script(`insert into member_field (member_id, field_id, number_value, updated_at, origin_id)
    select id, 'foot', 36 + m % 8, now(), id from shop_member where m <= ${members}`);
}
