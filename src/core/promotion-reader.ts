/**
 * Reading a rule set from unknown JSON, field by field, with a path to whatever is not as expected.
 *
 * Pure. A reader never throws: it notes the problem, hands back a harmless value of the right type, and goes on, so that one
 * look finds all that is wrong. The harmless values are never used: a set with a problem is refused.
 */
import { LINE_MINOR_MAX } from './basket.ts';
import type { ItemFilter } from './promotion.ts';

export type RuleProblemKind =
  | 'shape'
  | 'negative'
  | 'overflow'
  | 'contradiction'
  | 'loop'
  | 'duplicate'
  | 'unknown_group';

export interface RuleProblem {
  readonly kind: RuleProblemKind;
  /** `rules[3].reward.rateBp`. */
  readonly path: string;
  readonly expected: string;
}

export class Reader {
  readonly value: unknown;
  readonly path: string;
  readonly problems: RuleProblem[];

  constructor(value: unknown, path = '', problems: RuleProblem[] = []) {
    this.value = value;
    this.path = path;
    this.problems = problems;
  }

  refuse(kind: RuleProblemKind, expected: string): void {
    this.problems.push({ kind, path: this.path === '' ? '.' : this.path, expected });
  }

  at(key: string): Reader {
    return new Reader(this.fields()?.[key], this.path === '' ? key : `${this.path}.${key}`, this.problems);
  }

  has(key: string): boolean {
    return this.fields()?.[key] !== undefined;
  }

  /** The field where it is there: `{ key: value }` to spread, else nothing. */
  some<K extends string, T>(key: K, read: (at: Reader) => T): { [Key in K]?: T } {
    return this.has(key) ? ({ [key]: read(this.at(key)) } as { [Key in K]?: T }) : {};
  }

  maybe<T>(key: string, read: (at: Reader) => T): T | undefined {
    return this.has(key) ? read(this.at(key)) : undefined;
  }

  /** A field that nobody knows is a slip of the pen that would silently change a price. */
  only(...keys: readonly string[]): void {
    const fields = this.fields();
    if (fields === null) return this.refuse('shape', 'an object');
    for (const key of Object.keys(fields)) {
      if (!keys.includes(key)) this.at(key).refuse('shape', `no such field; known are ${keys.join(', ')}`);
    }
  }

  text(lengthMax: number): string {
    if (typeof this.value === 'string' && this.value.length > 0 && this.value.length <= lengthMax)
      return this.value;
    this.refuse('shape', `a text of 1 to ${lengthMax} characters`);
    return '';
  }

  id(): string {
    return this.matching(/^[A-Za-z0-9_.:-]{1,64}$/, 'an id of letters, digits and _ . : -');
  }

  matching(pattern: RegExp, expected: string): string {
    if (typeof this.value === 'string' && pattern.test(this.value)) return this.value;
    this.refuse('shape', expected);
    return '';
  }

  date(): string {
    const text = this.matching(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, 'a date YYYY-MM-DD');
    return text;
  }

  flag(): boolean {
    if (typeof this.value !== 'boolean') this.refuse('shape', 'true or false');
    return this.value === true;
  }

  oneOf<const T extends string>(values: readonly T[]): T {
    const found = values.find((value) => value === this.value);
    if (found === undefined) this.refuse('shape', `one of ${values.join(', ')}`);
    return found ?? values[0]!;
  }

  whole(min: number, max: number): number {
    const { value } = this;
    if (
      typeof value !== 'number' ||
      Number.isNaN(value) ||
      (Number.isFinite(value) && !Number.isInteger(value))
    )
      this.refuse('shape', `a whole number from ${min} to ${max}`);
    else if (value > max) this.refuse('overflow', `at most ${max}`);
    else if (value < min) this.refuse(value < 0 ? 'negative' : 'shape', `at least ${min}`);
    else return value;
    return min;
  }

  /** A quantity: negative for goods coming back, never 0. */
  signed(max: number): number {
    const { value } = this;
    if (typeof value === 'number' && Number.isInteger(value) && value !== 0 && Math.abs(value) <= max)
      return value;
    this.refuse('shape', `a whole number from -${max} to ${max}, not 0`);
    return 1;
  }

  money(min = 0): number {
    return this.whole(min, LINE_MINOR_MAX);
  }

  rate(): number {
    return this.whole(1, 10_000);
  }

  list<T>(max: number, read: (at: Reader) => T): T[] {
    if (!Array.isArray(this.value)) {
      this.refuse('shape', 'a list');
      return [];
    }
    if (this.value.length > max) this.refuse('overflow', `at most ${max} entries`);
    if (this.value.length === 0 && this.path !== 'rules') this.refuse('shape', 'at least one entry');
    return this.value
      .slice(0, max)
      .map((entry, i) => read(new Reader(entry, `${this.path}[${i}]`, this.problems)));
  }

  record<T>(read: (at: Reader) => T): Record<string, T> {
    const fields = this.fields();
    if (fields === null) this.refuse('shape', 'an object');
    return Object.fromEntries(Object.keys(fields ?? {}).map((key) => [key, read(this.at(key))]));
  }

  filter(): ItemFilter {
    const names = (at: Reader) => at.list(200_000, (name) => name.text(120));
    this.only(
      'all',
      'skus',
      'categories',
      'brands',
      'priceFromMinor',
      'priceToMinor',
      'regularOnly',
      'exclude',
    );
    return {
      ...this.some('all', (at) => at.flag()),
      ...this.some('skus', names),
      ...this.some('categories', names),
      ...this.some('brands', names),
      ...this.some('priceFromMinor', (at) => at.money()),
      ...this.some('priceToMinor', (at) => at.money()),
      ...this.some('regularOnly', (at) => at.flag()),
      ...this.some('exclude', (at) => {
        at.only('skus', 'categories', 'brands');
        return { ...at.some('skus', names), ...at.some('categories', names), ...at.some('brands', names) };
      }),
    };
  }

  private fields(): Record<string, unknown> | null {
    const isObject = typeof this.value === 'object' && this.value !== null && !Array.isArray(this.value);
    return isObject ? (this.value as Record<string, unknown>) : null;
  }
}
