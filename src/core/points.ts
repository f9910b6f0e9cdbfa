/**
 * Points: what a sale earns, line by line, and what points are worth when they pay.
 *
 * Pure, the same at till and cloud. A programme is data with a version, published like a rule set; a sale names the version
 * it earned by. The base is what was paid with real money: net of all discounts, without the part that points or bonus value
 * paid. Rounded down once a ticket, then spread over its lines, so that a returned unit takes its own points back.
 */
import { assert } from './assert.ts';
import type { LotTerms } from './ledger.ts';
import { allocate, largestRemainder, type Ratio, sumMinor } from './money.ts';
import type { PricedLine } from './pricing.ts';
import type { ItemFilter, LocalTime, Validity } from './promotion.ts';
import { isBirthday, isOn } from './promotion-audience.ts';
import { compileFilter, matches } from './promotion-index.ts';
import type { Tender } from './tender.ts';

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
  /** How HQ keeps what was earned; left out: for ever, and what a refund does not find is owed. */
  readonly lots?: LotTerms;
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

/** The member as far as points hang on them. */
export interface Earner {
  readonly tierId: string | null;
  /** `MM-DD` or `YYYY-MM-DD`. */
  readonly birthday?: string;
}

/**
 * What a ticket earns. Goods coming back take back what they earned then (`back.points`), whatever the programme says now.
 *
 * Rounded down over the ticket, spread over its lines by largest remainder. The part that points or bonus value paid is taken
 * off every line by its share of what was to be paid, so that no line is dearer in points than another.
 */
export function earnPoints(
  programme: Programme,
  earner: Earner,
  at: LocalTime,
  ticket: { readonly lines: readonly PricedLine[]; readonly tenders: readonly Tender[] },
  taxMode: 'inclusive' | 'exclusive',
): SalePoints {
  const { lines, tenders } = ticket;
  const shares = exactPoints(programme, earner, at, { lines, unearningMinor: unearning(tenders) }, taxMode);
  const whole = shares.reduce(addRatio, { n: 0n, d: 1n });
  const fresh = largestRemainder(Number(whole.n / whole.d), shares);
  const byLine = lines.map((line, index) => (line.back === undefined ? fresh[index]! : takenBack(line.back)));
  return { programme: programme.version, earned: sumMinor(byLine), byLine };
}

function takenBack({ points }: { readonly points: number }): number {
  return points === 0 ? 0 : -Math.abs(points);
}

/** What points and bonus value paid: nobody earns on it. */
function unearning(tenders: readonly Tender[]): number {
  return Math.max(
    0,
    sumMinor(
      tenders.map((tender) => {
        if (tender.kind === 'points') return tender.amountMinor;
        return tender.kind === 'stored_value' ? (tender.bonusMinor ?? 0) : 0;
      }),
    ),
  );
}

function exactPoints(
  { earn }: Programme,
  earner: Earner,
  at: LocalTime,
  paid: { readonly lines: readonly PricedLine[]; readonly unearningMinor: number },
  taxMode: 'inclusive' | 'exclusive',
): Ratio[] {
  const live = earn.multipliers.filter((multiplier) => isLive(multiplier, earner, at)).map(compiled);
  const bought = paid.lines.filter((line) => line.qty > 0);
  const payable = sumMinor(
    bought.map(({ netMinor, taxMinor }) => netMinor + (taxMode === 'exclusive' ? taxMinor : 0)),
  );
  const real = Math.max(0, payable - paid.unearningMinor);
  return paid.lines.map((line) => {
    if (line.qty <= 0 || line.flags?.noPoints === true || line.netMinor <= 0) return { n: 0n, d: 1n };
    const times = timesOf(line, live, earn.timesMaxBp);
    return {
      n: BigInt(line.netMinor) * BigInt(real) * times.n,
      d: BigInt(payable) * BigInt(earn.perMinor) * times.d,
    };
  });
}

function isLive({ tiers, validity, birthdayMonth }: Multiplier, earner: Earner, at: LocalTime): boolean {
  if (tiers !== undefined && (earner.tierId === null || !tiers.includes(earner.tierId))) return false;
  if (birthdayMonth === true && !isBirthday('month', earner.birthday, at.date)) return false;
  return isOn(validity, at);
}

function compiled({ timesBp, items }: Multiplier) {
  return { timesBp, filter: items === undefined ? null : compileFilter(items) };
}

function timesOf(line: PricedLine, live: readonly ReturnType<typeof compiled>[], timesMaxBp: number): Ratio {
  const times = { n: 1n, d: 1n };
  for (const { timesBp, filter } of live) {
    if (filter !== null && !matches(filter, line)) continue;
    if (filter?.source.regularOnly === true && line.adjustments.some((a) => a.reason.kind === 'price')) {
      continue;
    }
    times.n *= BigInt(timesBp);
    times.d *= 10_000n;
  }
  const isOver = times.n * 10_000n > BigInt(timesMaxBp) * times.d;
  return isOver ? { n: BigInt(timesMaxBp), d: 10_000n } : times;
}

function addRatio(a: Ratio, b: Ratio): Ratio {
  return a.d === b.d ? { n: a.n + b.n, d: a.d } : { n: a.n * b.d + b.n * a.d, d: a.d * b.d };
}

/**
 * What each unit of a line earned: returned units take back the last of these first come first served, as with money
 * (`unitNets`), so that any split of returns takes back exactly what the line earned.
 */
export function unitPoints(points: number, qty: number): number[] {
  return allocate(points, new Array<number>(Math.abs(qty)).fill(1));
}

// ---- points as payment ----

export interface PointsLimit {
  /** Whole steps, at least zero. */
  readonly maxPoints: number;
  readonly maxWorthMinor: number;
  /** What the programme's cap leaves for points in this sale. */
  readonly capMinor: number;
}

/** @param given what the till holds for the member, what is due, and what points have paid of this sale already */
export function pointsLimit(
  { spend }: Programme,
  given: {
    readonly usable: number;
    readonly totalMinor: number;
    readonly dueMinor: number;
    readonly paidMinor: number;
  },
): PointsLimit {
  const { usable, totalMinor, dueMinor, paidMinor } = given;
  const capped = Math.floor(Number((BigInt(Math.max(0, totalMinor)) * BigInt(spend.capBp)) / 10_000n));
  const capMinor = Math.max(0, capped - paidMinor);
  const mostMinor = Math.max(0, Math.min(capMinor, dueMinor));
  // The most points whose whole minor units are not above `mostMinor`.
  const reach = Number((BigInt(mostMinor + 1) * BigInt(spend.points) - 1n) / BigInt(spend.worthMinor));
  const whole = Math.min(usable, reach);
  const asked = Math.max(0, whole - (whole % spend.stepPoints));
  const maxWorthMinor = pointsWorth(spend, asked);
  return { maxPoints: pointsFor(spend, maxWorthMinor), maxWorthMinor, capMinor };
}

/** Rounded down to whole minor units. */
export function pointsWorth(spend: Programme['spend'], points: number): number {
  assert(Number.isSafeInteger(points) && points >= 0, 'points are a whole number');
  return Number((BigInt(points) * BigInt(spend.worthMinor)) / BigInt(spend.points));
}

/** The points that pay an amount: rounded up, in whole steps. */
export function pointsFor(
  { points, worthMinor, stepPoints }: Programme['spend'],
  amountMinor: number,
): number {
  const exact = BigInt(amountMinor) * BigInt(points);
  const worth = BigInt(worthMinor);
  const rounded = Number((exact + worth - 1n) / worth);
  return Math.ceil(rounded / stepPoints) * stepPoints;
}
