/**
 * Tenders: how a sale is paid, what remains due, what change goes back.
 *
 * Pure. Amounts are minor units of the sale currency; above zero they come in, below zero they go back. Cash is rounded to
 * the store's `cashStepMinor` (5 = five cents, 1 = exact) and only the part of the total that is left to cash is; all
 * others pay to the cent, never more than is due, and give no change.
 */
import { assert } from './assert.ts';
import { assertMoney, type CashRounding, roundCash, sumMinor } from './money.ts';

/** Wallets whose pay code the customer shows. */
export type WalletKind = 'wechat' | 'alipay' | 'unionpay';

/** `ofSaleId`, on money going back: the sale whose payment it gives back. */
export type Tender =
  /** What the customer handed over, before change. */
  | { readonly kind: 'cash'; readonly amountMinor: number }
  /** What the terminal answered: no card number ever comes this far. */
  | { readonly kind: 'card'; readonly amountMinor: number; readonly card: CardProof }
  | { readonly kind: 'wallet'; readonly amountMinor: number; readonly wallet: WalletProof }
  /** Points as payment: `points` leave the member's lots, worth `amountMinor`. */
  | {
      readonly kind: 'points';
      readonly amountMinor: number;
      readonly points: number;
      readonly ofSaleId?: string;
    }
  /** `bonusMinor`: the part that the shop had given on top when the value was bought; nobody earns points on it. */
  | {
      readonly kind: 'stored_value';
      readonly amountMinor: number;
      readonly bonusMinor?: number;
      readonly ofSaleId?: string;
    }
  | {
      readonly kind: 'gift_card';
      readonly amountMinor: number;
      readonly giftCardId: string;
      readonly ofSaleId?: string;
    }
  /** A paper voucher: `amountMinor` is what it paid, the rest of `faceMinor` lapses. */
  | {
      readonly kind: 'voucher';
      readonly amountMinor: number;
      readonly voucherNo: string;
      readonly faceMinor: number;
      readonly ofSaleId?: string;
    };

export type TenderKind = Tender['kind'];

/** In the order in which reports and screens list them. */
export const TENDER_KINDS = [
  'cash',
  'card',
  'wallet',
  'points',
  'stored_value',
  'gift_card',
  'voucher',
] as const satisfies readonly TenderKind[];

export interface CardProof {
  /** The terminal's own reference: what a refund of this payment names. */
  readonly token: string;
  readonly approval: string;
  readonly brand: string;
  readonly last4: string;
}

export interface WalletProof {
  readonly wallet: WalletKind;
  /** The provider's transaction id; the pay code is a live credential and is forgotten. */
  readonly ref: string;
}

/** Why a terminal or wallet did not pay. */
export type DeclineReason = 'declined' | 'cancelled' | 'timeout' | 'unreachable' | 'expired_code';

export interface CashPolicy {
  readonly cashStepMinor: number;
  readonly cashRounding: CashRounding;
}

export interface Settlement {
  readonly totalMinor: number;
  /** What cash would settle the sale now: rounded; zero when it is paid. */
  readonly dueMinor: number;
  /** Cash rounding, its own line on the receipt: `totalMinor + roundingMinor` is what was paid in the end. */
  readonly roundingMinor: number;
  readonly changeMinor: number;
  readonly settled: boolean;
}

/** @param tenders so far, in order; none for a total of zero is settled */
export function settleTenders(
  totalMinor: number,
  tenders: readonly Tender[],
  policy: CashPolicy,
): Settlement {
  assertMoney(totalMinor);
  const cash = tenders.filter((tender) => tender.kind === 'cash');
  const cashMinor = sumMinor(cash.map((tender) => tender.amountMinor));
  const plain = sumMinor(tenders.map((tender) => tender.amountMinor)) - cashMinor;
  const leftToCashMinor = totalMinor - plain;
  const payableMinor = roundCash(leftToCashMinor, policy.cashStepMinor, policy.cashRounding);
  const restMinor = payableMinor - cashMinor;
  // Cents that only cash could round away stay due while a card or wallet is what pays.
  const rounds = cash.length > 0 || cash.length === tenders.length;
  // Money is paid out to the cent or not at all: there is no change on a refund.
  const paid = totalMinor < 0 ? restMinor === 0 : restMinor <= 0;
  const settled = rounds ? paid : leftToCashMinor === 0;
  return {
    totalMinor,
    dueMinor: settled ? 0 : restMinor,
    roundingMinor: settled && !rounds ? 0 : payableMinor - leftToCashMinor,
    changeMinor: settled ? Math.abs(restMinor) : 0,
    settled,
  };
}

/** What a tender other than cash would have to pay: to the cent; below zero on a refund. */
export function exactDue(totalMinor: number, tenders: readonly Tender[], policy: CashPolicy): number {
  if (settleTenders(totalMinor, tenders, policy).settled) return 0;
  return totalMinor - sumMinor(tenders.map((tender) => tender.amountMinor));
}

/**
 * Notes a cashier is likely handed for an amount: the exact sum, then the next whole notes.
 *
 * @param notesMinor the currency's notes, for example [1000, 2000, 5000, 10000]
 * @returns at most four ascending amounts, the first exact
 */
export function quickCash(dueMinor: number, notesMinor: readonly number[]): number[] {
  assert(dueMinor >= 0, 'quick cash is offered for money coming in');
  const rounded = notesMinor.map((note) => Math.ceil(dueMinor / note) * note);
  return [...new Set([dueMinor, ...rounded])].sort((a, b) => a - b).slice(0, 4);
}
