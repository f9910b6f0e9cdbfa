/**
 * Tiers by growth: which tier a member is on at any date, as a pure function of the facts and the versions of the rule.
 *
 * Facts are sales, refunds, growth that was given, tiers that were given. A fact counts from the day it happened; a refund
 * then counts against the day of the sale it undoes, so a tier that was bought and given back is gone, and a tier at an
 * earlier date stays what it was. The rule:
 *
 * - Growth of a day is that of the window which ends with it, never below zero.
 * - A member rises on the day the growth of a level is reached, and holds the tier for the validity.
 * - The day after it ends the window is looked at again: enough keeps the tier for another validity. If not, the tier stays
 *   for the grace, and enough growth within it keeps the tier too. After it the member falls to what the growth gives, or
 *   one level.
 * - A tier given by hand holds for a validity, and never holds a member below what the growth gives.
 * - A new version holds from its date on; tiers held then run to their end.
 */
import { addDays, addMonths } from './ledger.ts';

export interface TierRule {
  readonly version: string;
  /** `YYYY-MM-DD`. */
  readonly from: string;
  readonly growth: {
    /** By currency: one for each so many minor units that were paid, rounded down over the window. */
    readonly perMinor: Readonly<Record<string, number>>;
    /** null: all that ever was. */
    readonly windowMonths: number | null;
  };
  /** Ascending, the first from 0. */
  readonly levels: readonly { readonly tierId: string; readonly fromGrowth: number }[];
  readonly validity: {
    /** null: a tier once reached is kept. */
    readonly months: number | null;
    readonly graceDays: number;
    /** After the grace: to what the growth gives, or at most one level down. */
    readonly drop: 'earned' | 'one';
  };
}

export type GrowthFact =
  /** What sales of a day came to; below zero for refunds, with the day of the sale in `for`. */
  | {
      readonly kind: 'sale';
      readonly on: string;
      readonly for: string;
      readonly amountMinor: number;
      readonly currency: string;
    }
  | { readonly kind: 'growth'; readonly on: string; readonly growth: number }
  | { readonly kind: 'tier'; readonly on: string; readonly tierId: string };

export interface TierAt {
  readonly tierId: string;
  readonly sinceOn: string;
  /** The last good day before the grace; null: for ever, or the lowest. */
  readonly throughOn: string | null;
  readonly growth: number;
  readonly version: string;
  /** The first day on which it may change without a new fact; null: never. */
  readonly nextReviewOn: string | null;
}

export type TierRuleProblem =
  | { readonly kind: 'levels'; readonly message: string }
  | { readonly kind: 'growth'; readonly message: string };

/** @returns null when the rule can be worked */
export function tierRuleProblem({ levels, growth, validity }: TierRule): TierRuleProblem | null {
  if (levels[0]?.fromGrowth !== 0) return { kind: 'levels', message: 'the first level is from growth 0' };
  for (const [index, { fromGrowth, tierId }] of levels.entries()) {
    if (index > 0 && fromGrowth <= levels[index - 1]!.fromGrowth)
      return { kind: 'levels', message: `level ${tierId} needs more growth than the one before` };
    if (levels.findIndex((level) => level.tierId === tierId) !== index)
      return { kind: 'levels', message: `tier ${tierId} is one level` };
  }
  const rates = Object.values(growth.perMinor);
  if (rates.some((rate) => !Number.isSafeInteger(rate) || rate < 1))
    return { kind: 'growth', message: 'one growth is for at least one minor unit' };
  if (validity.months === null && growth.windowMonths !== null && validity.graceDays > 0)
    return { kind: 'growth', message: 'a tier that never ends has no grace' };
  return null;
}

