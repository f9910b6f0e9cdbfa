/**
 * Returning: how many units of each line come back, and what they give back, unit by unit as they were paid. Pure.
 */
import type { ReturnableLine } from '../till/api.ts';

/** Units that come back, by the line of the sale. */
export type Picked = Readonly<Record<number, number>>;

export const NOTHING_PICKED: Picked = {};

export function pick(picked: Picked, line: ReturnableLine, qty: number): Picked {
  return { ...picked, [line.lineNo]: Math.max(0, Math.min(line.qtyLeft, qty)) };
}

/** All that is left; and none again when all was picked. */
export function pickAll(picked: Picked, lines: readonly ReturnableLine[]): Picked {
  const all = lines.every((line) => qtyOf(picked, line) === line.qtyLeft);
  return Object.fromEntries(lines.map((line) => [line.lineNo, all ? 0 : line.qtyLeft]));
}

export function qtyOf(picked: Picked, { lineNo }: ReturnableLine): number {
  return picked[lineNo] ?? 0;
}

/** What the picked units of a line give back: the first ones of those that are left. */
export function lineBackMinor(picked: Picked, line: ReturnableLine): number {
  return line.unitNetsMinor.slice(0, qtyOf(picked, line)).reduce((sum, netMinor) => sum + netMinor, 0);
}

export function backMinor(picked: Picked, lines: readonly ReturnableLine[]): number {
  return lines.reduce((sum, line) => sum + lineBackMinor(picked, line), 0);
}

/** What the till is told. */
export function pickedLines(picked: Picked, lines: readonly ReturnableLine[]) {
  return lines
    .map((line) => ({ lineNo: line.lineNo, qty: qtyOf(picked, line) }))
    .filter(({ qty }) => qty > 0);
}
