/** One process a data folder: the second is told who has it, a dead owner's lock is taken over. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { DbError } from '../../cloud/db/db.ts';
import { lockFolder } from '../../cloud/db/folder-lock.ts';
import { openPglite } from '../../cloud/db/pglite.ts';
import { withFolder } from '../kit/folder.ts';
import { aPglite } from '../kit/pglite.ts';

const source = fileURLToPath(new URL('../../cloud/db/folder-lock.ts', import.meta.url));

function troubleOf(work: () => unknown): DbError {
  try {
    work();
  } catch (cause) {
    expect(cause).toBeInstanceOf(DbError);
    return cause as DbError;
  }
  throw new Error('this was expected to fail');
}

test('a second PGlite on one folder is `in_use` and names this process; after close it opens, data and all', () =>
  withFolder(async (folder) => {
    const first = await aPglite(folder);
    await first.script('create table kept (x int); insert into kept values (7)');
    const trouble = await openPglite(folder).catch((cause: unknown) => cause as DbError);
    expect(trouble).toMatchObject({ kind: 'in_use', message: expect.stringContaining(String(process.pid)) });
    expect(await first.query('select x from kept')).toEqual([{ x: 7 }]);
    await first.close();
    const second = await openPglite(folder);
    expect(await second.query('select x from kept')).toEqual([{ x: 7 }]);
    await second.close();
  }));

test('another living process is named; killed -9, its lock is taken over', () =>
  withFolder(async (folder) => {
    const script = `const { lockFolder } = await import(${JSON.stringify(source)}); lockFolder(${JSON.stringify(folder)});
      console.log('held'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => child.stdout.once('data', resolve));
    expect(troubleOf(() => lockFolder(folder)).message).toContain(`process ${child.pid}`);
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
    expect(existsSync(path.join(folder, 'lock'))).toBe(true);
    lockFolder(folder)();
    expect(existsSync(path.join(folder, 'lock'))).toBe(false);
  }));

test.each(['', 'garbage', '-5 1', '0 0', '999999999 5'])('a lock that holds %j is stale', (text) =>
  withFolder((folder) => {
    writeFileSync(path.join(folder, 'lock'), text);
    lockFolder(folder)();
  }),
);

test("a lock with this process's number and another start time is a number used again: stale", () =>
  withFolder((folder) => {
    const release = lockFolder(folder);
    const [pid] = readFileSync(path.join(folder, 'lock'), 'utf8').split(' ');
    release();
    writeFileSync(path.join(folder, 'lock'), `${pid} 1`);
    lockFolder(folder)();
  }));

test('of five processes that ask for one folder at once, one gets it', () =>
  withFolder((folder) => {
    const script = `const { lockFolder } = await import(${JSON.stringify(source)});
      try { lockFolder(${JSON.stringify(folder)}); console.log('got'); } catch (e) { console.log(e.kind); }
      setTimeout(() => {}, 1500);`;
    const file = path.join(folder, 'try.mjs');
    writeFileSync(file, script);
    const run = `for i in 1 2 3 4 5; do "$0" "$1" & done; wait`;
    const { stdout } = spawnSync('/bin/sh', ['-c', run, process.execPath, file], { encoding: 'utf8' });
    expect(stdout.trim().split('\n').toSorted()).toEqual(['got', 'in_use', 'in_use', 'in_use', 'in_use']);
  }));
