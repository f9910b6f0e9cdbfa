/**
 * One machine of a till: the shipping `Till` and `Counter` on a disk, a line, a clock, a terminal and a printer of the simulator,
 * killed and started again on what the disk kept.
 */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { printerProfile } from '../../src/devices/printer-profile.ts';
import type { CardTerminal } from '../../src/devices/terminal.ts';
import { Counter } from '../../src/till/counter.ts';
import { openTillDb } from '../../src/till/db.ts';
import { IdentityStore } from '../../src/till/identity.ts';
import { sha256 } from '../../src/till/run.ts';
import { Till } from '../../src/till/till.ts';
import { SimClock } from './clock.ts';
import type { Dice } from './dice.ts';
import { Disk, type DiskHooks } from './disk.ts';
import { CLOUD_ID, tillIdOf } from './hq.ts';
import { deviceKeyOf } from './keys.ts';
import type { Network } from './network.ts';
import type { Place } from './place.ts';
import { SimPrinter } from './printer.ts';
import { Actor, type Scheduler } from './scheduler.ts';
import { PAY_TIMES, SimTerminal } from './terminal.ts';
import type { Trace } from './trace.ts';

/** The simulated printer takes bytes and says nothing: the spool is told not to ask. */
const PROFILE = { ...printerProfile('generic-80-gb18030')!, status: 'none', proof: 'none' } as const;
/** All tills of a run share one key, so that their empty files can be made once. */
export const KEY = new Uint8Array(32).fill(7);

/** How a mutant's till behaves. */
export interface TillHooks extends DiskHooks {
  /** What the till takes for its terminal. */
  readonly terminal?: (port: CardTerminal) => CardTerminal;
  /** When it has been put together, before it starts. */
  readonly made?: (till: SimTill) => void;
}

export interface SimTillParts {
  readonly place: Place;
  readonly root: string;
  readonly template: string;
  /** The machine whose disk was copied to this one's. */
  readonly cloneOf: SimTill | null;
  /** HQ's, as it is pinned when the machine is enrolled. */
  readonly cloudKey: string;
  readonly time: Scheduler;
  readonly dice: Dice;
  readonly trace: Trace;
  readonly net: Network;
  readonly hooks: TillHooks;
}

/** Empty, migrated files: made once a run. @returns the folder */
export function makeTemplate(root: string): string {
  const folder = path.join(root, 'template');
  mkdirSync(folder, { recursive: true });
  for (const room of ['journal', 'shop'] as const)
    openTillDb(path.join(folder, `${room}.db`), room, KEY).close();
  writeFileSync(path.join(folder, 'till.key'), Buffer.from(KEY).toString('hex'), { mode: 0o600 });
  return folder;
}

export class SimTill {
  readonly place: Place;
  readonly code: string;
  /** Of this machine, as the event log has it. */
  readonly name: string;
  readonly storeId: string;
  readonly clock: SimClock;
  readonly printer: SimPrinter;
  readonly terminal: SimTerminal;
  readonly disk: Disk;
  readonly parts: SimTillParts;
  /** Whose device key it has. */
  readonly keyName: string;
  /** What it writes. */
  journalId: string;
  /** The newest of HQ's keys that this disk has followed. */
  keyNo = 0;
  actor: Actor;
  till: Till | null = null;
  counter: Counter | null = null;
  /** Times it has been started. */
  starts = 0;
  private dying = false;
  /** Still letting go of its files. */
  private ending = 0;

  constructor(parts: SimTillParts) {
    const { place, cloneOf, dice, time } = parts;
    this.parts = parts;
    this.place = place;
    this.code = place.code;
    this.storeId = place.storeId;
    this.name = place.nextName();
    this.keyName = cloneOf?.keyName ?? this.name;
    const { name } = this;
    this.actor = new Actor(name);
    this.clock = new SimClock(time, dice.int(-200, 200));
    this.printer = new SimPrinter(time, dice.of('printer'));
    this.terminal = new SimTerminal(time, dice.of('terminal'), (kind) => parts.trace.fault(kind));
    this.disk = new Disk(path.join(parts.root, name), parts.hooks);
    this.disk.onCut = (kind) => {
      parts.trace.fault(`power cut ${kind} a write`);
      parts.trace.say(time.nowMs, name, `power cut ${kind} a write`);
      this.die(false);
    };
    this.journalId = cloneOf?.journalId ?? place.newJournal(dice.of('journal'));
    if (cloneOf === null) this.enrol();
    else this.disk.takeOver(cloneOf.disk);
  }

  get isUp(): boolean {
    return this.till !== null && this.actor.alive;
  }

  /** Whether what was spent here is not all known where it is now. */
  get wentBack(): boolean {
    return this.place.wentBack;
  }

  private readonly copies = { sales: null as ReadonlySet<string> | null, due: false };

  /** Nothing is open at the counter: what is sold later from a basket of now would be two sales under one id. */
  copyDisk(): boolean {
    if (!this.isQuiet) return false;
    this.disk.keepCopy();
    this.copies.sales = new Set(this.soldHere().map(({ id }) => id));
    return true;
  }

