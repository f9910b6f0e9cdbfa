/**
 * Rule trees: `{ all: [...] }`, `{ any: [...] }`, `{ not: … }` over conditions `{ source: 'rfm', … }`, read and compiled.
 *
 * Pure. A rule is checked in full before any of it becomes SQL, and every value of it becomes a parameter.
 */
import { err, ok, type Result } from '../../src/core/result.ts';
import { FROM_AUDIENCE_ROW } from './audience-row.ts';
import { shopSql } from './cell-sql.ts';
import type { At } from './comparison.ts';
import { Params } from './params.ts';
import { MEMBERS } from './profile-sql.ts';
import type { Leaf, Need, RuleFacts, RuleProblem } from './source.ts';
import { SOURCES } from './sources.ts';

export const RULE_DEPTH_MAX = 8;
export const RULE_NODES_MAX = 200;

export type RuleNode =
  | { readonly kind: 'all' | 'any'; readonly path: string; readonly of: readonly RuleNode[] }
  | { readonly kind: 'not'; readonly path: string; readonly of: readonly [RuleNode] }
  | { readonly kind: 'condition'; readonly path: string; readonly source: string; readonly leaf: Leaf };

/** Reads a rule that came as JSON. @returns the first fault, with its place */
export function readRule(json: unknown, facts: RuleFacts): Result<RuleNode, RuleProblem> {
  let nodes = 0;
  const read = (raw: unknown, path: string, depth: number): Result<RuleNode, RuleProblem> => {
    nodes++;
    if (nodes > RULE_NODES_MAX) return fault(path, 'too_large', `a rule has at most ${RULE_NODES_MAX} nodes`);
    if (depth > RULE_DEPTH_MAX) return fault(path, 'too_deep', `a rule is at most ${RULE_DEPTH_MAX} deep`);
    if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
      return fault(path, 'type', 'expected { all: [...] }, { any: [...] }, { not: … } or { source: … }');
    }
    const fields = raw as Readonly<Record<string, unknown>>;
    const names = Object.keys(fields);
    if (names.includes('source')) return readCondition(fields, path, facts);
    const [name, ...more] = names;
    if (more.length > 0 || (name !== 'all' && name !== 'any' && name !== 'not')) {
      return fault(path, 'shape', 'expected one of all, any, not, source');
    }
    if (name === 'not') {
      const inner = read(fields.not, `${path}.not`, depth + 1);
      return inner.ok ? ok({ kind: 'not', path, of: [inner.value] }) : inner;
    }
    const list = fields[name];
    if (!Array.isArray(list) || list.length === 0) {
      return fault(`${path}.${name}`, 'type', 'expected a list of one rule or more');
    }
    const of: RuleNode[] = [];
    for (const [index, item] of list.entries()) {
      const inner = read(item, `${path}.${name}[${index}]`, depth + 1);
      if (!inner.ok) return inner;
      of.push(inner.value);
    }
    return ok({ kind: name, path, of });
  };
  return read(json, 'rule', 1);
}

function readCondition(
  { source: name, ...raw }: Readonly<Record<string, unknown>>,
  path: string,
  facts: RuleFacts,
): Result<RuleNode, RuleProblem> {
  const source = typeof name === 'string' ? SOURCES.get(name) : undefined;
  if (source === undefined) {
    return fault(`${path}.source`, 'unknown', `expected one of ${[...SOURCES.keys()].join(', ')}`);
  }
  const leaf = source.read(raw, facts);
  if (!leaf.ok) return err({ ...leaf.error, path: path + leaf.error.path });
  return ok({ kind: 'condition', path, source: source.source, leaf: leaf.value });
}

function fault(path: string, kind: RuleProblem['kind'], message: string): Result<never, RuleProblem> {
  return err({ path, kind, message });
}

// ---- SQL ----

export interface CompiledRule {
  /** Common tables, `with …` or nothing. */
  readonly with: string;
  /** `from … m …`. */
  readonly from: string;
  readonly where: string;
  readonly params: Params;
  readonly at: At;
}

/**
 * @param asOf the day that windows and ages count from
 * @param from `rows`: the narrow rows of audience-row, where the rule needs nothing else; `tables`: members joined with their
 *   purchases, with every column of both
 */
export function compileRule(
  rule: RuleNode,
  facts: RuleFacts,
  asOf: string,
  from: 'rows' | 'tables' = 'tables',
): CompiledRule {
  const params = new Params();
  const at: At = { params, asOf: params.add(asOf, 'date') };
  const ground = groundSql(needsOf(rule), facts, params, from);
  return { ...ground, where: `${at.asOf} is not null and ${nodeSql(rule, at, false)}`, params, at };
}

/** What the conditions read beside the member. */
export function groundSql(
  needs: ReadonlySet<Need>,
  facts: RuleFacts,
  params: Params,
  from: 'rows' | 'tables' = 'tables',
): { readonly with: string; readonly from: string } {
  if (!needs.has('purchases'))
    return { with: '', from: from === 'rows' ? FROM_AUDIENCE_ROW : `from ${MEMBERS}` };
  if (from === 'rows' && !needs.has('shop')) return { with: '', from: FROM_AUDIENCE_ROW };
  const currency = params.add(facts.currency);
  const joined =
    from === 'rows'
      ? FROM_AUDIENCE_ROW
      : `from ${MEMBERS} left join member_purchase s on s.member_id = m.member_id and s.currency = ${currency}`;
  if (!needs.has('shop')) return { with: '', from: joined };
  const stats = `stats as not materialized (
    select visits, first_on, last_on from member_purchase where currency = ${currency} and visits > 0)`;
  return { with: `with ${stats}, ${shopSql(facts.thresholds, params)}`, from: joined };
}

export function needsOf(rule: RuleNode): Set<Need> {
  return new Set(rule.kind === 'condition' ? rule.leaf.needs : rule.of.flatMap((node) => [...needsOf(node)]));
}

/**
 * A node as SQL. A null condition counts as no; under `not` that must be said, elsewhere `where` sees to it and the
 * planner may turn the condition into a join.
 */
export function nodeSql(node: RuleNode, at: At, exact: boolean): string {
  switch (node.kind) {
    case 'condition': {
      const sql = node.leaf.sql(at);
      return exact ? `coalesce((${sql}), false)` : `(${sql})`;
    }
    case 'not':
      return `(not ${nodeSql(node.of[0], at, true)})`;
    case 'all':
    case 'any':
      return `(${node.of.map((inner) => nodeSql(inner, at, exact)).join(node.kind === 'all' ? ' and ' : ' or ')})`;
  }
}
