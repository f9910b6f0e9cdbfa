/** Till and cloud prove themselves to each other; the cloud signs the head that it holds, and a cut journal shows against it. */
import { generateKeyPairSync, sign } from 'node:crypto';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Down } from '../../src/protocol/down.ts';
import { ackStatement, type SignedHead } from '../../src/protocol/trust.ts';
import type { Hello } from '../../src/protocol/up.ts';
import { openTillDb } from '../../src/till/db.ts';
import { verifyEd25519 } from '../../src/till/identity.ts';
import { readKey } from '../../src/till/key.ts';
import { verifyFile, verifyWords } from '../../src/tools/verify.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { greeting, SilentCloud } from '../kit/silent-cloud.ts';
import { aTillFolder, openTill, sell } from '../kit/till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let folder: string;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  folder = await aTillFolder(cloud, { code: 'P1' });
  const till = await openTill(folder, { openPrinter: null });
  const client = await till.client();
  for (let n = 0; n < 5; n++) await sell(client, ['T1001']);
  await until(() => till.till.link!.ackedSeq === till.till.journal.head.seq, 'all is acknowledged');
  await till.stop();
});
afterAll(() => cloud.close());
afterEach(() => {
  vi.useRealTimers();
});

const headSeqOf = async (): Promise<number> => (await verifyFile(folder)).head!.seq;

describe('the head that HQ signed', () => {
  test('is kept at the till with a good signature, in both files', async () => {
    const till = await openTill(folder, { openPrinter: null, sync: false });
    const head = JSON.parse(till.till.state.text('signed_head')!) as SignedHead;
    await till.stop();
    expect(head).toMatchObject({ cloudId: cloud.cloudId, seq: await headSeqOf() });
    const { publicKey } = cloud.cloudKey;
    const signature = Buffer.from(head.sig, 'base64');
    expect(verifyEd25519({ publicKey, statement: ackStatement(head), signature })).toBe(true);
    const report = await verifyFile(folder);
    expect(report).toMatchObject({ broken: null, anchorSeq: head.seq, anchorSigned: true, journals: 1 });
    expect(verifyWords(report)).toContain(`, signed by HQ through ${head.seq}`);
  });

  test('a journal cut by one entry below it is `truncated`, also where shop.db was taken away', async () => {
    const cut = path.join(cloud.folder, 'cut');
    cpSync(folder, cut, { recursive: true });
    const db = openTillDb(path.join(cut, 'journal.db'), 'journal', readKey(path.join(cut, 'till.key')));
    const seq = await headSeqOf();
    db.prepare('delete from journal where seq = ?').run(seq);
    db.close();
    const broken = { kind: 'truncated', seq: seq - 1, anchorSeq: seq };
    expect((await verifyFile(cut)).broken).toEqual(broken);
    const without = path.join(cloud.folder, 'cut-without-shop');
    cpSync(cut, without, {
      recursive: true,
      filter: (file) => !path.basename(file).startsWith('shop.db'),
    });
    expect((await verifyFile(without)).broken).toEqual(broken);
  });

  test("HQ's own word shows a cut where the till's copies of it were wiped as well; a changed word is refused", async () => {
    const cut = path.join(cloud.folder, 'wiped');
    cpSync(folder, cut, { recursive: true, filter: (file) => !path.basename(file).startsWith('shop.db') });
    const db = openTillDb(path.join(cut, 'journal.db'), 'journal', readKey(path.join(cut, 'till.key')));
    const seq = await headSeqOf();
    db.prepare('delete from journal where seq > ?').run(seq - 3);
    db.prepare("delete from identity where key = 'signed_head'").run();
    db.close();
    expect((await verifyFile(cut)).broken).toBeNull();
    const [{ id }] = (await cloud.db.query("select till_id as id from till where code = 'P1'")) as [
      { id: string },
    ];
    const head = (await cloud.client.get(`/api/v1/tills/${id}/head`)) as SignedHead;
    const file = path.join(cloud.folder, 'head.json');
    writeFileSync(file, JSON.stringify(head));
    expect((await verifyFile(cut, null, file)).broken).toEqual({
      kind: 'truncated',
      seq: seq - 3,
      anchorSeq: seq,
    });
    writeFileSync(file, JSON.stringify({ ...head, seq: seq - 3 }));
    await expect(verifyFile(cut, null, file)).rejects.toThrow(/signature does not fit/);
  });
});

