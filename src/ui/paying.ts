/**
 * Paying: which tenders there are to choose from, under which key, and what each offers to pay of what is due.
 *
 * Pure. Amounts are minor units, points whole points.
 */
import { TENDER_KINDS, type TenderKind } from '../core/tender.ts';
import type { PaymentView, PointsOffer, TillApiError, TillView } from '../till/api.ts';

/** The keys of the pay dialog; the first three are those that open it. */
export const TENDER_KEYS: Readonly<Record<TenderKind, string>> = {
  cash: 'F8',
  wallet: 'F9',
  card: 'F10',
  points: 'F6',
  stored_value: 'F7',
  gift_card: 'F11',
  voucher: 'F12',
};

/** As on the due panel: what is used most comes first. */
export const TENDER_ORDER: readonly TenderKind[] = [
  'cash',
  'wallet',
  'card',
  'points',
  'stored_value',
  'gift_card',
  'voucher',
];

export function tenderOfKey(key: string): TenderKind | null {
  return TENDER_KINDS.find((kind) => TENDER_KEYS[kind] === key) ?? null;
}

/** Whether money goes back to the customer. */
export function isPayOut({ exactDueMinor, payBack }: PaymentView): boolean {
  return exactDueMinor < 0 || payBack.length > 0;
}

/** @returns why this tender cannot be taken now, null when it can */
export function whyNot(
  kind: TenderKind,
  { payment, member }: Pick<TillView, 'payment' | 'member'>,
): TillApiError | null {
  if (payment.kinds.includes(kind)) return null;
  switch (kind) {
    case 'card':
    case 'wallet':
      return { kind: 'no_terminal' };
    case 'points':
      if (member === null) return { kind: 'no_member' };
      return payment.points === null
        ? { kind: 'no_programme' }
        : { kind: 'no_right', usable: payment.points.usable };
    case 'stored_value':
      return member === null ? { kind: 'no_member' } : { kind: 'no_right', usable: 0 };
    default:
      return { kind: 'no_right', usable: 0 };
  }
}

/** What is offered when nothing is typed; null: it has to be typed. */
export function offeredMinor(kind: TenderKind, payment: PaymentView): number | null {
  const { exactDueMinor, storedValueMinor } = payment;
  switch (kind) {
    case 'card':
    case 'wallet':
    case 'gift_card':
      return exactDueMinor;
    case 'stored_value':
      return Math.min(exactDueMinor, storedValueMinor ?? 0);
    default:
      return null;
  }
}

/** What so many points pay: whole steps only, never more than the rate gives. */
export function pointsWorth(points: number, { rate }: PointsOffer): number {
  return Math.floor((points * rate.worthMinor) / rate.points);
}

/** @returns why the till will not take so many points, null when it may */
export function pointsProblem(points: number, offer: PointsOffer): TillApiError | null {
  if (points % offer.stepPoints !== 0) return { kind: 'points_step', stepPoints: offer.stepPoints };
  if (points > offer.usable) return { kind: 'no_right', usable: offer.usable };
  return points > offer.maxPoints ? { kind: 'points_cap', capMinor: offer.maxWorthMinor } : null;
}
