/**
 * Child processes of the demo chain: started, heard to be ready, restarted with backoff, stopped in order.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Child {
  /** What it printed before `ready`. */
  readonly words: string;
  stop(): Promise<void>;
}

export interface ChildConfig {
  readonly name: string;
  readonly file: URL;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly onLine: (line: string) => void;
}

const BACKOFF_MS = [250, 500, 1_000, 2_000, 5_000];
const READY_MS_MAX = 60_000;

/** Starts a process that prints `ready`, and keeps it running until `stop`. @throws Error with its own last words */
export async function keepRunning(config: ChildConfig): Promise<Child> {
  let stopping = false;
  let current = launch(config);
  const words = await current.ready;
  let crashes = 0;
  const watch = (running: Launched) => {
    running.process.once('exit', (code, signal) => {
      if (stopping) return;
      const waitMs = BACKOFF_MS[Math.min(crashes++, BACKOFF_MS.length - 1)]!;
      config.onLine(
        `${config.name} ended (${signal ?? code}); starting it again in ${waitMs} ms. Nothing is lost.`,
      );
      setTimeout(() => {
        if (stopping) return;
        current = launch(config);
        watch(current);
        current.ready.then(
          () => {
            crashes = 0;
            config.onLine(`${config.name} is back`);
          },
          (cause: Error) => config.onLine(cause.message),
        );
      }, waitMs);
    });
  };
  watch(current);
  return {
    words,
    stop: async () => {
      stopping = true;
      await end(current.process);
    },
  };
}

interface Launched {
  readonly process: ChildProcess;
  /** What it said before `ready`. */
  readonly ready: Promise<string>;
}

function launch({ name, file, args, env, onLine }: ChildConfig): Launched {
  const child = spawn(process.execPath, [fileURLToPath(file), ...args], {
    // The IPC line ends with us, however we end: the child stops then by itself.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    env: { ...process.env, ...env },
  });
  let words = '';
  let trouble = '';
  child.stderr!.on('data', (chunk: Buffer) => {
    trouble = (trouble + chunk.toString('utf8')).slice(-2_000);
    for (const line of chunk.toString('utf8').trimEnd().split('\n')) onLine(`${name}: ${line}`);
  });
  const ready = new Promise<string>((resolve, reject) => {
    const limit = setTimeout(() => reject(new Error(`${name} did not get ready in time`)), READY_MS_MAX);
    child.stdout!.on('data', (chunk: Buffer) => {
      words += chunk.toString('utf8');
      if (!/^ready$/m.test(words)) return;
      clearTimeout(limit);
      resolve(words);
    });
    child.once('exit', () => {
      clearTimeout(limit);
      reject(new Error(trouble.trim() || `${name} ended before it was ready`));
    });
  });
  // A restart that fails is told by its exit.
  ready.catch(() => {});
  return { process: child, ready };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const limit = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await gone;
  clearTimeout(limit);
}
