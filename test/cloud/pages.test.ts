/** Lists come in pages: which routes are lists is read off the API page; a page goes on where the last one ended, whatever came since. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { pageOf } from '../../cloud/hq/pages.ts';
import { apiPage } from '../../src/tools/api-page.ts';
import { ENGINES, openCloud, type TestCloud } from '../kit/cloud.ts';

// biome-ignore lint/suspicious/noExplicitAny: a JSON document
type Json = any;

/** Lists that need no cursor, with the reason. */
const BOUNDED: Readonly<Record<string, string>> = {
  '/api/v1/figures/store-days': 'a figure a store and day, of the days asked for',
  '/api/v1/figures/hours': '24 hours',
  '/api/v1/figures/store-pace': 'a figure a store',
  '/api/v1/fraud-lens': 'one finding a pattern, store and cashier, each with at most 20 journal rows',
  '/api/v1/items/groups': 'categories and brands',
  '/api/v1/tiers': 'a handful',
  '/api/v1/tier-rules': 'one a change of the rules',
  '/api/v1/roles': 'at most 100',
  '/api/v1/benefits': 'a handful',
  '/api/v1/coupon-packs': 'articles that are packs',
  '/api/v1/stored-value/policy': 'steps of one policy',
  '/api/v1/retention-rules': 'a handful',
  '/api/v1/rights': 'a closed set',
  '/api/v1/custom-fields': 'columns that people fill by hand',
  '/api/v1/tag-rules': 'made by hand, each works on every event',
  '/api/v1/webhooks': 'made by hand, each costs a delivery an event',
  '/api/v1/session': 'rights of one caller',
  '/api/v1/session/all': 'of one user, ended after twelve hours',
  '/api/v1/jobs': 'a closed set',
  '/api/v1/leases/settling': 'tills that were not heard since a restore',
  '/api/v1/rfm/strategies': '16 cells',
  '/api/v1/rfm/grid': '16 cells',
  '/api/v1/segments/sources': 'a closed set',
  '/api/v1/segments/{segmentId}/reasons': 'nodes of one rule, at most 200',
  '/api/v1/members/{memberId}/consents': 'words of one member',
  '/api/v1/members/{memberId}/erasure': 'ids of one member',
  '/api/v1/members/{memberId}/fields': 'of one member, a value a field',
  '/api/v1/members/{memberId}/tags': 'of one member',
  '/api/v1/members/{memberId}/recently-viewed': 'the last ones, as many as `limit` says',
  '/api/v1/members/{memberId}/cart-tries': 'the last ones, as many as `limit` says',
};

test('every list has `cursor`, a bounded `limit` and `nextCursor`, or names why it stays small', async () => {
  const page = JSON.parse(JSON.stringify(await apiPage())) as Json;
  const seen = (schema: Json): Json => {
    const known =
      schema?.$ref === undefined ? schema : page.components.schemas[schema.$ref.split('/').at(-1)];
    return known ?? {};
  };
  const faults: string[] = [];
  const small: string[] = [];
  for (const [path, { get }] of Object.entries<Json>(page.paths)) {
    const answer = seen(get?.responses?.['200']?.content?.['application/json']?.schema);
    const lists = Object.values<Json>(answer.properties ?? {}).filter(
      (field) => seen(field).type === 'array',
    );
    // A report is one picture of a period: its parts are what it is split by, `limit` bounds those that are many.
    // What ends with an id is one record.
    const isOne = path.endsWith('}');
    if (lists.length === 0 || isOne || path.startsWith('/api/v1/reports/')) continue;
    if (path in BOUNDED) small.push(path);
    const asked = new Map<string, Json>(get.parameters?.map((one: Json) => [one.name, one.schema]) ?? []);
    const isPaged =
      asked.has('cursor') && asked.get('limit')?.maximum <= 1_000 && 'nextCursor' in answer.properties;
    if (isPaged === path in BOUNDED) faults.push(path);
  }
  expect(faults).toEqual([]);
  expect(small.toSorted()).toEqual(Object.keys(BOUNDED).toSorted());
});

