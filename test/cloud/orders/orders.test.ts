/** Orders by API on both stores: first-class sales, once by their name, exact to the minor unit, refused where they are wrong. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { proveLedgers } from '../../../cloud/loyalty/ledger-jobs.ts';
import { provePurchases } from '../../../cloud/segments/rollup.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { addMember, alertsOf, balanceOf, pushed } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';

interface Placed {
  saleId: string;
  receiptNo: string;
  repeated: boolean;
}
interface Detail {
  status: string;
  statuses: { status: string; note: string; atMs: number }[];
  refunds: { externalId: string; totalMinor: number }[];
}

/** 2026-11-21 23:30 in Shanghai. */
const AT_MS = Date.UTC(2026, 10, 21, 15, 30);
const PROGRAMME = {
  version: 'orders-1',
  earn: { perMinor: 100, multipliers: [], timesMaxBp: 100_000 },
  spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
};

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  let known: { sku: string; taxCode: string };
  beforeAll(async () => {
    cloud = await openCloud(engine);
    await cloud.client.put('/api/v1/programme', PROGRAMME);
    const [item] = await cloud.db.query<{ data: typeof known }>(
      `select data from item where data->>'unit' = 'each' and data->'flags' is null order by sku limit 1`,
    );
    known = item!.data;
  });
  afterAll(() => cloud.close());

  const post = <T>(path: string, body: object = {}) =>
    cloud.client.post(`/api/v1/${path}`, body) as Promise<T>;
  const get = <T>(path: string) => cloud.client.get(`/api/v1/${path}`) as Promise<T>;
  let names = 0;
  const draft = (over: Record<string, unknown> = {}) => {
    const lines = (over.lines as {
      qty: number;
      unitPriceMinor: number;
      discounts?: { amountMinor: number }[];
    }[]) ?? [
      { sku: known.sku, qty: 3, unitPriceMinor: 3_333 },
      { sku: 'SHIPPING', name: '运费', taxCode: known.taxCode, qty: 1, unitPriceMinor: 600 },
    ];
    const totalMinor = lines.reduce(
      (sum, { qty, unitPriceMinor, discounts = [] }) =>
        sum + qty * unitPriceMinor - discounts.reduce((off, { amountMinor }) => off + amountMinor, 0),
      0,
    );
    return {
      ...{
        channel: 'web',
        externalId: `O-${engine}-${++names}`,
        storeId: 'S01',
        atMs: AT_MS,
        currency: 'CNY',
        lines,
      },
      ...{ tenders: [{ kind: 'wallet', amountMinor: totalMinor, wallet: 'alipay', ref: 'A1' }], totalMinor },
      ...over,
    };
  };
  const place = (over: Record<string, unknown> = {}) => post<Placed>('orders', draft(over));
  const refused = (work: Promise<unknown>) =>
    work.then(
      () => ({ status: 200, kind: 'ok' }),
      ({ status, kind }: { status: number; kind: string }) => ({ status, kind }),
    );
  const raw = async (path: string, body: object) => {
    const response = await fetch(new URL(`/api/v1/${path}`, cloud.url), {
      method: 'POST',
      headers: { authorization: `Bearer ${cloud.token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return {
      status: response.status,
      body: (await response.json()) as { errors?: { path: string; message: string }[] },
    };
  };
  const count = async () => (await cloud.db.query<{ n: number }>('select count(*) as n from sale'))[0]!.n;

  test('an order is a sale beside those of tills: list, figures, member, points, books; no till has changed', async () => {
    const memberId = await addMember(cloud, 'or-1');
    const till = await aRawTill(cloud);
    till.appendSale({ memberId });
    await pushed(till);
    const order = draft({ memberId });
    const placed = await post<Placed>('orders', order);
    await cloud.books.settled();
    expect(placed).toMatchObject({ receiptNo: `WEB-${order.externalId}`, repeated: false });
    const sales = async (query: string) =>
      (await get<{ sales: Record<string, unknown>[] }>(`sales?${query}`)).sales;
    // By card it is the same member.
    const byCard = await place({
      channel: 'erp',
      cardNo: `X-${memberId}`,
      lines: [{ sku: known.sku, qty: 1, unitPriceMinor: 50 }],
    });
    expect((await sales(`memberId=${memberId}&channel=erp`)).map(({ id }) => id)).toEqual([byCard.saleId]);
    expect(await sales(`memberId=${memberId}&channel=web`)).toMatchObject([
      {
        id: placed.saleId,
        channel: 'web',
        totalMinor: 10_599,
        businessDate: '2026-11-21',
        tillCode: 'web@S01',
      },
    ]);
    expect((await sales(`memberId=${memberId}&channel=till`)).map(({ channel }) => channel)).toEqual([null]);
    const days = async (channel: string) =>
      (
        await get<{ days: { totalMinor: number }[] }>(
          `figures/store-days?storeId=S01&from=2026-11-21&to=2026-11-21${channel}`,
        )
      ).days[0]!.totalMinor;
    expect((await days('&channel=web')) + (await days('&channel=till')) + 50).toBe(await days(''));
    expect(await days('&channel=web')).toBe(10_599);
    // 105.99 yuan at a point a yuan, rounded down over the ticket.
    expect((await balanceOf(cloud, memberId)).points).toBe(105);
    const detail = await get<{ chain: { seq: number }; receiptSvg: string }>(`sales/${placed.saleId}`);
    expect([detail.chain.seq, detail.receiptSvg.includes('<svg')]).toEqual([1, true]);
    const tills = (await get<{ tills: { code: string; headSeq: number }[] }>('tills')).tills;
    expect(tills.map(({ code }) => code)).toEqual([till.tillCode]);
    expect(tills[0]!.headSeq).toBe(1);
    expect(await alertsOf(cloud, placed.saleId)).toEqual([]);
    expect((await provePurchases(cloud.db)).differences).toBe(0);
    const audience = (channels: string[]) =>
      post<{ members: number }>('segments/count', { rule: { source: 'purchase', channels }, sample: 0 });
    expect([(await audience(['web'])).members, (await audience(['tmall'])).members]).toEqual([1, 0]);
  });

  test('said twice at once, again, and twice in a batch: one sale; the same name with other words is refused', async () => {
    const order = draft();
    const before = await count();
    const both = await Promise.all([post<Placed>('orders', order), post<Placed>('orders', order)]);
    expect(both.map(({ repeated }) => repeated).toSorted()).toEqual([false, true]);
    expect(both[0]!.saleId).toBe(both[1]!.saleId);
    expect(await count()).toBe(before + 1);
    const other = { ...order, atMs: AT_MS + 1 };
    expect(await refused(post('orders', other))).toMatchObject({ status: 409, kind: 'order_taken' });
    const fresh = draft();
    const done = await post('orders/bulk', {
      orders: [order, fresh, fresh, other, draft({ totalMinor: 1 }), draft()],
    });
    expect(done).toMatchObject({
      ...{ placed: 2, repeated: 2 },
      refused: [
        { index: 3, kind: 'order_taken' },
        { index: 4, kind: 'order', errors: [{ path: 'totalMinor' }] },
      ],
    });
    expect(await count()).toBe(before + 3);
    // The same number in another channel is another order.
    expect((await post<Placed>('orders', { ...order, channel: 'erp' })).repeated).toBe(false);
  });

  describe('a wrong order is refused with its fields, and nothing is stored', () => {
    const line = (over: object) => [{ sku: known.sku, qty: 1, unitPriceMinor: 1_000, ...over }];
    test.each<[string, () => object, number, string[]]>([
      ['a total that the lines are not', () => ({ totalMinor: 10_598 }), 422, ['totalMinor']],
      [
        'tenders that do not pay it',
        () => ({ tenders: [{ kind: 'cash', amountMinor: 1 }] }),
        422,
        ['tenders'],
      ],
      [
        'a net that is not the product',
        () => ({ lines: line({ netMinor: 999 }) }),
        422,
        ['lines[0].netMinor'],
      ],
      ['a tax two off', () => ({ lines: line({ taxMinor: 999 }) }), 422, ['lines[0].taxMinor']],
      [
        'a discount beyond the line',
        () => ({ lines: line({ discounts: [{ name: '券', amountMinor: 1_001 }] }) }),
        422,
        ['lines[0].discounts'],
      ],
      [
        'an unknown article without words',
        () => ({ lines: [{ sku: 'NEW', qty: 1, unitPriceMinor: 5 }] }),
        422,
        ['lines[0].name', 'lines[0].taxCode'],
      ],
      ['a tax that the store has not', () => ({ lines: line({ taxCode: 'X' }) }), 422, ['lines[0].taxCode']],
      ['another currency and store', () => ({ currency: 'EUR' }), 422, ['currency']],
      ['no such store', () => ({ storeId: 'S99' }), 422, ['storeId']],
      ['no such member', () => ({ memberId: 'nobody' }), 422, ['memberId']],
      ['no such card', () => ({ cardNo: 'nobody' }), 422, ['cardNo']],
      ['next week', () => ({ atMs: cloud.clock.nowMs() + 7 * 86_400_000 }), 422, ['atMs']],
      [
        'points of nobody',
        () => ({ tenders: [{ kind: 'points', amountMinor: 10_599, points: 10_599 }] }),
        422,
        ['tenders[0]'],
      ],
      ['half a piece', () => ({ lines: line({ qty: 0.5 }) }), 400, ['lines[0].qty']],
      ['no piece', () => ({ lines: line({ qty: 0 }) }), 400, ['lines[0].qty']],
      [
        'a card number',
        () => ({
          tenders: [{ kind: 'card', amountMinor: 10_599, brand: 'visa', last4: '4111111111111111' }],
        }),
        400,
        ['tenders[0].last4'],
      ],
      ['a field that there is not', () => ({ lines: line({ price: 5 }) }), 400, ['lines[0]']],
      ['a NUL in a name', () => ({ lines: line({ name: 'a\0b' }) }), 400, ['lines[0].name']],
      ['a till’s name as channel', () => ({ channel: 'till' }), 400, ['channel']],
      ['no lines', () => ({ lines: [] }), 400, ['lines']],
    ])('%s', async (_what, over, status, paths) => {
      const before = await count();
      const answer = await raw('orders', draft(over() as Record<string, unknown>));
      expect(answer.status).toBe(status);
      expect(answer.body.errors!.map(({ path }) => path)).toEqual(expect.arrayContaining(paths));
      expect(await count()).toBe(before);
    });
  });

  test('100.00 in three pieces comes back as 33.34, 33.33, 33.33 with its points, and not a fourth time', async () => {
    const memberId = await addMember(cloud, 'or-2');
    const order = draft({
      memberId,
      lines: [
        {
          sku: known.sku,
          qty: 3,
          unitPriceMinor: 4_000,
          discounts: [{ name: '三件立减', amountMinor: 2_000 }],
        },
      ],
    });
    await post('orders', order);
    const back = (n: number, over: object = {}) =>
      post<Placed>(`orders/web/${order.externalId}/refunds`, {
        ...{ externalId: `${order.externalId}-R${n}`, atMs: AT_MS + n, lines: [{ lineNo: 1, qty: 1 }] },
        ...over,
      });
    await cloud.books.settled();
    expect((await balanceOf(cloud, memberId)).points).toBe(100);
    expect(await refused(back(1, { totalMinor: 3_333 }))).toMatchObject({ status: 422, kind: 'order' });
    const first = await back(1, { totalMinor: 3_334 });
    expect(await back(1, { totalMinor: 3_334 })).toEqual({ ...first, repeated: true });
    await Promise.all([back(2), back(3)]);
    expect(await refused(back(4))).toMatchObject({ status: 422, kind: 'order' });
    await cloud.books.settled();
    const detail = await get<Detail>(`orders/web/${order.externalId}`);
    expect(detail.refunds.map(({ totalMinor }) => totalMinor).toSorted()).toEqual([-3_333, -3_333, -3_334]);
    expect((await balanceOf(cloud, memberId)).points).toBe(0);
    const alerts = await Promise.all(
      detail.refunds.map(({ externalId }) =>
        get<{ saleId: string }>(`orders/web/${externalId}`).then(({ saleId }) => alertsOf(cloud, saleId)),
      ),
    );
    expect(alerts.flat()).toEqual([]);
    const [row] = await cloud.db.query(
      'select net_minor, tickets, refunds from member_purchase where member_id = $1',
      [memberId],
    );
    expect(row).toEqual({ net_minor: 0, tickets: 1, refunds: 3 });
    await expect(
      post('orders/web/nothing/refunds', { externalId: 'x', atMs: 1, lines: [{ lineNo: 1, qty: 1 }] }),
    ).rejects.toMatchObject({
      ...{ status: 404, kind: 'unknown_order' },
    });
  });

  test('points pay once: of two orders for the same 500 one is refused, and what a till holds is not there', async () => {
    const memberId = await addMember(cloud, 'or-3');
    await post(`members/${memberId}/points/corrections`, { key: 'or-3', points: 600, reason: '补' });
    const paid = () =>
      draft({
        memberId,
        lines: [{ sku: known.sku, qty: 1, unitPriceMinor: 500 }],
        tenders: [{ kind: 'points', amountMinor: 500, points: 500 }],
      });
    const results = await Promise.all([paid(), paid()].map((order) => raw('orders', order)));
    expect(results.map(({ status }) => status).toSorted()).toEqual([200, 422]);
    expect(results.find(({ status }) => status === 422)!.body.errors).toEqual([
      { path: 'tenders[0]', message: '100 are free of 500: tills may hold the rest' },
    ]);
    await cloud.books.settled();
    expect((await balanceOf(cloud, memberId)).points).toBe(100);
    const [right] = await cloud.db.query('select balance, leased, spent from right_balance where key = $1', [
      `points:${memberId}`,
    ]);
    expect(right).toEqual({ balance: 100, leased: 0, spent: 500 });
    const { orders } = await get<{ orders: { externalId: string; memberId: string; saleId: string }[] }>(
      'orders?channel=web&limit=200',
    );
    const mine = orders.find((order) => order.memberId === memberId)!;
    expect(await alertsOf(cloud, mine.saleId)).toEqual([]);
    // The goods come back: so do the points, by themselves.
    await post(`orders/web/${mine.externalId}/refunds`, {
      externalId: `${mine.externalId}-R`,
      atMs: AT_MS,
      lines: [{ lineNo: 1, qty: 1 }],
    });
    await cloud.books.settled();
    expect((await balanceOf(cloud, memberId)).points).toBe(600);
    expect((await proveLedgers(cloud.db)).differences).toEqual([]);
  });

  test('a status is history and moves no money; lists go page by page', async () => {
    const order = draft({ channel: 'tmall', status: 'paid' });
    await post('orders', order);
    for (const status of ['shipped', 'shipped', 'delivered'])
      await post(`orders/tmall/${order.externalId}/status`, { status, note: 'SF 1' });
    const detail = await get<Detail>(`orders/tmall/${order.externalId}`);
    expect(detail.statuses.map(({ status }) => status)).toEqual(['paid', 'shipped', 'delivered']);
    for (let n = 0; n < 4; n++) await place({ channel: 'tmall', atMs: AT_MS - n * 1_000 });
    const first = await get<{ orders: unknown[]; nextCursor: string }>('orders?channel=tmall&limit=3');
    const second = await get<{ orders: unknown[]; nextCursor: null }>(
      `orders?channel=tmall&limit=3&cursor=${encodeURIComponent(first.nextCursor)}`,
    );
    expect([first.orders.length, second.orders.length, second.nextCursor]).toEqual([3, 2, null]);
    expect((await get<{ orders: unknown[] }>('orders?status=delivered')).orders.length).toBe(1);
    expect(await refused(post('orders/tmall/none/status', { status: 'x' }))).toMatchObject({ status: 404 });
  });
});
