/**
 * Real processes that are killed -9 and started again: a till, a cloud.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));

export interface Process {
  readonly child: ChildProcess;
  /** What it said on its first lines, up to `ready`. */
  readonly words: string;
  /** Ends it as a power cut does, and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to end. */
  stop(): Promise<number | null>;
}

/** Starts a program of ours and waits for `ready`. @throws Error with its own last words when it ends before */
export function startProcess(
  file: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Process> {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: ROOT,
    // The test's own store, whatever the machine is set to.
    env: { ...process.env, DATABASE_URL: undefined, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const gone = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  let [said, complaints] = ['', ''];
  child.stderr.on('data', (bytes: Buffer) => {
    complaints = (complaints + bytes.toString('utf8')).slice(-4_000);
  });
  return new Promise((resolve, reject) => {
    child.stdout.on('data', (bytes: Buffer) => {
      said += bytes.toString('utf8');
      if (!said.includes('\nready')) return;
      resolve({
        child,
        words: said,
        kill: async () => {
          child.kill('SIGKILL');
          await gone;
        },
        stop: () => {
          child.kill('SIGTERM');
          return gone;
        },
      });
    });
    void gone.then((code) =>
      reject(new Error(`${file} ended with ${code} before it was ready: ${complaints}`)),
    );
  });
}

export const TILL_TOKEN = 'torture';

/** @returns the process and the port of its screens */
export async function startTill(folder: string, printer: string): Promise<Process & { port: number }> {
  const started = await startProcess(
    'src/till/main.ts',
    ['--data', folder, '--port', '0', '--scanner', 'none', '--printer', printer],
    { COUNTERFOIL_TILL_TOKEN: TILL_TOKEN },
  );
  return { ...started, port: Number(/127\.0\.0\.1:(\d+)/.exec(started.words)![1]) };
}

/** One of several that share a PostgreSQL, its token and its keys. */
export async function startCloudOn(
  databaseUrl: string,
  folder: string,
  more: readonly string[] = [],
): Promise<Process & { url: string }> {
  const args = ['--data', folder, '--port', '0', ...more];
  const started = await startProcess('cloud/main.ts', args, { DATABASE_URL: databaseUrl });
  return { ...started, url: /http:\/\/\S+/.exec(started.words)![0] };
}

export async function startCloudProcess(folder: string, port: number): Promise<Process & { url: string }> {
  const started = await startProcess('cloud/main.ts', [
    '--data',
    folder,
    '--port',
    String(port),
    '--store',
    'pg',
  ]);
  return { ...started, url: /http:\/\/\S+/.exec(started.words)![0] };
}
