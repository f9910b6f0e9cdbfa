/**
 * Promotions: the signed amounts that rules put on lines, each with the rule that made it.
 *
 * Pure. So far one rule kind: a member's tier discount. The rule set has a version, and every sale names it.
 */
import type { BasketLine } from './basket.ts';
import { grossMinor } from './basket.ts';
import type { Tier } from './loyalty.ts';
import { partBp, type Ratio } from './money.ts';

/** Why a line costs less: the rule, the amount, and the words' key and numbers for screen and receipt. */
export interface Adjustment {
  readonly ruleId: string;
  readonly reason: {
    readonly kind: 'tier';
    readonly tierId: string;
    readonly tierName: string;
    readonly rateBp: number;
  };
  /** Negative: money off. */
  readonly amountMinor: number;
}

/** The tier's percentage off one line; null where nothing comes off. Goods coming back never get one. */
export function tierAdjustment(line: BasketLine, tier: Tier | null, tierName: string): Adjustment | null {
  if (tier === null || tier.discountBp === 0 || line.qty < 0) return null;
  if (line.flags?.noDiscount === true || line.priceSource === 'manual') return null;
  const amountMinor = -partBp(grossMinor(line), tier.discountBp);
  if (amountMinor === 0) return null;
  return {
    ruleId: `tier:${tier.id}`,
    reason: { kind: 'tier', tierId: tier.id, tierName, rateBp: tier.discountBp },
    amountMinor,
  };
}

/** The line's net before rounding, where a percentage made it finer than a minor unit. */
export function exactNetAfterTier(line: BasketLine, adjustment: Adjustment | null): Ratio {
  const rateBp = adjustment?.reason.rateBp ?? 0;
  return { n: BigInt(grossMinor(line)) * BigInt(10_000 - rateBp), d: 10_000n };
}