  /** Nobody is served, nothing waits, and no power is about to go. */
  get isQuiet(): boolean {
    const { checkout, parking } = this.till!;
    return checkout.basket.lines.length === 0 && parking.list().length === 0 && this.disk.cut === null;
  }

  /** It stops, and starts again on the copy. */
  putDiskBack(): boolean {
    const { sales, due } = this.copies;
    if (sales === null || due) return false;
    const { ackedSeq } = this.till!.link!;
    for (const { id, seq } of this.soldHere()) {
      if (!sales.has(id)) this.place.gone[seq <= ackedSeq ? 'known' : 'unknown'].add(id);
    }
    this.copies.due = true;
    this.place.wentBack = true;
    this.die(true);
    return true;
  }

  private soldHere(): { readonly id: string; readonly seq: number }[] {
    const { journal } = this.till!;
    return [...journal.range(1, journal.head.seq)].flatMap((entry) =>
      entry.kind === 'sale' ? [{ id: entry.body.id, seq: entry.seq }] : [],
    );
  }

  /** After each event: a journal that was opened since. */
  noteJournal(): void {
    const now = this.till?.journal.journalId;
    if (now === undefined || now === this.journalId) return;
    this.journalId = now;
    this.place.journalIds.add(now);
  }

  start(): void {
    const { parts } = this;
    const { time, trace, net, dice } = parts;
    const { name } = this;
    this.dying = false;
    this.actor = new Actor(`${name}#${++this.starts}`);
    const { actor } = this;
    const log = (text: string) => {
      if (!actor.alive) return;
      trace.logs.push(`${name}: ${text}`);
      // Stacks name the machine's folders; their first line is the same everywhere.
      trace.say(time.nowMs, name, `log ${text.split('\n')[0]!.replaceAll(this.disk.folder, '')}`);
    };
    const port = this.terminal.cardsOf(actor);
    const wallets = this.terminal.walletsOf(actor);
    time.as(actor, () => {
      const till = new Till({
        folder: this.disk.folder,
        clock: this.clock,
        chance: dice.of(`chance ${this.starts}`).port(),
        sha256,
        cashier: { id: '01', name: '林' },
        appVersion: 'sim',
        log,
        connect: () => net.connect(actor, name),
        openDb: this.disk.open,
        devices: {
          openScanner: null,
          scanner: {},
          openPrinter: () => this.printer.open(actor),
          printer: PROFILE,
          terminal: parts.hooks.terminal?.(port) ?? port,
          wallets,
          payTimes: PAY_TIMES,
        },
      });
      this.till = till;
      this.counter = new Counter(till, null);
      parts.hooks.made?.(this);
      till.start();
    });
    // The power went while it started. What it still did was in no machine any more; a line that it opened is nobody's.
    if (this.dying) net.dropAll(actor, false);
    trace.say(time.nowMs, name, `started at ${this.till!.journal.head.seq}`);
  }

  /** The process is gone. @param killed no power was lost: what was written stays */
  die(killed: boolean): void {
    if (this.dying) return;
    this.dying = true;
    this.disk.snapshot(!killed);
    this.actor.alive = false;
    this.parts.net.dropAll(this.actor, killed);
  }

  /** Lets go of what the dead process held, so that the next one can start. */
  async bury(): Promise<void> {
    await this.letGo();
    this.disk.afterCrash();
    if (this.copies.due) {
      this.disk.goBack();
      this.keyNo = 0;
    }
    this.copies.due = false;
  }

  /** Ends as on a quiet evening. */
  async stop(): Promise<void> {
    await this.letGo();
    this.actor.alive = false;
    this.disk.settle();
  }

  /** Nothing of it runs, and its files are let go. */
  get isDown(): boolean {
    return this.till === null && this.ending === 0;
  }

  private async letGo(): Promise<void> {
    const { till } = this;
    this.till = null;
    this.counter = null;
    this.ending++;
    try {
      await till?.stop();
    } finally {
      this.ending--;
    }
  }

  private enrol(): void {
    const { template } = this.parts;
    for (const name of ['journal.db', 'shop.db', 'till.key']) {
      const from = path.join(template, name);
      if (existsSync(from)) copyFileSync(from, path.join(this.disk.folder, name));
    }
    const db = openTillDb(path.join(this.disk.folder, 'journal.db'), 'journal', KEY);
    const { code: tillCode, storeId } = this;
    new IdentityStore(db).write({
      tillId: tillIdOf(tillCode),
      tillCode,
      storeId,
      cloudId: CLOUD_ID,
      cloudUrl: 'http://hq.invalid',
      cloudKey: this.parts.cloudKey,
      journalId: this.journalId,
    });
    db.prepare('insert into identity (key, value) values (?, ?)').run(
      'device_key',
      deviceKeyOf(this.keyName).pem,
    );
    db.close();
  }
}
