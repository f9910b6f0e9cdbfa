/**
 * Sales: a basket made final: goods sold, goods taken back, or both in one event with one net payment.
 *
 * Pure. Ids, numbers and times are given. Lines of goods coming back on a receipt name it (`back`); no discount is ever worked
 * out on them.
 */
import { assert } from './assert.ts';
import type { Basket } from './basket.ts';
import type { Locale } from './item.ts';
import type { Tier } from './loyalty.ts';
import { sumMinor } from './money.ts';
import type { SalePoints } from './points.ts';
import type { PricedBasket, PricedLine } from './pricing.ts';
import type { CouponEntry, LocalTime, UsesLeft } from './promotion.ts';
import type { ManualDiscount } from './promotion-run.ts';
import type { TaxPolicy, TaxTotal } from './tax.ts';
import { type CashPolicy, type Settlement, settleTenders, type Tender } from './tender.ts';

export interface Sale {
  readonly id: string;
  /** Goods sold, goods taken back, or both at once. */
  readonly kind: 'sale' | 'refund' | 'exchange';
  readonly receiptNo: string;
  /** The till's own gapless count behind `receiptNo`. */
  readonly receiptSeq: number;
  readonly storeId: string;
  readonly currency: string;
  readonly memberId: string | null;
  readonly rulesVersion: string;
  readonly taxMode: 'inclusive' | 'exclusive';
  readonly lines: readonly PricedLine[];
  readonly taxes: readonly TaxTotal[];
  readonly grossMinor: number;
  readonly adjustmentMinor: number;
  readonly taxMinor: number;
  readonly totalMinor: number;
  readonly roundingMinor: number;
  readonly tenders: readonly Tender[];
  readonly changeMinor: number;
  /**
   * The sale whose goods come back; null where none do, without a receipt, and where several receipts are given back at
   * once: then only the lines say (`back`).
   */
  readonly refundOf: { readonly saleId: string; readonly receiptNo: string } | null;
  /** What the kernel was given beside lines and rules, so that anybody can price the sale again (N05). */
  readonly priced?: PricedWith;
  /** Uses of rules whose limits leases keep, by rule: what this sale took of those rights. */
  readonly uses?: readonly RuleUses[];
  /** null: no member, or no programme. */
  readonly points?: SalePoints | null;
  /**
   * The till's signature of the receipt's QR (core/receipt-token), base64url, on sales of older programs only: since then who
   * draws a receipt signs it, for 64 bytes that nothing packs were a third of what a sale took on the line.
   */
  readonly proof?: string;
}

export interface RuleUses {
  readonly ruleId: string;
  readonly count: number;
}

/** What a sale keeps beside its lines and tenders. */
export type SaleContext = Pick<Sale, 'priced' | 'uses' | 'points'>;

/** The context of `priceBasket` as the sale had it. No personal data: a birthday is asked of the member's own record. */
export interface PricedWith {
  /** `PRICING_VERSION`. */
  readonly kernel: number;
  readonly at: LocalTime;
  readonly locale: Locale;
  readonly taxRounding: TaxPolicy['rounding'];
  /** The member's tier as the till knew it; null without a member or tier. */
  readonly tier: Tier | null;
  /** Of the member's tags and segments those that the rule set asks for. */
  readonly tags: readonly string[];
  readonly segments: readonly string[];
  readonly coupons: readonly CouponEntry[];
  readonly usesLeft: UsesLeft;
  readonly manual: readonly ManualDiscount[];
}

/** What the till stamps on a sale. */
export interface SaleStamp {
  readonly storeId: string;
  readonly currency: string;
  readonly receiptNo: string;
  readonly receiptSeq: number;
}

