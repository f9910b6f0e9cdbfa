/**
 * RFM: what a member's purchases say about them on a day: cell of the R x F grid, own cycle, risk, scores, concentration.
 *
 * Pure, and the one rule for HQ and for the store manager's page at the till. A visit is a business date with at least
 * one sale: two tickets on one day are one visit. A refund takes its money off and leaves the visit. Days are whole
 * calendar days between business dates; a cycle is kept as a fraction of days, so no comparison ever rounds.
 */
import { assert } from './assert.ts';
import { assertMoney, sumMinor } from './money.ts';

export const RECENCY_STATES = ['active', 'silent', 'sleeping', 'lost'] as const;
export type RecencyState = (typeof RECENCY_STATES)[number];
export const FREQUENCY_BANDS = ['new', 'second', 'old', 'fan'] as const;
export type FrequencyBand = (typeof FREQUENCY_BANDS)[number];

/** A member's purchases up to a day. */
export interface PurchaseStats {
  /** Business dates with a sale; 0: only refunds, or nothing. */
  readonly visits: number;
  /** `YYYY-MM-DD`; null without a visit. */
  readonly firstOn: string | null;
  readonly lastOn: string | null;
  /** Sales less refunds, minor units. */
  readonly netMinor: number;
}

/** Mean days from one visit to the next: `spanDays / gaps`. */
export interface Cycle {
  readonly spanDays: number;
  /** Visits less one, of one member or summed over many; >= 1. */
  readonly gaps: number;
}

/** Where the states of R begin: after so many whole days, or past so many purchase cycles. */
export type RecencyThresholds =
  | {
      readonly by: 'days';
      readonly silentFromDays: number;
      readonly sleepingFromDays: number;
      readonly lostFromDays: number;
    }
  | {
      readonly by: 'cycles';
      /** 10000 = one cycle. A state begins past its multiple, not at it. */
      readonly silentPastBp: number;
      readonly sleepingPastBp: number;
      readonly lostPastBp: number;
    };

export interface RfmThresholds {
  readonly recency: RecencyThresholds;
  /** Visits from which a member is an old customer, and a fan; one visit is new, those between are second. */
  readonly frequency: { readonly oldFrom: number; readonly fanFrom: number };
  /** No purchase for so many days is sleeping, as the one figure beside the grid. */
  readonly sleepingDays: number;
  /** Past so many cycles a member is at risk: 20000 = two. */
  readonly atRiskPastBp: number;
  /** Stands in for the shop's cycle while nobody has come twice. */
  readonly fallbackCycleDays: number;
}

/** FEATURES F15, F17, F18: 1 / 2 / 3-5 / 6+, 180 days, two cycles. */
export const DEFAULT_THRESHOLDS: RfmThresholds = {
  recency: { by: 'days', silentFromDays: 90, sleepingFromDays: 180, lostFromDays: 365 },
  frequency: { oldFrom: 3, fanFrom: 6 },
  sleepingDays: 180,
  atRiskPastBp: 20_000,
  fallbackCycleDays: 60,
};

export interface RfmCell {
  readonly recency: RecencyState;
  readonly frequency: FrequencyBand;
}

/**
 * The cell of a member on a day; null for somebody who never bought: no buyer is in two cells, and none in no cell.
 *
 * @param asOfDate   `YYYY-MM-DD`; `stats` hold nothing after it
 * @param shopCycle  of the shop, for members with one visit when R goes by cycles; null: nobody has come twice
 */
export function rfmCell(
  stats: PurchaseStats,
  thresholds: RfmThresholds,
  asOfDate: string,
  shopCycle: Cycle | null = null,
): RfmCell | null {
  if (stats.visits === 0) return null;
  const days = daysSinceLast(stats, asOfDate)!;
  const cycle = cycleOf(stats) ?? shopCycle ?? fallbackCycle(thresholds);
  return {
    recency: recencyState(days, cycle, thresholds.recency),
    frequency: frequencyBand(stats.visits, thresholds.frequency),
  };
}

/** The order of the 16 cells in every list and table: R by R, within it F by F. */
export function allCells(): RfmCell[] {
  return RECENCY_STATES.flatMap((recency) => FREQUENCY_BANDS.map((frequency) => ({ recency, frequency })));
}

