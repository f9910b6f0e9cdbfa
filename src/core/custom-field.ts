/**
 * Custom fields: what a shop keeps about its members beyond the profile, defined without code; and what a value of one may be.
 *
 * Pure. A value comes as JSON (API) or as text (a file) and becomes rows of one typed value each, `choices` several.
 */
import { err, ok, type Result } from './result.ts';

export const FIELD_TYPES = ['text', 'number', 'money', 'date', 'boolean', 'choice', 'choices'] as const;
export type FieldType = (typeof FIELD_TYPES)[number];

/** What a value must keep to; each is left out where it does not matter. */
export interface FieldLimits {
  /** Of number and money (minor units). */
  readonly min?: number | undefined;
  readonly max?: number | undefined;
  /** Digits after the point that a number may have, 0..6; 6 without. */
  readonly decimals?: number | undefined;
  /** Characters of a text; `TEXT_MAX` without. */
  readonly lengthMax?: number | undefined;
  /** Of money, which needs it: ISO 4217. */
  readonly currency?: string | undefined;
}

export interface FieldRule {
  readonly type: FieldType;
  /** Of choice and choices. */
  readonly options: readonly string[];
  readonly limits: FieldLimits;
}

/** One stored value; money is whole minor units. */
export type FieldValue = string | number | boolean;

export interface ValueProblem {
  readonly kind: 'type' | 'range' | 'length' | 'option' | 'date' | 'format';
  readonly message: string;
}

export const TEXT_MAX = 2_000;
const DECIMALS_MAX = 6;
/** numeric(20, 6) holds 14 digits before the point. */
const NUMBER_MAX = 99_999_999_999_999;
const CHOICES_MAX = 200;

/**
 * Reads a value as it came by the API.
 *
 * @param json  null and '' are "no value"; `choices` takes a list
 * @returns     the values to keep: none, one, or for `choices` several, without doubles
 */
export function readFieldValue(rule: FieldRule, json: unknown): Result<readonly FieldValue[], ValueProblem> {
  if (json === null || json === undefined || json === '') return ok([]);
  if (rule.type !== 'choices') return only(readOne(rule, json));
  if (!Array.isArray(json)) return fault('type', 'expected a list of options');
  if (json.length > CHOICES_MAX) return fault('range', `expected at most ${CHOICES_MAX} options`);
  const values: string[] = [];
  for (const item of json) {
    const one = readOption(rule, item);
    if (!one.ok) return one;
    if (!values.includes(one.value)) values.push(one.value);
  }
  return ok(values);
}

function only(result: Result<FieldValue, ValueProblem>): Result<readonly FieldValue[], ValueProblem> {
  return result.ok ? ok([result.value]) : result;
}

function readOne(rule: FieldRule, json: unknown): Result<FieldValue, ValueProblem> {
  switch (rule.type) {
    case 'text':
      return readText(rule.limits, json);
    case 'number':
    case 'money':
      return readNumber(rule, json);
    case 'date':
      return typeof json === 'string' && isDate(json) ? ok(json) : fault('date', 'expected a day YYYY-MM-DD');
    case 'boolean':
      return typeof json === 'boolean' ? ok(json) : fault('type', 'expected true or false');
    case 'choice':
    case 'choices':
      return readOption(rule, json);
  }
}

function readText({ lengthMax = TEXT_MAX }: FieldLimits, json: unknown): Result<FieldValue, ValueProblem> {
  if (typeof json !== 'string') return fault('type', 'expected a text');
  if (json.includes('\u0000')) return fault('format', 'expected a text without NUL');
  return [...json].length <= lengthMax
    ? ok(json)
    : fault('length', `expected at most ${lengthMax} characters`);
}

