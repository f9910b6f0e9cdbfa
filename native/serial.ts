/**
 * Serial ports: scanners, printers, scales and displays on COM ports and USB serial converters.
 *
 * Modem lines are never set: a PTY has none, and printers that need them are rare. The line is 8N1 unless told else.
 */
import { read } from 'node:fs';
import { promisify } from 'node:util';
import { SerialPort } from 'serialport';
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError } from '../src/devices/ports.ts';
import { QueuedPort, WRITE_LIMITS, type WriteLimits } from './byte-port.ts';

export interface SerialSettings extends Partial<WriteLimits> {
  readonly path: string;
  readonly baudRate: number;
  readonly dataBits?: 7 | 8;
  readonly parity?: 'none' | 'even' | 'odd';
  readonly stopBits?: 1 | 2;
  readonly openTimeoutMs?: number;
}

/** A Bluetooth serial port whose device is away blocks in open for longer than anybody waits. */
const OPEN_TIMEOUT_MS = 10_000;

/**
 * Opens a serial port for this process alone.
 *
 * @throws DeviceError  `not_found`, `port_taken`, `permission`, `timeout` or `io`
 */
export async function openSerial(settings: SerialSettings): Promise<BytePort> {
  const { path, baudRate, dataBits = 8, parity = 'none', stopBits = 1 } = settings;
  const handle = new SerialPort({ path, baudRate, dataBits, parity, stopBits, lock: true, autoOpen: false });
  const port = new QueuedPort(
    {
      write: (bytes, done) => handle.write(Buffer.from(bytes), done),
      destroy: (done) => closeHandle(handle, done),
    },
    path,
    { ...WRITE_LIMITS, ...settings },
  );
  // First of all that listen to `open`, so that the first read is ours already.
  handle.once('open', () => endAtHangUp(handle));
  // Attached before opening and for good: serialport only notices an unplugged device while somebody reads.
  handle.on('data', (bytes: Buffer) => port.received(Uint8Array.from(bytes)));
  handle.on('close', () => void port.shut('disconnected'));
  handle.on('error', (error: Error) => void port.shut(error.message));
  await openHandle(handle, settings.openTimeoutMs ?? OPEN_TIMEOUT_MS);
  return port;
}

function openHandle(handle: SerialPort, timeoutMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const limit = setTimeout(() => {
      isLate = true;
      reject(new DeviceError('timeout', `${handle.path} does not open`, { retry: true }));
    }, timeoutMs);
    handle.open((error) => {
      clearTimeout(limit);
      if (isLate) closeHandle(handle, () => {});
      else if (error) reject(serialError(handle.path, error));
      else resolve();
    });
  });
}

const readFd = promisify(read);

/**
 * Has a port whose device went away end. Linux and macOS answer a read of a line that was hung up with no bytes, for
 * ever; serialport 13 takes that for "ask again" and asks until the memory is full, and nobody hears that the device is
 * gone (serialport/bindings-cpp issue 162). It happens when the plug is pulled while a read is under way, so rarely on a
 * quiet machine. A line that is only quiet answers EAGAIN.
 */
function endAtHangUp(handle: SerialPort): void {
  const line = handle.port;
  if (line === undefined || !('poller' in line)) return;
  const readable = () =>
    new Promise<void>((resolve, reject) => {
      line.poller.once('readable', (error: Error | null) => (error === null ? resolve() : reject(error)));
    });
  line.read = async (buffer, offset, length) => {
    for (;;) {
      if (line.fd === null) throw Object.assign(new Error('Port is not open'), { canceled: true });
      try {
        const { bytesRead } = await readFd(line.fd, buffer, offset, length, null);
        if (bytesRead > 0) return { bytesRead, buffer };
      } catch (error) {
        if (!ASK_AGAIN.has((error as NodeJS.ErrnoException).code)) throw error;
        // Closed meanwhile: its poller is freed, and asking it would end the process.
        if (line.fd !== null) await readable();
        continue;
      }
      throw new Error('the line was hung up');
    }
  };
}

const ASK_AGAIN: ReadonlySet<string | undefined> = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

function closeHandle(handle: SerialPort, done: () => void): void {
  if (handle.isOpen) handle.close(() => done());
  else done();
}

/** The port's trouble by the words of the operating systems; serialport gives no codes. */
export function serialError(path: string, cause: Error): DeviceError {
  const [kind, retry] =
    SERIAL_TROUBLES.find(([, , words]) => words.test(cause.message)) ?? (['io', true] as const);
  return new DeviceError(kind, `${path}: ${cause.message}`, { retry, cause });
}

// Windows says `Access denied` for a port that another program holds; Unix says `Permission denied` for rights.
const SERIAL_TROUBLES = [
  ['not_found', true, /no such (file|device)|file not found|cannot find|ENOENT|ENODEV|ENXIO/i],
  ['port_taken', true, /cannot lock|busy|temporarily unavailable|EAGAIN|access (is )?denied/i],
  ['permission', false, /permission denied|not permitted|EACCES|EPERM/i],
] as const;
