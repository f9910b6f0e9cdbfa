/**
 * Approvals: what this cashier may do, by role or because somebody who may has just said so.
 *
 * Without staff everybody may do everything.
 */
import type { Permission } from '../core/people.ts';
import { TillRefusal } from './refusal.ts';

export class Approvals {
  /** Whether this may be done now; an approval that was needed for it is used up. */
  use(approvalId: string | undefined, permission: Permission): boolean {
    return this.holds(approvalId, permission);
  }

  /** Whether `use` would say yes; uses nothing up. */
  holds(_approvalId: string | undefined, _permission: Permission): boolean {
    return true;
  }

  /** @throws TillRefusal `needs_approval` */
  must(approvalId: string | undefined, permission: Permission): void {
    if (!this.use(approvalId, permission)) throw new TillRefusal({ kind: 'needs_approval', permission });
  }
}
