/**
 * Offers in words: why a coupon did or did not apply, what is short of an offer, and what took something off.
 */
import type { Currency } from '../../core/money.ts';
import type { NearMiss } from '../../core/near-miss.ts';
import type { Reason } from '../../core/promotion.ts';
import type { CouponAnswer } from '../../core/promotion-coupon.ts';
import type { ManualAnswer } from '../../core/promotion-manual.ts';
import { amountText } from '../amount.ts';
import { reasonName } from '../offers.ts';
import type { Say } from './words.ts';

type Money = Pick<Currency, 'digits'>;

export function couponText(answer: CouponAnswer, say: Say, currency: Money): string {
  if (answer.kind === 'applied')
    return say('coupon.applied', { amount: amountText(answer.offMinor, currency) });
  if (answer.kind !== 'below_minimum') return say(`coupon.${answer.kind}`);
  return answer.missingMinor === undefined
    ? say('coupon.missingQty', { n: answer.missingQty ?? 1 })
    : say('coupon.missingAmount', { amount: amountText(answer.missingMinor, currency) });
}

export function manualText(answer: ManualAnswer, say: Say, currency: Money): string | null {
  if (answer.kind === 'applied') return null;
  if (answer.kind === 'not_these_items') return say('discount.none');
  return say('discount.overLimit', { amount: amountText(answer.limitMinor, currency) });
}

/** "13.87 more takes 10 off". */
export function nearMissText(miss: NearMiss, say: Say, currency: Money): string {
  const { name } = miss;
  if (miss.kind === 'gift') return say('near.gift', { name, n: miss.missingQty });
  const gain = amountText(miss.gainMinor, currency);
  if (miss.kind === 'quantity') {
    return miss.gainMinor > 0
      ? say('near.quantity', { n: miss.missingQty, gain, name })
      : say('near.quantityGift', { n: miss.missingQty, name });
  }
  const missing = amountText(miss.missingMinor, currency);
  return miss.gainMinor > 0
    ? say('near.amount', { missing, gain, name })
    : say('near.amountGift', { missing, name });
}

/** What a row of the totals is called. */
export function discountName(reason: Reason, say: Say): string {
  const name = reasonName(reason);
  if (reason.kind === 'tier') return say('totals.tier', { tier: name ?? '' });
  if (reason.kind === 'coupon') return say('totals.coupon', { name: name ?? '' });
  if (reason.kind === 'manual') {
    return say(reason.scope === 'order' ? 'totals.manualOrder' : 'totals.manualLine');
  }
  return name ?? say('totals.discounts');
}
