/**
 * The selling desk: codes, lines, quantities, coupons, discounts by hand, holds.
 */
import { readCode } from '../core/barcode.ts';
import { isEmpty } from '../core/basket.ts';
import { halfWidth } from '../core/keyboard-slip.ts';
import type { CouponEntry } from '../core/promotion.ts';
import type { SellingCalls } from './api.ts';
import type { Found } from './catalog.ts';
import type { Counter } from './counter.ts';
import { HOLDS_MAX } from './parking.ts';
import { must, TillRefusal, unknownError } from './refusal.ts';
import { plainCoupon, specialOf } from './special-code.ts';
import { itemHit } from './view.ts';
import { memberHit } from './view-member.ts';

export function sellingDesk(counter: Counter): SellingCalls {
  const { till } = counter;
  return {
    async enter({ text, sellExpired, approvalId }) {
      const store = counter.store();
      const { qty, code } = readQuantity(halfWidth(text));
      const receipt = counter.receipt(code);
      if (receipt !== null) return receipt;
      const found = counter.find(code, store);
      if (found === 'taken') return { kind: 'taken', view: counter.changed() };
      if (found.kind !== 'unknown') {
        const taken = takeEntered(counter, { found, qty, code }, { sell: sellExpired === true, approvalId });
        if (taken.kind === 'needs_price' || taken.kind === 'needs_weight') return taken;
        const view = counter.changed();
        if (taken.kind === 'member') return { ...taken, view };
        const { lineNo, expired } = taken;
        return { kind: 'line', lineNo, view, ...(expired === null ? {} : { expired }) };
      }
      const unknown = unknownError(found, code);
      // Digits of a card are looked up nowhere.
      if (unknown.kind === 'card_number') throw new TillRefusal(unknown);
      const items = till.catalog.searchItems(code, 20).map((item) => itemHit(item, counter.locale));
      const members = till.catalog
        .searchMembers(code, 10)
        .map((member) => memberHit(till, member, counter.locale));
      if (items.length + members.length === 0) throw new TillRefusal(unknown);
      return { kind: 'choices', items, members };
    },

    async addItem(params) {
      const item = till.catalog.itemBySku(params.sku);
      if (item === null) throw new TillRefusal({ kind: 'unknown_code', code: params.sku });
      const { qty, unitPriceMinor, weightG } = params;
      const manual = unitPriceMinor !== undefined && unitPriceMinor !== item.priceMinor;
      if (manual && item.priceMinor !== null) till.approvals.must(params.approvalId, 'price_override');
      if (qty < 0) till.approvals.must(params.approvalId, 'refund_no_receipt');
      counter.begin();
      must(
        till.checkout.add(
          {
            item,
            gtin: item.gtins[0] ?? null,
            qty,
            ...(manual ? { unitPriceMinor, priceSource: 'manual' as const } : {}),
            ...(weightG === undefined ? {} : { weightG }),
          },
          counter.store(),
        ),
      );
      return counter.changed();
    },

    async setQuantity({ lineNo, qty, approvalId }) {
      const line = till.checkout.basket.lines.find((each) => each.lineNo === lineNo);
      const change = () => must(till.checkout.setQuantity(lineNo, qty));
      // Goods without a receipt, or fewer pieces, which are voided pieces.
      if (line !== undefined && qty < 0) till.approvals.during(approvalId, 'refund_no_receipt', change);
      else if (line !== undefined && qty < line.qty) till.approvals.during(approvalId, 'void_line', change);
      else change();
      return counter.changed();
    },

    async setUnitPrice({ lineNo, unitPriceMinor, approvalId }) {
      const used = till.people.may('price_override') ? undefined : approvalId;
      till.approvals.during(approvalId, 'price_override', () =>
        must(till.checkout.setUnitPrice(lineNo, unitPriceMinor, used)),
      );
      return counter.changed();
    },

    async voidLine({ lineNo, approvalId }) {
      till.approvals.during(approvalId, 'void_line', () => must(till.checkout.voidLine(lineNo)));
      return counter.changed();
    },

    async clearBasket({ approvalId }) {
      // Nothing was rung up: only the member goes.
      if (!isEmpty(till.checkout.basket)) till.approvals.must(approvalId, 'void_sale');
      await counter.flow.clear();
      // What a terminal will not take back stays, and the basket with it; what went back cannot be had again.
      if (till.checkout.isPaying) throw new TillRefusal({ kind: 'paying' });
      till.payments.settle(till.checkout.basket.id);
      till.checkout.reset();
      return counter.changed();
    },

    async searchItems({ text, limit }) {
      return till.catalog.searchItems(text, limit).map((item) => itemHit(item, counter.locale));
    },

    async hold({ label, print }) {
      const { checkout, parking, session } = till;
      counter.outOfTraining();
      if (isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'empty_basket' });
      if (checkout.isPaying) throw new TillRefusal({ kind: 'paying' });
      if (parking.list().length >= HOLDS_MAX)
        throw new TillRefusal({ kind: 'too_many_holds', holdsMax: HOLDS_MAX });
      const hold = { holdId: session.newId(), label, atMs: session.nowMs() };
      parking.hold(hold);
      if (print === true) till.printHold(hold, checkout.parked());
      checkout.reset();
      return counter.changed();
    },

    async recall({ holdId }) {
      const { checkout, parking } = till;
      counter.outOfTraining();
      if (!isEmpty(checkout.basket)) throw new TillRefusal({ kind: 'basket_not_empty' });
      const parked = parking.recall(holdId);
      if (parked === null) throw new TillRefusal({ kind: 'unknown_hold' });
      counter.forgetLast();
      checkout.restore(parked);
      return counter.changed();
    },

    async dropHold({ holdId, approvalId }) {
      counter.outOfTraining();
      till.approvals.during(approvalId, 'void_sale', () => {
        if (!till.parking.drop(holdId)) throw new TillRefusal({ kind: 'unknown_hold' });
      });
      return counter.changed();
    },

    async setLocale({ locale }) {
      till.state.set('locale', locale);
      return counter.changed();
    },

    async newId() {
      return { id: till.session.newId() };
    },

    async addCoupon({ code }) {
      must(till.checkout.addCoupon(couponEntry(counter, code)));
      return counter.changed();
    },

    async removeCoupon({ code }) {
      must(till.checkout.removeCoupon(code));
      return counter.changed();
    },

    async setDiscount({ lineNo, off, approvalId }) {
      const { checkout, approvals } = till;
      const store = counter.store();
      const before = checkout.manual.find((discount) => discount.lineNo === lineNo) ?? null;
      const limitBp = approvals.may('discount') ? approvals.discountLimitBp : 0;
      must(checkout.setManual(lineNo, { off, limitBp, approvalId: null }));
      const answer = checkout.priced(store).manual.find((given) => given.lineNo === lineNo);
      if (answer?.kind === 'over_limit') {
        if (approvalId === undefined || !approvals.spend(approvalId, 'discount')) {
          must(checkout.setManual(lineNo, before));
          throw new TillRefusal({ kind: 'needs_approval', permission: 'discount' });
        }
        must(checkout.setManual(lineNo, { off, limitBp, approvalId }));
      }
      return counter.changed();
    },

    async clearDiscount({ lineNo }) {
      must(till.checkout.setManual(lineNo, null));
      return counter.changed();
    },

    async clockSeen() {
      till.clockWatch.seen();
      return counter.changed();
    },
  };
}

