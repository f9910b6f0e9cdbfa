/**
 * The draft of a rule set: what the merchant works on until it is published, kept in this browser tab.
 *
 * Pure but for the tab's own store. Rules of coupon templates are HQ's to put in: they are shown and not edited.
 */
import type { Rule, RuleSet } from '../../../../../src/core/promotion.ts';

const KEY = 'counterfoil.hq.rules-draft';
export const COUPON_RULE = 'cp.';

export const EMPTY_SET: RuleSet = { version: 'none', policy: { across: 'compound_within' }, rules: [] };

interface Kept {
  /** Version of the set that the draft began from. */
  readonly from: string;
  readonly set: RuleSet;
}

/** A draft of another version is not this one's: somebody has published since. */
export function keptDraft(current: RuleSet): RuleSet | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? 'null') as Kept | null;
    return kept !== null && kept.from === current.version && Array.isArray(kept.set.rules) ? kept.set : null;
  } catch {
    return null;
  }
}

export function keepDraft(current: RuleSet, set: RuleSet): void {
  sessionStorage.setItem(KEY, JSON.stringify({ from: current.version, set } satisfies Kept));
}

export function dropDraft(): void {
  sessionStorage.removeItem(KEY);
}

/** The merchant's own rules. */
export function ownRules(set: RuleSet): readonly Rule[] {
  return set.rules.filter(({ id }) => !id.startsWith(COUPON_RULE));
}

export interface Difference {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

export function differenceOf(before: RuleSet, after: RuleSet): Difference {
  const old = new Map(ownRules(before).map((rule) => [rule.id, JSON.stringify(rule)]));
  const now = new Map(ownRules(after).map((rule) => [rule.id, JSON.stringify(rule)]));
  return {
    added: [...now.keys()].filter((id) => !old.has(id)).length,
    changed: [...now].filter(([id, text]) => old.has(id) && old.get(id) !== text).length,
    removed: [...old.keys()].filter((id) => !now.has(id)).length,
  };
}

/** `2026-11-30-134207`: a version is a name for ever, so it carries its time. */
export function newVersion(nowMs: number): string {
  return new Date(nowMs).toISOString().slice(0, 19).replace('T', '-').replaceAll(':', '');
}

/** Of what stands again because a newer one was taken back. */
export function versionBack(nowMs: number): string {
  return `${newVersion(nowMs)}-back`;
}

/** The set as it is published: without coupon rules, under a new version. */
export function toPublish(set: RuleSet, version: string): RuleSet {
  return { ...set, version, rules: ownRules(set) };
}

export const REWARD_KINDS = [
  'percent_off',
  'amount_off',
  'unit_price',
  'n_for_price',
  'buy_get',
  'bundle',
  'threshold',
  'order_off',
] as const;
export type RewardKind = (typeof REWARD_KINDS)[number];

/** A reward of a kind with sensible numbers to begin from. */
export function blankReward(kind: RewardKind): Rule['reward'] {
  switch (kind) {
    case 'percent_off':
      return { kind, rateBp: 1_000 };
    case 'amount_off':
      return { kind, amountMinor: 100 };
    case 'unit_price':
      return { kind, priceMinor: 990 };
    case 'n_for_price':
      return { kind, qty: 3, priceMinor: 1_000 };
    case 'buy_get':
      return { kind, buyQty: 1, getQty: 1, rateBp: 5_000 };
    case 'bundle':
      return {
        kind,
        parts: [
          { items: { categories: [] }, qty: 1 },
          { items: { categories: [] }, qty: 1 },
        ],
        off: { priceMinor: 1_990 },
      };
    case 'threshold':
      return { kind, by: 'amount', steps: [{ from: 10_000, off: { amountMinor: 1_000 } }] };
    case 'order_off':
      return { kind, off: { rateBp: 500 } };
  }
}

export function newRule(rules: readonly Rule[], name: string): Rule {
  const ids = new Set(rules.map(({ id }) => id));
  let number = rules.length + 1;
  while (ids.has(`rule-${number}`)) number++;
  return {
    id: `rule-${number}`,
    name,
    priority: 10,
    mode: 'compound',
    items: { all: true },
    reward: blankReward('percent_off'),
  };
}
