/**
 * Power cuts, kill -9 and bad lines: whatever happens in the middle, each intended sale is there exactly once in the end.
 *
 * Moments are drawn from a seed that the test prints first; the processes, files, PTYs and sockets are real.
 */
import { createServer } from 'node:net';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedBinaries } from '../../cloud/db/embedded.ts';
import { openPtyPair } from '../../native/pty.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import { attachVirtualPrinter, type Slip, VirtualPrinter } from '../../src/devices/virtual-printer.ts';
import { openTillDbReadonly } from '../../src/till/db.ts';
import { readKey } from '../../src/till/key.ts';
import { cloudClient, putWorld } from '../../src/tools/cloud-client.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { verifyFile } from '../../src/tools/verify.ts';
import { openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aBadLine, type Harm } from '../kit/proxy.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { LineLostError, TillCallError, TillClient } from '../kit/till-client.ts';
import { pause, until } from '../kit/until.ts';
import { type Process, startCloudProcess, startTill, TILL_TOKEN } from './processes.ts';

const SEED = Number(process.env.TORTURE_SEED ?? 20_261_122);
const SKUS = smallWorld()
  .items.filter(({ unit, priceMinor }) => unit === 'each' && priceMinor !== null)
  .map(({ sku }) => sku);

interface JournalSale {
  readonly saleId: string;
  readonly receiptNo: string;
  readonly receiptSeq: number;
  readonly skus: readonly string[];
}

/** What is on the till's disk, read by somebody else. */
function journalOf(folder: string): { entries: { seq: number; hash: string }[]; sales: JournalSale[] } {
  const db = openTillDbReadonly(path.join(folder, 'journal.db'), readKey(path.join(folder, 'till.key')));
  try {
    const rows = db.prepare('select seq, lower(hex(hash)) as hash, text from journal order by seq').all() as {
      seq: number;
      hash: string;
      text: string;
    }[];
    const sales = rows.flatMap(({ text }) => {
      const { kind, body } = JSON.parse(text);
      if (kind !== 'sale') return [];
      const skus = body.lines.map((line: { sku: string }) => line.sku);
      return [{ saleId: body.id, receiptNo: body.receiptNo, receiptSeq: body.receiptSeq, skus }];
    });
    return { entries: rows.map(({ seq, hash }) => ({ seq, hash })), sales };
  } finally {
    db.close();
  }
}

interface Asker {
  query<Row>(text: string, params?: readonly string[]): Promise<Row[]>;
}

/** The cloud holds these journals, entry for entry, and one sale for each of their sales. */
async function expectCloudHolds(db: Asker, folders: readonly string[]): Promise<void> {
  const journals = folders.map(journalOf);
  const entries = await db.query<{ seq: number; hash: string }>(
    'select seq, hash from journal_entry order by hash',
  );
  const byHash = (a: { hash: string }, b: { hash: string }) => (a.hash < b.hash ? -1 : 1);
  expect(entries).toEqual(journals.flatMap((journal) => journal.entries).toSorted(byHash));
  const sales = await db.query<{ sale_id: string }>('select sale_id from sale order by sale_id');
  const expected = journals.flatMap((journal) => journal.sales.map(({ saleId }) => saleId)).toSorted();
  expect(sales.map(({ sale_id }) => sale_id)).toEqual(expected);
  expect(await db.query('select reason from quarantine')).toEqual([]);
}

function expectGapless(sales: readonly JournalSale[]): void {
  expect(sales.map(({ receiptSeq }) => receiptSeq)).toEqual(sales.map((_, index) => index + 1));
}

/** Lost with the process: ring it up again. */
const isLost = (cause: unknown) => cause instanceof LineLostError;

