/**
 * Many values of a kind as columns: what stands in one place of each stands together, so that it packs well.
 *
 * Lossless for what `JSON.parse` gives of a canonical text (core/entry). A column is a JSON array whose first element says how it is written:
 *
 *     ["=", v]                 all alike
 *     ["v", v1, v2, …]         as they are
 *     ["+", v1, d2, d3, …]     whole numbers, each less the one before
 *     ["#", prefix, width, c]  texts that end in so many digits: c is the column of their numbers
 *     ["d", [v, …], i1, i2, …] few different texts: each once, and places among them
 *     ["a", lengths, c]        arrays: c holds all their elements; none where all are empty
 *     ["o", keys, c1, c2, …]   objects with these keys
 *     ["f", k, c]              in an object: follows from its column k; c holds a value for each different one of k
 *     ["m", kinds, c1, c2, …]  of several kinds, each in a column of its own
 *
 * What is read comes from anybody: how much it may unfold to is counted before it is made.
 */
import { canonicalJson } from '../core/entry.ts';
import { err, ok, type Result } from '../core/result.ts';

export type Column = readonly unknown[];

export interface UnfoldLimits {
  /** Values of all columns together. */
  readonly valuesMax: number;
  /** Characters of all texts and keys together. */
  readonly charsMax: number;
}

// ---- folding ----

/** @param values at least one */
export function foldColumn(values: readonly unknown[]): Column {
  const kinds = new Map<string, { readonly place: number; readonly values: unknown[] }>();
  const places: number[] = [];
  for (const value of values) {
    const kind = kindOf(value);
    let alike = kinds.get(kind);
    if (alike === undefined) {
      alike = { place: kinds.size, values: [] };
      kinds.set(kind, alike);
    }
    alike.values.push(value);
    places.push(alike.place);
  }
  if (kinds.size === 1) return foldKind(values);
  return ['m', foldScalars(places), ...[...kinds.values()].map((alike) => foldKind(alike.values))];
}

/** Arrays, objects by their keys, and all that is neither. */
function kindOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return '';
  return Array.isArray(value) ? '[' : JSON.stringify(Object.keys(value));
}

function foldKind(values: readonly unknown[]): Column {
  const [first] = values;
  if (typeof first !== 'object' || first === null) return foldScalars(values as Scalar[]);
  if (!Array.isArray(first)) return foldObjects(values as Readonly<Record<string, unknown>>[]);
  const arrays = values as readonly (readonly unknown[])[];
  const lengths = foldScalars(arrays.map(({ length }) => length));
  const elements = arrays.flat();
  return elements.length === 0 ? ['a', lengths] : ['a', lengths, foldColumn(elements)];
}

type Scalar = string | number | boolean | null;

function foldObjects(objects: readonly Readonly<Record<string, unknown>>[]): Column {
  const keys = Object.keys(objects[0]!);
  const columns = keys.map((key) => objects.map((object) => object[key]));
  const folded: Column[] = [];
  const marked: { readonly at: number; readonly values: readonly Scalar[]; readonly marks: Marks }[] = [];
  for (const [at, values] of columns.entries()) {
    if (!values.every(isScalar)) folded[at] = foldColumn(values);
    else if (values.every((value) => value === values[0])) folded[at] = ['=', values[0]];
    else marked.push({ at, values, marks: marksOf(values) });
  }
  // What has more different values may tell the others; one whose values are nearly all different tells nothing.
  marked.sort((a, b) => b.marks.count - a.marks.count || a.at - b.at);
  const leaders: typeof marked = [];
  for (const column of marked) {
    const leader = leaders.find(({ marks }) => follows(column.marks, marks));
    if (leader === undefined) {
      folded[column.at] = foldScalars(column.values, column.marks);
      if (column.marks.count < objects.length * FEW) leaders.push(column);
    } else {
      const told: Scalar[] = [];
      for (const [row, mark] of leader.marks.of.entries()) told[mark] ??= column.values[row]!;
      folded[column.at] = ['f', leader.at, foldScalars(told)];
    }
  }
  return ['o', keys, ...folded];
}

/** Below this part of all values, naming each different one once is shorter. */
const FEW = 0.75;

/** Which of the different values each is, counted as they are first seen. */
interface Marks {
  readonly of: readonly number[];
  readonly count: number;
}

function marksOf(values: readonly Scalar[]): Marks {
  const seen = new Map<Scalar, number>();
  const of = values.map((value) => {
    const known = seen.get(value);
    if (known !== undefined) return known;
    seen.set(value, seen.size);
    return seen.size - 1;
  });
  return { of, count: seen.size };
}

/** Whether each mark of the leader always goes with the same one. */
function follows(marks: Marks, leader: Marks): boolean {
  const told = new Int32Array(leader.count).fill(-1);
  for (let row = 0; row < marks.of.length; row++) {
    const mark = leader.of[row]!;
    if (told[mark] === -1) told[mark] = marks.of[row]!;
    else if (told[mark] !== marks.of[row]) return false;
  }
  return true;
}

