/**
 * An adapter: the promotion scenarios of other systems, said in rules of ours.
 *
 * Every system of the set stacks promotions in the order of their priority, so each becomes a rule of its own priority under
 * `compete_within_compound_across`. A delivery fee is an article like any other that order rules leave out. A customer group
 * is a segment. Medusa applies promotions in the order given, so there each is a coupon, entered by hand or by the system.
 */
import { addLine, type Basket, openBasket } from '../../src/core/basket.ts';
import type { Item } from '../../src/core/item.ts';
import { parseMinor } from '../../src/core/money.ts';
import { type PricedBasket, priceBasket } from '../../src/core/pricing.ts';
import type { ItemFilter, Off, Reward, Rule, RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { AT_MS, aContext, anId, anItem } from './builders.ts';

// biome-ignore lint/suspicious/noExplicitAny: foreign data, read field by field
type Foreign = any;

export interface Scenario {
  readonly id: string;
  readonly schema: 'steps' | 'lines';
  readonly title: string;
  readonly source: string;
  readonly own_check: string;
  readonly engine_specific?: boolean;
  readonly [key: string]: Foreign;
}

const DELIVERY = 'DELIVERY';
const GOODS: ItemFilter = { all: true, exclude: { skus: [DELIVERY] } };

export function minor(text: string): number {
  const value = parseMinor(text, 2);
  if (value === null) throw new Error(`an amount, not ${text}`);
  return value;
}

function bp(percent: string): number {
  return minor(percent);
}

function ruleSetOf(rules: readonly Rule[], groups: RuleSet['groups'] = []): RuleSet {
  const set = {
    version: 'scenario',
    policy: { across: 'compete_within_compound_across' as const },
    groups,
    rules,
  };
  const parsed = parseRuleSet(
    JSON.parse(JSON.stringify(groups.length === 0 ? { ...set, groups: undefined } : set)),
  );
  if (!parsed.ok) throw new Error(`the adapter writes rules that are taken: ${JSON.stringify(parsed.error)}`);
  return parsed.value;
}

// ---- schema "steps" ----

/** Plays the cart and calls `check` with the prices at every `expect`. */
export function playSteps(
  scenario: Scenario,
  check: (priced: PricedBasket, expected: Foreign) => void,
): void {
  const rules = stepRules(scenario);
  const tax = taxOf(scenario);
  const carts: Map<string, number> = new Map();
  const codes = new Set<string>();
  for (const step of scenario.steps as Foreign[]) {
    if (step.op === 'add') carts.set(step.product, (carts.get(step.product) ?? 0) + step.quantity);
    else if (step.op === 'set_quantity') carts.set(step.product, step.quantity);
    else if (step.op === 'remove') carts.delete(step.product);
    else if (step.op === 'coupon') codes.add(step.code);
    else if (step.op === 'remove_coupon') codes.delete(step.code);
    else if (step.op === 'shipping') carts.set(`${DELIVERY}/${step.fee}`, 1);
    else if (step.op === 'expect') {
      const goods = [...carts].map(([sku, qty]) => ({ item: stepItem(scenario, sku), qty }));
      check(price(goods, rules, tax, { codes: [...codes], scenario }), step);
    }
  }
}

function stepItem({ products }: Scenario, key: string): Item {
  if (key.startsWith(DELIVERY)) {
    return anItem({ sku: DELIVERY, priceMinor: minor(key.split('/')[1]!), taxCode: 'none', gtins: [] });
  }
  const product = products[key];
  return anItem({
    sku: key,
    name: key,
    gtins: [],
    priceMinor: minor(product.price),
    taxCode: taxCodeOf(product),
    ...(product.categories === undefined ? {} : { category: product.categories[0] }),
    ...(product.min_price === undefined ? {} : { minPriceMinor: minor(product.min_price) }),
  });
}

function taxCodeOf(product: Foreign): string {
  const [tax] = product.taxes ?? [];
  return tax === undefined ? 'none' : `t${tax.rate}`;
}

function taxOf({ products }: Scenario): TaxPolicy {
  const taxes = Object.values(products as Record<string, Foreign>).flatMap((product) => product.taxes ?? []);
  const rates = new Map(taxes.map((tax: Foreign) => [`t${tax.rate}`, bp(tax.rate)]));
  return {
    mode: taxes.some((tax: Foreign) => tax.included === false) ? 'exclusive' : 'inclusive',
    rounding: 'line',
    rates: [{ code: 'none', rateBp: 0 }, ...[...rates].map(([code, rateBp]) => ({ code, rateBp }))],
  };
}

function stepRules(scenario: Scenario): RuleSet {
  const promotions = [...scenario.promotions].map((promotion: Foreign, at: number) => ({ promotion, at }));
  promotions.sort((a, b) => (b.promotion.priority ?? 0) - (a.promotion.priority ?? 0) || a.at - b.at);
  let priority = 900;
  const onlyOne = scenario.rule === 'a second whole-order percentage is refused';
  const groups: NonNullable<RuleSet['groups']>[number][] = onlyOne ? [{ id: 'whole', onlyOne: true }] : [];
  const rules: Rule[] = [];
  for (const { promotion } of promotions) {
    const many = promotion.rewards.length > 1;
    if (many) groups.push({ id: promotion.id, percents: 'add' });
    for (const [i, reward] of promotion.rewards.entries()) {
      rules.push({
        id: many ? `${promotion.id}.${i}` : promotion.id,
        name: promotion.id,
        priority: priority--,
        mode: promotion.exclusive === true ? 'exclusive' : 'compound',
        ...(many ? { group: promotion.id } : onlyOne ? { group: 'whole' } : {}),
        ...commonOf(promotion),
        ...rewardOf(reward, promotion.on_discounted_products === false),
      });
    }
  }
  for (const reduction of scenario.price_reductions ?? []) {
    const skus: string[] = reduction.filter.products;
    const prices = skus.map((sku) => {
      const listMinor = minor(scenario.products[sku].price);
      return [sku, listMinor - (listMinor * bp(reduction.percent)) / 10_000];
    });
    rules.push({
      id: reduction.id,
      name: reduction.id,
      priority: 999,
      mode: 'compound',
      items: { skus },
      reward: { kind: 'unit_price', prices: Object.fromEntries(prices) },
    });
  }
  return ruleSetOf(rules, groups);
}

function commonOf(promotion: Foreign): Partial<Rule> {
  const conditions: Foreign[] = promotion.conditions ?? [];
  const groups = conditions.flatMap(({ type, group, n }: Foreign) =>
    type === 'customer_group' ? [group] : type === 'nth_order' ? [`order-${n}`] : [],
  );
  const rest = conditions
    .filter(({ type }) => type !== 'customer_group' && type !== 'nth_order')
    .map(conditionOf);
  const { window } = promotion;
  return {
    ...(groups.length === 0 ? {} : { audience: { segments: groups } }),
    ...(rest.length === 0 ? {} : { conditions: rest }),
    ...(promotion.coupon === undefined ? {} : { coupon: { codes: [promotion.coupon] } }),
    ...(window === undefined
      ? {}
      : {
          validity: {
            ...(window.starts_days === undefined ? {} : { from: dayFromToday(window.starts_days) }),
            ...(window.ends_days === undefined ? {} : { to: dayFromToday(window.ends_days) }),
          },
        }),
  };
}

function dayFromToday(days: number): string {
  return `2026-11-${21 + days}`;
}

function conditionOf(condition: Foreign): NonNullable<Rule['conditions']>[number] {
  switch (condition.type) {
    case 'cart_quantity_at_least':
      return { kind: 'quantity', items: GOODS, from: condition.quantity };
    case 'cart_has_product':
      return { kind: 'quantity', items: { skus: [condition.product] }, from: 1 };
    case 'cart_has_category_any':
      return { kind: 'quantity', items: { categories: condition.categories }, from: 1 };
    case 'items_total_at_least':
      return { kind: 'amount', items: GOODS, fromMinor: minor(condition.amount) };
    case 'category_total_at_least':
      return {
        kind: 'amount',
        items: { categories: [condition.category] },
        fromMinor: minor(condition.amount),
      };
    default:
      throw new Error(`no such condition here: ${condition.type}`);
  }
}

function rewardOf(reward: Foreign, regularOnly: boolean): Pick<Rule, 'items' | 'reward'> {
  const cut = regularOnly ? { regularOnly } : {};
  const off: Off =
    reward.amount === undefined ? { rateBp: bp(reward.percent) } : { amountMinor: minor(reward.amount) };
  if (reward.type === 'order_discount') {
    const steps = [{ from: 0, off }];
    return { items: { ...GOODS, ...cut }, reward: { kind: 'threshold', by: 'amount', steps } };
  }
  const one: Reward = 'rateBp' in off ? { kind: 'percent_off', ...off } : { kind: 'amount_off', ...off };
  if (reward.type === 'shipping_discount') return { items: { skus: [DELIVERY] }, reward: one };
  if (reward.type !== 'unit_discount') throw new Error(`no such reward here: ${reward.type}`);
  const { products, categories, price_from, price_to } = reward.filter;
  return {
    items: {
      ...(products === undefined && categories === undefined ? GOODS : {}),
      ...(products === undefined ? {} : { skus: products }),
      ...(categories === undefined ? {} : { categories }),
      ...(price_from === undefined ? {} : { priceFromMinor: minor(price_from) }),
      ...(price_to === undefined ? {} : { priceToMinor: minor(price_to) }),
      ...cut,
    },
    reward: one,
  };
}

// ---- schema "lines" ----

/** Prices the lines once; discounts by promotion and product. */
export function priceLinesOf(scenario: Scenario): PricedBasket {
  const goods = (scenario.lines as Foreign[]).map((line) => ({
    qty: line.quantity,
    item: anItem({
      sku: line.product,
      gtins: [],
      priceMinor: minor(line.line_total) / line.quantity,
      taxCode: 'none',
      ...(line.category === undefined ? {} : { category: line.category }),
    }),
  }));
  const fees = ((scenario.shipping ?? []) as Foreign[]).map(({ shipping, amount, option }) => ({
    qty: 1,
    item: anItem({ sku: shipping, gtins: [], priceMinor: minor(amount), taxCode: 'none', category: option }),
  }));
  const rules = (scenario.promotions as Foreign[]).map((promotion, at) => lineRule(scenario, promotion, at));
  const codes = (scenario.promotions as Foreign[])
    .filter(({ code, automatic }) => automatic === true || scenario.entered_codes.includes(code))
    .map(({ code }) => code);
  const tax: TaxPolicy = { mode: 'inclusive', rounding: 'line', rates: [{ code: 'none', rateBp: 0 }] };
  return price([...goods, ...fees], ruleSetOf(rules), tax, { codes, scenario });
}

function lineRule(scenario: Scenario, promotion: Foreign, at: number): Rule {
  const segments = (promotion.conditions ?? [])
    .filter(({ field }: Foreign) => field === 'customer_group')
    .flatMap(({ values }: Foreign) => values);
  const items: ItemFilter =
    promotion.target_filter === undefined ? { all: true } : filterOf(promotion.target_filter);
  const perLine = promotion.max_quantity === undefined ? {} : { unitsPerLine: promotion.max_quantity };
  const { value } = promotion;
  const common = {
    id: promotion.code,
    name: promotion.code,
    priority: 900 - at,
    mode: 'compound' as const,
    coupon: { codes: [promotion.code] },
    ...(segments.length === 0 ? {} : { audience: { segments } }),
  };
  if (promotion.kind === 'buy_get') {
    const buys = filterOf(promotion.buy_filter);
    const same = JSON.stringify(buys) === JSON.stringify(items);
    return {
      ...common,
      items: buys,
      limits: { perSale: 1 },
      reward: {
        kind: 'buy_get',
        buyQty: promotion.buy_quantity,
        getQty: promotion.get_quantity,
        rateBp: 10_000,
        ...(same ? {} : { getItems: items, pick: 'dearest' as const }),
      },
    };
  }
  const off: Off =
    value.amount === undefined ? { rateBp: bp(value.percent) } : { amountMinor: minor(value.amount) };
  if (promotion.target === 'order' || promotion.allocation === 'spread_over_lines') {
    return { ...common, items, reward: { kind: 'order_off', off } };
  }
  if (promotion.allocation !== 'each_line') throw new Error(`${scenario.id}: ${promotion.allocation}?`);
  return {
    ...common,
    items,
    limits: perLine,
    reward: 'rateBp' in off ? { kind: 'percent_off', ...off } : { kind: 'amount_off', ...off },
  };
}

function filterOf(filters: Foreign[]): ItemFilter {
  const found: { skus?: string[]; categories?: string[] } = {};
  for (const { field, values } of filters) {
    if (field === 'product') found.skus = values;
    else if (field === 'category' || field === 'shipping_option') found.categories = values;
    else throw new Error(`no such filter here: ${field}`);
  }
  return found;
}

// ---- both ----

function price(
  goods: readonly { readonly item: Item; readonly qty: number }[],
  set: RuleSet,
  tax: TaxPolicy,
  { codes, scenario }: { readonly codes: readonly string[]; readonly scenario: Scenario },
): PricedBasket {
  let basket: Basket = openBasket(anId(1), AT_MS);
  for (const { item, qty } of goods) {
    const added = addLine(basket, { item, name: item.name, gtin: null, qty }, { merge: false });
    if (!added.ok) throw new Error(added.error.kind);
    basket = added.value.basket;
  }
  const group = scenario.customer?.group ?? scenario.customer_group;
  const usesLeft: Record<string, number> = {};
  for (const promotion of scenario.promotions as Foreign[]) {
    const limit = promotion.usage_limit ?? promotion.coupon_usage_limit;
    if (limit !== undefined) usesLeft[promotion.id] = limit - (promotion.used ?? promotion.coupon_used ?? 0);
  }
  const context = aContext({
    member: group === undefined ? null : { tier: null, segments: [group] },
    coupons: codes.map((code) => ({ code })),
    usesLeft: { rules: usesLeft },
  });
  return priceBasket(basket, { version: set.version, tax, promotions: compileRules(set) }, context);
}
