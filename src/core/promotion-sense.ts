/**
 * Rules that are well formed and still make no sense: contradictions, doubles, gifts that feed each other.
 *
 * Pure. Each is refused before it reaches a till, where nobody could tell why a rule never applies or never stops.
 */
import type { ItemFilter, Rule, RuleSet, Step } from './promotion.ts';
import type { RuleProblem, RuleProblemKind } from './promotion-reader.ts';

export function senseProblems(set: RuleSet): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const groups = new Set((set.groups ?? []).map(({ id }) => id));
  const ids = new Set<string>();
  const codes = new Set<string>();
  for (const [i, rule] of set.rules.entries()) {
    const refuse = (kind: RuleProblemKind, field: string, expected: string) =>
      problems.push({ kind, path: `rules[${i}].${field}`, expected });
    if (ids.has(rule.id)) refuse('duplicate', 'id', 'an id that no other rule has');
    ids.add(rule.id);
    if (rule.group !== undefined && !groups.has(rule.group)) {
      refuse('unknown_group', 'group', 'the id of one of the groups');
    }
    const { codes: own = [], gs1 = [], series = [] } = rule.coupon ?? {};
    for (const code of [...own, ...gs1, ...series.map((one) => `CP-${one}-…`)]) {
      if (codes.has(code)) refuse('duplicate', 'coupon', `a code that no other rule has, not ${code}`);
      codes.add(code);
    }
    checkTime(rule, refuse);
    checkReward(rule, refuse);
    for (const [field, filter] of filtersOf(rule)) checkFilter(filter, field, refuse);
  }
  return [...problems, ...giftLoops(set)];
}

type Refuse = (kind: RuleProblemKind, field: string, expected: string) => void;

function checkTime({ validity, audience, limits }: Rule, refuse: Refuse): void {
  if (validity?.from !== undefined && validity.to !== undefined && validity.from > validity.to) {
    refuse('contradiction', 'validity.to', `a date not before ${validity.from}`);
  }
  for (const [i, span] of (validity?.hours ?? []).entries()) {
    if (span.fromMinute === span.toMinute) {
      refuse('contradiction', `validity.hours[${i}]`, 'an end that is not the start');
    }
  }
  const personal = audience?.tiers ?? audience?.tags ?? audience?.segments ?? audience?.birthday;
  if (audience?.membersOnly === false && personal !== undefined) {
    refuse('contradiction', 'audience.membersOnly', 'true, or nothing, where the audience is of members');
  }
  const { perSale, total } = limits ?? {};
  if (perSale !== undefined && total !== undefined && perSale > total) {
    refuse('contradiction', 'limits.perSale', 'not more than limits.total');
  }
}

function checkReward(rule: Rule, refuse: Refuse): void {
  const { reward, coupon, mode } = rule;
  const { codes, series, gs1 } = coupon ?? {};
  if (coupon !== undefined && codes === undefined && series === undefined && gs1 === undefined) {
    refuse('contradiction', 'coupon', 'codes, series or gs1: no code can ever open this rule');
  }
  if (reward.kind === 'unit_price') {
    if (coupon !== undefined)
      refuse('contradiction', 'coupon', 'an amount_off or percent_off behind a coupon');
    if (mode === 'best_price') {
      refuse('contradiction', 'mode', 'compound, or exclusive: the lowest price wins in any case');
    }
  }
  if (reward.kind === 'order_off' && 'fromCode' in reward.off && coupon?.gs1 === undefined) {
    refuse('contradiction', 'reward.off', 'coupon.gs1: only such a code carries a value');
  }
  if (reward.kind === 'buy_get' && reward.pick !== undefined && reward.getItems === undefined) {
    refuse('contradiction', 'reward.pick', 'getItems: of the same goods the cheapest are got');
  }
  if (reward.kind === 'threshold') checkSteps(reward.steps, refuse);
}

