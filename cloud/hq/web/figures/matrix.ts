/**
 * The matrix of stores and days, with sums that add up.
 *
 * Pure. One currency a matrix. The total is the sum of the store sums and of the day sums alike.
 */
import { assert } from '../../../../src/core/assert.ts';
import type { StoreDay } from '../../schemas.ts';

export type Measure = 'total' | 'tickets' | 'pieces' | 'memberTotal';
export const MEASURES: readonly Measure[] = ['total', 'tickets', 'pieces', 'memberTotal'];

export interface Matrix {
  readonly dates: readonly string[];
  readonly storeIds: readonly string[];
  /** Null: nothing is known of this store on this day. */
  readonly cell: (storeId: string, date: string) => number | null;
  readonly storeSum: (storeId: string) => number;
  readonly dateSum: (date: string) => number;
  readonly total: number;
}

export function matrixOf(
  days: readonly StoreDay[],
  shape: { readonly dates: readonly string[]; readonly storeIds: readonly string[] },
  measure: Measure,
): Matrix {
  const cells = new Map<string, number>();
  const storeSums = new Map<string, number>();
  const dateSums = new Map<string, number>();
  let total = 0;
  for (const day of days) {
    if (!shape.dates.includes(day.businessDate) || !shape.storeIds.includes(day.storeId)) continue;
    const value = measured(day, measure);
    add(cells, `${day.storeId} ${day.businessDate}`, value);
    add(storeSums, day.storeId, value);
    add(dateSums, day.businessDate, value);
    total += value;
  }
  assert(sum(storeSums.values()) === total && sum(dateSums.values()) === total, 'rows and columns add up');
  return {
    ...shape,
    cell: (storeId, date) => cells.get(`${storeId} ${date}`) ?? null,
    storeSum: (storeId) => storeSums.get(storeId) ?? 0,
    dateSum: (date) => dateSums.get(date) ?? 0,
    total,
  };
}

export function measured(day: StoreDay, measure: Measure): number {
  switch (measure) {
    case 'total':
      return day.totalMinor;
    case 'tickets':
      return day.sales;
    case 'pieces':
      return day.pieces;
    case 'memberTotal':
      return day.memberTotalMinor;
  }
}

export function isMoney(measure: Measure): boolean {
  return measure === 'total' || measure === 'memberTotal';
}

function add(sums: Map<string, number>, key: string, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value);
}

function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
