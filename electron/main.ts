/**
 * The desktop app's entry: the real Electron, handed to the shell.
 */
import { randomBytes } from 'node:crypto';
import * as electron from 'electron';
import type { ElectronPort } from './ports.ts';
import { startShell } from './shell.ts';
import type { UpdaterPort } from './update.ts';

await startShell({
  // The port is a part of the module, with its overloads left out.
  electron: electron as unknown as ElectronPort,
  updater: async () => {
    const { autoUpdater } = (await import('electron-updater')).default;
    return autoUpdater as unknown as UpdaterPort;
  },
  args: process.argv.slice(1),
  random: (bytes) => new Uint8Array(randomBytes(bytes)),
  nowMs: () => performance.now(),
  after: (ms, run) => void setTimeout(run, ms),
});
