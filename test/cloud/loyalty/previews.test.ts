/**
 * What an offer would have cost, held against plain SQL over the same sales: a week of a store in which nothing is reduced but by
 * tiers, so what a coupon takes off a receipt follows from its total alone.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { OfferVersionList } from '../../../cloud/hq/offer-preview-schemas.ts';
import { NO_RULES } from '../../../src/core/promotion.ts';
import { compileRules } from '../../../src/core/promotion-index.ts';
import type { DemoShop } from '../../../src/tools/demo-basket.ts';
import { saleOfVisit } from '../../../src/tools/demo-basket.ts';
import { DEMO_STORES, demoHabits } from '../../../src/tools/demo-chain.ts';
import { dateOfDay, planVisits } from '../../../src/tools/demo-plan.ts';
import { momentOf } from '../../../src/tools/demo-trade.ts';
import { demoProgramme, demoWorld } from '../../../src/tools/demo-world.ts';
import { openCloud, QUICK, type TestCloud } from '../../kit/cloud.ts';
import { pushed } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';

const FIRST = '2026-11-15';
const LAST = '2026-11-21';
const PLAIN = { ...NO_RULES, version: 'plain-1' };

let cloud: TestCloud;
beforeAll(async () => {
  cloud = await openCloud(QUICK, { world: demoWorld() });
  const habits = demoHabits(90).map((habit) => ({ ...habit, fromDay: Math.min(habit.fromDay, 2) }));
  const { store, tills } = DEMO_STORES[0]!;
  await cloud.client.put('/api/v1/stores', { stores: [store] });
  await cloud.client.put('/api/v1/members', { members: habits.map(({ member }) => member) });
  await cloud.client.put('/api/v1/rules', PLAIN);
  await cloud.client.put('/api/v1/programme', demoProgramme());
  const shop: DemoShop = { ...demoWorld(), rules: compileRules(PLAIN), programme: demoProgramme() };
  const place = {
    ...{ store, tillCode: tills[0]!, cashiers: ['01'], firstDate: FIRST },
    firstMs: Date.parse(`${FIRST}T00:00:00+08:00`),
  };
  const till = await aRawTill(cloud, { storeId: store.id, code: tills[0]! });
  for (const [index, visit] of planVisits(FIRST, 7, habits).entries()) {
    // Members of the whole chain come to this store, and its own strangers.
    if (visit.habit === null && visit.storeIndex !== 0) continue;
    const atMs = momentOf(place, visit);
    const sale = saleOfVisit(shop, visit, {
      ...{ store, tillCode: tills[0]!, receiptSeq: index + 1, atMs, discounts: 0 },
    });
    till.append('sale', sale, { atMs, businessDate: dateOfDay(FIRST, visit.day) });
  }
  await pushed(till);
}, 60_000);
afterAll(() => cloud.close());

const sql = async <T>(text: string): Promise<T> => (await cloud.db.query<T & object>(text))[0]!;
const post = (path: string, body: object) =>
  cloud.client.post(`/api/v1/${path}`, body) as Promise<Record<string, unknown>>;
const put = (path: string, body: object) => cloud.client.put(`/api/v1/${path}`, body);
const versionsOf = async (kind: string, offerId?: string) =>
  (
    (await cloud.client.get(
      `/api/v1/offer-versions?kind=${kind}${offerId === undefined ? '' : `&offerId=${offerId}`}`,
    )) as OfferVersionList
  ).versions;

function aTemplate(over: object = {}, offer: object = {}) {
  return {
    ...{ id: 'TRY', name: '试', valid: { days: 30 }, limits: {} },
    offer: {
      ...{ priority: 5, mode: 'compound', items: { all: true } },
      conditions: [{ kind: 'amount', fromMinor: 3_000 }],
      reward: { kind: 'order_off', off: { amountMinor: 800 } },
      ...offer,
    },
    ...over,
  };
}

describe('a coupon', () => {
  const tried = async (body: object) =>
    (await post('coupon-templates/preview', { businessDate: LAST, ...body })) as {
      receipts: number;
      priced: number;
      isCapped: boolean;
      books: Record<string, number | string | null>[];
    };
  const ofMembers = `from sale where member_id is not null and kind = 'sale'`;

  test('8.00 off from 30.00 would have cost what SQL adds up over the members’ receipts of three days, and of the week', async () => {
    for (const days of [3, 7]) {
      const { books, receipts, priced, isCapped } = await tried({ days, template: aTemplate(), codes: 250 });
      const when = `business_date > '${LAST}'::date - ${days}`;
      const of = await sql<Record<string, number>>(
        `select count(*)::int as receipts, (count(*) filter (where total_minor >= 3000))::int as eligible,
           (count(distinct member_id) filter (where total_minor >= 3000))::int as members,
           coalesce(sum(least(800, total_minor)) filter (where total_minor >= 3000), 0)::int as given ${ofMembers} and ${when}`,
      );
      const all = await sql<{ total: number }>(
        `select sum(total_minor)::int as total from sale where ${when}`,
      );
      expect(of.eligible).toBeGreaterThan(2);
      expect([receipts, priced, isCapped]).toEqual([of.receipts, of.receipts, true]);
      expect(books).toEqual([
        {
          currency: 'CNY',
          salesMinor: all.total,
          receipts: of.receipts,
          eligible: of.eligible,
          redeemed: of.eligible,
          members: of.members,
          givenMinor: of.given,
          shareBp: Math.floor((of.given! * 10_000) / all.total),
          largestMinor: 800,
          eachMaxMinor: 800,
          codesMaxMinor: 200_000,
        },
      ]);
    }
  });

  test('10 % has no end of its own: one code is worth what it takes off the largest receipt; with a limit, that', async () => {
    const off = { kind: 'order_off', off: { rateBp: 1_000 } };
    const { books, isCapped } = await tried({ days: 7, template: aTemplate({}, { reward: off }), codes: 10 });
    const { most } = await sql<{ most: number }>(
      `select max(round(total_minor / 10.0))::int as most ${ofMembers} and total_minor >= 3000`,
    );
    expect(isCapped).toBe(false);
    expect(books[0]).toMatchObject({ largestMinor: most, eachMaxMinor: most, codesMaxMinor: most * 10 });
    const limited = aTemplate({}, { reward: off, limits: { maxDiscountMinor: 150 } });
    const within = await tried({ days: 7, template: limited });
    expect([within.isCapped, within.books[0]!.eachMaxMinor, within.books[0]!.codesMaxMinor]).toEqual([
      true,
      150,
      null,
    ]);
  });

  test('two a member and fifteen in all: the dearest fifteen of each member’s dearest two', async () => {
    const reward = { kind: 'order_off', off: { rateBp: 1_000 } };
    const template = aTemplate({ limits: { perMemberMax: 2, issuedMax: 15 } }, { reward });
    const { books } = await tried({ days: 7, template });
    const { given } = await sql<{ given: number }>(
      `with offs as (select member_id, round(total_minor / 10.0)::int as off ${ofMembers} and total_minor >= 3000),
         ranked as (select off, row_number() over (partition by member_id order by off desc) as place from offs)
       select sum(off)::int as given from (select off from ranked where place <= 2 order by off desc limit 15) r`,
    );
    expect(books[0]).toMatchObject({ redeemed: 15, givenMinor: given });
  });

  test('it is for its goods, tiers and stores only; its own dates are not looked at', async () => {
    const audience = { tiers: ['gold', 'black'] };
    const offer = {
      items: { categories: ['饮料'] },
      conditions: [{ kind: 'amount', fromMinor: 1 }],
      audience,
    };
    const dates = { valid: { from: '2027-01-01', to: '2027-01-31' } };
    const { books } = await tried({ days: 7, template: aTemplate(dates, offer) });
    const { eligible, given } = await sql<{ eligible: number; given: number }>(
      `with due as (
         select s.sale_id, sum((l->>'netMinor')::int) as due
         from sale s join journal_entry e using (journal_id, seq),
           jsonb_array_elements(e.text::jsonb #> '{body,lines}') l join item i on i.sku = l->>'sku'
         where s.member_id is not null and e.text::jsonb #>> '{body,priced,tier,id}' in ('gold', 'black')
           and i.data->>'category' = '饮料' group by 1)
       select count(*)::int as eligible, coalesce(sum(least(800, due)), 0)::int as given from due`,
    );
    expect(eligible).toBeGreaterThan(3);
    expect(books[0]).toMatchObject({ eligible, givenMinor: given });
    // On a day without sales a code is worth what it is worth.
    const before = { businessDate: '2026-01-01', template: aTemplate(), codes: 3 };
    expect((await tried(before)).books).toMatchObject([
      { salesMinor: 0, givenMinor: 0, codesMaxMinor: 2_400 },
    ]);
    const elsewhere = aTemplate({}, { audience: { stores: ['S99'] } });
    expect((await tried({ days: 7, template: elsewhere })).books[0]).toMatchObject({
      eligible: 0,
      shareBp: 0,
    });
  });

  test('a segment of today is asked for its members', async () => {
    const rule = { source: 'tier', in: ['silver'] };
    const { id } = await post('segments', { name: '银卡', note: '', rule });
    const { books } = await tried({ days: 7, template: aTemplate({}, { audience: { segments: [id] } }) });
    const { eligible } = await sql<{ eligible: number }>(
      `select count(*)::int as eligible from sale join member using (member_id)
       where tier_id = 'silver' and kind = 'sale' and total_minor >= 3000`,
    );
    expect(eligible).toBeGreaterThan(0);
    expect(books[0]).toMatchObject({ eligible });
  });

  test('an offer that cannot be worked is refused with its problems', async () => {
    const template = aTemplate({}, { reward: { kind: 'order_off', off: { amountMinor: -1 } } });
    await expect(tried({ template })).rejects.toMatchObject({ status: 422, kind: 'offer' });
  });

  test('each change is a version with who and when; the old words come back as a new one, an end is one too', async () => {
    await put('coupon-templates', aTemplate());
    await put('coupon-templates', aTemplate());
    await put('coupon-templates', aTemplate({ name: '改' }));
    await post('coupon-templates/TRY/end', {});
    const [ended, changed, first, ...none] = await versionsOf('coupon_template', 'TRY');
    expect(none).toEqual([]);
    expect([first!.no, changed!.no, ended!.no, ended!.ended]).toEqual([1, 2, 3, true]);
    expect(first!.by).toEqual({ kind: 'owner', name: 'owner' });
    expect(Math.abs(first!.atMs - cloud.clock.nowMs())).toBeLessThan(60_000);
    await put('coupon-templates', first!.data);
    const [back] = await versionsOf('coupon_template', 'TRY');
    expect(back).toMatchObject({ no: 4, ended: false, data: first!.data });
    const page = (await cloud.client.get(
      '/api/v1/offer-versions?kind=coupon_template&offerId=TRY&limit=3',
    )) as {
      nextCursor: string;
    };
    const rest = (await cloud.client.get(
      `/api/v1/offer-versions?kind=coupon_template&offerId=TRY&limit=3&cursor=${page.nextCursor}`,
    )) as OfferVersionList;
    expect(rest).toMatchObject({ versions: [{ no: 1 }], nextCursor: null });
  });
});

describe('a benefit', () => {
  const aBenefit = (over: object = {}) => ({
    ...{ id: 'b-day', name: '会员日', tiers: ['gold', 'black'], active: true },
    when: { kind: 'month_days', days: [18, 20] },
    give: { points: 30, templateId: 'TRY' },
    ...over,
  });
  const tried = (benefit: object, days = 7) =>
    post('benefits/preview', { businessDate: LAST, days, benefit }) as Promise<Record<string, unknown>>;

  test('two member days in a week: each member of its tiers twice, 30 points at their worth and a coupon of 8.00 at most', async () => {
    const { n } = await sql<{ n: number }>(
      `select count(*)::int as n from member where tier_id in ('gold', 'black')`,
    );
    const { total } = await sql<{ total: number }>('select sum(total_minor)::int as total from sale');
    const costMinor = 2 * n * (30 + 800);
    expect(await tried(aBenefit())).toEqual({
      ...{ from: FIRST, to: LAST, currency: 'CNY', salesMinor: total, published: null },
      ...{ shareBp: Math.floor((costMinor * 10_000) / total), couponEachMinor: 800, isCapped: true },
      tried: {
        ...{ members: n, grants: 2 * n, points: 60 * n, pointsMinor: 60 * n },
        ...{ coupons: 2 * n, couponsMinor: 1_600 * n, costMinor },
      },
    });
    // On the 21st it is no such day; a template that is not there gives nothing.
    expect(await tried(aBenefit(), 1)).toMatchObject({ tried: { members: 0, costMinor: 0 } });
    expect(await tried(aBenefit({ give: { templateId: 'NONE' } }))).toMatchObject({ tried: { coupons: 0 } });
  });

  test('birthdays over a year are everybody’s once; held against what is out, and an inactive one costs nothing', async () => {
    const birthday = {
      when: { kind: 'birthday', daysBefore: 0, daysAfter: 0 },
      tiers: null,
      give: { points: 200 },
    };
    const { n } = await sql<{ n: number }>(`select count(*)::int as n from member where data ? 'birthday'`);
    await put('benefits', aBenefit(birthday));
    const more = aBenefit({ ...birthday, give: { points: 300 } });
    expect(await tried(more, 365)).toMatchObject({
      tried: { members: n, grants: n, points: 300 * n, costMinor: 300 * n },
      published: { costMinor: 200 * n },
    });
    expect(await tried({ ...more, active: false }, 365)).toMatchObject({
      tried: { members: 0, costMinor: 0 },
    });
    const { near } = await sql<{ near: number }>(
      `select count(*)::int as near from member where right(data->>'birthday', 5) between '11-15' and '11-21'`,
    );
    expect(await tried(more)).toMatchObject({ tried: { grants: near } });
    await put('benefits', more);
    expect((await versionsOf('benefit', 'b-day')).map(({ no, by }) => [no, by.kind])).toEqual([
      [2, 'owner'],
      [1, 'owner'],
    ]);
  });

  test('a draw is worth its prizes: 1 of 1,000 points and 20 coupons of 8.00', async () => {
    const draw = {
      ...{ id: 'try', name: '试', oncePerMember: true },
      prizes: [
        { id: 'one', name: '一', count: 1 },
        { id: 'two', name: '二', count: 20 },
        { id: 'cup', name: '杯', count: 5 },
      ],
      rewards: { one: { points: 1_000 }, two: { templateId: 'TRY' } },
    };
    expect(await post('draws/preview', { businessDate: LAST, draw })).toMatchObject({
      tried: { members: 26, points: 1_000, coupons: 20, costMinor: 1_000 + 16_000 },
      couponEachMinor: 800,
    });
    await post('draws', draw);
    expect(await versionsOf('draw', 'try')).toMatchObject([{ no: 1, by: { kind: 'owner' } }]);
  });
});

describe('stored value', () => {
  const POLICY = {
    ...{ version: 'p-1', currency: 'CNY', bonusDays: null, registerFromMinor: 1_000_000, registerYears: 5 },
    named: { balanceMaxMinor: 500_000, validYears: null },
    unnamed: { balanceMaxMinor: 100_000, validYears: 3 },
    topUp: { minMinor: 1, maxMinor: 500_000 },
    bonus: [{ fromMinor: 20_000, bonusMinor: 1_000 }],
  };

  test('the day’s top-ups of 100, 300 and 1,000 under a step more: 180.00 of bonus instead of 20.00; one of them would be refused', async () => {
    await put('stored-value/policy', POLICY);
    const [one] = await cloud.db.query<{ id: string }>(
      'select member_id as id from member order by member_id limit 1',
    );
    for (const [key, amountMinor] of [
      ['a', 10_000],
      ['b', 30_000],
      ['c', 100_000],
    ] as const) {
      await post(`members/${one!.id}/stored-value/top-ups`, { key, amountMinor, currency: 'CNY', on: LAST });
    }
    await post('gift-cards', { key: 'g', amountMinor: 100_000, currency: 'CNY', on: LAST });
    const policy = {
      ...POLICY,
      topUp: { minMinor: 20_000, maxMinor: 500_000 },
      bonus: [
        ...POLICY.bonus.map((step) => ({ ...step, bonusMinor: 3_000 })),
        { fromMinor: 100_000, bonusMinor: 15_000 },
      ],
    };
    const asked = { businessDate: LAST, policy };
    expect(await post('stored-value/policy/preview', asked)).toEqual({
      ...{ from: LAST, to: LAST, currency: 'CNY', topUps: 4, toppedUpMinor: 240_000 },
      ...{ refused: 1, refusedMinor: 10_000, bonusThenMinor: 2_000, bonusNowMinor: 18_000 },
    });
    const sums = await sql<{ then: number }>(
      `select sum(points)::int as then from ledger_entry where kind = 'bonus' and on_date = '${LAST}'`,
    );
    expect(sums.then).toBe(2_000);
    // Nothing of it was written: the same rules cost what they cost.
    const same = { businessDate: LAST, policy: { ...POLICY, version: 'p-2' } };
    expect(await post('stored-value/policy/preview', same)).toMatchObject({
      bonusNowMinor: 2_000,
      refused: 0,
    });
    await put('stored-value/policy', { ...policy, version: 'p-3' });
    await put('stored-value/policy', { ...POLICY, version: 'p-1-back' });
    expect((await versionsOf('stored_value')).map(({ no, data }) => [no, data.version])).toEqual([
      [3, 'p-1-back'],
      [2, 'p-3'],
      [1, 'p-1'],
    ]);
  });
});

describe('a tier rule', () => {
  const aRule = (version: string, from: string, silverFrom: number) => ({
    ...{ version, from },
    growth: { perMinor: { CNY: 1 }, windowMonths: null },
    levels: [
      { tierId: 'member', fromGrowth: 0 },
      { tierId: 'silver', fromGrowth: silverFrom },
    ],
    validity: { months: null, graceDays: 0, drop: 'earned' },
  });
  const bought = `select member_id, sum(total_minor) as growth from sale where member_id is not null group by 1`;

  test('who would rise is who bought enough, and the day’s sales are priced with their new tiers', async () => {
    const hard = aRule('t-hard', '2026-11-01', 1_000_000_000);
    await put('tier-rules', hard);
    const rule = aRule('t-easy', '2026-11-22', 10_000);
    const asked = (await post('tier-rules/preview', { businessDate: LAST, rule })) as {
      members: number;
      books: { sales: number; changed: number; differenceMinor: number }[];
    };
    const { up, members } = await sql<{ up: number; members: number }>(
      `select (select count(*) from (${bought}) b where growth >= 10000)::int as up, (select count(*) from member)::int as members`,
    );
    expect(up).toBeGreaterThan(3);
    expect(asked).toMatchObject({
      ...{ on: '2026-11-22', members, looked: members, up, down: 0 },
      moves: [{ fromTierId: 'member', toTierId: 'silver', members: up }],
    });
    // Only sales of those who rise can differ: from the tier that they had to the discount of silver.
    const { sales, most } = await sql<{ sales: number; most: number }>(
      `select count(*)::int as sales, (count(*) filter (where member_id in (select member_id from (${bought}) b where growth >= 10000)))::int
         as most from sale where business_date = '${LAST}'`,
    );
    expect(asked.books[0]!.sales).toBe(sales);
    expect(asked.books[0]!.changed).toBeLessThanOrEqual(most);
    const { tier_rule } = await sql<{ tier_rule: number }>(
      'select count(*)::int as tier_rule from tier_rule',
    );
    expect(tier_rule).toBe(1);
  });

  test('a rule ahead is taken back by one like the rule before, from the same day: nobody moves; one that began is not replaced', async () => {
    const ahead = '2099-01-01';
    await put('tier-rules', aRule('t-ahead', ahead, 10_000));
    const back = aRule('t-back', ahead, 1_000_000_000);
    const { down } = (await post('tier-rules/preview', { businessDate: LAST, rule: back })) as {
      down: number;
    };
    const { up } = await sql<{ up: number }>(
      `select count(*)::int as up from (${bought}) b where growth >= 10000`,
    );
    expect(down).toBe(up);
    await put('tier-rules', back);
    const { rules } = (await cloud.client.get('/api/v1/tier-rules')) as { rules: { version: string }[] };
    expect(rules.map(({ version }) => version)).toEqual(['t-hard', 't-back']);
    expect((await versionsOf('tier_rule')).map(({ data }) => data.version)).toEqual([
      't-back',
      't-ahead',
      't-hard',
    ]);
    await expect(put('tier-rules', aRule('t-late', '2026-11-01', 5))).rejects.toMatchObject({
      kind: 'not_later',
    });
  });
});
