/** Webhooks on both stores, with a real receiver that fails, stalls, cuts the line and goes away. */
import { createServer } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseNetworks } from '../../../cloud/access/ssrf.ts';
import { BACKOFF_MS, Sender } from '../../../cloud/webhooks/sender.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { addMember, earning, pushed } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';
import { openReceiver, type Receiver } from '../../kit/receiver.ts';

interface Delivery {
  eventNo: number;
  kind: string;
  state: string;
  attempts: number;
  nextAtMs: number | null;
  tries: { attempt: number; status: number | null; error: string | null }[];
}

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let receiver: Receiver;
  beforeAll(async () => {
    cloud = await openCloud(engine, { webhookAllow: ['127.0.0.1'] });
    receiver = await openReceiver();
  });
  afterAll(async () => {
    await cloud.close();
    await receiver.close();
  });
  beforeEach(async () => {
    await cloud.sender.settled();
    receiver.heard.length = 0;
    receiver.answers.length = 0;
    await cloud.db.query('delete from webhook');
  });

  const post = <T>(path: string, body: object = {}) =>
    cloud.client.post(`/api/v1/${path}`, body) as Promise<T>;
  const get = <T>(path: string) => cloud.client.get(`/api/v1/${path}`) as Promise<T>;
  const hook = (kinds: string[], over: object = {}) =>
    post<{ id: string; secret: string }>('webhooks', { url: receiver.url, kinds, ...over });
  const log = async (id: string, query = '') =>
    (await get<{ deliveries: Delivery[] }>(`webhooks/${id}/deliveries${query}`)).deliveries;
  const state = async (id: string) =>
    get<{ state: string; revision: number; deliveries: Record<string, number> }>(`webhooks/${id}`);
  const ping = async (id: string) => {
    await post(`webhooks/${id}/ping`);
    await cloud.sender.settled();
  };
  /** Lets so much time pass, and what is due by then be sent. */
  const later = async (ms: number) => {
    cloud.clock.aheadMs += ms;
    await cloud.sender.settled();
  };
  const kinds = () => receiver.heard.map(({ event }) => event.kind);
  let people = 0;
  const person = () => addMember(cloud, `wh-${engine}-${++people}`);

  test('a sale, its points and who joined are told once, signed, by ids alone', async () => {
    const { secret } = await hook(['sale.booked', 'points.*', 'member.created']);
    const memberId = await person();
    const till = await aRawTill(cloud);
    till.appendSale({ memberId }, (sale) => earning(sale, 9));
    await pushed(till);
    await pushed(till);
    await cloud.sender.settled();
    expect(kinds().toSorted()).toEqual(['member.created', 'points.changed', 'sale.booked']);
    expect(receiver.isSigned(secret, cloud.clock.nowMs())).toBe(true);
    const of = (kind: string) => receiver.heard.find(({ event }) => event.kind === kind)!;
    expect(of('sale.booked').event).toMatchObject({
      id: expect.stringMatching(/^\d+-[0-9a-z]+$/),
      storeId: 'S01',
      data: { saleId: till.saleId(1), kind: 'sale', memberId, currency: 'CNY', refundOfSaleId: null },
    });
    expect(of('points.changed').event.data).toEqual({ memberId, balance: 9, change: 9 });
    expect(of('member.created').event.data).toEqual({ memberId });
    expect(of('sale.booked').headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'counterfoil-event': 'sale.booked',
    });
    expect(receiver.heard.map(({ body }) => body).join()).not.toContain('点点');
  });

  test('what is refused is not told, nor what nobody wants, nor another store’s', async () => {
    await hook(['member.*'], { storeIds: ['S01'] });
    const { id } = await hook(['sale.booked'], { storeIds: ['S02'] });
    const bad = { id: 'wh-bad', cardNo: 'WHBAD', name: '点点', phone: null, tierId: 'nobody' };
    const good = { ...bad, id: 'wh-good', cardNo: 'WHGOOD', tierId: 'member' };
    await expect(cloud.client.put('/api/v1/members', { members: [good, bad] })).rejects.toMatchObject({
      status: 422,
    });
    const till = await aRawTill(cloud);
    till.appendSale();
    await pushed(till);
    await cloud.sender.settled();
    expect(receiver.heard).toEqual([]);
    expect(await log(id)).toEqual([]);
  });

  test('a receiver that fails, stalls and cuts the line is asked again, later each time, until it answers', async () => {
    const { id } = await hook(['*']);
    receiver.answers.push(500, 'stall', 'cut', { status: 302, headers: { location: receiver.url } }, 204);
    await ping(id);
    for (const [index, error] of [
      null,
      'no answer within 0.5 seconds',
      'the connection was cut',
      null,
    ].entries()) {
      const [delivery] = await log(id);
      expect(delivery).toMatchObject({ state: 'waiting', attempts: index + 1 });
      expect(delivery!.tries.at(-1)!.error).toBe(error);
      const waitMs = delivery!.nextAtMs! - cloud.clock.nowMs();
      expect(waitMs).toBeLessThanOrEqual(BACKOFF_MS[index]! * 1.2);
      expect(waitMs).toBeGreaterThan(BACKOFF_MS[index]! * 0.8 - 5_000);
      await later(BACKOFF_MS[index]! * 1.2);
    }
    const [delivery] = await log(id);
    expect(delivery).toMatchObject({ state: 'delivered', attempts: 5, nextAtMs: null });
    expect(delivery!.tries.map(({ status }) => status)).toEqual([500, null, null, 302, 204]);
    expect(new Set(receiver.heard.map(({ event }) => event.id)).size).toBe(1);
  });

  test('after thirteen tries in four days it is dead; asked for, it is sent again', async () => {
    const { id } = await hook(['*']);
    receiver.answers.push(...Array.from({ length: 13 }, () => 503));
    await ping(id);
    const begun = cloud.clock.nowMs();
    for (const waitMs of BACKOFF_MS) await later(waitMs * 1.2);
    expect((await log(id, '?state=dead')).map(({ attempts }) => attempts)).toEqual([13]);
    expect((cloud.clock.nowMs() - begun) / 86_400_000).toBeGreaterThan(3.9);
    await later(86_400_000 * 2);
    expect(receiver.heard.length).toBe(13);
    expect(await post(`webhooks/${id}/redeliver-dead`)).toEqual({ applied: 1 });
    await cloud.sender.settled();
    const [delivery] = await log(id);
    expect([delivery!.state, receiver.heard.length]).toEqual(['delivered', 14]);
    await post(`webhooks/${id}/deliveries/${delivery!.eventNo}/redeliver`);
    await expect(post(`webhooks/${id}/deliveries/${delivery!.eventNo}/redeliver`)).rejects.toMatchObject({
      ...{ status: 409, kind: 'not_ended' },
    });
    await cloud.sender.settled();
    expect(receiver.heard.length).toBe(15);
  });

  test('429 with a time is waited for; nobody at the port is told as what it is', async () => {
    const { id } = await hook(['*']);
    receiver.answers.push({ status: 429, headers: { 'retry-after': '1800' } });
    await ping(id);
    expect((await log(id))[0]!.nextAtMs! - cloud.clock.nowMs()).toBeGreaterThan(1_790_000);
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as { port: number };
    await new Promise((resolve) => gone.close(resolve));
    const other = await post<{ id: string }>('webhooks', { url: `http://127.0.0.1:${port}/`, kinds: ['*'] });
    await ping(other.id);
    expect((await log(other.id))[0]!.tries).toMatchObject([
      { status: null, error: 'the connection was refused' },
    ]);
  });

  test('410 ends the webhook and what waits for it; taken up again it hears what is new', async () => {
    const { id } = await hook(['member.*']);
    receiver.answers.push(500, 410);
    await person();
    await cloud.sender.settled();
    await ping(id);
    expect(await state(id)).toMatchObject({
      state: 'gone',
      deliveries: { waiting: 0, delivered: 0, dead: 2 },
    });
    await person();
    await cloud.sender.settled();
    expect(receiver.heard.length).toBe(2);
    const { revision } = await state(id);
    const draft = { url: receiver.url, kinds: ['member.*'], state: 'active' };
    await cloud.client.put(`/api/v1/webhooks/${id}`, { ...draft, revision });
    await person();
    await cloud.sender.settled();
    expect(receiver.heard.length).toBe(3);
    await expect(cloud.client.put(`/api/v1/webhooks/${id}`, { ...draft, revision })).rejects.toMatchObject({
      ...{ status: 412, kind: 'changed' },
    });
  });

  test('while a secret changes both sign, a day later only the new one', async () => {
    const { id, secret: first } = await hook(['*']);
    const { secret: second } = await post<{ secret: string }>(`webhooks/${id}/secret`, { oldValidHours: 24 });
    const good = () => [first, second].map((secret) => receiver.isSigned(secret, cloud.clock.nowMs()));
    await ping(id);
    expect(good()).toEqual([true, true]);
    await later(24 * 3_600_000);
    await ping(id);
    expect(good()).toEqual([false, true]);
    expect(JSON.stringify(await get('webhooks'))).not.toContain('whsec_');
  });

  test('a process that dies with deliveries in its hands loses them after half a minute', async () => {
    const { id } = await hook(['*']);
    await cloud.db.query("update webhook set state = 'paused'");
    await post(`webhooks/${id}/ping`);
    await cloud.db.query("update webhook set state = 'active'");
    await cloud.db.query(
      `update webhook_delivery set attempts = 1, claimed_until = to_timestamp($1::float8 / 1000)
       where webhook_id = $2`,
      [cloud.clock.nowMs() + 30_000, id],
    );
    await cloud.sender.settled();
    expect(receiver.heard.length).toBe(0);
    await later(30_001);
    expect(await log(id)).toMatchObject([{ state: 'delivered', attempts: 2 }]);
  });

  test('three senders on one database: forty events, each sent once', async () => {
    const { id } = await hook(['member.created']);
    const others = [1, 2].map(
      () =>
        new Sender({
          ...{
            db: cloud.db,
            clock: cloud.clock,
            log: () => {},
            policy: { allowed: parseNetworks(['127.0.0.1']) },
          },
          chance: { bytes: (count) => new Uint8Array(count) },
        }),
    );
    const members = Array.from({ length: 40 }, (_, index) => ({
      ...{
        id: `wm-${engine}-${index}`,
        cardNo: `WM${engine}${index}`,
        name: '点点',
        phone: null,
        tierId: 'member',
      },
    }));
    await cloud.client.put('/api/v1/members', { members });
    await Promise.all([cloud.sender, ...others].map((sender) => sender.settled()));
    expect(receiver.heard.length).toBe(40);
    expect(new Set(receiver.heard.map(({ event }) => event.data.memberId)).size).toBe(40);
    expect((await state(id)).deliveries).toEqual({ waiting: 0, delivered: 40, dead: 0 });
    await Promise.all(others.map((sender) => sender.close()));
  });

  test.each([
    [{ url: 'https://169.254.169.254/latest' }, 422, 'url'],
    [{ url: 'http://10.0.0.1/' }, 422, 'url'],
    [{ url: 'https://[::1]/' }, 422, 'url'],
    [{ url: 'nonsense' }, 400, 'bad_request'],
    [{ kinds: ['sale.booked', 'sale.lost'] }, 422, 'unknown_kind'],
    [{ kinds: [] }, 400, 'bad_request'],
    [{ storeIds: ['S01', 'nowhere'] }, 422, 'unknown_store'],
  ])('%o is refused: %i %s', async (over, status, kind) => {
    await expect(hook(['*'], over)).rejects.toMatchObject({ status, kind });
    expect((await get<{ webhooks: unknown[] }>('webhooks')).webhooks).toEqual([]);
  });

  test('without an opened network the same receiver is refused, also when its row is there', async () => {
    const { id } = await hook(['*']);
    const closed = new Sender({
      ...{ db: cloud.db, clock: cloud.clock, log: () => {}, policy: { allowed: parseNetworks([]) } },
      chance: { bytes: (count) => new Uint8Array(count) },
    });
    await cloud.db.query("update webhook set state = 'paused'");
    await post(`webhooks/${id}/ping`);
    await cloud.db.query("update webhook set state = 'active'");
    await closed.settled();
    await closed.close();
    const [delivery] = await log(id);
    expect(delivery!.tries.map(({ error }) => error)).toEqual(['the address is not allowed (not_public)']);
    expect(receiver.heard.length).toBe(0);
  });
});
