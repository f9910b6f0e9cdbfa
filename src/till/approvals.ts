/**
 * Approvals: who may do what here, and somebody else's leave for a single call.
 */
import type { Permission } from '../core/people.ts';
import { TillRefusal } from './refusal.ts';

export interface Approvals {
  /** Whether who stands at the till may by themselves. */
  may(permission: Permission): boolean;
  /** Uses an approval up. @returns false when it is none for this, was used, or is too old */
  use(approvalId: string, permission: Permission): boolean;
  /** Discount by hand without approval: 1000 = 10 %. */
  readonly discountLimitBp: number;
}

/** A till without staff: everybody may do everything. */
export const OPEN_APPROVALS: Approvals = { may: () => true, use: () => true, discountLimitBp: 10_000 };

/** @throws TillRefusal `needs_approval` unless the cashier may, or somebody who may has approved */
export function mustMay(approvals: Approvals, permission: Permission, approvalId: string | undefined): void {
  if (approvals.may(permission)) return;
  if (approvalId !== undefined && approvals.use(approvalId, permission)) return;
  throw new TillRefusal({ kind: 'needs_approval', permission });
}
