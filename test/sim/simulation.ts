/**
 * One seed: a day of a small chain in virtual time with faults everywhere, then healed, drained and checked.
 */
import path from 'node:path';
import { putItems } from '../../cloud/catalog/catalog.ts';
import { putRuleSet } from '../../cloud/catalog/rules.ts';
import type { Db } from '../../cloud/db/db.ts';
import { putMembers } from '../../cloud/members/members.ts';
import type { Down } from '../../src/protocol/down.ts';
import { Cashier, type Ledger } from './cashier.ts';
import { SimClock } from './clock.ts';
import { Dice } from './dice.ts';
import type { CutKind } from './disk.ts';
import { Hq } from './hq.ts';
import { checkEnd } from './invariants.ts';
import { checkGranted } from './invariants-balance.ts';
import { checkAck, checkPaper, checkTill, checkZsUnchanged } from './invariants-step.ts';
import type { Mutant } from './mutant.ts';
import { Network, NO_FAULTS } from './network.ts';
import { Actor, Scheduler } from './scheduler.ts';
import { makeTemplate, SimTill } from './sim-till.ts';
import { Trace } from './trace.ts';
import { dearer, newMember, rulesOf, TILLS, WORLD } from './world.ts';

/** How long the faulty part of a seed lasts in virtual time. */
const DAY_MS = 70_000;
/** Healed, everything must have come to rest after this: more than any backoff and any silence together. */
const DRAIN_MS = 600_000;

export interface SeedResult {
  readonly seed: number;
  readonly failure: { readonly seed: number; readonly invariant: string; readonly step: number } | null;
  /** Of the failure, in words. */
  readonly what: string | null;
  readonly trace: Trace;
  readonly events: number;
  readonly sales: number;
  readonly kills: number;
}

export class Simulation {
  readonly seed: number;
  readonly time = new Scheduler();
  readonly trace: Trace;
  readonly dice: Dice;
  readonly net: Network;
  readonly hq: Hq;
  readonly tills: SimTill[] = [];
  readonly cashiers: Cashier[] = [];
  readonly ledger: Ledger = { sales: new Map(), receipts: [] };
  /** For mutants: a stream of its own, so that one switched on changes no other draw. */
  readonly mutantDice: Dice;
  kills = 0;
  private readonly weather = new Actor('weather');
  private healed = false;
  /** HQ's database was put back: what its office did since is gone for good. */
  hqWentBack = false;

  constructor(given: {
    seed: number;
    db: Db;
    root: string;
    template: string;
    mutant: Mutant | null;
    keep: boolean;
  }) {
    const { seed, mutant } = given;
    this.seed = seed;
    this.trace = new Trace(given.keep);
    this.trace.step = () => this.time.steps;
    this.dice = new Dice(seed);
    this.mutantDice = this.dice.of('mutant');
    this.net = new Network({
      time: this.time,
      dice: this.dice.of('network'),
      fault: (kind) => this.trace.fault(kind),
      say: (who, what) => this.trace.say(this.time.nowMs, who, what),
      hooks: mutant?.frames?.(this) ?? {},
      onSent: (till, message) => this.sent(till, message),
    });
    this.hq = new Hq({
      raw: given.db,
      time: this.time,
      dice: this.dice.of('hq'),
      trace: this.trace,
      net: this.net,
      clock: new SimClock(this.time, this.dice.of('hq clock').int(-100, 100)),
      hooks: mutant?.hq?.(this) ?? {},
    });
    this.hq.onCrash = (point) => this.hqDies(`HQ died ${point}`);
    for (const { code, storeId } of TILLS) {
      const till: SimTill = new SimTill({
        code,
        storeId,
        root: given.root,
        template: given.template,
        time: this.time,
        dice: this.dice.of(code),
        trace: this.trace,
        net: this.net,
        hooks: mutant?.till?.(this, () => till) ?? {},
      });
      till.printer.onPaper = (bytes) => checkPaper(this, till, bytes);
      till.printer.onFault = () => this.trace.fault('printer broke off');
      this.tills.push(till);
      this.cashiers.push(new Cashier(till, this.dice.of(`cashier ${code}`), this.ledger));
    }
  }

