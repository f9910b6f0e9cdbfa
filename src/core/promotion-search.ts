/**
 * The order of discounts, run once; and run again where another choice may be better for the customer.
 *
 * Pure. One run takes steps 2 to 8 of `pricing.ts` in order. It is repeated in three cases, under a stated bound: an exclusive
 * rule of a later step gets its goods for itself, an offer of an early step may have brought the goods just below the
 * threshold of a later one, and sets of automatic rules may hold the units that a coupon's sets would be worth more on.
 * Whatever is tried is tried in an order that does not hang on the scanning.
 */

import type { Rule } from './promotion.ts';
import { components } from './promotion-combine.ts';
import type { CouponAnswer, Entered } from './promotion-coupon.ts';
import { coupons } from './promotion-coupon.ts';
import { type DraftLine, freshDraft } from './promotion-draft.ts';
import type { CompiledRules } from './promotion-index.ts';
import { lineOffers, priceLines } from './promotion-line.ts';
import { type ManualAnswer, manualDiscounts } from './promotion-manual.ts';
import type { Gathered, Offer, PriceContext, Run } from './promotion-run.ts';
import { setOffers } from './promotion-set.ts';
import { measured, orderDiscount, thresholdRanks, thresholds } from './promotion-threshold.ts';

/** Lines that offers may touch in all runs beyond the first: about a millisecond. A small basket is searched whole. */
export const TOUCHES_MAX = 1_500;
/** Runs beyond the first that a basket may cost. */
export const RUNS_MAX = 32;

/** Up to so many sets of a rule, each smaller number of them is tried. */
const CAPS_MAX = 8;

export interface Ran {
  readonly run: Run;
  readonly coupons: readonly CouponAnswer[];
  readonly manual: readonly ManualAnswer[];
  readonly offMinor: number;
}

interface Facts {
  readonly compiled: CompiledRules;
  readonly context: PriceContext;
  readonly draft: readonly DraftLine[];
  readonly offers: Gathered;
  readonly entered: readonly Entered[];
}

type Caps = ReadonlyMap<string, number>;
const NO_CAPS: Caps = new Map();

export function bestRun(facts: Facts): Ran {
  const reserved = reservedOf(facts);
  let best = runOnce(facts, reserved, NO_CAPS);
  for (const offer of facts.offers.coupon.values()) {
    if (offer.rule.mode !== 'exclusive') continue;
    const without = runOnce(facts, reserved, new Map([[offer.rule.id, 0]]));
    const alone = runOnce(facts, new Set([...reserved, offer.number]), NO_CAPS);
    for (const other of [without, alone]) if (other.offMinor > best.offMinor) best = other;
  }
  const short = shortLines(best);
  return short === null ? best : withoutShortfall(facts, best, short);
}

/** Exclusive thresholds and order discounts beat all that shares goods with them: of each such heap one rule stays. */
function reservedOf(facts: Facts): ReadonlySet<number> {
  const { threshold, order } = facts.offers;
  const exclusive = [...threshold, ...order]
    .filter(({ rule }) => rule.mode === 'exclusive')
    .sort((a, b) => a.number - b.number);
  const reserved = new Set<number>();
  for (const heap of components(exclusive, ({ slots }) => slots[0]!)) {
    let best: { readonly offer: Offer; readonly offMinor: number } | null = null;
    for (const offer of heap) {
      if (best !== null && offer.rule.priority < best.offer.rule.priority) break;
      const { run } = runOnce(facts, new Set([offer.number]), NO_CAPS);
      const offMinor = run.offMinor.get(offer.rule.id) ?? 0;
      if (offMinor > (best?.offMinor ?? 0)) best = { offer, offMinor };
    }
    if (best !== null) reserved.add(best.offer.number);
  }
  return reserved;
}

function runOnce(facts: Facts, reserved: ReadonlySet<number>, caps: Caps): Ran {
  const { compiled, context, draft, offers, entered } = facts;
  const by = { across: compiled.set.policy.across, groups: compiled.groups };
  const lines = freshDraft(draft);
  const run: Run = {
    compiled,
    by,
    context,
    lines,
    offers,
    reserved,
    caps,
    used: new Map(),
    offMinor: new Map(),
    sets: new Map(),
    basisMinor: [],
  };
  for (const group of [offers.threshold, offers.order, [...offers.coupon.values()]]) {
    for (const { number, slots } of group) {
      if (reserved.has(number)) for (const rank of slots.flat()) lines[rank]!.closed = true;
    }
  }
  priceLines(run);
  setOffers(run, lineOffers(run));
  run.basisMinor = lines.map((line) => line.netMinor);
  thresholds(run);
  orderDiscount(run);
  const answers = coupons(run, entered);
  const manual = manualDiscounts(run);
  const offMinor = lines.reduce((sum, line) => sum + line.grossMinor - line.netMinor, 0);
  return { run, coupons: answers, manual, offMinor };
}

