/**
 * A running till: folder, devices and loopback server wired together, for `npm run till`, `npm start` and tests.
 */
import { createHash, hash as hashOnce, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Chance, Clock, Sha256 } from '../core/ports.ts';
import type { LineArtist } from '../devices/line-artist.ts';
import { printerProfile } from '../devices/printer-profile.ts';
import type { BankRow, VirtualPaymentOptions } from '../devices/virtual-payment.ts';
import { VirtualTerminal } from '../devices/virtual-terminal.ts';
import { VirtualWallet } from '../devices/virtual-wallet.ts';
import { Counter } from './counter.ts';
import { deviceBench, type GivenDevices } from './device-bench.ts';
import { profileOf, settingsFile } from './device-settings.ts';
import { notoFonts } from './fonts.ts';
import { trustKeptCa } from './hq-ca.ts';
import type { KeyPort } from './key.ts';
import { LogoFile } from './logo-file.ts';
import { serveTill, type TillServer } from './server.ts';
import type { Cashier } from './session.ts';
import { Till } from './till.ts';
import { makeVirtualDevices } from './virtual.ts';
import { virtualLine } from './virtual-line.ts';

export interface RunConfig extends GivenDevices {
  readonly folder: string;
  /** 0: any free port. */
  readonly port: number;
  readonly token: string;
  readonly cashier: Cashier;
  /** Staff id that is on at the start without a PIN, for demos. */
  readonly signOn?: string;
  /** Where the databases' key is kept; not given: in a file of the folder. */
  readonly key?: KeyPort;
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
  const given = config.printerProfile;
  if (given !== undefined && printerProfile(given) === null) {
    throw new Error(`there is no printer profile ${given}`);
  }
  trustKeptCa(config.folder, systemClock.nowMs());
  const virtual = virtualBench(config.folder);
  const bench = deviceBench(settingsFile(config.folder), config, virtual);
  if (bench.problem !== null) config.log(bench.problem);
  const till = new Till({
    folder: config.folder,
    clock: systemClock,
    chance: systemChance,
    sha256,
    cashier: config.cashier,
    ...(config.signOn === undefined ? {} : { signOn: config.signOn }),
    ...(config.key === undefined ? {} : { key: config.key }),
    appVersion: APP_VERSION,
    log: config.log,
    devices: {
      openScanner: null,
      scanner: {},
      openPrinter: null,
      printer: profileOf(bench.settings),
      artist: await loadArtist(config.log),
      logo: await loadLogo(config.folder, config.log),
      bench,
    },
  });
  try {
    const counter = new Counter(till, virtual.devicesFor(till));
    const server = await serveTill(till, counter, config);
    till.start();
    return {
      till,
      server,
      stop: async () => {
        await server.close();
        await till.stop();
        await virtual.close();
      },
    };
  } catch (cause) {
    await till.stop();
    await virtual.close();
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

/** A machine that cannot draw prints no logo: `loadArtist` has said that it cannot. */
async function loadLogo(folder: string, log: (text: string) => void): Promise<LogoFile | null> {
  try {
    const { logoBitmap } = await import('../devices/logo.ts');
    return new LogoFile(folder, logoBitmap, log);
  } catch {
    return null;
  }
}

/** Devices that we play, for whichever role is set to `virtual`; each line is made when it is first wanted. */
function virtualBench(folder: string) {
  const terminal = new VirtualTerminal({ takesMs: 1_200, ...bankFile(folder, 'cards') });
  const wallets = new VirtualWallet({ takesMs: 800, ...bankFile(folder, 'wallets') });
  const lines = {
    scanner: virtualLine(),
    printer: virtualLine(),
    scale: virtualLine(),
    display: virtualLine(),
  };
  return {
    terminal,
    wallets,
    opener: (role: keyof typeof lines) => () => lines[role].open(),
    devicesFor: (till: Till) =>
      makeVirtualDevices({
        lines,
        setup: () => till.devices,
        clock: systemClock,
        payments: [terminal, wallets],
      }),
    close: async () => {
      await Promise.all(Object.values(lines).map((line) => line.close()));
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
