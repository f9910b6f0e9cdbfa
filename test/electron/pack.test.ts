/** The packed app: built as for an installer, its till started with plain Node, enrolled, and one sale rung up. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { electronBinary } from '../../electron/binary.ts';
import { buildDesktop } from '../../electron/build.ts';
import type { FromTill } from '../../electron/till-link.ts';
import { addTill } from '../../src/tools/cloud-client.ts';
import { openCloud, QUICK } from '../kit/cloud.ts';
import { withFolder } from '../kit/folder.ts';
import { sell } from '../kit/till.ts';
import { TillClient } from '../kit/till-client.ts';
import { until } from '../kit/until.ts';

const TOKEN = 'aa'.repeat(24);

test(
  'the packed till starts with plain Node outside the project, sells once, and HQ has it',
  () =>
    withFolder(async (folder) => {
      const app = path.join(folder, 'app');
      const { files, packages } = buildDesktop(app);
      expect(files.filter((file) => /^(?:cloud|test|src\/(?:tools|ui))\//.test(file))).toEqual([]);
      expect(packages).toContain('better-sqlite3');
      for (const name of ['antd', 'pg', '@electric-sql/pglite', 'vitest', 'electron']) {
        expect(packages).not.toContain(name);
      }
      const cloud = await openCloud(QUICK);
      const code = await addTill(cloud.client, { storeId: 'S01', code: 'P01' });
      const messages: FromTill[] = [];
      const child: ChildProcess = fork(path.join(app, 'electron/till-process.js'), [], {
        cwd: folder,
        execArgv: ['--no-experimental-strip-types'],
      });
      try {
        child.on('message', (message) => messages.push(message as FromTill));
        const till = path.join(folder, 'till');
        mkdirSync(till);
        const enrol = { cloudUrl: cloud.url, code };
        child.send({ do: 'start', folder: till, port: 0, token: TOKEN, keyHex: '05'.repeat(32), enrol });
        await until(() => messages.some(({ is }) => is === 'ready' || is === 'failed'), 'the packed till');
        const ready = messages.find((message) => message.is === 'ready');
        expect(ready, JSON.stringify(messages)).toBeDefined();
        const { port } = new URL((ready as { address: string }).address);
        const page = await fetch(`http://127.0.0.1:${port}/`);
        expect([page.status, (await page.text()).includes('id="root"')]).toEqual([200, true]);
        const client = await TillClient.connect(Number(port), TOKEN);
        await until(() => client.view.sync.dataAsOfMs !== null, 'its goods');
        await client.call('setDevice', {
          device: {
            role: 'printer',
            setting: { address: 'virtual', profile: 'generic-80-gb18030', encoding: null, columns: null },
          },
        });
        await sell(client, ['T1001']);
        await until(async () => (await client.call('demoPaper', { limit: 1 })).length === 1, 'its receipt');
        await until(() => client.view.sync.unsent === 0, 'HQ has it');
        expect(existsSync(path.join(till, 'till.key')), 'the key came from outside').toBe(false);
        client.close();
        expect(messages.some((message) => message.is === 'counter')).toBe(true);
      } finally {
        const gone = new Promise((resolve) => child.once('exit', resolve));
        child.send({ do: 'stop' });
        await gone;
        await cloud.close();
      }
    }),
  120_000,
);

const electron = electronBinary();

test.skipIf(electron === null)(
  'a real Electron window shows the till (skipped: no Electron binary)',
  async () => {
    const { _electron } = await import('playwright-core');
    await withFolder(async (folder) => {
      const app = path.join(folder, 'app');
      buildDesktop(app);
      const cloud = await openCloud(QUICK);
      const code = await addTill(cloud.client, { storeId: 'S01', code: 'P02' });
      const args = [
        app,
        '--no-sandbox',
        `--user-data-dir=${folder}/data`,
        '--port=0',
        '--cloud',
        cloud.url,
        '--code',
        code,
      ];
      const running = await _electron.launch({ executablePath: electron!, args });
      try {
        const window = await running.firstWindow();
        await window.getByTestId('scan-input').waitFor();
      } finally {
        await running.close();
        await cloud.close();
      }
    });
  },
);
