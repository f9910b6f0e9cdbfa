/**
 * The draft: lines while discounts come off them, and the one way in which an amount comes off.
 *
 * Pure, but the draft changes in place: it lives inside one run of `priceBasket`. Lines stand in canonical order, by what they
 * are and only then by line number, so that whatever is decided "in order" does not hang on the order of scanning. No line
 * ever goes below its floor: what does not fit falls on the other eligible lines, the rest is void.
 */
import { type BasketLine, grossMinor } from './basket.ts';
import { allocate, mulDivHalfUp } from './money.ts';
import type { Adjustment, Reason } from './promotion.ts';

export interface DraftLine {
  readonly line: BasketLine;
  /** Its place in the basket. */
  readonly place: number;
  readonly grossMinor: number;
  readonly floorMinor: number;
  /** Takes discounts at all: sold, not coming back, not flagged. */
  readonly open: boolean;
  /** Takes automatic offers: the cashier's own price does not. */
  readonly automatic: boolean;
  /** After step 2. */
  priceMinor: number;
  /** A promo or member price applied. */
  reduced: boolean;
  netMinor: number;
  /** An exclusive offer has it. */
  closed: boolean;
  adjustments: Adjustment[];
}

export function draftOf(lines: readonly BasketLine[]): DraftLine[] {
  return lines.map((line, place) => draftLine(line, place)).sort((a, b) => canonical(a.line, b.line));
}

/** The same lines as they were before any discount, for another run. */
export function freshDraft(draft: readonly DraftLine[]): DraftLine[] {
  return draft.map((line) => ({
    ...line,
    priceMinor: line.grossMinor,
    reduced: false,
    netMinor: line.grossMinor,
    closed: false,
    adjustments: [],
  }));
}

function draftLine(line: BasketLine, place: number): DraftLine {
  // A free article that comes back is worth 0, not -0.
  const gross = grossMinor(line) + 0;
  const minPriceMinor = line.minPriceMinor ?? 0;
  const floor = minPriceMinor === 0 ? 0 : grossMinor({ ...line, unitPriceMinor: minPriceMinor });
  const open = line.qty > 0 && line.flags?.noDiscount !== true;
  return {
    line,
    place,
    grossMinor: gross,
    floorMinor: Math.min(Math.max(floor, 0), Math.max(gross, 0)),
    open,
    automatic: open && line.priceSource !== 'manual',
    priceMinor: gross,
    reduced: false,
    netMinor: gross,
    closed: false,
    adjustments: [],
  };
}

function canonical(a: BasketLine, b: BasketLine): number {
  return (
    compare(a.sku, b.sku) ||
    a.unitPriceMinor - b.unitPriceMinor ||
    a.qty - b.qty ||
    (a.weightG ?? 0) - (b.weightG ?? 0) ||
    compare(a.priceSource, b.priceSource) ||
    a.lineNo - b.lineNo
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** How much may still come off. @param belowFloor a manager may sell below the margin floor, never below zero */
export function roomOf(line: DraftLine, belowFloor = false): number {
  return Math.max(0, line.netMinor - (belowFloor ? 0 : line.floorMinor));
}

/** Takes an amount off one line; a rule's amounts on a line are one adjustment. Zero leaves no trace. */
export function takeOff(line: DraftLine, ruleId: string, amountMinor: number, reason: Reason): void {
  if (amountMinor <= 0) return;
  line.netMinor -= amountMinor;
  const { adjustments } = line;
  for (let i = 0; i < adjustments.length; i++) {
    const before = adjustments[i]!;
    if (before.ruleId !== ruleId) continue;
    adjustments[i] = { ...before, amountMinor: before.amountMinor - amountMinor };
    return;
  }
  adjustments.push({ ruleId, reason, amountMinor: -amountMinor });
}

/**
 * Splits an amount by weight, no part above its room: what does not fit falls on the others, the rest is void.
 *
 * @returns parts in the order given; they sum to the amount, or to all the room there is
 */
export function spreadCapped(
  amountMinor: number,
  weights: readonly number[],
  rooms: readonly number[],
): number[] {
  const parts = new Array<number>(weights.length).fill(0);
  let left = amountMinor;
  let open: number[] = [];
  for (let i = 0; i < weights.length; i++) if (rooms[i]! > 0 && weights[i]! > 0) open.push(i);
  while (left > 0 && open.length > 0) {
    const shares = allocate(left, open.length === weights.length ? weights : open.map((i) => weights[i]!));
    const rest: number[] = [];
    for (let i = 0; i < open.length; i++) {
      const index = open[i]!;
      if (shares[i]! < rooms[index]!) {
        rest.push(index);
        continue;
      }
      parts[index] = rooms[index]!;
      left -= rooms[index]!;
    }
    if (rest.length === open.length) {
      for (let i = 0; i < open.length; i++) parts[open[i]!] = shares[i]!;
      return parts;
    }
    open = rest;
  }
  return parts;
}

/** The value of the first `units` of a line whose `qty` units share a net: the larger units first, so that parts add up. */
export function valueOfUnits(netMinor: number, qty: number, units: number): number {
  const rest = netMinor % qty;
  return ((netMinor - rest) / qty) * units + Math.min(units, rest);
}

/** A part of a line's net for some of its units, half up. */
export function shareOfUnits(netMinor: number, qty: number, units: number): number {
  return units >= qty ? netMinor : mulDivHalfUp(netMinor, units, qty);
}
