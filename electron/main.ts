/**
 * The desktop app's entry: the real Electron, handed to the shell.
 */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import * as electron from 'electron';
import type { ElectronPort } from './ports.ts';
import { startShell } from './shell.ts';
import { feedName, fetchedFault } from './signed-feed.ts';
import type { UpdaterPort } from './update.ts';

/** For a feed of a few hundred bytes. */
const GET_MS = 20_000;

await startShell({
  // The port is a part of the module, with its overloads left out.
  electron: electron as unknown as ElectronPort,
  updater: async () => {
    const { autoUpdater } = (await import('electron-updater')).default;
    return autoUpdater as unknown as UpdaterPort;
  },
  updateFault: async (channel, update) => {
    const { url, key } = await builtIn();
    if (url === null) return 'this build knows no place for updates';
    const name = feedName(channel, process.platform, process.arch);
    return fetchedFault(update, { url, name, publicKey: key }, get);
  },
  args: process.argv.slice(1),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  nowMs: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
});

/** What `electron/build.ts` wrote into the app's package.json. */
async function builtIn(): Promise<{ readonly url: string | null; readonly key: string | null }> {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
    updates?: { url: string | null; key: string | null };
  };
  return manifest.updates ?? { url: null, key: null };
}

async function get(address: string): Promise<Uint8Array> {
  const answer = await fetch(address, { signal: AbortSignal.timeout(GET_MS), redirect: 'error' });
  if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
  return new Uint8Array(await answer.arrayBuffer());
}
