/**
 * Bench `price`: a basket of 60 lines for a member under 500 live rules, beside merely summing its lines, and beside the way
 * of Odoo: every rule asked over every line, again at each change.
 *
 * Then the growth, each size beside the smallest, per line and per rule: where cost is linear, the ratio is at most 1. And what
 * a till does all day: one more line on a basket of 100, priced again.
 */
import { type Basket, grossMinor, openBasket } from '../../src/core/basket.ts';
import { priceBasket } from '../../src/core/pricing.ts';
import { type Here, notLive } from '../../src/core/promotion-audience.ts';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { type CompiledRules, compileRules, matches } from '../../src/core/promotion-index.ts';
import type { PriceContext } from '../../src/core/promotion-run.ts';
import type { TaxPolicy } from '../../src/core/tax.ts';
import { seeded } from '../../src/tools/demo-world.ts';
import { aCase, type BenchOptions, type BenchResult, checksumOf, quantile } from './bench.ts';

const GOAL_P95_US = 2_000;
const LINES = [10, 25, 50, 100, 200];
const RULES = [50, 100, 500, 1_000, 2_000];
const ARTICLES = 5_000;
const CATEGORIES = 100;
const BRANDS = 200;
const TAX: TaxPolicy = {
  mode: 'inclusive',
  rounding: 'line',
  rates: [
    { code: 'a', rateBp: 1_300 },
    { code: 'b', rateBp: 900 },
  ],
};
const CONTEXT: PriceContext = {
  at: { date: '2026-11-21', minuteOfDay: 1_001, weekday: 6 },
  storeId: 'S01',
  locale: 'en',
  member: { tier: { id: 'gold', name: 'Gold', rank: 2, discountBp: 500 }, tags: ['tea'], birthday: '11-21' },
  coupons: [{ code: 'C0' }, { code: 'none' }],
  usesLeft: {},
  manual: [],
};

export async function price({ small }: BenchOptions): Promise<BenchResult> {
  const runs = small ? 30 : 2_000;
  const usual = measure(60, 500, runs);
  const growth = small ? 20 : 400;
  const byLines = measureAll(
    LINES.map((lines) => ({ lines, rules: 500 })),
    growth,
  );
  const byRules = measureAll(
    RULES.map((rules) => ({ lines: 60, rules })),
    growth,
  );
  const again = measureAgain(100, 500, small ? 1 : 20);
  const line = (name: string, ours: number, other: number, otherName: string) =>
    aCase({ bench: 'price', case: name, ours, other, otherName, unit: 'us', better: 'lower' });
  return {
    input: `${runs} baskets of 60 lines, a member, 500 live rules (${compiled(500).set.rules.length}), 2 coupons`,
    checksum: checksumOf(usual.totals),
    cases: [
      line('p50', quantile(usual.ours, 0.5), quantile(usual.sum, 0.5), 'summing the lines'),
      line('p95', quantile(usual.ours, 0.95), quantile(usual.sum, 0.95), 'summing the lines'),
      line(
        'p50 beside the peer',
        quantile(usual.ours, 0.5),
        quantile(usual.peer, 0.5),
        'every rule, every line',
      ),
      line(
        'p95 beside the peer',
        quantile(usual.ours, 0.95),
        quantile(usual.peer, 0.95),
        'every rule, every line',
      ),
      line('p95 beside its limit', quantile(usual.ours, 0.95), GOAL_P95_US, 'goal'),
      line('one more line on 100, p50', quantile(again, 0.5), GOAL_P95_US, 'goal'),
      line('one more line on 100, p95', quantile(again, 0.95), GOAL_P95_US, 'goal'),
      ...perPiece('line', LINES, byLines).map((facts) => line(...facts)),
      ...perPiece('rule', RULES, byRules).map((facts) => line(...facts)),
    ],
    notes: [
      `lines ${LINES.join(', ')}: p50 ${byLines.map(us).join(', ')} us`,
      `rules ${RULES.join(', ')}: p50 ${byRules.map(us).join(', ')} us`,
      `adjustments a basket: ${usual.adjustments.toFixed(1)}; the peer only finds rules that fit and works no discount out`,
    ],
  };
}

