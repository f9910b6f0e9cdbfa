/** Batches of the books: the tills of a store in one, and what happens when the books cannot take an entry. */
import { describe, expect, test } from 'vitest';
import { Books } from '../../cloud/books/books.ts';
import { StuckJournals } from '../../cloud/books/stuck.ts';
import type { Db } from '../../cloud/db/db.ts';
import { sha256, systemClock } from '../../src/till/run.ts';
import { ENGINES, QUICK, type TestCloud, withCloud } from '../kit/cloud.ts';
import { enrol } from '../kit/enrol.ts';
import { aRawTill, type RawTill } from '../kit/raw-till.ts';

/** On HQ's disk, not in the books: these stand still from the first push on. */
async function pushAll(cloud: TestCloud, tills: readonly RawTill[]): Promise<void> {
  await cloud.books.close();
  for (const till of tills) {
    const line = await till.connect();
    expect(await line.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: till.chain.length });
    await line.hangUp();
  }
}

/** The statements that moved cursors, as journals a batch. */
function booksOver(cloud: TestCloud, db: Db = cloud.db) {
  const batches: number[] = [];
  const counting: Db = {
    ...db,
    query: (text, params) => db.query(text, params),
    transaction: (work) =>
      db.transaction((tx) =>
        work({
          ...tx,
          query: (text, params = []) => {
            if (text.includes('update books_cursor')) batches.push((params[0] as string[]).length);
            return tx.query(text, params);
          },
        }),
      ),
  };
  const { cloudId, cloudKey } = cloud;
  const said: string[] = [];
  const books = new Books({
    ...{ db: counting, cloudId, cloudKey, clock: systemClock, sha256 },
    signals: { emit() {}, on: () => () => {} },
    log: (text) => said.push(text),
  });
  return { books, batches, said };
}

const through = (cloud: TestCloud) =>
  cloud.db.query('select till_id, head_seq, through_seq from books_cursor order by till_id');

const earned = (points: number) => (sale: object) => ({
  ...sale,
  points: { programme: 'p1', earned: points, byLine: [points, 0] },
});

describe.each(ENGINES)('on %s', (engine) => {
  test('three tills of a store are one batch; who joined at the last is known to the sale of the first', async () => {
    await withCloud(engine, async (cloud) => {
      const { client, db } = cloud;
      await client.put('/api/v1/members', {
        members: [{ id: 'known', cardNo: 'K-1', name: '可', phone: '13900006021', tierId: 'member' }],
      });
      const [first, second, last] = [await aRawTill(cloud), await aRawTill(cloud), await aRawTill(cloud)];
      first.appendSale({ memberId: 'prov-1' }, earned(10));
      second.appendSale({ memberId: 'known' }, earned(5));
      second.appendSale();
      await enrol(cloud, last, 'prov-1', { name: '可', phone: '139 0000 6021' });
      last.appendSale({ memberId: 'prov-1' }, earned(20));
      last.appendSale();
      await pushAll(cloud, [first, second, last]);
      const { books, batches } = booksOver(cloud);
      await books.settled();
      await books.close();
      expect(batches).toEqual([3]);
      expect(
        await db.query(
          'select member_id, sum(points)::bigint as points from points_entry group by member_id order by member_id',
        ),
      ).toEqual([{ member_id: 'known', points: 35 }]);
      expect(await db.query('select distinct member_id from sale where member_id is not null')).toEqual([
        { member_id: 'known' },
      ]);
      const days = await db.query<{ till_id: string; tickets: number }>(
        "select till_id, (data->>'tickets')::int as tickets from till_day order by tickets, till_id",
      );
      expect(days.map(({ tickets }) => tickets)).toEqual([1, 2, 2]);
    });
  });

  test('an entry that the books cannot take: those before it, and the other tills, are booked; HQ is told which it is', async () => {
    await withCloud(engine, async (cloud) => {
      const [broken, sound] = [await aRawTill(cloud), await aRawTill(cloud)];
      await cloud.client.put('/api/v1/members', {
        members: [{ id: 'm', cardNo: 'M-1', name: 'M', phone: null, tierId: 'member' }],
      });
      for (const till of [broken, sound]) {
        for (let n = 0; n < 9; n++) till.appendSale({ memberId: 'm' }, earned(1));
      }
      await pushAll(cloud, [broken, sound]);
      // A fault of the program's own, which sale 6 brings to light.
      let isMended = false;
      const bad = broken.saleId(6);
      const faulty: Db = {
        ...cloud.db,
        query: (text, params) => cloud.db.query(text, params),
        transaction: (work) =>
          cloud.db.transaction((tx) =>
            work({
              ...tx,
              query: (text, params = []) => {
                const isHit =
                  text.includes('original_sale_id = any($1') && params[0]?.toString().includes(bad);
                if (isHit && !isMended) throw new TypeError('cannot read x of undefined');
                return tx.query(text, params);
              },
            }),
          ),
      };
      const { books, said } = booksOver(cloud, faulty);
      await books.settled();
      const cursors = () => through(cloud);
      expect(await cursors()).toEqual(
        [
          { till_id: broken.tillId, head_seq: 9, through_seq: 5 },
          { till_id: sound.tillId, head_seq: 9, through_seq: 9 },
        ].sort((a, b) => (a.till_id < b.till_id ? -1 : 1)),
      );
      const { alerts } = (await cloud.client.get('/api/v1/till-alerts')) as { alerts: object[] };
      expect(alerts).toMatchObject([
        {
          ...{ tillId: broken.tillId, kind: 'books_stuck' },
          detail: { seq: 6, kind: 'sale', message: 'cannot read x of undefined' },
        },
      ]);
      expect(said).toEqual([expect.stringMatching(/^books: entry 6 of journal .*cannot read x/)]);
      // By itself, after the wait.
      isMended = true;
      await expect
        .poll(async () => (await cursors()).map((row) => row.through_seq), { timeout: 15_000 })
        .toEqual([9, 9]);
      const [sum] = await cloud.db.query('select sum(points)::bigint as points from points_entry');
      expect(sum).toEqual({ points: 18 });
      await books.close();
    });
  });
});