/** @throws AssertionError when the tenders do not settle the total, or nothing was sold */
export function closeSale(
  facts: {
    readonly basket: Basket;
    readonly priced: PricedBasket;
    readonly tenders: readonly Tender[];
    readonly context?: SaleContext;
  },
  policy: CashPolicy,
  stamp: SaleStamp,
): Sale {
  const { basket, priced, tenders } = facts;
  assert(priced.lines.length > 0, 'a sale has a line');
  const settlement = settleTenders(priced.totalMinor, tenders, policy);
  assert(settlement.settled, 'a sale is closed when its tenders settle it');
  return balanced({
    id: basket.id,
    kind: kindOf(priced.lines),
    ...stampFields(stamp),
    memberId: basket.memberId,
    rulesVersion: priced.rulesVersion,
    taxMode: priced.taxMode,
    lines: priced.lines,
    taxes: priced.taxes,
    grossMinor: priced.grossMinor,
    adjustmentMinor: priced.adjustmentMinor,
    taxMinor: priced.taxMinor,
    totalMinor: priced.totalMinor,
    ...paidFields(settlement, tenders),
    refundOf: refundOf(priced.lines),
    ...facts.context,
  });
}

function kindOf(lines: readonly PricedLine[]): Sale['kind'] {
  if (lines.every((line) => line.qty > 0)) return 'sale';
  return lines.every((line) => line.qty < 0) ? 'refund' : 'exchange';
}

/** The one receipt whose goods come back; null where there is none, or more than one. */
function refundOf(lines: readonly PricedLine[]): Sale['refundOf'] {
  const [first, ...others] = lines.flatMap(({ back }) => (back === undefined ? [] : [back]));
  if (first === undefined || others.some(({ saleId }) => saleId !== first.saleId)) return null;
  return { saleId: first.saleId, receiptNo: first.receiptNo };
}

function stampFields(stamp: SaleStamp): SaleStamp {
  const { storeId, currency, receiptNo, receiptSeq } = stamp;
  return { storeId, currency, receiptNo, receiptSeq };
}

function paidFields(settlement: Settlement, tenders: readonly Tender[]) {
  return { roundingMinor: settlement.roundingMinor, tenders, changeMinor: settlement.changeMinor };
}

/** I4 at the place where a sale is made; the cloud asks the same of what it receives. */
function balanced(sale: Sale): Sale {
  const problem = imbalanceOf(sale);
  assert(problem === null, `a sale adds up: ${problem}`);
  return sale;
}

/** @returns null when every sum of the sale holds, else the first that does not, in words */
export function imbalanceOf(sale: Sale): string | null {
  for (const line of sale.lines) {
    if (line.netMinor !== line.grossMinor + sumMinor(line.adjustments.map((a) => a.amountMinor))) {
      return `line ${line.lineNo}: net is not gross plus adjustments`;
    }
  }
  const netMinor = sumMinor(sale.lines.map((line) => line.netMinor));
  const lineTaxMinor = sumMinor(sale.lines.map((line) => line.taxMinor));
  if (sale.grossMinor !== sumMinor(sale.lines.map((line) => line.grossMinor))) {
    return 'gross of the lines does not add up to the gross';
  }
  if (sale.grossMinor + sale.adjustmentMinor !== netMinor) return 'lines do not add up to the sale';
  if (sale.taxMinor !== lineTaxMinor) return 'line taxes do not add up to the tax';
  if (sale.taxMinor !== sumMinor(sale.taxes.map((tax) => tax.taxMinor)))
    return 'taxes do not add up to the tax';
  const baseMinor = sale.taxMode === 'inclusive' ? netMinor - sale.taxMinor : netMinor;
  if (sumMinor(sale.taxes.map((tax) => tax.baseMinor)) !== baseMinor) {
    return 'tax bases do not add up to the net';
  }
  const expected = sale.taxMode === 'inclusive' ? netMinor : netMinor + sale.taxMinor;
  if (sale.totalMinor !== expected) return 'lines and tax do not add up to the total';
  const paidMinor = sumMinor(sale.tenders.map((tender) => tender.amountMinor)) - sale.changeMinor;
  if (paidMinor !== sale.totalMinor + sale.roundingMinor) return 'tenders less change do not pay the total';
  return null;
}

/** `NJ01-000123`: till code and the till's gapless count. */
export function receiptNumber(tillCode: string, receiptSeq: number): string {
  return `${tillCode}-${receiptSeq.toString().padStart(6, '0')}`;
}