  async run(): Promise<void> {
    this.time.afterStep = () => this.look();
    this.hq.start();
    for (const till of this.tills) this.time.after(0, this.weather, () => till.start());
    for (const cashier of this.cashiers) cashier.work();
    this.brew();
    const broken = () => this.trace.broken !== null;
    if (await this.time.run(DAY_MS, broken)) return;
    this.heal();
    const stuck = await this.drain(broken);
    if (broken()) return;
    this.trace.check('comes to rest', stuck === null, () => stuck!);
    if (!broken()) await checkEnd(this);
  }

  /** Ends what is left, whatever state it is in. */
  async close(): Promise<void> {
    this.hq.crash();
    for (const till of this.tills) {
      till.actor.alive = false;
      this.net.dropAll(till.actor, false);
      await till.stop().catch(() => {});
    }
  }

  tillOf(code: string): SimTill {
    return this.tills.find((till) => till.code === code)!;
  }

  // ---- weather ----

  /** Faults come by the dice, each with its own temper a seed: some seeds are calm, some are bad throughout. */
  private brew(): void {
    const dice = this.dice.of('weather');
    const temper = dice.pick([0, 1, 2, 4]);
    const { faults } = this.net;
    faults.cut = dice.int(0, temper) * 2;
    faults.duplicate = dice.int(0, temper);
    faults.corrupt = dice.int(0, temper) / 2;
    faults.tamper = dice.int(0, temper);
    faults.halfOpen = dice.int(0, temper) / 2;
    faults.slowMs = dice.pick([0, 50, 800]);
    for (const till of this.tills) till.printer.faultPercent = dice.int(0, temper) * 3;
    const next = () => {
      this.time.after(dice.int(500, 9_000), this.weather, () => {
        if (this.healed) return;
        this.strike(dice);
        next();
      });
    };
    next();
  }

  private strike(dice: Dice): void {
    const till = dice.pick(this.tills);
    const roll = dice.int(1, 100);
    if (roll <= 20) return this.cutPower(till, dice);
    if (roll <= 32) return this.kill(till, dice);
    if (roll <= 37) return this.restart(till);
    if (roll <= 47) return this.partition(till, dice.int(2_000, 60_000));
    if (roll <= 59) return this.strikeHq(dice);
    if (roll <= 62) return this.hqGoesBack(dice);
    if (roll <= 69) return this.moveClock(till, dice);
    if (roll <= 76) return this.fillDisk(till, dice.int(2_000, 20_000));
    if (roll <= 82) return this.printerOff(till, dice.int(2_000, 30_000));
    if (roll <= 89) return this.copyDisk(till, { tries: 10, putBackInMs: dice.int(5_000, 40_000) });
    this.office(dice);
  }

  private cutPower(till: SimTill, dice: Dice): void {
    if (!till.isUp) return;
    const room = dice.pick(['journal', 'journal', 'shop'] as const);
    const kinds: readonly CutKind[] = room === 'journal' ? ['before', 'after', 'torn'] : ['before', 'after'];
    till.disk.cut = { room, kind: dice.pick(kinds), countdown: dice.int(1, room === 'journal' ? 3 : 25) };
  }

  private kill(till: SimTill, dice: Dice): void {
    if (!till.isUp) return;
    const power = dice.chance(50);
    this.trace.fault(power ? 'power cut' : 'till killed');
    this.say(till.code, power ? 'power cut' : 'killed');
    till.die(!power);
  }

  private restart(till: SimTill): void {
    if (!till.isUp) return;
    this.trace.fault('till restarted');
    this.say(till.code, 'stops');
    this.time.after(0, this.weather, async () => {
      if (!till.isUp) return;
      await till.stop();
      this.time.after(1_000, this.weather, () => till.start());
    });
  }

  private partition(till: SimTill, forMs: number): void {
    this.trace.fault('partition');
    this.say(till.code, 'no network');
    this.net.part(till.code);
    this.time.after(forMs, this.weather, () => this.net.mend(till.code));
  }

