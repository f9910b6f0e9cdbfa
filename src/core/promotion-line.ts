/**
 * Steps 2 and 3: the price of a line, and the offers on it alone.
 *
 * Pure. Price candidates (promo price, member price, the tier's percentage) do not stack: the lowest wins, unless the set says
 * that the tier comes off a promo price too. Then line offers: money off, then percent (the order of D365), chained unless
 * their group adds. Goods coming back, flagged goods and a price that the cashier typed get nothing.
 */
import { type BasketLine, grossMinor } from './basket.ts';
import { nameIn } from './item.ts';
import type { Tier } from './loyalty.ts';
import { mulDivHalfUp, partBp, type Ratio } from './money.ts';
import type { Adjustment, Reason } from './promotion.ts';
import { allowedPlans, bestOf } from './promotion-combine.ts';
import { type DraftLine, roomOf, shareOfUnits, takeOff, valueOfUnits } from './promotion-draft.ts';
import {
  lackingOf,
  mayTake,
  moneyLeftOf,
  nameOf,
  note,
  type Offer,
  type Run,
  usesLeftOf,
} from './promotion-run.ts';

/** The line offers that a line has taken. */
export interface LinePlan {
  readonly offers: readonly LineOffer[];
  readonly exclusive: boolean;
  /** What they took off so far. */
  applied: readonly Part[];
}

interface LineOffer {
  readonly rule: Offer['rule'];
  readonly units: number;
}

/** The tier's percentage off one line; null where nothing comes off. Goods coming back never get one. */
export function tierAdjustment(line: BasketLine, tier: Tier | null, tierName: string): Adjustment | null {
  if (tier === null || tier.discountBp === 0 || line.qty < 0) return null;
  if (line.flags?.noDiscount === true || line.priceSource === 'manual') return null;
  const amountMinor = -partBp(grossMinor(line), tier.discountBp);
  return amountMinor === 0 ? null : tierOff(tier, tierName, amountMinor);
}

function tierOff(tier: Tier, tierName: string, amountMinor: number): Adjustment {
  return {
    ruleId: `tier:${tier.id}`,
    reason: { kind: 'tier', tierId: tier.id, tierName, rateBp: tier.discountBp },
    amountMinor,
  };
}

/** The line's net before rounding, where percentages alone made it finer than a minor unit. */
export function exactNet(line: BasketLine, netMinor: number, adjustments: readonly Adjustment[]): Ratio {
  let n = BigInt(grossMinor(line));
  let d = 1n;
  for (const { reason } of adjustments) {
    if (reason.kind !== 'tier' && reason.kind !== 'percent_off') return { n: BigInt(netMinor), d: 1n };
    n *= BigInt(10_000 - reason.rateBp);
    d *= 10_000n;
  }
  // A floor, a limit or an added percentage made it coarser than the chain of percentages: the whole net is the truth.
  const isNear = Math.abs(Number(n / d) - netMinor) <= adjustments.length;
  return isNear ? { n, d } : { n: BigInt(netMinor), d: 1n };
}

/** Step 2 for every line. */
export function priceLines(run: Run): void {
  const { tier = null } = run.context.member ?? {};
  const tierName = tier === null ? '' : nameIn(tier, run.context.locale);
  for (const rank of run.offers.dearestFirst) {
    const line = run.lines[rank]!;
    if (!line.automatic) continue;
    const promo = bestPrice(run, rank);
    const byTier = tierAdjustment(line.line, tier, tierName);
    const both = run.compiled.set.policy.tierOnPromoPrice === true;
    if (promo !== null && (both || byTier === null || promo.offMinor >= -byTier.amountMinor)) {
      const { rule } = promo.offer;
      takeOff(line, rule.id, promo.offMinor, {
        kind: 'price',
        name: nameOf(run, rule),
        unitPriceMinor: promo.priceMinor,
      });
      note(run, rule, promo.units, promo.offMinor);
      line.reduced = true;
      if (rule.mode === 'exclusive') line.closed = true;
    }
    if (byTier !== null && tier !== null && (both || !line.reduced)) {
      const offMinor = Math.min(partBp(line.netMinor, tier.discountBp), roomOf(line));
      const { ruleId, reason } = byTier;
      takeOff(line, ruleId, offMinor, reason);
    }
    line.priceMinor = line.netMinor;
  }
}

