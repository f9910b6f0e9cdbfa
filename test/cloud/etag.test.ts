/**
 * Two admins, one record: whoever writes second from what was read first is refused with 412 and nothing of theirs is kept, for
 * each record that people edit at HQ. Which these are is read off the API page, so none can be forgotten.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { aSession } from '../kit/callers.ts';
import { ENGINES, openCloud, type TestCloud } from '../kit/cloud.ts';

const EXAMPLES = JSON.parse(
  readFileSync(new URL('../../cloud/hq/examples.json', import.meta.url), 'utf8'),
) as Record<string, { readonly body?: Record<string, unknown> }>;
type Body = Record<string, unknown>;

/** Each address: its first state, and what the two admins want. */
interface Case {
  readonly path: string;
  readonly first?: Body;
  readonly one: Body;
  readonly two: Body;
}

const example = (route: string): Body => EXAMPLES[route]!.body!;
const versions = (route: string, field = 'version'): Pick<Case, 'first' | 'one' | 'two'> => ({
  first: { ...example(route), [field]: 'e-1' },
  one: { ...example(route), [field]: 'e-2' },
  two: { ...example(route), [field]: 'e-3' },
});
const thresholds = (sleepingDays: number) => ({ ...example('PUT /api/v1/rfm/thresholds'), sleepingDays });
const strategies = (contactEveryDays: number) => {
  const [first] = example('PUT /api/v1/rfm/strategies').strategies as Body[];
  return { strategies: [{ ...first, contactEveryDays }] };
};
const benefit = (name: string) => ({ ...example('PUT /api/v1/benefits'), name });
const template = (name: string) => ({ ...example('PUT /api/v1/coupon-templates'), name });
const pack = (count: number) => ({ sku: 'F2001', contents: [{ templateId: 'WINTER20', count }] });
const role = (name: string) => {
  const [first] = example('PUT /api/v1/roles').roles as Body[];
  return { roles: [{ ...first, name }] };
};
const retention = (afterMonths: number) => ({
  rules: [{ id: 'asleep', afterMonths, who: 'any', active: false }],
});
const staff = (name: string) => ({
  staff: [{ id: 'e-1', name, roleId: 'cashier', storeId: null, active: true, pin: '4711' }],
});
const tierRule = (version: string, from: string) => ({ ...example('PUT /api/v1/tier-rules'), version, from });

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let admins: Record<string, string>[];
  beforeAll(async () => {
    cloud = await openCloud(engine);
    admins = [await aSession(cloud, 'admin'), await aSession(cloud, 'admin')];
  });
  afterAll(() => cloud.close());

  const ask = async (
    who: number,
    method: string,
    path: string,
    body?: Body,
    headers: Record<string, string> = {},
  ) => {
    const response = await fetch(new URL(path, cloud.url), {
      method,
      headers: {
        ...admins[who],
        origin: cloud.url,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      etag: response.headers.get('etag'),
      text,
      kind: response.status < 400 ? null : (JSON.parse(text).kind as string),
    };
  };
  const made = async (path: string, body: Body) =>
    JSON.parse((await ask(0, 'POST', path, body)).text).id as string;

  /** Those with ids of HQ's making are made first. */
  const cases = async (): Promise<Case[]> => {
    const rule = { all: [{ source: 'rfm', measure: 'visits', op: 'gte', value: 2 }] };
    const segment = await made('/api/v1/segments', { name: 'E', note: '', rule });
    const hook = await made('/api/v1/webhooks', { url: 'https://erp.example/hook', kinds: ['member.*'] });
    const cause = { kind: 'event', kinds: ['click'], subjects: null };
    const tag = await made('/api/v1/tag-rules', { name: 'E', tag: 'e', cause, active: true });
    const field = { name: 'Shoe', names: {}, type: 'number', options: [], limits: {}, sensitive: false };
    await ask(0, 'POST', '/api/v1/custom-fields/eshoe', field);
    const [store] = JSON.parse((await ask(0, 'GET', '/api/v1/stores')).text).stores as Body[];
    const [tier] = JSON.parse((await ask(0, 'GET', '/api/v1/tiers')).text).tiers as Body[];
    const item = JSON.parse((await ask(0, 'GET', '/api/v1/items/F2001')).text) as Body;
    const of = (path: string, change: (name: string) => Body): Case => ({
      path,
      one: change('Erste'),
      two: change('Zweite'),
    });
    return [
      { path: '/api/v1/programme', ...versions('PUT /api/v1/programme') },
      { path: '/api/v1/rules', ...versions('PUT /api/v1/rules') },
      { path: '/api/v1/stored-value/policy', ...versions('PUT /api/v1/stored-value/policy') },
      { path: '/api/v1/referral-terms', ...versions('PUT /api/v1/referral-terms') },
      { path: '/api/v1/tier-rules', one: tierRule('e-1', '2026-02-01'), two: tierRule('e-2', '2026-03-01') },
      { path: '/api/v1/rfm/thresholds', one: thresholds(201), two: thresholds(202) },
      { path: '/api/v1/rfm/strategies', one: strategies(21), two: strategies(22) },
      { path: '/api/v1/retention-rules', one: retention(37), two: retention(38) },
      of('/api/v1/roles', role),
      of('/api/v1/branding', (name) => ({ ...example('PUT /api/v1/branding'), name })),
      of('/api/v1/staff', staff),
      of('/api/v1/benefits', benefit),
      {
        path: '/api/v1/coupon-templates',
        first: template('Nullte'),
        one: template('Erste'),
        two: template('Zweite'),
      },
      { path: '/api/v1/coupon-packs', one: pack(1), two: pack(2) },
      of('/api/v1/tiers', (name) => ({ tiers: [{ ...tier, name }] })),
      of('/api/v1/stores', (name) => ({ stores: [{ ...store, name }] })),
      of(`/api/v1/stores/${String(store!.id)}`, (name) => ({ ...store, name: `${name}!` })),
      of('/api/v1/items/F2001', (name) => ({ ...item, name })),
      of(`/api/v1/segments/${segment}`, (name) => ({ name, note: '', rule })),
      of(`/api/v1/webhooks/${hook}`, (note) => ({
        url: 'https://erp.example/hook',
        kinds: ['member.*'],
        note,
      })),
      of(`/api/v1/tag-rules/${tag}`, (name) => ({ name, tag: 'e', cause, active: true })),
      of('/api/v1/custom-fields/eshoe', (name) => ({ ...field, name, retired: false })),
    ];
  };

  test('the second is told, and what stands is whole what the first wrote; read again, the second may', async () => {
    let unsent = 0;
    for (const { path, first, one, two } of await cases()) {
      if (first !== undefined) expect((await ask(0, 'PUT', path, first)).status, path).toBe(200);
      const [mine, theirs] = [await ask(0, 'GET', path), await ask(1, 'GET', path)];
      expect([mine.status, mine.etag === null, theirs.etag], path).toEqual([200, false, mine.etag]);
      const done = await ask(0, 'PUT', path, one, { 'if-match': mine.etag! });
      expect([path, done.status, done.kind]).toEqual([path, 200, null]);
      const stands = await ask(0, 'GET', path);
      expect(stands.etag, path).not.toBe(mine.etag);
      const late = await ask(1, 'PUT', path, two, { 'if-match': theirs.etag! });
      expect([path, late.status, late.kind]).toEqual([path, 412, 'changed']);
      expect(await ask(1, 'GET', path), path).toEqual(stands);
      const again = await ask(1, 'PUT', path, two, { 'if-match': stands.etag! });
      expect([path, again.status]).toEqual([path, 200]);
      // Who has it is not sent it again, where its tag is one of the whole answer.
      const now = await ask(0, 'GET', path);
      const known = await ask(0, 'GET', path, undefined, { 'if-none-match': now.etag! });
      const same = [now.status, now.text];
      expect([[304, ''], same], path).toContainEqual([known.status, known.text]);
      if (known.status === 304) unsent++;
    }
    expect(unsent).toBeGreaterThan(8);
  });

  test('points that moved are seen by who has the member’s page already: its tag is the profile’s alone', async () => {
    const path = '/api/v1/members/m-0001';
    const before = await ask(0, 'GET', path);
    await cloud.client.post(`${path}/points/corrections`, { key: 'moved', points: 50, reason: 'late' });
    const after = await ask(0, 'GET', path, undefined, { 'if-none-match': before.etag! });
    expect([after.status, after.etag, JSON.parse(after.text).balance.points]).toEqual([
      200,
      before.etag,
      JSON.parse(before.text).balance.points + 50,
    ]);
  });

  test('the audit log tells of each change what was other before and after, and no text of anybody', async () => {
    const rows = await cloud.db.query<{ text: string }>(
      "select text from audit_entry where phase = 'done' and route like 'PUT %' order by seq",
    );
    const batches = ['PUT /api/v1/items', 'PUT /api/v1/members'];
    const done = rows
      .map(({ text }) => JSON.parse(text))
      .filter(({ status, route }) => status === 200 && !batches.includes(route));
    expect(done.length).toBeGreaterThan(40);
    expect(done.filter(({ before, after }) => before === undefined || after === undefined)).toEqual([]);
    const of = (route: string) => done.filter((entry) => entry.route === route).at(-1);
    expect(of('PUT /api/v1/rfm/thresholds')).toMatchObject({
      before: { sleepingDays: 201 },
      after: { sleepingDays: 202 },
    });
    expect(of('PUT /api/v1/items/:sku')).toMatchObject({ before: { name: '…' }, after: { name: '…' } });
    expect(rows.filter(({ text }) => /Erste|Zweite/.test(text))).toEqual([]);
  });

  test('of eight at the same moment from the same state one writes, seven are told', async () => {
    const path = '/api/v1/rfm/thresholds';
    const { etag } = await ask(0, 'GET', path);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, no) =>
        ask(no % 2, 'PUT', path, thresholds(300 + no), { 'if-match': etag! }),
      ),
    );
    expect(answers.map(({ status }) => status).toSorted()).toEqual([
      200,
      ...Array.from({ length: 7 }, () => 412),
    ]);
    expect(await cloud.db.query('select 1 as x from edit_turn')).toEqual([]);
  });

  test('a refused body ends its turn and leaves the ETag as it was: the corrected one goes through', async () => {
    const path = '/api/v1/rfm/thresholds';
    const { etag } = await ask(0, 'GET', path);
    const wrong = {
      ...thresholds(200),
      recency: { by: 'days', silentFromDays: 90, sleepingFromDays: 80, lostFromDays: 70 },
    };
    expect((await ask(0, 'PUT', path, wrong, { 'if-match': etag! })).status).toBe(422);
    expect((await ask(0, 'PUT', path, thresholds(400), { 'if-match': etag! })).status).toBe(200);
  });

  test('a turn that a dead process took with it is over after 30 seconds', async () => {
    const path = '/api/v1/rfm/thresholds';
    const until = cloud.clock.nowMs() - 1;
    await cloud.db.query("insert into edit_turn values ($1, 'dead', to_timestamp($2::float8 / 1000))", [
      path,
      until,
    ]);
    expect((await ask(0, 'PUT', path, thresholds(401))).status).toBe(200);
  });
});

