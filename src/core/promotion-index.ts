/**
 * Rule sets made fast: which rules can touch an article, found by SKU, category and brand instead of by asking every rule.
 *
 * Pure. Compiled once a rule set and kept by the caller; the cost of a basket hangs on the rules that fit its goods.
 */
import type { BasketLine } from './basket.ts';
import {
  byPriority,
  type ItemFilter,
  NO_RULES,
  type Rule,
  type RuleGroup,
  type RuleSet,
} from './promotion.ts';

export interface CompiledRules {
  readonly set: RuleSet;
  /** By priority, then id: a rule's place here is its number everywhere else. */
  readonly rules: readonly Rule[];
  /** The filters of each rule: its goods first, then what a bundle or buy-get adds. */
  readonly slots: readonly (readonly Filter[])[];
  /** The filter of each condition of each rule; null: all goods. */
  readonly conditions: readonly (readonly (Filter | null)[])[];
  readonly groups: ReadonlyMap<string, RuleGroup>;
  readonly byCode: ReadonlyMap<string, number>;
  readonly bySeries: ReadonlyMap<string, number>;
  readonly byGs1: ReadonlyMap<string, number>;
  readonly bySku: Index;
  readonly byCategory: Index;
  readonly byBrand: Index;
  readonly forAll: readonly Hit[];
}

type Index = ReadonlyMap<string, readonly Hit[]>;

interface Hit {
  readonly rule: number;
  readonly slot: number;
  /** What may still cut the article off; null where naming it is enough. */
  readonly cut: Filter | null;
}

/** An item filter with its lists as sets. */
export interface Filter {
  readonly source: ItemFilter;
  readonly skus: ReadonlySet<string>;
  readonly categories: ReadonlySet<string>;
  readonly brands: ReadonlySet<string>;
  readonly not: {
    readonly skus: ReadonlySet<string>;
    readonly categories: ReadonlySet<string>;
    readonly brands: ReadonlySet<string>;
  } | null;
}

export function compileRules(set: RuleSet): CompiledRules {
  const rules = set.rules.toSorted(byPriority);
  const bySku = new Map<string, Hit[]>();
  const byCategory = new Map<string, Hit[]>();
  const byBrand = new Map<string, Hit[]>();
  const forAll: Hit[] = [];
  const byCode = new Map<string, number>();
  const bySeries = new Map<string, number>();
  const byGs1 = new Map<string, number>();
  const slots = rules.map((rule) => filtersOf(rule).map(compileFilter));
  for (const [number, rule] of rules.entries()) {
    for (const code of rule.coupon?.codes ?? []) byCode.set(code, number);
    for (const series of rule.coupon?.series ?? []) bySeries.set(series, number);
    for (const code of rule.coupon?.gs1 ?? []) byGs1.set(code, number);
    for (const [slot, filter] of slots[number]!.entries()) {
      const { source } = filter;
      const hit = { rule: number, slot, cut: mayCut(filter) ? filter : null };
      if (source.all === true) forAll.push(hit);
      for (const sku of source.skus ?? []) put(bySku, sku, hit);
      for (const category of source.categories ?? []) put(byCategory, category, hit);
      for (const brand of source.brands ?? []) put(byBrand, brand, hit);
    }
  }
  const conditions = rules.map((rule) =>
    (rule.conditions ?? []).map(({ items }) => (items === undefined ? null : compileFilter(items))),
  );
  const groups = new Map((set.groups ?? []).map((group) => [group.id, group]));
  return {
    set,
    rules,
    slots,
    conditions,
    groups,
    byCode,
    bySeries,
    byGs1,
    bySku,
    byCategory,
    byBrand,
    forAll,
  };
}

export const NO_PROMOTIONS: CompiledRules = compileRules(NO_RULES);

function filtersOf({ items, reward }: Rule): ItemFilter[] {
  if (reward.kind === 'bundle') return reward.parts.map((part) => part.items);
  if (reward.kind === 'buy_get' && reward.getItems !== undefined) return [items, reward.getItems];
  return [items];
}

export function compileFilter(source: ItemFilter): Filter {
  const { exclude } = source;
  const not =
    exclude === undefined
      ? null
      : {
          skus: new Set(exclude.skus),
          categories: new Set(exclude.categories),
          brands: new Set(exclude.brands),
        };
  return {
    source,
    skus: new Set(source.skus),
    categories: new Set(source.categories),
    brands: new Set(source.brands),
    not,
  };
}

function put(index: Map<string, Hit[]>, key: string, hit: Hit): void {
  const hits = index.get(key);
  if (hits === undefined) index.set(key, [hit]);
  else hits.push(hit);
}

/** Calls `found` with each rule and slot whose lists name the line's article; exclusions and prices are looked at too. */
export function eachMatch(
  compiled: CompiledRules,
  line: BasketLine,
  found: (rule: number, slot: number) => void,
): void {
  look(compiled.forAll, line, found);
  look(compiled.bySku.get(line.sku), line, found);
  if (line.category !== undefined) look(compiled.byCategory.get(line.category), line, found);
  if (line.brand !== undefined) look(compiled.byBrand.get(line.brand), line, found);
}

function look(
  hits: readonly Hit[] | undefined,
  line: BasketLine,
  found: (rule: number, slot: number) => void,
): void {
  if (hits === undefined) return;
  for (let i = 0; i < hits.length; i++) {
    const { rule, slot, cut } = hits[i]!;
    if (cut === null || !isCut(cut, line)) found(rule, slot);
  }
}

export function matches(filter: Filter, line: BasketLine): boolean {
  const named =
    filter.source.all === true ||
    filter.skus.has(line.sku) ||
    (line.category !== undefined && filter.categories.has(line.category)) ||
    (line.brand !== undefined && filter.brands.has(line.brand));
  return named && !isCut(filter, line);
}

function mayCut({ source, not }: Filter): boolean {
  return source.priceFromMinor !== undefined || source.priceToMinor !== undefined || not !== null;
}

function isCut({ source, not }: Filter, line: BasketLine): boolean {
  if (source.priceFromMinor !== undefined && line.unitPriceMinor < source.priceFromMinor) return true;
  if (source.priceToMinor !== undefined && line.unitPriceMinor > source.priceToMinor) return true;
  if (not === null) return false;
  return (
    not.skus.has(line.sku) ||
    (line.category !== undefined && not.categories.has(line.category)) ||
    (line.brand !== undefined && not.brands.has(line.brand))
  );
}
