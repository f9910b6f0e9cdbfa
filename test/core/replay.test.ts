/** Replay: till = HQ = preview, to the cent and the reason; and what was changed is found. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Basket } from '../../src/core/basket.ts';
import { canonicalJson } from '../../src/core/entry.ts';
import { earnPoints, type Programme } from '../../src/core/points.ts';
import { priceFile } from '../../src/core/price-file.ts';
import { type PricedBasket, priceBasket } from '../../src/core/pricing.ts';
import type { RuleSet } from '../../src/core/promotion.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import type { PriceContext } from '../../src/core/promotion-run.ts';
import { canReplay, limitedUses, pricedWith, replaySale, ruleSetVersion } from '../../src/core/replay.ts';
import { closeSale, type Sale } from '../../src/core/sale.ts';
import { settleTenders, type Tender } from '../../src/core/tender.ts';
import { aBasket, aContext, aMember, anItem, aSale, aStamp, aStore, aTier } from './builders.ts';
import { anyBasket, anyContext, anyRuleSet } from './rules-any.ts';

const PROGRAMME: Programme = {
  version: 'points-1',
  earn: {
    perMinor: 100,
    multipliers: [{ id: 'b', timesBp: 20_000, birthdayMonth: true }],
    timesMaxBp: 50_000,
  },
  spend: { points: 100, worthMinor: 100, stepPoints: 1, capBp: 10_000 },
};

/** What a till commits, through the text that travels. */
function sold(
  set: RuleSet,
  basket: Basket,
  context: PriceContext,
  store = aStore(),
): { readonly sale: Sale; readonly priced: PricedBasket } {
  const promotions = compileRules(set);
  const rules = { version: `${set.version}/feed-7`, tax: store.tax, promotions };
  const priced = priceBasket(basket, rules, context);
  const { dueMinor } = settleTenders(priced.totalMinor, [], store.cash);
  const tenders: Tender[] = dueMinor === 0 ? [] : [{ kind: 'cash', amountMinor: dueMinor }];
  const { birthday } = context.member ?? {};
  const earner = {
    tierId: context.member?.tier?.id ?? null,
    ...(birthday === undefined ? {} : { birthday }),
  };
  const uses = limitedUses(promotions, priced.uses);
  const sale = closeSale(
    {
      basket: { ...basket, memberId: context.member === null ? null : aMember().id },
      priced,
      tenders,
      context: {
        priced: pricedWith(context, { promotions, taxRounding: store.tax.rounding }),
        points:
          context.member === null
            ? null
            : earnPoints(PROGRAMME, earner, context.at, { lines: priced.lines, tenders }, priced.taxMode),
        ...(uses.length === 0 ? {} : { uses }),
      },
    },
    store.cash,
    aStamp(1, store),
  );
  return { sale: JSON.parse(canonicalJson(sale)) as Sale, priced };
}

/** The same basket as a file for `counterfoil price`. */
function fileOf(set: RuleSet, basket: Basket, context: PriceContext, store = aStore()): unknown {
  const items = new Map(
    basket.lines.map(
      ({ sku, name, category, brand, minPriceMinor, taxCode, flags, weightG, unitPriceMinor }) => [
        sku,
        {
          ...{ sku, name, priceMinor: unitPriceMinor, unit: weightG === null ? 'each' : 'kg', taxCode },
          ...{ category, brand, minPriceMinor, flags },
        },
      ],
    ),
  );
  const { at, storeId, locale, member, coupons, usesLeft, manual } = context;
  const time = `${String(Math.floor(at.minuteOfDay / 60)).padStart(2, '0')}:${String(at.minuteOfDay % 60).padStart(2, '0')}`;
  return JSON.parse(
    JSON.stringify({
      items: [...items.values()],
      rules: set,
      basket: basket.lines.map(({ sku, qty, weightG, unitPriceMinor, priceSource }) => ({
        sku,
        qty,
        ...(weightG === null ? {} : { weightG }),
        ...(priceSource === 'manual' ? { unitPriceMinor } : {}),
      })),
      member:
        member === null
          ? null
          : {
              ...(member.tier === null
                ? {}
                : {
                    tier: { id: member.tier.id, name: member.tier.name, discountBp: member.tier.discountBp },
                  }),
              ...(member.birthday === undefined ? {} : { birthday: member.birthday }),
            },
      coupons: coupons.map((entry) => ('code' in entry ? entry.code : entry)),
      at: `${at.date}T${time}`,
      ...{ storeId, locale, tax: store.tax, usesLeft, manual },
    }),
  );
}

const costs = ({ lines, taxMinor, totalMinor }: Pick<PricedBasket, 'lines' | 'taxMinor' | 'totalMinor'>) => ({
  lines: lines.map(({ grossMinor, adjustments, netMinor, taxMinor: tax }) => ({
    grossMinor,
    adjustments,
    netMinor,
    tax,
  })),
  taxMinor,
  totalMinor,
});

const anyStore = fc
  .record({
    mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    rounding: fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
  })
  .map(({ mode, rounding }) => aStore({ tax: { ...aStore().tax, mode, rounding } }));

