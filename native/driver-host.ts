/**
 * Driver host: the process in which one device's driver runs, started by `hosted.ts`.
 *
 * Native code of serial ports and HID devices, and device files that may block, live here and nowhere else: one that hangs
 * or crashes takes this process, not the till. It holds one port, and ends with whoever started it.
 */
import type { BytePort } from '../src/core/ports.ts';
import { DeviceError, type DeviceErrorKind } from '../src/devices/ports.ts';
import { type DeviceFileSettings, openDeviceFile } from './device-file.ts';
import { listSerialPorts, listUsbPrinters, type SerialPortInfo, type UsbPrinterInfo } from './discover.ts';
import { type HidInfo, type HidPort, listHid, openHid } from './hid.ts';
import { openSerial, type SerialSettings } from './serial.ts';

export type DriverSpec =
  | ({ readonly driver: 'serial' } & SerialSettings)
  | ({ readonly driver: 'file' } & DeviceFileSettings)
  /** Each piece of data is one input report. */
  | { readonly driver: 'hid'; readonly path: string };

/** What is plugged in. `hid` is null where nothing can tell: `hidWhy` says what is missing. */
export interface Found {
  readonly serial: readonly SerialPortInfo[];
  readonly printers: readonly UsbPrinterInfo[];
  readonly hid: readonly HidInfo[] | null;
  readonly hidWhy: string | null;
}

/** From the till. */
export type ToHost =
  | { readonly do: 'open'; readonly spec: DriverSpec }
  | { readonly do: 'discover' }
  | { readonly do: 'write' | 'feature'; readonly id: number; readonly bytes: Uint8Array }
  | { readonly do: 'close' }
  | { readonly do: 'ping' };

/** To the till. */
export type FromHost =
  | { readonly is: 'opened'; readonly descriptor: Uint8Array | null }
  | { readonly is: 'found'; readonly found: Found }
  | ({ readonly is: 'failed'; readonly id: number | null } & HostFault)
  | { readonly is: 'data'; readonly bytes: Uint8Array }
  | { readonly is: 'wrote'; readonly id: number }
  | { readonly is: 'closed'; readonly reason: string }
  | { readonly is: 'pong' };

export interface HostFault {
  readonly kind: DeviceErrorKind;
  readonly message: string;
  readonly retry: boolean;
}

interface Held {
  write(bytes: Uint8Array): Promise<void>;
  feature(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

let held: Held | null = null;

// Only as a child: whoever imports the types gets no host.
if (process.send !== undefined && process.env.COUNTERFOIL_DRIVER_HOST === '1') {
  process.on('message', (message: ToHost) => void obey(message));
  process.on('disconnect', () => process.exit(0));
  // The terminal's Ctrl-C reaches the whole group: the till closes us in its own time.
  process.on('SIGINT', () => {});
}

async function obey(message: ToHost): Promise<void> {
  switch (message.do) {
    case 'ping':
      return tell({ is: 'pong' });
    case 'open':
      return open(message.spec);
    case 'discover':
      return tell({ is: 'found', found: await discover() });
    case 'write':
    case 'feature':
      try {
        await (message.do === 'write' ? held?.write(message.bytes) : held?.feature(message.bytes));
        return tell({ is: 'wrote', id: message.id });
      } catch (cause) {
        return tell({ is: 'failed', id: message.id, ...faultOf(cause) });
      }
    case 'close':
      await held?.close();
      process.exit(0);
  }
}

async function open(spec: DriverSpec): Promise<void> {
  try {
    if (spec.driver === 'hid') {
      const info = (await listHid().catch(() => [])).find(({ path }) => path === spec.path);
      held = holdHid(await openHid(spec.path));
      return tell({ is: 'opened', descriptor: info?.descriptor ?? null });
    }
    held = holdBytes(spec.driver === 'serial' ? await openSerial(spec) : await openDeviceFile(spec));
    tell({ is: 'opened', descriptor: null });
  } catch (cause) {
    tell({ is: 'failed', id: null, ...faultOf(cause) });
  }
}

function holdBytes(port: BytePort): Held {
  port.onData((bytes) => tell({ is: 'data', bytes }));
  port.onClose((reason) => tell({ is: 'closed', reason }));
  return {
    write: (bytes) => port.write(bytes),
    feature: () =>
      Promise.reject(new DeviceError('unsupported', 'this port has no feature reports', { retry: false })),
    close: () => port.close(),
  };
}

function holdHid(port: HidPort): Held {
  port.onReport((bytes) => tell({ is: 'data', bytes }));
  port.onClose((reason) => tell({ is: 'closed', reason }));
  return {
    write: () => Promise.reject(new DeviceError('unsupported', 'a scanner takes no bytes', { retry: false })),
    feature: (bytes) => port.sendFeature(bytes),
    close: () => port.close(),
  };
}

/** Lists never fail as a whole: what cannot be listed is told beside what can. */
async function discover(): Promise<Found> {
  const serial = await listSerialPorts().catch(() => []);
  const printers = await listUsbPrinters().catch(() => []);
  try {
    return { serial, printers, hid: await listHid(), hidWhy: null };
  } catch (cause) {
    return { serial, printers, hid: null, hidWhy: (cause as Error).message };
  }
}

function faultOf(cause: unknown): HostFault {
  if (cause instanceof DeviceError) return { kind: cause.kind, message: cause.message, retry: cause.retry };
  return { kind: 'io', message: (cause as Error).message, retry: true };
}

function tell(message: FromHost): void {
  // A till that is gone hears nothing any more.
  if (process.connected) process.send!(message, undefined, undefined, () => {});
}
