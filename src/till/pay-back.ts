/**
 * Money going back: which of the original payments a basket below zero gives back, and how much of each.
 *
 * Original tenders in reverse, less what earlier refunds gave back of them. Points, stored value and gift cards always go back
 * where they came from; what nobody knows the payment of (no receipt, a receipt of another till) goes out in cash.
 */
import { sumMinor } from '../core/money.ts';
import type { Sale } from '../core/sale.ts';
import type { Store } from '../core/store.ts';
import { exactDue, settleTenders, type Tender } from '../core/tender.ts';
import { backRef, type GivenBack } from './money-fold.ts';
import type { Till } from './till.ts';

/** Kinds that are worth nothing elsewhere. */
const BOUND: ReadonlySet<Tender['kind']> = new Set(['points', 'stored_value', 'gift_card']);

export function isBound(tender: Tender): boolean {
  return BOUND.has(tender.kind);
}

/** What is left to give back of the basket on the counter, bound kinds first, cash last; empty: nothing goes back. */
export function payBackPlan(till: Till, store: Store): Tender[] {
  const { checkout } = till;
  const { totalMinor } = checkout.priced(store);
  if (totalMinor >= 0) return [];
  const { tenders } = checkout;
  let leftMinor = -exactDue(totalMinor, tenders, store.cash);
  if (leftMinor <= 0) return [];
  const steps: Tender[] = [];
  for (const original of originalsOf(till)) {
    if (leftMinor === 0) break;
    const before = plus(till.projections.money.givenBack(original.ref), inBasket(tenders, original));
    const amountMinor = Math.min(leftMinor, original.tender.amountMinor - before.amountMinor);
    if (amountMinor <= 0) continue;
    leftMinor -= amountMinor;
    if (original.tender.kind !== 'cash') steps.push(partBack(original, amountMinor, before));
  }
  const cash = cashBack(totalMinor, [...tenders, ...steps], store);
  return [
    ...steps.filter(isBound),
    ...steps.filter((step) => !isBound(step)),
    ...(cash === null ? [] : [cash]),
  ];
}

/** The cash that then settles, rounded as the store rounds, so it may come to nothing; null: there is nothing left to settle. */
function cashBack(totalMinor: number, tenders: readonly Tender[], store: Store): Tender | null {
  if (exactDue(totalMinor, tenders, store.cash) === 0) return null;
  return { kind: 'cash', amountMinor: settleTenders(totalMinor, tenders, store.cash).dueMinor };
}

interface Original {
  readonly saleId: string;
  readonly ref: string;
  /** As it paid; cash less change and rounding. */
  readonly tender: Tender;
}

/** The payments of the sales that come back, in reverse. */
function originalsOf(till: Till): Original[] {
  const saleIds = new Set(
    till.checkout.basket.lines.flatMap(({ back }) => (back === undefined ? [] : [back.saleId])),
  );
  return [...saleIds].flatMap((saleId) => {
    const found = till.projections.saleById(saleId);
    const sale = found === null ? null : (till.saleAt(found.seq)?.sale ?? null);
    return sale === null ? [] : paymentsOf(sale).reverse();
  });
}

function paymentsOf(sale: Sale): Original[] {
  const { id: saleId, changeMinor, roundingMinor } = sale;
  const cashMinor =
    sumMinor(sale.tenders.filter(({ kind }) => kind === 'cash').map((tender) => tender.amountMinor)) -
    changeMinor -
    roundingMinor;
  const firstCash = sale.tenders.find(({ kind }) => kind === 'cash');
  return sale.tenders
    .filter((tender) => tender.amountMinor > 0 && (tender.kind !== 'cash' || tender === firstCash))
    .map((tender): Tender => (tender.kind === 'cash' ? { kind: 'cash', amountMinor: cashMinor } : tender))
    .map((tender) => ({ saleId, ref: backRef(tender, saleId), tender }));
}

/** What the basket on the counter has given back of a payment already. */
function inBasket(tenders: readonly Tender[], { ref, saleId }: Original): GivenBack {
  const mine = tenders.filter((tender) => {
    if (tender.amountMinor >= 0) return false;
    const of = 'ofSaleId' in tender ? (tender.ofSaleId ?? saleId) : saleId;
    return backRef(tender, of) === ref;
  });
  return {
    amountMinor: -sumMinor(mine.map((tender) => tender.amountMinor)),
    points: -sumMinor(mine.map((tender) => (tender.kind === 'points' ? tender.points : 0))),
  };
}

function plus(a: GivenBack, b: GivenBack): GivenBack {
  return { amountMinor: a.amountMinor + b.amountMinor, points: a.points + b.points };
}

function partBack({ tender, saleId }: Original, amountMinor: number, before: GivenBack): Tender {
  const ofSaleId = saleId;
  switch (tender.kind) {
    case 'points': {
      // By the whole that is back after this: any split of refunds gives back the very points that paid.
      const share =
        (BigInt(tender.points) * BigInt(before.amountMinor + amountMinor)) / BigInt(tender.amountMinor);
      return { ...tender, amountMinor: -amountMinor, points: before.points - Number(share), ofSaleId };
    }
    case 'stored_value': {
      const { bonusMinor: _, ...plain } = tender;
      return { ...plain, amountMinor: -amountMinor, ofSaleId };
    }
    case 'voucher':
      // A new paper of this worth is handed out.
      return { ...tender, amountMinor: -amountMinor, faceMinor: amountMinor, ofSaleId };
    case 'gift_card':
      return { ...tender, amountMinor: -amountMinor, ofSaleId };
    default:
      return { ...tender, amountMinor: -amountMinor };
  }
}

/** What may go out in cash instead of the plan: all but what is bound, rounded. */
export function cashInstead(till: Till, store: Store): Tender | null {
  const bound = payBackPlan(till, store).filter(isBound);
  return cashBack(till.checkout.priced(store).totalMinor, [...till.checkout.tenders, ...bound], store);
}
