/**
 * Returns at the till: finds the receipt, knows what of it may still come back, and what has been paid out on trust.
 *
 * What came back is counted from the journal, the open basket and the baskets on hold together, so nothing comes back twice,
 * whichever of them is paid first. A receipt of another till is believed by its signature alone, up to a sum a day.
 */
import type { BasketLine, ReturnedGoods } from '../core/basket.ts';
import { nameIn } from '../core/item.ts';
import { rightKey, type SoldLineRef } from '../core/lease.ts';
import type { Verify } from '../core/ports.ts';
import {
  isReceiptToken,
  parseToken,
  type ReceiptToken,
  type SignReceipt,
  tokenStatement,
} from '../core/receipt-token.ts';
import {
  addClaims,
  type Claimed,
  claimOf,
  NOTHING_CLAIMED,
  paidMinor,
  type ReturnOrder,
  returnOf,
  type SoldLine,
  type SoldReceipt,
  soldReceipt,
} from '../core/returns.ts';
import type { Sale } from '../core/sale.ts';
import { foreignRefundLimit, type Store } from '../core/store.ts';
import type { Sqlite } from './db.ts';
import type { Appended } from './journal.ts';
import { TillRefusal } from './refusal.ts';
import type { Till } from './till.ts';

/** A receipt that was looked up. */
export type FoundReceipt = { readonly sold: SoldReceipt; readonly currency: string } & (
  | { readonly from: 'journal'; readonly appended: Appended & { readonly sale: Sale } }
  | { readonly from: 'token'; readonly token: ReceiptToken }
);

/** Claims by sale and line. */
export type Claims = (saleId: string, lineNo: number) => Claimed;

export class Returns {
  private readonly till: Till;
  private readonly db: Sqlite;
  private readonly verify: Verify;

  constructor(till: Till, db: Sqlite, verify: Verify) {
    this.till = till;
    this.db = db;
    this.verify = verify;
  }

  /**
   * @param text a receipt number of this till, or the QR of any till's receipt
   * @throws TillRefusal when there is none, or it cannot be believed
   */
  find(text: string): FoundReceipt {
    if (!isReceiptToken(text)) {
      const found = this.fromJournal(this.till.projections.saleByReceipt(text.trim().toUpperCase()));
      if (found === null) throw new TillRefusal({ kind: 'unknown_receipt' });
      return found;
    }
    const parsed = parseToken(text);
    if (!parsed.ok) throw new TillRefusal(parsed.error);
    const { payload, signature, token } = parsed.value;
    const tillKeys = this.keysOf(token.tillCode);
    if (tillKeys.length === 0) throw new TillRefusal({ kind: 'receipt_other_chain' });
    // HQ signs the copies that it shows.
    const { cloudKey } = this.till.identity;
    const keys = cloudKey == null ? tillKeys : [...tillKeys, cloudKey];
    const statement = tokenStatement(payload);
    if (!keys.some((publicKey) => this.verify({ publicKey, statement, signature }))) {
      throw new TillRefusal({ kind: 'receipt_forged' });
    }
    const own = this.fromJournal(this.till.projections.saleById(token.saleId));
    if (own !== null) return own;
    if (token.headOnly) throw new TillRefusal({ kind: 'receipt_head_only', receiptNo: token.receiptNo });
    const { saleId, receiptNo, taxMode, currency } = token;
    const lines = token.lines.map((line) => this.named(line));
    return { from: 'token', token, currency, sold: { saleId, receiptNo, taxMode, lines } };
  }

  /** Claims of everything that is in the journal, on the counter and on hold, as of now. */
  claims(): Claims {
    const waiting = Map.groupBy(this.waiting(), ({ back }) => `${back.saleId} ${back.lineNo}`);
    const rows = this.db.prepare(
      `select qty, net_minor as "netMinor", tax_minor as "taxMinor", points from returned_line
       where sale_id = ? and sold_line_no = ?`,
    );
    this.till.projections.catchUp();
    return (saleId, lineNo) =>
      addClaims([
        ...(rows.all(saleId, lineNo) as Claimed[]),
        ...(waiting.get(`${saleId} ${lineNo}`) ?? []).map((line) => claimOf(line, line.back)),
      ]);
  }

