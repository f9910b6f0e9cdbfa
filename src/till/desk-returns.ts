/**
 * The returns desk: goods coming back, and receipts looked up, shown and printed again.
 */
import { receiptOf } from '../core/receipt.ts';
import { refundSale } from '../core/sale.ts';
import { receiptSvg } from '../devices/print.ts';
import type { ReturnCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { TillRefusal } from './refusal.ts';
import { saleCard } from './view.ts';

export function returnsDesk(counter: Counter): ReturnCalls {
  const { till } = counter;
  return {
    async findSale({ receiptNo }) {
      const found = till.projections.saleByReceipt(receiptNo.trim().toUpperCase());
      if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      return saleCard(till, till.saleAt(found.seq)!);
    },

    async refundSale({ saleId, refundId }) {
      const { projections, session } = till;
      const store = counter.store();
      const done = projections.saleById(refundId);
      if (done !== null) return counter.settledBy(done.seq);
      const found = projections.saleById(saleId);
      if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      const original = till.saleAt(found.seq)!.sale;
      if (original.kind === 'refund') throw new TillRefusal({ kind: 'not_refundable' });
      const refunded = projections.refundOf(saleId);
      if (refunded !== null)
        throw new TillRefusal({ kind: 'already_refunded', receiptNo: refunded.receiptNo });
      const refund = refundSale(original, { id: refundId }, store.cash, session.saleStamp(store));
      return counter.commitSale(refund, store, { keepBasket: true });
    },

    async recentSales({ limit }) {
      return till.projections.recent(limit).map(({ seq }) => saleCard(till, till.saleAt(seq)!));
    },

    async reprint({ saleId }) {
      const found = till.projections.saleById(saleId);
      if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      till.spool.reprint(found.seq, till.session.nowMs());
      return counter.changed();
    },

    async retryPrinter() {
      till.spool.poke();
      return counter.changed();
    },

    async receiptPreview({ saleId }) {
      const found = till.projections.saleById(saleId);
      const facts = found === null ? null : till.receiptFacts(till.saleAt(found.seq)!, false);
      if (facts === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      return { receiptNo: facts.sale.receiptNo, svg: receiptSvg(receiptOf(facts)) };
    },

    async returnLines() {
      throw new TillRefusal({ kind: 'internal' });
    },

    async returnWithoutReceipt() {
      throw new TillRefusal({ kind: 'internal' });
    },
  };
}
