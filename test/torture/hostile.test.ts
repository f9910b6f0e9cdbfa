/**
 * Hostile clients at HQ's door, each beside a till that sells: HQ stays up, the till's sales arrive, and the alert says which till
 * and why.
 */
import { generateKeyPairSync, sign } from 'node:crypto';
import { connect } from 'node:net';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { helloStatement } from '../../src/protocol/up.ts';
import { SYNC_PATH } from '../../src/protocol/version.ts';
import { openCloud, QUICK, type TestCloud } from '../kit/cloud.ts';
import { aRawTill, type RawTill } from '../kit/raw-till.ts';
import { until } from '../kit/until.ts';

let cloud: TestCloud;
let honest: RawTill;
beforeAll(async () => {
  cloud = await openCloud(QUICK);
  honest = await aRawTill(cloud, { code: 'OK1' });
});
afterAll(() => cloud.close());

/** The honest till sells one more and HQ has it. */
async function flows(): Promise<void> {
  honest.appendSale();
  const link = await honest.connect();
  expect(await link.ask(honest.pushOf(honest.chain.length))).toMatchObject({
    t: 'ack',
    throughSeq: honest.chain.length,
  });
  await link.hangUp();
}

async function alertsOf(
  till: RawTill,
): Promise<{ kind: string; detail: Record<string, unknown>; times: number }[]> {
  const { alerts } = (await cloud.client.get(`/api/v1/till-alerts?tillId=${till.tillId}`)) as {
    alerts: { kind: string; detail: Record<string, unknown>; times: number }[];
  };
  return alerts;
}