/** The cost of one line, or one rule, at each size beside that at the smallest. */
function perPiece(
  piece: string,
  sizes: readonly number[],
  all: readonly (readonly number[])[],
): [name: string, ours: number, other: number, otherName: string][] {
  const each = sizes.map((size, i) => quantile(all[i]!, 0.5) / size);
  return sizes
    .slice(1)
    .map((size, i) => [`a ${piece} of ${size}, p50`, each[i + 1]!, each[0]!, `a ${piece} of ${sizes[0]}`]);
}

function us(samples: readonly number[]): string {
  return quantile(samples, 0.5).toFixed(0);
}

/** Several sizes, taken in turns: what slows the machine down for a while slows them all down. */
function measureAll(
  sizes: readonly { readonly lines: number; readonly rules: number }[],
  runs: number,
): number[][] {
  const worlds = sizes.map(({ lines, rules }) => ({
    lines,
    rules: rulesOf(rules),
    random: seeded(lines * 10_007 + rules),
    samples: [] as number[],
  }));
  for (let run = -Math.ceil(runs / 4); run < runs; run++) {
    for (const { lines, rules, random, samples } of worlds) {
      const basket = aBasket(lines, random);
      const start = performance.now();
      priceBasket(basket, rules, CONTEXT);
      // The first ones warm up.
      if (run >= 0) samples.push((performance.now() - start) * 1_000);
    }
  }
  return worlds.map(({ samples }) => samples);
}

/** A basket of `lines` takes 50 more lines, one by one, and is priced after each. */
function measureAgain(lines: number, rules: number, baskets: number): number[] {
  const random = seeded(20_261_122);
  const priceRules = rulesOf(rules);
  const samples: number[] = [];
  for (let i = 0; i < baskets; i++) {
    const whole = aBasket(lines + 50, random);
    for (let count = lines + 1; count <= lines + 50; count++) {
      const basket = { ...whole, lines: whole.lines.slice(0, count) };
      const start = performance.now();
      priceBasket(basket, priceRules, CONTEXT);
      samples.push((performance.now() - start) * 1_000);
    }
  }
  return samples;
}

function rulesOf(count: number) {
  const set = compiled(count);
  return { version: set.set.version, tax: TAX, promotions: set };
}

function measure(lines: number, rules: number, runs: number) {
  const set = compiled(rules);
  const random = seeded(lines * 10_007 + rules);
  const priceRules = rulesOf(rules);
  const [ours, sum, peer, totals]: number[][] = [[], [], [], []];
  let adjustments = 0;
  for (let warm = 0; warm < Math.min(runs, 200); warm++)
    priceBasket(aBasket(lines, random), priceRules, CONTEXT);
  for (let run = 0; run < runs; run++) {
    const basket = aBasket(lines, random);
    const start = performance.now();
    const priced = priceBasket(basket, priceRules, CONTEXT);
    const after = performance.now();
    const plain = basket.lines.reduce((total, line) => total + grossMinor(line), 0);
    const summed = performance.now();
    const found = askEveryRule(basket, set);
    const asked = performance.now();
    ours!.push((after - start) * 1_000);
    sum!.push((summed - after) * 1_000);
    peer!.push((asked - summed) * 1_000);
    totals!.push(priced.totalMinor, plain, found > 0 ? 1 : 0);
    adjustments += priced.lines.reduce((count, line) => count + line.adjustments.length, 0);
  }
  return {
    ours: ours!,
    sum: sum!,
    peer: peer!,
    totals: totals!,
    adjustments: adjustments / runs,
  };
}