/** @param rules in any order @returns null before the first version */
export function tierAt(
  rules: readonly TierRule[],
  facts: readonly GrowthFact[],
  date: string,
): TierAt | null {
  const versions = rules.toSorted((a, b) => (a.from < b.from ? -1 : 1));
  const ruleAt = (day: string) => versions.findLast(({ from }) => from <= day) ?? null;
  const first = versions[0];
  if (first === undefined || date < first.from) return null;
  const seen = facts.filter(({ on }) => on <= date);
  // What was before the first version is looked at on its day.
  const days = [...new Set([...seen.map(({ on }) => on), ...versions.map(({ from }) => from)])]
    .filter((day) => day <= date)
    .map((day) => (day < first.from ? first.from : day))
    .toSorted();
  let held: Held = { tierId: first.levels[0]!.tierId, sinceOn: first.from, throughOn: null };
  let growth = 0;
  let next = 0;
  let done = '';
  for (;;) {
    const rule = ruleAt(done === '' ? first.from : done)!;
    const due = dueOf(held, rule, done);
    while (next < days.length && days[next]! <= done) next++;
    const day = least(days[next] ?? null, due);
    if (day === null || day > date) break;
    const here = ruleAt(day)!;
    growth = growthAt(here, seen, day);
    held = step(held, here, { day, growth, given: givenOn(seen, day, first.from) });
    done = day;
  }
  const rule = ruleAt(date)!;
  const later = versions.find(({ from }) => from > date)?.from ?? null;
  return {
    ...held,
    growth: growthAt(rule, seen, date),
    version: rule.version,
    nextReviewOn: least(dueOf(held, rule, done), later),
  };
}

interface Held {
  readonly tierId: string;
  readonly sinceOn: string;
  readonly throughOn: string | null;
}

function least(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return a < b ? a : b;
}

/** When the tier is looked at again: the day after it ends, then the day after the grace. */
function dueOf({ throughOn }: Held, { validity }: TierRule, done: string): string | null {
  if (throughOn === null) return null;
  const ended = addDays(throughOn, 1);
  return done < ended ? ended : addDays(throughOn, validity.graceDays + 1);
}

/** The last tier that was given on that day; what was given before the first version counts on its day. */
function givenOn(facts: readonly GrowthFact[], day: string, first: string): string | null {
  let given: string | null = null;
  for (const fact of facts) {
    if (fact.kind === 'tier' && (fact.on === day || (day === first && fact.on < first))) given = fact.tierId;
  }
  return given;
}

function step(
  held: Held,
  rule: TierRule,
  { day, growth, given }: { readonly day: string; readonly growth: number; readonly given: string | null },
): Held {
  const { levels, validity } = rule;
  const rankOf = (tierId: string) => levels.findIndex((level) => level.tierId === tierId);
  const earned = levels.findLastIndex(({ fromGrowth }) => fromGrowth <= growth);
  const hold = (rank: number, sinceOn = day): Held => ({
    tierId: levels[rank]!.tierId,
    sinceOn,
    throughOn: rank === 0 || validity.months === null ? null : addDays(addMonths(day, validity.months), -1),
  });
  const present = given !== null && rankOf(given) >= 0 ? hold(rankOf(given)) : held;
  const rank = rankOf(present.tierId);
  // A tier that this version does not know.
  if (rank < 0 || earned > rank) return hold(Math.max(earned, 0));
  if (present.throughOn === null || day <= present.throughOn) return present;
  if (earned === rank) return hold(rank, present.sinceOn);
  if (day <= addDays(present.throughOn, validity.graceDays)) return present;
  return hold(validity.drop === 'one' ? Math.max(earned, rank - 1) : earned);
}

/** @param facts those that are known */
export function growthAt({ growth }: TierRule, facts: readonly GrowthFact[], day: string): number {
  // The window of 12 months that ends on 31 March begins on 1 April.
  const after = growth.windowMonths === null ? '' : addMonths(day, -growth.windowMonths);
  const paid = new Map<string, number>();
  let given = 0;
  for (const fact of facts) {
    const on = fact.kind === 'sale' ? fact.for : fact.on;
    if (on > day || on <= after) continue;
    if (fact.kind === 'sale') paid.set(fact.currency, (paid.get(fact.currency) ?? 0) + fact.amountMinor);
    else if (fact.kind === 'growth') given += fact.growth;
  }
  let sum = given;
  for (const [currency, amountMinor] of paid) {
    const perMinor = Object.hasOwn(growth.perMinor, currency) ? growth.perMinor[currency]! : 0;
    if (perMinor > 0) sum += Math.floor(amountMinor / perMinor);
  }
  return Math.max(0, sum);
}
