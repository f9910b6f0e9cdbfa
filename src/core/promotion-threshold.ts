/**
 * Steps 5 and 6: thresholds on what is due after line and set offers, then at most one automatic order discount.
 *
 * Pure. Whether a step is reached is decided once, on the amounts after step 4 (DOMAIN 3.2): a threshold never judges what
 * another threshold left. What comes off is worked out on what is still due, in order of priority, and spread over the
 * rule's goods. Rules that share goods combine by mode and policy; rules on different goods never meet.
 */
import { partBp } from './money.ts';
import type { Off, Reason, Step } from './promotion.ts';
import { allowedPlans, bestOf, components } from './promotion-combine.ts';
import { roomOf, spreadCapped, takeOff, valueOfUnits } from './promotion-draft.ts';
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

export interface Cut {
  readonly uses: number;
  readonly parts: readonly { readonly rank: number; readonly offMinor: number }[];
  readonly offMinor: number;
  /** Units that a coupon's set takes. */
  readonly takes?: readonly { readonly rank: number; readonly units: number }[];
}

interface Reached {
  readonly rule: Offer['rule'];
  readonly offer: Offer;
  readonly step: Step;
  readonly times: number;
  readonly ranks: readonly number[];
  /** What it takes off by itself. */
  readonly aloneMinor: number;
}

export function thresholds(run: Run): void {
  const { steps } = resolve(run, run.offers.threshold, new Set());
  for (const { rule, step, times, ranks } of steps) {
    const cut = cutOf(run, rule, step, times, ranks, (rank) => run.lines[rank]!.netMinor);
    const { reward } = rule;
    const by = reward.kind === 'threshold' ? reward.by : 'amount';
    const name = nameOf(run, rule);
    apply(
      run,
      rule,
      cut,
      'gift' in step.off
        ? { kind: 'gift', name, units: step.off.gift.qty * times }
        : { kind: 'threshold', name, by, from: step.from * times, offMinor: cut.offMinor },
    );
    if (rule.mode === 'exclusive') for (const rank of ranks) run.lines[rank]!.closed = true;
  }
}

/** So many rules on the same goods are weighed with what the losers still give elsewhere; beyond, the winner is by itself. */
const RIVALS_MAX = 4;

/**
 * The thresholds that apply, in order of work.
 *
 * Rules meet on the same goods only: one that loses may still be reached by those of its goods that no winner takes.
 */
function resolve(
  run: Run,
  offers: readonly Offer[],
  taken: ReadonlySet<number>,
  weigh = false,
): { readonly steps: readonly Reached[]; readonly offMinor: number } {
  const reached = offers.map((offer) => bestStep(run, offer, taken)).filter((found) => found !== null);
  const steps: Reached[] = [];
  let offMinor = 0;
  for (const rivals of components(reached, ({ ranks }) => ranks)) {
    const allowed = allowedPlans(rivals, run.by, ({ aloneMinor }) => aloneMinor);
    const deep = allowed.length > 1 && rivals.length <= RIVALS_MAX;
    const options = (deep ? allowed : promising(run, allowed)).map((plan) => ({
      plan,
      offMinor: allowed.length === 1 ? 0 : planOff(run, plan),
      rest: deep ? restOf(run, rivals, plan, taken) : null,
    }));
    const best = bestOf(
      options,
      ({ plan }) => plan,
      (option) => option.offMinor + (option.rest?.offMinor ?? 0),
    );
    const rest = best.rest ?? restOf(run, rivals, best.plan, taken);
    steps.push(...best.plan, ...rest.steps);
    // Only who weighs what losers still give asks for the sum.
    if (weigh) offMinor += (allowed.length === 1 ? planOff(run, best.plan) : best.offMinor) + rest.offMinor;
  }
  return { steps, offMinor };
}

/** Plans that may be the best: together rules take off no more than each by itself, which is quickly summed. */
function promising(run: Run, plans: readonly Reached[][]): readonly Reached[][] {
  if (plans.length <= 2) return plans;
  const most = plans.map((plan) => plan.reduce((sum, { aloneMinor }) => sum + aloneMinor, 0));
  const enough = planOff(run, plans[most.indexOf(Math.max(...most))]!);
  return plans.filter((_, i) => most[i]! >= enough);
}

