/**
 * Hosted ports: a device whose driver runs in a process of its own.
 *
 * The till only sends and gets messages, so no driver can block it. A host that crashes is a device that was unplugged; one
 * that does not answer is killed and then the same. Opening the port again starts a fresh host.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError } from '../src/devices/ports.ts';
import type { DriverSpec, Found, FromHost, ToHost } from './driver-host.ts';

export interface HostedPort extends BytePort {
  /** Of the process that holds the driver. */
  readonly pid: number;
  /** Report descriptor of a HID device, where the system tells it. */
  readonly descriptor: Uint8Array | null;
  sendFeature(report: Uint8Array): Promise<void>;
}

export interface HostTimes {
  /** For a process to start and its device to open. */
  readonly openMs: number;
  readonly pingMs: number;
  /** Without any answer for so long a driver hangs. */
  readonly silentMs: number;
  /** For a port to close before its process is killed. */
  readonly closeMs: number;
}

/** A Bluetooth port opens in up to ten seconds; a busy machine may hold a process up for two. */
export const HOST_TIMES: HostTimes = { openMs: 15_000, pingMs: 2_000, silentMs: 8_000, closeMs: 1_500 };

/** @throws DeviceError  of the port's own kinds, or `timeout` where the driver hangs and `io` where it crashes */
export async function openHosted(spec: DriverSpec, times: HostTimes = HOST_TIMES): Promise<HostedPort> {
  const host = new Host(times);
  const opened = await host.ask({ do: 'open', spec }, spec.path);
  if (opened.is !== 'opened') throw new DeviceError('io', `${spec.path}: ${opened.is}`, { retry: true });
  return host.hold(spec.path, opened.descriptor);
}

/** What is plugged in, as a process of its own finds it: listing ports has crashed tills before. */
export async function discover(times: HostTimes = HOST_TIMES): Promise<Found> {
  const host = new Host(times);
  try {
    const answer = await host.ask({ do: 'discover' }, 'discovery');
    return answer.is === 'found' ? answer.found : NOTHING_FOUND;
  } finally {
    host.kill();
  }
}

const NOTHING_FOUND: Found = { serial: [], printers: [], hid: [], hidWhy: null };

/** A driver needs none of the till's own settings, least of all its token. */
function withoutSecrets(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('COUNTERFOIL_')));
}

class Host {
  private readonly times: HostTimes;
  private readonly child: ChildProcess;
  private onMessage: (message: FromHost) => void = () => {};
  private onEnd: (words: string) => void = () => {};

  constructor(times: HostTimes) {
    this.times = times;
    this.child = fork(fileURLToPath(new URL('./driver-host.ts', import.meta.url)), [], {
      serialization: 'advanced',
      // What native code says when it dies belongs into the till's log.
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: [],
      env: { ...withoutSecrets(process.env), COUNTERFOIL_DRIVER_HOST: '1' },
    });
    this.child.on('message', (message: FromHost) => this.onMessage(message));
    this.child.once('error', (cause) => this.onEnd(`its driver does not start: ${cause.message}`));
    this.child.once('exit', (code, signal) =>
      this.onEnd(`its driver ended (${signal ?? `exit code ${code}`})`),
    );
  }

  kill(): void {
    this.onEnd = () => {};
    this.child.kill('SIGKILL');
  }

  send(message: ToHost): void {
    if (this.child.connected) this.child.send(message, () => {});
  }

  /** One question at the start. A host that fails is gone with it. */
  ask(question: ToHost, name: string): Promise<FromHost> {
    return new Promise((resolve, reject) => {
      const fail = (error: DeviceError) => {
        clearTimeout(limit);
        this.kill();
        reject(error);
      };
      const limit = setTimeout(
        () => fail(new DeviceError('timeout', `${name}: its driver does not answer`, { retry: true })),
        this.times.openMs,
      );
      this.onEnd = (words) => fail(new DeviceError('io', `${name}: ${words}`, { retry: true }));
      this.onMessage = (message) => {
        if (message.is === 'failed') {
          fail(new DeviceError(message.kind, message.message, { retry: message.retry }));
          return;
        }
        clearTimeout(limit);
        resolve(message);
      };
      this.send(question);
    });
  }

  /** From now on it is a port. */
  hold(name: string, descriptor: Uint8Array | null): HostedPort {
    const readers: ((bytes: Uint8Array) => void)[] = [];
    const early: Uint8Array[] = [];
    const writes = new Map<number, { resolve(): void; reject(error: DeviceError): void }>();
    let closers: ((reason: string) => void)[] = [];
    let closedBecause: string | null = null;
    let lastId = 0;
    let heardMs = performance.now();

    const gone = (reason: string) =>
      new DeviceError('disconnected', `${name} is closed: ${reason}`, { retry: true });
    const end = (reason: string) => {
      if (closedBecause !== null) return;
      closedBecause = reason;
      clearInterval(pinging);
      for (const { reject } of writes.values()) reject(gone(reason));
      writes.clear();
      const told = closers;
      closers = [];
      for (const closer of told) closer(reason);
    };
    const pinging = setInterval(() => {
      if (performance.now() - heardMs > this.times.silentMs) {
        this.kill();
        end('its driver hangs');
      } else this.send({ do: 'ping' });
    }, this.times.pingMs);
    pinging.unref();

    this.onEnd = (words) => end(words);
    this.onMessage = (message) => {
      heardMs = performance.now();
      if (closedBecause !== null) return;
      if (message.is === 'data') {
        if (readers.length === 0) early.push(message.bytes);
        for (const reader of readers) reader(message.bytes);
      } else if (message.is === 'wrote') {
        writes.get(message.id)?.resolve();
        writes.delete(message.id);
      } else if (message.is === 'failed' && message.id !== null) {
        const { kind, message: words, retry } = message;
        writes.get(message.id)?.reject(new DeviceError(kind, words, { retry }));
        writes.delete(message.id);
      } else if (message.is === 'closed') {
        end(message.reason);
        this.kill();
      }
    };

    const say = (what: 'write' | 'feature', bytes: Uint8Array): Promise<void> => {
      if (closedBecause !== null) return Promise.reject(gone(closedBecause));
      const id = ++lastId;
      return new Promise((resolve, reject) => {
        writes.set(id, { resolve, reject });
        this.send({ do: what, id, bytes: bytes.slice() });
      });
    };
    return {
      pid: this.child.pid!,
      descriptor,
      write: (bytes) => say('write', bytes),
      sendFeature: (report) => say('feature', report),
      onData: (listener) => {
        readers.push(listener);
        for (const bytes of early.splice(0)) listener(bytes);
      },
      onClose: (listener) => {
        if (closedBecause === null) closers.push(listener);
        else listener(closedBecause);
      },
      close: () => this.close(() => end('closed')),
    };
  }

  /** Resolves when the process is gone, and with it the port. */
  private close(told: () => void): Promise<void> {
    const { child } = this;
    if (child.exitCode !== null || child.signalCode !== null) {
      told();
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const limit = setTimeout(() => child.kill('SIGKILL'), this.times.closeMs);
      child.once('exit', () => {
        clearTimeout(limit);
        resolve();
      });
      this.send({ do: 'close' });
      told();
    });
  }
}
