/**
 * A segment rule as the builder holds it, and what it becomes for HQ.
 *
 * Pure. The rule itself is HQ's JSON: `{ all }`, `{ any }`, `{ not }` or a condition with its source. Places in it are paths of
 * child numbers; `not` has the one child 0.
 */
export type Condition = { readonly source: string } & { readonly [field: string]: unknown };
export type Rule =
  | { readonly all: readonly Rule[] }
  | { readonly any: readonly Rule[] }
  | { readonly not: Rule }
  | Condition;

export type Path = readonly number[];

export function isCondition(rule: Rule): rule is Condition {
  return 'source' in rule;
}

export function groupOf(rule: Rule): { readonly kind: 'all' | 'any'; readonly of: readonly Rule[] } | null {
  if ('all' in rule) return { kind: 'all', of: rule.all as readonly Rule[] };
  return 'any' in rule ? { kind: 'any', of: rule.any as readonly Rule[] } : null;
}

/** A rule from an address or a file; anything else is no rule. */
export function parseRule(text: string | undefined): Rule | null {
  if (text === undefined) return null;
  try {
    const rule = JSON.parse(text) as unknown;
    return looksLikeRule(rule, 0) ? rule : null;
  } catch {
    return null;
  }
}

function looksLikeRule(thing: unknown, depth: number): thing is Rule {
  if (typeof thing !== 'object' || thing === null || depth > 8) return false;
  const { source, all, any, not } = thing as Record<string, unknown>;
  if (source !== undefined) return typeof source === 'string';
  if (not !== undefined) return looksLikeRule(not, depth + 1);
  const list = all ?? any;
  return Array.isArray(list) && list.every((one) => looksLikeRule(one, depth + 1));
}

/** The rule with another one in a place, or without it. A `not` goes with what it negates, an empty group stays. */
export function replaced(rule: Rule, path: Path, by: Rule | null): Rule | null {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  if ('not' in rule && !isCondition(rule)) {
    const inner = replaced(rule.not as Rule, rest, by);
    return inner === null ? null : { not: inner };
  }
  const group = groupOf(rule);
  if (group === null) return rule;
  const of = group.of.flatMap((child, index) => {
    if (index !== first) return [child];
    const next = replaced(child, rest, by);
    return next === null ? [] : [next];
  });
  return { [group.kind]: of } as Rule;
}

export function added(rule: Rule, path: Path, child: Rule): Rule {
  const at = ruleAt(rule, path);
  const group = at === null ? null : groupOf(at);
  if (group === null) return rule;
  return replaced(rule, path, { [group.kind]: [...group.of, child] } as Rule) ?? rule;
}

export function ruleAt(rule: Rule, path: Path): Rule | null {
  const [first, ...rest] = path;
  if (first === undefined) return rule;
  if (!isCondition(rule) && 'not' in rule) return ruleAt(rule.not as Rule, rest);
  const child = groupOf(rule)?.of[first];
  return child === undefined ? null : ruleAt(child, rest);
}

/** HQ refuses a group of none: those fall away. Null: nothing is left to ask. */
export function askable(rule: Rule): Rule | null {
  if (isCondition(rule)) return isWhole(rule) ? rule : null;
  if ('not' in rule) {
    const inner = askable(rule.not as Rule);
    return inner === null ? null : { not: inner };
  }
  const group = groupOf(rule)!;
  const of = group.of.flatMap((child) => askable(child) ?? []);
  return of.length === 0 ? null : ({ [group.kind]: of } as Rule);
}

/** A condition that is still being filled in is not asked: an empty choice, a value that was not typed. */
function isWhole(condition: Condition): boolean {
  return !Object.values(condition).some(
    (value) => value === null || value === '' || (Array.isArray(value) && value.length === 0),
  );
}

/** A new condition of a source, to be filled in. */
export function blankOf(source: string): Condition {
  switch (source) {
    case 'rfm':
      return { source, measure: 'netMinor', op: 'gte', value: null };
    case 'cell':
      return { source, recency: ['active'], frequency: ['fan'] };
    case 'lifecycle':
      return { source, in: ['repeat'] };
    case 'purchase':
      return { source, categories: [] };
    case 'store':
      return { source, relation: 'home', storeIds: [] };
    case 'tier':
      return { source, in: [] };
    case 'tag':
      return { source, op: 'any', tags: [] };
    case 'profile':
      return { source, field: 'birthMonth', op: 'eq', value: null };
    case 'field':
      return { source, field: '', op: 'eq', value: null };
    case 'coupon':
      return { source, state: 'used' };
    case 'consent':
      return { source, purpose: 'marketing', granted: true };
    case 'event':
      return { source, kinds: [] };
    case 'contact':
      return { source, campaignIds: [] };
    default:
      return { source, segmentId: '' };
  }
}

/** The fields of a comparison that an operator needs, blank. */
export function comparisonFields(op: string): Readonly<Record<string, unknown>> {
  if (op === 'empty' || op === 'not_empty') return { op };
  if (op === 'between') return { op, from: null, to: null };
  if (op === 'in' || op === 'not_in') return { op, values: [] };
  if (op.endsWith('_days')) return { op, days: null };
  return { op, value: op === 'is' ? true : null };
}
