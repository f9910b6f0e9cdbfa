/** Uses that are counted, from end to end: a coupon that is good once, and an offer that each member gets once, at two tills. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EPOCH_MS, rightKey } from '../../src/core/lease.ts';
import { openCloud, QUICK, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import type { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

interface Open {
  readonly till: TestTill;
  readonly client: TillClient;
}

let cloud: TestCloud;
const folders: string[] = [];
let near: Open;
let far: Open;
const member = smallWorld().members[0]!;
/** A bath towel. */
const PRICE = 6_900;
const OFF = 500;

const open = async (folder: string): Promise<Open> => {
  const till = await openTill(folder, { openPrinter: null });
  await until(
    () => till.till.catalog.promotions.rules.some(({ id }) => id === 'cp.SOLO'),
    'it has the rules',
  );
  return { till, client: await till.client() };
};

beforeAll(async () => {
  cloud = await openCloud(QUICK);
  await cloud.client.put('/api/v1/rules', {
    version: 'uses',
    policy: { across: 'compound_within' },
    rules: [
      {
        id: 'hello',
        name: '见面礼',
        priority: 0,
        mode: 'compound',
        items: { skus: ['D3001'] },
        audience: { membersOnly: true },
        limits: { perMember: 1 },
        reward: { kind: 'amount_off', amountMinor: 100 },
      },
    ],
  });
  await cloud.client.put('/api/v1/coupon-templates', {
    id: 'SOLO',
    name: '五元券',
    offer: {
      priority: 0,
      mode: 'compound',
      items: { skus: ['T1002'] },
      reward: { kind: 'amount_off', amountMinor: OFF },
    },
    valid: { days: 30 },
    limits: {},
  });
  for (const code of ['U1', 'U2']) folders.push(await aTillFolder(cloud, { code }));
  [near, far] = [await open(folders[0]!), await open(folders[1]!)];
});
afterAll(async () => {
  await near.till.stop();
  await far.till.stop();
  await cloud.close();
});

let issues = 0;
async function aCoupon(): Promise<string> {
  await cloud.client.post('/api/v1/coupon-templates/SOLO/issues', {
    key: `issue-${++issues}`,
    memberIds: [member.id],
  });
  const { coupons } = (await cloud.client.get(`/api/v1/members/${member.id}/coupons`)) as {
    coupons: { code: string; usedSaleId: string | null }[];
  };
  return coupons[0]!.code;
}

const usable = ({ till }: Open, key: string) => till.till.rights.usable(key);
const settled = async ({ till: { till } }: Open): Promise<void> => {
  await until(() => till.link!.ackedSeq === till.journal.head.seq, 'HQ has all');
  await cloud.books.settled();
};

/** Puts one towel and the code on the counter. */
async function bring({ client }: Open, code: string): Promise<void> {
  await client.call('addItem', { sku: 'T1002', qty: 1 });
  await client.call('addCoupon', { code });
}

async function payAll(at: Open): Promise<number> {
  const { basket, payment } = at.client.view;
  await at.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  await settled(at);
  const { till } = at.till;
  const { entry } = till.journal.at(till.projections.saleById(basket.id)!.seq)!;
  return entry.kind === 'sale' ? entry.body.totalMinor : 0;
}

const wrong = () =>
  cloud.db.query(
    "select kind, detail from sale_alert where kind in ('overspent_right', 'unknown_lease', 'lease_differs')",
  );
const leased = async (key: string) =>
  (await cloud.db.query<{ n: number }>('select leased as n from right_balance where key = $1', [key]))[0]
    ?.n ?? 0;

describe('a coupon that is good once, shown at two tills', () => {
  let code: string;
  let key: string;
  beforeAll(async () => {
    code = await aCoupon();
    key = rightKey.coupon(code);
  });

  test('the first till holds it; the second is told that it is not to be had, and takes the full price', async () => {
    await bring(near, code);
    await until(() => usable(near, key) === 1, 'the first holds it');
    await until(() => near.client.view.basket.totalMinor === PRICE - OFF, 'its coupon counts');
    await bring(far, code);
    await until(() => far.client.view.basket.totalMinor === PRICE, 'nothing off at the second');
    expect(usable(far, key)).toBe(0);
    await far.client.call('clearBasket', {});
  });

  test('that no lease covers, since the line is down, takes nothing off: it cannot be spent twice', async () => {
    far.till.till.link!.cut(true);
    await bring(far, await aCoupon());
    expect(far.client.view.basket.totalMinor).toBe(PRICE);
    expect(far.client.view.basket.coupons[0]).toMatchObject({ kind: 'used_up' });
    await far.client.call('clearBasket', {});
    far.till.till.link!.cut(false);
    await until(() => far.till.till.link!.status.state === 'online', 'the line is up');
  });

  test('left unused it goes back; the second till gets it and spends it, on line or off', async () => {
    await near.client.call('clearBasket', {});
    await until(async () => {
      await settled(near);
      return (await leased(key)) === 0;
    }, 'it is given back');
    await bring(far, code);
    await until(() => usable(far, key) === 1, 'the second holds it');
    await until(() => far.client.view.basket.totalMinor === PRICE - OFF, 'its coupon counts');
    await far.till.till.link!.stop();
    const { basket, payment } = far.client.view;
    expect(basket.totalMinor).toBe(PRICE - OFF);
    await far.client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
    expect(usable(far, key)).toBe(0);
    await far.till.stop();
    far = await open(folders[1]!);
    await until(() => far.till.till.link!.status.state === 'online', 'the line is up');
    await settled(far);
  });

  test('after that it takes nothing off anywhere; HQ names the sale, and has found nothing wrong', async () => {
    await bring(near, code);
    await until(() => near.client.view.basket.totalMinor === PRICE, 'nothing off');
    await near.client.call('clearBasket', {});
    const [row] = await cloud.db.query<{ sale: string | null }>(
      'select used_sale_id as sale from member_coupon where coupon_id = $1',
      [code],
    );
    expect(row!.sale).not.toBeNull();
    expect(await wrong()).toEqual([]);
  });
});