test.skipIf(openPtyPair() === null)(
  'a till killed -9 again and again during 120 sales: each is journalled once, no slip is without its entry, HQ has it all (skipped: no PTYs)',
  async () => {
    const random = seeded(SEED);
    const cloud = await openCloud('pglite');
    const folder = await aTillFolder(cloud, { code: 'K01' });
    const line = openPtyPair()!;
    const slips: Slip[] = [];
    attachVirtualPrinter(line.master, new VirtualPrinter(printerProfile('generic-80-gb18030')!), (output) =>
      slips.push(...output.slips),
    );
    const acknowledged: string[] = [];
    let kills = 0;
    let till: (Process & { port: number }) | null = null;
    let client: TillClient | null = null;
    const up = async (): Promise<TillClient> => {
      if (client !== null) return client;
      till = await startTill(folder, `serial:${line.path}@115200`);
      client = await TillClient.connect(till.port, TILL_TOKEN);
      const screen = client;
      await until(() => screen.view.store !== null, 'a store');
      const mine = till;
      // Some die at once, most after a few sales.
      const timer = setTimeout(
        () => {
          kills++;
          void mine.kill();
        },
        20 + random() * 2_500,
      );
      void screen.closed.then(() => {
        clearTimeout(timer);
        client = null;
      });
      return screen;
    };
    /** One intended sale: whatever dies on the way, it is made once. */
    const ring = async (sku: string): Promise<string> => {
      let pending: { basketId: string; amountMinor: number } | null = null;
      for (;;) {
        try {
          const screen = await up();
          if (pending !== null) {
            const asked: { basketId: string; amountMinor: number } = pending;
            try {
              await screen.call('payCash', asked);
              return asked.basketId;
            } catch (cause) {
              if (!(cause instanceof TillCallError)) throw cause;
              expect(cause.error.kind).toBe('basket_changed');
              pending = null;
            }
          }
          await screen.call('clearBasket', {});
          const view = await screen.call('addItem', { sku, qty: 1 });
          pending = { basketId: view.basket.id, amountMinor: view.payment.dueMinor };
          const paid = await screen.call('payCash', pending);
          expect(paid.view.lastSale?.saleId).toBe(pending.basketId);
          return pending.basketId;
        } catch (cause) {
          if (!isLost(cause)) throw cause;
          client = null;
          await till?.kill();
        }
      }
    };
    const intended = Array.from({ length: 120 }, () => SKUS[Math.floor(random() * SKUS.length)]!);
    console.log(`torture seed ${SEED}`);
    try {
      for (const sku of intended) {
        acknowledged.push(await ring(sku));
        // A cashier's pause, so that kills fall between sales too, and printing has its turn.
        if (random() < 0.5) await pause(random() * 30);
      }
      await (till as Process | null)?.kill();
      client = null;
      const quiet = await startTill(folder, `serial:${line.path}@115200`);
      const screen = await TillClient.connect(quiet.port, TILL_TOKEN);
      await until(
        () => screen.view.sync.unsent === 0 && screen.view.printer.queued === 0,
        'all sent and printed',
      );
      screen.close();
      await quiet.stop();
      const report = await verifyFile(folder);
      expect(report.broken).toBeNull();
      const { sales } = journalOf(folder);
      expect(sales.map(({ saleId }) => saleId)).toEqual(acknowledged);
      expect(sales.map(({ skus }) => skus)).toEqual(intended.map((sku) => [sku]));
      expectGapless(sales);
      const numbers = new Set(sales.map(({ receiptNo }) => receiptNo));
      const printed = slips.flatMap(({ text }) => /K01-\d{6}/.exec(text)?.[0] ?? []);
      expect(printed.filter((number) => !numbers.has(number))).toEqual([]);
      // Originals: each at most once, and only a slip that was on its way at a kill may be missing.
      expect(new Set(printed).size).toBe(printed.length);
      expect(sales.length - printed.length).toBeLessThanOrEqual(kills + 1);
      expect(kills).toBeGreaterThan(3);
      await expectCloudHolds(cloud.db, [folder]);
    } finally {
      await (till as Process | null)?.kill();
      await line.close();
      await cloud.close();
    }
  },
  // Some 40 s where nothing else runs: each start of a till is a real one.
  300_000,
);

