/** Ledgers on both stores: sales, the API and the jobs move points, value and gift cards, and the books always add up. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buyerOf, forgetBuyers, sealOldBuyers } from '../../../cloud/loyalty/buyers.ts';
import { entryOf, record } from '../../../cloud/loyalty/ledger.ts';
import { expirePoints, moveLedgers, proveLedgers } from '../../../cloud/loyalty/ledger-jobs.ts';
import { ledgersOn } from '../../../cloud/loyalty/past-balance.ts';
import type { Sale } from '../../../src/core/sale.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import {
  addMember,
  alertsOf,
  backOf,
  balanceOf,
  earning,
  paidBy,
  pushed,
  saleAt,
} from '../../kit/loyalty.ts';
import { aRawTill, type RawTill } from '../../kit/raw-till.ts';
import { everyRow } from '../../kit/rows.ts';

const PROGRAMME = {
  version: 'lots-1',
  earn: { perMinor: 100, multipliers: [], timesMaxBp: 50_000 },
  spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
  lots: { expiry: { kind: 'days', days: 365 }, graceDays: 7, shortfall: 'owe' },
};

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
    await cloud.client.put('/api/v1/programme', PROGRAMME);
  });
  afterAll(() => cloud.close());

  const post = (path: string, body: object) =>
    cloud.client.post(`/api/v1/${path}`, body) as Promise<Record<string, unknown>>;
  const points = async (memberId: string) => (await balanceOf(cloud, memberId)).points;
  const ledger = async (memberId: string, purse = 'points') =>
    (await cloud.client.get(`/api/v1/members/${memberId}/ledger?purse=${purse}`)) as {
      entries: { id: string; kind: string; points: number; expiresOn: string | null; lots: object[] }[];
      lots: { id: string; left: number; expiresOn: string | null }[];
    };
  const sell = (
    till: RawTill,
    memberId: string | null,
    change: (sale: Sale) => object = (sale) => sale,
    over: object = {},
  ) => till.appendSale({ memberId }, change, over);

  describe('points', () => {
    test('a sale opens a lot of 30 good for 365 days; a sale that pays with 20 names it; the store is told 10', async () => {
      const member = await addMember(cloud, 'led-1');
      const till = await aRawTill(cloud);
      sell(till, member, (sale) => earning(sale, 30));
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 20, points: 20 }]));
      await pushed(till);
      const { entries, lots } = await ledger(member);
      const lotId = `${till.saleId(1)}:earn`;
      expect(entries.map(({ kind, points: n, lots: took }) => [kind, n, took])).toEqual([
        ['spend', -20, [{ lotId, points: 20 }]],
        ['earn', 30, []],
      ]);
      expect(lots).toMatchObject([{ id: lotId, left: 10, expiresOn: '2027-11-21' }]);
      const rows = await cloud.db.query<{ data: object }>(
        "select data from feed_row where kind = 'member_points' and key = $1",
        [member],
      );
      expect(rows).toMatchObject([{ data: { memberId: member, confirmed: 10, storedValueMinor: 0 } }]);
    });

    test('a refund without the card takes back from who had bought; the spent points come back to their lot', async () => {
      const member = await addMember(cloud, 'led-2');
      const till = await aRawTill(cloud);
      sell(till, member, (sale) => earning(sale, 30));
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 20, points: 20 }]));
      sell(till, null, (sale) => backOf(saleAt(till, 1), sale));
      await pushed(till);
      expect(await points(member)).toBe(-20);
      sell(till, null, (sale) =>
        backOf(saleAt(till, 2), sale, [
          { kind: 'points', amountMinor: -20, points: -20, ofSaleId: till.saleId(2) },
        ]),
      );
      await pushed(till);
      expect(await points(member)).toBe(0);
      expect((await ledger(member)).lots).toEqual([]);
    });

    test('a refund whose till was faster than the sale’s ends the same', async () => {
      const member = await addMember(cloud, 'led-3');
      const [slow, fast] = [await aRawTill(cloud), await aRawTill(cloud)];
      sell(slow, member, (sale) => earning(sale, 30));
      sell(fast, null, (sale) => backOf(saleAt(slow, 1), sale));
      await pushed(fast);
      expect(await points(member)).toBe(0);
      await pushed(slow);
      expect(await points(member)).toBe(0);
      expect((await ledger(member)).entries.map(({ kind, points: n }) => [kind, n]).toSorted()).toEqual([
        ['earn', 30],
        ['take_back', -30],
      ]);
    });

    test('a refund that a stranger’s card was shown for goes home when the sale comes', async () => {
      const [buyer, stranger] = [await addMember(cloud, 'led-4'), await addMember(cloud, 'led-5')];
      const [slow, fast] = [await aRawTill(cloud), await aRawTill(cloud)];
      sell(slow, buyer, (sale) => earning(sale, 12));
      sell(fast, stranger, (sale) => ({ ...backOf(saleAt(slow, 1), sale), memberId: stranger }));
      await pushed(fast);
      expect(await points(stranger)).toBe(-12);
      await pushed(slow);
      expect([await points(stranger), await points(buyer)]).toEqual([0, 0]);
    });

    test('more than was spent is not given back, more than there is can be spent at a till: both are told', async () => {
      const member = await addMember(cloud, 'led-6');
      const till = await aRawTill(cloud);
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 5, points: 5 }]));
      sell(till, null, (sale) =>
        backOf(saleAt(till, 1), sale, [
          { kind: 'points', amountMinor: -5, points: -500, ofSaleId: till.saleId(1) },
        ]),
      );
      await pushed(till);
      expect(await points(member)).toBe(0);
      expect(await alertsOf(cloud, till.saleId(2))).toEqual(['points_unfounded']);
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 7, points: 7 }]));
      await pushed(till);
      expect(await points(member)).toBe(-7);
      expect(await alertsOf(cloud, till.saleId(3))).toEqual(['points_overspent']);
    });

    test('numbers that no ledger takes move nothing, are told, and the sales after them are booked', async () => {
      const member = await addMember(cloud, 'led-7');
      const till = await aRawTill(cloud);
      sell(till, member, (sale) => earning(sale, Number.MAX_SAFE_INTEGER));
      sell(till, member, (sale) => earning(sale, 1_000_000_001));
      sell(till, member, (sale) =>
        paidBy(sale, [{ kind: 'points', amountMinor: 1, ofSaleId: { a: 1 } } as unknown as never]),
      );
      sell(till, member, (sale) => earning(sale, 4));
      await pushed(till);
      expect(await points(member)).toBe(4);
      for (const seq of [1, 2, 3])
        expect(await alertsOf(cloud, till.saleId(seq))).toEqual(['movement_refused']);
    });

    test('lots are gone the day after their last, once; a spend from before that comes late makes it less', async () => {
      const member = await addMember(cloud, 'led-8');
      const [till, late] = [await aRawTill(cloud), await aRawTill(cloud)];
      sell(till, member, (sale) => earning(sale, 30));
      sell(late, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 20, points: 20 }]));
      await pushed(till);
      await expirePoints(cloud.db, '2027-11-21', Date.now());
      expect(await points(member)).toBe(30);
      await expirePoints(cloud.db, '2027-11-22', Date.now());
      const again = await expirePoints(cloud.db, '2027-11-22', Date.now());
      expect([await points(member), again.accounts]).toEqual([0, 0]);
      await pushed(late);
      expect(await points(member)).toBe(0);
      const { entries } = await ledger(member);
      expect(entries.map(({ kind, points: n }) => [kind, n]).toSorted()).toEqual([
        ['earn', 30],
        ['expire', -30],
        ['expire', 20],
        ['spend', -20],
      ]);
    });

    test('a provisional member’s points are the real one’s from the moment they are known to be one', async () => {
      const member = await addMember(cloud, 'led-9');
      const till = await aRawTill(cloud);
      sell(till, 'prov-led', (sale) => earning(sale, 15));
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'points', amountMinor: 9, points: 9 }]));
      await pushed(till);
      expect([await points('prov-led'), await points(member)]).toEqual([15, -9]);
      await cloud.db.transaction((tx) => moveLedgers(tx, { fromId: 'prov-led', toId: member }, Date.now()));
      expect([await points('prov-led'), await points(member)]).toEqual([0, 6]);
      await cloud.db.transaction((tx) =>
        moveLedgers(tx, { fromId: member, toId: 'prov-led', firstIds: ['prov-led'] }, Date.now()),
      );
      expect([await points('prov-led'), await points(member)]).toEqual([15, -9]);
    });

    test('a correction under one key is one effect, also when two say it at once; other words are 409', async () => {
      const member = await addMember(cloud, 'led-10');
      const path = `members/${member}/points/corrections`;
      const body = { key: 'k-1', points: 50, reason: '补登 2 月小票' };
      const answers = await Promise.all([post(path, body), post(path, body)]);
      expect(answers.map((answer) => answer.points)).toEqual([50, 50]);
      expect(await post(path, body)).toMatchObject({ points: 50 });
      await expect(post(path, { ...body, points: 60 })).rejects.toMatchObject({
        status: 409,
        kind: 'key_taken',
      });
      expect(await points(member)).toBe(50);
    });

    test.each([
      [422, 'not_enough', 'points/corrections', { points: -51, reason: 'x' }],
      [422, 'not_enough', 'points/redemptions', { points: 51, reason: '杯子' }],
      [400, 'bad_request', 'points/redemptions', { points: -5, reason: '杯子' }],
      [400, 'bad_request', 'points/corrections', { points: 0, reason: 'x' }],
      [400, 'bad_request', 'points/corrections', { points: 1_000_000_001, reason: 'x' }],
      [400, 'bad_request', 'points/corrections', { points: 1.5, reason: 'x' }],
      [400, 'bad_request', 'points/corrections', { points: 5, reason: ' ' }],
      [400, 'bad_request', 'stored-value/top-ups', { amountMinor: -100, currency: 'CNY' }],
      [422, 'balance_limit', 'stored-value/top-ups', { amountMinor: 500_001, currency: 'CNY' }],
      [422, 'other_currency', 'stored-value/top-ups', { amountMinor: 100, currency: 'TWD' }],
      [422, 'not_enough', 'stored-value/spends', { amountMinor: 1, currency: 'CNY' }],
      [404, 'unknown_spend', 'stored-value/returns', { amountMinor: 1, currency: 'CNY', ofKey: 'none' }],
      [422, 'not_enough', 'stored-value/pay-outs', {}],
    ] as const)('%i %s: %s %j changes nothing', async (status, kind, path, body) => {
      const member = 'led-11';
      if ((await points(member)) === 0) {
        await addMember(cloud, member);
        await post(`members/${member}/points/corrections`, { key: 'start-11', points: 50, reason: 'start' });
      }
      // The China policy allows top-ups of at most its balance: an amount above is refused by either.
      const refused = kind === 'balance_limit' ? /amount|balance_limit/ : kind;
      await expect(post(`members/${member}/${path}`, { key: 'no-1', ...body })).rejects.toMatchObject({
        status,
        kind: expect.stringMatching(refused),
      });
      expect(await balanceOf(cloud, member)).toMatchObject({ points: 50, valueMinor: 0, bonusMinor: 0 });
    });

    test('a balance of a thousand times the largest movement takes no point more by hand, and nothing half', async () => {
      const member = await addMember(cloud, 'led-rich');
      const lots = Array.from({ length: 1_000 }, (_, index) =>
        entryOf({
          ...{ holderId: member, purse: 'points', id: `rich-${index}`, kind: 'grant', points: 1_000_000_000 },
          ...{ atMs: 1_000, on: '2026-11-21' },
        }),
      );
      await cloud.db.transaction((tx) => record(tx, lots, 1_000));
      const path = `members/${member}/points/corrections`;
      await expect(post(path, { key: 'over', points: 1, reason: 'x' })).rejects.toMatchObject({
        ...{
          status: 422,
          kind: 'overflow',
          message: expect.stringMatching(/give less; nothing was changed/),
        },
      });
      expect(await points(member)).toBe(1_000_000_000_000);
      // Neither was the key: it may be used for what is allowed.
      expect(await post(path, { key: 'over', points: -1, reason: 'x' })).toMatchObject({
        points: 999_999_999_999,
      });
      expect(await post(path, { key: 'to-the-limit', points: 1, reason: 'x' })).toMatchObject({
        points: 1_000_000_000_000,
      });
    });

    test('nobody gives points to a member that there is not', async () => {
      await expect(
        post('members/nobody/points/corrections', { key: 'n', points: 1, reason: 'x' }),
      ).rejects.toMatchObject({ status: 404, kind: 'unknown_member' });
    });
  });

  describe('stored value', () => {
    const POLICY = {
      version: 'v-1',
      currency: 'CNY',
      named: { balanceMaxMinor: 500_000, validYears: null },
      unnamed: { balanceMaxMinor: 100_000, validYears: 3 },
      topUp: { minMinor: 1_000, maxMinor: 500_000 },
      bonus: [
        { fromMinor: 50_000, bonusMinor: 5_000 },
        { fromMinor: 100_000, bonusMinor: 12_000 },
      ],
      bonusDays: 90,
      registerFromMinor: 80_000,
      registerYears: 5,
    };
    beforeAll(async () => {
      await cloud.client.put('/api/v1/stored-value/policy', POLICY);
    });

    test('500 bring 50 on top; spends take principal first; a sale’s tender says its own split; returns go back', async () => {
      const member = await addMember(cloud, 'val-1');
      const at = `members/${member}/stored-value`;
      const top = { key: 'v1-top', amountMinor: 50_000, currency: 'CNY' };
      await post(`${at}/top-ups`, top);
      expect(await post(`${at}/top-ups`, top)).toMatchObject({ valueMinor: 50_000, bonusMinor: 5_000 });
      await post(`${at}/spends`, { key: 'v1-spend', amountMinor: 20_000, currency: 'CNY' });
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: 30_000, bonusMinor: 5_000 });
      const till = await aRawTill(cloud);
      sell(
        till,
        member,
        (sale) => paidBy(sale, [{ kind: 'stored_value', amountMinor: 300, bonusMinor: 100 }]),
        // After the top-up, as it was.
        { atMs: Date.now() },
      );
      await pushed(till);
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: 29_800, bonusMinor: 4_900 });
      sell(till, null, (sale) =>
        backOf(saleAt(till, 1), sale, [
          { kind: 'stored_value', amountMinor: -300, ofSaleId: till.saleId(1) },
        ]),
      );
      await pushed(till);
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: 30_000, bonusMinor: 5_000 });
      const back = { amountMinor: 20_000, currency: 'CNY', ofKey: 'v1-spend' };
      await post(`${at}/returns`, { key: 'v1-back', ...back });
      await expect(post(`${at}/returns`, { key: 'v1-again', ...back, amountMinor: 1 })).rejects.toMatchObject(
        {
          status: 422,
          kind: 'more_than_spent',
        },
      );
      expect(await post(`${at}/pay-outs`, { key: 'v1-out' })).toMatchObject({ valueMinor: 0, bonusMinor: 0 });
      const { entries } = await ledger(member, 'value');
      expect(entries.find(({ kind }) => kind === 'pay_out')).toMatchObject({ points: -50_000 });
    });

    test('the named limit of 5000 holds over several top-ups, and at once', async () => {
      const member = await addMember(cloud, 'val-2');
      const top = (key: string) =>
        post(`members/${member}/stored-value/top-ups`, { key, amountMinor: 300_000, currency: 'CNY' });
      const done = await Promise.allSettled([top('v2-a'), top('v2-b')]);
      expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: 300_000 });
    });

    test('bonus is gone after its 90 days, principal stays', async () => {
      const member = await addMember(cloud, 'val-3');
      await post(`members/${member}/stored-value/top-ups`, {
        key: 'v3',
        amountMinor: 100_000,
        currency: 'CNY',
        on: '2026-11-21',
      });
      expect((await ledger(member, 'value')).lots).toMatchObject([
        { left: 100_000, expiresOn: null },
        { left: 12_000, expiresOn: '2027-02-19' },
      ]);
      await post('jobs/expire-points', { asOf: '2027-02-20' });
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: 100_000, bonusMinor: 0 });
    });

    test('value spent at a till beyond what there is: the sale stands, HQ is told; none is minted by a negative tender', async () => {
      const member = await addMember(cloud, 'val-4');
      const till = await aRawTill(cloud);
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'stored_value', amountMinor: 50 }]));
      sell(till, member, (sale) => paidBy(sale, [{ kind: 'stored_value', amountMinor: -90_000 }]));
      await pushed(till);
      expect(await balanceOf(cloud, member)).toMatchObject({ valueMinor: -50 });
      expect(await alertsOf(cloud, till.saleId(1))).toEqual(['stored_value_overspent']);
      expect(await alertsOf(cloud, till.saleId(2))).toEqual(['stored_value_unfounded']);
    });

    test('a policy version never changes', async () => {
      await cloud.client.put('/api/v1/stored-value/policy', POLICY);
      await expect(
        cloud.client.put('/api/v1/stored-value/policy', { ...POLICY, bonusDays: 91 }),
      ).rejects.toMatchObject({ status: 409, kind: 'version_taken' });
    });
  });

  describe('gift cards', () => {
    const issue = (body: object) => post('gift-cards', { amountMinor: 20_000, currency: 'CNY', ...body });

    test('the code is shown once, found in either case, and kept only as a hash', async () => {
      const card = await issue({ key: 'g1', on: '2026-11-21' });
      const code = card.code as string;
      expect(card).toMatchObject({ balanceMinor: 20_000, validTo: '2029-11-21', codeTail: code.slice(-4) });
      expect(await issue({ key: 'g1', on: '2026-11-21' })).toMatchObject({
        giftCardId: card.giftCardId,
        code: null,
        balanceMinor: 20_000,
      });
      const spent = await post(`gift-cards/${code.toLowerCase()}/spends`, {
        key: 'g1-s',
        amountMinor: 5_000,
        currency: 'CNY',
      });
      expect(spent).toMatchObject({ giftCardId: card.giftCardId, balanceMinor: 15_000 });
      const rows = await cloud.db.query('select * from gift_card');
      const requests = await cloud.db.query('select * from loyalty_request');
      expect(JSON.stringify([rows, requests])).not.toContain(code);
    });

    test('two spends at once of a card that has enough for one: one is refused', async () => {
      const { giftCardId } = await issue({ key: 'g2' });
      const spend = (key: string) =>
        post(`gift-cards/${giftCardId}/spends`, { key, amountMinor: 15_000, currency: 'CNY' });
      const done = await Promise.allSettled([spend('g2-a'), spend('g2-b')]);
      expect(done.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    });

    test('a sale pays with it by id or code; what is too much is told, what comes back goes back', async () => {
      const card = await issue({ key: 'g3', amountMinor: 1_000 });
      const till = await aRawTill(cloud);
      const pay = (amountMinor: number, giftCardId: string, ofSaleId?: string) => [
        {
          kind: 'gift_card' as const,
          amountMinor,
          giftCardId,
          ...(ofSaleId === undefined ? {} : { ofSaleId }),
        },
      ];
      sell(till, null, (sale) => paidBy(sale, pay(300, card.code as string)));
      sell(till, null, (sale) => paidBy(sale, pay(800, card.giftCardId as string)));
      sell(till, null, (sale) => paidBy(sale, pay(10, 'GC-NOBODY')));
      await pushed(till);
      const state = () => cloud.client.get(`/api/v1/gift-cards/${card.giftCardId}`);
      expect(await state()).toMatchObject({ balanceMinor: -100 });
      expect(await alertsOf(cloud, till.saleId(2))).toEqual(['gift_card_overspent']);
      expect(await alertsOf(cloud, till.saleId(3))).toEqual(['gift_card_unknown']);
      sell(till, null, (sale) =>
        backOf(saleAt(till, 1), sale, pay(-300, card.code as string, till.saleId(1))),
      );
      await pushed(till);
      expect(await state()).toMatchObject({ balanceMinor: 200 });
    });

    test('a lost card is blocked, its replacement has a new code and the old one opens nothing', async () => {
      const card = await issue({ key: 'g4' });
      await post(`gift-cards/${card.giftCardId}/block`, {});
      const spend = { key: 'g4-s', amountMinor: 1, currency: 'CNY' };
      await expect(post(`gift-cards/${card.giftCardId}/spends`, spend)).rejects.toMatchObject({
        kind: 'blocked',
      });
      const fresh = await post(`gift-cards/${card.giftCardId}/replacement`, { key: 'g4-r' });
      expect(fresh).toMatchObject({ balanceMinor: 20_000, blocked: false });
      await expect(post(`gift-cards/${card.code}/spends`, spend)).rejects.toMatchObject({ status: 404 });
      expect(await post(`gift-cards/${fresh.code}/spends`, spend)).toMatchObject({ balanceMinor: 19_999 });
    });

    test.each([
      [422, 'balance_limit', { amountMinor: 100_001 }],
      [422, 'buyer_missing', { amountMinor: 90_000 }],
      [400, 'bad_request', { amountMinor: -1_000 }],
      [422, 'amount', { amountMinor: 999 }],
      [422, 'other_currency', { currency: 'HKD' }],
    ])('%i %s: %j', async (status, kind, body) => {
      await expect(issue({ key: 'g-no', ...body })).rejects.toMatchObject({ status, kind });
    });

    test('who buys for 900 is registered, and the card is made', async () => {
      const buyer = { name: '王先生', document: 'ID-1' };
      const card = await issue({ key: 'g5', amountMinor: 90_000, buyer });
      expect(card).toMatchObject({ balanceMinor: 90_000 });
      expect(await issue({ key: 'g5', amountMinor: 90_000, buyer })).toMatchObject({ code: null });
      expect(await post(`gift-cards/${card.giftCardId}/buyer`, {})).toMatchObject({
        ...buyer,
        amountMinor: 90_000,
      });
      const rows = await everyRow(cloud.db);
      expect(rows.filter((row) => row.includes('王先生') || row.includes('ID-1'))).toEqual([]);
      const other = await issue({ key: 'g6' });
      await expect(post(`gift-cards/${other.giftCardId}/buyer`, {})).rejects.toMatchObject({
        ...{ status: 404, kind: 'no_buyer' },
      });
    });

    test('a register in clear from before is sealed at the next start; after its years entry and key are gone', async () => {
      await cloud.db.query(
        `insert into card_buyer (buyer_id, data, amount_minor, currency, at, keep_to)
         values ('gc_old', '{"name": "李女士", "document": "ID-2"}', 90000, 'CNY', now(), '2026-01-31')`,
      );
      expect([await sealOldBuyers(cloud.db), await sealOldBuyers(cloud.db)]).toEqual([1, 0]);
      expect((await everyRow(cloud.db)).filter((row) => row.includes('李女士'))).toEqual([]);
      expect(await buyerOf(cloud.db, 'gc_old')).toMatchObject({ name: '李女士', document: 'ID-2' });
      expect([
        await forgetBuyers(cloud.db, '2026-01-31'),
        await forgetBuyers(cloud.db, '2026-02-01'),
      ]).toEqual([0, 1]);
      expect(await cloud.db.query("select 1 as x from vault_key where holder_id = 'buyer:gc_old'")).toEqual(
        [],
      );
    });
  });

  test('every day of a member’s life is worked out again as it was: earned, spent, expired, topped up', async () => {
    const member = await addMember(cloud, 'led-past');
    const is = () => cloud.client.get(`/api/v1/members/${member}/balance`);
    const was = (asOf: string) => cloud.client.get(`/api/v1/members/${member}/balance?asOf=${asOf}`);
    const at = (on: string, key: string, more: object) => ({ key: `past-${key}`, on, ...more });
    const give = (on: string, points: number, expiresOn: string | null) =>
      post(`members/${member}/points/corrections`, at(on, on, { points, reason: 'x', expiresOn }));
    const days: [string, () => Promise<unknown>][] = [
      ['2027-01-05', () => give('2027-01-05', 100, '2027-01-20')],
      ['2027-01-10', () => give('2027-01-10', 50, null)],
      [
        '2027-01-15',
        () =>
          post(`members/${member}/points/redemptions`, at('2027-01-15', 'r', { points: 30, reason: '杯' })),
      ],
      ['2027-01-20', async () => {}],
      ['2027-01-21', async () => {}],
      [
        '2027-02-01',
        () =>
          post(
            `members/${member}/stored-value/top-ups`,
            at('2027-02-01', 't', { amountMinor: 50_000, currency: 'CNY' }),
          ),
      ],
    ];
    const life = new Map<string, unknown>();
    for (const [on, happens] of days) {
      await happens();
      await expirePoints(cloud.db, on, Date.now());
      life.set(on, await is());
    }
    for (const [on, then] of life) {
      // The currency of an account is that of its first movement.
      expect([on, await was(on)]).toEqual([on, { ...(then as object), currency: 'CNY' }]);
    }
    expect([...life.values()].map((one) => (one as { points: number }).points)).toEqual([
      ...[100, 150, 120, 120, 50, 50],
    ]);
    expect(await was('2027-01-04')).toMatchObject({ points: 0, valueMinor: 0, bonusMinor: 0 });
  });

  test('every ledger is what its entries fold to, and a row that was bent is found', async () => {
    const now = await cloud.db.query<{ id: string; purse: 'points'; balance: number; on: string }>(
      `select holder_id as id, purse, balance, coalesce(expired_to::text, '9999-12-31') as on from ledger_account
       where not is_stale`,
    );
    for (const { id, purse, balance, on } of now) {
      const last = on === '9999-12-31' ? '2000-01-01' : on;
      const [row] = await cloud.db.query<{ last: string }>(
        `select greatest(max(on_date), $3::date)::text as last from ledger_entry where holder_id = $1 and purse = $2
           and kind not in ('expire', 'forgive', 'unfounded')`,
        [id, purse, last],
      );
      const [past] = await ledgersOn(cloud.db, [{ holderId: id, purse }], row!.last);
      expect([id, purse, past!.balance]).toEqual([id, purse, balance]);
    }
    const proof = await proveLedgers(cloud.db);
    expect(proof.differences).toEqual([]);
    expect(proof.accounts).toBeGreaterThan(15);
    await cloud.db.query(
      "update ledger_account set balance = balance + 1 where holder_id = 'led-10' and purse = 'points'",
    );
    expect((await proveLedgers(cloud.db)).differences).toEqual([
      expect.objectContaining({ holderId: 'led-10', purse: 'points' }),
    ]);
  });
});
