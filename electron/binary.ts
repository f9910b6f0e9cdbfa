/**
 * Electron's binary: a hundred megabytes that npm's package fetches from github.com when it is first wanted.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

/** Folder of npm's package; null: it is not installed. */
function packageFolder(): string | null {
  try {
    return path.dirname(createRequire(import.meta.url).resolve('electron/package.json'));
  } catch {
    return null;
  }
}

/** The folder that holds Electron for this system, as its archives do; null: it was not fetched. */
export function electronFolder(): string | null {
  const given = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const folder = packageFolder();
  const dist = given ?? (folder === null ? null : path.join(folder, 'dist'));
  return dist !== null && existsSync(path.join(dist, programName())) ? dist : null;
}

/** The program itself; null: it was not fetched. */
export function electronBinary(): string | null {
  const folder = electronFolder();
  return folder === null ? null : path.join(folder, programName());
}

/** Fetches it where it is missing. @returns the program @throws Error in words: what is missing, and what to do without it */
export function wantElectron(): string {
  const there = electronBinary();
  if (there !== null) return there;
  const folder = packageFolder();
  if (folder === null) throw new Error(`Electron is not installed: run \`npm ci\` first. ${WITHOUT}`);
  const { version } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    version: string;
  };
  process.stderr.write(`Electron ${version} is not here yet: it is fetched from github.com …\n`);
  const fetched = spawnSync(process.execPath, [path.join(folder, 'install.js')], { encoding: 'utf8' });
  const binary = electronBinary();
  if (binary !== null) return binary;
  const why =
    fetched.stderr.split('\n').find((line) => line.includes('Error')) ?? `exit code ${fetched.status}`;
  throw new Error(
    `There is no Electron binary for this system, and it could not be fetched (${why.trim()}). Allow github.com, name a mirror ` +
      `in ELECTRON_MIRROR, or a folder with Electron ${version} in ELECTRON_OVERRIDE_DIST_PATH. ${WITHOUT}`,
  );
}

const WITHOUT =
  'Without it the till runs in a browser: `npm run till -- --data FOLDER`, then open the address that it prints.';

function programName(): string {
  const names: Readonly<Record<string, string>> = {
    darwin: 'Electron.app/Contents/MacOS/Electron',
    win32: 'electron.exe',
  };
  return names[process.platform] ?? 'electron';
}
