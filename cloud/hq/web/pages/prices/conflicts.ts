/**
 * Conflicts: rules that meet on the same goods at the same time, and what becomes of it by the kernel's own order.
 *
 * Pure.
 */
import type { Item } from '../../../../../src/core/item.ts';
import type { Rule, RuleSet } from '../../../../../src/core/promotion.ts';
import { compileFilter, matches } from '../../../../../src/core/promotion-index.ts';

export interface Conflict {
  readonly a: Rule;
  readonly b: Rule;
  readonly items: number;
  readonly what: 'exclusive' | 'higher' | 'best' | 'stack';
  /** Of the two the one that stands, where one does. */
  readonly wins: Rule | null;
}

/** Pairs of automatic rules; one that waits for a code is a customer's own choice. */
export function conflictsOf(set: RuleSet, items: readonly Item[]): Conflict[] {
  const rules = set.rules.filter(({ coupon }) => coupon === undefined);
  const goods = new Map(rules.map((rule) => [rule.id, goodsOf(rule, items)]));
  return rules.flatMap((a, index) =>
    rules.slice(index + 1).flatMap((b): Conflict[] => {
      const shared = [...goods.get(a.id)!].filter((sku) => goods.get(b.id)!.has(sku)).length;
      if (shared === 0 || !meetInTime(a, b) || !meetInPlace(a, b)) return [];
      return [{ a, b, items: shared, ...outcomeOf(set, a, b) }];
    }),
  );
}

function goodsOf(rule: Rule, items: readonly Item[]): Set<string> {
  const filter = compileFilter(rule.items);
  return new Set(items.filter((item) => matches(filter, lineOf(item))).map(({ sku }) => sku));
}

function lineOf(item: Item): Parameters<typeof matches>[1] {
  return {
    lineNo: 1,
    sku: item.sku,
    gtin: null,
    name: item.name,
    qty: 1,
    weightG: null,
    unitPriceMinor: item.priceMinor ?? 0,
    priceSource: 'list',
    taxCode: item.taxCode,
    ...(item.brand === undefined ? {} : { brand: item.brand }),
    ...(item.category === undefined ? {} : { category: item.category }),
  };
}

function meetInTime({ validity: a = {} }: Rule, { validity: b = {} }: Rule): boolean {
  const from = [a.from ?? '', b.from ?? ''].sort().at(-1)!;
  const to = [a.to ?? '9999-12-31', b.to ?? '9999-12-31'].sort()[0]!;
  const share = (x: readonly number[] | undefined, y: readonly number[] | undefined) =>
    x === undefined || y === undefined || x.some((day) => y.includes(day));
  return from <= to && share(a.weekdays, b.weekdays) && share(a.monthDays, b.monthDays);
}

function meetInPlace({ audience: a }: Rule, { audience: b }: Rule): boolean {
  const share = (x: readonly string[] | undefined, y: readonly string[] | undefined) =>
    x === undefined || y === undefined || x.some((one) => y.includes(one));
  return share(a?.stores, b?.stores) && share(a?.tiers, b?.tiers);
}

function outcomeOf({ policy }: RuleSet, a: Rule, b: Rule): Pick<Conflict, 'what' | 'wins'> {
  const [first, second] = a.priority >= b.priority ? [a, b] : [b, a];
  const exclusive = [first, second].find(({ mode }) => mode === 'exclusive');
  if (exclusive !== undefined) return { what: 'exclusive', wins: exclusive };
  if (first.mode === 'best_price' || second.mode === 'best_price') return { what: 'best', wins: null };
  const samePriority = a.priority === b.priority;
  if (policy.across === 'compound_within')
    return samePriority ? { what: 'stack', wins: null } : { what: 'higher', wins: first };
  return samePriority ? { what: 'best', wins: null } : { what: 'stack', wins: null };
}
