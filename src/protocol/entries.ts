/**
 * The entries of a push in columns: they say the same things at the same places, so a sale takes two thirds of the line.
 *
 * What travels are the values; HQ writes their canonical texts again, and the chain is over those. So nothing here has to be
 * trusted: what comes out other than it went in has another hash, and the push is refused.
 */
import type { Result } from '../core/result.ts';
import { type Column, foldColumn, type UnfoldLimits, unfoldColumn } from './columns.ts';
import { MESSAGE_BYTES_MAX } from './limits.ts';

export interface FoldedEntries {
  readonly count: number;
  readonly column: Column;
}

/** Four million values are forty thousand sales of six lines. */
const LIMITS: UnfoldLimits = { valuesMax: 4_000_000, charsMax: MESSAGE_BYTES_MAX };

/** A push as it travels from protocol 4 on. */
export function foldPush<P extends { readonly entries: readonly string[] }>({
  entries,
  ...push
}: P): Omit<P, 'entries'> & { readonly folded: FoldedEntries } {
  return { ...push, folded: foldEntries(entries) };
}

/** @param texts canonical; at least one */
export function foldEntries(texts: readonly string[]): FoldedEntries {
  return { count: texts.length, column: foldColumn(texts.map((text) => JSON.parse(text))) };
}

/** The entries' canonical texts. @param folded of anybody: how much it unfolds to is bounded */
export function unfoldEntries({
  count,
  column,
}: FoldedEntries): Result<readonly string[], { readonly what: string }> {
  return unfoldColumn(column, count, LIMITS);
}
