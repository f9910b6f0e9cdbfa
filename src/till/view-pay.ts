/**
 * The payment part of the view: what is due, by what it may be paid, what the terminal is doing.
 */
import type { Locale } from '../core/item.ts';
import { rightKey } from '../core/lease.ts';
import type { Store } from '../core/store.ts';
import { exactDue, quickCash, type TenderKind } from '../core/tender.ts';
import { tenderDetail } from '../core/tender-words.ts';
import type { PaymentView, PendingView, PointsOffer } from './api.ts';
import { payBackPlan } from './pay-back.ts';
import { pointsRoom } from './pay-flow.ts';
import type { Till } from './till.ts';

const NOTHING: PaymentView = {
  dueMinor: 0,
  exactDueMinor: 0,
  tenderedMinor: 0,
  roundingMinor: 0,
  quickMinor: [],
  tenders: [],
  pending: null,
  kinds: ['cash'],
  points: null,
  storedValueMinor: null,
  payBack: [],
};

export function paymentView(
  till: Till,
  store: Store | null,
  shown: { readonly pending: PendingView | null; readonly locale: Locale },
): PaymentView {
  if (store === null) return NOTHING;
  const { checkout } = till;
  const { tenders } = checkout;
  const settlement = checkout.settlement(store);
  const points = pointsOffer(till, store);
  return {
    dueMinor: settlement.dueMinor,
    exactDueMinor: exactDue(settlement.totalMinor, tenders, store.cash),
    tenderedMinor: tenders.reduce((sum, tender) => sum + tender.amountMinor, 0),
    roundingMinor: settlement.roundingMinor,
    quickMinor: settlement.dueMinor > 0 ? quickCash(settlement.dueMinor, store.notesMinor) : [],
    tenders: tenders.map((tender) => ({
      kind: tender.kind,
      amountMinor: tender.amountMinor,
      detail: tenderDetail(tender, shown.locale),
    })),
    pending: shown.pending,
    kinds: kindsOf(till, points),
    points,
    storedValueMinor: storedValue(till),
    payBack: payBackPlan(till, store).map((tender) => ({
      kind: tender.kind,
      amountMinor: tender.amountMinor === 0 ? 0 : -tender.amountMinor,
      card: tender.kind === 'card' ? tender.card : null,
    })),
  };
}

function kindsOf(till: Till, points: PointsOffer | null): TenderKind[] {
  const { terminal, wallets } = till.devices;
  return [
    'cash',
    ...(terminal === null ? [] : (['card'] as const)),
    ...(wallets === null ? [] : (['wallet'] as const)),
    ...(points === null ? [] : (['points'] as const)),
    ...(till.checkout.member === null ? [] : (['stored_value'] as const)),
    'gift_card',
    'voucher',
  ];
}

function pointsOffer(till: Till, store: Store): PointsOffer | null {
  const room = pointsRoom(till, store);
  if (room === null) return null;
  const { points, worthMinor, stepPoints } = till.catalog.programme!.spend;
  const { maxPoints, maxWorthMinor } = room.limit;
  return { usable: room.usable, maxPoints, maxWorthMinor, stepPoints, rate: { points, worthMinor } };
}

/** What the member may still spend here, with what the basket has taken of it. */
function storedValue(till: Till): number | null {
  const { member, tenders } = till.checkout;
  if (member === null) return null;
  const taken = tenders.reduce(
    (sum, { kind, amountMinor }) => (kind === 'stored_value' && amountMinor > 0 ? sum + amountMinor : sum),
    0,
  );
  const { rights } = till;
  const held =
    rights.usable(rightKey.storedValue(member.id)) + rights.usable(rightKey.storedBonus(member.id));
  return Math.max(0, held - taken);
}
