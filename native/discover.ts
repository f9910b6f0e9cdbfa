/**
 * Discovery: the serial ports and USB printers of this machine, with what their USB plugs say about them.
 *
 * Linux: read from sysfs, since serialport's own list needs `udevadm`, which containers and small systems lack.
 */
import { readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SerialPort } from 'serialport';

export interface SerialPortInfo {
  /** What `openSerial` takes. */
  readonly path: string;
  readonly maker: string | null;
  readonly product: string | null;
  readonly serialNo: string | null;
  /** Four hex digits each, lower case. */
  readonly vendorId: string | null;
  readonly productId: string | null;
}

/** The ports that have a device behind them, by path. */
export async function listSerialPorts(sysfs = '/sys'): Promise<SerialPortInfo[]> {
  const ports = process.platform === 'linux' ? await listSysfs(sysfs) : await listBySerialport();
  return ports.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

async function listBySerialport(): Promise<SerialPortInfo[]> {
  const ports = await SerialPort.list();
  return ports.map((port) => ({
    path: port.path,
    maker: port.manufacturer ?? null,
    product: ('friendlyName' in port ? String(port.friendlyName) : null) ?? null,
    serialNo: port.serialNumber ?? null,
    vendorId: port.vendorId?.toLowerCase() ?? null,
    productId: port.productId?.toLowerCase() ?? null,
  }));
}

async function listSysfs(sysfs: string): Promise<SerialPortInfo[]> {
  const folder = join(sysfs, 'class/tty');
  const names = await readdir(folder).catch(() => []);
  const ports = await Promise.all(names.map((name) => readPort(folder, name)));
  return ports.filter((port) => port !== null);
}

async function readPort(folder: string, name: string): Promise<SerialPortInfo | null> {
  // Consoles and PTYs have no device; a board's unused UARTs have one of type 0.
  const device = await realpath(join(folder, name, 'device')).catch(() => null);
  if (device === null || (await readLine(join(folder, name, 'type'))) === '0') return null;
  const usb = await usbFolder(device);
  const read = (file: string) => (usb === null ? Promise.resolve(null) : readLine(join(usb, file)));
  return {
    path: `/dev/${name}`,
    maker: await read('manufacturer'),
    product: await read('product'),
    serialNo: await read('serial'),
    vendorId: await read('idVendor'),
    productId: await read('idProduct'),
  };
}

export interface UsbPrinterInfo {
  /** What `openDeviceFile` takes: `/dev/usb/lp0`. */
  readonly path: string;
  readonly maker: string | null;
  readonly product: string | null;
  readonly serialNo: string | null;
}

/** Printers on USB that Linux shows as files; none elsewhere, where the system's spooler has them. */
export async function listUsbPrinters(sysfs = '/sys'): Promise<UsbPrinterInfo[]> {
  if (process.platform !== 'linux') return [];
  const folder = join(sysfs, 'class/usbmisc');
  const names = (await readdir(folder).catch(() => [])).filter((name) => /^lp\d+$/.test(name));
  const printers = await Promise.all(
    names.map(async (name): Promise<UsbPrinterInfo> => {
      const device = await realpath(join(folder, name, 'device')).catch(() => null);
      const usb = device === null ? null : await usbFolder(device);
      const read = (file: string) => (usb === null ? Promise.resolve(null) : readLine(join(usb, file)));
      return {
        path: `/dev/usb/${name}`,
        maker: await read('manufacturer'),
        product: await read('product'),
        serialNo: await read('serial'),
      };
    }),
  );
  return printers.sort((a, b) => a.path.localeCompare(b.path, 'en', { numeric: true }));
}

/** The nearest folder above a device that describes a USB plug; null: it is not on USB. */
async function usbFolder(device: string): Promise<string | null> {
  for (let folder = device, depth = 0; folder !== '/' && depth < 6; folder = dirname(folder), depth++) {
    if ((await readLine(join(folder, 'idVendor'))) !== null) return folder;
  }
  return null;
}

async function readLine(file: string): Promise<string | null> {
  const text = await readFile(file, 'utf8').catch(() => null);
  return text === null ? null : text.trim();
}