const as = (key: Parameters<typeof greeting>[1]['key']) => ({ cloudId: cloud.cloudId, key });

async function statusAfter(
  answer: (hello: Hello) => Down,
): Promise<{ reason: string | null; silent: SilentCloud }> {
  const silent = new SilentCloud(cloud.cloudId);
  silent.answer = (message, say) => {
    if (message.t === 'hello') say(answer(message));
  };
  const till = await openTill(folder, { openPrinter: null, connect: silent.connect, ready: false });
  await until(() => till.till.link!.status.state !== 'connecting', 'a word from the cloud');
  await sell(await till.client(), ['T1001']);
  const { reason } = till.till.link!.status;
  await till.stop();
  return { reason, silent };
}

describe('a cloud that cannot prove itself gets nothing', () => {
  const strange = (() => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    return {
      publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
      sign: (statement: Uint8Array) => sign(null, statement, privateKey).toString('base64'),
    };
  })();

  test.each<[string, (hello: Hello) => Down]>([
    ['another key, under the right id', (hello) => greeting(hello, as(strange))],
    [
      "HQ's key with a signature of somebody else",
      (hello) => ({ ...greeting(hello, as(strange)), cloudKey: cloud.cloudKey.publicKey }),
    ],
    [
      'a greeting of another time, replayed',
      (hello) => greeting(hello, as(cloud.cloudKey), { nonce: 'x'.repeat(32) }),
    ],
    [
      'an older language, which has no proof',
      (hello) => ({ ...greeting(hello, as(strange)), protocol: 2, sig: undefined, cloudKey: undefined }),
    ],
  ])('%s: `cloud_unproven`, and no entry is sent', async (_, answer) => {
    const { reason, silent } = await statusAfter(answer);
    expect(reason).toBe('cloud_unproven');
    expect(silent.heardOf('push')).toEqual([]);
  });

  test('the right one gets the sale', async () => {
    const { reason, silent } = await statusAfter((hello) => greeting(hello, as(cloud.cloudKey)));
    expect(reason).toBeNull();
    expect(silent.heardOf('push').length).toBeGreaterThan(0);
  });
});

test('a till whose push waits behind others, as HQ says with each pong, is patient: some ten minutes', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const silent = new SilentCloud(cloud.cloudId);
  silent.answer = (message, say) => {
    if (message.t === 'hello') say(greeting(message, as(cloud.cloudKey), { ackedSeq: 0 }));
    if (message.t === 'ping') say({ t: 'pong', serverTimeMs: Date.now(), waits: true });
  };
  const till = await openTill(folder, { openPrinter: null, connect: silent.connect, ready: false });
  await vi.advanceTimersByTimeAsync(9 * 60_000);
  expect([silent.dialled, silent.heardOf('push').length]).toEqual([1, 1]);
  // Another process of HQ may have room.
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect([silent.dialled, silent.heardOf('push').length]).toEqual([2, 2]);
  vi.useRealTimers();
  await till.stop();
});

test('a push that nobody acknowledges in 60 s is said again on a new line, though pings are answered all the time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
  const silent = new SilentCloud(cloud.cloudId);
  silent.answer = (message, say) => {
    if (message.t === 'hello') say(greeting(message, as(cloud.cloudKey), { ackedSeq: 0 }));
    if (message.t === 'ping') say({ t: 'pong', serverTimeMs: Date.now() });
  };
  const till = await openTill(folder, { openPrinter: null, connect: silent.connect, ready: false });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(silent.heardOf('push')).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(58_000);
  expect([silent.dialled, silent.heardOf('push').length, silent.heardOf('ping').length]).toEqual([1, 1, 3]);
  await vi.advanceTimersByTimeAsync(5_000);
  expect([silent.dialled, silent.heardOf('push').length]).toEqual([2, 2]);
  expect(silent.heardOf('push')[1]).toEqual(silent.heardOf('push')[0]);
  vi.useRealTimers();
  await till.stop();
});
