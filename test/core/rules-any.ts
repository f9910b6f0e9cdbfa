/** Arbitrary rule sets, baskets and customers: small worlds in which offers meet often. */
import fc from 'fast-check';
import type { Addition, Basket } from '../../src/core/basket.ts';
import { type PricedBasket, priceBasket } from '../../src/core/pricing.ts';
import type { ItemFilter, Mode, Reward, Rule, RuleSet } from '../../src/core/promotion.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import type { PriceContext } from '../../src/core/promotion-run.ts';
import { senseProblems } from '../../src/core/promotion-sense.ts';
import { aBasket, aContext, anItem, aStore, aTier } from './builders.ts';

const SKUS = ['A', 'B', 'C', 'D', 'E'] as const;
const CATEGORY: Readonly<Record<string, string>> = {
  A: 'food',
  B: 'food',
  C: 'drink',
  D: 'drink',
  E: 'care',
};

export const anyAddition: fc.Arbitrary<Partial<Addition>> = fc
  .record({
    sku: fc.constantFrom(...SKUS),
    qty: fc.integer({ min: 1, max: 7 }),
    priceMinor: fc.constantFrom(1, 99, 100, 333, 1_000, 2_550),
    kg: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    back: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    manual: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    noDiscount: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    floored: fc.integer({ min: 0, max: 4 }).map((n) => n === 0),
  })
  .map(({ sku, qty, priceMinor, kg, back, manual, noDiscount, floored }) => ({
    item: anItem({
      sku: `${sku}${priceMinor}${kg ? 'kg' : ''}${floored ? 'f' : ''}${noDiscount ? 'n' : ''}`,
      gtins: [],
      brand: sku,
      category: CATEGORY[sku]!,
      unit: kg ? 'kg' : 'each',
      priceMinor,
      flags: { noDiscount },
      ...(floored ? { minPriceMinor: Math.ceil(priceMinor * 0.7) } : {}),
    }),
    qty: (kg ? 1 : qty) * (back ? -1 : 1),
    ...(kg ? { weightG: qty * 317 } : {}),
    ...(manual ? { priceSource: 'manual' as const } : {}),
  }));

export const anyBasket: fc.Arbitrary<Basket> = fc
  .array(anyAddition, { maxLength: 8 })
  .map((additions) => aBasket(additions));

const anyFilter: fc.Arbitrary<ItemFilter> = fc.oneof(
  fc.constant({ all: true }),
  fc.subarray([...SKUS], { minLength: 1 }).map((brands) => ({ brands })),
  fc.subarray(['food', 'drink', 'care'], { minLength: 1 }).map((categories) => ({ categories })),
  fc.constant({ all: true, regularOnly: true }),
  fc.constant({ all: true, exclude: { brands: ['A'] } }),
  fc.constant({ all: true, priceFromMinor: 100, priceToMinor: 1_000 }),
);

const anyRate = fc.constantFrom(100, 333, 500, 1_000, 5_000, 10_000);
const anyMoney = fc.constantFrom(1, 7, 50, 100, 333, 1_000, 5_000);
const small = fc.integer({ min: 1, max: 4 });
const anyOff = fc.oneof(
  anyMoney.map((amountMinor) => ({ amountMinor })),
  anyRate.map((rateBp) => ({ rateBp })),
);

export const anyLineReward: fc.Arbitrary<Reward> = fc.oneof(
  anyMoney.map((priceMinor): Reward => ({ kind: 'unit_price', priceMinor })),
  anyMoney.map((amountMinor): Reward => ({ kind: 'amount_off', amountMinor })),
  anyRate.map((rateBp): Reward => ({ kind: 'percent_off', rateBp })),
);

const apartParts = fc
  .tuple(fc.subarray([...SKUS], { minLength: 1, maxLength: 3 }), small)
  .map(([brands, qty]) => brands.map((brand) => ({ items: { brands: [brand] }, qty })));

const anySetReward = (tame: boolean): fc.Arbitrary<Reward> =>
  fc.oneof(
    fc.record({ kind: fc.constant('n_for_price' as const), qty: small, priceMinor: anyMoney }),
    fc.record({ kind: fc.constant('buy_get' as const), buyQty: small, getQty: small, rateBp: anyRate }),
    fc.record({
      kind: fc.constant('buy_get' as const),
      buyQty: small,
      getQty: small,
      rateBp: anyRate,
      getItems: anyFilter,
      pick: fc.constantFrom(...(tame ? (['dearest'] as const) : (['dearest', 'cheapest'] as const))),
    }),
    fc.record({
      kind: fc.constant('bundle' as const),
      parts: tame
        ? apartParts
        : fc.array(fc.record({ items: anyFilter, qty: small }), { minLength: 1, maxLength: 3 }),
      off: fc.oneof(
        anyOff,
        anyMoney.map((priceMinor) => ({ priceMinor })),
      ),
    }),
  );

