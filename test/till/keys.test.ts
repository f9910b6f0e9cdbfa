/** Keys that change: a till's own, and HQ's; and a feed that has forgotten what was gone for longer than a till was away. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putItems } from '../../cloud/catalog/catalog.ts';
import { compactFeed } from '../../cloud/feed/compact.ts';
import { publish } from '../../cloud/feed/feed.ts';
import { changeCloudKey, cloudKeyOf } from '../../cloud/tills/cloud-key.ts';
import { receiptQr } from '../../src/core/receipt-token.ts';
import { followsPinned } from '../../src/protocol/trust.ts';
import { openTillDb } from '../../src/till/db.ts';
import { changeDeviceKey } from '../../src/till/enrol.ts';
import { IdentityStore, verifyEd25519 } from '../../src/till/identity.ts';
import { keyFile } from '../../src/till/key.ts';
import { systemChance, systemClock } from '../../src/till/run.ts';
import { connectWebSocket } from '../../src/till/sync.ts';
import { openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { fillReady } from '../kit/ready-db.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
const root = aFolder();
beforeAll(async () => {
  await fillReady('pglite', path.join(root, 'cloud'));
  cloud = await openCloud('pglite', { folder: root });
});
afterAll(async () => {
  await cloud.close();
  removeFolder(root);
});

const allThere = ({ till: { link, journal } }: TestTill) =>
  until(
    () => link!.status.state === 'online' && link!.ackedSeq === journal.head.seq,
    'HQ has all of the journal',
  );

/** Opens, sells one, waits for HQ, stops. @returns the code on the receipt */
async function day(folder: string): Promise<string> {
  const till = await openTill(folder, { openPrinter: null });
  await sell(await till.client(), ['T1001']);
  await allThere(till);
  const { entry } = till.till.journal.at(till.till.projections.recent(1)[0]!.seq)!;
  if (entry.kind !== 'sale') throw new Error('a sale');
  const { text } = receiptQr(entry.body, entry.businessDate, till.till.returns.sign)!;
  await till.stop();
  return text;
}

async function till(folder: string, work: (till: TestTill) => Promise<void>): Promise<void> {
  // HQ was started again on another port.
  const connect = (url: URL) => connectWebSocket(new URL(url.pathname, cloud.url.replace(/^http/, 'ws')));
  const opened = await openTill(folder, { openPrinter: null, ready: false, connect });
  await work(opened);
  await opened.stop();
}

const codeFor = async (folder: string): Promise<string> => {
  const till = await openTill(folder, { openPrinter: null, sync: false });
  const { tillId } = till.till.identity;
  await till.stop();
  const made = await cloud.client.post(`/api/v1/tills/${tillId}/enrolment-codes`, {});
  return (made as { code: string }).code;
};

const given = { clock: systemClock, chance: systemChance };

describe("a till's own key", () => {
  test('is changed with a code: the journal goes on, the old key opens no line, its receipts are still believed', async () => {
    const folder = await aTillFolder(cloud, { code: 'K1' });
    const qr = await day(folder);
    const copy = path.join(cloud.folder, 'before-the-change');
    cpSync(folder, copy, { recursive: true });
    await changeDeviceKey({ folder, code: await codeFor(folder), ...given });
    await day(folder);
    const thief = await openTill(copy, { openPrinter: null, ready: false });
    await until(() => thief.till.link!.status.state === 'refused', 'the old key is refused');
    expect(thief.till.link!.status.reason).toBe('bad_signature');
    await thief.stop();
    const other = await openTill(await aTillFolder(cloud, { code: 'K2', storeId: 'S02' }), {
      openPrinter: null,
    });
    expect(other.till.returns.find(qr)).toMatchObject({ from: 'token', sold: { lines: [{ sku: 'T1001' }] } });
    await other.stop();
  });

  test('broken off after HQ had the new key: done again with another code it is the same key, and the till is online', async () => {
    const folder = await aTillFolder(cloud, { code: 'K3' });
    await day(folder);
    const before = path.join(cloud.folder, 'broken-off');
    // Nobody at the till has the answer: the disk is as it was before it, the next key on it.
    await expect(changeDeviceKey({ folder, code: 'WRONG-CODE-0000', ...given })).rejects.toMatchObject({
      kind: 'wrong_code',
    });
    cpSync(folder, before, { recursive: true });
    await changeDeviceKey({ folder, code: await codeFor(folder), ...given });
    await changeDeviceKey({ folder: before, code: await codeFor(before), ...given });
    await day(before);
  });

  test('a code for another till is told, and this till keeps its key', async () => {
    const folder = await aTillFolder(cloud, { code: 'K4' });
    const other = await aTillFolder(cloud, { code: 'K5' });
    const code = await codeFor(other);
    await expect(changeDeviceKey({ folder, code, ...given })).rejects.toMatchObject({ kind: 'other_till' });
    await day(folder);
  });
});