/** Goods that are refused for their day are told with their code, so that they can be let pass by one press. */
function takeEntered(
  counter: Counter,
  entered: {
    readonly found: Exclude<Found, { kind: 'unknown' }>;
    readonly qty: number;
    readonly code: string;
  },
  expired: { readonly sell: boolean; readonly approvalId?: string | undefined },
) {
  try {
    return counter.take(entered.found, entered.qty, counter.store(), expired);
  } catch (cause) {
    if (!(cause instanceof TillRefusal) || cause.error.kind !== 'expired_goods') throw cause;
    throw new TillRefusal({ ...cause.error, code: entered.code });
  }
}

/** A typed coupon code is one whatever its shape; what pays or may be a card is none. */
function couponEntry(counter: Counter, code: string): CouponEntry {
  const plain = plainCoupon(code, counter.till.catalog.promotions);
  if (plain !== null) return plain;
  const { templates, currency } = counter.store();
  const setting = { templates, currencyDigits: currency.digits, currencyCode: currency.code };
  const meaning = readCode(code, setting);
  const special = specialOf(meaning);
  if (special?.kind === 'coupon') return special.entry;
  const unknown = unknownError({ kind: 'unknown', meaning }, code);
  if (unknown.kind === 'card_number' || unknown.kind === 'pay_code_now') throw new TillRefusal(unknown);
  return { code: code.trim() };
}

/** `3*code` is three of it; everything else is one. */
function readQuantity(text: string): { qty: number; code: string } {
  const match = /^(\d{1,5})\s*[*x×]\s*(.+)$/i.exec(text.trim());
  return match ? { qty: Number(match[1]), code: match[2]! } : { qty: 1, code: text };
}