const anyThreshold = (gifts: boolean): fc.Arbitrary<Reward> =>
  fc
    .record({
      by: fc.constantFrom('amount' as const, 'quantity' as const),
      off: anyOff,
      from: fc.constantFrom(1, 3, 500, 2_000),
      every: fc.boolean(),
      gift: gifts ? fc.boolean() : fc.constant(false),
    })
    .map(({ by, off, from, every, gift }) => ({
      kind: 'threshold',
      by,
      steps: [{ from, off: gift ? { gift: { sku: 'A100', qty: 1 } } : off, ...(every ? { every } : {}) }],
    }));

/** @param tame no choice of the cheapest, no bundle whose parts share goods, no gift */
export const anyRewardThat = (tame: boolean): fc.Arbitrary<Reward> =>
  fc.oneof(
    anyLineReward,
    anySetReward(tame),
    anyThreshold(!tame),
    anyOff.map((off): Reward => ({ kind: 'order_off', off })),
  );

export const anyReward = anyRewardThat(false);

export interface RuleLimits {
  readonly modes?: readonly Mode[];
  readonly priorities?: readonly number[];
  readonly reward?: fc.Arbitrary<Reward>;
  readonly plain?: boolean;
  readonly rulesMax?: number;
}

export function anyRuleSet(within: RuleLimits = {}): fc.Arbitrary<RuleSet> {
  const { modes = ['exclusive', 'best_price', 'compound'], priorities = [0, 5, 9], plain = false } = within;
  const rule = fc.record({
    mode: fc.constantFrom(...modes),
    priority: fc.constantFrom(...priorities),
    items: anyFilter,
    reward: within.reward ?? anyReward,
    conditions: fc.option(
      fc.constantFrom(
        { kind: 'amount' as const, fromMinor: 1_000 },
        { kind: 'quantity' as const, items: { brands: ['B'] }, from: 2 },
      ),
    ),
    limits: fc.option(fc.constantFrom({ perSale: 2 }, { unitsPerLine: 1 }, { maxDiscountMinor: 150 })),
    coupon: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    members: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
    group: fc.option(fc.constantFrom('add', 'one')),
  });
  return fc
    .record({
      across: fc.constantFrom('compound_within' as const, 'compete_within_compound_across' as const),
      tierOnPromoPrice: fc.boolean(),
      rules: fc.array(rule, { maxLength: within.rulesMax ?? 7 }),
    })
    .map(({ across, tierOnPromoPrice, rules }) => ({
      version: 'any',
      policy: { across, tierOnPromoPrice },
      groups: [
        { id: 'add', percents: 'add' as const },
        { id: 'one', onlyOne: true },
      ],
      rules: rules.map(({ conditions, limits, coupon, members, group, ...rest }, i): Rule => {
        const isPrice = rest.reward.kind === 'unit_price';
        return {
          ...rest,
          id: `r${i}`,
          name: `r${i}`,
          mode: isPrice && rest.mode === 'best_price' ? 'compound' : rest.mode,
          ...(conditions === null || plain ? {} : { conditions: [conditions] }),
          ...(limits === null || plain ? {} : { limits }),
          ...(coupon && !isPrice && !plain ? { coupon: { codes: [`code${i}`] } } : {}),
          ...(members && !plain ? { audience: { membersOnly: true } } : {}),
          ...(group === null || plain ? {} : { group }),
        };
      }),
    }))
    .filter((set) => senseProblems(set).length === 0);
}

export const anyContext: fc.Arbitrary<PriceContext> = fc
  .record({
    tier: fc.option(fc.constantFrom(0, 500, 3_333)),
    codes: fc.subarray(['code0', 'code1', 'code2', 'code3', 'nonsense']),
    used: fc.option(fc.constantFrom(0, 1, 3)),
    manual: fc.option(
      fc.record({
        lineNo: fc.constantFrom(null, 1, 2),
        off: anyOff,
        limitBp: fc.constantFrom(0, 1_000, 10_000),
        approvalId: fc.constantFrom(null, 'M1'),
      }),
    ),
  })
  .map(({ tier, codes, used, manual }) =>
    aContext({
      member: tier === null ? null : { tier: aTier({ discountBp: tier }) },
      coupons: codes.map((code) => ({ code })),
      usesLeft: used === null ? {} : { rules: { r0: used } },
      manual: manual === null ? [] : [manual],
    }),
  );

export function priceWith(
  set: RuleSet,
  basket: Basket,
  context: PriceContext = aContext(),
  tax = aStore().tax,
): PricedBasket {
  return priceBasket(basket, { version: set.version, tax, promotions: compileRules(set) }, context);
}