function recencyState(days: number, cycle: Cycle, thresholds: RecencyThresholds): RecencyState {
  if (thresholds.by === 'days') {
    if (days >= thresholds.lostFromDays) return 'lost';
    if (days >= thresholds.sleepingFromDays) return 'sleeping';
    return days >= thresholds.silentFromDays ? 'silent' : 'active';
  }
  if (isPast(days, cycle, thresholds.lostPastBp)) return 'lost';
  if (isPast(days, cycle, thresholds.sleepingPastBp)) return 'sleeping';
  return isPast(days, cycle, thresholds.silentPastBp) ? 'silent' : 'active';
}

export function frequencyBand(
  visits: number,
  { oldFrom, fanFrom }: RfmThresholds['frequency'],
): FrequencyBand {
  assert(visits >= 1, 'a band is of a buyer');
  if (visits >= fanFrom) return 'fan';
  if (visits >= oldFrom) return 'old';
  return visits === 1 ? 'new' : 'second';
}

/** No purchase for `sleepingDays`: with 180, day 179 is not, day 180 is. Somebody who never bought does not sleep. */
export function isSleeping(
  stats: PurchaseStats,
  thresholds: Pick<RfmThresholds, 'sleepingDays'>,
  asOfDate: string,
): boolean {
  const days = daysSinceLast(stats, asOfDate);
  return days !== null && days >= thresholds.sleepingDays;
}

/** More days without a purchase than twice the own cycle; with one visit only, twice the shop's. */
export function isAtRisk(
  stats: PurchaseStats,
  thresholds: Pick<RfmThresholds, 'atRiskPastBp' | 'fallbackCycleDays'>,
  asOfDate: string,
  shopCycle: Cycle | null = null,
): boolean {
  const days = daysSinceLast(stats, asOfDate);
  if (days === null) return false;
  const cycle = cycleOf(stats) ?? shopCycle ?? fallbackCycle(thresholds);
  return isPast(days, cycle, thresholds.atRiskPastBp);
}

/** `days > multiple * spanDays / gaps`, in whole numbers. */
function isPast(days: number, { spanDays, gaps }: Cycle, pastBp: number): boolean {
  return BigInt(days) * BigInt(gaps) * 10_000n > BigInt(pastBp) * BigInt(spanDays);
}

/** A member's own cycle; null below two visits. */
export function cycleOf(stats: PurchaseStats): Cycle | null {
  if (stats.visits < 2) return null;
  return { spanDays: daysBetween(stats.firstOn!, stats.lastOn!), gaps: stats.visits - 1 };
}

/** The shop's cycle: all days between visits over all gaps, of those who came twice; null when nobody did. */
export function shopCycleOf(members: Iterable<PurchaseStats>): Cycle | null {
  let [spanDays, gaps] = [0, 0];
  for (const stats of members) {
    const cycle = cycleOf(stats);
    if (cycle === null) continue;
    spanDays += cycle.spanDays;
    gaps += cycle.gaps;
  }
  return gaps === 0 ? null : { spanDays, gaps };
}

export function fallbackCycle({ fallbackCycleDays }: Pick<RfmThresholds, 'fallbackCycleDays'>): Cycle {
  return { spanDays: fallbackCycleDays, gaps: 1 };
}

/** Null without a visit. A last visit after `asOfDate` (a clock that went wrong) counts as today. */
export function daysSinceLast({ lastOn }: PurchaseStats, asOfDate: string): number | null {
  return lastOn === null ? null : Math.max(0, daysBetween(lastOn, asOfDate));
}

const DAY_MS = 86_400_000;

/** Whole calendar days between two dates `YYYY-MM-DD`; negative when `to` is before `from`. */
export function daysBetween(from: string, to: string): number {
  const days = (Date.parse(to) - Date.parse(from)) / DAY_MS;
  assert(Number.isInteger(days), `${from} and ${to} are dates YYYY-MM-DD`);
  return days;
}