describe('a page of a list at hand', () => {
  const keyOf = (row: string) => row;
  const [first, all] = [pageOf(['a', 'b', 'c', 'd', 'e'], { limit: 2 }, keyOf), ['a', 'b', 'c', 'd', 'e']];

  test.each([
    ['nothing changed', all, ['c', 'd']],
    ['one came before it', ['0', ...all], ['c', 'd']],
    ['its last row went', ['a', 'c', 'd', 'e'], ['c', 'd']],
    ['all before it went', ['c', 'd', 'e'], ['d', 'e']],
    ['all went', [], []],
  ])('goes on where it ended: %s', (_, rows, shown) => {
    const page = pageOf(rows, { cursor: first.nextCursor!, limit: 2 }, keyOf);
    expect(page.rows).toEqual(shown);
  });

  test.each([
    [5, null],
    [6, null],
  ])('five rows in a page of %i: there are no more', (limit, nextCursor) => {
    expect(pageOf(all, { limit }, keyOf)).toEqual({ rows: all, nextCursor });
  });
});

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
    const tillId = (await ask('tills', 'POST', { storeId: 'S01', code: 'P1' })).tillId as string;
    // Three at one moment: the rest of the order decides.
    await cloud.db.query(
      `insert into sale_alert (store_id, sale_id, kind, detail, at)
       select 'S01', 'sale-' || n, 'price', '{}', to_timestamp(1795250460 + n / 3) from generate_series(1, 7) n`,
    );
    await cloud.db.query(
      `insert into till_alert (till_id, kind, detail, first_at, last_at, closed_at, closed_why)
       select $1, 'poison-' || n, '{}', now(), to_timestamp(1795250460 + n / 3),
         case when n % 2 = 0 then now() end, case when n % 2 = 0 then 'seen' end from generate_series(1, 7) n`,
      [tillId],
    );
    await cloud.db.query(
      `insert into lease (lease_id, key, till_id, journal_id, request_id, purpose, amount, state, is_frozen, epoch, until_at, granted_at)
       select 'l-' || n, 'points:m-0001', $1, 'j', 'r-' || n, 'ahead', 10, 'held', n % 2 = 0, 1, now(), to_timestamp(1795250460 + n / 3) from generate_series(1, 7) n`,
      [tillId],
    );
  });
  afterAll(() => cloud.close());

  const ask = async (path: string, method = 'GET', body?: object): Promise<Json> => {
    const response = await fetch(new URL(`/api/v1/${path}`, cloud.url), {
      method,
      headers: {
        authorization: `Bearer ${cloud.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, ...((await response.json()) as object) };
  };

  test.each([
    ['alerts', 'alerts', 'saleId'],
    ['till-alerts', 'alerts', 'alertId'],
    ['leases', 'leases', 'leaseId'],
    ['stores', 'stores', 'id'],
    ['items', 'items', 'sku'],
  ])('%s in pages of 3 are what they are in one, each once', async (path, field, key) => {
    const whole = (await ask(path))[field].map((row: Json) => row[key]);
    const walked: string[] = [];
    for (let cursor: string | null = ''; cursor !== null; ) {
      const page: Json = await ask(
        `${path}?limit=3${cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
      );
      expect(page[field].length).toBeLessThanOrEqual(3);
      walked.push(...page[field].map((row: Json) => row[key]));
      cursor = page.nextCursor;
    }
    expect(walked).toEqual(whole);
    expect(new Set(walked).size).toBe(walked.length);
  });

  test.each(['alerts', 'till-alerts', 'leases', 'stores', 'quarantine', 'shifts', 'tills'])(
    '%s: a cursor that is none is 400 with its field, a limit of 100,000 too',
    async (path) => {
      const wrong = await ask(`${path}?cursor=bm9uc2Vuc2U`);
      expect([wrong.status, wrong.errors]).toMatchObject([400, [{ path: 'cursor' }]]);
      expect((await ask(`${path}?limit=100000`)).status).toBe(400);
    },
  );
});
