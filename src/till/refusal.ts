/**
 * Refusals: a call that did nothing, and what a screen is told of any trouble.
 */
import { isLayoutSlip } from '../core/keyboard-slip.ts';
import type { Result } from '../core/result.ts';
import type { TillApiError } from './api.ts';
import type { Found } from './catalog.ts';
import { asTillDbError, TillDbError } from './db.ts';

/** A call that did nothing, with the reason that the screen puts in words. */
export class TillRefusal extends Error {
  override name = 'TillRefusal';
  readonly error: TillApiError;

  constructor(error: TillApiError) {
    super(error.kind);
    this.error = error;
  }
}

/** @throws TillRefusal with the error of `result` */
export function must<T>(result: Result<T, TillApiError>): T {
  if (!result.ok) throw new TillRefusal(result.error);
  return result.value;
}

export function unknownError(found: Extract<Found, { kind: 'unknown' }>, code: string): TillApiError {
  const { meaning } = found;
  if (isLayoutSlip(code.trim())) return { kind: 'scanner_layout' };
  if (meaning.kind === 'invalid') return meaning.error;
  if (meaning.kind === 'alias' && meaning.error !== undefined) return meaning.error;
  // What may be a card or pays for something is not shown again, not even to say that nothing goes by it.
  if (meaning.kind === 'card_number') return { kind: 'card_number' };
  if (meaning.kind === 'gtin' && meaning.mayBeCard === true) return { kind: 'card_number' };
  if (meaning.kind === 'payment_code') return { kind: 'pay_code_now' };
  return meaning.kind === 'member'
    ? { kind: 'unknown_member' }
    : { kind: 'unknown_code', code: code.slice(0, 64) };
}

/** What a screen is told of any trouble; what it is not told is logged. */
export function errorOf(cause: unknown, log: (text: string) => void): TillApiError {
  if (cause instanceof TillRefusal) return cause.error;
  log(`till: ${(cause as Error).stack ?? String(cause)}`);
  // A full disk is one whichever of the two files finds out.
  const trouble = asTillDbError(cause, 'shop.db');
  if (trouble instanceof TillDbError)
    return { kind: 'journal', detail: trouble.kind === 'disk_full' ? 'disk_full' : 'io' };
  return { kind: 'internal' };
}
