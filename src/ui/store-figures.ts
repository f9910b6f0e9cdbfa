/**
 * Store figures: what the store manager's page works out of the till's numbers. Pure; rates are basis points.
 */
import { mulDivHalfUp } from '../core/money.ts';
import type { StorePage } from '../till/api.ts';

type Today = StorePage['today'];

export interface Equation {
  readonly netMinor: number;
  readonly tickets: number;
  /** Net a piece; null without pieces. */
  readonly unitPriceMinor: number | null;
  /** Pieces a ticket in hundredths: 234 = 2.34; null without tickets. */
  readonly attachCenti: number | null;
}

/** Sales = tickets x unit price x attach rate. */
export function equationOf({ netMinor, tickets, pieces }: Today): Equation {
  return {
    netMinor,
    tickets,
    unitPriceMinor: pieces > 0 ? mulDivHalfUp(netMinor, 1, pieces) : null,
    attachCenti: tickets > 0 ? mulDivHalfUp(pieces, 100, tickets) : null,
  };
}

/** A part of a sum; null where there is no sum to be a part of. */
export function shareBp(partMinor: number, wholeMinor: number): number | null {
  return wholeMinor > 0 ? mulDivHalfUp(partMinor, 10_000, wholeMinor) : null;
}

/** `63.8 %`; a dash where there is none. */
export function shareText(rateBp: number | null): string {
  if (rateBp === null) return '—';
  const tenths = mulDivHalfUp(rateBp, 1, 10);
  return `${Math.trunc(tenths / 10)}.${Math.abs(tenths % 10)}%`;
}

/** Four steps of shade for a cell, by its part of the largest; 0: empty. The number in it says the rest. */
export function heatOf(count: number, counts: readonly (readonly number[])[]): 0 | 1 | 2 | 3 | 4 {
  const largest = Math.max(0, ...counts.flat());
  if (count <= 0 || largest === 0) return 0;
  return Math.min(4, Math.ceil((count * 4) / largest)) as 1 | 2 | 3 | 4;
}

export interface CurvePoint {
  readonly hour: number;
  readonly netMinor: number;
  readonly tickets: number;
  /** On a field of 1000 x 1000, 0 at the top. */
  readonly x: number;
  readonly y: number;
}

/** The hours from the first to the last that sold, none left out between. */
export function curveOf(hours: Today['hours']): readonly CurvePoint[] {
  if (hours.length === 0) return [];
  const known = new Map(hours.map((hour) => [hour.hour, hour]));
  const first = Math.min(...known.keys());
  const last = Math.max(...known.keys());
  const topMinor = Math.max(1, ...hours.map(({ netMinor }) => netMinor));
  return Array.from({ length: last - first + 1 }, (_, at) => {
    const hour = first + at;
    const { netMinor = 0, tickets = 0 } = known.get(hour) ?? {};
    return {
      hour,
      netMinor,
      tickets,
      x: last === first ? 500 : mulDivHalfUp(1_000, at, last - first),
      y: 1_000 - mulDivHalfUp(1_000, Math.max(0, netMinor), topMinor),
    };
  });
}
