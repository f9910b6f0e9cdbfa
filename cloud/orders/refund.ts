/**
 * Goods of an order that come back: at what was paid for them then, worked out by the core's own returns.
 *
 * Whatever came back before counts, at a till too: all refunds together give back exactly what was paid, and no unit twice.
 */
import { uuidV7 } from '../../src/core/id.ts';
import { sumMinor } from '../../src/core/money.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import {
  addClaims,
  type Claimed,
  claimOf,
  returnOf,
  soldReceipt,
  taxesWith,
  withReturned,
} from '../../src/core/returns.ts';
import { imbalanceOf, type Sale } from '../../src/core/sale.ts';
import type { Store } from '../../src/core/store.ts';
import type { Tender } from '../../src/core/tender.ts';
import type { Queryable } from '../db/db.ts';
import { type OrderSale, receiptNoOf, tenderOf } from './decide.ts';
import type { OrderError, OrderProblem, OrderRefund } from './order.ts';
import { bookOrders, fingerprintOf, type OrderParts, type Outcome } from './place.ts';

export async function refundOrder(
  parts: OrderParts,
  of: { readonly channel: string; readonly externalId: string },
  refund: OrderRefund,
): Promise<Outcome> {
  const { channel } = of;
  const nowMs = parts.clock.nowMs();
  const [outcome] = await bookOrders(parts, [channel], async (tx) => {
    const original = await originalOf(tx, of);
    const fingerprint = fingerprintOf({ ...refund, refundOf: of.externalId });
    const name = { channel, externalId: refund.externalId };
    return [
      {
        name,
        fingerprint,
        decide: () => {
          if (original === null) return err({ kind: 'unknown_order' } as OrderError);
          const saleId = uuidV7(nowMs, parts.chance.bytes(10));
          const sale = saleOfRefund(original, refund, { ...name, saleId });
          if (!sale.ok) return err({ kind: 'order', errors: sale.error } as OrderError);
          const { store } = original;
          const rest = { store, atMs: refund.atMs, fingerprint, status: 'refunded', refundOf: of.externalId };
          return ok({ ...name, ...rest, sale: sale.value });
        },
      },
    ];
  });
  return outcome!;
}

interface Original {
  readonly sale: Sale;
  readonly store: Store;
  /** Sales in which goods of it came back. */
  readonly backs: readonly Sale[];
}

async function originalOf(
  tx: Queryable,
  { channel, externalId }: { readonly channel: string; readonly externalId: string },
): Promise<Original | null> {
  const [row] = await tx.query<{ body: Sale; member_id: string | null; store: Store }>(
    `select (e.text::jsonb)->'body' as body, s.member_id, st.data as store
     from sale_order o join sale s using (sale_id) join store st on st.store_id = s.store_id
     join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where o.channel = $1 and o.external_id = $2`,
    [channel, externalId],
  );
  if (row === undefined) return null;
  const backs = await tx.query<{ body: Sale }>(
    `select (e.text::jsonb)->'body' as body from sale s join journal_entry e on e.journal_id = s.journal_id and e.seq = s.seq
     where s.refund_of_sale_id = $1 or s.sale_id in (select sale_id from return_line where original_sale_id = $1)`,
    [row.body.id],
  );
  return {
    sale: { ...row.body, memberId: row.member_id },
    store: row.store,
    backs: backs.map(({ body }) => body),
  };
}

function saleOfRefund(
  { sale, backs }: Original,
  refund: OrderRefund,
  name: { readonly channel: string; readonly externalId: string; readonly saleId: string },
): Result<OrderSale, readonly OrderProblem[]> {
  const problems: OrderProblem[] = [];
  const wrong = (path: string, message: string) => problems.push({ path, message });
  const receipt = soldReceipt(sale);
  const named = new Set<number>();
  const basket = refund.lines.flatMap(({ lineNo, qty }, index) => {
    const line = receipt.lines.find((sold) => sold.lineNo === lineNo);
    if (line === undefined || named.has(lineNo)) {
      wrong(
        `lines[${index}].lineNo`,
        line === undefined ? 'the order sold nothing on that line' : 'is named twice',
      );
      return [];
    }
    named.add(lineNo);
    const claimed = claimsOf(backs, sale.id, lineNo);
    if (qty > line.qty - claimed.qty) {
      wrong(`lines[${index}].qty`, `${line.qty - claimed.qty} of ${line.qty} are left to come back`);
      return [];
    }
    const { points: _, ...sold } = line;
    return [{ ...sold, lineNo: index + 1, qty: -qty, back: returnOf(receipt, line, claimed, qty) }];
  });
  if (problems.length > 0) return err(problems);
  const lines = withReturned(basket, [], sale.taxMode);
  const taxes = taxesWith([], lines, sale.taxMode);
  const sum = (of: (line: (typeof lines)[number]) => number) => sumMinor(lines.map(of));
  const [grossMinor, netMinor, taxMinor] = [
    sum((line) => line.grossMinor),
    sum((line) => line.netMinor),
    sum((line) => line.taxMinor),
  ];
  const totalMinor = sale.taxMode === 'inclusive' ? netMinor : netMinor + taxMinor;
  if (refund.totalMinor !== undefined && refund.totalMinor !== -totalMinor) {
    wrong('totalMinor', `what comes back was paid ${-totalMinor}, not ${refund.totalMinor}`);
  }
  const tenders = payBack(sale, backs, refund, { totalMinor, wrong });
  if (problems.length > 0) return err(problems);
  const byLine = lines.map(({ back }) => back!.points);
  const made: OrderSale = {
    ...{
      id: name.saleId,
      kind: 'refund',
      receiptNo: receiptNoOf(name),
      storeId: sale.storeId,
      currency: sale.currency,
    },
    ...{
      memberId: sale.memberId,
      rulesVersion: sale.rulesVersion,
      taxMode: sale.taxMode,
      lines,
      taxes,
      grossMinor,
    },
    ...{
      adjustmentMinor: netMinor - grossMinor,
      taxMinor,
      totalMinor,
      roundingMinor: 0,
      tenders,
      changeMinor: 0,
    },
    refundOf: { saleId: sale.id, receiptNo: sale.receiptNo },
    points:
      sale.points == null ? null : { programme: sale.points.programme, earned: sumMinor(byLine), byLine },
  };
  const imbalance = imbalanceOf({ ...made, receiptSeq: 1 });
  return imbalance === null ? ok(made) : err([{ path: '', message: imbalance }]);
}

