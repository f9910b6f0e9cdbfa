/** What every write of the API has: an audit trail that cannot be changed unseen, idempotency keys, ETags, rate limits. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveAudit, redacted } from '../../../cloud/access/audit.ts';
import { Buckets } from '../../../cloud/hq/rate-limit.ts';
import { aSession, aToken } from '../../kit/callers.ts';
import { ENGINES, openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';
import { until } from '../../kit/until.ts';

type Headers = Record<string, string>;

function asker(cloud: () => TestCloud) {
  return async (method: string, path: string, body?: unknown, headers: Headers = {}) => {
    const response = await fetch(`${cloud().url}/api/v1/${path}`, {
      method,
      headers: {
        ...(headers.cookie === undefined ? { authorization: `Bearer ${cloud().token}` } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      headers: response.headers,
      // biome-ignore lint/suspicious/noExplicitAny: read back from JSON
      body: (text === '' ? null : JSON.parse(text)) as any,
    };
  };
}

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
  });
  afterAll(() => cloud.close());
  const ask = asker(() => cloud);
  const proof = async () => (await ask('GET', 'audit/proof')).body;
  /** Outcomes are told when the answer is out. */
  const settled = () =>
    until(
      async () =>
        (await cloud.db.query<{ n: number }>('select count(*) as n from audit_entry'))[0]!.n % 2 === 0,
      'the outcome',
    );

  describe('the audit log', () => {
    test('tells who wrote what from where, before and after, without names', async () => {
      const admin = await aSession(cloud, 'admin');
      const added = await ask('POST', 'users', { login: 'wu', name: '吴先生', role: 'auditor' }, admin);
      const { id } = added.body.user;
      const change = { name: '吴小姐', role: 'service', stores: null, disabled: false };
      await ask('PUT', `users/${id}`, change, { ...admin, 'if-match': '"1"' });
      await settled();
      const page = (await ask('GET', 'audit?limit=4')).body;
      const route = 'PUT /api/v1/users/:userId';
      expect(page.entries.slice(0, 2)).toMatchObject([
        {
          ...{ phase: 'done', route, status: 200, params: { userId: id }, address: '127.0.0.1' },
          before: { role: 'auditor', name: '…', revision: 1 },
          after: { role: 'service', name: '…', revision: 2 },
        },
        { phase: 'asked', route, actor: { kind: 'user' }, sent: { role: 'service', name: '…' } },
      ]);
      expect(page.entries[0].requestId).toBe(page.entries[1].requestId);
      const kept = JSON.stringify(await cloud.db.query('select text from audit_entry'));
      expect(kept).not.toMatch(/吴/);
      expect(kept).not.toContain(added.body.password);
      const next = (await ask('GET', `audit?limit=4&cursor=${page.nextCursor}`)).body;
      expect(next.entries[0].seq).toBe(page.nextCursor - 1);
    });

    test('a write that is refused is told too, a read is not', async () => {
      await settled();
      const before = (await proof()).entries;
      await ask('GET', 'stores');
      await ask('POST', 'segments/count', {
        rule: { source: 'rfm', measure: 'visits', op: 'gte', value: 1 },
      });
      expect((await proof()).entries).toBe(before);
      expect((await ask('POST', 'tills', { storeId: 'S99', code: 'X9' })).status).toBe(404);
      await settled();
      const [done] = (await ask('GET', 'audit?limit=1')).body.entries;
      expect(done).toMatchObject({ seq: before + 2, phase: 'done', status: 404, actor: { id: 'owner' } });
    });

    test('is only added to; a change past the trigger, a row taken out or cut off the end is found at its place', async () => {
      await settled();
      const { entries, brokenAt } = await proof();
      expect([entries > 4, brokenAt]).toEqual([true, null]);
      for (const sql of [
        "update audit_entry set text = '{}'",
        'delete from audit_entry',
        'truncate audit_entry',
      ]) {
        await expect(cloud.db.query(sql), sql).rejects.toThrow('only added to');
      }
      const tamper = async (sql: string) =>
        cloud.db
          .transaction(async (tx) => {
            await tx.query('alter table audit_entry disable trigger all');
            await tx.query(sql);
            throw Object.assign(new Error('back'), { found: (await proveAudit(tx)).brokenAt });
          })
          .catch((cause: { found?: number | null }) => cause.found);
      expect(
        await tamper(
          `update audit_entry set text = replace(text, '"status":200', '"status":403') where seq = 2`,
        ),
      ).toBe(2);
      expect(await tamper('delete from audit_entry where seq = 3')).toBe(3);
      expect(await tamper(`delete from audit_entry where seq = ${entries}`)).toBe(entries);
      expect((await proof()).brokenAt).toBeNull();
    });
  });

  describe('Idempotency-Key', () => {
    const token = (name: string) => ({ name, rights: ['sales.read'] });
    const tokens = async (name: string) =>
      (await cloud.db.query('select from api_token where name = $1', [name])).length;

    test('same key, same request: one effect, the same answer; other request: 422', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const first = await ask('POST', 'tokens', token('one'), key);
      const second = await ask('POST', 'tokens', token('one'), key);
      expect([first.status, second.status, second.headers.get('idempotency-replayed')]).toEqual([
        200,
        200,
        'true',
      ]);
      expect(second.body).toEqual(first.body);
      expect(await tokens('one')).toBe(1);
      expect((await ask('POST', 'tokens', token('two'), key)).body).toMatchObject({
        status: 422,
        kind: 'key_reused',
      });
      expect(await tokens('two')).toBe(0);
      // The answer holds a secret: at rest nobody reads it.
      expect(JSON.stringify(await cloud.db.query('select * from request_key'))).not.toContain(
        first.body.secret,
      );
    });

    test('eight at once: one effect; the rest get its answer or 409 under_way', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const answers = await Promise.all(
        Array.from({ length: 8 }, () => ask('POST', 'tokens', token('many'), key)),
      );
      expect(await tokens('many')).toBe(1);
      const secrets = new Set(answers.filter(({ status }) => status === 200).map(({ body }) => body.secret));
      expect(secrets.size).toBe(1);
      expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([]);
    });

    test('a refusal is kept as well; another caller’s same key is another key; a short key is refused', async () => {
      const key = { 'idempotency-key': randomUUID() };
      const wrong = { storeId: 'S99', code: 'X9' };
      expect((await ask('POST', 'tills', wrong, key)).status).toBe(404);
      const again = await ask('POST', 'tills', wrong, key);
      expect([again.status, again.body.kind, again.headers.get('content-type')]).toEqual([
        404,
        'unknown_store',
        'application/problem+json; charset=utf-8',
      ]);
      const other = await aToken(cloud, ['access.write', 'sales.read']);
      expect((await ask('POST', 'tokens', token('mine'), { ...other, ...key })).status).toBe(200);
      const short = await ask('POST', 'tokens', token('mine'), { 'idempotency-key': 'short' });
      expect(short.body).toMatchObject({ status: 400, errors: [{ path: 'idempotency-key' }] });
    });

    test('a day later the key is free', async () => {
      const key = { 'idempotency-key': randomUUID() };
      await ask('POST', 'tokens', token('day'), key);
      cloud.clock.aheadMs = 24 * 3_600_000 + 1;
      await ask('POST', 'tokens', token('day'), key);
      cloud.clock.aheadMs = 0;
      expect(await tokens('day')).toBe(2);
    });
  });

  test('ETag: a change without If-Match is 428, from an old revision 412; a reader who has it gets 304', async () => {
    const added = await ask('POST', 'users', { login: 'etag', name: 'E', role: 'auditor' });
    const path = `users/${added.body.user.id}`;
    const change = { name: 'E', role: 'service', stores: null, disabled: false };
    const read = await ask('GET', path);
    expect(read.headers.get('etag')).toBe('"1"');
    expect((await ask('GET', path, undefined, { 'if-none-match': '"1"' })).status).toBe(304);
    expect((await ask('PUT', path, change)).body).toMatchObject({ status: 428, kind: 'revision_needed' });
    const changed = await ask('PUT', path, change, { 'if-match': '"1"' });
    expect([changed.status, changed.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await ask('PUT', path, change, { 'if-match': '"1"' })).body).toMatchObject({
      status: 412,
      kind: 'changed',
    });
    expect((await ask('PUT', path, change, { 'if-match': '*' })).status).toBe(412);
  });
});

