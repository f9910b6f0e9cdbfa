/**
 * The sales equation: sales = tickets × price per piece × pieces per ticket.
 *
 * Pure. The two factors that are quotients stay fractions over the same pieces and tickets, so the product is the
 * total itself: `tickets × total/pieces × pieces/tickets`. Only the screen rounds. Figures of different currencies
 * are never added up: there is one equation a currency.
 */
import type { Currency } from '../../../../src/core/money.ts';
import type { StoreDay } from '../../schemas.ts';

export interface Figures {
  /** Minor units; sales less refunds. */
  readonly totalMinor: number;
  /** Sales; refunds are counted apart. */
  readonly tickets: number;
  readonly refunds: number;
  readonly pieces: number;
  readonly memberTickets: number;
  readonly memberTotalMinor: number;
}

export const NO_FIGURES: Figures = {
  totalMinor: 0,
  tickets: 0,
  refunds: 0,
  pieces: 0,
  memberTickets: 0,
  memberTotalMinor: 0,
};

/** Adds up store days. All of one currency: the caller has grouped them. */
export function figuresOf(days: readonly StoreDay[]): Figures {
  return days.reduce(
    (sum, day) => ({
      totalMinor: sum.totalMinor + day.totalMinor,
      tickets: sum.tickets + day.sales,
      refunds: sum.refunds + day.refunds,
      pieces: sum.pieces + day.pieces,
      memberTickets: sum.memberTickets + day.memberSales,
      memberTotalMinor: sum.memberTotalMinor + day.memberTotalMinor,
    }),
    NO_FIGURES,
  );
}

export interface Fraction {
  readonly n: number;
  readonly d: number;
}

export interface Equation {
  readonly totalMinor: number;
  readonly tickets: number;
  /** Minor units a piece; null without pieces. */
  readonly pricePerPiece: Fraction | null;
  /** Null without tickets. */
  readonly piecesPerTicket: Fraction | null;
}

/** A day of refunds only has a total but no factors: they are null, and the screen shows the total alone. */
export function equationOf({ totalMinor, tickets, pieces }: Figures): Equation {
  return {
    totalMinor,
    tickets,
    pricePerPiece: pieces === 0 ? null : { n: totalMinor, d: pieces },
    piecesPerTicket: tickets === 0 ? null : { n: pieces, d: tickets },
  };
}

export interface CurrencyGroup<T> {
  readonly currency: Currency;
  readonly items: readonly T[];
}

/** Sorts things into their currencies, the one with the most things first, ties by code. */
export function byCurrency<T>(
  things: readonly T[],
  currencyOfThing: (thing: T) => Currency,
): CurrencyGroup<T>[] {
  const groups = new Map<string, { currency: Currency; items: T[] }>();
  for (const thing of things) {
    const currency = currencyOfThing(thing);
    const group = groups.get(currency.code) ?? { currency, items: [] };
    group.items.push(thing);
    groups.set(currency.code, group);
  }
  return [...groups.values()].sort(
    (a, b) => b.items.length - a.items.length || a.currency.code.localeCompare(b.currency.code),
  );
}