/** Why thresholds cannot be used: the field and what it must be; null when they can. */
export function thresholdsProblem(
  thresholds: RfmThresholds,
): { readonly path: string; readonly expected: string } | null {
  const { recency, frequency } = thresholds;
  const steps: readonly (readonly [string, number, number])[] =
    recency.by === 'days'
      ? [
          ['recency.silentFromDays', recency.silentFromDays, 1],
          ['recency.sleepingFromDays', recency.sleepingFromDays, recency.silentFromDays + 1],
          ['recency.lostFromDays', recency.lostFromDays, recency.sleepingFromDays + 1],
        ]
      : [
          ['recency.silentPastBp', recency.silentPastBp, 1],
          ['recency.sleepingPastBp', recency.sleepingPastBp, recency.silentPastBp + 1],
          ['recency.lostPastBp', recency.lostPastBp, recency.sleepingPastBp + 1],
        ];
  const all = [
    ...steps,
    ['frequency.oldFrom', frequency.oldFrom, 3] as const,
    ['frequency.fanFrom', frequency.fanFrom, frequency.oldFrom + 1] as const,
    ['sleepingDays', thresholds.sleepingDays, 1] as const,
    ['atRiskPastBp', thresholds.atRiskPastBp, 1] as const,
    ['fallbackCycleDays', thresholds.fallbackCycleDays, 1] as const,
  ];
  for (const [path, value, min] of all) {
    if (!Number.isSafeInteger(value) || value < min || value > THRESHOLD_MAX) {
      return { path, expected: `a whole number from ${min} to ${THRESHOLD_MAX}` };
    }
  }
  return null;
}

/** 2,700 years of days, 100 cycles in basis points: room for every sense, and products stay within 64 bits. */
const THRESHOLD_MAX = 1_000_000;

// ---- scores ----

/**
 * Cut points that split values into `bins` parts of one size, as far as equal values allow: the k-th is the value at rank
 * `ceil(k * n / bins)`.
 *
 * @param ascending  sorted, any n; of nothing there are no cuts
 * @param bins       2 or more
 */
export function quantileCuts<T extends number | string>(ascending: readonly T[], bins: number): T[] {
  assert(Number.isSafeInteger(bins) && bins >= 2, 'there are two bins or more');
  if (ascending.length === 0) return [];
  return Array.from(
    { length: bins - 1 },
    (_, index) => ascending[cutRank(index + 1, ascending.length, bins) - 1]!,
  );
}

/** Rank (from 1) of the k-th cut. */
export function cutRank(k: number, count: number, bins: number): number {
  return Math.ceil((k * count) / bins);
}

/** 1 to `cuts.length + 1`, higher is more: one more than the cuts that lie below the value. Equal values score the same. */
export function scoreOf<T extends number | string>(value: T, cuts: readonly T[]): number {
  return 1 + cuts.filter((cut) => value > cut).length;
}

// ---- concentration ----

export interface TopShare {
  /** Members in the top part: `ceil(n * topBp / 10000)`. */
  readonly members: number;
  readonly amountMinor: number;
  /** Their part of the whole, rounded half up; null when the whole is not above zero. */
  readonly shareBp: number | null;
}

/**
 * What the top x % of members bring: "15 % of members = 38 % of trade".
 *
 * @param amountsMinor  net amount of each buyer, any order
 * @param topBp         1500 = the top 15 %, 0..10000
 */
export function topShare(amountsMinor: readonly number[], topBp: number): TopShare {
  const members = topCount(amountsMinor.length, topBp);
  const amountMinor = sumMinor(amountsMinor.toSorted((a, b) => b - a).slice(0, members));
  return { members, amountMinor, shareBp: shareBpOf(amountMinor, sumMinor(amountsMinor)) };
}

export function topCount(members: number, topBp: number): number {
  assert(Number.isSafeInteger(topBp) && topBp >= 0 && topBp <= 10_000, 'a top part is 0 to 10000 bp');
  return Math.ceil((members * topBp) / 10_000);
}

/** A part of a whole in basis points, rounded half up; null when the whole is not above zero. */
export function shareBpOf(partMinor: number, wholeMinor: number): number | null {
  assertMoney(partMinor);
  assertMoney(wholeMinor);
  if (wholeMinor <= 0) return null;
  const doubled = 20_000n * BigInt(partMinor) + BigInt(wholeMinor);
  const divisor = 2n * BigInt(wholeMinor);
  const floor = doubled / divisor - (doubled < 0n && doubled % divisor !== 0n ? 1n : 0n);
  return Number(floor);
}
