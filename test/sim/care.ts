/**
 * What people do about machines: one is replaced, its disk is rescued, a disk runs twice, and HQ says which of the two goes on.
 *
 * HQ's own functions and the shipping `rescue` do it; here is only who decides when.
 */

import path from 'node:path';
import { enrol, newEnrolmentCode } from '../../cloud/tills/enrolment.ts';
import { makeRescueTicket } from '../../cloud/tills/rescue.ts';
import { resumeTill } from '../../cloud/tills/tills.ts';
import { openTillDb } from '../../src/till/db.ts';
import { IdentityStore } from '../../src/till/identity.ts';
import { rescue } from '../../src/tools/rescue.ts';
import type { Dice } from './dice.ts';
import { tillIdOf } from './hq.ts';
import { deviceKeyOf } from './keys.ts';
import { Actor } from './scheduler.ts';
import { KEY, type SimTill } from './sim-till.ts';
import type { Simulation } from './simulation.ts';

/** HQ's people look at the alerts so often. */
const LOOK_MS = 15_000;
/** After the weather has cleared somebody finds the second machine, if HQ never had a word of it. */
const FOUND_MS = 60_000;
/** HQ does not answer: the next try is later. */
const RESCUE_PATIENCE_MS = 20_000;

export class Care {
  private readonly sim: Simulation;
  private readonly dice: Dice;
  private readonly people = new Actor('people');
  /** Disks that were taken out and of which HQ has not all yet. */
  private readonly waiting = new Set<SimTill>();
  private rescuing = 0;

  constructor(sim: Simulation, dice: Dice) {
    this.sim = sim;
    this.dice = dice;
  }

  work(): void {
    this.sim.time.after(LOOK_MS, this.people, async () => {
      await this.look();
      this.work();
    });
  }

  /** Nothing is left to do: no place has two machines, no disk waits. */
  get isDone(): boolean {
    return (
      this.waiting.size === 0 &&
      this.rescuing === 0 &&
      this.sim.places.every((place) => this.at(place.code).length === 1)
    );
  }

  /** A disk is being rescued just now. */
  get isRescuing(): boolean {
    return this.rescuing > 0;
  }

  private at(code: string): SimTill[] {
    return this.sim.tills.filter((till) => till.code === code);
  }

  // ---- what happens ----

  /** Somebody copies the disk and runs the copy elsewhere, as the same till. @returns false when it cannot be now */
  clone(till: SimTill): boolean {
    if (!till.isUp || !till.isQuiet || this.at(till.code).length > 1) return false;
    this.fault('disk cloned', till);
    till.place.wentBack = true;
    this.sim.addMachine(till.place, till);
    return true;
  }

  /** The machine is broken for good, its disk is not: another one takes its place, the disk is rescued later. */
  replace(till: SimTill): void {
    if (this.at(till.code).length > 1 || !this.sim.hq.isUp) return;
    this.fault('machine replaced', till);
    this.sim.time.after(0, this.people, async () => {
      await this.sim.retire(till);
      till.place.replaced = true;
      this.waiting.add(till);
      const machine = this.sim.makeMachine(till.place, null);
      while (!(await this.enrol(machine))) await this.sim.time.pause(3_000, this.people);
      this.sim.putInPlace(machine);
    });
  }

  /** What was rescued, and who was enrolled, since the backup is not known any more. */
  hqWentBack(): void {
    for (const till of this.sim.retired) this.waiting.add(till);
  }

  /** HQ's office makes a code, and the machine takes it. @returns whether it worked */
  private async enrol(machine: SimTill): Promise<boolean> {
    const { code, keyName } = machine;
    const { hq, time } = this.sim;
    const chance = this.dice.of(`code ${machine.name} ${time.nowMs}`).port();
    const made = await this.atHq(async (db, nowMs) => {
      const given = await newEnrolmentCode(db, tillIdOf(code), { nowMs, chance });
      return enrol(db, { code: given!.code, publicKey: deviceKeyOf(keyName).publicKey }, nowMs);
    });
    if (made?.ok !== true) return false;
    hq.signals.emit('feed', {});
    return true;
  }

  // ---- what HQ's people see to ----