describe("HQ's key", () => {
  const isSigned = (publicKey: string, statement: Uint8Array, sig: string) =>
    verifyEd25519({ publicKey, statement, signature: Buffer.from(sig, 'base64') });

  test('changed twice, each vouched for by the one before: who pinned the first or second follows, a stranger does not', async () => {
    const { db, cloudId } = cloud;
    const first = (await cloudKeyOf(db)).publicKey;
    const second = (await changeCloudKey(db, cloudId, 1)).publicKey;
    const third = await changeCloudKey(db, cloudId, 2);
    const shown = third.publicKey;
    const from = (pinned: string) => followsPinned({ cloudId, pinned, shown }, third.former, isSigned);
    expect([from(first), from(second), from(shown)]).toEqual([true, true, true]);
    const forged = third.former.map((change) => ({ ...change, sig: third.former[0]!.sig }));
    expect(followsPinned({ cloudId, pinned: first, shown }, forged, isSigned)).toBe(false);
    expect(followsPinned({ cloudId: 'other', pinned: first, shown }, third.former, isSigned)).toBe(false);
    expect(followsPinned({ cloudId, pinned: first, shown: first }, third.former, isSigned)).toBe(false);
  });

  test('a till that was away for both changes comes back, pins the newest, and its signed head of before is known', async () => {
    const folder = await aTillFolder(cloud, { code: 'K6' });
    await day(folder);
    const pinned = async () => {
      const till = await openTill(folder, { openPrinter: null, sync: false });
      await till.stop();
      return till.till.identity.cloudKey;
    };
    const before = await pinned();
    await cloud.close();
    cloud = await openCloud('pglite', { folder: root, world: null });
    expect(cloud.cloudKey.former.map(({ key }) => key)).toContain(before);
    await till(folder, async ({ till: { link } }) => {
      await until(() => link!.status.state === 'online', 'it follows');
    });
    expect(await pinned()).toBe(cloud.cloudKey.publicKey);
    // What HQ signed before is its own word: it has not gone back in time.
    const { alerts } = (await cloud.client.get('/api/v1/till-alerts')) as { alerts: { kind: string }[] };
    expect(alerts.map(({ kind }) => kind)).not.toContain('hq_went_back');
  });
});

describe("HQ's key, changed by a process that told nobody", () => {
  test('is seen at the next look into the database: lines end, and tills come back to the new one', async () => {
    await cloud.close();
    cloud = await openCloud('pglite', { folder: root, world: null, markEveryMs: 50 });
    const folder = await aTillFolder(cloud, { code: 'K7' });
    await till(folder, async ({ till }) => {
      await until(() => till.link!.status.state === 'online', 'it is there');
      const before = till.identity.cloudKey;
      const { publicKey } = await changeCloudKey(cloud.db, cloud.cloudId, 3);
      await until(() => till.identity.cloudKey === publicKey, 'it has come back');
      expect([before === publicKey, cloud.cloudKey.publicKey]).toEqual([false, publicKey]);
      await until(() => till.link!.status.state === 'online', 'it is there again');
    });
  });
});