  /**
   * The goods of some lines, ready for the basket.
   *
   * @throws TillRefusal when a line has not that many left, or a stranger's receipts would pay out too much today
   */
  take(
    found: FoundReceipt,
    wanted: readonly { readonly lineNo: number; readonly qty: number }[],
    store: Store,
    approvalId: string | undefined,
  ): ReturnedGoods[] {
    if (found.currency !== store.currency.code || found.sold.lines.length === 0) {
      throw new TillRefusal({ kind: 'not_refundable' });
    }
    const claims = this.claims();
    const taken = new Map<number, Claimed>();
    const { saleId } = found.sold;
    const goods = wanted.map(({ lineNo, qty }) => {
      const line = found.sold.lines.find((sold) => sold.lineNo === lineNo);
      if (line === undefined) throw new TillRefusal({ kind: 'no_such_line', lineNo });
      const before = taken.get(lineNo) ?? NOTHING_CLAIMED;
      const claimed = addClaims([claims(saleId, lineNo), before]);
      const { from, most } = this.groundOf(found, { saleId, lineNo }, qty + before.qty);
      const qtyLeft = Math.max(0, Math.min(most - before.qty, line.qty - claimed.qty));
      if (qty > qtyLeft) throw new TillRefusal({ kind: 'over_refund', lineNo, qtyLeft });
      const made = goodsOf(found, line, claimed, { qty, from }, approvalId);
      taken.set(lineNo, addClaims([before, claimOf(made, made.back)]));
      return made;
    });
    if (goods.some(({ back }) => back.from === 'token')) this.checkExposure(goods, store);
    return goods;
  }

  /** In which order units of a line are paid back here. */
  orderOf(from: FoundReceipt['from'], line: SoldLineRef): ReturnOrder {
    return this.isOwn(from, line) ? 'from_first' : 'from_last';
  }

  private isOwn(from: FoundReceipt['from'], line: SoldLineRef): boolean {
    return from === 'journal' && !this.till.rights.isGivenAway(line);
  }

  /** By what a till may pay goods back, and how many: it sold them, HQ gave it the right, or a signed receipt alone. */
  private groundOf(
    found: FoundReceipt,
    line: SoldLineRef,
    qty: number,
  ): { readonly from: 'own' | 'lease' | 'token'; readonly most: number } {
    const { leases, rights } = this.till;
    if (this.isOwn(found.from, line)) return { from: 'own', most: qty };
    const most = rights.usable(rightKey.refund(line)) - this.onLease(line);
    // HQ gave what there was, or said that there is nothing: a receipt on trust is for when nobody can be asked.
    const isAnswered = most > 0 || leases.isUsedUp(line) || found.from === 'journal';
    return isAnswered ? { from: 'lease', most } : { from: 'token', most: qty };
  }

  /** Units of a line on the counter and on hold that are paid back by HQ's word. */
  onLease({ saleId, lineNo }: SoldLineRef): number {
    return this.waiting()
      .filter(({ back }) => back.from === 'lease' && back.saleId === saleId && back.lineNo === lineNo)
      .reduce((sum, { qty }) => sum - qty, 0);
  }

  /** What is left of a line that was sold here; null: it was not, or somebody at the counter brings some of it. */
  leftOfOwn({ saleId, lineNo }: SoldLineRef): number | null {
    const found = this.fromJournal(this.till.projections.saleById(saleId));
    const line = found?.sold.lines.find((sold) => sold.lineNo === lineNo);
    if (line === undefined) return null;
    const isHere = this.waiting().some(({ back }) => back.saleId === saleId && back.lineNo === lineNo);
    return isHere ? null : Math.max(0, line.qty - this.journalled(saleId, lineNo));
  }

  /** What goods on a basket may no longer do once somebody else was paid for them. @throws TillRefusal `over_refund` */
  check(sale: Sale): void {
    const backs = sale.lines.filter(isBack);
    for (const { back } of backs) {
      const sold = this.fromJournal(this.till.projections.saleById(back.saleId))?.sold.lines.find(
        ({ lineNo }) => lineNo === back.lineNo,
      );
      // By HQ's word, which counts what came back anywhere.
      if (sold === undefined || back.from === 'lease') continue;
      const here = backs.filter((line) => sameLine(line.back, back)).map((line) => claimOf(line, line.back));
      const qtyLeft = sold.qty - this.journalled(back.saleId, back.lineNo);
      if (addClaims(here).qty > qtyLeft) {
        throw new TillRefusal({ kind: 'over_refund', lineNo: back.lineNo, qtyLeft });
      }
    }
  }

