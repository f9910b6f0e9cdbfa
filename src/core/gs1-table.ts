/**
 * The table of application identifiers, ready to look up.
 *
 * Pure. Rows come from `gs1-dictionary.ts`; a range such as `3100-3105` is one entry for each identifier.
 */
import { assert } from './assert.ts';
import { GS1_ROWS } from './gs1-dictionary.ts';
import { type Check, checkNamed } from './gs1-lint.ts';

export interface AiComponent {
  readonly set: 'N' | 'X' | 'Y' | 'Z';
  readonly lengthMin: number;
  readonly lengthMax: number;
  readonly isOptional: boolean;
  readonly checks: readonly Check[];
}

export interface AiEntry {
  readonly ai: string;
  readonly title: string;
  /** Length known beforehand: the next identifier follows without FNC1. */
  readonly isFixed: boolean;
  /** May stand in the query of a Digital Link. */
  readonly isLinkAttribute: boolean;
  readonly components: readonly AiComponent[];
  readonly lengthMax: number;
  /** Each must hold: one of the alternatives, all its patterns present. */
  readonly requires: readonly (readonly (readonly string[])[])[];
  /** No other identifier may fit one of these patterns. */
  readonly excludes: readonly string[];
  /** Sequences of qualifiers that may follow this key in a Digital Link; null: it is no key. */
  readonly linkQualifiers: readonly (readonly string[])[] | null;
}

/** @returns null: no such identifier */
export function aiEntry(ai: string): AiEntry | null {
  return ENTRIES.get(ai) ?? null;
}

/** The identifier that a text continues with at `at`; null: none begins so. */
export function aiEntryAt(text: string, at: number): AiEntry | null {
  const length = LENGTH_BY_START.get(text.slice(at, at + 2));
  return length === undefined ? null : (ENTRIES.get(text.slice(at, at + length)) ?? null);
}

/** All entries in the order of the dictionary. */
export function aiEntries(): Iterable<AiEntry> {
  return ENTRIES.values();
}

/** @param pattern  an identifier, `n` for any digit: `310n` */
export function fitsAi(pattern: string, ai: string): boolean {
  if (pattern.length !== ai.length) return false;
  for (let i = 0; i < ai.length; i++) {
    if (pattern[i] !== ai[i] && pattern[i] !== 'n') return false;
  }
  return true;
}

/** An entry for an identifier that is not in the table, where those are let pass: up to 90 characters, then FNC1. */
export function unknownEntry(ai: string): AiEntry {
  return entryOf(ai, '', 'X..90', '', 'unknown');
}

function entryOf(ai: string, flags: string, spec: string, attributes: string, title: string): AiEntry {
  const components = spec.split(' ').map(componentOf);
  const words = attributes.split(' ').filter((word) => word !== '');
  const valuesOf = (key: string) =>
    words.filter((word) => word.startsWith(`${key}=`)).map((word) => word.slice(key.length + 1));
  const [qualifiers] = valuesOf('dlpkey');
  const isKey = qualifiers !== undefined || words.includes('dlpkey');
  return {
    ai,
    title,
    isFixed: flags.includes('*'),
    isLinkAttribute: flags.includes('?'),
    components,
    lengthMax: components.reduce((sum, { lengthMax }) => sum + lengthMax, 0),
    requires: valuesOf('req').map((list) => list.split(',').map((all) => all.split('+'))),
    excludes: valuesOf('ex').flatMap((list) => list.split(',')),
    linkQualifiers: isKey ? (qualifiers ?? '').split('|').map((list) => list.split(',')) : null,
  };
}

/** `N14,csum,gcppos2`, `X..20`, `[N3],iso3166`. */
function componentOf(spec: string): AiComponent {
  const match = /^(\[?)([NXYZ])(\.\.)?(\d+)\]?((?:,\w+)*)$/.exec(spec);
  assert(match !== null, `the table holds components, not ${spec}`);
  const [, bracket, set, upTo, length, checks] = match;
  return {
    set: set as AiComponent['set'],
    lengthMin: upTo === undefined ? Number(length) : 1,
    lengthMax: Number(length),
    isOptional: bracket === '[',
    checks: checks!
      .split(',')
      .filter((name) => name !== '')
      .map(checkNamed),
  };
}

function* entriesOf(rows: string): Generator<AiEntry> {
  for (const row of rows.trim().split('\n')) {
    const [ais, flags, spec, attributes, title] = row.split(';') as [string, string, string, string, string];
    const [first, last = first] = ais.split('-') as [string, string?];
    for (let number = Number(first); number <= Number(last); number++) {
      yield entryOf(String(number).padStart(first.length, '0'), flags, spec, attributes, title);
    }
  }
}

const ENTRIES: ReadonlyMap<string, AiEntry> = new Map(
  Array.from(entriesOf(GS1_ROWS), (entry) => [entry.ai, entry]),
);

/** The first two digits say how long an identifier is. */
const LENGTH_BY_START: ReadonlyMap<string, number> = new Map(
  Array.from(ENTRIES.keys(), (ai) => [ai.slice(0, 2), ai.length]),
);
