/**
 * Reasons in words: why a line costs less, in the three languages, for receipt, till and HQ.
 *
 * Pure. A rule's own name is in the adjustment, in the store's language; the words around it follow the reader.
 */
import type { Locale } from './item.ts';
import { formatMinor } from './money.ts';
import type { Reason } from './promotion.ts';

/** @param digits of the sale's currency */
export function reasonText(reason: Reason, locale: Locale, digits: number): string {
  const words = WORDS[locale];
  const money = (amountMinor: number) => formatMinor(amountMinor, digits);
  switch (reason.kind) {
    case 'tier':
      return words.tier(reason.tierName, rate(reason.rateBp));
    case 'price':
      return words.price(reason.name, money(reason.unitPriceMinor));
    case 'amount_off':
      return words.amountOff(reason.name, money(reason.unitMinor), reason.units);
    case 'percent_off':
      return words.percentOff(reason.name, rate(reason.rateBp));
    case 'set_price':
      return words.setPrice(reason.name, reason.qty, money(reason.priceMinor));
    case 'set_amount':
      return words.setAmount(reason.name, reason.qty, money(reason.offMinor));
    case 'set_percent':
      return words.setPercent(reason.name, reason.qty, rate(reason.rateBp));
    case 'threshold':
      return reason.by === 'amount'
        ? words.fromAmount(reason.name, money(reason.from), money(reason.offMinor))
        : words.fromQuantity(reason.name, reason.from, money(reason.offMinor));
    case 'gift':
      return words.gift(reason.name);
    case 'order':
      return reason.rateBp === 0
        ? words.orderOff(reason.name, money(reason.offMinor))
        : words.percentOff(reason.name, rate(reason.rateBp));
    case 'coupon':
      return words.coupon(reason.name, money(reason.offMinor));
    case 'manual':
      return reason.approvalId === null ? words.manual : words.approved;
    case 'returned':
      return words.returned(reason.receiptNo);
  }
}

/** 1300 basis points are `13%`, 825 are `8.25%`. */
function rate(rateBp: number): string {
  return `${formatMinor(rateBp, 2).replace(/\.?0+$/, '')}%`;
}

interface Words {
  readonly tier: (tier: string, rate: string) => string;
  readonly price: (name: string, price: string) => string;
  readonly amountOff: (name: string, each: string, units: number) => string;
  readonly percentOff: (name: string, rate: string) => string;
  readonly setPrice: (name: string, qty: number, price: string) => string;
  readonly setAmount: (name: string, qty: number, off: string) => string;
  readonly setPercent: (name: string, qty: number, rate: string) => string;
  readonly fromAmount: (name: string, from: string, off: string) => string;
  readonly fromQuantity: (name: string, from: number, off: string) => string;
  readonly gift: (name: string) => string;
  readonly orderOff: (name: string, off: string) => string;
  readonly coupon: (name: string, off: string) => string;
  readonly manual: string;
  readonly approved: string;
  readonly returned: (receiptNo: string) => string;
}

const WORDS: Readonly<Record<Locale, Words>> = {
  'zh-CN': {
    tier: (tier, rate) => `${tier} 会员优惠 ${rate}`,
    price: (name, price) => `${name} 特价 ${price}`,
    amountOff: (name, each, units) => `${name} 每件减 ${each} × ${units}`,
    percentOff: (name, rate) => `${name} 优惠 ${rate}`,
    setPrice: (name, qty, price) => `${name} ${qty} 件 ${price}`,
    setAmount: (name, qty, off) => `${name} ${qty} 件减 ${off}`,
    setPercent: (name, qty, rate) => `${name} ${qty} 件组合 优惠 ${rate}`,
    fromAmount: (name, from, off) => `${name} 满 ${from} 减 ${off}`,
    fromQuantity: (name, from, off) => `${name} 满 ${from} 件减 ${off}`,
    gift: (name) => `${name} 赠品`,
    orderOff: (name, off) => `${name} 整单减 ${off}`,
    coupon: (name, off) => `券 ${name} 减 ${off}`,
    manual: '手工折扣',
    approved: '手工折扣（已授权）',
    returned: (receiptNo) => `原单 ${receiptNo} 已享优惠`,
  },
  'zh-TW': {
    tier: (tier, rate) => `${tier} 會員優惠 ${rate}`,
    price: (name, price) => `${name} 特價 ${price}`,
    amountOff: (name, each, units) => `${name} 每件減 ${each} × ${units}`,
    percentOff: (name, rate) => `${name} 優惠 ${rate}`,
    setPrice: (name, qty, price) => `${name} ${qty} 件 ${price}`,
    setAmount: (name, qty, off) => `${name} ${qty} 件減 ${off}`,
    setPercent: (name, qty, rate) => `${name} ${qty} 件組合 優惠 ${rate}`,
    fromAmount: (name, from, off) => `${name} 滿 ${from} 減 ${off}`,
    fromQuantity: (name, from, off) => `${name} 滿 ${from} 件減 ${off}`,
    gift: (name) => `${name} 贈品`,
    orderOff: (name, off) => `${name} 整單減 ${off}`,
    coupon: (name, off) => `券 ${name} 減 ${off}`,
    manual: '手動折扣',
    approved: '手動折扣（已授權）',
    returned: (receiptNo) => `原單 ${receiptNo} 已享優惠`,
  },
  en: {
    tier: (tier, rate) => `${tier} member ${rate} off`,
    price: (name, price) => `${name}: now ${price}`,
    amountOff: (name, each, units) => `${name}: ${each} off × ${units}`,
    percentOff: (name, rate) => `${name}: ${rate} off`,
    setPrice: (name, qty, price) => `${name}: ${qty} for ${price}`,
    setAmount: (name, qty, off) => `${name}: ${qty} together, ${off} off`,
    setPercent: (name, qty, rate) => `${name}: set of ${qty}, ${rate} off`,
    fromAmount: (name, from, off) => `${name}: from ${from}, ${off} off`,
    fromQuantity: (name, from, off) => `${name}: from ${from} items, ${off} off`,
    gift: (name) => `${name}: gift`,
    orderOff: (name, off) => `${name}: ${off} off the order`,
    coupon: (name, off) => `Coupon ${name}: ${off} off`,
    manual: 'Discount by hand',
    approved: 'Discount by hand (approved)',
    returned: (receiptNo) => `Discounts had on ${receiptNo}`,
  },
};
