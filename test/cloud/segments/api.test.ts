/** The analytics and segment part of `/api/v1`, on both stores: whole answers, who adds up, and every shape of refusal. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, openCloud, smallWorld, type TestCloud } from '../../kit/cloud.ts';
import { aRawTill } from '../../kit/raw-till.ts';

const [first, second] = smallWorld().members as unknown as [{ id: string }, { id: string }];

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let totals: { first: number; second: number; all: number };
  beforeAll(async () => {
    cloud = await openCloud(engine);
    const till = await aRawTill(cloud);
    till.appendOpened();
    // The first member twice, on two days; the second once; nobody once.
    till.appendSale({ memberId: first.id }, undefined, { businessDate: '2026-11-01' });
    till.appendSale({ memberId: first.id });
    till.appendSale({ memberId: second.id });
    till.appendSale();
    const sums = till.chain.slice(1).map(({ text }) => JSON.parse(text).body.totalMinor as number);
    totals = { first: sums[0]! + sums[1]!, second: sums[2]!, all: sums.reduce((a, b) => a + b) };
    const link = await till.connect();
    await link.ask(till.pushOf(1));
    await link.hangUp();
  });
  afterAll(() => cloud.close());

  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(new URL(`/api/v1/${path}`, cloud.url), {
      method,
      headers: {
        authorization: `Bearer ${cloud.token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return { status: response.status, body: JSON.parse(await response.text()) };
  };
  const get = async (path: string) => {
    const { status, body } = await ask('GET', path);
    expect([path, status, body.detail]).toEqual([path, 200, undefined]);
    return body;
  };
  const ASOF = 'asOf=2026-11-30';
  const MONTH = 'from=2026-11-01&to=2026-11-30';

  test('the grid holds both buyers, by store they add up, and one member can be asked for on any day', async () => {
    const grid = await get(`rfm/grid?${ASOF}&split=store`);
    expect(grid).toMatchObject({
      asOf: '2026-11-30',
      currency: 'CNY',
      buyers: 2,
      netMinor: totals.first + totals.second,
      shopCycle: { spanDays: 20, gaps: 1 },
      parts: [{ key: 'S01', buyers: 2 }],
    });
    const { members } = await get(`rfm/members?${ASOF}&limit=1`);
    expect(members).toHaveLength(1);
    expect(await get(`rfm/members/${first.id}?${ASOF}`)).toMatchObject({
      visits: 2,
      frequency: 'second',
      netMinor: totals.first,
      cycle: { spanDays: 20, gaps: 1 },
    });
    expect(await get(`rfm/members/${first.id}?asOf=2026-11-05`)).toMatchObject({
      visits: 1,
      frequency: 'new',
    });
    expect(await get(`rfm/grid?${ASOF}&storeId=S01&basis=store`)).toMatchObject({ buyers: 2 });
    expect(await get(`rfm/grid?${ASOF}&storeId=S02&currency=CNY`)).toMatchObject({ buyers: 0, atRisk: 0 });
  });

  test('the reports of November add up to its sales', async () => {
    const equation = await get(`reports/sales-equation?${MONTH}`);
    expect(equation).toMatchObject({ netMinor: totals.all, tickets: 4 });
    expect(equation.byVisit.reduce((sum: number, part: { netMinor: number }) => sum + part.netMinor, 0)).toBe(
      totals.all,
    );
    expect(await get(`reports/behaviour?${MONTH}`)).toMatchObject({
      buyers: 2,
      visits: 3,
      repeatRateBp: 5000,
    });
    expect(await get(`reports/buyers?${MONTH}`)).toMatchObject({ new: 2, loyal: 0, irregular: 0, buyers: 2 });
    expect(
      await ask('PUT', 'traffic', { days: [{ storeId: 'S01', businessDate: '2026-11-21', visitors: 30 }] }),
    ).toMatchObject({ status: 200, body: { applied: 1 } });
    expect(await get(`reports/kpis?${MONTH}`)).toMatchObject({
      secondPurchaseRateBp: 5000,
      conversionBp: 1000,
      buyers: 2,
    });
    expect(await get(`reports/pareto?${ASOF}&topBp=5000,10000`)).toMatchObject({
      tops: [{ members: 1 }, { members: 2, shareBp: 10_000 }],
    });
    expect(await get(`reports/structure?${ASOF}&dimension=tier`)).toMatchObject({ members: 10 });
    const costs = [
      { id: 'c1', memberId: first.id, kind: 'service', currency: 'CNY', amountMinor: 100, on: '2026-11-02' },
    ];
    expect((await ask('POST', 'member-costs', { costs })).body).toEqual({ applied: 1 });
    expect(await get(`reports/profit?${ASOF}`)).toMatchObject({
      members: 2,
      serviceMinor: 100,
      profitMinor: totals.first + totals.second - 100,
    });
    expect((await ask('POST', 'rfm/prove', {})).body).toEqual({ rows: 4, differences: 0, memberIds: [] });
    const correlation = await ask('POST', 'reports/correlation', {
      criterion: { source: 'profile', field: 'memberId', op: 'eq', value: first.id },
      outcome: { source: 'rfm', measure: 'visits', op: 'gte', value: 2 },
    });
    expect(correlation.body).toMatchObject({ n: 10, with: { n: 1, yes: 1 }, without: { n: 9, yes: 0 } });
  });

  test('thresholds and strategies are read back as they were set', async () => {
    const thresholds = await get('rfm/thresholds');
    const set = { ...thresholds, sleepingDays: 200 };
    expect((await ask('PUT', 'rfm/thresholds', set)).body).toEqual(set);
    expect(await get('rfm/thresholds')).toEqual(set);
    await ask('PUT', 'rfm/thresholds', thresholds);
    const strategy = {
      recency: 'active',
      frequency: 'new',
      contactEveryDays: 14,
      offer: { kind: 'gift', strengthBp: 300, text: 'review gift' },
    };
    expect((await ask('PUT', 'rfm/strategies', { strategies: [strategy] })).body).toEqual({ applied: 1 });
    const { strategies } = await get('rfm/strategies');
    expect([strategies.length, strategies[0]]).toEqual([16, strategy]);
  });

  test('a segment is counted, saved, changed, listed, explained, frozen and dropped', async () => {
    const rule = { all: [{ source: 'rfm', measure: 'visits', op: 'gte', value: 2 }] };
    expect((await ask('POST', 'segments/count', { rule, sample: 5 })).body).toMatchObject({
      members: 1,
      sample: [{ memberId: first.id }],
    });
    const saved = (await ask('POST', 'segments', { name: '回头客', rule })).body;
    expect(saved).toMatchObject({ name: '回头客', kind: 'dynamic', revision: 1, rule });
    const at = `segments/${saved.id}`;
    expect(await get(at)).toEqual(saved);
    expect(await get(`${at}/members`)).toMatchObject({ members: [{ memberId: first.id }], nextCursor: null });
    expect(await get(`${at}/reasons?memberId=${second.id}`)).toMatchObject({
      holds: false,
      of: [{ path: 'rule.all[0]', holds: false, actual: '1' }],
    });
    const any = { any: [...rule.all, { source: 'profile', field: 'memberId', op: 'eq', value: second.id }] };
    const changed = (await ask('PUT', at, { name: 'Both', rule: any, revision: 1 })).body;
    expect(changed).toMatchObject({ name: 'Both', revision: 2 });
    expect((await ask('PUT', at, { name: 'Late', rule, revision: 1 })).status).toBe(412);
    const gold = { name: 'One', rule: { source: 'profile', field: 'memberId', op: 'eq', value: second.id } };
    const other = (await ask('POST', 'segments', gold)).body;
    expect(await get(`${at}/overlap?with=${other.id}`)).toEqual({ a: 2, b: 1, both: 1, onlyA: 1, onlyB: 0 });
    expect((await ask('GET', `${at}/overlap?with=none`)).status).toBe(404);
    await ask('DELETE', `segments/${other.id}`);
    expect((await ask('POST', 'segments/refresh', {})).body).toEqual({ counted: 1, failed: [] });
    expect((await get(`${at}/sizes`)).sizes).toMatchObject([{ members: 2 }]);
    expect((await ask('POST', `${at}/freeze`, {})).body).toMatchObject({ kind: 'frozen' });
    const page = await get(`${at}/members?limit=1`);
    const next = await get(`${at}/members?limit=1&cursor=${page.nextCursor}`);
    expect(
      [page, next]
        .flatMap(({ members }) => members.map((one: { memberId: string }) => one.memberId))
        .toSorted(),
    ).toEqual([first.id, second.id].toSorted());
    expect(next.nextCursor).toBeNull();
    expect((await get('segments')).segments).toHaveLength(1);
    expect((await ask('DELETE', at)).body).toEqual({ applied: 1 });
    expect((await ask('DELETE', at)).status).toBe(404);
    const { sources } = await get('segments/sources');
    expect(sources.length).toBeGreaterThanOrEqual(14);
  });

  const rule = { source: 'tier', in: ['base'] };
  const days = { by: 'days', silentFromDays: 90, sleepingFromDays: 80, lostFromDays: 365 };
  test.each<[number, string, string, string, unknown]>([
    [400, 'bad_request', 'GET', 'rfm/grid?asOf=2026-02-31', undefined],
    [400, 'bad_request', 'GET', 'rfm/grid?asOf=today', undefined],
    [400, 'bad_request', 'GET', 'rfm/grid?split=till', undefined],
    [422, 'store_needed', 'GET', 'rfm/grid?basis=store', undefined],
    [404, 'unknown_place', 'GET', 'rfm/grid?storeId=S77', undefined],
    [404, 'unknown_place', 'GET', 'reports/kpis?region=nowhere&from=2026-11-01&to=2026-11-02', undefined],
    [400, 'bad_request', 'GET', 'rfm/grid?currency=yuan', undefined],
    [400, 'bad_request', 'GET', 'rfm/members?bins=1', undefined],
    [400, 'bad_request', 'GET', 'rfm/members?limit=100000', undefined],
    [404, 'no_buyer', 'GET', 'rfm/members/nobody', undefined],
    [
      422,
      'threshold',
      'PUT',
      'rfm/thresholds',
      {
        recency: days,
        frequency: { oldFrom: 3, fanFrom: 6 },
        sleepingDays: 180,
        atRiskPastBp: 20_000,
        fallbackCycleDays: 60,
      },
    ],
    [400, 'bad_request', 'PUT', 'rfm/thresholds', { recency: days }],
    [400, 'bad_request', 'PUT', 'rfm/strategies', { strategies: [] }],
    [400, 'bad_request', 'GET', 'reports/pareto?topBp=20000', undefined],
    [400, 'bad_request', 'GET', 'reports/pareto?topBp=a', undefined],
    [400, 'bad_request', 'GET', 'reports/kpis', undefined],
    [400, 'bad_request', 'GET', 'reports/kpis?from=2026-11-02&to=2026-11-01', undefined],
    [400, 'bad_request', 'GET', 'reports/buyers?from=2026-02-31&to=2026-03-01', undefined],
    [400, 'bad_request', 'GET', 'reports/sales-equation?from=2026-13-01&to=2026-13-02', undefined],
    [422, 'unknown_dimension', 'GET', "reports/structure?dimension=x';--", undefined],
    [
      422,
      'shares',
      'PUT',
      'reports/structure-targets',
      { storeId: null, dimension: 'age', parts: [{ key: '65+', shareBp: 1 }] },
    ],
    [
      422,
      'unknown_store',
      'PUT',
      'traffic',
      { days: [{ storeId: 'S77', businessDate: '2026-11-21', visitors: 1 }] },
    ],
    [
      400,
      'bad_request',
      'PUT',
      'traffic',
      { days: [{ storeId: 'S01', businessDate: '2026-11-21', visitors: -1 }] },
    ],
    [400, 'bad_request', 'POST', 'member-costs', { costs: [{ id: 'x' }] }],
    [422, 'rule', 'POST', 'reports/correlation', { criterion: rule, outcome: {} }],
    [422, 'rule', 'POST', 'segments/count', { rule: { all: [] } }],
    [400, 'bad_request', 'POST', 'segments/count', {}],
    [
      422,
      'rule',
      'POST',
      'segments',
      { name: 'x', rule: { source: 'rfm', measure: 'visits', op: 'gte', value: 'two' } },
    ],
    [400, 'bad_request', 'POST', 'segments', { name: '', rule }],
    [400, 'bad_request', 'POST', 'segments', { name: 'a\u0000b', rule }],
    [404, 'unknown_segment', 'GET', 'segments/none', undefined],
    [404, 'unknown_segment', 'GET', 'segments/none/members', undefined],
    [404, 'unknown_segment', 'GET', 'segments/none/sizes', undefined],
    [404, 'unknown_segment', 'PUT', 'segments/none', { name: 'x', rule, revision: 1 }],
    [404, 'unknown_segment', 'POST', 'segments/none/freeze', {}],
  ])('%i %s: %s %s', async (status, kind, method, path, body) => {
    const answer = await ask(method, path, body);
    expect([answer.status, answer.body.kind]).toEqual([status, kind]);
    expect(answer.body.detail).not.toBe('');
  });

  test('a rule at fault names the field: rule.all[1].value', async () => {
    const wrong = { all: [rule, { source: 'rfm', measure: 'lastOn', op: 'before', value: 3 }] };
    expect((await ask('POST', 'segments/count', { rule: wrong })).body).toMatchObject({
      kind: 'rule',
      errors: [{ path: 'rule.all[1].value' }],
      facts: { kind: 'type' },
    });
  });
});
