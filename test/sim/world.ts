/**
 * The chain that is simulated: two stores, three tills, a few goods and members of the demo world, its rules and programme.
 */

import type { CouponTemplate } from '../../cloud/loyalty/coupon-rules.ts';
import { couponCode } from '../../src/core/coupon-code.ts';
import type { Item } from '../../src/core/item.ts';
import type { Member } from '../../src/core/loyalty.ts';
import type { Rule, RuleSet } from '../../src/core/promotion.ts';
import { demoProgramme, demoRules, demoWorld } from '../../src/tools/demo-world.ts';

const SKUS = ['T1001', 'F2001', 'F2008', 'D3001', 'B4002', 'S6001', 'S6002', 'S6004', 'V7001', 'G8001'];
const demo = demoWorld();

/** Offers that are counted: one a member, and so many in all. */
export const COUNTED: readonly Rule[] = [
  {
    id: 'one-each',
    name: '每人一次',
    priority: 30,
    mode: 'compound',
    items: { skus: ['F2001', 'F2008', 'B4002'] },
    audience: { membersOnly: true },
    limits: { perMember: 1 },
    reward: { kind: 'amount_off', amountMinor: 100 },
  },
  {
    id: 'ten-in-all',
    name: '限量',
    priority: 30,
    mode: 'compound',
    items: { skus: ['T1001', 'D3001', 'V7001'] },
    limits: { total: 10 },
    reward: { kind: 'amount_off', amountMinor: 100 },
  },
];

/** Codes that are good once in the whole chain. */
export const COUPON: CouponTemplate = {
  id: 'SIM',
  name: '三元券',
  offer: {
    priority: 5,
    mode: 'compound',
    items: { all: true },
    reward: { kind: 'order_off', off: { amountMinor: 300 } },
  },
  valid: { days: 800 },
  limits: {},
};
export const COUPONS = ['0001', '0002', '0003', '0004'].map((no) => couponCode(COUPON.id, `SXMSXM00${no}`));

export const WORLD = {
  stores: demo.stores,
  tiers: demo.tiers,
  items: demo.items.filter(({ sku }) => SKUS.includes(sku)),
  members: demo.members.slice(0, 6),
  programme: demoProgramme(),
  rules: counted(demoRules()),
};

export const TILLS = [
  { code: 'T1', storeId: 'S01' },
  { code: 'T2', storeId: 'S01' },
  { code: 'T3', storeId: 'S02' },
] as const;

/** Gift cards that customers carry, by their codes; each is worth `CARD_MINOR` at the start. */
export const CARDS = ['SIMCARD-ONE', 'SIMCARD-TWO'] as const;
export const CARD_MINOR = 12_000;
/** Stored value of the first members at the start. */
export const VALUE_MINOR = 15_000;
export const VALUED: readonly string[] = WORLD.members.slice(0, 3).map(({ id }) => id);

/** The rules again, with other prices: what HQ publishes in the middle of the day. */
export function rulesOf(no: number): RuleSet {
  const rules = WORLD.rules.rules.map((rule) =>
    rule.id === 'tea-3-for-12'
      ? { ...rule, reward: { kind: 'n_for_price' as const, qty: 3, priceMinor: 1_200 - no * 50 } }
      : rule,
  );
  return { ...WORLD.rules, version: `sim-${no}`, rules };
}

function counted(set: RuleSet): RuleSet {
  return { ...set, rules: [...set.rules, ...COUNTED] };
}

export function dearer(item: Item, byMinor: number): Item {
  return item.priceMinor === null ? item : { ...item, priceMinor: item.priceMinor + byMinor };
}

export function newMember(no: number): Member {
  const [like] = demo.members.slice(10 + (no % 100));
  return like!;
}
