/**
 * Sources: the kinds of condition a segment rule may hold. One entry each; the registry is `sources.ts`.
 *
 * A source reads its condition as JSON, says where it is wrong, and gives SQL for it. The SQL is about `m` (the member) and,
 * where `needs` says so, `s` (their purchases in the rule's currency; null for who never bought) and table `shop` (its cycle).
 */
import type { z } from 'zod';
import type { FieldType } from '../../src/core/custom-field.ts';
import { err, ok, type Result } from '../../src/core/result.ts';
import type { RfmThresholds } from '../../src/core/rfm.ts';
import type { At, ValueType } from './comparison.ts';

/** What is known when a rule is read. */
export interface RuleFacts {
  readonly thresholds: RfmThresholds;
  /** Of purchases; null: the chain has several and the rule names none. */
  readonly currency: string | null;
  readonly customFields: ReadonlyMap<string, CustomField>;
}

export interface CustomField {
  readonly id: string;
  readonly name: string;
  readonly type: FieldType;
  readonly options: readonly string[];
}

/** A fault in a rule, with its place: `rule.all[2].value`. */
export interface RuleProblem {
  readonly path: string;
  readonly kind: 'shape' | 'type' | 'unknown' | 'too_deep' | 'too_large' | 'currency_needed';
  readonly message: string;
}

/** What a condition reads beside the narrow row: their purchases, the shop's cycle, the whole profile (`m.data`, `m.name` …). */
export type Need = 'purchases' | 'shop' | 'profile';

export interface Leaf {
  readonly needs: readonly Need[];
  /** A condition; null counts as no. */
  readonly sql: (at: At) => string;
  /** What the member has, as text, for the reasons; null when there is nothing short to say. */
  readonly actual: ((at: At) => string) | null;
}

export interface SourceField {
  readonly name: string;
  readonly type: ValueType;
  readonly options?: readonly string[];
}

export interface Source {
  readonly source: string;
  /** What a person is told that it asks. */
  readonly about: string;
  /** Fields with their types, for screens; none when its shape is its own. */
  readonly fields: (facts: RuleFacts) => readonly SourceField[];
  /** @param raw the condition without `source` */
  readonly read: (
    raw: Readonly<Record<string, unknown>>,
    facts: RuleFacts,
  ) => Result<Leaf, Omit<RuleProblem, 'path'> & { readonly path: string }>;
}

/** Reads JSON by a zod shape; a fault names its place within the condition: `.values[0]`. */
export function readShape<T>(shape: z.ZodType<T>, raw: unknown): Result<T, RuleProblem> {
  const read = shape.safeParse(raw);
  if (read.success) return ok(read.data);
  const issue = read.error.issues[0]!;
  const extra = issue.code === 'unrecognized_keys' ? `.${issue.keys[0]}` : '';
  const path = issue.path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return err({
    path: path + extra,
    kind: issue.code === 'invalid_type' ? 'type' : 'shape',
    message: issue.code === 'unrecognized_keys' ? 'is not a part of this condition' : issue.message,
  });
}

export function unknown(path: string, message: string): { readonly ok: false; readonly error: RuleProblem } {
  return err({ path, kind: 'unknown', message });
}

/** @returns the problem of a condition about purchases in a chain of several currencies */
export function currencyProblem({ currency }: RuleFacts): RuleProblem | null {
  if (currency !== null) return null;
  return {
    path: '',
    kind: 'currency_needed',
    message: 'this chain sells in several currencies: say which one the rule is about',
  };
}

/**
 * Condition that the member is among the rows of a table with `member_id`: a list that is hashed once for a question asked
 * of every member, and a look at an index for one of a single member.
 *
 * @param rows  `table e where …`, with the alias `e`
 * @param often `group by e.member_id having …`, or nothing
 */
export function memberAmong(rows: string, at: At, often = ''): string {
  const one = at.one === undefined ? '' : ' and e.member_id = m.member_id';
  return `m.member_id in (select e.member_id from ${rows}${one}${often})`;
}
