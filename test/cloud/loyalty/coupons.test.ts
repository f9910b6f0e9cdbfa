/** Coupons at HQ on both stores: templates are rules, codes are issued once and good once, packs issue what was paid for. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seriesOf } from '../../../src/core/coupon-code.ts';
import type { RuleSet } from '../../../src/core/promotion.ts';
import { parseRuleSet } from '../../../src/core/promotion-check.ts';
import type { Sale } from '../../../src/core/sale.ts';
import { demoRules } from '../../../src/tools/demo-world.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { addMember, alertsOf, backOf, couponed, pushed, saleAt } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';

function aTemplate(id: string, over: object = {}) {
  return {
    id,
    name: '满 10 减 1',
    offer: {
      priority: 5,
      mode: 'compound',
      items: { all: true },
      conditions: [{ kind: 'amount', fromMinor: 1_000 }],
      reward: { kind: 'order_off', off: { amountMinor: 100 } },
    },
    valid: { days: 30 },
    limits: {},
    ...over,
  };
}

interface Coupon {
  code: string;
  memberId: string | null;
  validFrom: string;
  validTo: string;
  usedSaleId: string | null;
  cancelled: boolean;
}

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
  });
  afterAll(() => cloud.close());

  const put = (template: object) => cloud.client.put('/api/v1/coupon-templates', template);
  const issue = (templateId: string, body: object) =>
    cloud.client.post(`/api/v1/coupon-templates/${templateId}/issues`, body) as Promise<
      Record<string, unknown>
    >;
  const couponsOf = async (memberId: string) =>
    ((await cloud.client.get(`/api/v1/members/${memberId}/coupons`)) as { coupons: Coupon[] }).coupons;
  const feedRules = async () => {
    const [row] = await cloud.db.query<{ data: RuleSet }>("select data from feed_row where kind = 'rules'");
    return row!.data;
  };
  /** One code of a template, in the hands of a member. */
  const aCode = async (memberId: string, templateId: string) => {
    await addMember(cloud, memberId);
    await issue(templateId, { key: `one-${memberId}`, memberIds: [memberId], on: '2026-11-21' });
    return (await couponsOf(memberId))[0]!.code;
  };
  const useIn = (code: string) => (sale: Sale) => couponed(sale, code, 100);

  test('a template becomes a rule of the set that the tills have, beside the merchant’s own', async () => {
    await put(aTemplate('BASE'));
    expect((await feedRules()).version).toMatch(/^coupons\+cp\.[0-9a-f]{8}$/);
    await cloud.client.put('/api/v1/rules', demoRules());
    const set = await feedRules();
    expect(set.version).toMatch(/^demo-1\+cp\.[0-9a-f]{8}$/);
    expect(set.rules.map(({ id }) => id)).toEqual([...demoRules().rules.map(({ id }) => id), 'cp.BASE']);
    expect(set.rules.at(-1)!.coupon).toEqual({ series: ['BASE'] });
    expect(parseRuleSet(set).ok).toBe(true);
    // Read back and published again, nothing is in it twice.
    await cloud.client.put('/api/v1/rules', set);
    expect(await feedRules()).toEqual(set);
    await put(aTemplate('OVER'));
    await cloud.client.post('/api/v1/coupon-templates/OVER/end', {});
    expect(await feedRules()).toEqual(set);
  });

  test('an issue under one key gives each member one code, also said twice; limits hold; strangers are named', async () => {
    await put(aTemplate('SEG', { limits: { issuedMax: 5, perMemberMax: 2 } }));
    const members = [await addMember(cloud, 'cp-1'), await addMember(cloud, 'cp-2')];
    const first = { key: 'seg-1', memberIds: [...members, 'nobody'], on: '2026-11-21' };
    const done = { issued: 2, skipped: [{ memberId: 'nobody', why: 'unknown_member' }] };
    expect(await Promise.all([issue('SEG', first), issue('SEG', first)])).toEqual([done, done]);
    const [coupon, ...more] = await couponsOf('cp-1');
    expect(more).toEqual([]);
    expect(coupon).toMatchObject({ validFrom: '2026-11-21', validTo: '2026-12-20', usedSaleId: null });
    expect(seriesOf(coupon!.code)).toBe('SEG');
    expect(await issue('SEG', { key: 'seg-2', memberIds: ['cp-1'], each: 9 })).toEqual({
      issued: 1,
      skipped: [{ memberId: 'cp-1', why: 'member_limit' }],
    });
    await addMember(cloud, 'cp-3');
    await expect(issue('SEG', { key: 'seg-3', memberIds: ['cp-2', 'cp-3'], each: 2 })).rejects.toMatchObject({
      status: 422,
      kind: 'issue_limit',
    });
    expect([await couponsOf('cp-2'), await couponsOf('cp-3')].map(({ length }) => length)).toEqual([1, 0]);
    await expect(issue('SEG', { key: 'seg-1', memberIds: ['cp-3'] })).rejects.toMatchObject({
      kind: 'key_taken',
    });
  });

  test('an issue is taken back: of two codes the one that was used stands, the other is worth nothing; twice is the same', async () => {
    await put(aTemplate('BACK'));
    const memberIds = [await addMember(cloud, 'cp-back-1'), await addMember(cloud, 'cp-back-2')];
    await issue('BACK', { key: 'back-1', memberIds, on: '2026-11-21' });
    const code = (await couponsOf(memberIds[0]!))[0]!.code;
    const till = await aRawTill(cloud);
    till.appendSale({ memberId: memberIds[0]! }, useIn(code));
    await pushed(till);
    const takeBack = (key: string) =>
      cloud.client.post(`/api/v1/coupon-templates/BACK/issues/${key}/cancel`, {});
    expect(await takeBack('back-1')).toEqual({ cancelled: 1, used: 1 });
    expect(await takeBack('back-1')).toEqual({ cancelled: 1, used: 1 });
    const states = await Promise.all(memberIds.map(couponsOf));
    expect(states.map(([one]) => [one!.usedSaleId !== null, one!.cancelled])).toEqual([
      [true, false],
      [false, true],
    ]);
    await expect(takeBack('never')).rejects.toMatchObject({ status: 404, kind: 'unknown_issue' });
  });

  test.each([
    [409, 'template_taken', aTemplate('SEG', { valid: { days: 99 } })],
    [400, 'bad_request', aTemplate('lower')],
    [400, 'bad_request', aTemplate('NEG', { limits: { issuedMax: -1 } })],
    [
      422,
      'offer',
      aTemplate('MINT', {
        offer: { ...aTemplate('X').offer, reward: { kind: 'order_off', off: { amountMinor: -100 } } },
      }),
    ],
    [
      422,
      'offer',
      aTemplate('PRICE', {
        offer: { ...aTemplate('X').offer, reward: { kind: 'unit_price', priceMinor: 1 } },
      }),
    ],
    [422, 'offer', aTemplate('DATES', { valid: { from: '2026-12-01', to: '2026-11-01' } })],
  ])('%i %s is refused and leaves the rules alone', async (status, kind, template) => {
    const before = await feedRules();
    await expect(put(template)).rejects.toMatchObject({ status, kind });
    expect(await feedRules()).toEqual(before);
  });

  test('nothing is issued of a template that ended, is over, or is none', async () => {
    await put(aTemplate('PAST', { valid: { from: '2026-01-01', to: '2026-01-31' } }));
    for (const [id, kind] of [
      ['PAST', 'expired'],
      ['OVER', 'ended'],
      ['NONE', 'unknown_template'],
    ] as const) {
      await expect(issue(id, { key: 'n', memberIds: ['cp-1'] })).rejects.toMatchObject({ kind });
    }
  });

  test('a code used at two tills: the earlier sale has the right, the later is told, whichever came first', async () => {
    await put(aTemplate('TWICE'));
    const code = await aCode('cp-10', 'TWICE');
    const [early, late] = [await aRawTill(cloud), await aRawTill(cloud)];
    late.appendSale({ memberId: 'cp-10' }, useIn(code), { atMs: Date.UTC(2026, 10, 21, 12) });
    early.appendSale({ memberId: 'cp-10' }, useIn(code), { atMs: Date.UTC(2026, 10, 21, 9) });
    await pushed(late);
    expect((await couponsOf('cp-10'))[0]).toMatchObject({ usedSaleId: late.saleId(1) });
    expect(await alertsOf(cloud, late.saleId(1))).toEqual([]);
    await pushed(early);
    expect((await couponsOf('cp-10'))[0]).toMatchObject({ usedSaleId: early.saleId(1) });
    expect(await alertsOf(cloud, late.saleId(1))).toEqual(['coupon_used_twice']);
    expect(await alertsOf(cloud, early.saleId(1))).toEqual([]);
  });

  test('a code is free again when the whole sale came back, not when part of it did', async () => {
    const code = await aCode('cp-11', 'TWICE');
    const till = await aRawTill(cloud);
    till.appendSale({ memberId: 'cp-11' }, useIn(code));
    till.appendSale({}, (sale) => partOf(backOf(saleAt(till, 1), sale), [0]));
    await pushed(till);
    expect((await couponsOf('cp-11'))[0]).toMatchObject({ usedSaleId: till.saleId(1) });
    till.appendSale({}, (sale) => partOf(backOf(saleAt(till, 1), sale), [1]));
    await pushed(till);
    expect((await couponsOf('cp-11'))[0]).toMatchObject({ usedSaleId: null });
    till.appendSale({ memberId: 'cp-11' }, useIn(code));
    await pushed(till);
    expect(await alertsOf(cloud, till.saleId(4))).toEqual([]);
  });

  test('codes that nobody issued, that are cancelled, over, or somebody else’s: the sale stands, HQ is told', async () => {
    const [cancelled, other] = [await aCode('cp-12', 'TWICE'), await aCode('cp-13', 'TWICE')];
    await cloud.client.post(`/api/v1/coupons/${cancelled}/cancel`, {});
    const till = await aRawTill(cloud);
    till.appendSale({ memberId: 'cp-12' }, useIn('CP-TWICE-0123456789AB'));
    till.appendSale({ memberId: 'cp-12' }, useIn(cancelled));
    till.appendSale({ memberId: 'cp-12' }, useIn(other));
    await pushed(till);
    const told = await Promise.all([1, 2, 3].map((seq) => alertsOf(cloud, till.saleId(seq))));
    expect(told).toEqual([['coupon_unknown'], ['coupon_cancelled'], ['coupon_of_another']]);
    await addMember(cloud, 'cp-14');
    await issue('TWICE', { key: 'old', memberIds: ['cp-14'], on: '2026-10-22' });
    till.appendSale({ memberId: 'cp-14' }, useIn((await couponsOf('cp-14'))[0]!.code));
    await pushed(till);
    expect(await alertsOf(cloud, till.saleId(4))).toEqual(['coupon_out_of_time']);
    await expect(cloud.client.post(`/api/v1/coupons/${other}/cancel`, {})).rejects.toMatchObject({
      status: 409,
    });
  });

  test('a pack issues its codes to the buyer once; given back, those that are unused are cancelled', async () => {
    await put(aTemplate('PACK'));
    const till = await aRawTill(cloud);
    await addMember(cloud, 'cp-20');
    till.appendSale({ memberId: 'cp-20', lines: 1 });
    const { sku } = saleAt(till, 1).lines[0]!;
    await cloud.client.put('/api/v1/coupon-packs', { sku, contents: [{ templateId: 'PACK', count: 3 }] });
    await pushed(till);
    await cloud.db.query('update books_cursor set through_seq = 0 where till_id = $1', [till.tillId]);
    await cloud.books.settled();
    const coupons = await couponsOf('cp-20');
    expect(coupons).toHaveLength(3);
    till.appendSale({ memberId: 'cp-20' }, useIn(coupons[0]!.code));
    till.appendSale({}, (sale) => backOf(saleAt(till, 1), sale));
    await pushed(till);
    const after = await couponsOf('cp-20');
    expect(after.map(({ cancelled }) => cancelled).toSorted()).toEqual([false, true, true]);
    expect(after.find(({ cancelled }) => !cancelled)!.usedSaleId).toBe(till.saleId(2));
    expect(await alertsOf(cloud, till.saleId(1))).toEqual(['pack_used']);
    await cloud.client.put('/api/v1/coupon-packs', {
      sku: 'NOTHING',
      contents: [{ templateId: 'PACK', count: 1 }],
    });
    await cloud.db.query('delete from coupon_pack where sku = $1', [sku]);
  });

  test('a pack that came back before the sale did leaves no code open', async () => {
    const [slow, fast] = [await aRawTill(cloud), await aRawTill(cloud)];
    await addMember(cloud, 'cp-21');
    slow.appendSale({ memberId: 'cp-21', lines: 1 });
    const { sku } = saleAt(slow, 1).lines[0]!;
    await cloud.client.put('/api/v1/coupon-packs', { sku, contents: [{ templateId: 'PACK', count: 2 }] });
    fast.appendSale({}, (sale) => backOf(saleAt(slow, 1), sale));
    await pushed(fast);
    await pushed(slow);
    expect((await couponsOf('cp-21')).map(({ cancelled }) => cancelled)).toEqual([true, true]);
    await cloud.db.query('delete from coupon_pack where sku = $1', [sku]);
  });

  test('the tills that know a member are told what the member may use', async () => {
    const rows = await cloud.db.query<{ data: { coupons: { code: string }[] } }>(
      "select data from feed_row where kind = 'member_coupons' and key = 'cp-11'",
    );
    const [used] = await couponsOf('cp-11');
    expect(used!.usedSaleId).not.toBeNull();
    expect(rows).toMatchObject([{ data: { memberId: 'cp-11', coupons: [] } }]);
  });
});

/** A refund with some of its lines. */
function partOf(refund: Sale, lines: readonly number[]): Sale {
  const kept = refund.lines.filter((_, index) => lines.includes(index));
  const sum = (of: (line: Sale['lines'][number]) => number) =>
    kept.reduce((total, line) => total + of(line), 0);
  const totalMinor = sum((line) => line.netMinor);
  return {
    ...refund,
    lines: kept,
    grossMinor: sum((line) => line.grossMinor),
    adjustmentMinor: sum((line) => line.netMinor - line.grossMinor),
    taxMinor: sum((line) => line.taxMinor),
    taxes: kept.map(({ taxCode, taxRateBp, netMinor, taxMinor }) => ({
      taxCode,
      rateBp: taxRateBp,
      baseMinor: netMinor - taxMinor,
      taxMinor,
    })),
    totalMinor,
    points: null,
    tenders: [{ kind: 'cash', amountMinor: totalMinor }],
  };
}