test.skipIf(embeddedBinaries() === null)(
  'a cloud on PostgreSQL killed -9 three times while two tills push: nothing is lost, nothing is double (skipped: no PostgreSQL binaries)',
  async () => {
    const random = seeded(SEED + 1);
    const top = aFolder();
    const folder = path.join(top, 'cloud');
    const port = await aFreePort();
    let cloud = await startCloudProcess(folder, port);
    const { readFileSync } = await import('node:fs');
    const token = readFileSync(path.join(folder, 'hq-token'), 'utf8').trim();
    const client = cloudClient(cloud.url, token);
    await putWorld(client, smallWorld());
    const tills: TestTill[] = [];
    for (const code of ['K11', 'K12']) {
      const facts = { url: cloud.url, folder: top, client } as unknown as TestCloud;
      tills.push(await openTill(await aTillFolder(facts, { code }), { openPrinter: null }));
    }
    try {
      let selling = true;
      let made = 0;
      const cashiers = tills.map(async (till) => {
        const screen = await till.client();
        while (selling) {
          await sell(screen, [SKUS[made++ % SKUS.length]!]);
          await pause(4);
        }
      });
      for (let round = 0; round < 3; round++) {
        await pause(100 + random() * 900);
        await cloud.kill();
        cloud = await startCloudProcess(folder, port);
      }
      selling = false;
      await Promise.all(cashiers);
      const isDone = ({ till }: TestTill) => till.link!.ackedSeq === till.journal.head.seq;
      await until(() => tills.every(isDone), 'all acknowledged', 60_000);
      expect(made).toBeGreaterThan(20);
      await Promise.all(tills.map((till) => till.stop()));
      await cloud.stop();
      const { openEmbedded } = await import('../../cloud/db/embedded.ts');
      const db = await openEmbedded(folder);
      await expectCloudHolds(
        db,
        tills.map((till) => till.folder),
      );
      await db.close();
    } finally {
      await cloud.kill();
      removeFolder(top);
    }
  },
  120_000,
);

describe('a bad line', () => {
  test('that cuts, stalls, corrupts and repeats bytes both ways: journals and catalogue come out equal', async () => {
    const random = seeded(SEED + 2);
    const cloud = await openCloud('pglite', {
      limits: { batchEntriesMax: 20, batchBytesMax: 40_000, feedRowsMax: 25 },
    });
    const line = await aBadLine(cloud.url, random);
    const till = await openTill(await aTillFolder(cloud, { code: 'K21', url: line.url }), {
      openPrinter: null,
      ready: false,
    });
    const harms: readonly Harm[] = ['cut', 'stall', 'corrupt', 'repeat'];
    let harmed = 0;
    // Each kind in its turn, so that none is left to luck.
    line.decide = () => (random() < 0.1 ? harms[harmed++ % harms.length]! : 'none');
    try {
      await until(
        () => till.till.catalog.store !== null && till.till.catalog.itemBySku(SKUS[0]!) !== null,
        'the first goods',
        60_000,
      );
      const screen = await till.client();
      for (let index = 0; index < 80 || harmed < 12; index++) {
        const sku = SKUS[index % 5]!;
        await until(() => till.till.catalog.itemBySku(sku) !== null, sku, 60_000);
        await sell(screen, [sku]);
        if (index % 10 === 0) {
          const items = smallWorld().items.slice(index % 30, (index % 30) + 5);
          await cloud.client.put('/api/v1/items', {
            items: items.map((item) => ({
              ...item,
              ...(item.priceMinor === null ? {} : { priceMinor: 1_000 + index }),
            })),
          });
        }
        await pause(random() * 20);
      }
      for (const harm of harms) expect(line.counts[harm], harm).toBeGreaterThan(1);
      line.decide = () => 'none';
      // What the books tell the store of the last sales comes after them: the feed may still be moving.
      const [{ last }] = (await cloud.db.query<{ last: number }>(
        "select max(pos) as last from feed_row where store_id in ('', 'S01')",
      )) as [{ last: number }];
      await until(
        () => till.till.link!.ackedSeq === till.till.journal.head.seq && till.till.feed.cursor >= last,
        'both cursors at their ends',
        60_000,
      );
      const published = await cloud.db.query<{ key: string; data: object }>(
        "select key, data from feed_row where kind = 'item' order by key",
      );
      expect(published.map(({ key }) => till.till.catalog.itemBySku(key))).toEqual(
        published.map(({ data }) => data),
      );
      await till.stop();
      await expectCloudHolds(cloud.db, [till.folder]);
    } finally {
      await line.close();
      await cloud.close();
    }
  }, 120_000);
});

async function aFreePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}
