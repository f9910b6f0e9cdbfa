/**
 * Points: what a sale earns, line by line, and what points are worth when they pay.
 *
 * Pure, the same at till and cloud. A programme is data with a version, published like a rule set; a sale names the version
 * it earned by. The base is what was paid with real money: net of all discounts, without the part that points or bonus value
 * paid. Rounded down once a ticket, then spread over its lines, so that a returned unit takes its own points back.
 */
import type { ItemFilter, Validity } from './promotion.ts';

export interface Programme {
  readonly version: string;
  readonly earn: {
    /** One point for each `perMinor` of base: 100 = a point a yuan. */
    readonly perMinor: number;
    /** All that hold multiply; the product stops at `timesMaxBp`. */
    readonly multipliers: readonly Multiplier[];
    readonly timesMaxBp: number;
  };
  readonly spend: {
    /** What `points` points pay: 100 points = 100 minor units. */
    readonly points: number;
    readonly worthMinor: number;
    /** Points are spent in whole steps. */
    readonly stepPoints: number;
    /** At most this part of the total: 10 000 = all of it. */
    readonly capBp: number;
  };
}

export interface Multiplier {
  readonly id: string;
  /** 20 000 = double. */
  readonly timesBp: number;
  readonly tiers?: readonly string[];
  readonly validity?: Validity;
  readonly items?: ItemFilter;
  readonly birthdayMonth?: boolean;
}

/** What a sale did to its member's points. */
export interface SalePoints {
  readonly programme: string;
  /** Sum of `byLine`: below zero when more came back than was bought. */
  readonly earned: number;
  /** One number a line of the sale, in its order; on a returned line what is taken back. */
  readonly byLine: readonly number[];
}
