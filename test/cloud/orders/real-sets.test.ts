/**
 * Two real sets through the public API alone, members and orders by their bulk endpoints: what HQ says of days, members, RFM,
 * grid and points equals what a few lines of plain code say of the files.
 *
 * `npm run test:sets` takes the sets whole.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ENGINES, openCloud, type TestCloud } from '../../kit/cloud.ts';
import { aFolder, removeFolder } from '../../kit/folder.ts';
import { type PlainMember, plainRfm } from '../../kit/plain-rfm.ts';
import {
  cdnowPurchases,
  HAS_REAL_SETS,
  REAL_STORES,
  type RealPurchase,
  retailPurchases,
} from '../../kit/real-sets.ts';

const BATCH = 500;
/** A point for each whole pound or dollar of a ticket, for ever. */
const PROGRAMME = {
  version: 'sets-1',
  earn: { perMinor: 100, multipliers: [], timesMaxBp: 10_000 },
  spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
};

describe.skipIf(!HAS_REAL_SETS)('Online Retail and CDNOW', () => {
  const folder = aFolder();
  const engine = ENGINES.at(-1)!;
  const sets = new Map<string, { readonly storeId: string; readonly purchases: readonly RealPurchase[] }>();
  let cloud: TestCloud;
  let isOpen = false;

  beforeAll(async () => {
    cloud = await openCloud(engine, { world: null, folder });
    isOpen = true;
    sets.set('GBP', { storeId: 'UK', purchases: await retailPurchases() });
    sets.set('USD', { storeId: 'US', purchases: cdnowPurchases() });
    await cloud.client.put('/api/v1/stores', { stores: REAL_STORES });
    await cloud.client.put('/api/v1/tiers', {
      tiers: [{ id: 'member', name: 'Member', rank: 1, discountBp: 0 }],
    });
    await cloud.client.put('/api/v1/programme', PROGRAMME);
    const ids = [...new Set(all().flatMap(({ memberId }) => memberId ?? []))];
    for (let from = 0; from < ids.length; from += 2_000) {
      const members = ids.slice(from, from + 2_000).map((id) => ({ ...person(id), id, tierId: 'member' }));
      await cloud.client.put('/api/v1/members', { members });
    }
  }, 120_000);
  afterAll(async () => {
    if (isOpen) await cloud.close();
    removeFolder(folder);
  });

  const all = () => [...sets.values()].flatMap(({ purchases }) => purchases);
  const get = <T>(at: string) => cloud.client.get(`/api/v1/${at}`) as Promise<T>;
  const send = async (purchases: readonly RealPurchase[]) => {
    const done = { placed: 0, repeated: 0, refused: [] as object[] };
    for (let from = 0; from < purchases.length; from += BATCH) {
      const orders = purchases.slice(from, from + BATCH).map(({ order }) => order);
      const part = (await cloud.client.post('/api/v1/orders/bulk', { orders })) as typeof done;
      done.placed += part.placed;
      done.repeated += part.repeated;
      done.refused.push(...part.refused);
    }
    return done;
  };
  const scored = async (currency: string, asOf: string): Promise<PlainMember[]> => {
    const found: (PlainMember & Record<string, unknown>)[] = [];
    let cursor: string | null = null;
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { members: typeof found; nextCursor: string | null } = await get(
        `rfm/members?currency=${currency}&asOf=${asOf}&limit=1000${next}`,
      );
      found.push(...page.members);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return found
      .map(({ homeStoreId: _home, cycle: _cycle, ...rest }): PlainMember => rest)
      .sort((a, b) => (a.memberId < b.memberId ? -1 : 1));
  };

  test('every purchase is placed once; sent again nothing happens', async () => {
    const purchases = all();
    expect(await send(purchases)).toEqual({ placed: purchases.length, repeated: 0, refused: [] });
    const again = purchases.slice(0, 2 * BATCH);
    expect(await send(again)).toEqual({ placed: 0, repeated: again.length, refused: [] });
    await cloud.books.settled();
    expect(await cloud.db.query('select kind, detail from sale_alert limit 3')).toEqual([]);
  }, 240_000);

  test.each(['GBP', 'USD'])('each day’s total in %s is that of the file to the cent', async (currency) => {
    const { storeId, purchases } = sets.get(currency)!;
    const { days } = await get<{ days: { businessDate: string; totalMinor: number }[] }>(
      `figures/store-days?storeId=${storeId}`,
    );
    const told = new Map(days.map(({ businessDate, totalMinor }) => [businessDate, totalMinor]));
    expect(told).toEqual(sumsBy(purchases, ({ on }) => on));
  });

  test.each([
    ['GBP', '2011-08-31'],
    ['GBP', '2010-12-02'],
    ['USD', '1997-09-30'],
    ['USD', '1997-04-15'],
  ])(
    'RFM of every member in %s as of %s is as worked out apart; the 16 cells hold all buyers',
    async (currency, asOf) => {
      const expected = plainRfm(sets.get(currency)!.purchases, asOf, 5);
      expect(await scored(currency, asOf)).toEqual(expected);
      const grid = await get<{
        buyers: number;
        netMinor: number;
        sleeping: number;
        atRisk: number;
        cells: { recency: string; frequency: string; members: number; netMinor: number }[];
      }>(`rfm/grid?currency=${currency}&asOf=${asOf}`);
      const minorOf = (some: readonly PlainMember[]) => some.reduce((sum, { netMinor }) => sum + netMinor, 0);
      expect([grid.buyers, grid.netMinor, grid.sleeping, grid.atRisk]).toEqual([
        expected.length,
        minorOf(expected),
        expected.filter(({ sleeping }) => sleeping).length,
        expected.filter(({ atRisk }) => atRisk).length,
      ]);
      expect(grid.cells).toHaveLength(16);
      for (const { recency, frequency, members, netMinor } of grid.cells) {
        const mine = expected.filter((one) => one.recency === recency && one.frequency === frequency);
        expect([recency, frequency, members, netMinor]).toEqual([
          recency,
          frequency,
          mine.length,
          minorOf(mine),
        ]);
      }
      expect(grid.cells.reduce((sum, { members }) => sum + members, 0)).toBe(expected.length);
    },
  );

  test('points: every balance is a point a whole pound or dollar of each ticket, and what its entries fold to', async () => {
    const sales = all().filter(({ kind, memberId }) => kind === 'sale' && memberId !== null);
    const expected = new Map<string, number>();
    for (const { memberId, totalMinor } of sales) {
      const points = Math.floor(totalMinor / 100);
      if (points > 0) expected.set(memberId!, (expected.get(memberId!) ?? 0) + points);
    }
    const rows = await cloud.db.query<{ id: string; balance: number }>(
      "select holder_id as id, balance from ledger_account where purse = 'points'",
    );
    expect(new Map(rows.map(({ id, balance }) => [id, balance]))).toEqual(expected);
    const [most] = [...expected].sort(([, a], [, b]) => b - a);
    expect(await get(`members/${most![0]}/balance`)).toMatchObject({ points: most![1] });
    expect(await cloud.client.post('/api/v1/jobs/prove-ledgers', {})).toEqual({
      accounts: expected.size,
      differences: [],
    });
  });

  test('what is kept is what is added up again', async () => {
    const told = await cloud.client.post('/api/v1/rfm/prove', {});
    expect(told).toMatchObject({ differences: 0, memberIds: [] });
  });

  test('the best customer is erased: no row and no file holds the name or phone, every total stands', async () => {
    const [best] = plainRfm(sets.get('GBP')!.purchases, '2011-08-31', 5).sort(
      (a, b) => b.netMinor - a.netMinor,
    );
    const { name, phone } = person(best!.memberId);
    const figures = async () => [
      (await get<{ days: object[] }>('figures/store-days?storeId=UK')).days,
      await get('rfm/grid?currency=GBP&asOf=2011-08-31'),
      await get('reports/sales-equation?currency=GBP&from=2010-12-01&to=2011-08-31'),
    ];
    const before = await figures();
    await cloud.client.post(`/api/v1/members/${best!.memberId}/erase`, { reason: 'asked to' });
    expect(await figures()).toEqual(before);
    await expect(get(`members/${best!.memberId}`)).rejects.toMatchObject({ status: 404 });
    await cloud.close();
    isOpen = false;
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    const found = (text: string) =>
      files.filter(({ parentPath, name: file }) => {
        const at = path.join(parentPath, file);
        return statSync(at, { throwIfNoEntry: false }) !== undefined && readFileSync(at).includes(text);
      }).length;
    // The scan sees what is there in clear.
    expect(found(best!.memberId)).toBeGreaterThan(0);
    expect([found(name), found(phone.slice(3))]).toEqual([0, 0]);
  });
});

/** Made up: the sets name nobody. */
function person(id: string): { readonly name: string; readonly cardNo: string; readonly phone: string } {
  return { name: `Buyer Nobody-${id}`, cardNo: `K${id}`, phone: `+4477009${id.slice(2).padStart(5, '0')}` };
}

function sumsBy(purchases: readonly RealPurchase[], key: (one: RealPurchase) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const one of purchases) sums.set(key(one), (sums.get(key(one)) ?? 0) + one.totalMinor);
  return sums;
}
