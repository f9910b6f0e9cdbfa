/**
 * Projection of sales for money: vouchers taken, what was given back of each payment. Folding a sale twice is folding it once.
 */
import type { Sale } from '../core/sale.ts';
import type { Tender } from '../core/tender.ts';
import type { Sqlite, Statement } from './db.ts';

export interface GivenBack {
  readonly amountMinor: number;
  readonly points: number;
}

export class MoneyFold {
  private readonly putVoucher: Statement;
  private readonly putBack: Statement;
  private readonly backBy: Statement;
  private readonly voucherBy: Statement;

  constructor(db: Sqlite) {
    this.putVoucher = db.prepare('insert or ignore into voucher_used (voucher_no, receipt_no) values (?, ?)');
    this.putBack = db.prepare(
      'insert or replace into tender_back (ref, seq, amount_minor, points) values (?, ?, ?, ?)',
    );
    this.backBy = db.prepare(
      `select coalesce(sum(amount_minor), 0) as "amountMinor", coalesce(sum(points), 0) as points
       from tender_back where ref = ?`,
    );
    this.voucherBy = db.prepare('select receipt_no as "receiptNo" from voucher_used where voucher_no = ?');
  }

  fold(seq: number, sale: Sale): void {
    const back = new Map<string, GivenBack>();
    for (const tender of sale.tenders) {
      if (tender.kind === 'voucher' && tender.amountMinor > 0) {
        this.putVoucher.run(tender.voucherNo, sale.receiptNo);
      }
      const saleId = ('ofSaleId' in tender ? tender.ofSaleId : undefined) ?? originalOf(sale);
      if (tender.amountMinor >= 0 || saleId === null) continue;
      const ref = backRef(tender, saleId);
      const before = back.get(ref) ?? { amountMinor: 0, points: 0 };
      back.set(ref, {
        amountMinor: before.amountMinor - tender.amountMinor,
        points: before.points - (tender.kind === 'points' ? tender.points : 0),
      });
    }
    for (const [ref, { amountMinor, points }] of back) this.putBack.run(ref, seq, amountMinor, points);
  }

  givenBack(ref: string): GivenBack {
    return this.backBy.get(ref) as GivenBack;
  }

  /** The receipt that a voucher paid on, as far as this till knows. */
  voucherReceipt(voucherNo: string): string | null {
    return (this.voucherBy.get(voucherNo) as { receiptNo: string } | undefined)?.receiptNo ?? null;
  }
}

/** Where the tender itself does not say: the sale that comes back, of several the first. */
function originalOf(sale: Sale): string | null {
  return sale.refundOf?.saleId ?? sale.lines.find(({ back }) => back !== undefined)?.back?.saleId ?? null;
}

/** What names an original payment: its token where it has one, else its kind in its sale. */
export function backRef(tender: Tender, saleId: string): string {
  switch (tender.kind) {
    case 'card':
      return `card:${tender.card.token}`;
    case 'wallet':
      return `wallet:${tender.wallet.ref}`;
    case 'gift_card':
      return `gift_card:${saleId}:${tender.giftCardId}`;
    default:
      return `${tender.kind}:${saleId}`;
  }
}