test('a line that breaks is nobody’s entry: no alert, and all is booked when it is back', async () => {
  await withCloud(QUICK, async (cloud) => {
    const till = await aRawTill(cloud);
    till.appendSales(3);
    await pushAll(cloud, [till]);
    let isDown = true;
    const failing = () => {
      if (isDown) throw new Error('Connection terminated unexpectedly');
    };
    const away: Db = {
      ...cloud.db,
      query: async (text, params) => {
        failing();
        return cloud.db.query(text, params);
      },
      transaction: (work) =>
        cloud.db.transaction((tx) =>
          work({
            ...tx,
            query: async (text, params) => {
              if (text.includes('sale')) failing();
              return tx.query(text, params);
            },
          }),
        ),
    };
    const { books, said } = booksOver(cloud, away);
    await books.settled();
    expect(said).toEqual(['books: Connection terminated unexpectedly']);
    isDown = false;
    await books.settled();
    expect(await through(cloud)).toMatchObject([{ head_seq: 3, through_seq: 3 }]);
    expect(await cloud.db.query('select kind from till_alert')).toEqual([]);
    await books.close();
  });
});

describe('journals that are stuck', () => {
  test('several are tried one by one, one by halves, one entry waits twice as long each time, ten minutes at most', () => {
    const stuck = new StuckJournals(1_000);
    const fails = (entries: number, nowMs: number) => stuck.failed([{ journalId: 'a', entries }], nowMs);
    expect(
      stuck.failed(
        [
          { journalId: 'a', entries: 5 },
          { journalId: 'b', entries: 7 },
        ],
        0,
      ),
    ).toBeNull();
    expect([stuck.mostOf('a'), stuck.mostOf('b'), stuck.mostOf('c')]).toEqual([5, 7, null]);
    expect(fails(5, 0)).toBeNull();
    expect(stuck.mostOf('a')).toBe(3);
    expect(fails(3, 0)).toBeNull();
    expect(fails(2, 0)).toBeNull();
    let nowMs = 0;
    const waits: number[] = [];
    for (let n = 0; n < 11; n++) {
      expect(fails(1, nowMs)).toBe('a');
      expect(stuck.waiting(nowMs)).toEqual(['a']);
      waits.push(stuck.nextAtMs(nowMs)! - nowMs);
      nowMs = stuck.nextAtMs(nowMs)!;
      expect(stuck.waiting(nowMs)).toEqual([]);
    }
    expect(waits.slice(0, 3)).toEqual([2_000, 4_000, 8_000]);
    expect(waits.at(-1)).toBe(600_000);
  });

  test('what was booked doubles what is tried next, until it is a batch as any other', () => {
    const stuck = new StuckJournals(8);
    stuck.failed([{ journalId: 'a', entries: 1 }], 0);
    const tried: (number | null)[] = [];
    for (let n = 0; n < 4; n++) {
      tried.push(stuck.mostOf('a'));
      stuck.booked('a');
    }
    expect(tried).toEqual([1, 2, 4, null]);
    expect(stuck.nextAtMs(0)).toBeNull();
  });
});
