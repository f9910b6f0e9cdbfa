/**
 * The device bench: where a till's devices come from. Opens addresses, lists what is plugged in, keeps the settings.
 *
 * Serial ports, USB files and HID devices are opened in processes of their own (native/hosted): their drivers are native code,
 * or block. Sockets are Node's own and the spooler is a program, so both stay here.
 */
import { existsSync } from 'node:fs';
import type { Found } from '../../native/driver-host.ts';
import { discover as discoverHosted, openHosted } from '../../native/hosted.ts';
import { openSpooler } from '../../native/spooler.ts';
import { openTcp } from '../../native/tcp.ts';
import type { BytePort } from '../core/ports.ts';
import { hidMode, hidScannerPort } from '../devices/hid-scanner-port.ts';
import { DeviceError } from '../devices/ports.ts';
import type { CardTerminal, WalletGateway } from '../devices/terminal.ts';
import type { DeviceRole, FoundDevice } from './api-devices.ts';
import { type ParsedAddress, parseAddress } from './device-address.ts';
import {
  type DeviceSettings,
  NO_DEVICES,
  type PortRole,
  ROLE_ADDRESSES,
  type SettingsFile,
} from './device-settings.ts';
import type { DeviceBench } from './devices.ts';
import type { Opener } from './held-port.ts';

/** What the command line says of devices; undefined: nothing. */
export interface GivenDevices {
  readonly scanner?: string | undefined;
  readonly printer?: string | undefined;
  readonly printerProfile?: string | undefined;
  readonly scale?: string | undefined;
  readonly display?: string | undefined;
  readonly terminal?: string | undefined;
}

export interface VirtualBench {
  opener(role: Exclude<PortRole, 'terminal'>): Opener;
  readonly terminal: CardTerminal;
  readonly wallets: WalletGateway;
}

/**
 * The command line's own addresses hold for this start and cannot be changed on the page; `virtual` and `none` are only what
 * a role begins with, as long as nothing else is kept.
 *
 * @throws Error in words when a given address is none, or a profile is not there
 */
export function deviceBench(
  file: SettingsFile,
  given: GivenDevices,
  virtual: VirtualBench,
): DeviceBench & { readonly settings: DeviceSettings } {
  const loaded = file.load();
  // Whoever plays scanner and printer wants to be paid by card, too.
  const played = given.scanner === 'virtual' || given.printer === 'virtual' ? 'virtual' : undefined;
  const begins = withGiven(NO_DEVICES, { terminal: played, ...given }, isStart);
  const kept = loaded.settings ?? begins;
  const settings = withGiven(kept, given, (address: string) => !isStart(address));
  return {
    settings,
    problem: loaded.problem,
    fixed: fixedRoles(given),
    save: (changed) => file.save(changed),
    opener: (role, address) => openerOf(role, address, virtual),
    terminal: (address) => (address === 'virtual' ? virtual.terminal : null),
    wallets: (address) => (address === 'virtual' ? virtual.wallets : null),
    discover: async () => {
      const found = await discoverHosted();
      return { found: foundDevices(found), hidWhy: found.hidWhy };
    },
  };
}

const isStart = (address: string) => address === 'virtual' || address === 'none';

function fixedRoles(given: GivenDevices): ReadonlySet<DeviceRole> {
  const roles = ['scanner', 'printer', 'scale', 'display', 'terminal'] as const;
  return new Set(roles.filter((role) => given[role] !== undefined && !isStart(given[role]!)));
}

