/**
 * Leases: rights to spend that the cloud has handed to this till, for what must never be overspent.
 *
 * Pure. A till spends only what it holds: points, stored value, gift cards and limited uses of coupons and rules. What is
 * held less what the journal says was spent is usable here, now, with the line down. Grants come with the sync.
 */

/** What a right is about: `points:MEMBER`, `stored_value:MEMBER`, `stored_bonus:MEMBER`, `gift_card:CARD`, `rule:RULE`, `rule:RULE:MEMBER`, `coupon:CODE`. */
export type RightKey = string;

export const rightKey = {
  points: (memberId: string): RightKey => `points:${memberId}`,
  storedValue: (memberId: string): RightKey => `stored_value:${memberId}`,
  /** What the shop gave on top when value was bought: spent after the rest. */
  storedBonus: (memberId: string): RightKey => `stored_bonus:${memberId}`,
  giftCard: (giftCardId: string): RightKey => `gift_card:${giftCardId}`,
  rule: (ruleId: string, memberId: string | null): RightKey =>
    memberId === null ? `rule:${ruleId}` : `rule:${ruleId}:${memberId}`,
  coupon: (code: string): RightKey => `coupon:${code}`,
};

/** The port: how much of a right this till may still spend; zero where it holds nothing. */
export interface Rights {
  usable(key: RightKey): number;
}

export const NO_RIGHTS: Rights = { usable: () => 0 };
