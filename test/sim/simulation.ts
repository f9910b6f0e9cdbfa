/**
 * One seed: a day of a small chain in virtual time with faults everywhere, then healed, drained and checked.
 */
import path from 'node:path';
import { putItems } from '../../cloud/catalog/catalog.ts';
import type { Db } from '../../cloud/db/db.ts';
import { mergeMembers } from '../../cloud/identity/merge.ts';
import { unmergeMember } from '../../cloud/identity/unmerge.ts';
import { publishRules } from '../../cloud/loyalty/coupon-rules.ts';
import { putMembers } from '../../cloud/members/members.ts';
import type { Down } from '../../src/protocol/down.ts';
import { Care } from './care.ts';
import { Cashier, type Ledger } from './cashier.ts';
import { SimClock } from './clock.ts';
import { Dice } from './dice.ts';
import { type CutKind, PowerCut } from './disk.ts';
import { Hq } from './hq.ts';
import { checkEnd } from './invariants.ts';
import { checkGranted } from './invariants-balance.ts';
import { checkAck, checkPaper, checkTill, checkWelcome, checkZsUnchanged } from './invariants-step.ts';
import type { Mutant } from './mutant.ts';
import { Network, NO_FAULTS } from './network.ts';
import { Place } from './place.ts';
import { Actor, Scheduler } from './scheduler.ts';
import { makeTemplate, SimTill } from './sim-till.ts';
import { Trace } from './trace.ts';
import { dearer, newMember, rulesOf, TILLS, WORLD } from './world.ts';

