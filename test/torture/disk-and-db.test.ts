/** A disk that is really full, and a PostgreSQL that is stopped under load: what was paid is there, once, and all goes on by itself. */
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { embeddedBinaries, openEmbedded } from '../../cloud/db/embedded.ts';
import { enrolTill } from '../../src/till/enrol.ts';
import { systemChance, systemClock } from '../../src/till/run.ts';
import { addTill, cloudClient, putWorld } from '../../src/tools/cloud-client.ts';
import { openCloud, smallWorld, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aTillFolder, openTill, sell, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';
import { startCloudOn } from './processes.ts';

const allThere = ({ till: { link, journal } }: TestTill) =>
  until(() => link!.status.state === 'online' && link!.ackedSeq === journal.head.seq, 'HQ has all', 60_000);

/** A disk of so many MB, gone with `release`; null: this machine lets nobody mount one. */
function aSmallDisk(megabytes: number): { readonly at: string; release(): void } | null {
  const at = aFolder();
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', at], { stdio: 'ignore' });
  } catch {
    removeFolder(at);
    return null;
  }
  return {
    at,
    release: () => {
      execFileSync('umount', ['-l', at]);
      removeFolder(at);
    },
  };
}

const MEGABYTES = 24;
const probe = aSmallDisk(1);
probe?.release();

describe('a till', () => {
  test.skipIf(probe === null)(
    `on a disk of ${MEGABYTES} MB that fills up: the sale is refused in words, the basket stays, and with room again it is paid; lost 0, doubled 0`,
    async () => {
      const cloud = await openCloud('pglite');
      const disk = aSmallDisk(MEGABYTES)!;
      try {
        const folder = path.join(disk.at, 'till');
        const code = await addTill(cloud.client, { storeId: 'S01', code: 'D1' });
        await enrolTill({ folder, cloudUrl: cloud.url, code, clock: systemClock, chance: systemChance });
        const till = await openTill(folder, { openPrinter: null });
        const client = await till.client();
        await sell(client, ['T1001']);
        await allThere(till);
        const ballast = path.join(disk.at, 'ballast');
        fill(ballast);
        let sold = 1;
        // The log of the journal has room for some: long reasons fill it, so that it is not thousands of sales.
        for (const signs of [60_000, 8_000, 10]) while (isNoted(till, signs));
        await client.call('addItem', { sku: 'T1001', qty: 1 });
        const { basket, payment } = client.view;
        const paying = () => client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
        await expect(paying()).rejects.toMatchObject({ error: { kind: 'journal', detail: 'disk_full' } });
        const { head } = till.till.journal;
        rmSync(ballast);
        expect(till.till.journal.head).toEqual(head);
        expect((await paying()).settled).toBe(true);
        sold++;
        await allThere(till);
        await cloud.books.settled();
        const rows = await cloud.db.query<{ id: string }>('select sale_id as id from sale');
        expect(rows.length).toBe(sold);
        expect(await cloud.db.query('select reason from quarantine')).toEqual([]);
        await till.stop();
      } finally {
        disk.release();
        await cloud.close();
      }
    },
  );
});

/** Until not a block is left. */
function fill(file: string): void {
  const block = Buffer.alloc(64 * 1024);
  for (let size = block.length; size >= 512; size >>= 1) {
    try {
      for (;;) writeFileSync(file, block.subarray(0, size), { flag: 'a' });
    } catch {
      // Full for this size.
    }
  }
}

/** Money put into the drawer for a reason of so many signs. @returns false when the disk has no room for it */
function isNoted({ till }: TestTill, signs: number): boolean {
  const body = { kind: 'paid_in', amountMinor: 1, reason: 'x'.repeat(signs) } as const;
  try {
    till.commit({ kind: 'cash_moved', body }, till.zone);
    return true;
  } catch (cause) {
    if ((cause as { kind?: string }).kind === 'disk_full') return false;
    throw cause;
  }
}

describe.skipIf(embeddedBinaries() === null)('HQ', () => {
  test('whose PostgreSQL is stopped and started 3 times while 2 tills sell 30: lost 0, doubled 0, nobody helps', {
    timeout: 120_000,
  }, async () => {
    const folder = aFolder();
    const at = path.join(folder, 'db');
    let db = await openEmbedded(at);
    const [row] = await db.query<{ at: string }>("select current_setting('unix_socket_directories') as at");
    const url = `postgres://counterfoil@localhost/postgres?host=${encodeURIComponent(row!.at)}`;
    const data = path.join(folder, 'data');
    const hq = await startCloudOn(url, data);
    const client = cloudClient(hq.url, readFileSync(path.join(data, 'hq-token'), 'utf8').trim());
    await putWorld(client, smallWorld());
    const via = { url: hq.url, client, folder } as unknown as TestCloud;
    const tills: TestTill[] = [];
    for (const code of ['Q1', 'Q2']) {
      tills.push(await openTill(await aTillFolder(via, { code }), { openPrinter: null }));
    }
    const screens = await Promise.all(tills.map((till) => till.client()));
    for (let cycle = 0; cycle < 3; cycle++) {
      const selling = screens.map(async (screen) => {
        for (let n = 0; n < 5; n++) await sell(screen, ['T1001']);
      });
      await db.close();
      await Promise.all(selling);
      db = await openEmbedded(at);
      for (const till of tills) await allThere(till);
    }
    const [count] = await db.query<{ n: number; ids: number }>(
      'select count(*) as n, count(distinct sale_id) as ids from sale',
    );
    expect(count).toEqual({ n: 30, ids: 30 });
    expect(await db.query('select reason from quarantine')).toEqual([]);
    await until(
      async () => (await db.query('select 1 from books_cursor where through_seq < head_seq')).length === 0,
      'the books are settled',
      60_000,
    );
    for (const till of tills) await till.stop();
    expect(await hq.stop()).toBe(0);
    await db.close();
    removeFolder(folder);
  });
});
