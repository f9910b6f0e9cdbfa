/**
 * `npm run dist -- FLAGS OF ELECTRON-BUILDER`: installers of the desktop app in `.build/dist`.
 *
 * `COUNTERFOIL_UPDATES_URL` is where updates come from, `COUNTERFOIL_UPDATES_KEY` the public key that they are signed for
 * (`electron/sign.ts`); without them the app looks for none. electron-builder is fetched by npm when this runs: shops need none.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { electronFolder, wantElectron } from './binary.ts';
import { buildDesktop } from './build.ts';
import { writeIcons } from './icons.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const BUILDER = 'electron-builder@26.17.0';

/** The configuration for this run: `builder.json`, without a place for updates where none is named. */
export function builderConfig(env: NodeJS.ProcessEnv): object {
  const config = JSON.parse(readFileSync(path.join(ROOT, 'electron/builder.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  return env.COUNTERFOIL_UPDATES_URL === undefined ? { ...config, publish: null } : config;
}

function main(): void {
  // First of all: electron-builder tries to fetch it for many minutes where it cannot.
  wantElectron();
  buildDesktop(path.join(ROOT, '.build/desktop'));
  writeIcons(path.join(ROOT, '.build/icons'));
  const file = path.join(ROOT, '.build/builder.json');
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, JSON.stringify(builderConfig(process.env), null, 2));
  const flags = ['--config', file, '--publish', 'never', ...process.argv.slice(2)];
  const own = process.argv.length === 2 ? [`-c.electronDist=${electronFolder()!}`] : [];
  const { status } = spawnSync(
    'npm',
    ['exec', '--yes', `--package=${BUILDER}`, '--', 'electron-builder', ...flags, ...own],
    { cwd: ROOT, stdio: 'inherit', shell: process.platform === 'win32' },
  );
  process.exitCode = status ?? 1;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    main();
  } catch (cause) {
    process.stderr.write(`${(cause as Error).message}\n`);
    process.exitCode = 1;
  }
}
