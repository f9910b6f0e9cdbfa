/**
 * One price everywhere: till, cloud and preview get the same basket, rules and context by different roads, and must agree.
 *
 * The till has them as objects; `replay.test.ts` has 10,000 baskets more, as sales. The cloud gets them as JSON and reads the rules as any reader of rules does. The preview gets
 * them out of a `jsonb` column, which keeps no order of fields.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../src/core/entry.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import type { Rule, RuleSet } from '../../src/core/promotion.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { compileRules } from '../../src/core/promotion-index.ts';
import type { PriceContext } from '../../src/core/promotion-run.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { aStore } from './builders.ts';
import { anyBasket, anyContext, anyRuleSet } from './rules-any.ts';

const anyWhen: fc.Arbitrary<Partial<Rule>> = fc.constantFrom<Partial<Rule>>(
  {},
  {},
  {},
  { version: '7', names: { en: 'Tea week', 'zh-CN': '茶周' } },
  { validity: { from: '2026-11-01', to: '2026-11-30' } },
  { validity: { weekdays: [6, 7] } },
  { validity: { hours: [{ fromMinute: 1_320, toMinute: 60 }] } },
  { audience: { tiers: ['gold'] } },
  { audience: { stores: ['S01', 'S02'], tags: ['tea'] } },
  { audience: { birthday: { daysBefore: 3, daysAfter: 3 } } },
);

const anyRules = fc
  .tuple(anyRuleSet({ rulesMax: 9 }), fc.array(anyWhen, { minLength: 9, maxLength: 9 }))
  .map(([set, whens]) => ({ ...set, rules: set.rules.map((rule, i) => ({ ...rule, ...whens[i] })) }));

const anyHere: fc.Arbitrary<PriceContext> = fc
  .record({
    context: anyContext,
    minuteOfDay: fc.constantFrom(0, 59, 1_001, 1_321),
    locale: fc.constantFrom('en' as const, 'zh-CN' as const, 'zh-TW' as const),
    birthday: fc.constantFrom('11-21', '1990-11-18', '02-29'),
  })
  .map(({ context, minuteOfDay, locale, birthday }) => ({
    ...context,
    at: { date: '2026-11-21', minuteOfDay, weekday: 6 },
    locale,
    member: context.member === null ? null : { ...context.member, tags: ['tea'], birthday },
  }));

const anyTax: fc.Arbitrary<TaxPolicy> = fc
  .record({
    mode: fc.constantFrom('inclusive' as const, 'exclusive' as const),
    rounding: fc.constantFrom('line' as const, 'rate' as const, 'document' as const),
  })
  .map((how) => ({ ...aStore().tax, ...how }));

test('till, cloud and preview give one price for 2,000 random baskets under random rules', () => {
  let reduced = 0;
  fc.assert(
    fc.property(anyRules, anyBasket, anyHere, anyTax, (set, basket, context, tax) => {
      const priced = priceBasket(
        basket,
        { version: set.version, tax, promotions: compileRules(set) },
        context,
      );
      if (priced.adjustmentMinor < 0) reduced++;
      const text = canonicalJson(priced);
      const given = { set, basket, context, tax };
      expect(priceFrom(JSON.stringify(given), read)).toBe(text);
      expect(priceFrom(canonicalJson(given), (rules) => rules)).toBe(text);
    }),
    { numRuns: 2_000 },
  );
  // A world in which nothing is ever reduced would prove little.
  expect(reduced).toBeGreaterThan(800);
}, 180_000);

function priceFrom(text: string, rulesOf: (set: RuleSet) => RuleSet): string {
  const { set, basket, context, tax } = JSON.parse(text);
  const rules = { version: set.version, tax, promotions: compileRules(rulesOf(set)) };
  return canonicalJson(priceBasket(basket, rules, context));
}

function read(set: unknown): RuleSet {
  const parsed = parseRuleSet(set);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error[0]));
  return parsed.value;
}