describe('rate limits', () => {
  test('a bucket of 3 that fills by 2 a second: three at once, then one each half second', () => {
    const buckets = new Buckets({ perSecond: 2, burst: 3 });
    const waits = [0, 0, 0, 0, 100, 500, 500, 10_000].map((atMs) => buckets.take('a', atMs));
    expect(waits).toEqual([0, 0, 0, 500, 400, 0, 500, 0]);
    expect(buckets.take('b', 500)).toBe(0);
  });

  test('strangers, sign-ins and callers each get 429 with Retry-After when their bucket is empty; the owner never', async () => {
    const rate = (burst: number) => ({ perSecond: 0.001, burst });
    const cloud = await openCloud(QUICK, {
      rates: { caller: rate(3), stranger: rate(2), signIn: rate(1) },
    });
    try {
      const ask = asker(() => cloud);
      const statuses = async (count: number, one: () => Promise<{ status: number }>) => {
        const seen: number[] = [];
        for (let asked = 0; asked < count; asked++) seen.push((await one()).status);
        return seen;
      };
      const wrong = { authorization: `Bearer cft_${'x'.repeat(43)}` };
      expect(await statuses(4, () => ask('GET', 'stores', undefined, wrong))).toEqual([401, 401, 429, 429]);
      expect((await ask('GET', 'stores', undefined, wrong)).headers.get('retry-after')).toMatch(/^\d+$/);
      const nobody = { login: 'nobody', password: 'x' };
      expect(await statuses(2, () => ask('POST', 'session', nobody, { authorization: '' }))).toEqual([
        401, 429,
      ]);
      const session = await aSession(cloud, 'auditor');
      expect(await statuses(5, () => ask('GET', 'stores', undefined, session))).toEqual([
        200, 200, 200, 429, 429,
      ]);
      expect(await statuses(10, () => ask('GET', 'stores'))).toEqual(Array(10).fill(200));
    } finally {
      await cloud.close();
    }
  });
});

test.each<[unknown, unknown]>([
  [
    { name: '林小姐', phone: '13800138000' },
    { name: '…', phone: '…' },
  ],
  [
    { memberId: 'm-1', priceMinor: 1299, active: true, at: null },
    { memberId: 'm-1', priceMinor: 1299, active: true, at: null },
  ],
  [{ memberId: '林小姐 138' }, { memberId: '…' }],
  [{ 林小姐: 1 }, { '…': 1 }],
  [{ stores: ['S01', 'S02'] }, { stores: ['S01', 'S02'] }],
  [Array.from({ length: 22 }, () => 1), [...Array(20).fill(1), { andMore: 2 }]],
  ['free text', '…'],
])('%j is kept as %j', (sent, kept) => {
  expect(redacted(sent)).toEqual(kept);
});
