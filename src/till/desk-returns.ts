/**
 * The returns desk: goods coming back, and receipts looked up, shown and printed again.
 */
import { receiptOf } from '../core/receipt.ts';
import { receiptSvg } from '../devices/print.ts';
import type { ReturnCalls } from './api.ts';
import type { Counter } from './counter.ts';
import { must, TillRefusal } from './refusal.ts';
import { saleCards } from './view-sale.ts';

export function returnsDesk(counter: Counter): ReturnCalls {
  const { till } = counter;
  return {
    async findSale({ receiptNo }) {
      return saleCards(till, [till.returns.find(receiptNo)])[0]!;
    },

    async returnLines({ receipt, lines, approvalId }) {
      const { approvals, catalog, checkout, leases, returns, rights } = till;
      const found = returns.find(receipt);
      const { saleId } = found.sold;
      const away = lines.filter(
        ({ lineNo }) => found.from === 'token' || rights.isGivenAway({ saleId, lineNo }),
      );
      if (away.length > 0) await leases.coverRefund(saleId, away);
      const goods = returns.take(found, lines, counter.store(), approvalId);
      if (checkout.isPaying) throw new TillRefusal({ kind: 'paying' });
      approvals.must(approvalId, found.from === 'token' ? 'refund_foreign' : 'refund');
      counter.begin();
      must(checkout.addReturned(goods));
      // Points go back to whom they came from, and the goods that are bought instead are for the same customer.
      const memberId = found.from === 'journal' ? found.appended.sale.memberId : null;
      const member = memberId === null || checkout.member !== null ? null : catalog.memberById(memberId);
      if (member !== null) must(checkout.setMember(member));
      return counter.changed();
    },

    async returnWithoutReceipt({ sku, qty, unitPriceMinor, weightG, approvalId }) {
      const { approvals, catalog, checkout } = till;
      const store = counter.store();
      const item = catalog.itemBySku(sku);
      if (item === null) throw new TillRefusal({ kind: 'unknown_code', code: sku });
      if (checkout.isPaying) throw new TillRefusal({ kind: 'paying' });
      const addition = {
        item,
        gtin: item.gtins[0] ?? null,
        qty: -qty,
        unitPriceMinor,
        priceSource: 'manual' as const,
        ...(weightG === undefined ? {} : { weightG }),
        ...(approvalId === undefined ? {} : { approvalId }),
      };
      must(checkout.tryAdd(addition, store));
      approvals.must(approvalId, 'refund_no_receipt');
      counter.begin();
      must(checkout.add(addition, store));
      return counter.changed();
    },

    async recentSales({ limit }) {
      const found = till.projections.recent(limit).map(({ seq }) => till.returns.at(seq));
      return saleCards(
        till,
        found.filter((receipt) => receipt !== null),
      );
    },

    async reprint({ saleId, gift, approvalId }) {
      const found = till.projections.saleById(saleId);
      if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      till.approvals.must(approvalId, 'reprint');
      if (gift === true) till.printGift(found.seq);
      else till.spool.reprint(found.seq, till.session.nowMs());
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
  };
}
