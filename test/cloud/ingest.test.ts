/** Ingest over the real socket, on both stores: each entry has its effect once, poison stands alone, an ack means committed. */
import { generateKeyPairSync } from 'node:crypto';
import { connect as connectTcp } from 'node:net';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { canonicalJson, verifyChain } from '../../src/core/entry.ts';
import { encodeFrame } from '../../src/protocol/codec.ts';
import type { SyncError } from '../../src/protocol/down.ts';
import { sha256 } from '../../src/till/run.ts';
import { ENGINES, openCloud, type TestCloud } from '../kit/cloud.ts';
import { aRawTill, RawLink, type RawTill } from '../kit/raw-till.ts';
import { aDemoSale } from '../kit/sales.ts';
import { until } from '../kit/until.ts';

describe.each(ENGINES)('on %s', (engine) => {
  let cloud: TestCloud;
  beforeAll(async () => {
    cloud = await openCloud(engine);
  });
  afterAll(() => cloud.close());

  const count = async (table: string, till: RawTill) => {
    const [row] = await cloud.db.query<{ n: number }>(
      `select count(*) as n from ${table} where till_id = $1`,
      [till.tillId],
    );
    return Number(row!.n);
  };
  const held = async (till: RawTill) => ({
    entries: await count('journal_entry', till),
    sales: await count('sale', till),
    quarantined: await count('quarantine', till),
  });
  const reasons = (till: RawTill) =>
    cloud.db.query<{ seq: number; reason: string }>(
      'select seq, reason from quarantine where till_id = $1 order by seq',
      [till.tillId],
    );
  /** The cloud's own copy is a whole chain. */
  const expectWhole = async (till: RawTill) => {
    const rows = await cloud.db.query<{ seq: number; hash: string; text: string }>(
      'select seq, hash, text from journal_entry where journal_id = $1 order by seq',
      [till.journalId],
    );
    expect(rows).toEqual(till.chain.slice(0, rows.length));
    expect(verifyChain(sha256, till, rows).ok).toBe(true);
  };

  describe('a push', () => {
    test('of 5 sales lands once and acks its head; the same again, and parts of it, ack the same and change nothing', async () => {
      const till = await aRawTill(cloud);
      till.appendOpened();
      till.appendSales(5);
      const link = await till.connect();
      expect(link.welcome).toMatchObject({ ackedSeq: 0, ackedHash: null, cloudId: cloud.cloudId });
      const head = till.head();
      for (const push of [
        till.pushOf(1),
        till.pushOf(1),
        till.pushOf(3),
        till.pushOf(6),
        till.pushOf(2, 4),
      ]) {
        const sig = expect.any(String);
        expect(await link.ask(push)).toEqual({ t: 'ack', throughSeq: 6, hash: head.hash, sig });
      }
      expect(await held(till)).toEqual({ entries: 6, sales: 5, quarantined: 0 });
      await expectWhole(till);
      await link.hangUp();
      const again = await till.connect();
      expect(again.welcome).toMatchObject({ ackedSeq: 6, ackedHash: head.hash });
      await again.hangUp();
    });

    test('that overlaps what is known adds only what is new', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(3);
      const link = await till.connect();
      await link.ask(till.pushOf(1));
      till.appendSales(4);
      expect(await link.ask(till.pushOf(2))).toMatchObject({ t: 'ack', throughSeq: 7 });
      expect(await held(till)).toEqual({ entries: 7, sales: 7, quarantined: 0 });
      await expectWhole(till);
      await link.hangUp();
    });

    test('after a gap is told where to go on: `gap` with ackedSeq 2, and nothing is stored', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(6);
      const link = await till.connect();
      await link.ask(till.pushOf(1, 2));
      expect(await link.ask(till.pushOf(5))).toMatchObject({
        t: 'error',
        kind: 'gap',
        ackedSeq: 2,
        retry: true,
      });
      expect((await held(till)).entries).toBe(2);
      expect(await link.ask(till.pushOf(3))).toMatchObject({ t: 'ack', throughSeq: 6 });
      await link.hangUp();
    });

    test('out of the middle, before anything is known, is a `gap` at 0', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(3);
      const link = await till.connect();
      expect(await link.ask(till.pushOf(2))).toMatchObject({ kind: 'gap', ackedSeq: 0 });
      await link.hangUp();
    });

    const broken: readonly (readonly [string, (till: RawTill) => object, SyncError['kind']])[] = [
      [
        'one digit changed on the way',
        (till) => {
          const push = till.pushOf(1) as { entries: string[] };
          return { ...push, entries: push.entries.with(1, push.entries[1]!.replace('"qty":1', '"qty":2')) };
        },
        'chain',
      ],
      [
        'an entry left out',
        (till) => {
          const push = till.pushOf(1) as { entries: string[] };
          return { ...push, entries: push.entries.toSpliced(1, 1) };
        },
        'chain',
      ],
      [
        'two entries in the wrong order',
        (till) => {
          const { entries, ...rest } = till.pushOf(1) as { entries: string[] };
          return { ...rest, entries: [entries[1], entries[0], entries[2]] };
        },
        'chain',
      ],
      ['another head than it has', (till) => till.pushOf(1, 3, { hash: 'ab'.repeat(32) }), 'chain'],
      [
        'the signature of another head',
        (till) => till.pushOf(1, 3, { sig: till.signHead(till.head(2)) }),
        'bad_signature',
      ],
      ['a signature that is none', (till) => till.pushOf(1, 3, { sig: '!!' }), 'bad_signature'],
      [
        "another key's signature",
        (till) => {
          const own = till.privateKey;
          till.privateKey = generateKeyPairSync('ed25519').privateKey;
          const push = till.pushOf(1);
          till.privateKey = own;
          return push;
        },
        'bad_signature',
      ],
    ];
    test.each(broken)(
      'with %s is refused whole, nothing is stored, and the right one lands after it',
      async (_what, wrong, kind) => {
        const till = await aRawTill(cloud);
        till.appendSales(3);
        const link = await till.connect();
        expect(await link.ask(wrong(till))).toMatchObject({ t: 'error', kind });
        expect(await held(till)).toEqual({ entries: 0, sales: 0, quarantined: 0 });
        expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
        await link.hangUp();
      },
    );

    test('with other bytes under a known number is `forked`: set aside, nothing overwritten', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(4);
      const link = await till.connect();
      await link.ask(till.pushOf(1));
      const before = await cloud.db.query('select * from journal_entry where journal_id = $1 order by seq', [
        till.journalId,
      ]);
      till.chain.splice(2);
      till.appendSale({}, (sale) => ({ ...sale, receiptNo: 'OTHER-000003' }));
      till.appendSale();
      expect(await link.ask(till.pushOf(3))).toMatchObject({ t: 'error', kind: 'forked', retry: false });
      expect(await link.ask(till.pushOf(3))).toMatchObject({ t: 'error', kind: 'forked' });
      expect(
        await cloud.db.query('select * from journal_entry where journal_id = $1 order by seq', [
          till.journalId,
        ]),
      ).toEqual(before);
      expect(await reasons(till)).toEqual([{ seq: 3, reason: 'same seq, other bytes' }]);
      expect((await held(till)).sales).toBe(4);
      await link.hangUp();
    });

    test("with another till's name in its entries is refused, and so is another till's journal", async () => {
      const [till, other] = [await aRawTill(cloud), await aRawTill(cloud)];
      other.appendSales(2);
      const theirs = await other.connect();
      await theirs.ask(other.pushOf(1));
      till.appendSale({}, (sale) => sale, { tillId: other.tillId });
      const link = await till.connect();
      expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'error', kind: 'chain' });
      await link.hangUp();
      // The till says the other's journal is its own, and goes on where that one ends.
      till.chain.splice(0);
      till.journalId = other.journalId;
      till.chain.push(...other.chain);
      till.appendSale();
      const liar = await till.dial();
      await till.hello(liar);
      const answer = await liar.next();
      const last = answer.t === 'welcome' ? await liar.ask(till.pushOf(3)) : answer;
      expect(last).toMatchObject({ t: 'error', kind: 'foreign' });
      other.appendSale();
      expect(await theirs.ask(other.pushOf(3))).toMatchObject({ t: 'ack', throughSeq: 3 });
      for (const open of [liar, theirs]) await open.hangUp();
    });

    test('of a second journal of the same till starts at 1 again, and the first can still be sent again', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(3);
      const first = [...till.chain];
      const firstId = till.journalId;
      const link = await till.connect();
      await link.ask(till.pushOf(1));
      await link.hangUp();
      till.chain.splice(0);
      till.journalId = till.journalId.replace(/^.{8}/, 'bbbbbbbb');
      till.append('journal_opened', {
        storeId: 'S01',
        tillCode: till.tillCode,
        follows: { journalId: firstId, seq: 3, hash: first[2]!.hash },
      });
      till.appendSale({ id: till.saleId(900), receiptSeq: 900 });
      const second = await till.connect();
      expect(second.welcome?.ackedSeq).toBe(0);
      expect(await second.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 2 });
      await second.hangUp();
      till.journalId = firstId;
      till.chain.splice(0, till.chain.length, ...first);
      const back = await till.connect();
      expect(back.welcome?.ackedSeq).toBe(3);
      expect(await back.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
      expect(await held(till)).toMatchObject({ entries: 5, sales: 4 });
      await back.hangUp();
    });
  });

  describe('poison', () => {
    type Poison = readonly [string, (till: RawTill) => void];
    const poisons: readonly Poison[] = [
      [
        'a NUL in a name',
        (till) =>
          void till.appendSale({}, (sale) => ({
            ...sale,
            lines: sale.lines.map((line) => ({ ...line, name: 'A\u0000B' })),
          })),
      ],
      [
        'a NUL in its member id',
        (till) => void till.appendSale({}, (sale) => ({ ...sale, memberId: 'M\u0000' })),
      ],
      ['a NUL in its own id', (till) => void till.appendSale({}, (sale) => ({ ...sale, id: 'A\u0000' }))],
      [
        'half a surrogate in a name',
        (till) =>
          void till.appendSale({}, (sale) => ({
            ...sale,
            lines: sale.lines.map((line) => ({ ...line, name: 'A\ud800' })),
          })),
      ],
      [
        'sums that do not hold',
        (till) => void till.appendSale({}, (sale) => ({ ...sale, totalMinor: sale.totalMinor + 1 })),
      ],
      [
        'a quantity beyond int4',
        (till) =>
          void till.appendSale({}, (sale) => ({
            ...sale,
            lines: sale.lines.map((line) => ({ ...line, qty: 5_000_000_000 })),
          })),
      ],
      ['a kind of the future', (till) => void till.append('coupon_burnt', { x: 1 })],
      ['a kind with a NUL in it', (till) => void till.append('ki\u0000nd', { x: 1 })],
      ['a body that is a list', (till) => void till.append('sale', [])],
      ['a body without lines', (till) => void till.appendSale({}, (sale) => ({ ...sale, lines: [] }))],
      [
        'a time beyond every calendar',
        (till) => void till.appendSale({}, (sale) => sale, { atMs: Number.MAX_SAFE_INTEGER }),
      ],
      [
        'a time of the year 12,000',
        (till) => void till.appendSale({}, (sale) => sale, { atMs: 316_500_000_000_000 }),
      ],
      [
        'a time before the year 1',
        (till) => void till.appendSale({}, (sale) => sale, { atMs: -100_000_000_000_000 }),
      ],
      [
        'a business date of 2026-02-31',
        (till) => void till.appendSale({}, (sale) => sale, { businessDate: '2026-02-31' }),
      ],
      ['a newer version', (till) => void till.appendSale({}, (sale) => sale, { v: 99 })],
      ['a total of 9 quadrillion', (till) => void till.appendSale({}, (sale) => hugeSale(sale))],
    ];

    test.each(poisons)(
      '%s is set aside; the sales before and after it arrive, and HQ can still be asked everything',
      async (_what, poison) => {
        const till = await aRawTill(cloud);
        till.appendSale();
        poison(till);
        // A second one of the same: what is merely large alone must not add up to what cannot be read.
        poison(till);
        till.appendSale();
        const link = await till.connect();
        expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 4 });
        expect(await held(till)).toEqual({ entries: 4, sales: 2, quarantined: 2 });
        expect((await reasons(till)).map(({ seq }) => seq)).toEqual([2, 3]);
        await expectWhole(till);
        for (const path of [
          '/api/v1/tills',
          '/api/v1/figures/store-days',
          '/api/v1/sales?limit=200',
          '/api/v1/quarantine',
        ]) {
          await cloud.client.get(path);
        }
        await link.hangUp();
      },
    );

    test('1 among 1,000: 999 sales arrive, the one is in quarantine with its text, the till goes on', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(637);
      const bad = till.appendSale({}, (sale) => ({
        ...sale,
        lines: sale.lines.map((line) => ({ ...line, sku: 'A\u0000' })),
      }));
      till.appendSales(362);
      const link = await till.connect();
      expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 1_000 });
      expect(await held(till)).toEqual({ entries: 1_000, sales: 999, quarantined: 1 });
      const [row] = await cloud.db.query<{ seq: number; text: string }>(
        'select seq, text from quarantine where till_id = $1',
        [till.tillId],
      );
      expect(row).toEqual({ seq: 638, text: bad.text });
      till.appendSale();
      expect(await link.ask(till.pushOf(1_001))).toMatchObject({ t: 'ack', throughSeq: 1_001 });
      await link.hangUp();
    });

    test('a sale id that another journal has already, and one that comes twice in a push, are set aside', async () => {
      const [first, second] = [await aRawTill(cloud), await aRawTill(cloud)];
      first.appendSale();
      const a = await first.connect();
      await a.ask(first.pushOf(1));
      second.appendSale({ id: first.saleId(1) });
      second.appendSale();
      second.appendSale({ id: second.saleId(2) });
      const b = await second.connect();
      expect(await b.ask(second.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
      expect(await held(second)).toEqual({ entries: 3, sales: 1, quarantined: 2 });
      expect((await reasons(second)).map(({ seq, reason }) => [seq, reason])).toEqual([
        [1, 'sale id is already in the books'],
        [3, 'sale id is already in the books'],
      ]);
      for (const link of [a, b]) await link.hangUp();
    });

    test('text that is not canonical breaks the chain check: a till of ours never writes it', async () => {
      const till = await aRawTill(cloud);
      till.appendText(`${canonicalJson(till.entry('sale', aDemoSale({ receiptSeq: 1 })))} `);
      const link = await till.connect();
      expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'error', kind: 'chain' });
      expect((await held(till)).entries).toBe(0);
      await link.hangUp();
    });

    test('a sale of another store or currency stands, and is flagged', async () => {
      const till = await aRawTill(cloud);
      till.appendSale({}, (sale) => ({ ...sale, storeId: 'S02', currency: 'USD' }));
      const link = await till.connect();
      expect(await link.ask(till.pushOf(1))).toMatchObject({ t: 'ack' });
      const [row] = await cloud.db.query<{ flags: string[]; store_id: string }>(
        'select flags, store_id from sale where till_id = $1',
        [till.tillId],
      );
      expect(row).toEqual({ flags: ['other_store', 'other_currency'], store_id: 'S01' });
      await link.hangUp();
    });
  });

  describe('hello', () => {
    test('of an unknown till, of a wrong key, over an old nonce, for a newer protocol: named and closed with 4403', async () => {
      const till = await aRawTill(cloud);
      const cases: readonly (readonly [object, SyncError['kind']])[] = [
        [{ tillId: 'nobody' }, 'unknown_till'],
        [{ sig: 'AAAA' }, 'bad_signature'],
        [{ headSeq: 9 }, 'bad_signature'],
        [{ journalId: 'other' }, 'bad_signature'],
        [{ protocol: 99 }, 'version'],
        [{ protocol: 0 }, 'version'],
      ];
      for (const [over, kind] of cases) {
        const link = await till.dial();
        await till.hello(link, over);
        expect(await link.next(), kind).toMatchObject({ t: 'error', kind, retry: false });
        expect(await link.closed).toEqual({ code: 4403, reason: kind });
      }
    });

    test('recorded on one connection is worth nothing on the next', async () => {
      const till = await aRawTill(cloud);
      const first = await till.dial();
      let recorded: object = {};
      const say = first.say.bind(first);
      first.say = (message) => {
        recorded = message;
        say(message);
      };
      await till.hello(first);
      await first.expect('welcome');
      const second = await till.dial();
      await second.expect('challenge');
      second.say(recorded);
      expect(await second.next()).toMatchObject({ kind: 'bad_signature' });
      await first.hangUp();
    });

    test('first: a push, a pull and a ping before it are `hello_first`, and it may still come', async () => {
      const till = await aRawTill(cloud);
      till.appendSale();
      const link = await till.dial();
      for (const message of [till.pushOf(1), { t: 'pull', cursor: 0 }, { t: 'ping', unsent: 0 }])
        link.say(message);
      await till.hello(link);
      for (let index = 0; index < 3; index++)
        expect(await link.next()).toMatchObject({ kind: 'hello_first' });
      await link.expect('welcome');
      expect((await held(till)).entries).toBe(0);
      await link.hangUp();
    });

    test('twice on one connection ends it: a line is one till', async () => {
      const [till, other] = [await aRawTill(cloud), await aRawTill(cloud)];
      const link = await till.dial();
      const challenge = await link.expect('challenge');
      const next = link.next.bind(link);
      link.next = async () => challenge;
      await till.hello(link);
      await other.hello(link);
      link.next = next;
      await link.expect('welcome');
      expect(await link.next()).toMatchObject({ t: 'error' });
      await link.closed;
      await until(
        async () => (await onlineTills()).every((id) => id !== till.tillId && id !== other.tillId),
        'both offline',
      );
    });

    test('a till that connects again ends its older line with 4409 and stays online', async () => {
      const till = await aRawTill(cloud);
      const older = await till.connect();
      const newer = await till.connect();
      expect((await older.closed).code).toBe(4409);
      till.appendSale();
      expect(await newer.ask(till.pushOf(1))).toMatchObject({ t: 'ack' });
      expect(await onlineTills()).toContain(till.tillId);
      await newer.hangUp();
      await until(async () => !(await onlineTills()).includes(till.tillId), 'the till offline');
    });

    test('a till that hangs up right after hello, 30 times, is not online', async () => {
      const till = await aRawTill(cloud);
      for (let index = 0; index < 30; index++) {
        const link = await till.dial();
        await till.hello(link);
        await link.hangUp();
      }
      await cloud.client.get('/api/v1/stores');
      await until(async () => !(await onlineTills()).includes(till.tillId), 'the till offline');
    });

    const onlineTills = async () => {
      const { tills } = (await cloud.client.get('/api/v1/tills')) as {
        tills: { id: string; online: boolean }[];
      };
      return tills.filter(({ online }) => online).map(({ id }) => id);
    };
  });

  describe('a revoked till', () => {
    test('is cut off at once, is refused when it comes back, and its push has no effect', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(2);
      const link = await till.connect();
      await link.ask(till.pushOf(1, 1));
      await cloud.client.post(`/api/v1/tills/${till.tillId}/revoke`, {});
      expect(await link.next()).toMatchObject({ t: 'error', kind: 'revoked' });
      expect((await link.closed).code).toBe(4403);
      const again = await till.dial();
      await till.hello(again);
      expect(await again.next()).toMatchObject({ kind: 'revoked' });
      expect((await held(till)).entries).toBe(1);
    });
  });

  describe('what is not the sync language', () => {
    const frames: readonly (readonly [string, Uint8Array | string])[] = [
      ['a text frame', '{"t":"ping","unsent":0}'],
      ['bytes that are no zstd', new Uint8Array([1, 2, 3, 4])],
      ['an empty frame', new Uint8Array(0)],
      ['half a zstd frame', encodeFrame({ t: 'ping', unsent: 0 }).subarray(0, 12)],
      ['zstd of no JSON', zstdCompressSync(Buffer.from('hello'))],
      ['another message', encodeFrame({ t: 'dance' })],
      [
        'a push without entries',
        encodeFrame({ t: 'push', fromSeq: 1, entries: [], hash: 'ab'.repeat(32), sig: '', unsent: 0 }),
      ],
      ['a seq of 1.5', encodeFrame({ t: 'pull', cursor: 1.5 })],
      ['a frame that unpacks to 65 MB', zstdCompressSync(Buffer.alloc(65 * 1024 * 1024, 32))],
      ['JSON 50,000 deep', zstdCompressSync(Buffer.from('['.repeat(50_000)))],
    ];
    test.each(frames)('%s: `bad_frame`, closed with 1008, and the cloud lives on', async (_what, bytes) => {
      const till = await aRawTill(cloud);
      const link = await till.connect();
      link.sayBytes(bytes);
      expect(await link.next()).toMatchObject({ t: 'error', kind: 'bad_frame' });
      expect((await link.closed).code).toBe(1008);
      const again = await till.connect();
      expect(await again.ask({ t: 'ping', unsent: 0 })).toMatchObject({ t: 'pong' });
      await again.hangUp();
    });

    test('a frame of 9 MB is closed with 1009', async () => {
      const till = await aRawTill(cloud);
      const link = await till.connect();
      link.sayBytes(new Uint8Array(9 * 1024 * 1024));
      expect((await link.closed).code).toBe(1009);
      expect((await fetch(`${cloud.url}/healthz`)).status).toBe(200);
    });

    test.each(['//', '/other', '/sync/', 'http://[', '/%'])(
      'an upgrade of %s is answered and ended, and the cloud lives on',
      async (target) => {
        const { port } = new URL(cloud.url);
        const answer = await new Promise<string>((resolve, reject) => {
          const socket = connectTcp(Number(port), '127.0.0.1', () =>
            socket.write(
              `GET ${target} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n`,
            ),
          );
          let got = '';
          socket.on('data', (bytes) => {
            got += bytes.toString('latin1');
          });
          socket.on('close', () => resolve(got));
          socket.on('error', reject);
        });
        expect(answer).toMatch(/^HTTP\/1\.1 40\d/);
        expect((await fetch(`${cloud.url}/healthz`)).status).toBe(200);
      },
    );

    test('a socket without the subprotocol is not welcomed as a till', async () => {
      const link = new RawLink(cloud.url);
      await link.opened;
      expect((await link.expect('challenge')).cloudId).toBe(cloud.cloudId);
      await link.hangUp();
    });
  });

  describe('an ack', () => {
    test('never comes when the commit fails: `internal`, nothing stored; once the database is well, the same push lands', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(3);
      await cloud.db.script(`
        create function refuse_commit() returns trigger language plpgsql as $$ begin raise exception 'no commit today'; end $$;
        create constraint trigger refuse_commit after insert on journal_entry
          deferrable initially deferred for each row execute function refuse_commit();`);
      const link = await till.connect();
      const answer = await link.ask(till.pushOf(1));
      await cloud.db.script('drop trigger refuse_commit on journal_entry; drop function refuse_commit();');
      expect(answer).toMatchObject({ t: 'error', kind: 'internal', retry: true });
      await link.closed;
      expect(link.unread.filter(({ t }) => t === 'ack')).toEqual([]);
      expect(await held(till)).toEqual({ entries: 0, sales: 0, quarantined: 0 });
      const again = await till.connect();
      expect(again.welcome?.ackedSeq).toBe(0);
      expect(await again.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
      await again.hangUp();
    });

    test.skipIf(engine === 'pglite')(
      'never comes when the connection to the database is cut in the middle; the cloud lives on and takes it later (PGlite has no connection to cut)',
      async () => {
        const till = await aRawTill(cloud);
        till.appendSales(3);
        const link = await till.connect();
        let letGo: () => void = () => {};
        const gate = new Promise<void>((resolve) => {
          letGo = resolve;
        });
        let isHeld: () => void = () => {};
        const locked = new Promise<void>((resolve) => {
          isHeld = resolve;
        });
        const holding = cloud.db.transaction(async (tx) => {
          await tx.query('select 1 from till where till_id = $1 for update', [till.tillId]);
          isHeld();
          await gate;
        });
        onTestFinished(() => letGo());
        // The push comes second, or it would be done before anybody could cut it.
        await locked;
        link.say(till.pushOf(1));
        const waiting = () =>
          cloud.db.query<{ pid: number }>(
            "select pid from pg_stat_activity where wait_event_type = 'Lock' and query like '%for update of t%'",
          );
        await until(async () => (await waiting()).length === 1, 'the push waiting for its till');
        await cloud.db.query('select pg_terminate_backend($1)', [(await waiting())[0]!.pid]);
        expect(await link.next()).toMatchObject({ t: 'error', kind: 'internal', retry: true });
        letGo();
        await holding;
        await link.closed;
        expect((await held(till)).entries).toBe(0);
        const again = await till.connect();
        expect(await again.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 3 });
        await again.hangUp();
      },
    );

    test('for two lines of one till that push the same at once comes on the living one; the entries are there once', async () => {
      const till = await aRawTill(cloud);
      till.appendSales(40);
      const older = await till.connect();
      older.say(till.pushOf(1));
      const newer = await till.connect();
      expect(await newer.ask(till.pushOf(1))).toMatchObject({ t: 'ack', throughSeq: 40 });
      await older.closed;
      expect(await held(till)).toEqual({ entries: 40, sales: 40, quarantined: 0 });
      await newer.hangUp();
    });
  });
});

/** Balanced, and within safe integers: only its size is wrong. */
function hugeSale(sale: ReturnType<typeof aDemoSale>): object {
  const amount = 9_007_199_254_740_990;
  const [line] = sale.lines;
  return {
    ...sale,
    lines: [
      { ...line, unitPriceMinor: amount, grossMinor: amount, netMinor: amount, taxMinor: 0, adjustments: [] },
    ],
    taxes: [],
    grossMinor: amount,
    adjustmentMinor: 0,
    taxMinor: 0,
    totalMinor: amount,
    roundingMinor: 0,
    changeMinor: 0,
    tenders: [{ kind: 'cash', amountMinor: amount }],
  };
}
