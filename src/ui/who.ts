/**
 * Who: which of the staff are offered, and how long somebody stays locked out. Pure.
 */
import type { Permission } from '../core/people.ts';
import type { StaffCard } from '../till/api.ts';

/** By number or name, and for an approval only who may give it. */
export function staffFor(
  staff: readonly StaffCard[],
  wanted: {
    readonly permission: Permission | null;
    readonly exceptId: string | null;
    readonly query: string;
  },
): readonly StaffCard[] {
  const { permission, exceptId } = wanted;
  const query = wanted.query.normalize('NFKC').trim().toLowerCase();
  const found = staff.filter(
    ({ id, name, permissions }) =>
      id !== exceptId &&
      (permission === null || permissions.includes(permission)) &&
      (id.toLowerCase().includes(query) || name.toLowerCase().includes(query)),
  );
  // Who is meant by a whole number comes first: `1` is not `21`.
  return found.toSorted(
    (a, b) => Number(b.id.toLowerCase() === query) - Number(a.id.toLowerCase() === query),
  );
}

/** `4:05`, rounded up: at 0:00 it is over. */
export function countdownText(leftMs: number): string {
  const seconds = Math.ceil(Math.max(0, leftMs) / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
