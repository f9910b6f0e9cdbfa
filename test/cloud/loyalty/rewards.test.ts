/** Benefits, referrals and draws at HQ on both stores: once, to the right member, and checkable. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { addMember, backOf, balanceOf, pushed, saleAt } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';

const hex = (text: string) => createHash('sha256').update(text).digest('hex');

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine, {});
  });
  afterAll(() => cloud.close());

  const post = (path: string, body: object) =>
    cloud.client.post(`/api/v1/${path}`, body) as Promise<Record<string, unknown>>;
  const person = async (id: string, over: object = {}) => {
    await cloud.client.put('/api/v1/members', {
      members: [{ id, cardNo: `X-${id}`, name: '点点', phone: null, tierId: 'member', ...over }],
    });
    return id;
  };
  const points = async (id: string) => (await balanceOf(cloud, id)).points;

  describe('benefits', () => {
    const birthday = {
      id: 'bday',
      name: '生日',
      when: { kind: 'birthday', daysBefore: 0, daysAfter: 2 },
      tiers: null,
      give: { points: 100 },
      active: true,
    };
    const give = async (asOf: string) =>
      ((await post('jobs/give-benefits', { asOf })) as { given: Record<string, number> }).given;

    test('a birthday on 29 February is given on 28 February 2027, once, however often the job runs', async () => {
      await cloud.client.put('/api/v1/benefits', birthday);
      await person('bd-1', { birthday: '1992-02-29' });
      await give('2027-02-27');
      expect(await points('bd-1')).toBe(0);
      await Promise.all([give('2027-02-28'), give('2027-02-28')]);
      await give('2027-03-01');
      expect(await points('bd-1')).toBe(100);
      // Another birthday in the profile brings no second one in the year.
      await person('bd-1', { birthday: '1992-05-04' });
      await give('2027-05-04');
      expect(await points('bd-1')).toBe(100);
      await give('2028-05-05');
      expect(await points('bd-1')).toBe(200);
    });

    test('a member day is for its tiers, each time anew; what is off gives nothing', async () => {
      await cloud.client.put('/api/v1/benefits', { ...birthday, active: false });
      await cloud.client.put('/api/v1/benefits', {
        ...birthday,
        id: 'day8',
        when: { kind: 'month_days', days: [8] },
        tiers: ['gold'],
        give: { points: 5 },
      });
      await person('bd-2', { tierId: 'gold', birthday: '2000-06-08' });
      const before = await points('bd-1');
      expect((await give('2028-06-08')).bday).toBeUndefined();
      await give('2028-06-09');
      await give('2028-07-08');
      expect([await points('bd-2'), await points('bd-1')]).toEqual([10, before]);
    });
  });

  describe('referrals', () => {
    const terms = {
      version: 'r-1',
      returnDays: 7,
      fromMinor: { CNY: 1 },
      referrer: { points: 200 },
      friend: { points: 50 },
    };
    const pay = async (asOf: string) => (await post('jobs/pay-referrals', { asOf })).paid;
    const refer = (friendId: string, referrerId: string) => post('referrals', { friendId, referrerId });

    test('pays both the day after the seven days of return, once', async () => {
      await cloud.client.put('/api/v1/referral-terms', terms);
      const others = { ...terms, returnDays: 3 };
      await expect(cloud.client.put('/api/v1/referral-terms', others)).rejects.toMatchObject({
        kind: 'version_taken',
      });
      await person('rf-a');
      await person('rf-b');
      await refer('rf-b', 'rf-a');
      await refer('rf-b', 'rf-a');
      const till = await aRawTill(cloud);
      till.appendSale({ memberId: 'rf-b' });
      await pushed(till);
      expect(await pay('2026-11-28')).toBe(0);
      expect(await pay('2026-11-29')).toBe(1);
      expect(await pay('2026-11-30')).toBe(0);
      expect([await points('rf-a'), await points('rf-b')]).toEqual([200, 50]);
    });

    test('goods that came back pay nothing; what the friend buys then and keeps does', async () => {
      await person('rf-c');
      await refer('rf-c', 'rf-a');
      const till = await aRawTill(cloud);
      till.appendSale({ memberId: 'rf-c' });
      till.appendSale({}, (sale) => backOf(saleAt(till, 1), sale));
      await pushed(till);
      expect(await pay('2026-12-20')).toBe(0);
      till.appendSale({ memberId: 'rf-c' });
      await pushed(till);
      expect(await pay('2026-12-20')).toBe(1);
      expect(await points('rf-a')).toBe(400);
    });

    test('a friend who has the referrer’s phone by the day that pays is nobody’s friend: neither is paid', async () => {
      await person('rf-7', { phone: '13900007077' });
      await person('rf-8');
      await refer('rf-8', 'rf-7');
      const till = await aRawTill(cloud);
      till.appendSale({ memberId: 'rf-8' });
      await pushed(till);
      await person('rf-8', { phone: '+86 139 0000 7077' });
      expect(await pay('2026-12-21')).toBe(0);
      expect([await points('rf-7'), await points('rf-8')]).toEqual([0, 0]);
    });

    test('nobody refers themselves, their household, a friend who bought, or in a circle of three', async () => {
      await person('rf-1', { phone: '139 0000 7001', householdId: 'h1' });
      await person('rf-2', { phone: '13900007001' });
      await person('rf-3', { householdId: 'h1' });
      await person('rf-4');
      await person('rf-5');
      const kindOf = (friend: string, referrer: string) =>
        refer(friend, referrer).then(
          () => 'ok',
          ({ kind }: { kind: string }) => kind,
        );
      expect(await kindOf('rf-1', 'rf-1')).toBe('self');
      expect(await kindOf('rf-2', 'rf-1')).toBe('self');
      expect(await kindOf('rf-3', 'rf-1')).toBe('household');
      expect(await kindOf('rf-b', 'rf-4')).toBe('referred_by_another');
      expect(await kindOf('rf-a', 'nobody')).toBe('unknown_member');
      expect([await kindOf('rf-4', 'rf-1'), await kindOf('rf-5', 'rf-4')]).toEqual(['ok', 'ok']);
      expect(await kindOf('rf-1', 'rf-5')).toBe('circular');
      const till = await aRawTill(cloud);
      await person('rf-6');
      till.appendSale({ memberId: 'rf-6' });
      await pushed(till);
      expect(await kindOf('rf-6', 'rf-1')).toBe('has_bought');
    });
  });

  describe('a draw', () => {
    const draw = {
      id: 'autumn',
      name: '秋季抽奖',
      prizes: [{ id: 'first', name: '一等奖', count: 1 }],
      oncePerMember: true,
      rewards: { first: { points: 1_000 } },
    };

    test('promises its seed, takes tickets once a key, draws once, and shows all it takes to check', async () => {
      const opened = await post('draws', draw);
      expect(await post('draws', draw)).toEqual(opened);
      expect(JSON.stringify(opened)).not.toContain('"seed"');
      for (const id of ['dr-1', 'dr-2', 'dr-3']) {
        await addMember(cloud, id);
        for (const _ of [1, 2])
          await post('draws/autumn/tickets', { key: `t-${id}`, memberId: id, count: 2 });
      }
      const before = (await cloud.client.get('/api/v1/draws/autumn')) as {
        tickets: object[];
        oddsBp: number;
      };
      expect([before.tickets.length, before.oddsBp]).toEqual([6, 1_666]);
      const drawn = (await post('draws/autumn/draw', { on: '2026-12-01' })) as unknown as {
        commitment: string;
        tickets: { no: number; memberId: string }[];
        result: { seed: string; ticketsHash: string; winners: { ticketNo: number; memberId: string }[] };
      };
      expect(await post('draws/autumn/draw', { on: '2026-12-02' })).toEqual(drawn);
      const { seed, ticketsHash, winners } = drawn.result;
      expect(hex(seed)).toBe((opened as { commitment: string }).commitment);
      expect(hex(drawn.tickets.map(({ no, memberId }) => `${no}:${memberId}\n`).join(''))).toBe(ticketsHash);
      const [best] = drawn.tickets
        .map((ticket) => ({ ...ticket, lot: hex(`${seed}:${ticketsHash}:${ticket.no}`) }))
        .toSorted((a, b) => (a.lot < b.lot ? -1 : 1));
      expect(winners).toEqual([{ prizeId: 'first', ticketNo: best!.no, memberId: best!.memberId }]);
      expect(await points(best!.memberId)).toBe(1_000);
      await expect(post('draws/autumn/tickets', { key: 'late', memberId: 'dr-1' })).rejects.toMatchObject({
        status: 409,
        kind: 'drawn',
      });
      await expect(post('draws', { ...draw, oncePerMember: false })).rejects.toMatchObject({
        kind: 'draw_taken',
      });
    });
  });

  test('every ledger is what its entries fold to', async () => {
    expect(await post('jobs/prove-ledgers', {})).toMatchObject({ differences: [] });
  });
});
