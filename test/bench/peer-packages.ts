/**
 * Peers whose packages are none of ours: installed on demand by `npm ci` from `peers/` into a folder of their own under `.build`, run there
 * as processes of their own.
 */
import { execFile, fork } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const SOURCE = fileURLToPath(new URL('./peers', import.meta.url));
const INSTALLED = fileURLToPath(new URL('../../.build/bench-peers', import.meta.url));
/** The lock file that the folder was installed by. */
const STAMP = path.join(INSTALLED, 'installed-by.json');
const INSTALL_MS = 240_000;

export interface PeerRun {
  readonly seconds: number;
  /** At the server when the clock stopped. */
  readonly docs: number;
}

/**
 * @param isQuick takes what is there and asks no registry
 * @returns the folder; else why there is none, in words
 */
export async function installPeers(
  isQuick: boolean,
): Promise<{ readonly folder: string } | { readonly why: string }> {
  const lock = readFileSync(path.join(SOURCE, 'package-lock.json'), 'utf8');
  const isThere = existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock;
  if (!isThere && isQuick)
    return { why: 'their packages are not installed, and the small input asks no registry' };
  mkdirSync(INSTALLED, { recursive: true });
  for (const name of readdirSync(SOURCE)) copyFileSync(path.join(SOURCE, name), path.join(INSTALLED, name));
  if (isThere) return { folder: INSTALLED };
  try {
    await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
      cwd: INSTALLED,
      timeout: INSTALL_MS,
    });
  } catch (cause) {
    const [line] = (cause as { stderr?: string }).stderr?.trim().split('\n') ?? [];
    return { why: `npm ci failed: ${line ?? (cause as Error).message}` };
  }
  writeFileSync(STAMP, lock);
  return { folder: INSTALLED };
}

/** Runs one of the programs there to its end. @throws Error with its last words when it fails */
export function runPeer(folder: string, program: string, args: readonly string[]): Promise<PeerRun> {
  return new Promise((resolve, reject) => {
    const child = fork(path.join(folder, program), args, {
      cwd: folder,
      execArgv: [],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    let result: PeerRun | null = null;
    child.stderr!.on('data', (bytes: Buffer) => {
      complaints = (complaints + bytes.toString('utf8')).slice(-2_000);
    });
    child.once('message', (said) => {
      result = said as PeerRun;
    });
    child.once('exit', (code) =>
      result === null ? reject(new Error(`${program} ended with ${code}: ${complaints}`)) : resolve(result),
    );
  });
}
