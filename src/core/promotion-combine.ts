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
  if (offers.some(isExclusive)) return topPriority(offers.filter(isExclusive)).map((offer) => [offer]);
  if (by.across === 'compound_within') return plansWithin(topPriority(offers), by, aloneOff);
  return plansAcross(offers, by, aloneOff);
}

function isExclusive({ rule }: { readonly rule: Rule }): boolean {
  return rule.mode === 'exclusive';
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
  const priorities = runsOfPriority(offers);
  if (priorities.length === offers.length) return [oneOfEachGroup(offers, by, aloneOff)];
  const count = priorities.reduce((product, group) => product * group.length, 1);
  const choices =
    count <= PLANS_MAX
      ? priorities
      : priorities.map((group) => [bestOf(group, (offer) => [offer], aloneOff)]);
  let plans: T[][] = [[]];
  for (const group of choices) plans = plans.flatMap((plan) => group.map((offer) => [...plan, offer]));
  return plans.map((plan) => oneOfEachGroup(plan, by, aloneOff));
}

/** Offers of one priority stand together, since they are sorted by it. */
function runsOfPriority<T extends { readonly rule: Rule }>(offers: readonly T[]): T[][] {
  const runs: T[][] = [];
  for (let i = 0; i < offers.length; i++) {
    const offer = offers[i]!;
    if (i > 0 && offers[i - 1]!.rule.priority === offer.rule.priority) runs[runs.length - 1]!.push(offer);
    else runs.push([offer]);
  }
  return runs;
}

/** Of each `onlyOne` group the one that takes most off. */
function oneOfEachGroup<T extends { readonly rule: Rule }>(
  offers: readonly T[],
  { groups }: Combination,
  aloneOff: (offer: T) => number,
): T[] {
  const onlyOne = ({ rule: { group } }: T) => group !== undefined && groups.get(group)?.onlyOne === true;
  if (groups.size === 0 || !offers.some(onlyOne)) return [...offers];
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
  if (choices.length === 1) return best;
  let bestOff = offOf(best);
  for (let i = 1; i < choices.length; i++) {
    const choice = choices[i]!;
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
  for (let index = 0; index < offers.length; index++) {
    for (const line of linesOf(offers[index]!)) {
      const first = owner.get(line);
      if (first === undefined) owner.set(line, index);
      else if (first !== index) parent[root(index)] = root(first);
    }
  }
  const heaps = new Map<number, T[]>();
  for (let index = 0; index < offers.length; index++) {
    const at = root(index);
    const heap = heaps.get(at);
    if (heap === undefined) heaps.set(at, [offers[index]!]);
    else heap.push(offers[index]!);
  }
  return [...heaps.values()];
}
