/**
 * Approvals: what this cashier may do, by role or because somebody who may has just said so.
 *
 * An approval is for one permission, one use and two minutes. It lives in memory only: a restart takes what was not used.
 */
import type { Permission } from '../core/people.ts';
import type { Clock } from '../core/ports.ts';
import type { People } from './people.ts';
import { TillRefusal } from './refusal.ts';

export const APPROVAL_MS_MAX = 120_000;

export class Approvals {
  private readonly people: People;
  private readonly clock: Clock;
  private readonly given = new Map<string, { readonly permission: Permission; readonly untilMs: number }>();

  constructor(people: People, clock: Clock) {
    this.people = people;
    this.clock = clock;
  }

  /** Journalled by the caller first. */
  grant(approvalId: string, permission: Permission): void {
    const nowMs = this.clock.monotonicMs();
    for (const [id, { untilMs }] of this.given) if (untilMs <= nowMs) this.given.delete(id);
    this.given.set(approvalId, { permission, untilMs: nowMs + APPROVAL_MS_MAX });
  }

  /** Whether this may be done now; an approval that was needed for it is used up. */
  use(approvalId: string | undefined, permission: Permission): boolean {
    return this.people.may(permission) || (approvalId !== undefined && this.spend(approvalId, permission));
  }

  /** Uses up an approval where the role alone will not do: more than the cashier's own limit. */
  spend(approvalId: string, permission: Permission): boolean {
    if (!this.isGiven(approvalId, permission)) return false;
    this.given.delete(approvalId);
    return true;
  }

  /** Whether who stands at the till may by themselves. */
  may(permission: Permission): boolean {
    return this.people.may(permission);
  }

  /** Discount by hand without approval: 1000 = 10 %. */
  get discountLimitBp(): number {
    return this.people.discountLimitBp;
  }

  /** Whether `use` would say yes; uses nothing up. For calls that can still fail for another reason. */
  holds(approvalId: string | undefined, permission: Permission): boolean {
    return this.people.may(permission) || (approvalId !== undefined && this.isGiven(approvalId, permission));
  }

  private isGiven(approvalId: string, permission: Permission): boolean {
    const given = this.given.get(approvalId);
    return given?.permission === permission && given.untilMs > this.clock.monotonicMs();
  }

  /** Does what needs a permission; an approval is used up only when that came about. @throws TillRefusal */
  during<T>(approvalId: string | undefined, permission: Permission, work: () => T): T {
    if (!this.holds(approvalId, permission)) throw new TillRefusal({ kind: 'needs_approval', permission });
    const done = work();
    this.use(approvalId, permission);
    return done;
  }

  /** @throws TillRefusal `needs_approval` */
  must(approvalId: string | undefined, permission: Permission): void {
    if (!this.use(approvalId, permission)) throw new TillRefusal({ kind: 'needs_approval', permission });
  }
}