/** A WebSocket by hand: upgraded, then whatever bytes. @returns the socket and when it was closed */
async function rawSocket(): Promise<{ socket: ReturnType<typeof connect>; closed: Promise<void> }> {
  const { hostname, port } = new URL(cloud.url);
  const socket = connect(Number(port), hostname);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => resolve());
    socket.on('error', () => {});
  });
  socket.write(
    `GET ${SYNC_PATH} HTTP/1.1\r\nHost: ${hostname}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      'Sec-WebSocket-Protocol: counterfoil-sync\r\n\r\n',
  );
  await new Promise<void>((resolve) => socket.once('data', () => resolve()));
  return { socket, closed };
}

describe('a stranger', () => {
  test('announces a frame of 2 GiB: the line is closed at its header, before a byte of it is kept', async () => {
    const { socket, closed } = await rawSocket();
    const header = Buffer.alloc(14);
    header[0] = 0x82;
    header[1] = 0x80 | 127;
    header.writeBigUInt64BE(2n ** 31n, 2);
    socket.write(header);
    await closed;
    await flows();
  });

  test('sends a hello of 100 KB that unpacks to 80 MB: refused, unpacked no further than 64 KB', async () => {
    const link = await honest.dial();
    await link.expect('challenge');
    link.sayBytes(zstdCompressSync(Buffer.alloc(80_000_000, 0x20)));
    expect(await link.expect('error')).toMatchObject({ kind: 'bad_frame' });
    expect((await link.closed).code).toBe(1008);
    await flows();
  });

  test('holds 300 lines open that say half a request or nothing at all (slow loris): the honest till is served beside them', async () => {
    const { hostname, port } = new URL(cloud.url);
    const halves = [
      'GET /api/v1/healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ',
      'POST /api/v1/enrol HTTP/1.1\r\n',
      '',
    ];
    const sockets = Array.from({ length: 300 }, (_, n) => {
      const socket = connect(Number(port), hostname).on('error', () => {});
      socket.write(halves[n % halves.length]!);
      return socket;
    });
    await Promise.all(
      sockets.map((socket) =>
        socket.connecting ? new Promise((resolve) => socket.once('connect', resolve)) : null,
      ),
    );
    for (let round = 0; round < 3; round++) {
      for (const socket of sockets) if (socket.writable) socket.write('a');
      await flows();
    }
    const answer = await fetch(new URL('/healthz', cloud.url));
    expect(answer.status).toBe(200);
    for (const socket of sockets) socket.destroy();
  });

  test('speaks for a till with a key of its own: `bad_signature`, and the alert counts it', async () => {
    const till = await aRawTill(cloud);
    const right = till.privateKey;
    till.privateKey = generateKeyPairSync('ed25519').privateKey;
    for (let n = 0; n < 3; n++) {
      const link = await till.dial();
      await till.hello(link);
      expect(await link.expect('error')).toMatchObject({ kind: 'bad_signature', retry: false });
      await link.hangUp();
    }
    till.privateKey = right;
    expect(await alertsOf(till)).toMatchObject([{ kind: 'bad_signature', times: 3 }]);
    await flows();
  });

  test('says a hello again that it has heard on the line: it is of another nonce', async () => {
    const till = await aRawTill(cloud);
    const first = await till.dial();
    const { nonce, cloudId } = await first.expect('challenge');
    const { seq: headSeq, hash: headHash } = till.head();
    const { tillId, journalId } = till;
    const sig = sign(
      null,
      helloStatement({ nonce, cloudId, tillId, journalId, headSeq, headHash }),
      till.privateKey,
    ).toString('base64');
    const hello = { t: 'hello', protocol: 3, tillId, journalId, headSeq, headHash, appVersion: 'x', sig };
    first.say(hello);
    await first.expect('welcome');
    const second = await till.dial();
    await second.expect('challenge');
    second.say(hello);
    expect(await second.expect('error')).toMatchObject({ kind: 'bad_signature' });
    await first.hangUp();
    await second.hangUp();
  });
});

describe('a till of ours that has turned', () => {
  test('lies about its head by a thousand: it is welcomed with what HQ holds, and what it cannot chain is refused and told', async () => {
    const till = await aRawTill(cloud);
    till.appendSales(3);
    const link = await till.connect();
    await link.ask(till.pushOf(1));
    const push = till.pushOf(3, 3, { fromSeq: 1_003 });
    expect(await link.ask(push)).toMatchObject({ t: 'error', kind: 'gap', ackedSeq: 3 });
    const changed = till.pushOf(2, 3, { hash: 'a'.repeat(64) });
    expect(await link.ask(changed)).toMatchObject({ t: 'error', kind: 'chain' });
    await link.hangUp();
    await until(async () => (await alertsOf(till)).length > 0, 'the alert');
    expect(await alertsOf(till)).toMatchObject([{ kind: 'chain' }]);
    await flows();
  });

  test('journals a lease that HQ never granted: the sale stands, `forged_lease` names the entry', async () => {
    const till = await aRawTill(cloud);
    const body = {
      leaseId: 'made-up',
      key: 'points:m-0001',
      amount: 500,
      purpose: 'visit',
      epoch: 1,
      untilMs: 2e12,
    };
    till.append('right_granted', { ...body, sig: 'bm8gc2lnbmF0dXJl' });
    till.appendSale();
    const link = await till.connect();
    expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 2 });
    await link.hangUp();
    await cloud.books.settled();
    expect(await alertsOf(till)).toMatchObject([
      { kind: 'forged_lease', detail: { entry: `${till.journalId}:1`, leaseId: 'made-up' } },
    ]);
    expect(await cloud.db.query("select 1 from lease where lease_id = 'made-up'")).toEqual([]);
    await flows();
  });

  test('asks 2,000 questions at once and reads no answer: its line is closed as `busy`, the alert says `flood`', async () => {
    const till = await aRawTill(cloud);
    const link = await till.connect();
    for (let n = 0; n < 2_000; n++) link.say({ t: 'ping', unsent: 0 });
    expect((await link.closed).code).toBe(4429);
    await until(async () => (await alertsOf(till)).length > 0, 'the alert');
    expect(await alertsOf(till)).toMatchObject([{ kind: 'flood' }]);
    await flows();
  });

  test('writes SQL where a name belongs: it is a name', async () => {
    const till = await aRawTill(cloud);
    const evil = "'); drop table sale; --";
    till.appendSale({}, (sale) => ({ ...sale, lines: sale.lines.map((line) => ({ ...line, name: evil })) }));
    const link = await till.connect();
    expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 1 });
    await link.hangUp();
    const [row] = await cloud.db.query<{ names: string[] }>(
      'select line_name as names from sale where till_id = $1',
      [till.tillId],
    );
    expect(row!.names).toContain(evil);
    await flows();
  });

  test('has a clock a year ahead: the sale stands, `clock` says by how much', async () => {
    const till = await aRawTill(cloud);
    const year = 365 * 86_400_000;
    till.appendSale({}, undefined, { atMs: Date.now() + year });
    const link = await till.connect();
    expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 1 });
    await link.hangUp();
    await cloud.books.settled();
    const [alert] = await alertsOf(till);
    expect(alert!.kind).toBe('clock');
    expect(alert!.detail.aheadMs as number).toBeGreaterThan(year - 3_600_000);
  });

  test('of a protocol that is to come, and of one that never was: `version` says what HQ speaks; an old one of 1 and 2 syncs', async () => {
    const till = await aRawTill(cloud);
    for (const protocol of [0, 5, 999]) {
      const link = await till.dial();
      await till.hello(link, { protocol });
      expect(await link.expect('error')).toMatchObject({
        kind: 'version',
        message: expect.stringContaining('1 to 4'),
      });
      await link.hangUp();
    }
    for (const protocol of [1, 2]) {
      till.appendSale();
      const link = await till.connect({ protocol });
      expect(link.welcome).toMatchObject({ protocol });
      expect(link.welcome).not.toHaveProperty('sig');
      const head = till.head();
      expect(await link.ask(till.pushOf(till.chain.length))).toEqual({
        t: 'ack',
        throughSeq: head.seq,
        hash: head.hash,
      });
      await link.hangUp();
    }
  });
});
