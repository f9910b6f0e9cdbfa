/**
 * PTY pairs: a serial port without hardware. Linux only; used by tests, the trial chain and the command line.
 *
 * One end has a path that `openSerial` opens like any port, the other is a `BytePort` in our hands that plays the device.
 */
import { closeSync, write } from 'node:fs';
import { createRequire } from 'node:module';
import { ReadStream } from 'node:tty';
import type { BytePort } from '../src/core/ports.ts';
import { QueuedPort } from './byte-port.ts';

export interface PtyPair {
  /** Device file of the port, such as `/dev/pts/3`. */
  readonly path: string;
  /** The device's end. Closing it is pulling the plug. */
  readonly master: BytePort;
  close(): Promise<void>;
}

/** Null where there are no PTYs, or no prebuilt helper to open one. */
export function openPtyPair(): PtyPair | null {
  const helper = loadHelper();
  if (helper === null) return null;
  const { master: masterFd, slave: slaveFd, pty: path } = helper.open(80, 24);
  // A TTY stream, as node-pty reads its terminals: libuv polls it, so nothing blocks. Raw, or the pair would echo
  // until a port is opened; `openSerial` then sets the rest (no line ends changed).
  const stream = new ReadStream(masterFd);
  stream.setRawMode(true);
  let isSlaveOpen = true;
  const master = new QueuedPort(
    {
      write: (bytes, done) => writeFd(masterFd, bytes, done, () => stream.destroyed),
      destroy: (done) => {
        if (isSlaveOpen) closeSync(slaveFd);
        isSlaveOpen = false;
        stream.once('close', () => done());
        stream.destroy();
      },
    },
    path,
  );
  // Our own slave end stays open meanwhile: without any, Linux ends the master with EIO between two opens.
  stream.on('data', (bytes: Buffer) => master.received(Uint8Array.from(bytes)));
  stream.on('error', (error) => void master.shut(error.message));
  stream.on('close', () => void master.shut('disconnected'));
  return { path, master, close: () => master.close() };
}

/** A full PTY is asked again so soon; it holds 4 KB, which the other end reads within a turn or two. */
const RETRY_MS = 2;

/**
 * Writes past the stream, which for a PTY would block the whole process while the other end does not read, and the
 * other end may well be us.
 */
function writeFd(
  fd: number,
  bytes: Uint8Array,
  done: (error?: Error | null) => void,
  isGone: () => boolean,
): void {
  if (isGone()) return;
  write(fd, bytes, (error, count) => {
    if (error !== null && error.code !== 'EAGAIN') {
      done(error);
      return;
    }
    const rest = error === null ? bytes.subarray(count) : bytes;
    if (rest.length === 0) done();
    else setTimeout(() => writeFd(fd, rest, done, isGone), RETRY_MS);
  });
}

interface PtyHelper {
  open(
    columns: number,
    rows: number,
  ): { readonly master: number; readonly slave: number; readonly pty: string };
}

function loadHelper(): PtyHelper | null {
  if (process.platform !== 'linux' || process.arch !== 'x64') return null;
  try {
    return createRequire(import.meta.url)('@lydell/node-pty-linux-x64/pty.node') as PtyHelper;
  } catch {
    // An optional dependency that npm left out, or a libc it was not built for.
    return null;
  }
}