/** The peer: no index; each rule is asked whether it runs, and each line whether it fits. */
function askEveryRule(basket: Basket, { rules, slots }: CompiledRules): number {
  const here: Here = {
    at: CONTEXT.at,
    storeId: CONTEXT.storeId,
    shopper: { ...CONTEXT.member, tierId: 'gold' },
  };
  let off = 0;
  for (const [number, rule] of rules.entries()) {
    if (notLive(rule, here) !== null) continue;
    for (const filter of slots[number]!) {
      let due = 0;
      for (const line of basket.lines) if (matches(filter, line)) due += grossMinor(line);
      off += due;
    }
  }
  return off;
}

const sets = new Map<number, CompiledRules>();

/** Of ten rules, six are for ten articles each, two for categories, one for a brand, and one in a hundred for all goods. By reward: half
 *  percentages, a sixth money off, and a twelfth each of prices, N for X, buy and get, thresholds. Some 3 fit an article. */
function compiled(count: number): CompiledRules {
  let set = sets.get(count);
  if (set !== undefined) return set;
  const random = seeded(count);
  const pick = (of: number) => Math.floor(random() * of);
  const rules = Array.from({ length: count }, (_, i) => {
    const place = i % 10;
    const items =
      i % 100 === 99
        ? { all: true }
        : place < 6
          ? { skus: Array.from({ length: 10 }, () => `A${pick(ARTICLES)}`) }
          : place < 8
            ? { categories: [`K${pick(CATEGORIES)}`] }
            : { brands: [`B${pick(BRANDS)}`] };
    return {
      id: `r${i}`,
      name: `Rule ${i}`,
      // Rules for all goods compete with each other.
      priority: i % 100 === 99 ? 0 : pick(3) * 10,
      mode: i % 100 === 99 || (place === 1 && i % 12 !== 0) ? 'best_price' : 'compound',
      items,
      ...(i % 7 === 0 ? { audience: { membersOnly: true } } : {}),
      ...(i % 250 === 249 ? { coupon: { codes: [`C${Math.floor(i / 250)}`] } } : {}),
      reward: rewardOf(i, pick),
    };
  });
  const parsed = parseRuleSet({
    version: `bench-${count}`,
    policy: { across: 'compete_within_compound_across' },
    rules,
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error[0]));
  set = compileRules(parsed.value);
  sets.set(count, set);
  return set;
}

function rewardOf(i: number, pick: (of: number) => number): object {
  if (i % 100 === 99 || i % 250 === 249) {
    return i % 200 === 99
      ? { kind: 'order_off', off: { rateBp: 300 } }
      : {
          kind: 'threshold',
          by: 'amount',
          steps: [{ from: 10_000 + pick(50_000), off: { amountMinor: 1_000 } }],
        };
  }
  switch (i % 12) {
    case 0:
      return { kind: 'unit_price', priceMinor: 100 + pick(2_000) };
    case 7:
    case 11:
      return { kind: 'amount_off', amountMinor: 10 + pick(90) };
    case 2:
      return { kind: 'n_for_price', qty: 2 + pick(3), priceMinor: 500 + pick(3_000) };
    case 3:
      return { kind: 'buy_get', buyQty: 2, getQty: 1, rateBp: 10_000 };
    case 5:
      return { kind: 'threshold', by: 'quantity', steps: [{ from: 3, off: { amountMinor: 200 } }] };
    default:
      return { kind: 'percent_off', rateBp: 100 * (1 + pick(30)) };
  }
}

function aBasket(lines: number, random: () => number): Basket {
  const basket = openBasket('bench', 0);
  return {
    ...basket,
    lines: Array.from({ length: lines }, (_, i) => {
      const article = Math.floor(random() * ARTICLES);
      return {
        lineNo: i + 1,
        sku: `A${article}`,
        gtin: null,
        name: `Article ${article}`,
        qty: 1 + Math.floor(random() * 4),
        weightG: null,
        unitPriceMinor: 100 + ((article * 37) % 5_000),
        priceSource: 'list' as const,
        taxCode: article % 2 === 0 ? 'a' : 'b',
        category: `K${article % CATEGORIES}`,
        brand: `B${article % BRANDS}`,
      };
    }),
  };
}
