/**
 * HID devices: scanners in HID POS mode, and those in keyboard mode that the till holds for itself.
 *
 * Linux shows them as files, with the report descriptor beside: nothing else is needed there. Elsewhere, and for feature
 * reports, `node-hid` is loaded the first time somebody asks; the till runs without it.
 */
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { DeviceError } from '../src/devices/ports.ts';
import { openDeviceFile } from './device-file.ts';

export interface HidInfo {
  /** What `openHid` takes. */
  readonly path: string;
  readonly product: string | null;
  readonly serialNo: string | null;
  /** Four hex digits each, lower case. */
  readonly vendorId: string | null;
  readonly productId: string | null;
  /** Null where the system does not give it. */
  readonly descriptor: Uint8Array | null;
  /** Of the first collection, where the system says it without a descriptor. */
  readonly usagePage: number | null;
}

export interface HidPort {
  /** One input report at a time, with its id in front when the device uses ids. */
  onReport(listener: (report: Uint8Array) => void): void;
  onClose(listener: (reason: string) => void): void;
  /** @throws DeviceError `unsupported` where only `node-hid` could and it is not there */
  sendFeature(report: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** As much of node-hid 3 as is used here. */
interface NodeHid {
  devicesAsync(): Promise<NodeHidDevice[]>;
  readonly HIDAsync: { open(path: string): Promise<NodeHidHandle> };
}

interface NodeHidDevice {
  readonly path?: string;
  readonly product?: string;
  readonly serialNumber?: string;
  readonly vendorId: number;
  readonly productId: number;
  readonly usagePage?: number;
}

interface NodeHidHandle {
  on(event: 'data', listener: (data: Buffer) => void): void;
  on(event: 'error', listener: (error: Error) => void): void;
  sendFeatureReport(data: number[]): Promise<number>;
  close(): Promise<void>;
}

/** The HID devices of this machine. Without `node-hid`, off Linux: none. */
export async function listHid(sysfs = '/sys'): Promise<HidInfo[]> {
  if (process.platform === 'linux') return listSysfs(sysfs);
  const hid = loadNodeHid();
  const devices = await hid.devicesAsync();
  return devices.flatMap((device) =>
    device.path === undefined
      ? []
      : [
          {
            path: device.path,
            product: device.product ?? null,
            serialNo: device.serialNumber ?? null,
            vendorId: fourHex(device.vendorId),
            productId: fourHex(device.productId),
            descriptor: null,
            usagePage: device.usagePage ?? null,
          },
        ],
  );
}

async function listSysfs(sysfs: string): Promise<HidInfo[]> {
  const folder = join(sysfs, 'class/hidraw');
  const names = await readdir(folder).catch(() => []);
  const infos = await Promise.all(names.map((name) => readHidraw(folder, name)));
  return infos.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function readHidraw(folder: string, name: string): Promise<HidInfo> {
  const device = join(folder, name, 'device');
  const facts = new Map(
    (await readFile(join(device, 'uevent'), 'utf8').catch(() => ''))
      .split('\n')
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const),
  );
  // Bus, vendor and product: 0003:00000C2E:00000B61.
  const [, vendor, product] = (facts.get('HID_ID') ?? '').toLowerCase().split(':');
  const descriptor = await readFile(join(device, 'report_descriptor')).catch(() => null);
  return {
    path: `/dev/${name}`,
    product: facts.get('HID_NAME') || null,
    serialNo: facts.get('HID_UNIQ') || null,
    vendorId: vendor?.slice(-4) ?? null,
    productId: product?.slice(-4) ?? null,
    descriptor: descriptor === null ? null : Uint8Array.from(descriptor),
    usagePage: null,
  };
}

function fourHex(id: number): string {
  return id.toString(16).padStart(4, '0');
}

/** @throws DeviceError  `not_found`, `permission`, `io`, or `unsupported` with what to install */
export async function openHid(path: string): Promise<HidPort> {
  return process.platform === 'linux' ? openHidraw(path) : openNodeHid(path);
}

/** A read of a hidraw file is one report. */
async function openHidraw(path: string): Promise<HidPort> {
  const port = await openDeviceFile({ path }).catch((cause) => {
    // A seat that may only read still scans.
    if ((cause as DeviceError).kind !== 'permission') throw cause;
    return openDeviceFile({ path, access: 'read' });
  });
  return {
    onReport: (listener) => port.onData(listener),
    onClose: (listener) => port.onClose(listener),
    // Feature reports are ioctls, which Node cannot make.
    sendFeature: async (report) => {
      const handle = await loadNodeHid().HIDAsync.open(path);
      await handle.sendFeatureReport([...report]).finally(() => handle.close());
    },
    close: () => port.close(),
  };
}

async function openNodeHid(path: string): Promise<HidPort> {
  const handle = await loadNodeHid()
    .HIDAsync.open(path)
    .catch((cause: Error) => {
      const kind = /access|permission/i.test(cause.message) ? 'permission' : 'not_found';
      throw new DeviceError(kind, `${path}: ${cause.message}`, { retry: kind === 'not_found', cause });
    });
  const closers: ((reason: string) => void)[] = [];
  let isOpen = true;
  const shut = async (reason: string) => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close().catch(() => {});
    for (const closer of closers) closer(reason);
  };
  // node-hid tells an unplugged device as a read error.
  handle.on('error', () => void shut('disconnected'));
  return {
    onReport: (listener) => handle.on('data', (data) => listener(Uint8Array.from(data))),
    onClose: (listener) => void closers.push(listener),
    sendFeature: async (report) => void (await handle.sendFeatureReport([...report])),
    close: () => shut('closed'),
  };
}

/** By a name that is no literal: it is no dependency, a shop adds it where it is needed. */
const NODE_HID: string = 'node-hid';

let loaded: NodeHid | null = null;

function loadNodeHid(): NodeHid {
  try {
    loaded ??= createRequire(import.meta.url)(NODE_HID) as NodeHid;
    return loaded;
  } catch (cause) {
    throw new DeviceError('unsupported', nodeHidWords(cause as NodeJS.ErrnoException), {
      retry: false,
      cause,
    });
  }
}

/** What to do about a `node-hid` that does not load. */
export function nodeHidWords(cause: {
  readonly code?: string | undefined;
  readonly message: string;
}): string {
  if (cause.code === 'MODULE_NOT_FOUND' && cause.message.includes('node-hid')) {
    return 'this HID device needs the package node-hid, which is not installed: npm install node-hid';
  }
  const library = /lib(?:usb|udev)[\w.-]*/.exec(cause.message)?.[0];
  return library === undefined
    ? `node-hid does not load: ${cause.message}`
    : `node-hid needs ${library}, which this machine lacks: apt-get install libusb-1.0-0 libudev1`;
}
