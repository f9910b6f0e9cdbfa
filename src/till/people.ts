/**
 * People at this till: who is on, what their role allows, and whether a PIN is right.
 *
 * Everything is local: staff, roles and hashes came by the feed. Wrong PINs are counted on disk before the PIN is looked at.
 */
import { type Locale, nameIn } from '../core/item.ts';
import { DEFAULT_ROLES, PERMISSIONS, type Permission, type Role, type Staff } from '../core/people.ts';
import { FREE_TRIES, lockMs, pinFits } from '../core/pin.ts';
import type { Clock } from '../core/ports.ts';
import { err, ok, type Result } from '../core/result.ts';
import type { PeopleView, StaffCard, TillApiError } from './api.ts';
import type { Sqlite } from './db.ts';
import { scrypt } from './pin.ts';

export class People {
  private readonly db: Sqlite;
  private readonly clock: Clock;
  private staffNow: ReadonlyMap<string, Staff> = new Map();
  private rolesNow: ReadonlyMap<string, Role> = new Map();
  private onId: string | null = null;
  /** Monotonic end of each lock-out: a wall clock that is set forward opens nothing while the till runs. */
  private readonly lockedUntil = new Map<string, number>();
  /** PINs are looked at one at a time: a flood of guesses is no way round the count, nor round the memory. */
  private turn: Promise<unknown> = Promise.resolve();

  constructor(db: Sqlite, clock: Clock) {
    this.db = db;
    this.clock = clock;
    this.reload();
    this.resumeLocks();
  }

  /** After the feed changed staff or roles. */
  reload(): void {
    this.staffNow = this.table<Staff>('select data from staff order by staff_id');
    // What HQ says of a role wins; a store that has said nothing has the three that everybody knows.
    const told = this.table<Role>('select data from role');
    this.rolesNow = new Map([...DEFAULT_ROLES.map((role) => [role.id, role] as const), ...told]);
  }

  /** Who is on; null: nobody, or the store has no staff list. */
  get on(): Staff | null {
    const staff = this.onId === null ? undefined : this.staffNow.get(this.onId);
    return staff?.active === true ? staff : null;
  }

  /** A store without staff is open to anybody. */
  get state(): PeopleView['state'] {
    if (this.staffNow.size === 0) return 'open';
    return this.on === null ? 'signed_off' : 'signed_on';
  }

  get permissions(): readonly Permission[] {
    if (this.staffNow.size === 0) return PERMISSIONS;
    return this.on === null ? [] : this.allowedTo(this.on);
  }

  may(permission: Permission): boolean {
    return this.permissions.includes(permission);
  }

  /** Discount by hand without approval: 1000 = 10 %. */
  get discountLimitBp(): number {
    if (this.staffNow.size === 0) return 10_000;
    return this.on === null ? 0 : (this.rolesNow.get(this.on.roleId)?.discountLimitBp ?? 0);
  }

  view(locale: Locale): PeopleView {
    const role = this.on === null ? undefined : this.rolesNow.get(this.on.roleId);
    return {
      state: this.state,
      roleName: role === undefined ? null : nameIn(role, locale),
      permissions: this.permissions,
      discountLimitBp: this.discountLimitBp,
    };
  }

  cards(locale: Locale): StaffCard[] {
    return [...this.staffNow.values()]
      .filter(({ active }) => active)
      .map((staff) => {
        const role = this.rolesNow.get(staff.roleId);
        const lockedMs = this.lockedMs(staff.id);
        return {
          id: staff.id,
          name: staff.name,
          roleName: role === undefined ? staff.roleId : nameIn(role, locale),
          permissions: this.allowedTo(staff),
          lockedUntilMs: lockedMs === 0 ? null : this.clock.nowMs() + lockedMs,
        };
      });
  }

  staff(staffId: string): Staff | null {
    const staff = this.staffNow.get(staffId);
    return staff?.active === true ? staff : null;
  }

  allowedTo(staff: Staff): readonly Permission[] {
    const role = this.rolesNow.get(staff.roleId);
    // A permission of a newer program means nothing here.
    return role === undefined
      ? []
      : PERMISSIONS.filter((permission) => role.permissions.includes(permission));
  }

  /** Takes the till over, or leaves it; entries are the caller's. */
  setOn(staffId: string | null): void {
    this.onId = staffId;
  }

  /** Looks at a PIN; a wrong one counts. */
  check(staffId: string, pin: string): Promise<Result<Staff, TillApiError>> {
    const answer = this.turn.then(() => this.look(staffId, pin));
    this.turn = answer.catch(() => {});
    return answer;
  }

  private async look(staffId: string, pin: string): Promise<Result<Staff, TillApiError>> {
    const staff = this.staff(staffId);
    if (staff === null) return err({ kind: 'unknown_staff' });
    if (this.lockedMs(staffId) > 0) return err(this.lockedOut(staffId));
    const wrong = this.wrongTries(staffId) + 1;
    this.count(staffId, wrong);
    if (await pinFits(pin, staff.pin, scrypt)) {
      this.db.prepare('delete from pin_try where staff_id = ?').run(staffId);
      return ok(staff);
    }
    const lock = lockMs(wrong);
    if (lock === 0) return err({ kind: 'wrong_pin', triesLeft: FREE_TRIES - wrong });
    this.lockedUntil.set(staffId, this.clock.monotonicMs() + lock);
    return err(this.lockedOut(staffId));
  }

  private lockedOut(staffId: string): TillApiError {
    return { kind: 'locked_out', untilMs: this.clock.nowMs() + this.lockedMs(staffId) };
  }

  private lockedMs(staffId: string): number {
    return Math.max(0, Math.ceil((this.lockedUntil.get(staffId) ?? 0) - this.clock.monotonicMs()));
  }

  private wrongTries(staffId: string): number {
    const row = this.db.prepare('select wrong from pin_try where staff_id = ?').get(staffId);
    return (row as { wrong: number } | undefined)?.wrong ?? 0;
  }

  private count(staffId: string, wrong: number): void {
    this.db
      .prepare('insert or replace into pin_try (staff_id, wrong, locked_at_ms) values (?, ?, ?)')
      .run(staffId, wrong, this.clock.nowMs());
  }

  /** A restart ends no lock-out; a clock that was set back meanwhile makes none longer than it was. */
  private resumeLocks(): void {
    const rows = this.db
      .prepare('select staff_id as staffId, wrong, locked_at_ms as atMs from pin_try')
      .all();
    for (const { staffId, wrong, atMs } of rows as { staffId: string; wrong: number; atMs: number }[]) {
      const lock = lockMs(wrong);
      const leftMs = Math.min(lock, atMs + lock - this.clock.nowMs());
      if (leftMs > 0) this.lockedUntil.set(staffId, this.clock.monotonicMs() + leftMs);
    }
  }

  private table<T extends { readonly id: string }>(sql: string): ReadonlyMap<string, T> {
    const rows = this.db.prepare(sql).all() as { data: string }[];
    return new Map(rows.map(({ data }) => JSON.parse(data) as T).map((row) => [row.id, row]));
  }
}