describe("HQ's key, gone with a backup of before its change", () => {
  test('tills that followed it refuse HQ and sell on; a code of HQ’s has each believe it again, and all sales are there', async () => {
    const data = path.join(root, 'cloud');
    const backup = path.join(root, 'backup');
    const folder = await aTillFolder(cloud, { code: 'K8' });
    await day(folder);
    await cloud.close();
    cpSync(data, backup, { recursive: true });
    cloud = await openCloud('pglite', { folder: root, world: null });
    await changeCloudKey(cloud.db, cloud.cloudId, 4);
    const left = (await cloudKeyOf(cloud.db)).publicKey;
    await cloud.close();
    cloud = await openCloud('pglite', { folder: root, world: null });
    await till(folder, ({ till }) => until(() => till.identity.cloudKey === left, 'it follows'));
    await cloud.close();
    removeFolder(data);
    cpSync(backup, data, { recursive: true });
    cloud = await openCloud('pglite', { folder: root, world: null });
    expect(cloud.cloudKey.former.map(({ key }) => key)).not.toContain(left);

    let saleId = '';
    await till(folder, async (opened) => {
      const { link } = opened.till;
      await until(() => link!.status.reason === 'cloud_unproven', 'HQ is refused');
      saleId = await sell(await opened.client(), ['T1001']);
      expect([opened.till.identity.cloudKey, link!.ackedSeq < opened.till.journal.head.seq]).toEqual([
        left,
        true,
      ]);
    });
    const told = await changeDeviceKey({
      folder: await hqMoved(folder),
      code: await codeFor(folder),
      ...given,
    });
    expect(told.cloudKey).toBe(cloud.cloudKey.publicKey);
    await till(folder, (opened) => allThere(opened));
    expect(await cloud.db.query('select 1 as n from sale where sale_id = $1', [saleId])).toEqual([{ n: 1 }]);
  });

  /** HQ that was started again has another port here. */
  async function hqMoved(folder: string): Promise<string> {
    const db = openTillDb(path.join(folder, 'journal.db'), 'journal', keyFile(folder, systemChance).load());
    const ids = new IdentityStore(db);
    ids.write({ ...ids.read()!, cloudUrl: cloud.url });
    db.close();
    return folder;
  }
});

describe('a feed that is compacted', () => {
  const DAY_MS = 86_400_000;

  test('a tombstone of 100 days ago is gone; a till that was away takes the feed anew and has the goods no more, others go on', async () => {
    const { db } = cloud;
    const nowMs = Date.now();
    const [item] = smallWorld().items;
    await putItems(db, [{ ...item!, sku: 'GONE', gtins: [], name: 'gone' }], nowMs);
    const away = await aTillFolder(cloud, { code: 'C1' });
    const still = await aTillFolder(cloud, { code: 'C2' });
    for (const folder of [away, still]) await day(folder);
    await db.transaction((tx) => publish(tx, [{ kind: 'item', key: 'GONE', storeId: null, data: null }]));
    await day(still);
    expect(await compactFeed(db, nowMs - 100 * DAY_MS)).toBe(0);
    await putItems(db, [{ ...item!, name: 'renamed' }], nowMs);
    expect(await compactFeed(db, nowMs)).toBeGreaterThan(0);
    const rows = await db.query("select 1 from feed_row where kind = 'item' and key = 'GONE'");
    expect(rows).toEqual([]);
    for (const folder of [away, still]) {
      const till = await openTill(folder, { openPrinter: null });
      await until(() => till.till.catalog.itemBySku(item!.sku)?.name === 'renamed', 'it has all of the feed');
      await until(() => till.till.catalog.itemBySku('GONE') === null, 'what is gone is gone');
      await till.stop();
    }
    // Once is enough: the place it has now is good.
    const again = await openTill(away, { openPrinter: null });
    await allThere(again);
    expect(again.till.state.text('feed_anew')).not.toBe('on');
    await again.stop();
  });
});
