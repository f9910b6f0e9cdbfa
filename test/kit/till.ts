/**
 * A real till in this process: real files, real PTYs with a virtual scanner and printer at their far ends.
 */
import path from 'node:path';
import type { BytePort, Clock } from '../../src/core/ports.ts';
import { logoBitmap } from '../../src/devices/logo.ts';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import {
  attachVirtualPrinter,
  type DrawerKick,
  type Slip,
  VirtualPrinter,
} from '../../src/devices/virtual-printer.ts';
import type { VirtualTerminal } from '../../src/devices/virtual-terminal.ts';
import type { VirtualWallet } from '../../src/devices/virtual-wallet.ts';
import type { FeedRow } from '../../src/protocol/down.ts';
import { Counter } from '../../src/till/counter.ts';
import type { DeviceBench } from '../../src/till/devices.ts';
import { enrolTill } from '../../src/till/enrol.ts';
import { LogoFile } from '../../src/till/logo-file.ts';
import { APP_VERSION, sha256, systemChance, systemClock } from '../../src/till/run.ts';
import { serveTill, type TillServer } from '../../src/till/server.ts';
import type { Connect } from '../../src/till/sync.ts';
import { type PayTimes, Till } from '../../src/till/till.ts';
import { makeVirtualDevices } from '../../src/till/virtual.ts';
import { type VirtualLine, virtualLine } from '../../src/till/virtual-line.ts';
import { addTill } from '../../src/tools/cloud-client.ts';
import type { TestCloud } from './cloud.ts';
import { TillClient } from './till-client.ts';
import { until } from './until.ts';

export const TOKEN = 'a-token-of-the-test';

let foldersMade = 0;

/** Adds a till to the cloud and makes a folder that till. @param url where the till finds the cloud, when not straight */
export async function aTillFolder(
  cloud: TestCloud,
  facts: { readonly storeId?: string; readonly code?: string; readonly url?: string } = {},
): Promise<string> {
  const { storeId = 'S01', code = `T${++foldersMade}`, url = cloud.url } = facts;
  const folder = path.join(cloud.folder, `till-${code}`);
  const enrolmentCode = await addTill(cloud.client, { storeId, code });
  await enrolTill({ folder, cloudUrl: url, code: enrolmentCode, clock: systemClock, chance: systemChance });
  return folder;
}

export interface TillOptions {
  /** Its own way to open the printer; null: no printer; not given: a virtual one over a PTY. */
  readonly openPrinter?: (() => Promise<BytePort>) | null;
  readonly scanner?: boolean;
  readonly sync?: boolean;
  /** How the line to HQ is opened; not given: a WebSocket. */
  readonly connect?: Connect;
  readonly clock?: Clock;
  readonly demo?: boolean;
  /** Staff id that is on at the start. */
  readonly signOn?: string;
  /** Given to see what they have on their books, and over a restart; none: no cards, no wallets. */
  readonly terminal?: VirtualTerminal;
  readonly wallets?: VirtualWallet;
  readonly payTimes?: Partial<PayTimes>;
  /** Devices that can be set up; without it scanner and printer are as said above. */
  readonly bench?: DeviceBench;
  /** Receipts begin with `logo.png` of the folder. */
  readonly logo?: boolean;
  /** Wait until the first feed has come. */
  readonly ready?: boolean;
}

export interface TestTill {
  readonly folder: string;
  readonly till: Till;
  readonly counter: Counter;
  readonly server: TillServer;
  /** What came out of the virtual printer. */
  readonly slips: Slip[];
  readonly kicks: DrawerKick[];
  readonly logs: string[];
  /** Bytes from the virtual scanner. */
  scan(code: string): Promise<void>;
  client(): Promise<TillClient>;
  stop(): Promise<void>;
}