describe('an offer that each member gets once', () => {
  const key = rightKey.rule('hello', member.id);

  const buy = async (at: Open): Promise<number> => {
    await at.client.call('setMember', { memberId: member.id });
    await at.client.call('addItem', { sku: 'D3001', qty: 1 });
    await until(() => at.till.till.leases.isQuiet, 'HQ has answered');
    return payAll(at);
  };

  test('is given at the first till and not at the second: 1.00 less there', async () => {
    const first = await buy(near);
    const second = await buy(far);
    expect(second - first).toBe(100);
    const [row] = await cloud.db.query('select spent, leased from right_balance where key = $1', [key]);
    expect(row).toEqual({ spent: 1, leased: 0 });
    expect(await wrong()).toEqual([]);
  });
});

describe('a till that holds a coupon', () => {
  test('whose epoch is over spends it no more, and its journal gives it back; HQ has it free again', async () => {
    const code = await aCoupon();
    const key = rightKey.coupon(code);
    await bring(near, code);
    await until(() => usable(near, key) === 1, 'it holds it');
    await settled(near);
    await near.till.stop();
    const clock = { nowMs: () => Date.now() + 2 * EPOCH_MS, monotonicMs: () => performance.now() };
    const till = await openTill(folders[0]!, { openPrinter: null, clock });
    near = { till, client: await till.client() };
    expect(usable(near, key)).toBe(0);
    await until(async () => {
      await settled(near);
      return (await leased(key)) === 0;
    }, 'it is given back');
    await near.client.call('clearBasket', {});
    await near.till.stop();
    near = await open(folders[0]!);
  });

  test('and is cut off: the code is frozen, good nowhere, until a manager writes it off; then another till takes it', async () => {
    const code = await aCoupon();
    const key = rightKey.coupon(code);
    await bring(near, code);
    await until(() => usable(near, key) === 1, 'it holds it');
    await settled(near);
    const { tillId } = near.till.till.identity;
    await cloud.client.post(`/api/v1/tills/${tillId}/revoke`, {});
    await bring(far, code);
    await until(() => far.client.view.basket.totalMinor === PRICE, 'nothing off');
    await far.client.call('clearBasket', {});
    const { leases } = (await cloud.client.get(`/api/v1/leases?tillId=${tillId}`)) as {
      leases: { leaseId: string; key: string }[];
    };
    const { leaseId } = leases.find((lease) => lease.key === key)!;
    const freed = await cloud.client.post(`/api/v1/leases/${leaseId}/write-off`, { reason: 'stolen' });
    expect(freed).toEqual({ freed: 1 });
    await bring(far, code);
    await until(() => far.client.view.basket.totalMinor === PRICE - OFF, 'it is taken');
    expect(await payAll(far)).toBe(PRICE - OFF);
    expect(await wrong()).toEqual([]);
  });
});

test('a pack of coupons sold at the till gives its buyer codes, each good once', async () => {
  await cloud.client.put('/api/v1/coupon-packs', {
    sku: 'D3001',
    contents: [{ templateId: 'SOLO', count: 2 }],
  });
  const codes = async () => {
    const { coupons } = (await cloud.client.get(`/api/v1/members/${member.id}/coupons`)) as {
      coupons: { code: string; usedSaleId: string | null }[];
    };
    return coupons.filter(({ usedSaleId }) => usedSaleId === null).map(({ code }) => code);
  };
  const before = await codes();
  await far.client.call('setMember', { memberId: member.id });
  await far.client.call('addItem', { sku: 'D3001', qty: 1 });
  await payAll(far);
  const bought = (await codes()).filter((code) => !before.includes(code));
  expect(bought).toHaveLength(2);
  await bring(far, bought[0]!);
  await until(() => far.client.view.payment.dueMinor === PRICE - OFF, 'the coupon is worth its amount');
  expect(await payAll(far)).toBe(PRICE - OFF);
  expect((await codes()).filter((code) => !before.includes(code))).toEqual([bought[1]]);
  // Used up: the second time it is worth nothing.
  await bring(far, bought[0]!);
  await until(() => far.client.view.basket.coupons[0]?.kind !== 'applied', 'the till says why');
  expect(far.client.view.payment.dueMinor).toBe(PRICE);
  await far.client.call('clearBasket', {});
  expect(await wrong()).toEqual([]);
});
