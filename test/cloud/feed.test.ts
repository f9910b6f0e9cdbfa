/** The feed on both stores: places appear in the order of commits, so a cursor misses nothing; each store gets its own. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { feedAfter, publish } from '../../cloud/feed/feed.ts';
import { ENGINES, openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aRawTill } from '../kit/raw-till.ts';
import { until } from '../kit/until.ts';

const world = smallWorld();
const item = (sku: string, priceMinor = 100) => ({ ...world.items[0]!, sku, gtins: [], priceMinor });

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine, {
      limits: { batchEntriesMax: 500, batchBytesMax: 2_000_000, feedRowsMax: 7 },
    });
  });
  afterAll(() => cloud.close());

  const keysAfter = async (cursor: number, storeId = 'S01') =>
    feedAfter(cloud.db, { storeId, cursor, rowsMax: 100_000 });
  const endOf = async () => (await keysAfter(0)).nextCursor;

  test('40 publishers at once and a reader that never waits: it sees every row, in rising places, none twice', async () => {
    let cursor = await endOf();
    const seen: string[] = [];
    let running = true;
    const reading = (async () => {
      for (;;) {
        const last = !running;
        const page = await keysAfter(cursor);
        seen.push(...page.rows.map(({ key }) => key));
        cursor = page.nextCursor;
        if (last) return;
      }
    })();
    const keys = Array.from({ length: 40 }, (_, index) => [`P${index}a`, `P${index}b`]);
    await Promise.all(
      keys.map((pair) => cloud.client.put('/api/v1/items', { items: pair.map((sku) => item(sku)) })),
    );
    running = false;
    await reading;
    expect(seen.toSorted()).toEqual(keys.flat().toSorted());
  });

  test.skipIf(engine === 'pglite')(
    'a publisher that commits late holds back the one after it: a cursor never jumps over the first (PGlite has one connection)',
    async () => {
      const start = await endOf();
      let letGo: () => void = () => {};
      const gate = new Promise<void>((resolve) => {
        letGo = resolve;
      });
      const change = (key: string) => ({ kind: 'item', key, storeId: null, data: item(key) });
      let firstHolds: () => void = () => {};
      const holds = new Promise<void>((resolve) => {
        firstHolds = resolve;
      });
      const first = cloud.db.transaction(async (tx) => {
        await publish(tx, [change('LATE')]);
        firstHolds();
        await gate;
      });
      await holds;
      const second = cloud.db.transaction((tx) => publish(tx, [change('EARLY')]));
      await until(
        async () =>
          (await cloud.db.query("select 1 from pg_stat_activity where wait_event = 'advisory'")).length === 1,
        'the second publisher waiting',
      );
      expect((await keysAfter(start)).rows).toEqual([]);
      letGo();
      await Promise.all([first, second]);
      expect((await keysAfter(start)).rows.map(({ key }) => key)).toEqual(['LATE', 'EARLY']);
    },
  );

  test('a store gets its own setting and everything common, not the other store', async () => {
    const keys = async (storeId: string) =>
      (await keysAfter(0, storeId)).rows.filter(({ kind }) => kind === 'store').map(({ key }) => key);
    expect([await keys('S01'), await keys('S02'), await keys('S09')]).toEqual([['S01'], ['S02'], []]);
  });

  test('a till that pulls page by page of 7 gets every row once, `more` until the last', async () => {
    const till = await aRawTill(cloud);
    const link = await till.connect();
    const all = await keysAfter(0);
    const got: string[] = [];
    for (let cursor = 0, more = true; more; ) {
      link.say({ t: 'pull', cursor });
      const page = await link.expect('feed');
      expect(page.rows.length).toBeLessThanOrEqual(7);
      got.push(...page.rows.map(({ key }) => key));
      ({ nextCursor: cursor, more } = page);
    }
    expect(got).toEqual(all.rows.map(({ key }) => key));
    await link.hangUp();
  });

  test('a pull at the end is answered once at once, and the next one waits until something changes', async () => {
    const till = await aRawTill(cloud);
    const link = await till.connect();
    const cursor = await endOf();
    link.say({ t: 'pull', cursor });
    expect(await link.expect('feed')).toMatchObject({ rows: [], nextCursor: cursor, more: false });
    link.say({ t: 'pull', cursor });
    link.say({ t: 'ping', unsent: 0 });
    await link.expect('pong');
    await cloud.client.put('/api/v1/items', { items: [item('LIVE', 777)] });
    const page = await link.expect('feed');
    expect(page.rows).toMatchObject([{ kind: 'item', key: 'LIVE', data: { priceMinor: 777 } }]);
    await link.hangUp();
  });

  test('an item changed three times is one row at its newest place', async () => {
    const start = await endOf();
    for (const price of [1, 2, 3])
      await cloud.client.put('/api/v1/items', { items: [item('THRICE', price)] });
    const page = await keysAfter(start);
    expect(page.rows.map(({ key, data }) => [key, (data as { priceMinor: number }).priceMinor])).toEqual([
      ['THRICE', 3],
    ]);
  });
});
