/** Opening the cloud's database: after a kill -9, with somebody on the folder, with nobody at DATABASE_URL, on a taken port. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { startCloud } from '../../cloud/cloud.ts';
import { DbError } from '../../cloud/db/db.ts';
import { embeddedBinaries, openEmbedded } from '../../cloud/db/embedded.ts';
import { openDb, PGLITE_WARNING } from '../../cloud/db/open.ts';
import { withFolder as withTop } from '../kit/folder.ts';
import { fillPglite } from '../kit/pglite.ts';

/** A folder inside the temporary one, as a cloud makes it: others may list it, so PostgreSQL's data is really in there. */
const withFolder = (work: (folder: string) => Promise<void>) =>
  withTop((top) => work(path.join(top, 'cloud')));

const source = fileURLToPath(new URL('../../cloud/db/embedded.ts', import.meta.url));
const hasPg = embeddedBinaries() !== null;

/** A process that holds the embedded PostgreSQL of a folder. */
async function anOwner(folder: string): Promise<ChildProcess> {
  const script = `const { openEmbedded } = await import(${JSON.stringify(source)});
    const db = await openEmbedded(${JSON.stringify(folder)});
    await db.script('create table if not exists kept (x int); insert into kept values (1)');
    console.log('ready'); setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await new Promise((resolve) => child.stdout!.once('data', resolve));
  return child;
}

async function killed(child: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

const postmasterOf = (folder: string) =>
  Number(readFileSync(path.join(folder, 'pg/data/postmaster.pid'), 'utf8').split('\n')[0]);

describe.skipIf(!hasPg)('the embedded PostgreSQL (skipped: no binaries for this platform)', () => {
  test('killed -9 twice, PostgreSQL left running: the next start ends that one and has every committed row', () =>
    withFolder(async (folder) => {
      const pids: number[] = [];
      for (let round = 0; round < 2; round++) {
        const owner = await anOwner(folder);
        pids.push(postmasterOf(folder));
        await killed(owner);
        process.kill(pids.at(-1)!, 0);
      }
      const db = await openEmbedded(folder);
      expect(await db.query('select count(*) as n from kept')).toEqual([{ n: 2 }]);
      expect(pids).not.toContain(postmasterOf(folder));
      await db.close();
    }));

  test('a folder of a living cloud is `in_use` with its process id, and that one goes on', () =>
    withFolder(async (folder) => {
      const owner = await anOwner(folder);
      const pid = postmasterOf(folder);
      const trouble = await openEmbedded(folder).catch((cause: unknown) => cause as DbError);
      expect(trouble).toMatchObject({
        kind: 'in_use',
        message: expect.stringContaining(`process ${owner.pid}`),
      });
      process.kill(pid, 0);
      await killed(owner);
      await (await openEmbedded(folder)).close();
    }));

  test('an initdb that was cut short (PG_VERSION alone in a folder beside) is made anew', () =>
    withFolder(async (folder) => {
      mkdirSync(path.join(folder, 'pg/data.new'), { recursive: true });
      writeFileSync(path.join(folder, 'pg/data.new/PG_VERSION'), '18\n');
      const db = await openEmbedded(folder);
      expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
      await db.close();
    }));

  test('a postmaster.pid whose number is another program by now is stale', () =>
    withFolder(async (folder) => {
      await (await openEmbedded(folder)).close();
      writeFileSync(path.join(folder, 'pg/data/postmaster.pid'), `${process.pid}\n${folder}\n`);
      const db = await openEmbedded(folder);
      expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
      await db.close();
    }));
});

test('nobody at DATABASE_URL is `unreachable`: the words name host and database and keep the password', async () => {
  const outcome = await openDb({
    databaseUrl: 'postgres://shop:s3cret@127.0.0.1:9/hq',
    store: 'pg',
    folder: '/nowhere',
    warn: () => {},
  }).catch((cause: unknown) => cause as DbError);
  expect(outcome).toBeInstanceOf(DbError);
  expect(outcome).toMatchObject({
    kind: 'unreachable',
    retry: true,
    message: expect.stringContaining('127.0.0.1:9/hq'),
  });
  expect((outcome as DbError).message).not.toContain('s3cret');
});

test('PGlite warns that a power cut can lose sales; a taken port is told in words, and the database is closed again', () =>
  withFolder(async (folder) => {
    const warnings: string[] = [];
    const start = async (name: string, port: number) => {
      if (!existsSync(path.join(folder, name))) await fillPglite(path.join(folder, name));
      return startCloud({
        host: '127.0.0.1',
        port,
        db: { databaseUrl: null, store: 'pglite', folder: path.join(folder, name) },
        openOnLoopback: false,
        log: (text) => warnings.push(text),
      });
    };
    const first = await start('a', 0);
    expect(warnings).toEqual([
      expect.stringMatching(/^note: .*kek, made just now/),
      `warning: ${PGLITE_WARNING}`,
    ]);
    await expect(start('b', Number(new URL(first.url).port))).rejects.toThrow(/port \d+ is taken.*--port/);
    await (await start('b', 0)).close();
    await first.close();
  }));