  private strikeHq(dice: Dice): void {
    if (!this.hq.isUp) return;
    const point = dice.pick(['before commit', 'after commit', 'now'] as const);
    if (point === 'now') this.hqDies('HQ killed');
    else this.hq.crashAt = point;
  }

  private hqDies(how: string): void {
    this.trace.fault(how);
    this.say('hq', how);
    this.hq.crash();
    this.time.after(this.healed ? 500 : this.dice.int(300, 15_000), this.weather, () => this.hqStarts());
  }

  /** A backup in the night, or its use. */
  private hqGoesBack(dice: Dice): void {
    if (!this.hq.isUp) return;
    const back = dice.chance(60);
    this.time.after(0, this.weather, async () => {
      if (!this.hq.isUp) return;
      if (!back) return this.hq.backUp();
      this.hqDies('HQ killed');
      if (!(await this.hq.goBack())) return;
      this.hqWentBack = true;
      this.trace.fault('HQ put back');
      this.say('hq', 'put back to its backup');
    });
  }

  private hqStarts(): void {
    if (this.hq.isUp) return;
    this.hq.start();
    this.say('hq', 'started');
  }

  private moveClock(till: SimTill, dice: Dice): void {
    const byMs = dice.pick([-86_400_000, -3_600_000, -61_000, 20_000, 3_600_000, 31_536_000_000]);
    this.trace.fault('clock jumped');
    this.say(till.code, `clock jumps ${byMs}`);
    till.clock.aheadMs += byMs;
  }

  private fillDisk(till: SimTill, forMs: number): void {
    if (!till.isUp) return;
    this.trace.fault('disk full');
    this.say(till.code, 'disk full');
    till.disk.fill();
    this.time.after(forMs, this.weather, () => till.disk.free());
  }

  /** In a moment when nobody is served; the copy is put back later. */
  private copyDisk(till: SimTill, plan: { readonly tries: number; readonly putBackInMs: number }): void {
    const { tries, putBackInMs } = plan;
    if (till.isUp && till.copyDisk()) {
      this.say(till.code, 'disk copied');
      this.time.after(putBackInMs, this.weather, () => this.diskGoesBack(till));
    } else if (tries > 0) {
      this.time.after(1_000, this.weather, () => this.copyDisk(till, { tries: tries - 1, putBackInMs }));
    }
  }

  private diskGoesBack(till: SimTill): void {
    if (this.healed || !till.isUp || !till.putDiskBack()) return;
    this.trace.fault('disk put back');
    this.say(till.code, 'disk put back to its copy');
  }

  /** The last entry of a till that HQ ever had. */
  committedOf(till: SimTill): number {
    return Math.max(0, ...till.journalIds.map((id) => this.hq.everCommitted.get(id) ?? 0));
  }

  private printerOff(till: SimTill, forMs: number): void {
    this.trace.fault('printer off');
    till.printer.off = true;
    this.time.after(forMs, this.weather, () => {
      till.printer.off = false;
    });
  }

  private offices = 0;

  private office(dice: Dice): void {
    const no = ++this.offices;
    const atMs = this.hq.clock.nowMs();
    const what = dice.int(1, 3);
    if (what === 1) this.hq.office(`rules ${no}`, (db) => putRuleSet(db, rulesOf(no), atMs));
    else if (what === 2) this.hq.office(`member ${no}`, (db) => putMembers(db, [newMember(no)], atMs));
    else {
      const items = WORLD.items.map((item) => dearer(item, no * 10));
      this.hq.office(`prices ${no}`, (db) => putItems(db, items, atMs));
    }
  }

  // ---- after each event ----

  private look(): void {
    for (const till of this.tills) {
      till.noteJournal();
      if (till.till === null || till.actor.alive) {
        if (till.isUp) checkTill(this, till);
        continue;
      }
      if (till.till !== null && !this.burying.has(till)) this.bury(till);
    }
  }

  private readonly burying = new Set<SimTill>();

