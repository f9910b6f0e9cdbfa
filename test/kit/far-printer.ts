/**
 * A faulty printer in a process of its own, at the end of a PTY: killed, it is a cable pulled out, which a PTY of the test's own
 * process cannot be, since the driver's process inherits it.
 *
 * Run as a program it is the printer: it tells its PTY, then each slip, and obeys orders. Imported it is the till's side.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { HOST_TIMES, openHosted } from '../../native/hosted.ts';
import { openPtyPair } from '../../native/pty.ts';
import type { BytePort } from '../../src/core/ports.ts';
import { DeviceError } from '../../src/devices/ports.ts';
import { type PrinterProfile, printerProfile } from '../../src/devices/printer-profile.ts';
import { type Fault, FaultyPrinter } from './faulty-printer.ts';

type Told = { readonly path: string } | { readonly slips: readonly string[] };
type Order = 'connected' | 'hand' | 'tear';

/** The printer as the test has it in its hands. */
export class FarPrinter {
  readonly slips: string[] = [];
  private readonly profile: PrinterProfile;
  private fault: Fault;
  private readonly at: number;
  private child: ChildProcess | null = null;
  private path: string | null = null;
  private torn: (() => void) | null = null;

  constructor(profile: PrinterProfile, fault: Fault, at: number) {
    this.profile = profile;
    this.fault = fault;
    this.at = at;
    this.plugIn();
  }

  /** Through the serial driver in its own process. */
  readonly open = async (): Promise<BytePort> => {
    if (this.child === null) this.plugIn();
    if (this.path === null) throw new DeviceError('not_found', 'not plugged in yet', { retry: true });
    // A new line to it: one that hangs was switched off and on.
    this.order('connected');
    return openHosted({ driver: 'serial', path: this.path, baudRate: 115_200 }, HOST_TIMES);
  };

  hand(): void {
    this.order('hand');
  }

  /** Resolves when what lay in the printer is among the slips. */
  tear(): Promise<void> {
    if (this.child === null) return Promise.resolve();
    return new Promise((resolve) => {
      this.torn = resolve;
      this.order('tear');
    });
  }

  async close(): Promise<void> {
    const { child } = this;
    if (child === null) return;
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  }

  private order(order: Order): void {
    if (this.child?.connected === true) this.child.send(order, () => {});
  }

  private plugIn(): void {
    const env = { ...process.env, FAR_PRINTER: `${this.profile.id} ${this.fault} ${this.at}` };
    const child = fork(fileURLToPath(import.meta.url), [], { env, execArgv: [] });
    this.child = child;
    child.on('message', (told: Told) => {
      if ('path' in told) this.path = told.path;
      else this.slips.push(...told.slips);
    });
    child.on('exit', () => {
      if (this.child !== child) return;
      this.child = null;
      this.path = null;
      // Plugged in again it is sound.
      this.fault = 'none';
      this.torn?.();
    });
  }
}

/** The printer itself. */
function beAPrinter(words: string): void {
  const [profileId, fault, at] = words.split(' ') as [string, Fault, string];
  const printer = new FaultyPrinter(printerProfile(profileId)!, fault, Number(at));
  const pair = openPtyPair()!;
  let told = 0;
  const tell = (then: () => void) => {
    const slips = printer.slips.slice(told);
    told = printer.slips.length;
    process.send!({ slips } satisfies Told, then);
  };
  pair.master.onData((bytes) => {
    const goesOn = printer.feed(bytes, (reply) => {
      if (reply.length > 0) pair.master.write(reply).catch(() => {});
    });
    if (!goesOn) {
      // The cable is out: what lies in the printer is seen.
      printer.tear();
      tell(() => process.kill(process.pid, 'SIGKILL'));
    } else if (printer.slips.length > told) tell(() => {});
  });
  process.on('message', (order: Order) => {
    if (order === 'connected') printer.connected();
    else if (order === 'hand') printer.hand();
    else {
      printer.tear();
      tell(() => process.exit(0));
    }
  });
  process.on('disconnect', () => process.exit(0));
  process.send!({ path: pair.path } satisfies Told);
}

if (process.env.FAR_PRINTER !== undefined && process.send !== undefined) beAPrinter(process.env.FAR_PRINTER);
