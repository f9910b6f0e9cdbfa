/**
 * A running till: folder, devices and loopback server wired together, for `npm run till`, `npm start` and tests.
 */
import { createHash, hash as hashOnce, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openDeviceFile } from '../../native/device-file.ts';
import { listHid, openHid } from '../../native/hid.ts';
import { openPtyPair } from '../../native/pty.ts';
import { openSerial } from '../../native/serial.ts';
import { openSpooler } from '../../native/spooler.ts';
import { openTcp } from '../../native/tcp.ts';
import type { BytePort, Chance, Clock, Sha256 } from '../core/ports.ts';
import { hidMode, hidScannerPort } from '../devices/hid-scanner-port.ts';
import type { LineArtist } from '../devices/line-artist.ts';
import { type PrinterProfile, printerProfile } from '../devices/printer-profile.ts';
import type { CardTerminal, WalletGateway } from '../devices/terminal.ts';
import type { BankRow, VirtualPaymentOptions } from '../devices/virtual-payment.ts';
import { VirtualTerminal } from '../devices/virtual-terminal.ts';
import { VirtualWallet } from '../devices/virtual-wallet.ts';
import { Counter } from './counter.ts';
import { notoFonts } from './fonts.ts';
import { serveTill, type TillServer } from './server.ts';
import type { Cashier } from './session.ts';
import { Till } from './till.ts';
import { makeVirtualDevices, type VirtualDevices } from './virtual.ts';

/**
 * Where a device is: `serial:/dev/ttyUSB0@9600`, `tcp:192.168.1.9:9100`, `usb:/dev/usb/lp0`, `lp:NAME` (the operating
 * system's spooler), `hid:/dev/hidraw0`, `virtual`, `none`.
 */
export type DeviceAddress = string;

export interface RunConfig {
  readonly folder: string;
  /** 0: any free port. */
  readonly port: number;
  readonly token: string;
  readonly scanner: DeviceAddress;
  readonly printer: DeviceAddress;
  readonly printerProfile: string;
  readonly cashier: Cashier;
  /** Staff id that is on at the start without a PIN, for demos. */
  readonly signOn?: string;
  readonly log: (text: string) => void;
}

export interface RunningTill {
  readonly till: Till;
  readonly server: TillServer;
  stop(): Promise<void>;
}

export const systemClock: Clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now() };

export const systemChance: Chance = { bytes: (count) => new Uint8Array(randomBytes(count)) };

export const sha256: Sha256 = (...parts) => {
  // One call for one part: an entry between payment and disk.
  if (parts.length === 1) return hashOnce('sha256', parts[0]!, 'buffer');
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
};

export const APP_VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version;

export async function runTill(config: RunConfig): Promise<RunningTill> {
  const profile = printerProfile(config.printerProfile);
  if (profile === null) throw new Error(`there is no printer profile ${config.printerProfile}`);
  const lines = virtualLines(config, profile);
  const till = new Till({
    folder: config.folder,
    clock: systemClock,
    chance: systemChance,
    sha256,
    cashier: config.cashier,
    ...(config.signOn === undefined ? {} : { signOn: config.signOn }),
    appVersion: APP_VERSION,
    log: config.log,
    devices: {
      openScanner: lines.openScanner ?? opener(config.scanner),
      scanner: {},
      openPrinter: lines.openPrinter ?? opener(config.printer),
      printer: profile,
      artist: await loadArtist(config.log),
      terminal: lines.terminal,
      wallets: lines.wallets,
    },
  });
  try {
    const counter = new Counter(till, lines.devices);
    const server = await serveTill(till, counter, config);
    till.start();
    return {
      till,
      server,
      stop: async () => {
        await server.close();
        await till.stop();
        await lines.close();
      },
    };
  } catch (cause) {
    await till.stop();
    await lines.close();
    throw cause;
  }
}

/** Draws what the printer has no letters for. A machine that cannot draw prints `?` there, and says so once. */
async function loadArtist(log: (text: string) => void): Promise<LineArtist | null> {
  try {
    const { lineArtist } = await import('../devices/line-artist.ts');
    const fonts = notoFonts();
    return fonts === null ? null : lineArtist(fonts);
  } catch (cause) {
    log(`printer: rare characters print as ?: ${(cause as Error).message}`);
    return null;
  }
}

/** A scanner in HID POS or keyboard mode, as its descriptor says. */
async function openHidScanner(path: string): Promise<BytePort> {
  const info = (await listHid()).find((device) => device.path === path);
  const descriptor = info?.descriptor ?? null;
  const device = await openHid(path);
  return hidScannerPort(device, { mode: hidMode(descriptor), descriptor }, () => performance.now());
}

