/** Backups of HQ: from either engine into either, the same rows; all of it or nothing. */
import { createHash, hash as hashOnce } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { RestoreError, restoreBackup } from '../../cloud/backup/restore.ts';
import { writeBackup } from '../../cloud/backup/write.ts';
import type { Db } from '../../cloud/db/db.ts';
import { openEmbedded } from '../../cloud/db/embedded.ts';
import { ingestPush } from '../../cloud/ingest/ingest.ts';
import type { Sha256 } from '../../src/core/ports.ts';
import { trafficOf } from '../bench/traffic.ts';
import { ENGINES, type Engine, openCloud, type TestCloud } from '../kit/cloud.ts';
import { aFolder, removeFolder } from '../kit/folder.ts';
import { aPglite } from '../kit/pglite.ts';
import { SALE_AT_MS } from '../kit/sales.ts';

const sha256: Sha256 = (...parts) => hashOnce('sha256', Buffer.concat(parts), 'buffer');
const facts = { nowMs: SALE_AT_MS, sha256, generation: 'after-the-restore' };
const SALES = 30;

let folder: string;
beforeAll(() => {
  folder = aFolder();
});
afterAll(() => removeFolder(folder));

/** An HQ with goods, people, sales of two tills, their points and what follows. */
async function aFullCloud(engine: Engine): Promise<TestCloud> {
  const cloud = await openCloud(engine);
  const members = await cloud.db.query<{ member_id: string }>(
    'select member_id from member order by member_id',
  );
  const memberIds = members.map(({ member_id }) => member_id);
  const tills = trafficOf({ tills: 2, salesEach: SALES / 2, batch: 10, memberIds });
  for (const { tillId, code, publicKey, pushes } of tills) {
    await cloud.db.query(
      "insert into till (till_id, store_id, code, public_key) values ($1, 'S01', $2, $3)",
      [tillId, code, publicKey],
    );
    for (const push of pushes) {
      const result = await ingestPush(cloud.db, sha256, push, SALE_AT_MS);
      expect(result.ok).toBe(true);
    }
  }
  await cloud.books.settled();
  return cloud;
}

async function anEmptyDb(engine: Engine): Promise<Db> {
  const at = path.join(aFolder(), 'db');
  const db = engine === 'pg' ? await openEmbedded(at) : await aPglite(at);
  onTestFinished(async () => {
    await db.close();
    removeFolder(path.dirname(at));
  });
  return db;
}

/** All rows of a backup with their table, sorted (rows have no order), but those that a restore changes on purpose. */
function linesOf(file: string): string[] {
  const lines = zstdDecompressSync(readFileSync(file)).toString('utf8').trimEnd().split('\n');
  const changed = new Set(['cloud_identity', 'till_alert', 'cloud_mark', 'lease_settling']);
  let table = '';
  return lines
    .slice(1, -1)
    .flatMap((line) => {
      if (line.startsWith('"')) table = JSON.parse(line) as string;
      return changed.has(table) ? [] : [`${table} ${line}`];
    })
    .toSorted();
}

describe.each(ENGINES)('a backup of an HQ on %s', (engine) => {
  let file: string;
  beforeAll(async () => {
    file = path.join(folder, `${engine}.backup`);
    const cloud = await aFullCloud(engine);
    const report = await writeBackup(cloud.db, file, SALE_AT_MS);
    expect(report).toMatchObject({ cloudId: cloud.cloudId, tables: expect.any(Number) });
    expect(report.rows).toBeGreaterThan(200);
    await cloud.close();
  });

  const other = ENGINES.find((each) => each !== engine) ?? engine;

  test(`goes into an empty ${other}: the same rows, 2 journals of 15 entries, their chains intact`, async () => {
    const db = await anEmptyDb(other);
    const report = await restoreBackup(db, { ...facts, file });
    expect(report).toMatchObject({ journals: 2, entries: SALES });
    const again = path.join(folder, `${engine}-${other}.backup`);
    await writeBackup(db, again, SALE_AT_MS);
    expect(linesOf(again)).toEqual(linesOf(file));
    const [identity] = await db.query('select generation from cloud_identity');
    expect(identity).toEqual({ generation: 'after-the-restore' });
    // Whoever sells next gets the next numbers.
    await db.query(
      `insert into quarantine (till_id, journal_id, seq, reason, text, at) values ('t', 'j', 1, 'r', 'x', now())`,
    );
    // A second time it finds an HQ.
    await expect(restoreBackup(db, { ...facts, file })).rejects.toMatchObject({ kind: 'not_empty' });
  });
});

describe('what is not restored', () => {
  const [engine] = ENGINES;
  let db: Db;
  let whole: Buffer;
  beforeAll(async () => {
    db = await aPglite(path.join(folder, 'refused'));
    whole = readFileSync(path.join(folder, `${engine}.backup`));
  });
  afterAll(() => db.close());

  /** The backup with other lines. */
  function changed(change: (lines: string[]) => string[]): Buffer {
    const lines = zstdDecompressSync(whole).toString('utf8').trimEnd().split('\n');
    return zstdCompressSync(`${change(lines).join('\n')}\n`, {
      params: { [constants.ZSTD_c_checksumFlag]: 1 },
    });
  }

  /** As somebody would who makes the checksum right again. */
  function resummed(change: (lines: string[]) => string[]): Buffer {
    return changed((lines) => {
      const body = change(lines).slice(0, -1);
      const { end } = JSON.parse(lines.at(-1)!) as { end: { rows: number } };
      const digest = createHash('sha256')
        .update(`${body.join('\n')}\n`)
        .digest('hex');
      return [...body, JSON.stringify({ end: { rows: end.rows, sha256: digest } })];
    });
  }

  test.each<[string, RestoreError['kind'], () => Buffer]>([
    ['a text file', 'damaged', () => Buffer.from('hello')],
    ['a packed file of something else', 'not_a_backup', () => zstdCompressSync(Buffer.from('{"a":1}\n'))],
    ['one that was cut off', 'damaged', () => whole.subarray(0, whole.length - 2_000)],
    [
      'one with a byte changed',
      'damaged',
      () =>
        Buffer.concat([whole.subarray(0, 9_000), Buffer.from([whole[9_000]! ^ 1]), whole.subarray(9_001)]),
    ],
    ['one without its end', 'damaged', () => changed((lines) => lines.slice(0, -1))],
    ['one with a row less', 'damaged', () => changed((lines) => lines.toSpliced(-2, 1))],
    [
      'one with another amount in an entry, its checksum made right',
      'chain',
      () => resummed((lines) => lines.map((line) => line.replace(/(\\"totalMinor\\":)(\d+)/, '$11$2'))),
    ],
    [
      'one of a newer program',
      'newer_version',
      () =>
        changed(([head, ...rest]) => [
          head!.replace(/"number":\d+(?!.*"number")/, '"number":99999'),
          ...rest,
        ]),
    ],
  ])('%s: %s, and the database stays empty', async (name, kind, bytes) => {
    const file = path.join(folder, `${name.length}.bad`);
    writeFileSync(file, bytes());
    const trouble = await restoreBackup(db, { ...facts, file }).catch((cause: unknown) => cause);
    expect(trouble).toBeInstanceOf(RestoreError);
    expect((trouble as RestoreError).kind, (trouble as Error).message).toBe(kind);
    const [there] = await db.query<{ there: boolean }>(
      `select to_regclass('public.sale') is not null as there`,
    );
    if (there!.there) {
      expect(await db.query('select 1 from sale union all select 1 from store')).toEqual([]);
    }
  });
});
