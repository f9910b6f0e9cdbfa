/**
 * Device files: USB printers (`/dev/usb/lp0`) and HID devices (`/dev/hidraw0`) as Linux shows them.
 *
 * Opened without blocking and read by asking now and then: a read that blocks would hold one of Node's few worker
 * threads for ever, and closing would wait for a device that says nothing.
 */
import { close, constants, open, read, stat, write } from 'node:fs';
import { promisify } from 'node:util';
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError, type DeviceErrorKind } from '../src/devices/ports.ts';
import { QueuedPort, WRITE_LIMITS, type WriteLimits } from './byte-port.ts';

export interface DeviceFileSettings extends Partial<WriteLimits> {
  readonly path: string;
  readonly access?: 'read_write' | 'read';
}

/** 10 ms: nobody notices it after a scan, and a hundred empty reads a second cost nothing to speak of. */
const READ_EVERY_MS = 10;
/** A full device takes bytes again so soon. */
const RETRY_MS = 5;
/** A printer that only listens tells nothing when it is unplugged; its file is gone then. */
const LOOK_EVERY_MS = 1_000;
const READ_BYTES = 4_096;

/** @throws DeviceError  `not_found`, `port_taken`, `permission` or `io` */
export async function openDeviceFile(settings: DeviceFileSettings): Promise<BytePort> {
  const { path, access = 'read_write' } = settings;
  const { O_RDWR, O_RDONLY, O_NONBLOCK, O_NOCTTY } = constants;
  const flags = (access === 'read' ? O_RDONLY : O_RDWR) | O_NONBLOCK | O_NOCTTY;
  const fd = await promisify(open)(path, flags).catch((cause) => {
    throw fileError(path, cause as NodeJS.ErrnoException);
  });
  let isOpen = true;
  const port = new QueuedPort(
    {
      write: (bytes, done) => writeFile(fd, bytes, done, () => isOpen),
      destroy: (done) => {
        isOpen = false;
        clearInterval(looking);
        close(fd, () => done());
      },
    },
    path,
    { ...WRITE_LIMITS, ...settings },
  );
  const looking = setInterval(() => {
    stat(path, (error) => {
      if (error?.code === 'ENOENT') void port.shut('disconnected');
    });
  }, LOOK_EVERY_MS);
  readOn(fd, port, () => isOpen);
  return port;
}

function writeFile(
  fd: number,
  bytes: Uint8Array,
  done: (error?: Error | null) => void,
  isOpen: () => boolean,
): void {
  if (!isOpen()) return;
  write(fd, bytes, (error, count) => {
    if (error !== null && error.code !== 'EAGAIN') {
      done(error);
      return;
    }
    const rest = error === null ? bytes.subarray(count) : bytes;
    if (rest.length === 0) done();
    else setTimeout(() => writeFile(fd, rest, done, isOpen), RETRY_MS);
  });
}

function readOn(fd: number, port: QueuedPort, isOpen: () => boolean): void {
  if (!isOpen()) return;
  const bytes = new Uint8Array(READ_BYTES);
  read(fd, bytes, 0, READ_BYTES, null, (error, count) => {
    if (!isOpen()) return;
    if (error !== null && error.code !== 'EAGAIN') {
      if (GONE.has(error.code ?? '')) void port.shut('disconnected');
      // Anything else: a device that cannot be read. It still takes bytes.
      return;
    }
    if (error === null && count > 0) port.received(bytes.slice(0, count));
    // Straight on while there is more to read.
    if (error === null && count > 0) readOn(fd, port, isOpen);
    else setTimeout(() => readOn(fd, port, isOpen), READ_EVERY_MS);
  });
}

const GONE: ReadonlySet<string> = new Set(['ENODEV', 'ENXIO', 'EIO']);

function fileError(path: string, cause: NodeJS.ErrnoException): DeviceError {
  const [kind, retry] = FILE_TROUBLES[cause.code ?? ''] ?? (['io', true] as const);
  return new DeviceError(kind, `${path}: ${cause.message}`, { retry, cause });
}

const FILE_TROUBLES: Readonly<Record<string, readonly [DeviceErrorKind, boolean]>> = {
  ENOENT: ['not_found', true],
  ENODEV: ['not_found', true],
  ENXIO: ['not_found', true],
  EBUSY: ['port_taken', true],
  EACCES: ['permission', false],
  EPERM: ['permission', false],
  EISDIR: ['unsupported', false],
};