  /** Signs what the QR of a receipt says, with the key of today. */
  readonly sign: SignReceipt = (statement) =>
    Buffer.from(this.till.deviceKey.sign(statement), 'base64').toString('base64url');

  /** The sale of a journal entry. */
  at(seq: number): FoundReceipt | null {
    const appended = this.till.saleAt(seq);
    if (appended === null) return null;
    const { sale } = appended;
    return { from: 'journal', appended, sold: soldReceipt(sale), currency: sale.currency };
  }

  private fromJournal(found: { readonly seq: number } | null): FoundReceipt | null {
    return found === null ? null : this.at(found.seq);
  }

  /** Base64 SPKI of a till: its key of today, then those it had before. */
  private keysOf(tillCode: string): string[] {
    const { identity, deviceKey } = this.till;
    const row = this.db.prepare('select data from till_key where till_code = ?').get(tillCode) as
      | { data: string }
      | undefined;
    const known =
      row === undefined ? null : (JSON.parse(row.data) as { publicKey: string; former?: string[] });
    return [
      ...(tillCode === identity.tillCode ? [deviceKey.publicKey()] : []),
      ...(known === null ? [] : [known.publicKey, ...(known.former ?? [])]),
    ];
  }

  private named(line: SoldLine): SoldLine {
    const { catalog } = this.till;
    const item = catalog.itemBySku(line.sku);
    if (item === null) return { ...line, name: line.sku };
    return { ...line, name: nameIn(item, catalog.store?.locale ?? 'en'), gtin: item.gtins[0] ?? null };
  }

  private checkExposure(goods: readonly ReturnedGoods[], store: Store): void {
    const limitMinor = foreignRefundLimit(store);
    const businessDate = this.till.session.businessDate(store.timeZone);
    const row = this.db
      .prepare(
        'select coalesce(sum(token_minor), 0) as minor from returned_line where business_date = ? and token_minor > 0',
      )
      .get(businessDate) as { minor: number };
    const onTrust = [...this.waiting(), ...goods].filter(({ back }) => back.from === 'token');
    const waitingMinor = onTrust.reduce((sum, { back }) => sum - paidMinor(back, back.taxMode), 0);
    if (row.minor + waitingMinor > limitMinor) throw new TillRefusal({ kind: 'over_exposure', limitMinor });
  }

  private journalled(saleId: string, lineNo: number): number {
    this.till.projections.catchUp();
    const row = this.db
      .prepare(
        'select coalesce(sum(qty), 0) as qty from returned_line where sale_id = ? and sold_line_no = ?',
      )
      .get(saleId, lineNo) as { qty: number };
    return row.qty;
  }

  /** Goods coming back that nobody has paid for yet. */
  private waiting(): (BasketLine & ReturnedGoods)[] {
    const { checkout, parking } = this.till;
    const baskets = [checkout.basket, ...parking.list().map(({ parked }) => parked.basket)];
    return baskets.flatMap(({ lines }) => lines.filter(isBack));
  }
}

function isBack<T extends BasketLine>(line: T): line is T & ReturnedGoods {
  return line.back !== undefined;
}

function sameLine(a: ReturnedGoods['back'], b: ReturnedGoods['back']): boolean {
  return a.saleId === b.saleId && a.lineNo === b.lineNo;
}

function goodsOf(
  found: FoundReceipt,
  line: SoldLine,
  claimed: Claimed,
  { qty, from }: { readonly qty: number; readonly from: 'own' | 'lease' | 'token' },
  approvalId: string | undefined,
): ReturnedGoods {
  const { sku, gtin, name, weightG, unitPriceMinor, priceSource, taxCode } = line;
  const back = returnOf(found.sold, line, claimed, qty, from === 'own' ? 'from_first' : 'from_last');
  return {
    ...{ sku, gtin, name, qty: -qty, weightG, unitPriceMinor, priceSource, taxCode },
    ...(approvalId === undefined ? {} : { approvalId }),
    back: from === 'own' ? back : { ...back, from },
  };
}