function checkSteps(steps: readonly Step[], refuse: Refuse): void {
  for (const [i, step] of steps.entries()) {
    const before = steps[i - 1];
    const path = `reward.steps[${i}]`;
    if (step.every === true && steps.length > 1) refuse('contradiction', `${path}.every`, 'the only step');
    if (step.every === true && step.from === 0) refuse('loop', `${path}.from`, 'above 0 where it repeats');
    if ('gift' in step.off && step.from === 0) refuse('contradiction', `${path}.from`, 'above 0 for a gift');
    if (before === undefined) continue;
    if (step.from <= before.from) refuse('contradiction', `${path}.from`, `above ${before.from}`);
    const less =
      ('amountMinor' in step.off &&
        'amountMinor' in before.off &&
        step.off.amountMinor < before.off.amountMinor) ||
      ('rateBp' in step.off && 'rateBp' in before.off && step.off.rateBp < before.off.rateBp);
    if (less) refuse('contradiction', `${path}.off`, 'not less than the step before');
  }
}

function filtersOf({ items, reward, conditions }: Rule): [string, ItemFilter][] {
  return [
    // A bundle's goods are those of its parts; `items` then only says the same in short.
    ...(reward.kind === 'bundle' ? [] : ([['items', items]] as [string, ItemFilter][])),
    ...(reward.kind === 'bundle'
      ? reward.parts.map(({ items: part }, i): [string, ItemFilter] => [`reward.parts[${i}].items`, part])
      : []),
    ...(reward.kind === 'buy_get' && reward.getItems !== undefined
      ? ([['reward.getItems', reward.getItems]] as [string, ItemFilter][])
      : []),
    ...(conditions ?? []).flatMap((condition, i): [string, ItemFilter][] =>
      condition.items === undefined ? [] : [[`conditions[${i}].items`, condition.items]],
    ),
  ];
}

function checkFilter(filter: ItemFilter, field: string, refuse: Refuse): void {
  const { all, skus, categories, brands, priceFromMinor, priceToMinor, exclude } = filter;
  const listed = skus ?? categories ?? brands;
  if (all !== true && listed === undefined) {
    refuse('contradiction', field, 'all, skus, categories or brands: it finds nothing');
  }
  if (all === true && listed !== undefined) refuse('contradiction', field, 'all, or lists, not both');
  if (priceFromMinor !== undefined && priceToMinor !== undefined && priceFromMinor > priceToMinor) {
    refuse('contradiction', `${field}.priceToMinor`, `not below ${priceFromMinor}`);
  }
  const cut = (wanted?: readonly string[], not?: readonly string[]) =>
    wanted?.every((name) => not?.includes(name)) === true;
  const parts = [
    [skus, exclude?.skus],
    [categories, exclude?.categories],
    [brands, exclude?.brands],
  ] as const;
  const used = parts.filter(([wanted]) => wanted !== undefined);
  if (used.length > 0 && used.every(([wanted, not]) => cut(wanted, not))) {
    refuse('contradiction', `${field}.exclude`, 'something left of what the lists name');
  }
}

/** Gifts that bring on each other: A's gift counts for B and B's gift for A. The rule's own gift never counts for itself. */
function giftLoops({ rules }: RuleSet): RuleProblem[] {
  const givers = rules
    .map((rule, index) => ({ rule, index, gifts: giftsOf(rule) }))
    .filter(({ gifts }) => gifts.length > 0);
  const next = new Map(
    givers.map(({ index, gifts }) => [
      index,
      givers
        .filter((other) => other.index !== index && gifts.some((sku) => other.rule.items.skus?.includes(sku)))
        .map((other) => other.index),
    ]),
  );
  const reaches = (from: number, to: number, seen: Set<number>): boolean =>
    (next.get(from) ?? []).some((step) => {
      if (step === to) return true;
      if (seen.has(step)) return false;
      seen.add(step);
      return reaches(step, to, seen);
    });
  return givers
    .filter(({ index }) => reaches(index, index, new Set()))
    .map(({ index }) => ({
      kind: 'loop',
      path: `rules[${index}].reward.steps`,
      expected: 'a gift that does not bring on the rule itself through another gift',
    }));
}

function giftsOf({ reward }: Rule): string[] {
  if (reward.kind !== 'threshold') return [];
  return reward.steps.flatMap(({ off }) => ('gift' in off ? [off.gift.sku] : []));
}