function restOf(run: Run, rivals: readonly Reached[], plan: readonly Reached[], taken: ReadonlySet<number>) {
  const losers = rivals.filter((rival) => !plan.includes(rival));
  if (losers.length === 0) return { steps: [], offMinor: 0 };
  const nowTaken = new Set([...taken, ...plan.flatMap(({ ranks }) => ranks)]);
  return resolve(
    run,
    losers.map(({ offer }) => offer),
    nowTaken,
    true,
  );
}

function planOff(run: Run, plan: readonly Reached[]): number {
  if (plan.length === 1) return plan[0]!.aloneMinor;
  const off = new Map<number, number>();
  const netOf = (rank: number) => run.lines[rank]!.netMinor - (off.get(rank) ?? 0);
  let sum = 0;
  for (let i = 0; i < plan.length; i++) {
    const { rule, step, times, ranks } = plan[i]!;
    // Where the last one's reduction lies matters to none.
    if (i === plan.length - 1) return sum + offOf(run, rule, step, times, ranks, netOf);
    const { parts, offMinor } = cutOf(run, rule, step, times, ranks, netOf);
    for (const part of parts) off.set(part.rank, (off.get(part.rank) ?? 0) + part.offMinor);
    sum += offMinor;
  }
  return sum;
}

/** The goods that a threshold counts and reduces. */
export function thresholdRanks(run: Run, offer: Offer): readonly number[] {
  return (offer.slots[0] ?? []).filter((rank) => mayTake(run, offer, rank));
}

/** What a threshold has counted: minor units after step 4, or pieces. Its own gift does not help to reach it. */
export function measured(run: Run, offer: Offer, step: Step, ranks: readonly number[]): number {
  const { reward } = offer.rule;
  const byAmount = reward.kind === 'threshold' && reward.by === 'amount';
  let gifts = 'gift' in step.off ? step.off.gift.qty : 0;
  let sum = 0;
  for (const rank of ranks) {
    const { line } = run.lines[rank]!;
    const isGift = 'gift' in step.off && line.sku === step.off.gift.sku;
    const free = isGift ? Math.min(gifts, line.qty) : 0;
    if (isGift) gifts -= free;
    sum += byAmount ? valueOfUnits(run.basisMinor[rank]!, line.qty, line.qty - free) : line.qty - free;
  }
  return sum;
}

/** Of the steps that are reached, the one that takes most off. */
export function bestStep(run: Run, offer: Offer, taken: ReadonlySet<number> = new Set()): Reached | null {
  const { rule } = offer;
  const { reward } = rule;
  if (reward.kind !== 'threshold' || usesLeftOf(run, rule) === 0) return null;
  if (lackingOf(run, offer.number, (rank) => run.basisMinor[rank]!) !== null) return null;
  const ranks = thresholdRanks(run, offer).filter((rank) => !taken.has(rank));
  if (ranks.length === 0) return null;
  let best: Reached | null = null;
  for (const step of reward.steps) {
    const have = measured(run, offer, step, ranks);
    if (have < step.from) continue;
    const times = step.every === true ? Math.min(Math.floor(have / step.from), usesLeftOf(run, rule)) : 1;
    const aloneMinor = offOf(run, rule, step, times, ranks, (rank) => run.lines[rank]!.netMinor);
    if (aloneMinor === 0) continue;
    if (best === null || aloneMinor >= best.aloneMinor)
      best = { rule, offer, step, times, ranks, aloneMinor };
  }
  return best;
}

/** What a step takes off, spread over the goods by what is due on them. */
export function cutOf(
  run: Run,
  rule: Offer['rule'],
  { off }: Pick<Step, 'off'>,
  times: number,
  ranks: readonly number[],
  netOf: (rank: number) => number,
): Cut {
  if ('gift' in off) return giftCut(run, rule, off.gift.sku, off.gift.qty * times, netOf);
  return spreadCut(
    run,
    rule,
    'amountMinor' in off ? { amountMinor: off.amountMinor * times } : off,
    ranks,
    netOf,
    times,
  );
}

/** What `cutOf` takes off in all, without spreading it. */
function offOf(
  run: Run,
  rule: Offer['rule'],
  { off }: Pick<Step, 'off'>,
  times: number,
  ranks: readonly number[],
  netOf: (rank: number) => number,
): number {
  if ('gift' in off) return giftCut(run, rule, off.gift.sku, off.gift.qty * times, netOf).offMinor;
  let dueMinor = 0;
  let roomMinor = 0;
  for (let i = 0; i < ranks.length; i++) {
    const net = netOf(ranks[i]!);
    dueMinor += net;
    roomMinor += Math.max(0, net - run.lines[ranks[i]!]!.floorMinor);
  }
  const wanted = 'amountMinor' in off ? off.amountMinor * times : partBp(dueMinor, off.rateBp);
  return Math.max(0, Math.min(wanted, moneyLeftOf(run, rule), roomMinor));
}