/** Puts what was given over the settings, for addresses that `takes` says yes to. */
function withGiven(
  settings: DeviceSettings,
  given: GivenDevices,
  takes: (address: string) => boolean,
): DeviceSettings {
  const has = (role: PortRole): string | null => {
    const address = given[role];
    if (address === undefined || !takes(address)) return null;
    const parsed = parseAddress(address, ROLE_ADDRESSES[role]);
    if (!parsed.ok) throw new Error(`--${role}: ${parsed.error.words}`);
    return address;
  };
  const { printerProfile } = given;
  const [scanner, printer, scale, display, terminal] = (
    ['scanner', 'printer', 'scale', 'display', 'terminal'] as const
  ).map(has) as [string | null, string | null, string | null, string | null, string | null];
  return {
    ...settings,
    ...(scanner === null
      ? {}
      : { scanners: scanner === 'none' ? [] : [{ address: scanner, prefix: '', suffix: 'line' }] }),
    ...(printer === null
      ? {}
      : {
          printer: {
            ...settings.printer,
            address: printer,
            profile: printerProfile ?? settings.printer.profile,
          },
        }),
    ...(scale === null ? {} : { scale: { ...settings.scale, address: scale } }),
    ...(display === null ? {} : { display: { ...settings.display, address: display } }),
    ...(terminal === null ? {} : { terminal: { address: terminal } }),
  };
}

// ---- opening ----

function openerOf(role: PortRole, address: string, virtual: VirtualBench): Opener | null {
  const parsed = parseAddress(address, ROLE_ADDRESSES[role]);
  if (!parsed.ok) throw new Error(parsed.error.words);
  const at = parsed.value;
  // A keyboard scanner's keys come through the page.
  if (at.kind === 'none' || at.kind === 'keyboard' || role === 'terminal') return null;
  if (at.kind === 'virtual') return virtual.opener(role);
  return () => openAddress(at);
}

async function openAddress(at: ParsedAddress): Promise<BytePort> {
  switch (at.kind) {
    case 'serial': {
      mustExist(at.path);
      const { kind: _, ...line } = at;
      return openHosted({ driver: 'serial', ...line });
    }
    case 'usb':
      mustExist(at.path);
      return openHosted({ driver: 'file', path: at.path });
    case 'hid':
      mustExist(at.path);
      return openHidScanner(at.path);
    case 'tcp':
      return openTcp({ host: at.host, port: at.port });
    case 'lp':
      return openSpooler({ printer: at.name });
    default:
      throw new DeviceError('unsupported', `${at.kind} cannot be opened`, { retry: false });
  }
}

/** Looked for every two seconds while it is unplugged: no process is started for a file that is not there. */
function mustExist(path: string): void {
  if (path.startsWith('/') && !existsSync(path)) {
    throw new DeviceError('not_found', `${path} is not there`, { retry: true });
  }
}

/** A scanner in HID POS or keyboard mode, as its descriptor says. */
async function openHidScanner(path: string): Promise<BytePort> {
  const port = await openHosted({ driver: 'hid', path });
  const { descriptor } = port;
  const reports = {
    onReport: (listener: (report: Uint8Array) => void) => port.onData(listener),
    onClose: (listener: (reason: string) => void) => port.onClose(listener),
    close: () => port.close(),
  };
  return hidScannerPort(reports, { mode: hidMode(descriptor), descriptor }, () => performance.now());
}

// ---- what is plugged in ----

/** Serial ports can be anything; a HID device says what it is. */
export function foundDevices({ serial, printers, hid }: Found): FoundDevice[] {
  const named = (...parts: readonly (string | null)[]) => parts.filter((part) => part !== null).join(' ');
  return [
    ...serial.map((port) => ({
      address: `serial:${port.path}@9600`,
      name: named(port.maker, port.product, port.serialNo) || port.path,
      suits: ['scanner', 'printer', 'scale', 'display'] as const,
      usedBy: null,
    })),
    ...printers.map((printer) => ({
      address: `usb:${printer.path}`,
      name: named(printer.maker, printer.product, printer.serialNo) || printer.path,
      suits: ['printer', 'display'] as const,
      usedBy: null,
    })),
    ...(hid ?? []).map((device) => ({
      address: `hid:${device.path}`,
      name: named(device.product, device.serialNo) || device.path,
      suits: ['scanner'] as const,
      usedBy: null,
    })),
  ];
}
