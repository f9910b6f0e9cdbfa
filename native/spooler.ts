/**
 * The operating system's spooler: printers that only `lp` reaches, such as those shared by another machine.
 *
 * One write is one job, handed over raw. Nothing comes back: whether it printed, nobody knows.
 */
import { spawn } from 'node:child_process';
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError } from '../src/devices/ports.ts';

export interface SpoolerSettings {
  /** As `lpstat -e` lists it. */
  readonly printer: string;
  readonly timeoutMs?: number;
  /** The program to hand jobs to; another one in tests. */
  readonly program?: string;
}

/** `lp` only queues; when its server is away it gives up by itself sooner than this. */
const TIMEOUT_MS = 10_000;

/** @throws DeviceError  `not_found`: a name that is none, or no such program */
export async function openSpooler(settings: SpoolerSettings): Promise<BytePort> {
  const { printer, timeoutMs = TIMEOUT_MS, program = 'lp' } = settings;
  if (!/^[\w.][\w.@-]{0,126}$/.test(printer)) {
    throw new DeviceError('not_found', `${printer} is no name of a printer`, { retry: false });
  }
  const closers: ((reason: string) => void)[] = [];
  let tail: Promise<void> = Promise.resolve();
  let isClosed = false;
  return {
    oneWay: true,
    write: (bytes) => {
      const own = bytes.slice();
      const turn = tail.then(() => {
        if (!isClosed) return printJob(program, printer, own, timeoutMs);
        throw new DeviceError('disconnected', `${printer} is closed`, { retry: true });
      });
      tail = turn.catch(() => {});
      return turn;
    },
    onData: () => {},
    onClose: (listener) => void closers.push(listener),
    close: async () => {
      if (isClosed) return;
      isClosed = true;
      await tail;
      for (const closer of closers) closer('closed');
    },
  };
}

function printJob(program: string, printer: string, bytes: Uint8Array, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['-d', printer, '-o', 'raw', '-s'], {
      stdio: ['pipe', 'ignore', 'pipe'],
      timeout: timeoutMs,
    });
    let words = '';
    child.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(0, 500);
    });
    // A program that ends before it has read all breaks the pipe; how it ended says why.
    child.stdin.on('error', () => {});
    child.on('error', (cause: NodeJS.ErrnoException) => {
      const kind = cause.code === 'ENOENT' ? 'not_found' : 'io';
      reject(new DeviceError(kind, `${program}: ${cause.message}`, { retry: kind === 'io', cause }));
    });
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else if (signal !== null) {
        reject(new DeviceError('timeout', `${printer}: ${program} did not end`, { retry: true }));
      } else
        reject(new DeviceError('io', `${printer}: ${words.trim() || `exit code ${code}`}`, { retry: true }));
    });
    child.stdin.end(bytes);
  });
}
