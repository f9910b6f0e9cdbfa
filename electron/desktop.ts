/**
 * `npm run desktop -- FLAGS`: the desktop app in Electron's own window, from the sources.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { wantElectron } from './binary.ts';
import { buildDesktop } from './build.ts';

const APP = path.join(fileURLToPath(new URL('../', import.meta.url)), '.build/desktop');

try {
  const program = wantElectron();
  buildDesktop(APP);
  const running = spawn(program, [APP, ...process.argv.slice(2)], { stdio: 'inherit' });
  running.on('error', (cause) => fail(cause));
  running.on('exit', (code) => process.exit(code ?? 1));
} catch (cause) {
  fail(cause as Error);
}

function fail(cause: Error): void {
  process.stderr.write(`${cause.message}\n`);
  process.exitCode = 1;
}
