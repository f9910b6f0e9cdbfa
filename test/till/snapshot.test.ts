/** Snapshots: a new till takes one, comes to the same rows as by the feed, and no break or lie on the way harms it. */
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { feedAfter } from '../../cloud/feed/feed.ts';
import { memberCardNo } from '../../src/core/barcode.ts';
import { openTillDb, type Sqlite } from '../../src/till/db.ts';
import { FeedWriter } from '../../src/till/feed.ts';
import { DeviceKey } from '../../src/till/identity.ts';
import { isLaterDone, makeNext } from '../../src/till/later-indexes.ts';
import { MemberIndex } from '../../src/till/member-index.ts';
import { SnapshotLoader } from '../../src/till/snapshot.ts';
import { State } from '../../src/till/state.ts';
import { putAll } from '../../src/tools/cloud-client.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aTillFolder, openTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

const MEMBERS = 400;
const members = Array.from({ length: MEMBERS }, (_, index) => ({
  id: `m-${index}`,
  cardNo: memberCardNo(200_001 + index),
  name: `Quentin Sörensen ${index}`,
  phone: `1391111${String(index).padStart(4, '0')}`,
  tierId: 'member',
  tags: [],
}));

let cloud: TestCloud;
const key = new DeviceKey(generateKeyPairSync('ed25519').privateKey);
const other = new DeviceKey(generateKeyPairSync('ed25519').privateKey);

beforeAll(async () => {
  cloud = await openCloud(QUICK, { snapshot: { rowsMin: 50, partChars: 20_000 } });
  await putAll(cloud.client, 'members', members);
  await cloud.db.query(
    "insert into till (till_id, store_id, code, public_key) values ('snap-1', 'S01', 'SN1', $1)",
    [key.publicKey()],
  );
});
afterAll(() => cloud.close());

/** The shop's file of a till that has nothing yet. */
function aShop() {
  const folder = aFolder();
  const fileKey = new Uint8Array(randomBytes(32));
  const db = openTillDb(path.join(folder, 'shop.db'), 'shop', fileKey);
  onTestFinished(() => {
    db.close();
    removeFolder(folder);
  });
  return { folder, fileKey, db };
}

type Shop = ReturnType<typeof aShop>;

function aLoader(
  { db, fileKey }: Shop,
  facts: { fetch?: typeof fetch; tillId?: string; deviceKey?: DeviceKey } = {},
) {
  const state = new State(db);
  const index = new MemberIndex(db, state);
  const feed = new FeedWriter(db, state, index);
  const logs: string[] = [];
  const identity = {
    tillId: facts.tillId ?? 'snap-1',
    tillCode: 'SN1',
    storeId: 'S01',
    cloudId: cloud.cloudId,
    cloudUrl: cloud.url,
    journalId: 'j',
  };
  const loader = new SnapshotLoader({
    ...{ db, identity, key: fileKey, state, feed, members: index },
    deviceKey: facts.deviceKey ?? key,
    log: (text) => logs.push(text),
    onFeed: () => {},
    ...(facts.fetch === undefined ? {} : { fetch: facts.fetch }),
  });
  return { loader, feed, index, logs, state };
}

/** Everything that HQ sent, in one order. */
function rowsOf(db: Sqlite): Record<string, unknown[]> {
  const tables: Record<string, string> = {
    item: 'select sku, name, initials, plu, data from item order by sku',
    item_code: 'select gtin, sku from item_code order by gtin',
    member: 'select member_id, card_no, phone_back, name, initials, data from member order by member_id',
    tier: 'select * from tier order by tier_id',
    store: 'select * from store',
    staff: 'select * from staff order by staff_id',
    till_key: 'select * from till_key order by till_code',
    indexes: "select name, sql from sqlite_master where type = 'index' and sql is not null order by name",
  };
  // The order of a JSON object's fields says nothing.
  const read = (row: unknown) => {
    const { data, ...rest } = row as { data?: string };
    return data === undefined ? rest : { ...rest, data: JSON.parse(data) as unknown };
  };
  return Object.fromEntries(
    Object.entries(tables).map(([name, sql]) => [name, db.prepare(sql).all().map(read)]),
  );
}

async function byFeed(shop: Shop): Promise<void> {
  const { feed } = aLoader(shop);
  for (let more = true; more; ) {
    const page = await feedAfter(cloud.db, { storeId: 'S01', cursor: feed.cursor, rowsMax: 500 });
    feed.apply(page, null);
    ({ more } = page);
  }
}