export async function openTill(folder: string, options: TillOptions = {}): Promise<TestTill> {
  const profile = printerProfile('generic-80-gb18030')!;
  const lines: VirtualLine[] = [];
  const line = () => {
    const made = virtualLine();
    lines.push(made);
    return made;
  };
  const slips: Slip[] = [];
  const kicks: DrawerKick[] = [];
  const logs: string[] = [];
  const scanner = options.scanner === true ? line() : null;
  const printer = options.openPrinter === undefined ? line() : null;
  if (printer !== null) {
    attachVirtualPrinter(printer.far, new VirtualPrinter(profile), (output) => {
      slips.push(...output.slips);
      kicks.push(...output.kicks);
    });
  }
  const till = new Till({
    folder,
    clock: options.clock ?? systemClock,
    chance: systemChance,
    sha256,
    cashier: { id: '01', name: '林' },
    appVersion: APP_VERSION,
    log: (text) => logs.push(text),
    sync: options.sync ?? true,
    ...(options.connect === undefined ? {} : { connect: options.connect }),
    ...(options.signOn === undefined ? {} : { signOn: options.signOn }),
    devices: {
      openScanner: scanner?.open ?? null,
      scanner: {},
      openPrinter: options.openPrinter === undefined ? printer!.open : options.openPrinter,
      printer: profile,
      terminal: options.terminal ?? null,
      wallets: options.wallets ?? null,
      ...(options.payTimes === undefined ? {} : { payTimes: options.payTimes }),
      ...(options.bench === undefined ? {} : { bench: options.bench }),
      logo: options.logo === true ? new LogoFile(folder, logoBitmap, (text) => logs.push(text)) : null,
    },
  });
  const demo =
    options.demo === true
      ? makeVirtualDevices({
          lines: { scanner: line(), printer: line(), scale: line(), display: line() },
          setup: () => till.devices,
          clock: systemClock,
          always: true,
          payments: [options.terminal, options.wallets].filter((payment) => payment !== undefined),
        })
      : null;
  const counter = new Counter(till, demo);
  const server = await serveTill(till, counter, { port: 0, token: TOKEN });
  till.start();
  const clients: TillClient[] = [];
  const opened: TestTill = {
    folder,
    till,
    counter,
    server,
    slips,
    kicks,
    logs,
    scan: (code) => scanner!.far.write(new TextEncoder().encode(`${code}\r`)),
    client: async () => {
      const client = await TillClient.connect(server.port, TOKEN);
      clients.push(client);
      return client;
    },
    stop: async () => {
      for (const client of clients) client.close();
      await server.close();
      await till.stop();
      await Promise.all(lines.map((made) => made.close()));
    },
  };
  if (options.ready ?? options.sync !== false) {
    await until(
      () => till.state.text('data_as_of_ms') !== null && till.catalog.store !== null,
      'the first feed',
    );
  }
  return opened;
}

/** Rows as the feed would bring them, at the place where the feed is. */
export function feedTo({ till }: TestTill, rows: readonly FeedRow[]): void {
  const result = till.feed.apply({ rows, nextCursor: till.feed.cursor }, null);
  if (result.skipped > 0) throw new Error(`${result.skipped} rows were not understood`);
  till.fed(result);
}

/** Real time, moved by hand: the wall by `aheadMs`, and both by `passedMs`. */
export interface TestClock extends Clock {
  aheadMs: number;
  passedMs: number;
}

export function aTestClock(): TestClock {
  const clock: TestClock = {
    aheadMs: 0,
    passedMs: 0,
    nowMs: () => Date.now() + clock.aheadMs + clock.passedMs,
    monotonicMs: () => performance.now() + clock.passedMs,
  };
  return clock;
}

/** Rings up these SKUs and pays with the exact cash. @returns the sale's id */
export async function sell(
  client: TillClient,
  skus: readonly string[],
  memberId: string | null = null,
): Promise<string> {
  if (memberId !== null) await client.call('setMember', { memberId });
  for (const sku of skus) await client.call('addItem', { sku, qty: 1 });
  const { basket, payment } = client.view;
  const paid = await client.call('payCash', { basketId: basket.id, amountMinor: payment.dueMinor });
  if (!paid.settled) throw new Error('exact cash settles a sale');
  return basket.id;
}
