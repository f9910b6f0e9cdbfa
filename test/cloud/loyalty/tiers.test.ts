/** Tiers at HQ on both stores: sales lift members at once, the review lets them fall, hand-given tiers are facts. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openRows } from '../../../cloud/feed/feed.ts';
import { reviewTiers } from '../../../cloud/loyalty/tiers.ts';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { addMember, backOf, pushed, saleAt } from '../../kit/loyalty.ts';
import { aRawTill } from '../../kit/raw-till.ts';

/** A point of growth a fen: any demo sale is silver. */
const RULE = {
  version: 't-1',
  from: '2026-01-01',
  growth: { perMinor: { CNY: 1 }, windowMonths: 12 },
  levels: [
    { tierId: 'member', fromGrowth: 0 },
    { tierId: 'silver', fromGrowth: 1 },
    { tierId: 'gold', fromGrowth: 10_000_000 },
  ],
  validity: { months: 12, graceDays: 30, drop: 'earned' },
};

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine, {});
    await cloud.client.put('/api/v1/tier-rules', RULE);
  });
  afterAll(() => cloud.close());

  const tierOf = async (memberId: string) => {
    const [row] = await cloud.db.query<{ tier_id: string; data: object }>(
      `select m.tier_id, f.data
       from member m left join feed_row f on f.kind = 'member' and f.key = m.member_id where m.member_id = $1`,
      [memberId],
    );
    const [told] = await openRows(cloud.db, [{ kind: 'member', key: memberId, data: row!.data }]);
    return [...new Set([row!.tier_id, (told!.data as { tierId: string }).tierId])].join();
  };
  const tierAt = async (memberId: string, date: string) =>
    (await cloud.client.get(`/api/v1/members/${memberId}/tier?date=${date}`)) as { tier: object | null };
  const review = (asOf: string) => reviewTiers(cloud.db, asOf, Date.now());

  test('a sale lifts the member at once, the tills hear of it, a refund lets it go again', async () => {
    const member = await addMember(cloud, 'tier-1');
    const till = await aRawTill(cloud);
    till.appendSale({ memberId: member });
    await pushed(till);
    expect(await tierOf(member)).toBe('silver');
    till.appendSale({}, (sale) => ({ ...backOf(saleAt(till, 1), sale), memberId: member }));
    await pushed(till);
    expect(await tierOf(member)).toBe('member');
  });

  test('a tier ends after its year and its grace, on the day; the review says the same twice', async () => {
    const member = await addMember(cloud, 'tier-2');
    const till = await aRawTill(cloud);
    till.appendSale({ memberId: member });
    await pushed(till);
    await review('2027-11-21');
    expect(await tierOf(member)).toBe('silver');
    await review('2027-12-20');
    expect(await tierOf(member)).toBe('silver');
    await review('2027-12-21');
    expect(await tierOf(member)).toBe('member');
    expect((await review('2027-12-21')).reviewed).toBe(0);
    expect(await tierAt(member, '2026-11-21')).toMatchObject({
      tier: { tierId: 'silver', throughOn: '2027-11-20' },
    });
    expect(await tierAt(member, '2026-11-20')).toMatchObject({ tier: { tierId: 'member' } });
  });

  test('a tier that was given by hand is kept for its year, and then falls', async () => {
    const member = await addMember(cloud, 'tier-3', 'gold');
    await review('2028-01-01');
    expect(await tierOf(member)).toBe('gold');
    expect(await tierAt(member, '2028-06-01')).toMatchObject({
      tier: { tierId: 'gold', sinceOn: '2028-01-01' },
    });
    await review('2029-01-31');
    expect(await tierOf(member)).toBe('member');
  });

  test('growth that was given counts once however often it is said', async () => {
    const member = await addMember(cloud, 'tier-4');
    const body = { id: 'welcome', growth: 6_000_000, on: '2028-02-01', reason: '周年' };
    for (const _ of [1, 2]) await cloud.client.post(`/api/v1/members/${member}/growth`, body);
    expect(await tierOf(member)).toBe('silver');
    await cloud.client.post(`/api/v1/members/${member}/growth`, { ...body, id: 'more' });
    expect(await tierOf(member)).toBe('gold');
  });

  test.each([
    [409, 'version_taken', { levels: [{ tierId: 'member', fromGrowth: 0 }] }],
    [409, 'not_later', { version: 't-0', from: '2025-12-31' }],
    [
      422,
      'unknown_tier',
      { version: 't-2', from: '2030-01-01', levels: [{ tierId: 'nobody', fromGrowth: 0 }] },
    ],
    [422, 'levels', { version: 't-2', from: '2030-01-01', levels: [{ tierId: 'member', fromGrowth: 1 }] }],
    [400, 'bad_request', { version: 't-2', from: '2030-02-30' }],
  ])('%i %s: %j', async (status, kind, over) => {
    await expect(cloud.client.put('/api/v1/tier-rules', { ...RULE, ...over })).rejects.toMatchObject({
      status,
      kind,
    });
    expect(await cloud.client.get('/api/v1/tier-rules')).toEqual({ rules: [RULE] });
  });
});