describe('a new till', () => {
  test('has the same rows and indexes as by the feed, and goes on from the same place', async () => {
    const [taken, fed] = [aShop(), aShop()];
    const { loader, feed, index, logs, state } = aLoader(taken);
    expect(loader.isNeeded).toBe(true);
    await loader.load();
    await byFeed(fed);
    expect(logs).toEqual([expect.stringMatching(/^snapshot: \d+ rows in/)]);
    // Those for typed search wait for a quiet moment; until then a name is found all the same.
    const names = () => rowsOf(taken.db).indexes!.map((row) => (row as { name: string }).name);
    expect(names()).not.toContain('member_by_name');
    expect(names()).toContain('member_by_phone');
    expect(index.byName('quentin sörensen 390', 5).map(({ id }) => id)).toEqual(['m-390']);
    for (let left = 4; left > 0; left--) {
      expect(isLaterDone(state)).toBe(false);
      expect(makeNext(taken.db, state)).toBe(true);
    }
    expect([makeNext(taken.db, state), isLaterDone(state)]).toEqual([false, true]);
    expect(rowsOf(taken.db)).toEqual(rowsOf(fed.db));
    expect(rowsOf(taken.db).member).toHaveLength(MEMBERS + 10);
    expect(loader.isNeeded).toBe(false);
    const page = await feedAfter(cloud.db, { storeId: 'S01', cursor: feed.cursor, rowsMax: 10_000 });
    // What belongs to one store alone may come again.
    expect(page.rows.length).toBeLessThan(50);
    expect(index.byCard(members[7]!.cardNo)?.id).toBe('m-7');
    expect(index.byPhoneEnd('11110399', 5).map(({ id }) => id)).toEqual(['m-399']);
  });

  test('finds members by any part of the name once the name index is filled, changed ones under their new name', async () => {
    const shop = aShop();
    const { loader, feed, index } = aLoader(shop);
    await loader.load();
    expect(index.byName('sörensen 39', 5)).toEqual([]);
    expect(index.byName('quentin sörensen 390', 5).map(({ id }) => id)).toEqual(['m-390']);
    const changed = { ...members[390]!, name: 'Zoë Sörensen 39x' };
    feed.apply({ rows: [{ kind: 'member', key: 'm-390', data: changed }], nextCursor: feed.cursor }, null);
    let steps = 0;
    while (index.fillStep(100)) steps++;
    expect(steps).toBe(5);
    expect(index.byName('sörensen 39x', 5).map(({ name }) => name)).toEqual(['Zoë Sörensen 39x']);
    expect(index.byName('sörensen 391', 5).map(({ id }) => id)).toEqual(['m-391']);
    // Opened again, it is not filled from the start.
    expect(new State(shop.db).text('member_index')).toBe('1');
  });

  test('a real till with its line takes it, sells, and hears of what HQ changes afterwards', async () => {
    const folder = await aTillFolder(cloud);
    const { till, stop, logs } = await openTill(folder, { openPrinter: null });
    onTestFinished(() => stop());
    await until(() => till.catalog.store !== null && till.feed.cursor > 0, 'the snapshot is here');
    expect(logs.filter((text) => text.startsWith('snapshot:'))).toHaveLength(1);
    expect(till.catalog.members.byCard(members[3]!.cardNo)?.id).toBe('m-3');
    await cloud.client.put('/api/v1/members', { members: [{ ...members[3]!, name: 'Changed Later' }] });
    await until(() => till.catalog.members.byId('m-3')?.name === 'Changed Later', 'the feed goes on');
    await until(
      () => till.catalog.members.byName('sörensen 38', 9).length > 0 && isLaterDone(till.state),
      'names are filled in by themselves',
    );
  });
});

test('neither the till’s folder nor HQ’s snapshot folder holds a name in the clear', async () => {
  const shop = aShop();
  await aLoader(shop).loader.load();
  const here = readdirSync(shop.folder).map((name) => path.join(shop.folder, name));
  const hq = path.join(cloud.folder, 'cloud', 'snapshot');
  const there = readdirSync(hq).map((name) => path.join(hq, name));
  expect(there.length).toBeGreaterThan(3);
  for (const file of [...here, ...there]) {
    expect(readFileSync(file).includes('Quentin'), path.basename(file)).toBe(false);
  }
});