/** How long the faulty part of a seed lasts in virtual time: ten faults of the weather's; a longer day costs more than another seed finds. */
const DAY_MS = 45_000;
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
  readonly places: readonly Place[] = TILLS.map((till) => new Place(till));
  /** Machines that stand at a counter now: one a place, two where a disk was cloned. */
  readonly tills: SimTill[] = [];
  /** Those that were taken away. */
  readonly retired: SimTill[] = [];
  readonly care: Care;
  private readonly cashiers = new Map<SimTill, Cashier>();
  private readonly root: string;
  private readonly template: string;
  private readonly mutant: Mutant | null;
  readonly ledger: Ledger = { sales: new Map(), receipts: [], payCodes: [] };
  /** For mutants: a stream of its own, so that one switched on changes no other draw. */
  readonly mutantDice: Dice;
  kills = 0;
  private readonly weather = new Actor('weather');
  healedAtMs = Number.POSITIVE_INFINITY;
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
    this.root = given.root;
    this.template = given.template;
    this.mutant = mutant;
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
    this.care = new Care(this, this.dice.of('care'));
    for (const place of this.places) this.putInPlace(this.makeMachine(place, null));
  }

  /** @param cloneOf whose disk it has */
  makeMachine(place: Place, cloneOf: SimTill | null): SimTill {
    const { root, template, time, trace, net, mutant } = this;
    const dice = this.dice.of(`machine ${this.tills.length + this.retired.length} ${place.code}`);
    const hooks = mutant?.till?.(this, () => till) ?? {};
    const { publicKey: cloudKey } = this.hq.key;
    const till: SimTill = new SimTill({
      place,
      cloneOf,
      cloudKey,
      root,
      template,
      time,
      dice,
      trace,
      net,
      hooks,
    });
    till.printer.onPaper = (bytes) => checkPaper(this, till, bytes);
    till.printer.onFault = () => trace.fault('printer broke off');
    return till;
  }

  /** It stands at its counter, somebody works at it, and it starts. */
  putInPlace(till: SimTill): void {
    this.tills.push(till);
    this.tills.sort((a, b) => (a.name < b.name ? -1 : 1));
    const cashier = new Cashier(till, this.dice.of(`cashier ${till.name}`), this.ledger);
    cashier.busy = !this.healed;
    this.cashiers.set(till, cashier);
    this.temper(till);
    this.time.after(0, this.weather, () => till.start());
    cashier.work();
  }

  addMachine(place: Place, cloneOf: SimTill): void {
    this.putInPlace(this.makeMachine(place, cloneOf));
  }

  /** Switched off and taken away. */
  async retire(till: SimTill): Promise<void> {
    this.tills.splice(this.tills.indexOf(till), 1);
    this.retired.push(till);
    this.cashiers.get(till)!.actor.alive = false;
    if (till.isUp) till.die(true);
    // Its burial is under way, or begins after this event.
    while (!till.isDown || till.till !== null) await this.time.pause(100, this.weather);
  }

  async run(): Promise<void> {
    this.time.afterStep = () => this.look();
    this.hq.start();
    this.care.work();
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
    for (const till of [...this.tills, ...this.retired]) {
      till.actor.alive = false;
      this.net.dropAll(till.actor, false);
      await till.stop().catch(() => {});
    }
  }

  /** @param name of a machine, also of one that was taken away */
  tillOf(name: string): SimTill {
    return [...this.tills, ...this.retired].find((till) => till.name === name)!;
  }

  get healed(): boolean {
    return this.time.nowMs >= this.healedAtMs;
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
    for (const { code } of this.places) this.printerTemper.set(code, dice.int(0, temper) * 3);
    this.terminalFaultPercent = dice.int(0, temper) * 6;
    for (const till of this.tills) this.temper(till);
    const next = () => {
      this.time.after(dice.int(500, 9_000), this.weather, () => {
        if (this.healed) return;
        this.strike(dice);
        next();
      });
    };
    next();
  }

  private readonly printerTemper = new Map<string, number>();

  private terminalFaultPercent = 0;

  /** How its devices behave now. */
  private temper({ code, printer, terminal }: SimTill): void {
    printer.faultPercent = this.healed ? 0 : (this.printerTemper.get(code) ?? 0);
    terminal.faultPercent = this.healed ? 0 : this.terminalFaultPercent;
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
    if (roll <= 86) return this.copyDisk(till, { tries: 10, putBackInMs: dice.int(5_000, 40_000) });
    if (roll <= 89) return this.cloneDisk(till, 10);
    if (roll <= 91) return this.care.replace(till);
    if (roll <= 94) return this.hqChangesKey(dice.chance(70));
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
    this.say(till.name, power ? 'power cut' : 'killed');
    till.die(!power);
  }

  private restart(till: SimTill): void {
    if (!till.isUp) return;
    this.trace.fault('till restarted');
    this.say(till.name, 'stops');
    this.time.after(0, this.weather, async () => {
      if (!till.isUp) return;
      await till.stop();
      this.time.after(1_000, this.weather, () => {
        if (this.tills.includes(till)) till.start();
      });
    });
  }

  private partition(till: SimTill, forMs: number): void {
    this.trace.fault('partition');
    this.say(till.name, 'no network');
    this.net.part(till.name);
    this.time.after(forMs, this.weather, () => this.net.mend(till.name));
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
      this.care.hqWentBack();
      this.trace.fault('HQ put back');
      this.say('hq', 'put back to its backup');
    });
  }

  private hqChangesKey(isForgotten: boolean): void {
    if (!this.hq.isUp) return;
    this.hqDies('HQ changed its key');
    this.time.after(0, this.weather, () => this.hq.changeKey(isForgotten));
  }

  private hqStarts(): void {
    if (this.hq.isUp) return;
    this.hq.start();
    this.say('hq', 'started');
  }

  private moveClock(till: SimTill, dice: Dice): void {
    const byMs = dice.pick([-86_400_000, -3_600_000, -61_000, 20_000, 3_600_000, 31_536_000_000]);
    this.trace.fault('clock jumped');
    this.say(till.name, `clock jumps ${byMs}`);
    till.clock.aheadMs += byMs;
  }

  private fillDisk(till: SimTill, forMs: number): void {
    if (!till.isUp) return;
    this.trace.fault('disk full');
    this.say(till.name, 'disk full');
    till.disk.fill();
    this.time.after(forMs, this.weather, () => till.disk.free());
  }

  /** In a moment when nobody is served; the copy is put back later. */
  private copyDisk(till: SimTill, plan: { readonly tries: number; readonly putBackInMs: number }): void {
    const { tries, putBackInMs } = plan;
    if (till.isUp && till.copyDisk()) {
      this.say(till.name, 'disk copied');
      this.time.after(putBackInMs, this.weather, () => this.diskGoesBack(till));
    } else if (tries > 0) {
      this.time.after(1_000, this.weather, () => this.copyDisk(till, { tries: tries - 1, putBackInMs }));
    }
  }

  private cloneDisk(till: SimTill, tries: number): void {
    if (this.healed || this.care.clone(till) || tries === 0) return;
    this.time.after(1_000, this.weather, () => this.cloneDisk(till, tries - 1));
  }

  private diskGoesBack(till: SimTill): void {
    if (this.healed || !till.isUp || !till.putDiskBack()) return;
    this.trace.fault('disk put back');
    this.say(till.name, 'disk put back to its copy');
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
    if (what === 1) this.hq.office(`rules ${no}`, (db) => publishRules(db, rulesOf(no), atMs));
    else if (what === 2) this.hq.office(`member ${no}`, (db) => putMembers(db, [newMember(no)], atMs));
    else {
      const items = WORLD.items.map((item) => dearer(item, no * 10));
      this.hq.office(`prices ${no}`, (db) => putItems(db, items, atMs));
    }
    if (this.clerk.dice.chance(this.clerk.percent)) this.mergeSome(atMs);
  }

  /** Who looks for people that are there twice, in some seeds; is wrong at times, and takes it back. */
  private get clerk(): { readonly dice: Dice; readonly percent: number } {
    if (this.clerkNow === null) {
      const dice = this.dice.of('clerk');
      this.clerkNow = { dice, percent: dice.pick([0, 0, 90]) };
    }
    return this.clerkNow;
  }

  private clerkNow: { readonly dice: Dice; readonly percent: number } | null = null;

  /** Two who had each used an offer are one person since, who has used it twice. */
  hasMerged = false;

  private mergeSome(atMs: number): void {
    const { dice } = this.clerk;
    const [from, into] = [dice.pick(WORLD.members).id, dice.pick(WORLD.members).id];
    const why = { reason: 'simulated', author: null };
    // Refused where a till holds rights of them, and where they are one already.
    if (dice.chance(65))
      this.hq.office(`merge ${from} into ${into}`, async (db) => {
        const done = await mergeMembers(db, { fromId: from, intoId: into, ...why }, atMs);
        if (!done.ok) return;
        this.hasMerged = true;
        this.trace.fault('members merged');
      });
    else
      this.hq.office(`unmerge ${from}`, async (db) => {
        const done = await unmergeMember(db, { memberId: from, ...why }, atMs);
        if (done.ok) this.trace.fault('merge taken back');
      });
  }

  // ---- after each event ----

  private look(): void {
    for (const till of [...this.tills, ...this.retired]) {
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
        if (this.tills.includes(till)) till.start();
      });
    });
  }

  private sent(till: string, message: Down): void {
    if (message.t === 'ack') checkAck(this, this.tillOf(till), message);
    if (message.t === 'welcome') checkWelcome(this, this.tillOf(till));
    if (message.t === 'grant') this.time.after(0, this.weather, () => checkGranted(this));
  }

  // ---- the end ----

  private heal(): void {
    this.healedAtMs = this.time.nowMs;
    this.say('weather', 'healed');
    this.net.faults = { ...NO_FAULTS };
    for (const { name } of [...this.tills, ...this.retired]) this.net.mend(name);
    this.hq.crashAt = null;
    this.hq.endOldProcess();
    for (const till of this.tills) {
      till.disk.cut = null;
      if (till.till !== null && till.actor.alive) till.disk.free();
      till.printer.off = false;
      this.temper(till);
    }
    for (const cashier of this.cashiers.values()) cashier.busy = false;
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
    if (!this.care.isDone) return 'a disk or a machine is not seen to';
    for (const machine of this.tills) {
      const { name: code, till } = machine;
      if (till === null || !machine.isUp) return `${code} is down`;
      const cashier = this.cashiers.get(machine)!;
      if (!cashier.isSettled || till.checkout.basket.lines.length > 0)
        return `${code}: somebody is being served`;
      const link = till.link!;
      if (link.status.state !== 'online') return `${code} is ${link.status.state} (${link.status.reason})`;
      if (link.ackedSeq < till.journal.head.seq) return `${code} has entries that HQ has not`;
      if (till.spool.state.queued > 0) return `${code} has slips to print`;
      if (till.payments.all().some(({ state }) => state !== 'declined'))
        return `${code}: a card is under way`;
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

  say(who: string, what: string): void {
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
  // The shipping process would end of it.
  const unheard = (cause: unknown) => {
    if (!(cause instanceof PowerCut))
      sim.trace.check('nothing is thrown', false, () => (cause as Error).stack ?? String(cause));
  };
  process.on('unhandledRejection', unheard);
  try {
    await sim.run();
  } catch (cause) {
    // The shipping code threw where nothing may.
    sim.trace.check('nothing is thrown', false, () => (cause as Error).stack ?? String(cause));
  } finally {
    await sim.close();
    uninstall();
    process.off('unhandledRejection', unheard);
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
