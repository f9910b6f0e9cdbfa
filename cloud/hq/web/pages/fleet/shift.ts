/**
 * Cashiers beside each other: what of refunds, discounts and cash differences stands out.
 *
 * Pure. A cashier stands out who is at more than twice the mean of all, on enough sales to say so.
 */
import type { BreakdownAnswer } from '../../../breakdown-schemas.ts';

/** A closed shift, as HQ tells it. */
export interface Shift {
  readonly storeId: string;
  readonly tillId: string;
  readonly tillCode: string;
  readonly zNo: number;
  readonly businessDate: string;
  readonly closedAtMs: number;
  readonly cashierId: string;
  readonly cashierName: string | null;
  readonly totalMinor: number;
  readonly expectedMinor: number;
  readonly countedMinor: number;
  readonly differenceMinor: number;
}

export interface CashierLook {
  readonly cashierId: string;
  readonly name: string | null;
  readonly tickets: number;
  readonly totalMinor: number;
  readonly refunds: number;
  /** Refunds to tickets, and what was taken off to the gross. */
  readonly refundRate: number;
  readonly discountRate: number;
  readonly shortShifts: number;
  readonly cashMinor: number;
  readonly odd: readonly ('refunds' | 'discounts' | 'cash')[];
}

const TICKETS_MIN = 30;
const TIMES = 2;
const SHORT_MIN = 3;

export function looksOf(parts: BreakdownAnswer['parts'], shifts: readonly Shift[]): CashierLook[] {
  const sum = (of: (part: BreakdownAnswer['parts'][number]) => number) =>
    parts.reduce((all, part) => all + of(part), 0);
  const meanRefunds =
    sum((part) => part.refunds) /
    Math.max(
      1,
      sum((part) => part.tickets),
    );
  const meanDiscount =
    -sum((part) => part.adjustmentMinor) /
    Math.max(
      1,
      sum((part) => part.grossMinor),
    );
  return parts
    .map((part): CashierLook => {
      const own = shifts.filter(({ cashierId }) => cashierId === part.key);
      const refundRate = part.refunds / Math.max(1, part.tickets);
      const discountRate = -part.adjustmentMinor / Math.max(1, part.grossMinor);
      const shortShifts = own.filter(({ differenceMinor }) => differenceMinor < 0).length;
      const enough = part.tickets >= TICKETS_MIN;
      const odd = [
        enough && refundRate > TIMES * meanRefunds ? ('refunds' as const) : null,
        enough && discountRate > TIMES * meanDiscount ? ('discounts' as const) : null,
        shortShifts >= SHORT_MIN && shortShifts * 4 > own.length ? ('cash' as const) : null,
      ].filter((one) => one !== null);
      return {
        cashierId: part.key,
        name: part.name,
        tickets: part.tickets,
        totalMinor: part.totalMinor,
        refunds: part.refunds,
        refundRate,
        discountRate,
        shortShifts,
        cashMinor: own.reduce((all, { differenceMinor }) => all + differenceMinor, 0),
        odd,
      };
    })
    .sort((a, b) => b.odd.length - a.odd.length || b.refundRate - a.refundRate);
}