describe('on the way', () => {
  /** A fetch that counts parts and may spoil their bytes. */
  function spoiling(
    spoil: (part: { readonly number: number; readonly times: number }, bytes: Buffer) => Buffer | null,
  ) {
    const asked: number[] = [];
    const fetching = (async (url: URL | string, init?: RequestInit) => {
      const response = await fetch(url, init);
      const number = /parts\/[^/]+\/(\d+)$/.exec(String(url))?.[1];
      if (number === undefined) return response;
      asked.push(Number(number));
      const times = asked.filter((each) => each === Number(number)).length;
      const bytes = spoil({ number: Number(number), times }, Buffer.from(await response.arrayBuffer()));
      return new Response(bytes === null ? null : new Uint8Array(bytes), {
        status: bytes === null ? 500 : 200,
      });
    }) as typeof fetch;
    return { asked, fetching };
  }

  test('a part that arrives torn, one that is changed and one that fails are asked for again', async () => {
    const shop = aShop();
    const { fetching, asked } = spoiling(({ number, times }, bytes) => {
      if (number === 0 && times === 1) return bytes.subarray(0, bytes.length >> 1);
      if (number === 0 && times === 2)
        return Buffer.concat([bytes.subarray(0, -1), Buffer.from([bytes.at(-1)! ^ 1])]);
      return number === 1 && times === 1 ? null : bytes;
    });
    const { loader, logs } = aLoader(shop, { fetch: fetching });
    await loader.load();
    expect(asked.toSorted((a, b) => a - b).slice(0, 6)).toEqual([0, 0, 0, 1, 1, 2]);
    expect(logs).toEqual([expect.stringMatching(/rows in/)]);
    expect(rowsOf(shop.db).member).toHaveLength(MEMBERS + 10);
  });

  test('stopped on the way it keeps its place, and the next start goes on there', async () => {
    const shop = aShop();
    let stop: () => Promise<void> = async () => {};
    const first = spoiling(({ number }, bytes) => {
      // Asked for once the second is at hand: that one is copied, and who knows which of those between.
      if (number === 4) void stop();
      return bytes;
    });
    const one = aLoader(shop, { fetch: first.fetching });
    stop = () => one.loader.stop();
    await one.loader.load();
    const { done } = JSON.parse(new State(shop.db).text('snapshot')!) as { done: number };
    expect([2, 3, 4]).toContain(done);
    const second = spoiling((_, bytes) => bytes);
    const two = aLoader(shop, { fetch: second.fetching });
    expect(two.loader.isNeeded).toBe(true);
    await two.loader.load();
    expect(Math.min(...second.asked)).toBe(done);
    // What HQ changed since the snapshot was made comes by the feed.
    const fed = aShop();
    for (const each of [shop, fed]) await byFeed(each);
    const state = new State(shop.db);
    while (!isLaterDone(state)) makeNext(shop.db, state);
    expect(rowsOf(shop.db)).toEqual(rowsOf(fed.db));
  });

  test('where HQ gives none, the feed brings everything and all indexes are there', async () => {
    const shop = aShop();
    const { loader, logs } = aLoader(shop, {
      fetch: (async () => new Response('no', { status: 404 })) as typeof fetch,
    });
    const before = rowsOf(shop.db).indexes;
    await loader.load();
    expect(logs).toEqual([expect.stringMatching(/HQ said 404; the feed brings everything/)]);
    expect(rowsOf(shop.db).indexes).toEqual(before);
    await byFeed(shop);
    expect(rowsOf(shop.db).member).toHaveLength(MEMBERS + 10);
  });
});

describe('who is not given one', () => {
  test.each([
    ['a till that HQ does not know', { tillId: 'nobody' }],
    ['another till’s key', { deviceKey: other }],
  ])('%s: 403', async (_, facts) => {
    const { loader, logs } = aLoader(aShop(), facts);
    await loader.load();
    expect(logs).toEqual([expect.stringContaining('HQ said 403')]);
  });

  test('a nonce is good once; a token that was never given, and a part beyond the last, are gone', async () => {
    const post = async (what: string, body: object) =>
      fetch(new URL(`/sync/snapshot/${what}`, cloud.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    expect((await post('open', { tillId: 'snap-1', nonce: 'made-up-by-somebody', sig: 'x' })).status).toBe(
      403,
    );
    expect((await post('ask', { till: 1 })).status).toBe(400);
    const part = await fetch(new URL('/sync/snapshot/parts/guess/0', cloud.url));
    expect(part.status).toBe(404);
  });

  test('a till that has goods already takes none: it has a cursor', async () => {
    const shop = aShop();
    await byFeed(shop);
    expect(aLoader(shop).loader.isNeeded).toBe(false);
  });
});
