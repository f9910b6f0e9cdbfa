/**
 * Stored value and gift cards: the limits that law and merchant set, as values of a policy.
 *
 * Pure. Principal is what was paid; bonus is what the shop gives on top, lots of its own that nobody earns points on and that
 * are never paid out. Amounts are minor units of the policy's currency.
 */
import { addDays, addMonths } from './ledger.ts';
import { err, ok, type Result } from './result.ts';

export interface StoredValuePolicy {
  readonly version: string;
  readonly currency: string;
  /** A member's own value, and gift cards in a name. */
  readonly named: CardTerms;
  /** Gift cards of whoever holds them. */
  readonly unnamed: CardTerms;
  readonly topUp: { readonly minMinor: number; readonly maxMinor: number };
  /** The highest step that a top-up reaches gives its bonus, once. */
  readonly bonus: readonly { readonly fromMinor: number; readonly bonusMinor: number }[];
  /** null: a bonus lasts as long as the value. */
  readonly bonusDays: number | null;
  /** Who buys cards for this much in one go is registered. */
  readonly registerFromMinor: number;
  readonly registerYears: number;
}

export interface CardTerms {
  /** Principal on one account or card. */
  readonly balanceMaxMinor: number;
  /** null: for ever. */
  readonly validYears: number | null;
}

/**
 * Single-purpose prepaid cards in mainland China: named up to 5000 yuan and without an end, unnamed up to 1000 and good for
 * three years at least; buyers of 10000 and more are registered, for five years. Source: DOMAIN 2.9, from secondary sources.
 */
export const CHINA_2012: StoredValuePolicy = {
  version: 'cn-2012',
  currency: 'CNY',
  named: { balanceMaxMinor: 500_000, validYears: null },
  unnamed: { balanceMaxMinor: 100_000, validYears: 3 },
  topUp: { minMinor: 1, maxMinor: 500_000 },
  bonus: [],
  bonusDays: null,
  registerFromMinor: 1_000_000,
  registerYears: 5,
};

export type ValueRefusal =
  | { readonly kind: 'amount'; readonly minMinor: number; readonly maxMinor: number }
  | { readonly kind: 'balance_limit'; readonly balanceMaxMinor: number; readonly principalMinor: number }
  | { readonly kind: 'other_currency'; readonly currency: string };

export interface TopUp {
  readonly amountMinor: number;
  readonly expiresOn: string | null;
  readonly bonusMinor: number;
  readonly bonusExpiresOn: string | null;
}

/** What a top-up brings, or why it may not be. @param facts `principalMinor`: what stands there before, without bonus */
export function topUpOf(
  policy: StoredValuePolicy,
  facts: {
    readonly amountMinor: number;
    readonly currency: string;
    readonly principalMinor: number;
    readonly isNamed: boolean;
    readonly on: string;
  },
): Result<TopUp, ValueRefusal> {
  const { amountMinor, currency, principalMinor, isNamed, on } = facts;
  const { minMinor, maxMinor } = policy.topUp;
  if (currency !== policy.currency) return err({ kind: 'other_currency', currency: policy.currency });
  if (!Number.isSafeInteger(amountMinor) || amountMinor < Math.max(1, minMinor) || amountMinor > maxMinor) {
    return err({ kind: 'amount', minMinor: Math.max(1, minMinor), maxMinor });
  }
  const { balanceMaxMinor, validYears } = isNamed ? policy.named : policy.unnamed;
  if (principalMinor + amountMinor > balanceMaxMinor) {
    return err({ kind: 'balance_limit', balanceMaxMinor, principalMinor });
  }
  const step = policy.bonus
    .filter(({ fromMinor }) => amountMinor >= fromMinor)
    .toSorted((a, b) => b.fromMinor - a.fromMinor)[0];
  const expiresOn = validYears === null ? null : addMonths(on, 12 * validYears);
  return ok({
    amountMinor,
    expiresOn,
    bonusMinor: step?.bonusMinor ?? 0,
    bonusExpiresOn: policy.bonusDays === null ? expiresOn : addDays(on, policy.bonusDays),
  });
}
