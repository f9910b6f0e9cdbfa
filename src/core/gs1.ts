/**
 * GS1 data: element strings as scanners send them, as `^…` and as `(01)…`, read into elements and written again.
 *
 * Pure. An element is an application identifier and its value. `readElements` and `readBracketed` check each value against
 * the table: length, characters, check digits, dates. Which elements go together is `gs1-pairing.ts`.
 * Source: GS1 General Specifications 3 and 7.8.
 */
import type { Flaw, Gs1Fault } from './gs1-fault.ts';
import { checkSet } from './gs1-lint.ts';
import { type AiEntry, aiEntry, aiEntryAt, unknownEntry } from './gs1-table.ts';
import { err, ok, type Result } from './result.ts';

export interface Gs1Element {
  readonly ai: string;
  readonly value: string;
}

/** An element, and where in the text it was read its identifier begins. */
export interface PlacedElement extends Gs1Element {
  readonly at: number;
}

export interface Gs1Options {
  /** Identifiers that are not in the table are taken as any text. */
  readonly isUnknownAiPermitted?: boolean;
}

/** What scanners send for FNC1 between elements. */
export const GS = '\u001d';

/**
 * Reads an element string: `^` or GS is FNC1.
 *
 * FNC1 behind an element of known length, and at the very end, is let pass.
 *
 * @param from  where the first identifier begins: past the FNC1 in first position, or past the AIM identifier
 */
export function readElements(text: string, from: number): Result<PlacedElement[], Gs1Fault> {
  if (from >= text.length) return err({ what: 'no_data', at: text.length, length: 0 });
  const elements: PlacedElement[] = [];
  let at = from;
  while (at < text.length) {
    const entry = aiEntryAt(text, at);
    if (entry === null) return err({ what: 'unknown_ai', at, length: Math.min(4, text.length - at) });
    const valueAt = at + entry.ai.length;
    const mark = nextFnc1(text, valueAt);
    const end = entry.isFixed ? Math.min(mark, valueAt + entry.lengthMax) : mark;
    const value = text.slice(valueAt, end);
    const flaw = checkValue(entry, value);
    if (flaw !== null) return err({ ...flaw, at: valueAt + flaw.at, ai: entry.ai });
    elements.push({ ai: entry.ai, value, at });
    at = end === mark ? end + 1 : end;
  }
  return ok(elements);
}

/** Reads `^01…^10…`. */
export function readUnbracketed(text: string): Result<PlacedElement[], Gs1Fault> {
  if (!text.startsWith('^')) return err({ what: 'no_fnc1', at: 0, length: 0 });
  return readElements(text, 1);
}

/** Reads `(01)…(10)…`; `\(` stands for a bracket that is part of a value. */
export function readBracketed(text: string, options: Gs1Options = {}): Result<PlacedElement[], Gs1Fault> {
  if (text === '') return err({ what: 'no_data', at: 0, length: 0 });
  if (!text.startsWith('(')) return err({ what: 'unknown_ai', at: 0, length: 1 });
  const elements: PlacedElement[] = [];
  let at = 0;
  while (at < text.length) {
    const close = text.indexOf(')', at);
    if (close < 0) return err({ what: 'ai_not_closed', at, length: text.length - at });
    const ai = text.slice(at + 1, close);
    const known = aiEntry(ai);
    const isLetPass = options.isUnknownAiPermitted === true && /^\d{2,4}$/.test(ai);
    if (known === null && !isLetPass) return err({ what: 'unknown_ai', at: at + 1, length: ai.length, ai });
    const entry = known ?? unknownEntry(ai);
    const end = nextBracket(text, close + 1);
    const raw = text.slice(close + 1, end);
    const value = raw.replaceAll('\\(', '(');
    const flaw = checkValue(entry, value);
    if (flaw !== null) return err({ ...flaw, ...placeInRaw(raw, close + 1, flaw), ai });
    elements.push({ ai, value, at: at + 1 });
    at = end;
  }
  return ok(elements);
}

/** `^01…^10…`: FNC1 first, and behind each element whose length is not known beforehand, but for the last. */
export function unbracketed(elements: readonly Gs1Element[]): string {
  return `^${joined(elements, '^')}`;
}

/** What a scanner sends behind the AIM identifier. */
export function elementString(elements: readonly Gs1Element[]): string {
  return joined(elements, GS);
}

export function bracketed(elements: readonly Gs1Element[]): string {
  return elements.map(({ ai, value }) => `(${ai})${value.replaceAll('(', '\\(')}`).join('');
}

/** Lines to print under a barcode. */
export function readableLines(elements: readonly Gs1Element[]): string[] {
  return elements.map(({ ai, value }) => `(${ai}) ${value}`);
}

export function elementValue(elements: readonly Gs1Element[], ai: string): string | undefined {
  return elements.find((element) => element.ai === ai)?.value;
}

/** Checks a value piece by piece. @returns what is wrong first, counted from the value's start */
export function checkValue(entry: AiEntry, value: string): Flaw | null {
  let at = 0;
  for (const component of entry.components) {
    const piece = value.slice(at, at + component.lengthMax);
    if (piece === '' && component.isOptional) return null;
    // Characters first: "12X" in a field of six digits is rather a wrong character than a short number.
    const flaw =
      checkSet(component.set, piece) ??
      (piece.length < component.lengthMin
        ? { what: 'too_short' as const, at: 0, length: piece.length }
        : null) ??
      firstFlaw(component.checks, piece);
    if (flaw !== null) return { ...flaw, at: at + flaw.at };
    at += piece.length;
  }
  return at < value.length ? { what: 'too_long', at, length: value.length - at } : null;
}

function firstFlaw(checks: readonly ((data: string) => Flaw | null)[], piece: string): Flaw | null {
  for (const check of checks) {
    const flaw = check(piece);
    if (flaw !== null) return flaw;
  }
  return null;
}

function joined(elements: readonly Gs1Element[], fnc1: string): string {
  const last = elements.length - 1;
  return elements
    .map(({ ai, value }, index) => `${ai}${value}${index < last && !isFixed(ai) ? fnc1 : ''}`)
    .join('');
}

function isFixed(ai: string): boolean {
  return aiEntry(ai)?.isFixed === true;
}

function nextFnc1(text: string, from: number): number {
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 0x1d || code === 0x5e) return at;
  }
  return text.length;
}

function nextBracket(text: string, from: number): number {
  let at = text.indexOf('(', from);
  while (at > 0 && text[at - 1] === '\\') at = text.indexOf('(', at + 1);
  return at < 0 ? text.length : at;
}

/** Where a flaw of the value stands in the text, in which each bracket of the value has a `\` before it. */
function placeInRaw(raw: string, rawAt: number, { at, length }: Flaw): { at: number; length: number } {
  const place = (wanted: number) => {
    let seen = 0;
    let i = 0;
    for (; seen < wanted && i < raw.length; i++, seen++) if (raw.startsWith('\\(', i)) i++;
    return i;
  };
  return { at: rawAt + place(at), length: place(at + length) - place(at) };
}
