/**
 * The pay desk: tenders in and out, and the commit that follows the last of them.
 */
import { isEmpty } from '../core/basket.ts';
import { closeSale } from '../core/sale.ts';
import type { PayCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must, TillRefusal } from './refusal.ts';

export function payDesk(counter: Counter): PayCalls {
  const { till } = counter;
  return {
    async payCash({ basketId, amountMinor, totalMinor }) {
      const { checkout, projections, session } = till;
      const store = counter.store();
      const done = projections.saleById(basketId);
      if (done !== null) return counter.settledBy(done.seq);
      if (checkout.basket.id !== basketId) throw new TillRefusal({ kind: 'basket_changed' });
      if (isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'empty_basket' });
      if (totalMinor !== undefined && totalMinor !== checkout.priced(store).totalMinor) {
        throw new TillRefusal({ kind: 'basket_changed' });
      }
      const before = checkout.tenders;
      const settlement = must(checkout.tender({ kind: 'cash', amountMinor }, store));
      if (!settlement.settled) return { settled: false, view: counter.changed() };
      const { basket, tenders } = checkout;
      const sale = closeSale(
        { basket, tenders, priced: checkout.priced(store) },
        store.cash,
        session.saleStamp(store),
      );
      try {
        return counter.commitSale(sale, store);
      } catch (cause) {
        // Not on disk, so not paid: the cashier sees the basket as it was and can try again.
        checkout.clearTenders();
        for (const tender of before) checkout.tender(tender, store);
        throw cause;
      }
    },

    async clearTenders() {
      till.checkout.clearTenders();
      return counter.changed();
    },

    async pay() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async payBack() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async cancelPending() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