function foldScalars(values: readonly Scalar[], marks?: Marks): Column {
  if (values.every((value) => value === values[0])) return ['=', values[0]];
  if (values.every(Number.isSafeInteger)) return foldNumbers(values as readonly number[]);
  if (values.every((value) => typeof value === 'string')) {
    const numbered = foldNumbered(values);
    if (numbered !== null) return numbered;
    const { of, count } = marks ?? marksOf(values);
    if (count < values.length * FEW) {
      const distinct: string[] = [];
      for (const [row, mark] of of.entries()) distinct[mark] ??= values[row]!;
      return ['d', distinct, ...of];
    }
  }
  return ['v', ...values];
}

function foldNumbers(values: readonly number[]): Column {
  const steps = values.map((value, row) => (row === 0 ? value : value - values[row - 1]!));
  const isShorter = sizeOf(steps) < 0.8 * sizeOf(values);
  return isShorter && steps.every(Number.isSafeInteger) ? ['+', ...steps] : ['v', ...values];
}

/** About as many characters as they take. */
function sizeOf(values: readonly number[]): number {
  let size = 0;
  for (const value of values) size += 1 + Math.log10(Math.abs(value) + 1);
  return size;
}

const NUMBERED = /^(.*?)(\d{1,15})$/su;

function foldNumbered(values: readonly string[]): Column | null {
  const [, prefix, first] = NUMBERED.exec(values[0]!) ?? [];
  if (prefix === undefined || first === undefined) return null;
  const numbers: number[] = [];
  for (const value of values) {
    if (value.length !== prefix.length + first.length || !value.startsWith(prefix)) return null;
    const digits = value.slice(prefix.length);
    if (!/^\d+$/.test(digits)) return null;
    numbers.push(Number(digits));
  }
  return ['#', prefix, first.length, foldScalars(numbers)];
}

function isScalar(value: unknown): value is Scalar {
  return typeof value !== 'object' || value === null;
}

// ---- unfolding ----

class ColumnsError extends Error {
  override name = 'ColumnsError';
}

function wrong(what: string): never {
  throw new ColumnsError(what);
}

/**
 * The canonical texts of a column's values: written from the columns, which is quicker than making the values first.
 *
 * @param column of anybody
 * @param count how many values there are to be
 */
export function unfoldColumn(
  column: unknown,
  count: number,
  limits: UnfoldLimits,
): Result<readonly string[], { readonly what: string }> {
  try {
    return ok(new Unfolding(limits).column(column, count).texts);
  } catch (cause) {
    if (cause instanceof ColumnsError) return err({ what: cause.message });
    throw cause;
  }
}

/** Columns in columns in columns: deeper than any entry, and no stack is hurt. */
const DEPTH_MAX = 64;

/** The texts of a column's values; `same`: all are alike. */
interface Told {
  readonly texts: readonly string[];
  readonly same: boolean;
}

class Unfolding {
  #valuesLeft: number;
  #charsLeft: number;
  #depth = 0;

  constructor({ valuesMax, charsMax }: UnfoldLimits) {
    this.#valuesLeft = valuesMax;
    this.#charsLeft = charsMax;
  }

  column(given: unknown, count: number): Told {
    const column = listOf(given, 'a column');
    if (++this.#depth > DEPTH_MAX) wrong('columns within columns');
    this.#spendValues(count);
    const told = this.#any(column, count);
    this.#depth--;
    return told;
  }

  #any(column: readonly unknown[], count: number): Told {
    switch (column[0]) {
      case 'a':
        return this.#arrays(column, count);
      case 'o':
        return this.#objects(column, count);
      case 'm':
        return this.#mixed(column, count);
      default:
        return this.#scalars(column, count);
    }
  }

