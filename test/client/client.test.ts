/** The client of the package on a real HQ: members, orders, webhooks; what it sends again, and what it refuses at compile time. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HqProblem, openHq, type Routes, readWebhook } from '../../src/client/main.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { openReceiver, type Receiver } from '../kit/receiver.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const AT_MS = 1_795_250_460_000;

let cloud: TestCloud;
let receiver: Receiver;
const hqOf = (over: Partial<Parameters<typeof openHq>[0]> = {}) =>
  openHq({ url: cloud.url, token: cloud.token, wait: async () => {}, ...over });
beforeAll(async () => {
  cloud = await openCloud(QUICK, { webhookAllow: ['127.0.0.0/8'] });
  receiver = await openReceiver();
});
afterAll(async () => {
  await receiver.close();
  await cloud.close();
});

const order = (externalId: string): Routes['POST /api/v1/orders']['body'] => ({
  ...{ channel: 'web', externalId, storeId: 'S01', atMs: AT_MS, currency: 'CNY', status: 'placed' },
  lines: [{ sku: 'B4001', qty: 3, unitPriceMinor: 3333 }],
  tenders: [{ kind: 'wallet', amountMinor: 9999, wallet: 'alipay', ref: 'A1' }],
  totalMinor: 9999,
});
const salesOf = async (externalId: string) =>
  (
    await cloud.db.query<{ n: number }>('select count(*) as n from sale where receipt_no = $1', [
      `WEB-${externalId}`,
    ])
  )[0]!.n;

describe('members', () => {
  test('are written, found by phone, read with their ETag, changed under it, and not changed under an old one', async () => {
    const hq = hqOf();
    const member = { id: 'tc-1', cardNo: 'TC-1', name: '欧阳小丹', phone: '13500001111', tierId: 'member' };
    expect((await hq.ask('PUT /api/v1/members', { body: { members: [member] } })).answer).toEqual({
      applied: 1,
    });
    const { answer } = await hq.ask('POST /api/v1/members/search', { body: { phone: '135 0000 1111' } });
    expect(answer.members.map(({ id, profile }) => [id, profile?.name])).toEqual([['tc-1', '欧阳小丹']]);
    const route = 'PATCH /api/v1/members/{memberId}';
    const asked = { path: { memberId: 'tc-1' }, body: { set: { residence: '台北市' } } };
    const read = await hq.ask('GET /api/v1/members/{memberId}', { path: { memberId: 'tc-1' } });
    expect(read.answer.member.profile?.residence).toBeNull();
    const first = await hq.ask(route, { ...asked, ifMatch: read.etag! });
    expect(first.answer.member.profile?.residence).toBe('台北市');
    const second = hq.ask(route, { ...asked, ifMatch: read.etag! });
    await expect(second).rejects.toMatchObject({ status: 412, kind: 'other_revision' });
  });

  test('a list is walked page by page: 7 users in pages of 3, each once', async () => {
    const hq = hqOf();
    const users = [];
    for (let no = 1; no <= 7; no++)
      await hq.ask('POST /api/v1/users', {
        body: { login: `walk-${no}`, name: `W ${no}`, role: 'auditor', stores: null },
      });
    for await (const user of hq.each('GET /api/v1/users', { query: { limit: 3 } })) users.push(user.login);
    expect(users).toEqual([1, 2, 3, 4, 5, 6, 7].map((no) => `walk-${no}`));
  });

  test('a refusal says which field: a phone that is none', async () => {
    const body = { set: { phones: ['12'] } };
    const asked = hqOf().ask('PATCH /api/v1/members/{memberId}', { path: { memberId: 'tc-1' }, body });
    const problem = await asked.catch((cause: unknown) => cause);
    expect(problem).toBeInstanceOf(HqProblem);
    expect(problem).toMatchObject({ status: 422, errors: [{ path: expect.stringContaining('phones') }] });
  });
});

describe('orders', () => {
  test('an order whose answer was lost is sent again under the same key and is one sale', async () => {
    const keys: (string | null)[] = [];
    let isFirst = true;
    const hq = hqOf({
      fetch: async (url, init) => {
        keys.push(new Headers(init?.headers).get('idempotency-key'));
        const response = await fetch(url, init);
        if (!isFirst) return response;
        isFirst = false;
        await response.arrayBuffer();
        throw new TypeError('the line was cut');
      },
    });
    const { answer } = await hq.ask('POST /api/v1/orders', { body: order('TC-1') });
    expect(answer).toMatchObject({ channel: 'web', externalId: 'TC-1', repeated: false });
    expect([keys.length, new Set(keys).size, await salesOf('TC-1')]).toEqual([2, 1, 1]);
  });

  test('a refusal is not sent again: a total that its lines do not make is 422 at the first try', async () => {
    let sent = 0;
    const counted: typeof fetch = (url, init) => {
      sent++;
      return fetch(url, init);
    };
    const hq = hqOf({ fetch: counted });
    const wrong = hq.ask('POST /api/v1/orders', { body: { ...order('TC-2'), totalMinor: 10_000 } });
    await expect(wrong).rejects.toMatchObject({ status: 422 });
    expect([sent, await salesOf('TC-2')]).toEqual([1, 0]);
  });

  test('HQ that fails three times and then answers is asked four times; a fourth failure is told', async () => {
    const answers = [503, 502, 500];
    const failing = async (...asked: Parameters<typeof fetch>) => {
      const status = answers.shift();
      return status === undefined ? fetch(...asked) : new Response('<html>no</html>', { status });
    };
    expect((await hqOf({ fetch: failing }).ask('GET /api/v1/stores')).answer.stores[0]!.id).toBe('S01');
    answers.push(500, 500, 500, 500);
    await expect(hqOf({ fetch: failing }).ask('GET /api/v1/stores')).rejects.toMatchObject({ status: 500 });
  });
});

describe('webhooks', () => {
  test('what HQ sends is read with the secret that the client was given, and by no other', async () => {
    const hq = hqOf();
    const body = { url: receiver.url, kinds: ['order.changed'] };
    const { secret, id } = (await hq.ask('POST /api/v1/webhooks', { body })).answer;
    await hq.ask('POST /api/v1/orders', { body: order('TC-3') });
    await hq.ask('POST /api/v1/orders/{channel}/{externalId}/status', {
      path: { channel: 'web', externalId: 'TC-3' },
      body: { status: 'shipped' },
    });
    await cloud.sender.settled();
    const { headers, body: text } = receiver.heard.at(-1)!;
    const message = { header: String(headers['counterfoil-signature']), body: text };
    const nowMs = cloud.clock.nowMs();
    expect(readWebhook(message, ['whsec_other', secret], nowMs)).toMatchObject({
      kind: 'order.changed',
      data: { channel: 'web', externalId: 'TC-3', status: 'shipped' },
    });
    expect(readWebhook(message, ['whsec_other'], nowMs)).toBeNull();
    expect(readWebhook({ ...message, body: text.replace('TC-3', 'TC-4') }, [secret], nowMs)).toBeNull();
    expect(readWebhook(message, [secret], nowMs + 301_000)).toBeNull();
    expect(readWebhook({ body: text, header: undefined }, [secret], nowMs)).toBeNull();
    const log = await hq.ask('GET /api/v1/webhooks/{webhookId}/deliveries', { path: { webhookId: id } });
    expect(log.answer.deliveries.map(({ state }) => state)).toContain('delivered');
  });
});

test('what a route does not take does not compile', () => {
  const hq = hqOf();
  // Never called: the compiler is what is asked.
  const wrong = () => [
    // @ts-expect-error there is no such route
    hq.ask('GET /api/v1/nothing'),
    // @ts-expect-error its path must be filled
    hq.ask('GET /api/v1/members/{memberId}'),
    // @ts-expect-error a body it does not take
    hq.ask('POST /api/v1/webhooks', { body: { url: 'https://erp.example', kinds: 'sale.booked' } }),
    // @ts-expect-error a parameter it does not know
    hq.ask('GET /api/v1/sales', { query: { shop: 'S01' } }),
    // @ts-expect-error not a list
    hq.each('GET /api/v1/programme'),
  ];
  expect(wrong).toBeTypeOf('function');
});

test('is in the package as plain JavaScript with its types: an own project on plain Node imports `counterfoil/client`', async () => {
  const run = promisify(execFile);
  const folder = aFolder();
  const inside = path.join(folder, 'node_modules', 'counterfoil');
  mkdirSync(inside, { recursive: true });
  cpSync(path.join(ROOT, 'package.json'), path.join(inside, 'package.json'));
  const out = path.join(inside, '.build', 'client');
  const tsc = path.join(ROOT, 'node_modules', '.bin', 'tsc');
  await run(tsc, ['-p', path.join(ROOT, 'src', 'client'), '--outDir', out]);
  const program = `
    import { openHq, readWebhook } from 'counterfoil/client';
    const hq = openHq({ url: process.argv[2], token: process.argv[3] });
    const { answer } = await hq.ask('GET /api/v1/stores');
    console.log(answer.stores.map(({ id }) => id).join(), readWebhook({ header: 't=1', body: '{}' }, ['x'], 1));`;
  writeFileSync(path.join(folder, 'own.mjs'), program);
  const said = await run(process.execPath, ['own.mjs', cloud.url, cloud.token], { cwd: folder });
  expect(said.stdout.trim()).toMatch(/^S01,.* null$/);
  removeFolder(folder);
});