/** @throws Error in words when the address is of no known form */
function opener(address: DeviceAddress): (() => Promise<BytePort>) | null {
  if (address === 'none') return null;
  const serial = /^serial:(.+?)(?:@(\d+))?$/.exec(address);
  if (serial) return () => openSerial({ path: serial[1]!, baudRate: Number(serial[2] ?? 9600) });
  const tcp = /^tcp:(.+?)(?::(\d+))?$/.exec(address);
  if (tcp) return () => openTcp({ host: tcp[1]!, port: Number(tcp[2] ?? 9100) });
  const [kind, name] = [address.slice(0, address.indexOf(':')), address.slice(address.indexOf(':') + 1)];
  if (kind === 'usb' && name !== '') return () => openDeviceFile({ path: name });
  if (kind === 'lp' && name !== '') return () => openSpooler({ printer: name });
  if (kind === 'hid' && name !== '') return () => openHidScanner(name);
  throw new Error(
    `${address} is no device address: serial:PATH@BAUD, tcp:HOST:PORT, usb:PATH, lp:NAME, hid:PATH, virtual or none was expected`,
  );
}

interface VirtualLines {
  readonly devices: VirtualDevices | null;
  readonly openScanner: (() => Promise<BytePort>) | null;
  readonly openPrinter: (() => Promise<BytePort>) | null;
  readonly terminal: CardTerminal | null;
  readonly wallets: WalletGateway | null;
  close(): Promise<void>;
}

/** All devices are virtual or none is: a shop's own printer is not mixed with a played scanner. */
function virtualLines(config: RunConfig, profile: PrinterProfile): VirtualLines {
  if (config.scanner !== 'virtual' && config.printer !== 'virtual') {
    return {
      devices: null,
      openScanner: null,
      openPrinter: null,
      terminal: null,
      wallets: null,
      close: async () => {},
    };
  }
  const scanner = virtualLine();
  const printer = virtualLine();
  const terminal = new VirtualTerminal({ takesMs: 1_200, ...bankFile(config.folder, 'cards') });
  const wallets = new VirtualWallet({ takesMs: 800, ...bankFile(config.folder, 'wallets') });
  return {
    terminal,
    wallets,
    devices: makeVirtualDevices({
      scanner: scanner.far,
      printer: printer.far,
      profile,
      clock: systemClock,
      payments: [terminal, wallets],
    }),
    openScanner: scanner.open,
    openPrinter: printer.open,
    close: async () => {
      await scanner.close();
      await printer.close();
    },
  };
}

/** The virtual bank's books, beside the till's: it still knows after a restart what was paid. */
function bankFile<Proof>(folder: string, of: 'cards' | 'wallets'): VirtualPaymentOptions<Proof> {
  const file = path.join(folder, `virtual-${of}.json`);
  return {
    load: () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as BankRow<Proof>[]) : []),
    save: (rows) => {
      writeFileSync(`${file}.new`, JSON.stringify(rows.slice(-BANK_ROWS_MAX)));
      renameSync(`${file}.new`, file);
    },
  };
}

/** Far more than can be under way when a till goes down. */
const BANK_ROWS_MAX = 500;

export interface VirtualLine {
  readonly far: BytePort;
  readonly open: () => Promise<BytePort>;
  close(): Promise<void>;
}

/** A PTY pair opened through the serial driver, or, where there are no PTYs, two ends in memory. */
export function virtualLine(): VirtualLine {
  const pair = openPtyPair();
  if (pair === null) return memoryLine();
  return {
    far: pair.master,
    open: () => openSerial({ path: pair.path, baudRate: 115_200 }),
    close: () => pair.close(),
  };
}

function memoryLine(): VirtualLine {
  const [near, far] = memoryPair();
  return { far, open: async () => near, close: () => far.close() };
}

function memoryPair(): [BytePort, BytePort] {
  const ends = [0, 1].map(() => ({
    data: [] as ((bytes: Uint8Array) => void)[],
    gone: [] as ((reason: string) => void)[],
  }));
  const make = (mine: number): BytePort => {
    const [own, other] = [ends[mine]!, ends[1 - mine]!];
    return {
      write: async (bytes) => {
        for (const listener of other.data) listener(bytes.slice());
      },
      onData: (listener) => void own.data.push(listener),
      onClose: (listener) => void own.gone.push(listener),
      close: async () => {
        for (const listener of [...own.gone, ...other.gone]) listener('closed');
        own.gone.length = 0;
        other.gone.length = 0;
      },
    };
  };
  return [make(0), make(1)];
}