/**
 * Lines on which early offers may have cost a later one its minimum or its goods; null when giving them up cannot pay.
 *
 * To win back `missing`, early offers must give up at least as much; half of it, since later percentages grow with the base.
 */
function shortLines({ run, coupons: answers }: Ran): ReadonlySet<number> | null {
  const early = run.lines.map((line, rank) => {
    const tier = line.adjustments.find(({ reason }) => reason.kind === 'tier')?.amountMinor ?? 0;
    return line.grossMinor + tier - run.basisMinor[rank]!;
  });
  const short = new Set<number>();
  const all = early.reduce((sum, off) => sum + off, 0);
  if (all === 0) return null;
  const { threshold, order, coupon } = run.offers;
  const refused = answers.some(({ kind }) => kind === 'below_minimum');
  for (const offer of [...threshold, ...order, ...(refused ? coupon.values() : [])]) {
    const { reward, conditions, id } = offer.rule;
    // A condition may count other goods than the rule's own.
    if (conditions?.some(({ kind }) => kind === 'amount') && !run.used.has(id)) {
      for (const rank of early.keys()) short.add(rank);
    }
    if (reward.kind !== 'threshold' || reward.by !== 'amount') continue;
    const ranks = thresholdRanks(run, offer);
    const lost = ranks.reduce((sum, rank) => sum + early[rank]!, 0);
    if (lost === 0) continue;
    for (const step of reward.steps) {
      const have = measured(run, offer, step, ranks);
      const missing = step.every === true ? step.from - (have % step.from) : step.from - have;
      const gain = 'amountMinor' in step.off ? step.off.amountMinor : have + missing;
      if (missing > 0 && missing <= lost && gain * 2 > missing) for (const rank of ranks) short.add(rank);
    }
  }
  for (const rank of wantedBySetCoupons(run)) short.add(rank);
  return short.size === 0 ? null : short;
}

/** Lines that a coupon makes its sets of, where sets of other rules came first. */
function wantedBySetCoupons({ offers, used }: Run): number[] {
  const wants = [...offers.coupon.values()].filter(
    ({ rule }) => rule.mode !== 'exclusive' && SET_KINDS.has(rule.reward.kind),
  );
  if (wants.length === 0) return [];
  const inSets = new Set<number>();
  for (const { rule, slots } of offers.set) {
    if (rule.mode === 'exclusive' || (used.get(rule.id) ?? 0) === 0) continue;
    for (const ranks of slots) for (const rank of ranks) inSets.add(rank);
  }
  return wants.flatMap(({ slots }) => slots.flat()).filter((rank) => inSets.has(rank));
}

const SET_KINDS: ReadonlySet<Rule['reward']['kind']> = new Set(['n_for_price', 'buy_get', 'bundle']);

/** Tries the early offers with fewer uses: all ways when they are few, else one change after the other. */
function withoutShortfall(facts: Facts, start: Ran, short: ReadonlySet<number>): Ran {
  const fired = [...facts.offers.line, ...facts.offers.set]
    .filter(({ rule, slots }) => {
      // An exclusive offer stands above the customer's best.
      const used = rule.mode !== 'exclusive' && (start.run.used.get(rule.id) ?? 0) > 0;
      return used && slots.some((ranks) => ranks.some((rank) => short.has(rank)));
    })
    .map(({ rule, slots }) => ({ id: rule.id, caps: capsFor(start.run.used.get(rule.id)!, slots, facts) }));
  const ways = fired.reduce((product, { caps }) => product * (caps.length + 1), 1);
  let best = start;
  const runsMax = runsFor(facts);
  if (ways <= runsMax) {
    let all: Caps[] = [NO_CAPS];
    for (const { id, caps } of fired) {
      all = all.flatMap((made) => [made, ...caps.map((cap) => new Map([...made, [id, cap]]))]);
    }
    for (const caps of all.slice(1)) {
      const ran = runOnce(facts, start.run.reserved, caps);
      if (ran.offMinor > best.offMinor) best = ran;
    }
    return best;
  }
  let runs = 0;
  for (const { id, caps } of fired) {
    for (const cap of caps) {
      if (++runs > runsMax) return best;
      const ran = runOnce(facts, start.run.reserved, new Map([...best.run.caps, [id, cap]]));
      if (ran.offMinor > best.offMinor) best = ran;
    }
  }
  return best;
}

function runsFor({ offers }: Facts): number {
  let touches = 1;
  for (const stage of [offers.line, offers.set, offers.threshold, offers.order]) {
    for (const { slots } of stage) for (const ranks of slots) touches += ranks.length;
  }
  return Math.min(RUNS_MAX, Math.floor(TOUCHES_MAX / touches));
}

function capsFor(used: number, slots: Offer['slots'], facts: Facts): number[] {
  const isSet = facts.offers.set.some((offer) => offer.slots === slots);
  if (!isSet) return [0];
  if (used <= CAPS_MAX) return Array.from({ length: used }, (_, i) => used - 1 - i);
  return [used - 1, used - 2, Math.floor(used / 2), 1, 0];
}
