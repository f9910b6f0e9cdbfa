/**
 * The payment part of the view: what is due, by what it may be paid, what the terminal is doing.
 */
import type { Store } from '../core/store.ts';
import { exactDue, quickCash } from '../core/tender.ts';
import type { PaymentView } from './api.ts';
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

export function paymentView(till: Till, store: Store | null): PaymentView {
  if (store === null) return NOTHING;
  const { checkout } = till;
  const settlement = checkout.settlement(store);
  return {
    ...NOTHING,
    dueMinor: settlement.dueMinor,
    exactDueMinor: exactDue(settlement.totalMinor, checkout.tenders, store.cash),
    tenderedMinor: checkout.tenders.reduce((sum, tender) => sum + tender.amountMinor, 0),
    roundingMinor: settlement.roundingMinor,
    quickMinor: settlement.dueMinor > 0 ? quickCash(settlement.dueMinor, store.notesMinor) : [],
  };
}
