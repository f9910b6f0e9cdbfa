/** `npx counterfoil user`: the first user of HQ's console, made with the owner's token. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { QUICK, withCloud } from '../kit/cloud.ts';

const TOOL = path.join(import.meta.dirname, '../../src/tools/counterfoil.ts');
const run = promisify(execFile);

test('user add prints a password that signs in once; reset makes another; a wrong folder is told', async () => {
  await withCloud(QUICK, async (cloud) => {
    const at = ['--cloud', cloud.url, '--data', path.join(cloud.folder, 'cloud'), '--json'];
    const tool = (...words: string[]) => run(process.execPath, [TOOL, 'user', ...words]);
    const signIn = async (login: string, password: string) => {
      const response = await fetch(`${cloud.url}/api/v1/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ login, password }),
      });
      return (await response.json()) as object;
    };
    const added = JSON.parse((await tool('add', 'lin', '--role', 'admin', ...at)).stdout);
    expect(await signIn('lin', added.password)).toMatchObject({ role: 'admin', passwordTemporary: true });
    const reset = JSON.parse((await tool('reset', 'lin', ...at)).stdout);
    expect(await signIn('lin', added.password)).toMatchObject({ kind: 'wrong_credentials' });
    expect(await signIn('lin', reset.password)).toMatchObject({ login: 'lin' });
    const failed = await tool('add', 'wu', '--role', 'admin', '--data', cloud.folder).catch((cause) => cause);
    expect([failed.code, failed.stderr]).toEqual([1, expect.stringContaining('there is no hq-token in')]);
  });
});