function claimsOf(backs: readonly Sale[], saleId: string, lineNo: number): Claimed {
  return addClaims(
    backs.flatMap(({ lines }) =>
      lines.flatMap((line) =>
        line.back?.saleId === saleId && line.back.lineNo === lineNo ? [claimOf(line, line.back)] : [],
      ),
    ),
  );
}

type OneTender = Tender & { readonly points?: number };

/** @returns money going back, below zero */
function payBack(
  sale: Sale,
  backs: readonly Sale[],
  refund: OrderRefund,
  {
    totalMinor,
    wrong,
  }: { readonly totalMinor: number; readonly wrong: (path: string, message: string) => void },
): Tender[] {
  const paid = sale.tenders.filter(({ amountMinor }) => amountMinor > 0);
  if (refund.tenders === undefined) {
    if (totalMinor === 0) return [];
    if (paid.length === 1) return [samePayment(paid[0]!, sale.id, backs, -totalMinor)];
    wrong('tenders', `the order was paid in ${paid.length} ways: say how it is paid back`);
    return [];
  }
  const given = sumMinor(refund.tenders.map(({ amountMinor }) => amountMinor));
  if (given !== -totalMinor) wrong('tenders', `they pay back ${given} of ${-totalMinor}`);
  for (const [index, tender] of refund.tenders.entries()) {
    if (tender.amountMinor < 0) wrong(`tenders[${index}].amountMinor`, 'is what is paid back, above zero');
    // What is a right goes back to where it came from, and never more than came.
    if (tender.kind !== 'points' && tender.kind !== 'stored_value' && tender.kind !== 'gift_card') continue;
    const ofKind = (of: readonly Tender[]) =>
      sumMinor(of.filter(({ kind }) => kind === tender.kind).map(({ amountMinor }) => amountMinor));
    const leftMinor = ofKind(sale.tenders) + sumMinor(backs.map(({ tenders }) => ofKind(tenders)));
    if (tender.amountMinor > leftMinor)
      wrong(`tenders[${index}].amountMinor`, `${leftMinor} of the order were paid so and are not back`);
  }
  return refund.tenders.map((tender): Tender => {
    const back = { ...tenderOf(tender, sale.id), amountMinor: -tender.amountMinor };
    if (back.kind === 'points') return { ...back, points: -back.points };
    if (back.kind !== 'stored_value') return back;
    const { bonusMinor: _, ...plain } = back;
    return plain;
  });
}

/** Back by the one way in which it was paid; of points the share of all that has come back by then. */
function samePayment(tender: OneTender, saleId: string, backs: readonly Sale[], amountMinor: number): Tender {
  if (tender.kind === 'cash' || tender.kind === 'card' || tender.kind === 'wallet')
    return { ...tender, amountMinor: -amountMinor };
  if (tender.kind === 'points') {
    const before = backs.flatMap(({ tenders }) => tenders).filter((one) => one.kind === 'points');
    const beforeMinor = -sumMinor(before.map((one) => one.amountMinor));
    const share = (BigInt(tender.points) * BigInt(beforeMinor + amountMinor)) / BigInt(tender.amountMinor);
    return {
      ...tender,
      amountMinor: -amountMinor,
      points: -(Number(share) + sumMinor(before.map((one) => one.points))),
      ofSaleId: saleId,
    };
  }
  if (tender.kind === 'stored_value') {
    const { bonusMinor: _, ...plain } = tender;
    return { ...plain, amountMinor: -amountMinor, ofSaleId: saleId };
  }
  if (tender.kind === 'voucher')
    return { ...tender, amountMinor: -amountMinor, faceMinor: amountMinor, ofSaleId: saleId };
  return { ...tender, amountMinor: -amountMinor, ofSaleId: saleId };
}