function readNumber({ type, limits }: FieldRule, json: unknown): Result<FieldValue, ValueProblem> {
  if (typeof json !== 'number' || !Number.isFinite(json)) return fault('type', 'expected a number');
  const decimals = type === 'money' ? 0 : (limits.decimals ?? DECIMALS_MAX);
  const min = limits.min ?? -NUMBER_MAX;
  const max = limits.max ?? NUMBER_MAX;
  if (json < min) return fault('range', `expected at least ${min}`);
  if (json > max) return fault('range', `expected at most ${max}`);
  if (Number(json.toFixed(decimals)) !== json) {
    return type === 'money'
      ? fault('format', 'expected whole minor units, such as 1250 for 12.50')
      : fault('format', `expected at most ${decimals} digits after the point`);
  }
  return ok(json);
}

function readOption({ options }: FieldRule, json: unknown): Result<string, ValueProblem> {
  return typeof json === 'string' && options.includes(json)
    ? ok(json)
    : fault('option', `expected one of ${options.join(', ')}`);
}

export function isDate(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (match === null || match[1] === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

const YES = new Set(['true', 'yes', 'y', '1', '是', '有', '√']);
const NO = new Set(['false', 'no', 'n', '0', '否', '無', '无', '×']);

/**
 * Reads a value as it stands in a file: dates with `/` or `.`, numbers with thousands commas, 是/否, options after `;` or `、`.
 *
 * @param minorDigits  of the currency of a money field: 2 makes 1250 of `12.50`
 */
export function readFieldText(
  rule: FieldRule,
  text: string,
  minorDigits = 2,
): Result<readonly FieldValue[], ValueProblem> {
  const trimmed = text.trim();
  if (trimmed === '') return ok([]);
  switch (rule.type) {
    case 'number': {
      const number = numberOf(trimmed);
      return number === null
        ? fault('type', 'expected a number, such as 38.5')
        : readFieldValue(rule, Number(number));
    }
    case 'money': {
      const number = numberOf(trimmed);
      if (number === null) return fault('type', 'expected an amount, such as 12.50');
      const minor = minorOf(number, minorDigits);
      return minor === null
        ? fault('format', `expected at most ${minorDigits} digits after the point`)
        : readFieldValue(rule, minor);
    }
    case 'date':
      return readFieldValue(rule, dateOf(trimmed) ?? trimmed);
    case 'boolean': {
      const word = trimmed.toLowerCase();
      if (YES.has(word)) return ok([true]);
      return NO.has(word) ? ok([false]) : fault('type', 'expected yes or no (是 or 否)');
    }
    case 'choices':
      return readFieldValue(
        rule,
        trimmed
          .split(/[;；|、]/)
          .map((part) => part.trim())
          .filter((part) => part !== ''),
      );
    case 'text':
    case 'choice':
      return readFieldValue(rule, trimmed);
  }
}

/** `1,234.50` as `1234.50`; null when it is no number. */
function numberOf(text: string): string | null {
  const plain = /^[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text) ? text.replaceAll(',', '') : text;
  return /^[+-]?(?:\d{1,15}(?:\.\d{0,12})?|\.\d{1,12})$/.test(plain) ? plain : null;
}

/** Minor units without floats; null when there are more digits than the currency has. */
function minorOf(plain: string, digits: number): number | null {
  const [whole = '', part = ''] = plain.replace(/^[+-]/, '').split('.');
  if (/[1-9]/.test(part.slice(digits))) return null;
  const minor = Number(`${whole}${part.slice(0, digits).padEnd(digits, '0')}`);
  return plain.startsWith('-') ? -minor : minor;
}

/** `2026/3/5`, `2026.03.05`, `20260305` and `2026年3月5日` as `2026-03-05`; null when it is none of them. */
export function dateOf(text: string): string | null {
  const match =
    /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})$/.exec(text) ??
    /^(\d{4})年(\d{1,2})月(\d{1,2})日$/.exec(text) ??
    /^(\d{4})(\d{2})(\d{2})$/.exec(text);
  if (match === null) return null;
  const [, year, month, day] = match as unknown as [string, string, string, string];
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return isDate(date) ? date : null;
}

function fault(kind: ValueProblem['kind'], message: string): Result<never, ValueProblem> {
  return err({ kind, message });
}