interface PromoPrice {
  readonly offer: Offer;
  readonly priceMinor: number;
  readonly units: number;
  readonly offMinor: number;
}

function bestPrice(run: Run, rank: number): PromoPrice | null {
  const line = run.lines[rank]!;
  if (line.line.priceSource !== 'list') return null;
  const prices: PromoPrice[] = [];
  for (const offer of run.offers.byLine[rank]!) {
    const { reward } = offer.rule;
    if (reward.kind !== 'unit_price') continue;
    const priceMinor = 'prices' in reward ? reward.prices[line.line.sku] : reward.priceMinor;
    if (priceMinor === undefined || priceMinor >= line.line.unitPriceMinor) continue;
    if (lackingOf(run, offer.number, (other) => run.lines[other]!.grossMinor) !== null) continue;
    const units = unitsOf(run, offer, line);
    if (units === 0) continue;
    const saving = grossMinor({
      ...line.line,
      qty: units,
      unitPriceMinor: line.line.unitPriceMinor - priceMinor,
    });
    const offMinor = Math.min(saving, roomOf(line), moneyLeftOf(run, offer.rule));
    if (offMinor > 0) prices.push({ offer, priceMinor, units, offMinor });
  }
  return prices.length === 0
    ? null
    : bestOf(
        prices,
        (price) => [price.offer],
        (price) => price.offMinor,
      );
}

/** Step 3 for every line; the plans are kept, since a set may still win units back. */
export function lineOffers(run: Run): (LinePlan | null)[] {
  const plans: (LinePlan | null)[] = run.lines.map(() => null);
  const lacking = new Map<number, boolean>();
  const holds = ({ number }: Offer) => {
    let holding = lacking.get(number);
    if (holding === undefined) {
      holding = lackingOf(run, number, (rank) => run.lines[rank]!.grossMinor) === null;
      lacking.set(number, holding);
    }
    return holding;
  };
  for (const rank of run.offers.dearestFirst) {
    const line = run.lines[rank]!;
    const offers: (LineOffer & { alone: number })[] = [];
    for (const offer of run.offers.byLine[rank]!) {
      if (offer.rule.reward.kind === 'unit_price' || !mayTake(run, offer, rank) || !holds(offer)) continue;
      const units = unitsOf(run, offer, line);
      const candidate = { rule: offer.rule, units, alone: 0 };
      candidate.alone = workOut(run, line, [candidate], line.priceMinor, line.line.qty, null);
      if (candidate.alone > 0) offers.push(candidate);
    }
    if (offers.length === 0) continue;
    const allowed = allowedPlans(offers, run.by, ({ alone }) => alone);
    const plan =
      allowed.length === 1
        ? allowed[0]!
        : bestOf(
            allowed,
            (candidate) => candidate,
            (candidate) => workOut(run, line, candidate, line.priceMinor, line.line.qty, null),
          );
    const exclusive = plan[0]!.rule.mode === 'exclusive';
    plans[rank] = { offers: plan, exclusive, applied: [] };
    applyLinePlan(run, rank, plans[rank]!, 0);
    if (exclusive) line.closed = true;
  }
  return plans;
}

/**
 * Puts the offers of a line on those of its units that no competing set has taken.
 *
 * @param takenUnits  units that a set sells instead, at the price after step 2 less what the set takes off
 */