  /** Whatever killed it: somebody switches it on again. */
  private bury(till: SimTill): void {
    this.burying.add(till);
    this.kills++;
    const wait = this.healed ? 500 : this.dice.int(300, 12_000);
    this.time.after(0, this.weather, async () => {
      await till.bury();
      this.time.after(wait, this.weather, () => {
        this.burying.delete(till);
        till.start();
      });
    });
  }

  private sent(till: string, message: Down): void {
    if (message.t === 'ack') checkAck(this, this.tillOf(till), message);
    if (message.t === 'grant') this.time.after(0, this.weather, () => checkGranted(this));
  }

  // ---- the end ----

  private heal(): void {
    this.healed = true;
    this.say('weather', 'healed');
    this.net.faults = { ...NO_FAULTS };
    for (const { code } of this.tills) this.net.mend(code);
    this.hq.crashAt = null;
    for (const till of this.tills) {
      till.disk.cut = null;
      if (till.till !== null && till.actor.alive) till.disk.free();
      till.printer.off = false;
      till.printer.faultPercent = 0;
    }
    for (const cashier of this.cashiers) cashier.busy = false;
    this.time.after(1_000, this.weather, () => this.hqStarts());
  }

  /** @returns null when everything has come to rest, else who has not */
  private async drain(broken: () => boolean): Promise<string | null> {
    let restless: string | null = null;
    for (let waited = 0; waited < DRAIN_MS; waited += 5_000) {
      await this.time.run(this.time.nowMs + 5_000, broken);
      if (broken()) return null;
      restless = await this.restless();
      if (restless === null) return null;
    }
    return restless;
  }

  private async restless(): Promise<string | null> {
    for (const [index, { code, till }] of this.tills.entries()) {
      if (till === null || !this.tills[index]!.isUp) return `${code} is down`;
      const cashier = this.cashiers[index]!;
      if (!cashier.isSettled || till.checkout.basket.lines.length > 0)
        return `${code}: somebody is being served`;
      const link = till.link!;
      if (link.status.state !== 'online') return `${code} is ${link.status.state} (${link.status.reason})`;
      if (link.ackedSeq < till.journal.head.seq) return `${code} has entries that HQ has not`;
      if (till.spool.state.queued > 0) return `${code} has slips to print`;
    }
    if (!(await this.hq.booksSettled())) return 'the books are behind';
    const [row] = await this.time
      .really(() =>
        this.hq.raw.query<{ kind: string; at: number }>(
          `select store_id as kind, max(pos) as at from feed_row group by store_id`,
        ),
      )
      .then((rows) => [rows]);
    for (const { code, storeId, till } of this.tills) {
      const newest = Math.max(
        ...row!.filter(({ kind }) => kind === '' || kind === storeId).map(({ at }) => at),
      );
      if (till!.feed.cursor < newest) return `${code} has not all of the feed`;
    }
    await checkZsUnchanged(this);
    return null;
  }

  private say(who: string, what: string): void {
    this.trace.say(this.time.nowMs, who, what);
  }
}

/** Runs one seed on a database that has just been reset. */
export async function simulate(given: {
  readonly seed: number;
  readonly db: Db;
  readonly folder: string;
  readonly template: string;
  readonly mutant: Mutant | null;
  readonly keep?: boolean;
}): Promise<SeedResult> {
  const { seed, db, folder, template, mutant, keep = false } = given;
  const sim = new Simulation({ seed, db, template, mutant, keep, root: path.join(folder, `seed-${seed}`) });
  const uninstall = sim.time.install();
  try {
    await sim.run();
  } catch (cause) {
    // The shipping code threw where nothing may.
    sim.trace.check('nothing is thrown', false, () => (cause as Error).stack ?? String(cause));
  } finally {
    await sim.close();
    uninstall();
  }
  const { broken } = sim.trace;
  return {
    seed,
    failure: broken === null ? null : { seed, invariant: broken.invariant, step: broken.step },
    what: broken?.what ?? null,
    trace: sim.trace,
    events: sim.time.steps,
    sales: sim.ledger.sales.size,
    kills: sim.kills,
  };
}

export { makeTemplate };
