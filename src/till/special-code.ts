/**
 * Codes that are no goods and no member: coupons, pay codes, and digits that may be a payment card.
 */
import { parseGtin } from '../core/gtin.ts';
import { mayBeCard, walletOf } from '../core/pay-code.ts';
import type { CouponEntry } from '../core/promotion.ts';
import type { CompiledRules } from '../core/promotion-index.ts';
import { TillRefusal } from './refusal.ts';

export type SpecialCode =
  | { readonly kind: 'coupon'; readonly entry: CouponEntry }
  | { readonly kind: 'payment_code'; readonly code: string };

/** @returns null for everything that the catalogue is to be asked for */
export function specialCode(text: string, promotions: CompiledRules): SpecialCode | null {
  const code = text.trim();
  if (promotions.byCode.has(code)) return { kind: 'coupon', entry: { code } };
  return walletOf(code) === null ? null : { kind: 'payment_code', code };
}

/**
 * For digits that are no goods of this shop: a card number is neither echoed nor looked up any further.
 *
 * @throws TillRefusal `card_number`
 */
export function dropCardNumber(text: string): void {
  const code = text.replace(/[\s-]/g, '');
  if (mayBeCard(code) && !(code.length <= 14 && parseGtin(code).ok))
    throw new TillRefusal({ kind: 'card_number' });
}
