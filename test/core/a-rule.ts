/** Builders of rules and goods for the promotion tests. */
import type { Basket } from '../../src/core/basket.ts';
import type { PricedBasket } from '../../src/core/pricing.ts';
import type { Reward, Rule, RuleSet } from '../../src/core/promotion.ts';
import { aBasket, anItem } from './builders.ts';

export function aRule(id: string, reward: Reward, over: Partial<Rule> = {}): Rule {
  return { id, name: id, priority: 0, mode: 'compound', items: { all: true }, reward, ...over };
}

export function percent(id: string, rate: number, over: Partial<Rule> = {}): Rule {
  return aRule(id, { kind: 'percent_off', rateBp: rate * 100 }, over);
}

export function aSet(rules: readonly Rule[], over: Partial<RuleSet> = {}): RuleSet {
  return { version: 'v', policy: { across: 'compound_within' }, rules, ...over };
}

/** One piece each of different goods at these prices. */
export function goods(...prices: readonly number[]): Basket {
  return aBasket(prices.map((priceMinor, i) => ({ item: anItem({ sku: `S${i}`, gtins: [], priceMinor }) })));
}

export function nets(priced: PricedBasket): number[] {
  return priced.lines.map((line) => line.netMinor);
}