export function applyLinePlan(run: Run, rank: number, plan: LinePlan, takenUnits: number): void {
  const line = run.lines[rank]!;
  withdrawLinePlan(run, line, plan);
  const takenMinor = valueOfUnits(line.priceMinor, line.line.qty, takenUnits);
  const units = line.line.qty - takenUnits;
  if (units === 0) return;
  const parts: Part[] = [];
  workOut(run, line, plan.offers, line.priceMinor - takenMinor, units, parts);
  plan.applied = parts;
  for (const part of parts) {
    takeOff(line, part.rule.id, part.offMinor, part.reason);
    note(run, part.rule, part.units, part.offMinor);
  }
}

function withdrawLinePlan(run: Run, line: DraftLine, plan: LinePlan): void {
  line.netMinor = line.priceMinor;
  if (plan.applied.length === 0) return;
  for (const { rule, units, offMinor } of plan.applied) note(run, rule, -units, -offMinor);
  const ids = new Set(plan.applied.map(({ rule }) => rule.id));
  line.adjustments = line.adjustments.filter(({ ruleId }) => !ids.has(ruleId));
  plan.applied = [];
}

interface Part {
  readonly rule: Offer['rule'];
  readonly units: number;
  readonly offMinor: number;
  readonly reason: Reason;
}

/**
 * What offers take off `units` of a line worth `baseMinor`, in the order of step 3: money off, then percent.
 *
 * @param parts  gets what each offer takes off, with its reason; null where only the sum is wanted
 * @returns      the sum
 */
function workOut(
  run: Run,
  line: DraftLine,
  offers: readonly LineOffer[],
  baseMinor: number,
  units: number,
  parts: Part[] | null,
): number {
  const floorMinor = Math.ceil((line.floorMinor * units) / line.line.qty);
  const added = new Map<string, number>();
  let netMinor = baseMinor;
  for (let i = 0; i < offers.length; i++) {
    const { rule, units: most } = offers[i]!;
    const { reward } = rule;
    if (reward.kind !== 'amount_off') continue;
    const taken = Math.min(most, units);
    const wanted = amountOff(line.line, reward.amountMinor, taken);
    const offMinor = Math.min(wanted, netMinor - floorMinor, moneyLeftOf(run, rule));
    if (offMinor <= 0) continue;
    netMinor -= offMinor;
    if (parts === null) continue;
    const name = nameOf(run, rule);
    const reason: Reason = { kind: 'amount_off', name, unitMinor: reward.amountMinor, units: taken };
    parts.push({ rule, units: taken, offMinor, reason });
  }
  for (let i = 0; i < offers.length; i++) {
    const { rule, units: most } = offers[i]!;
    const { reward, group } = rule;
    if (reward.kind !== 'percent_off') continue;
    const taken = Math.min(most, units);
    let fromMinor = netMinor;
    if (group !== undefined && run.by.groups.get(group)?.percents === 'add') {
      fromMinor = added.get(group) ?? netMinor;
      added.set(group, fromMinor);
    }
    const wanted = partBp(shareOfUnits(fromMinor, units, taken), reward.rateBp);
    const offMinor = Math.min(wanted, netMinor - floorMinor, moneyLeftOf(run, rule));
    if (offMinor <= 0) continue;
    netMinor -= offMinor;
    if (parts === null) continue;
    const reason: Reason = { kind: 'percent_off', name: nameOf(run, rule), rateBp: reward.rateBp };
    parts.push({ rule, units: taken, offMinor, reason });
  }
  return baseMinor - netMinor;
}

/** Money off units; off each kilogram of weighed goods. */
export function amountOff(line: BasketLine, amountMinor: number, units: number): number {
  return line.weightG === null ? amountMinor * units : mulDivHalfUp(amountMinor, line.weightG, 1_000);
}

/** How many units of a line a line offer may take. */
export function unitsOf(run: Run, { rule }: Pick<Offer, 'rule'>, { line }: DraftLine): number {
  return Math.min(line.qty, rule.limits?.unitsPerLine ?? line.qty, usesLeftOf(run, rule));
}
