/**
 * Comparisons: what a condition may ask of a text, a number, a date or a yes-or-no, checked by type, as parameterised SQL.
 */
import { z } from 'zod';
import type { Params } from './params.ts';

export type ValueType = 'text' | 'number' | 'date' | 'boolean';

/** Where a piece of SQL is put: its parameters, and the day as a placeholder of type date. */
export interface At {
  readonly params: Params;
  readonly asOf: string;
  /** The statement is about one member: what is asked beside the member is asked of that one alone. */
  readonly one?: true;
}

const TEXT_MAX = 200;
const VALUES_MAX = 1_000;
const DAYS_MAX = 36_500;

const string = z
  .string()
  .max(TEXT_MAX)
  .refine((text) => !text.includes('\u0000'), 'a text without NUL');
const strings = z.array(string).min(1).max(VALUES_MAX);
const number = z.number();
export const day = z
  .string()
  .refine((text) => /^\d{4}-\d{2}-\d{2}$/.test(text) && isDay(text), 'a date YYYY-MM-DD that there is');
export const days = z.int().min(0).max(DAYS_MAX);

function isDay(text: string): boolean {
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && new Date(ms).toISOString().slice(0, 10) === text;
}

const EMPTY = [
  z.strictObject({ op: z.literal('empty') }),
  z.strictObject({ op: z.literal('not_empty') }),
] as const;

const TextComparison = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['eq', 'ne', 'contains', 'starts_with']), value: string }),
  z.strictObject({ op: z.enum(['in', 'not_in']), values: strings }),
  ...EMPTY,
]);
const NumberComparison = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['eq', 'ne', 'lt', 'lte', 'gt', 'gte']), value: number }),
  z.strictObject({ op: z.literal('between'), from: number, to: number }),
  z.strictObject({ op: z.literal('in'), values: z.array(number).min(1).max(VALUES_MAX) }),
  ...EMPTY,
]);
const DateComparison = z.discriminatedUnion('op', [
  z.strictObject({ op: z.enum(['on', 'before', 'after']), value: day }),
  z.strictObject({ op: z.literal('between'), from: day, to: day }),
  z.strictObject({ op: z.enum(['in_last_days', 'before_last_days', 'in_next_days']), days }),
  ...EMPTY,
]);
const BooleanComparison = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('is'), value: z.boolean() }),
  ...EMPTY,
]);

export type Comparison =
  | z.infer<typeof TextComparison>
  | z.infer<typeof NumberComparison>
  | z.infer<typeof DateComparison>
  | z.infer<typeof BooleanComparison>;

/** What may stand beside a field of a type. */
export const COMPARISONS: Readonly<Record<ValueType, z.ZodType<Comparison>>> = {
  text: TextComparison,
  number: NumberComparison,
  date: DateComparison,
  boolean: BooleanComparison,
};

/** The operators of a type, for screens. */
export const OPERATORS: Readonly<Record<ValueType, readonly string[]>> = {
  text: ['eq', 'ne', 'contains', 'starts_with', 'in', 'not_in', 'empty', 'not_empty'],
  number: ['eq', 'ne', 'lt', 'lte', 'gt', 'gte', 'between', 'in', 'empty', 'not_empty'],
  date: [
    'on',
    'before',
    'after',
    'between',
    'in_last_days',
    'before_last_days',
    'in_next_days',
    'empty',
    'not_empty',
  ],
  boolean: ['is', 'empty', 'not_empty'],
};

const CASTS: Readonly<Record<ValueType, string>> = {
  text: 'text',
  number: 'numeric',
  date: 'date',
  boolean: 'boolean',
};

/**
 * SQL that asks it of an expression of that type; null where the expression is. `ne` and `not_in` ask for another value: who
 * has none is not among them.
 */
export function comparisonSql(type: ValueType, column: string, asked: Comparison, at: At): string {
  const cast = castOf(type, asked);
  const add = (value: string | number | boolean) =>
    at.params.add(typeof value === 'number' ? String(value) : value, cast);
  switch (asked.op) {
    case 'eq':
    case 'on':
    case 'is':
      return `${column} = ${add(asked.value)}`;
    case 'ne':
      return `${column} <> ${add(asked.value)}`;
    case 'lt':
    case 'before':
      return `${column} < ${add(asked.value)}`;
    case 'lte':
      return `${column} <= ${add(asked.value)}`;
    case 'gt':
    case 'after':
      return `${column} > ${add(asked.value)}`;
    case 'gte':
      return `${column} >= ${add(asked.value)}`;
    case 'between':
      return `${column} between ${add(asked.from)} and ${add(asked.to)}`;
    case 'in':
    case 'not_in': {
      const values = at.params.add(asked.values.map(String), `${cast}[]`);
      return asked.op === 'in' ? `${column} = any(${values})` : `${column} <> all(${values})`;
    }
    case 'contains':
      // strpos takes the text as it is: no sign of it stands for another, as in LIKE.
      return `strpos(lower(${column}), lower(${add(asked.value)})) > 0`;
    case 'starts_with':
      return `starts_with(lower(${column}), lower(${add(asked.value)}))`;
    case 'in_last_days':
      return `${column} between ${at.asOf} - ${at.params.add(asked.days, 'int')} and ${at.asOf}`;
    case 'before_last_days':
      return `${column} < ${at.asOf} - ${at.params.add(asked.days, 'int')}`;
    case 'in_next_days':
      return `${column} between ${at.asOf} and ${at.asOf} + ${at.params.add(asked.days, 'int')}`;
    case 'empty':
      return `(${emptySql(type, column)})`;
    case 'not_empty':
      return `not (${emptySql(type, column)})`;
  }
}

/** Whole numbers are compared as such: over a million counts that takes half the time of numeric. */
function castOf(type: ValueType, asked: Comparison): string {
  if (type !== 'number') return CASTS[type];
  const values: readonly unknown[] =
    'values' in asked
      ? asked.values
      : 'value' in asked
        ? [asked.value]
        : 'from' in asked
          ? [asked.from, asked.to]
          : [];
  return values.every(Number.isSafeInteger) ? 'bigint' : CASTS.number;
}

function emptySql(type: ValueType, column: string): string {
  return type === 'text' ? `coalesce(${column}, '') = ''` : `(${column}) is null`;
}
