/**
 * A receipt on the screen: what was sold, and what of it may still come back.
 */
import type { PricedLine } from '../core/pricing.ts';
import { type Claimed, type SoldLine, type SoldReceipt, unitsLeftMinor } from '../core/returns.ts';
import type { Sale } from '../core/sale.ts';
import type { Store } from '../core/store.ts';
import { settleTenders } from '../core/tender.ts';
import type { ReturnableLine, SaleCard } from './api.ts';
import type { Claims, FoundReceipt } from './returns.ts';
import type { Till } from './till.ts';

export function saleCards(till: Till, found: readonly FoundReceipt[]): SaleCard[] {
  const claims = till.returns.claims();
  return found.map((receipt) =>
    receipt.from === 'journal' ? journalCard(till, receipt, claims) : tokenCard(till, receipt, claims),
  );
}

function journalCard(
  till: Till,
  found: Extract<FoundReceipt, { from: 'journal' }>,
  claims: Claims,
): SaleCard {
  const { sale, entry } = found.appended;
  const returnable = returnableOf(till, found, claims);
  const gone = returnable.length > 0 && returnable.every(({ qtyLeft }) => qtyLeft === 0);
  return {
    saleId: sale.id,
    kind: sale.kind,
    receiptNo: sale.receiptNo,
    atMs: entry.atMs,
    totalMinor: sale.totalMinor,
    refundMinor: cashBack(till.catalog.store, returnable),
    pieces: piecesOf(sale.lines),
    memberName: sale.memberId === null ? null : (till.catalog.memberById(sale.memberId)?.name ?? null),
    lines: sale.lines,
    returnable,
    from: 'journal',
    refundedBy: gone ? (till.projections.lastReturnOf(sale.id)?.receiptNo ?? null) : null,
    synced: entry.seq <= (till.link?.ackedSeq ?? 0),
  };
}

function tokenCard(till: Till, found: Extract<FoundReceipt, { from: 'token' }>, claims: Claims): SaleCard {
  const { token, sold } = found;
  const returnable = returnableOf(till, found, claims);
  const gone = returnable.every(({ qtyLeft }) => qtyLeft === 0);
  return {
    saleId: token.saleId,
    kind: 'sale',
    receiptNo: token.receiptNo,
    // The id was made when the basket was opened: a UUIDv7 begins with its time.
    atMs: Number.parseInt(token.saleId.replaceAll('-', '').slice(0, 12), 16),
    totalMinor: token.totalMinor,
    refundMinor: cashBack(till.catalog.store, returnable),
    pieces: piecesOf(sold.lines),
    memberName: null,
    lines: sold.lines.map((line) => pricedLine(line, token.receiptNo)),
    returnable,
    from: 'token',
    refundedBy: gone ? (till.projections.lastReturnOf(token.saleId)?.receiptNo ?? null) : null,
    synced: false,
  };
}

/** A token says what came off a line, not why. */
function pricedLine({ points: _, ...line }: SoldLine, receiptNo: string): PricedLine {
  const amountMinor = line.netMinor - line.grossMinor;
  const reason = { kind: 'returned', receiptNo } as const;
  return { ...line, adjustments: amountMinor === 0 ? [] : [{ ruleId: 'returned', reason, amountMinor }] };
}

function returnableOf(till: Till, { from, sold }: FoundReceipt, claims: Claims): ReturnableLine[] {
  const { saleId, taxMode, lines } = sold;
  return lines.map((line) => {
    const { lineNo } = line;
    const claimed: Claimed = claims(saleId, lineNo);
    const order = till.returns.orderOf(from, { saleId, lineNo });
    const unitNetsMinor = unitsLeftMinor(line, claimed, taxMode, order);
    return {
      lineNo,
      name: line.name,
      qtySold: line.qty,
      qtyLeft: unitNetsMinor.length,
      unitNetsMinor,
    };
  });
}

/** What all that is left pays back in cash, rounded as the store rounds. */
function cashBack(store: Store | null, returnable: readonly ReturnableLine[]): number {
  if (store === null) return 0;
  const leftMinor = returnable
    .flatMap(({ unitNetsMinor }) => unitNetsMinor)
    .reduce((sum, net) => sum + net, 0);
  return Math.abs(settleTenders(-leftMinor, [], store.cash).dueMinor);
}

export function piecesOf(lines: Sale['lines'] | SoldReceipt['lines']): number {
  return lines.reduce((sum, line) => sum + Math.abs(line.qty), 0);
}