test('every change of one record that the API has is one of these, or names why not', async () => {
  const cloud = await openCloud('pglite', { world: null });
  const page = (await cloud.client.get('/api/v1/openapi.json')) as {
    paths: Record<string, Record<string, Body>>;
  };
  await cloud.close();
  const changes = Object.entries(page.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method === 'put' || method === 'patch')
      .filter(([, { parameters }]) => !((parameters ?? []) as Body[]).some(({ name }) => name === 'if-match'))
      .map(([method]) => `${method} ${path}`),
  );
  const WHY_NOT = {
    'put /api/v1/items': 'a batch of an ERP: one item has /items/{sku}',
    'put /api/v1/members': 'a batch of an ERP: one member has PATCH /members/{memberId}',
    'put /api/v1/traffic': 'a batch of counters: the last count of a day holds',
    'put /api/v1/reports/structure-targets': 'one number a part: the last one holds',
    'patch /api/v1/member-fields': 'a batch: each value has its own time',
    'patch /api/v1/members/{memberId}/fields': 'each value has its own time',
    'put /api/v1/members/{memberId}/tags/{tag}': 'set is set, whoever says it',
    'put /api/v1/session/password': 'of the caller alone, who gives the old one',
    'put /api/v1/session/second-factor': 'of the caller alone, who gives a code',
    'patch /api/v1/members/{memberId}': 'has its If-Match (members/api.test.ts), without it in its schema',
  };
  expect(changes.toSorted()).toEqual(Object.keys(WHY_NOT).toSorted());
});
