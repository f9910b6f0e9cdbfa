/**
 * Count: the blind count of a drawer, one number of pieces per note or coin, and what it adds up to.
 *
 * Pure. The screen keeps the texts as typed; here they become pieces and amounts.
 */
import { type CountedCash, countedCash } from '../core/shift-report.ts';
import { type PadKey, pressPad } from './amount.ts';

/** What was typed beside each value, by its minor units. A value without a text was not counted: none. */
export type Count = Readonly<Record<number, string>>;

export type CountEvent =
  | { readonly type: 'typed'; readonly valueMinor: number; readonly text: string }
  | { readonly type: 'pad'; readonly valueMinor: number; readonly key: PadKey; readonly fresh: boolean }
  | { readonly type: 'clear'; readonly valueMinor: number };

export const NOTHING_COUNTED: Count = {};

/** More pieces than a drawer holds, and few enough that a scanned code is no count. */
const COUNT_DIGITS_MAX = 5;

export function nextCount(count: Count, event: CountEvent): Count {
  const { valueMinor } = event;
  const before = count[valueMinor] ?? '';
  switch (event.type) {
    case 'typed':
      return set(count, valueMinor, event.text.normalize('NFKC').trim());
    case 'pad':
      return set(
        count,
        valueMinor,
        pressPad(event.fresh && event.key !== 'back' ? '' : before, event.key, 0),
      );
    case 'clear':
      return set(count, valueMinor, '');
  }
}

/** What is no number of pieces is not taken: the text before it stays. */
function set(count: Count, valueMinor: number, text: string): Count {
  return /^\d*$/.test(text) && text.length <= COUNT_DIGITS_MAX ? { ...count, [valueMinor]: text } : count;
}

export function piecesOf(count: Count, valueMinor: number): number {
  return Number(count[valueMinor] ?? '');
}

/** What the till is told: the values of which there are some, in the order given. */
export function countedOf(count: Count, denominationsMinor: readonly number[]): CountedCash[] {
  return denominationsMinor
    .map((valueMinor) => ({ valueMinor, count: piecesOf(count, valueMinor) }))
    .filter((row) => row.count > 0);
}

export function countTotal(count: Count, denominationsMinor: readonly number[]): number {
  return countedCash(countedOf(count, denominationsMinor));
}