export function spreadCut(
  run: Run,
  rule: Offer['rule'],
  off: Off,
  ranks: readonly number[],
  netOf: (rank: number) => number,
  uses = 1,
): Cut {
  const nets = ranks.map(netOf);
  const dueMinor = nets.reduce((sum, net) => sum + net, 0);
  const wanted = 'amountMinor' in off ? off.amountMinor : partBp(dueMinor, off.rateBp);
  const rooms = ranks.map((rank, i) => Math.max(0, nets[i]! - run.lines[rank]!.floorMinor));
  const shares = spreadCapped(Math.min(wanted, moneyLeftOf(run, rule)), nets, rooms);
  const parts = ranks.map((rank, i) => ({ rank, offMinor: shares[i]! }));
  return { uses, parts, offMinor: shares.reduce((sum, share) => sum + share, 0) };
}

/** Units of the gift that the customer took along become free: the cheapest lines first, any that may be discounted. */
function giftCut(
  run: Run,
  rule: Offer['rule'],
  sku: string,
  qty: number,
  netOf: (rank: number) => number,
): Cut {
  const parts: { rank: number; offMinor: number }[] = [];
  let left = qty;
  let money = moneyLeftOf(run, rule);
  for (const [rank, { line, automatic, closed, floorMinor }] of run.lines.entries()) {
    if (left === 0) break;
    if (line.sku !== sku || !automatic || closed) continue;
    const units = Math.min(left, line.qty);
    const net = netOf(rank);
    const offMinor = Math.min(valueOfUnits(net, line.qty, units), Math.max(0, net - floorMinor), money);
    if (offMinor > 0) parts.push({ rank, offMinor });
    money -= offMinor;
    left -= units;
  }
  return { uses: 1, parts, offMinor: parts.reduce((sum, part) => sum + part.offMinor, 0) };
}

export function apply(run: Run, rule: Offer['rule'], cut: Cut, reason: Reason): void {
  for (const { rank, offMinor } of cut.parts) {
    const line = run.lines[rank]!;
    takeOff(line, rule.id, Math.min(offMinor, roomOf(line)), reason);
  }
  if (cut.offMinor > 0) note(run, rule, cut.uses, cut.offMinor);
}

/** Step 6: birthday, member day, a tier's order percentage: the one that is best for the customer. */
export function orderDiscount(run: Run): void {
  const candidates = run.offers.order
    .map((offer) => ({ rule: offer.rule, offer, offMinor: orderOff(run, offer) }))
    .filter(({ offMinor }) => offMinor > 0);
  if (candidates.length === 0) return;
  const exclusive = candidates.filter(({ rule }) => rule.mode === 'exclusive');
  const best = bestOf(
    exclusive.length > 0
      ? exclusive.filter(({ rule }) => rule.priority === exclusive[0]!.rule.priority)
      : candidates,
    (candidate) => [candidate],
    ({ offMinor }) => offMinor,
  );
  const { rule, offer, offMinor } = best;
  const off = offOfOrder(rule)!;
  const cut = spreadCut(run, rule, off, thresholdRanks(run, offer), (rank) => run.lines[rank]!.netMinor);
  const rateBp = 'rateBp' in off ? off.rateBp : 0;
  apply(run, rule, cut, { kind: 'order', name: nameOf(run, rule), rateBp, offMinor });
  if (rule.mode === 'exclusive') for (const { rank } of cut.parts) run.lines[rank]!.closed = true;
}

/** What an order discount would take off; 0 where it does not apply. */
function orderOff(run: Run, offer: Offer): number {
  const off = offOfOrder(offer.rule);
  if (off === null || usesLeftOf(run, offer.rule) === 0) return 0;
  if (lackingOf(run, offer.number, (rank) => run.basisMinor[rank]!) !== null) return 0;
  const ranks = thresholdRanks(run, offer);
  return offOf(run, offer.rule, { off }, 1, ranks, (rank) => run.lines[rank]!.netMinor);
}

function offOfOrder({ reward }: Offer['rule']): Off | null {
  return reward.kind === 'order_off' && !('fromCode' in reward.off) ? reward.off : null;
}
