/**
 * Codes that are no goods and no member: coupons and pay codes.
 */
import type { ScanMeaning } from '../core/barcode.ts';
import type { CouponEntry } from '../core/promotion.ts';
import { isAwaited } from '../core/promotion-coupon.ts';
import type { CompiledRules } from '../core/promotion-index.ts';

export type SpecialCode =
  | { readonly kind: 'coupon'; readonly entry: CouponEntry }
  /** Live: it pays now or is forgotten. */
  | { readonly kind: 'payment_code'; readonly code: string };

/** @param meaning of a code that the catalogue does not know; @returns null: nothing of this kind */
export function specialOf(meaning: ScanMeaning): SpecialCode | null {
  switch (meaning.kind) {
    case 'coupon':
      return { kind: 'coupon', entry: { code: meaning.code } };
    case 'gs1_coupon': {
      const { number, serial, amountMinor, rateBp } = meaning;
      const value = {
        ...(amountMinor === undefined ? {} : { amountMinor }),
        ...(rateBp === undefined ? {} : { rateBp }),
      };
      return { kind: 'coupon', entry: { gs1: { number, serial, ...value } } };
    }
    case 'payment_code':
      return { kind: 'payment_code', code: meaning.code };
    default:
      return null;
  }
}

/** A coupon that goes by a code of no particular shape, exactly as its rule has it. */
export function plainCoupon(text: string, promotions: CompiledRules): CouponEntry | null {
  const code = text.trim();
  // Serials are in capitals: what is typed may not be.
  const found = [code, code.toUpperCase()].find((one) => isAwaited(promotions, one));
  return found === undefined ? null : { code: found };
}
