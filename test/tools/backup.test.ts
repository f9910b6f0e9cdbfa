/** `counterfoil backup` and `restore` as people run them: a till and HQ, both running. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readMembers } from '../../cloud/members/store.ts';
import { backup, restore } from '../../src/tools/backup.ts';
import { verifyFile } from '../../src/tools/verify.ts';
import { ENGINES, openCloud, type TestCloud } from '../kit/cloud.ts';
import { aTillFolder, openTill, type TestTill } from '../kit/till.ts';
import { until } from '../kit/until.ts';

const run = promisify(execFile);
const TOOL = fileURLToPath(new URL('../../src/tools/counterfoil.ts', import.meta.url));
const counterfoil = (...args: string[]) => run(process.execPath, [TOOL, ...args]);
const facts = { databaseUrl: null, nowMs: Date.UTC(2026, 10, 30) };

let cloud: TestCloud;
let till: TestTill;
let at: (name: string) => string;

beforeAll(async () => {
  cloud = await openCloud(ENGINES.at(-1)!);
  at = (name) => path.join(cloud.folder, name);
  till = await openTill(await aTillFolder(cloud, { code: 'BK1' }), { openPrinter: null });
  await until(() => till.till.catalog.store !== null, 'the first feed has come');
  const { till: running } = till;
  for (let n = 0; n < 3; n++) running.setTraining(n % 2 === 0, running.catalog.store!);
});
afterAll(async () => {
  await till.stop();
  await cloud.close();
});

describe('a till', () => {
  test('is backed up while it runs, without its key, and is the same till again where it is restored', async () => {
    const { stdout } = await counterfoil('backup', till.folder, '--to', at('till.backup'), '--json');
    const report = JSON.parse(stdout) as { tillCode: string; head: { seq: number } };
    expect(report).toMatchObject({ of: 'till', tillCode: 'BK1', head: till.till.journal.head });
    expect(readdirSync(at('till.backup')).sort()).toEqual(['backup.json', 'journal.db', 'shop.db']);
    const key = path.join(till.folder, 'till.key');
    const words = await counterfoil('restore', at('till.backup'), '--to', at('again'), '--key', key);
    expect(words.stdout).toContain(`${report.head.seq} entries, chain intact`);
    const verified = await verifyFile(at('again'));
    expect(verified).toMatchObject({ broken: null, entries: report.head.seq, head: till.till.journal.head });
    const { till: again, stop } = await openTill(at('again'), { openPrinter: null, sync: false });
    expect(again.identity).toEqual(till.till.identity);
    expect(again.catalog.counts()).toEqual(till.till.catalog.counts());
    await stop();
  });

  test.each<[string, () => Promise<unknown>, RegExp]>([
    [
      'without its key',
      () => restore({ ...facts, from: at('till.backup'), folder: at('x'), key: null, store: 'pg' }),
      /till\.key/,
    ],
    [
      'with another key',
      async () => {
        writeFileSync(at('other.key'), 'ab'.repeat(32));
        await restore({
          ...facts,
          from: at('till.backup'),
          folder: at('x'),
          key: at('other.key'),
          store: 'pg',
        });
      },
      /does not open with this key/,
    ],
    [
      'over a till that is there',
      () =>
        restore({
          ...facts,
          from: at('till.backup'),
          folder: till.folder,
          key: path.join(till.folder, 'till.key'),
          store: 'pg',
        }),
      /is not empty/,
    ],
    [
      'with a byte changed',
      async () => {
        const file = path.join(at('till.backup'), 'journal.db');
        const bytes = readFileSync(file);
        bytes[5_000]! ^= 1;
        writeFileSync(file, bytes);
        await restore({
          ...facts,
          from: at('till.backup'),
          folder: at('x'),
          key: path.join(till.folder, 'till.key'),
          store: 'pg',
        });
      },
      /journal\.db in the backup is damaged/,
    ],
    [
      'from a folder that is none',
      () => restore({ ...facts, from: cloud.folder, folder: at('x'), key: null, store: 'pg' }),
      /is no backup of a till/,
    ],
    [
      'to a name that is taken',
      () => backup({ ...facts, folder: till.folder, to: at('till.backup') }),
      /is there already/,
    ],
    [
      'of a folder that is nobody’s',
      () => backup({ ...facts, folder: at('nowhere'), to: at('y') }),
      /neither a till's folder nor HQ's/,
    ],
  ])('%s: refused in words, nothing is left behind', async (_, work, words) => {
    await expect(work()).rejects.toThrow(words);
    for (const name of ['x', 'x.part', 'y', 'y.part']) expect(existsSync(at(name))).toBe(false);
  });
});

test.skipIf(ENGINES.length === 1)(
  'HQ is backed up while it runs and restored into a new folder, and starts there',
  async () => {
    await until(
      async () => (await cloud.db.query('select 1 from journal_entry')).length >= 4,
      'HQ has the entries',
    );
    const made = await backup({ ...facts, folder: at('cloud'), to: at('hq.backup') });
    expect(made).toMatchObject({ of: 'hq', cloudId: cloud.cloudId });
    // On PGlite: a restore may also change the engine.
    const folder = path.join(at('moved'), 'cloud');
    const back = await restore({ ...facts, from: at('hq.backup'), folder, key: null, store: 'pglite' });
    expect(back).toMatchObject({ of: 'hq', cloudId: cloud.cloudId, journals: 1 });
    for (const name of ['kek', 'hq-token']) {
      if (existsSync(path.join(at('cloud'), name))) {
        writeFileSync(path.join(at('moved'), 'cloud', name), readFileSync(path.join(at('cloud'), name)), {
          mode: 0o600,
        });
      }
    }
    const moved = await openCloud('pglite', { folder: at('moved'), world: null });
    expect(moved.cloudId).toBe(cloud.cloudId);
    // With its key HQ reads names there as well.
    const [first] = await readMembers(moved.db, ['m-0001']);
    const [before] = await readMembers(cloud.db, ['m-0001']);
    expect(first).toEqual(before);
    await moved.close();
  },
  // A database that is made, and its migrations, on a machine with other work.
  120_000,
);