test('for 10,000 random baskets, rule sets and stores: the till’s sale = HQ’s replay = the preview, cent and reason', () => {
  let discounted = 0;
  const filled = anyBasket.filter(({ lines }) => lines.length > 0);
  fc.assert(
    fc.property(anyRuleSet(), filled, anyContext, anyStore, (set, basket, context, store) => {
      const { sale } = sold(set, basket, context, store);
      const difference = replaySale(sale, compileRules(set), { birthday: null, programme: PROGRAMME });
      if (difference !== null) throw new Error(difference);
      const preview = priceFile(fileOf(set, basket, context, store));
      if (!preview.ok) throw new Error(JSON.stringify(preview.error[0]));
      // As text: ten thousand deep comparisons by `expect` cost more than all the pricing.
      const same = canonicalJson(costs(preview.value.priced)) === canonicalJson(costs(sale));
      if (!same) expect(costs(preview.value.priced)).toEqual(costs(sale));
      if (sale.adjustmentMinor !== 0) discounted++;
    }),
    { numRuns: 10_000 },
  );
  // Offers really meet goods.
  expect(discounted).toBeGreaterThan(3_333);
}, 240_000);

describe('a replay', () => {
  const halfPrice: RuleSet = {
    version: 'autumn',
    policy: { across: 'compound_within' },
    rules: [
      {
        id: 'half',
        name: '半价',
        priority: 0,
        mode: 'compound',
        items: { all: true },
        audience: { birthday: 'month', tags: ['vip'] },
        limits: { perMember: 3 },
        reward: { kind: 'percent_off', rateBp: 5_000 },
      },
    ],
  };
  const basket = aBasket([{ qty: 2, item: anItem({ priceMinor: 1_000 }) }]);
  const context = aContext({
    member: { tier: aTier({ discountBp: 0 }), tags: ['vip', 'private'], segments: [], birthday: '11-30' },
    usesLeft: { rules: { half: 3 } },
  });
  const { sale } = sold(halfPrice, basket, context);
  const rules = compileRules(halfPrice);
  const facts = { birthday: '11-30', programme: PROGRAMME };

  test('20.00 at half price is 10.00, two uses, 20 points in the month of birth; the replay agrees', () => {
    expect([sale.totalMinor, sale.uses, sale.points?.earned]).toEqual([
      1_000,
      [{ ruleId: 'half', count: 2 }],
      20,
    ]);
    expect(replaySale(sale, rules, facts)).toBeNull();
  });

  test('the sale keeps only the tags that rules ask for, and neither name, phone nor birthday', () => {
    expect(sale.priced!.tags).toEqual(['vip']);
    expect(canonicalJson(sale)).not.toMatch(/private|11-30|13800138000|王小明/);
  });

  test.each<[string, (sale: Sale) => Sale, string]>([
    [
      'a reason made larger',
      (s) => ({
        ...s,
        lines: [{ ...s.lines[0]!, adjustments: [{ ...s.lines[0]!.adjustments[0]!, amountMinor: -1_500 }] }],
      }),
      'line 1: the sale says half -1500 (percent_off), the replay half -1000 (percent_off)',
    ],
    [
      'a reason made up',
      (s) => ({
        ...s,
        lines: [{ ...s.lines[0]!, adjustments: [...s.lines[0]!.adjustments, s.lines[0]!.adjustments[0]!] }],
      }),
      'line 1: the sale says half -1000 (percent_off), the replay nothing',
    ],
    ['a total', (s) => ({ ...s, totalMinor: 1 }), 'total: the sale says 1, the replay 1000'],
    ['a use left out', ({ uses: _, ...s }) => s, 'uses of half: the sale says 0, the replay 2'],
    [
      'points made up',
      (s) => ({ ...s, points: { programme: 'points-1', earned: 99, byLine: [99] } }),
      'line 1 points: the sale says 99, the replay 20',
    ],
  ])('finds %s', (_, change, found) => {
    expect(replaySale(change(sale), rules, facts)).toBe(found);
  });

  test('another birthday or another set than the sale names is said', () => {
    expect(replaySale(sale, rules, { birthday: null })).toMatch(/^line 1: the sale says half -1000/);
    expect(replaySale(sale, compileRules({ ...halfPrice, version: 'winter' }), facts)).toBe(
      'rules: the sale was priced by autumn, not by winter',
    );
  });

  test('an exchange replays: goods coming back keep the rate that they were sold at, those sold now have today’s', () => {
    const [line] = aBasket([{ item: anItem({ priceMinor: 500 }) }]).lines;
    const back = {
      ...{ saleId: 's', receiptNo: 'T01-000001', lineNo: 1, taxMode: 'inclusive' as const },
      ...{ grossMinor: -500, netMinor: -400, taxRateBp: 1_600, taxMinor: -55, points: 4 },
    };
    const lines = [...basket.lines, { ...line!, lineNo: 2, qty: -1, back }];
    const exchange = sold(halfPrice, { ...basket, lines, lastLineNo: 2 }, context).sale;
    expect([exchange.totalMinor, exchange.lines[1]!.taxRateBp, exchange.points?.byLine]).toEqual([
      600,
      1_600,
      [20, -4],
    ]);
    expect(replaySale(exchange, rules, facts)).toBeNull();
  });

  test('a sale of an older program says nothing about its prices', () => {
    expect([canReplay(aSale()), replaySale(aSale(), rules, facts)]).toEqual([false, null]);
  });

  test.each([
    ['demo-1/feed-12', 'demo-1'],
    ['a/b/none', 'a/b'],
    ['plain', 'plain'],
  ])('%s names the set %s', (rulesVersion, version) => {
    expect(ruleSetVersion({ rulesVersion })).toBe(version);
  });
});
