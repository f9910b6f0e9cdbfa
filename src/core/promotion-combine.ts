/**
 * Which rules may meet on the same goods, and which of the allowed meetings is best for the customer.
 *
 * Pure. Modes and policies as in DOMAIN 3.2. The search is over allowed plans, at most `PLANS_MAX`; beyond that each priority
 * sends its best single rule. Ties go to the lower priority number, then to the rule id: the same on every device.
 */
import type { AcrossPolicy, Rule, RuleGroup } from './promotion.ts';

/** Four priorities with three rules each are 81 plans, and nobody's offers stack like that. */
export const PLANS_MAX = 64;

export interface Combination {
  readonly across: AcrossPolicy;
  readonly groups: ReadonlyMap<string, RuleGroup>;
}

/**
 * Sets of rules that may apply together to the same goods.
 *
 * @param offers   rules that take something off, higher priority first, then by id
 * @param aloneOff what a rule takes off by itself
 */
export function allowedPlans<T extends { readonly rule: Rule }>(
  offers: readonly T[],
  by: Combination,
  aloneOff: (offer: T) => number,
): T[][] {
  if (offers.length <= 1) return offers.map((offer) => [offer]);
  const exclusive = offers.filter(({ rule }) => rule.mode === 'exclusive');
  if (exclusive.length > 0) return topPriority(exclusive).map((offer) => [offer]);
  if (by.across === 'compound_within') return plansWithin(topPriority(offers), by, aloneOff);
  return plansAcross(offers, by, aloneOff);
}

function topPriority<T extends { readonly rule: Rule }>(offers: readonly T[]): T[] {
  return offers.filter(({ rule }) => rule.priority === offers[0]!.rule.priority);
}

function plansWithin<T extends { readonly rule: Rule }>(
  offers: readonly T[],
  by: Combination,
  aloneOff: (offer: T) => number,
): T[][] {
  const alone = offers.filter(({ rule }) => rule.mode === 'best_price').map((offer) => [offer]);
  const compounds = oneOfEachGroup(
    offers.filter(({ rule }) => rule.mode === 'compound'),
    by,
    aloneOff,
  );
  return compounds.length === 0 ? alone : [compounds, ...alone];
}

function plansAcross<T extends { readonly rule: Rule }>(
  offers: readonly T[],
  by: Combination,
  aloneOff: (offer: T) => number,
): T[][] {
  const priorities = [...Map.groupBy(offers, ({ rule }) => rule.priority).values()];
  const count = priorities.reduce((product, group) => product * group.length, 1);
  const choices =
    count <= PLANS_MAX
      ? priorities
      : priorities.map((group) => [bestOf(group, (offer) => [offer], aloneOff)]);
  let plans: T[][] = [[]];
  for (const group of choices) plans = plans.flatMap((plan) => group.map((offer) => [...plan, offer]));
  return plans.map((plan) => oneOfEachGroup(plan, by, aloneOff));
}

/** Of each `onlyOne` group the one that takes most off. */
function oneOfEachGroup<T extends { readonly rule: Rule }>(
  offers: readonly T[],
  { groups }: Combination,
  aloneOff: (offer: T) => number,
): T[] {
  const onlyOne = (offer: T) =>
    offer.rule.group !== undefined && groups.get(offer.rule.group)?.onlyOne === true;
  if (!offers.some(onlyOne)) return [...offers];
  return offers.filter((offer) => {
    if (!onlyOne(offer)) return true;
    const rivals = offers.filter((other) => other.rule.group === offer.rule.group);
    return bestOf(rivals, (rival) => [rival], aloneOff) === offer;
  });
}

/** The choice with the largest reduction; of equals the lower priority number, then the ids. */
export function bestOf<C extends object, T extends { readonly rule: Rule }>(
  choices: readonly C[],
  planOf: (choice: C) => readonly T[],
  offOf: (choice: C) => number,
): C {
  let best = choices[0]!;
  let bestOff = offOf(best);
  for (const choice of choices.slice(1)) {
    const off = offOf(choice);
    if (off > bestOff || (off === bestOff && goesBefore(planOf(choice), planOf(best)))) {
      best = choice;
      bestOff = off;
    }
  }
  return best;
}

function goesBefore(a: readonly { readonly rule: Rule }[], b: readonly { readonly rule: Rule }[]): boolean {
  const [first, other] = [lowest(a), lowest(b)];
  return first.priority !== other.priority ? first.priority < other.priority : first.id < other.id;
}

function lowest(plan: readonly { readonly rule: Rule }[]): Rule {
  return plan
    .map(({ rule }) => rule)
    .reduce((a, b) => (b.priority < a.priority || (b.priority === a.priority && b.id < a.id) ? b : a));
}

/** Parts of a list that hang together because they touch a common line. */
export function components<T>(offers: readonly T[], linesOf: (offer: T) => readonly number[]): T[][] {
  const parent = offers.map((_, index) => index);
  const root = (index: number): number => {
    let at = index;
    while (parent[at] !== at) at = parent[at]!;
    return at;
  };
  const owner = new Map<number, number>();
  for (const [index, offer] of offers.entries()) {
    for (const line of linesOf(offer)) {
      const first = owner.get(line);
      if (first === undefined) owner.set(line, index);
      else parent[root(index)] = root(first);
    }
  }
  return [...Map.groupBy(offers.keys(), root).values()].map((indexes) =>
    indexes.map((index) => offers[index]!),
  );
}