  #scalars(column: readonly unknown[], count: number): Told {
    switch (column[0]) {
      case '=':
        return { texts: new Array(count).fill(this.#text(column[1], count)), same: true };
      case 'v':
        return { texts: rest(column, 1, count).map((value) => this.#text(value, 1)), same: false };
      case '+':
        return { texts: this.#numbers(column, count).map((value) => this.#text(value, 1)), same: false };
      case '#':
        return this.#numbered(column, count);
      case 'd': {
        const distinct = listOf(column[1], 'd').map((value) => this.#text(value, 1));
        return this.#picked(distinct, rest(column, 2, count));
      }
      default:
        return wrong(`unknown column ${String(column[0]).slice(0, 8)}`);
    }
  }

  /** A column of whole numbers that says how others are to be read. */
  #numbers(given: unknown, count: number): number[] {
    const column = listOf(given, 'a column');
    this.#spendValues(count);
    if (column[0] === '=') return new Array(count).fill(whole(column[1]));
    const numbers = rest(column, 1, count).map(whole);
    if (column[0] === 'v') return numbers;
    if (column[0] !== '+') wrong('a column of numbers');
    for (let row = 1; row < count; row++) numbers[row] = whole(numbers[row]! + numbers[row - 1]!);
    return numbers;
  }

  #numbered([, prefix, width, numbers]: readonly unknown[], count: number): Told {
    if (typeof prefix !== 'string') return wrong('#: prefix');
    if (!Number.isInteger(width) || (width as number) < 1 || (width as number) > 15) wrong('#: width');
    const head = this.#text(prefix, count).slice(0, -1);
    this.#spendChars(count * (width as number));
    const texts = this.#numbers(numbers, count).map(
      (n) => `${head}${String(n).padStart(width as number, '0')}"`,
    );
    return { texts, same: false };
  }

  /** Each the one of `distinct` at its place. */
  #picked(distinct: readonly string[], places: readonly unknown[]): Told {
    let chars = 0;
    const texts = places.map((given) => {
      const text = distinct[place(given, distinct.length)]!;
      chars += text.length;
      return text;
    });
    this.#spendChars(chars);
    return { texts, same: false };
  }

  #arrays([, lengths, elements]: readonly unknown[], count: number): Told {
    const long = this.#numbers(lengths, count);
    let total = 0;
    for (const length of long) total += length < 0 ? wrong('a length') : length;
    const flat = total === 0 ? [] : this.column(elements, total).texts;
    let at = 0;
    const texts = long.map((length) => {
      const end = at + length;
      let text = '[';
      for (let first = true; at < end; at++, first = false) text += first ? flat[at] : `,${flat[at]}`;
      return `${text}]`;
    });
    return { texts, same: total === 0 };
  }

  #objects([, given, ...columns]: readonly unknown[], count: number): Told {
    const keys = listOf(given, 'keys').map((key) => (typeof key === 'string' ? key : wrong('a key')));
    if (keys.length !== columns.length || new Set(keys).size !== keys.length) wrong('keys and columns');
    for (const key of keys) this.#spendChars(count * (key.length + 4));
    const told: (Told | null)[] = columns.map((column) =>
      Array.isArray(column) && column[0] === 'f' ? null : this.column(column, count),
    );
    for (const [at, column] of columns.entries()) {
      told[at] ??= this.#followed(column as unknown[], told, count);
    }
    return { texts: objectTexts(keys, told as Told[], count), same: false };
  }

  #followed([, leader, column]: unknown[], told: readonly (Told | null)[], count: number): Told {
    const leading = told[place(leader, told.length)];
    if (leading == null) return wrong('f: what it follows');
    this.#spendValues(count);
    const { of, count: different } = marksOf(leading.texts);
    return this.#picked(this.#scalars(listOf(column, 'a column'), different).texts, of);
  }

  #mixed([, kinds, ...columns]: readonly unknown[], count: number): Told {
    const indexes = this.#numbers(kinds, count);
    const counts = columns.map(() => 0);
    for (const index of indexes) counts[place(index, columns.length)]!++;
    const told = columns.map((column, index) => this.column(column, counts[index]!));
    const next = columns.map(() => 0);
    return { texts: indexes.map((index) => told[index]!.texts[next[index]!++]!), same: false };
  }

  /** The canonical text of a scalar that stands so many times. */
  #text(value: unknown, times: number): string {
    if (value === undefined || !isScalar(value)) return wrong('a value is none');
    const text = typeof value === 'number' ? String(whole(value) + 0) : canonicalJson(value);
    this.#spendChars(text.length * times);
    return text;
  }

  #spendValues(count: number): void {
    this.#valuesLeft -= count;
    if (this.#valuesLeft < 0) wrong('too many values');
  }

  #spendChars(count: number): void {
    this.#charsLeft -= count;
    if (this.#charsLeft < 0) wrong('too much text');
  }
}

/** What is alike in all of them is written once. */
function objectTexts(keys: readonly string[], told: readonly Told[], count: number): string[] {
  const heads: string[] = [];
  const columns: (readonly string[])[] = [];
  let head = '{';
  const order = [...keys.keys()].sort((a, b) => (keys[a]! < keys[b]! ? -1 : 1));
  for (const [n, k] of order.entries()) {
    head += `${n === 0 ? '' : ','}${JSON.stringify(keys[k])}:`;
    const { texts, same } = told[k]!;
    if (same && count > 0) head += texts[0];
    else {
      heads.push(head);
      columns.push(texts);
      head = '';
    }
  }
  const objects: string[] = [];
  for (let row = 0; row < count; row++) {
    let text = '';
    for (let c = 0; c < columns.length; c++) text += heads[c]! + columns[c]![row]!;
    objects.push(`${text}${head}}`);
  }
  return objects;
}

function listOf(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : wrong(`${what} is a list`);
}

function rest(column: readonly unknown[], from: number, count: number): unknown[] {
  const values = column.slice(from);
  return values.length === count ? values : wrong(`${values.length} values where there are ${count}`);
}

function whole(value: unknown): number {
  return Number.isSafeInteger(value) ? (value as number) : wrong('a whole number');
}

function place(value: unknown, length: number): number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) < length
    ? (value as number)
    : wrong('a place');
}
