/**
 * The chain that is simulated: two stores, three tills, a few goods and members of the demo world, its rules and programme.
 */
import type { Item } from '../../src/core/item.ts';
import type { Member } from '../../src/core/loyalty.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { demoProgramme, demoRules, demoWorld } from '../../src/tools/demo-world.ts';

const SKUS = ['T1001', 'F2001', 'F2008', 'D3001', 'B4002', 'S6001', 'S6002', 'S6004', 'V7001', 'G8001'];
const demo = demoWorld();

export const WORLD = {
  stores: demo.stores,
  tiers: demo.tiers,
  items: demo.items.filter(({ sku }) => SKUS.includes(sku)),
  members: demo.members.slice(0, 6),
  programme: demoProgramme(),
  rules: demoRules(),
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

/** The rules again, with other prices: what HQ publishes in the middle of the day. */
export function rulesOf(no: number): RuleSet {
  const rules = WORLD.rules.rules.map((rule) =>
    rule.id === 'tea-3-for-12'
      ? { ...rule, reward: { kind: 'n_for_price' as const, qty: 3, priceMinor: 1_200 - no * 50 } }
      : rule,
  );
  return { ...WORLD.rules, version: `sim-${no}`, rules };
}

export function dearer(item: Item, byMinor: number): Item {
  return item.priceMinor === null ? item : { ...item, priceMinor: item.priceMinor + byMinor };
}

export function newMember(no: number): Member {
  const [like] = demo.members.slice(10 + (no % 100));
  return like!;
}
