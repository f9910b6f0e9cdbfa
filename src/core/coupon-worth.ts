/**
 * What one code of a coupon takes off at most, as far as its own terms say it.
 *
 * Pure. Minor units of the currency it is used in. The kernel prices each receipt; this is only the bound that needs none, for
 * "so many codes are out, what may they cost".
 */
import type { Rule } from './promotion.ts';

/**
 * @returns null: its terms have no end, as ten per cent have none
 * @example couponWorthMax({ reward: { kind: 'order_off', off: { amountMinor: 2000 } } }) // 2000
 * @example couponWorthMax({ reward: { kind: 'order_off', off: { rateBp: 1000 } }, limits: { maxDiscountMinor: 5000 } }) // 5000
 */
export function couponWorthMax({ reward, limits }: Pick<Rule, 'reward' | 'limits'>): number | null {
  const byReward = worthOf(reward);
  const byLimit = limits?.maxDiscountMinor ?? null;
  if (byReward === null || byLimit === null) return byReward ?? byLimit;
  return Math.min(byReward, byLimit);
}

function worthOf(reward: Rule['reward']): number | null {
  if (reward.kind === 'order_off' && 'amountMinor' in reward.off) return reward.off.amountMinor;
  if (reward.kind !== 'threshold') return null;
  let most = 0;
  for (const { off, every } of reward.steps) {
    if (every === true || !('amountMinor' in off)) return null;
    most = Math.max(most, off.amountMinor);
  }
  return most;
}