  private async look(): Promise<void> {
    for (const place of this.sim.places) {
      const here = this.at(place.code);
      const [first] = here;
      if (first === undefined || !this.sim.hq.isUp) continue;
      const stopped = await this.atHq(async (db) => {
        const rows = await db.query<{ stopped: boolean }>(
          'select stopped_at is not null as stopped from till where till_id = $1',
          [tillIdOf(place.code)],
        );
        return rows[0]!.stopped;
      });
      // HQ was put back to a time when another machine stood here.
      if (first.till?.link?.status.reason === 'bad_signature') await this.enrol(first);
      if (stopped === true) await this.decide(here);
      else if (here.length > 1 && this.sim.time.nowMs > this.sim.healedAtMs + FOUND_MS)
        await this.keepOne(here);
    }
    for (const till of [...this.waiting]) await this.rescueDisk(till);
  }

  /** Two disks spoke as one till: one goes on, the other is taken out and rescued. */
  private async decide(here: readonly SimTill[]): Promise<void> {
    const winner = await this.keepOne(here);
    const { place, journalId } = winner;
    const alerts = await this.atHq(async (db) => {
      const rows = await db.query<{ n: number }>(
        "select count(*)::int as n from till_alert where till_id = $1 and kind = 'cloned'",
        [tillIdOf(place.code)],
      );
      return rows[0]!.n;
    });
    if (alerts === null) return;
    this.sim.trace.check('HQ says so when two disks speak as one till', alerts > 0, () => place.code);
    // Before HQ's word is on disk: the till may say hello before these people hear that it is.
    place.kept = journalId;
    const said = await this.atHq((db) => resumeTill(db, tillIdOf(place.code), journalId));
    if (said !== true) return;
    this.sim.trace.fault('HQ said which disk goes on');
    this.sim.say('hq', `${winner.name} goes on`);
  }

  private async keepOne(here: readonly SimTill[]): Promise<SimTill> {
    if (here.length === 1) return here[0]!;
    const winner = this.dice.pick(here);
    for (const till of here) {
      if (till === winner) continue;
      await this.sim.retire(till);
      this.waiting.add(till);
    }
    return winner;
  }

  private async rescueDisk(till: SimTill): Promise<void> {
    const { sim, dice } = this;
    const { time } = sim;
    const chance = dice.of(`rescue ${till.name} ${time.nowMs}`).port();
    const made = await this.atHq((db, nowMs) =>
      makeRescueTicket(db, tillIdOf(till.code), { reason: 'sim', nowMs, chance }),
    );
    if (made === null) return;
    sim.trace.fault('disk rescued');
    this.rescuing++;
    const actor = new Actor(`rescue ${till.name}`);
    const { folder } = till.disk;
    const report = await time.as(actor, () =>
      rescue(
        { folder, cloudUrl: null, ticket: made.ticket, patienceMs: RESCUE_PATIENCE_MS },
        { clock: till.clock, chance, connect: () => sim.net.connect(actor, till.name) },
      ),
    );
    this.rescuing--;
    sim.say(till.name, `rescued ${report.pushed}, ${report.left} left ${report.reason ?? ''}`);
    this.noteJournal(till);
    if (report.left === 0) this.waiting.delete(till);
  }

  /** A disk that had gone back goes on under a new journal while it is rescued. */
  private noteJournal(till: SimTill): void {
    const db = openTillDb(path.join(till.disk.folder, 'journal.db'), 'journal', KEY);
    till.journalId = new IdentityStore(db).read()!.journalId;
    till.place.journalIds.add(till.journalId);
    db.close();
  }

  /** In a process of HQ, which may die of it. @returns null when it did, or is down */
  private async atHq<T>(
    work: (db: ReturnType<Simulation['hq']['db']>, nowMs: number) => Promise<T>,
  ): Promise<T | null> {
    const { hq, time } = this.sim;
    if (!hq.isUp) return null;
    const { actor } = hq;
    let result: { readonly value: T } | null = null;
    let failed: unknown = null;
    time.after(0, actor, async () => {
      try {
        result = { value: await work(hq.db(), hq.clock.nowMs()) };
      } catch (cause) {
        failed = cause;
      }
    });
    while (result === null && failed === null && actor.alive) await time.pause(20, this.people);
    if (failed !== null && actor.alive) throw failed;
    return (result as { readonly value: T } | null)?.value ?? null;
  }

  private fault(kind: string, till: SimTill): void {
    this.sim.trace.fault(kind);
    this.sim.say(till.name, kind);
  }
}
