/**
 * Step 7: coupons, merchant before platform, and an answer to every code that was entered.
 *
 * Pure. A coupon is a rule that waits for its code: an own code, or the number of a GS1 coupon (AI 255) whose value may be in
 * the code (390n, 394n). Conditions count what is due after line and set offers. A coupon that may not meet another one, or
 * that would take nothing off, says so; the customer keeps it.
 */
import { seriesOf } from './coupon-code.ts';
import { partBp } from './money.ts';
import type { CouponEntry, Off } from './promotion.ts';
import { type NotLive, notLive } from './promotion-audience.ts';
import { allowedPlans, bestOf, components } from './promotion-combine.ts';
import { valueOfUnits } from './promotion-draft.ts';
import { formSets, type Take } from './promotion-form.ts';
import type { CompiledRules } from './promotion-index.ts';
import { amountOff } from './promotion-line.ts';
import {
  hereOf,
  lackingOf,
  mayTake,
  moneyLeftOf,
  nameOf,
  noteSet,
  type Offer,
  type PriceContext,
  type Run,
  usesLeftOf,
} from './promotion-run.ts';
import { apply, bestStep, type Cut, cutOf, spreadCut } from './promotion-threshold.ts';

export type CouponAnswer = { readonly code: string; readonly ruleId: string | null } & (
  | { readonly kind: 'applied'; readonly offMinor: number }
  | { readonly kind: 'unknown' }
  /** A GS1 coupon of another issuer. */
  | { readonly kind: 'other_chain' }
  | { readonly kind: NotLive }
  | { readonly kind: 'used_up' }
  | { readonly kind: 'below_minimum'; readonly missingMinor?: number; readonly missingQty?: number }
  | { readonly kind: 'not_these_items' }
  | { readonly kind: 'not_combinable' }
  /** All it could reduce is already free or at its floor. */
  | { readonly kind: 'nothing_left' }
);

/** An entered coupon whose rule runs here and now. */
export interface Entered {
  readonly code: string;
  readonly number: number;
  /** What a GS1 code itself says. */
  readonly value: Off | null;
}

export function codeOf(entry: CouponEntry): string {
  return 'code' in entry ? entry.code : entry.gs1.number + entry.gs1.serial;
}

/** Sorts out what was entered: coupons that may be tried, and answers to those that may not. */
export function readCoupons(
  compiled: CompiledRules,
  context: PriceContext,
): { readonly entered: readonly Entered[]; readonly answers: readonly CouponAnswer[] } {
  const entered: Entered[] = [];
  const answers: CouponAnswer[] = [];
  const here = hereOf(context);
  for (const entry of context.coupons.toSorted((a, b) =>
    codeOf(a) < codeOf(b) ? -1 : codeOf(a) > codeOf(b) ? 1 : 0,
  )) {
    const code = codeOf(entry);
    const number = 'code' in entry ? ofOwn(compiled, code) : compiled.byGs1.get(entry.gs1.number);
    if (number === undefined) {
      answers.push({ code, ruleId: null, kind: 'code' in entry ? 'unknown' : 'other_chain' });
      continue;
    }
    const rule = compiled.rules[number]!;
    const ruleId = rule.id;
    const reason = notLive(rule, here);
    const again = entered.some((other) => other.code === code);
    const spent = (context.usesLeft.coupons?.[code] ?? 1) < 1 || (context.usesLeft.rules?.[ruleId] ?? 1) < 1;
    if (reason !== null) answers.push({ code, ruleId, kind: reason });
    else if (again || spent) answers.push({ code, ruleId, kind: 'used_up' });
    else entered.push({ code, number, value: valueIn(entry) });
  }
  return { entered, answers };
}

/** A code that a rule names, else the rule of its series. */
function ofOwn({ byCode, bySeries }: CompiledRules, code: string): number | undefined {
  return byCode.get(code) ?? bySeries.get(seriesOf(code) ?? '');
}

/** Whether a rule waits for this code, or for its series. */
export function isAwaited(promotions: CompiledRules, code: string): boolean {
  return ofOwn(promotions, code) !== undefined;
}

function valueIn(entry: CouponEntry): Off | null {
  if ('code' in entry) return null;
  if (entry.gs1.amountMinor !== undefined) return { amountMinor: entry.gs1.amountMinor };
  return entry.gs1.rateBp === undefined ? null : { rateBp: entry.gs1.rateBp };
}

interface Candidate {
  readonly rule: Offer['rule'];
  readonly offer: Offer;
  readonly entry: Entered;
  readonly ranks: readonly number[];
  readonly aloneMinor: number;
}

export function coupons(run: Run, entered: readonly Entered[]): CouponAnswer[] {
  const answers: CouponAnswer[] = [];
  const candidates: Candidate[] = [];
  for (const entry of entered) {
    const rule = run.compiled.rules[entry.number]!;
    const refused = refusal(run, entry);
    if (refused !== null) {
      answers.push({ code: entry.code, ruleId: rule.id, ...refused } as CouponAnswer);
      continue;
    }
    const offer = run.offers.coupon.get(entry.number)!;
    const ranks = ranksOf(run, offer);
    const aloneMinor = cut(run, offer, entry, (rank) => run.lines[rank]!.netMinor).offMinor;
    if (aloneMinor === 0) answers.push({ code: entry.code, ruleId: rule.id, kind: 'nothing_left' });
    else candidates.push({ rule, offer, entry, ranks, aloneMinor });
  }
  candidates.sort(byIssuer);
  for (const rivals of components(candidates, ({ ranks }) => ranks)) answers.push(...take(run, rivals));
  return answers;
}

function byIssuer(a: Candidate, b: Candidate): number {
  const late = ({ rule }: Candidate) => (rule.coupon?.issuer === 'platform' ? 1 : 0);
  return late(a) - late(b) || a.offer.number - b.offer.number || (a.entry.code < b.entry.code ? -1 : 1);
}

function refusal(run: Run, { number }: Entered): object | null {
  const rule = run.compiled.rules[number]!;
  const offer = run.offers.coupon.get(number);
  if (offer === undefined || offer.slots.some((ranks) => ranks.length === 0))
    return { kind: 'not_these_items' };
  const ranks = ranksOf(run, offer);
  if (ranks.length === 0 || (run.caps.get(rule.id) ?? 1) === 0) return { kind: 'not_combinable' };
  const lacking = lackingOf(run, number, (rank) => run.basisMinor[rank]!);
  if (lacking !== null) {
    const { kind, missing } = lacking;
    return kind === 'amount'
      ? { kind: 'below_minimum', missingMinor: missing }
      : { kind: 'below_minimum', missingQty: missing };
  }
  // An exclusive coupon applies where no other offer is: pricing also tries the goods for the coupon alone.
  if (rule.mode === 'exclusive' && !run.reserved.has(number) && ranks.some((rank) => hasOffer(run, rank))) {
    return { kind: 'not_combinable' };
  }
  const { group } = rule;
  if (group !== undefined && run.by.groups.get(group)?.onlyOne === true) {
    const ofGroup = new Set(run.compiled.rules.filter((other) => other.group === group).map(({ id }) => id));
    const isIn = ranks.some((rank) => run.lines[rank]!.adjustments.some(({ ruleId }) => ofGroup.has(ruleId)));
    if (isIn) return { kind: 'not_combinable' };
  }
  return null;
}

function hasOffer(run: Run, rank: number): boolean {
  return run.lines[rank]!.adjustments.some(({ reason }) => reason.kind !== 'tier' && reason.kind !== 'price');
}

function ranksOf(run: Run, offer: Offer): number[] {
  const ranks = new Set(offer.slots.flat());
  return [...ranks].sort((a, b) => a - b).filter((rank) => mayTake(run, offer, rank));
}

function take(run: Run, rivals: readonly Candidate[]): CouponAnswer[] {
  // By priority for the modes, by issuer for the order of work.
  const byPriority = rivals.toSorted((a, b) => a.offer.number - b.offer.number);
  const allowed = allowedPlans(byPriority, run.by, ({ aloneMinor }) => aloneMinor);
  const plan = bestOf(
    allowed,
    (candidate) => candidate,
    (candidate) => (allowed.length === 1 ? 0 : planOff(run, rivals, candidate)),
  );
  return rivals.map((candidate): CouponAnswer => {
    const { rule, offer, entry } = candidate;
    const { code } = entry;
    if (!plan.includes(candidate)) return { code, ruleId: rule.id, kind: 'not_combinable' };
    const taken = cut(run, offer, entry, (rank) => run.lines[rank]!.netMinor);
    if (taken.offMinor === 0) {
      const spent = usesLeftOf(run, rule) === 0;
      return { code, ruleId: rule.id, kind: spent ? 'used_up' : 'nothing_left' };
    }
    const { offMinor } = taken;
    if (taken.takes !== undefined) noteSet(run, taken.takes, taken.parts);
    apply(run, rule, taken, { kind: 'coupon', name: nameOf(run, rule), code, offMinor });
    return { code, ruleId: rule.id, kind: 'applied', offMinor };
  });
}

function planOff(run: Run, inOrder: readonly Candidate[], plan: readonly Candidate[]): number {
  const off = new Map<number, number>();
  const { sets } = run;
  // A plan that is only weighed leaves no trace.
  run.sets = new Map(sets);
  let sum = 0;
  for (const candidate of inOrder) {
    if (!plan.includes(candidate)) continue;
    const taken = cut(
      run,
      candidate.offer,
      candidate.entry,
      (rank) => run.lines[rank]!.netMinor - (off.get(rank) ?? 0),
    );
    for (const { rank, offMinor } of taken.parts) off.set(rank, (off.get(rank) ?? 0) + offMinor);
    if (taken.takes !== undefined) noteSet(run, taken.takes, taken.parts);
    sum += taken.offMinor;
  }
  run.sets = sets;
  return sum;
}

/** What a coupon takes off lines that are due `netOf`. */
function cut(run: Run, offer: Offer, entry: Entered, netOf: (rank: number) => number): Cut {
  const { rule } = offer;
  const { reward } = rule;
  const none: Cut = { uses: 0, parts: [], offMinor: 0 };
  if (usesLeftOf(run, rule) === 0) return none;
  const ranks = ranksOf(run, offer);
  if (reward.kind === 'order_off') {
    const off = 'fromCode' in reward.off ? entry.value : reward.off;
    return off === null ? none : spreadCut(run, rule, off, ranks, netOf);
  }
  if (reward.kind === 'threshold') {
    const reached = bestStep(run, offer);
    return reached === null ? none : cutOf(run, rule, reached.step, reached.times, ranks, netOf);
  }
  if (reward.kind === 'amount_off' || reward.kind === 'percent_off') return lineCut(run, offer, ranks, netOf);
  return setCut(run, offer, netOf);
}

function lineCut(run: Run, { rule }: Offer, ranks: readonly number[], netOf: (rank: number) => number): Cut {
  const { reward } = rule;
  let uses = usesLeftOf(run, rule);
  let money = moneyLeftOf(run, rule);
  const parts: { rank: number; offMinor: number }[] = [];
  const before = uses;
  for (const rank of ranks.toSorted((a, b) => priceAt(run, b) - priceAt(run, a) || a - b)) {
    const { line, floorMinor } = run.lines[rank]!;
    const units = Math.min(line.qty, rule.limits?.unitsPerLine ?? line.qty, uses);
    const net = netOf(rank);
    const worth = valueOfUnits(net, line.qty, units);
    const wanted =
      reward.kind === 'amount_off'
        ? Math.min(amountOff(line, reward.amountMinor, units), worth)
        : partBp(worth, reward.kind === 'percent_off' ? reward.rateBp : 0);
    const offMinor = Math.min(wanted, Math.max(0, net - floorMinor), money);
    if (offMinor <= 0) continue;
    parts.push({ rank, offMinor });
    uses -= units;
    money -= offMinor;
  }
  return { uses: before - uses, parts, offMinor: parts.reduce((sum, part) => sum + part.offMinor, 0) };
}

function priceAt(run: Run, rank: number): number {
  return run.lines[rank]!.line.unitPriceMinor;
}

function setCut(run: Run, offer: Offer, netOf: (rank: number) => number): Cut {
  const taken = new Map([...run.sets].map(([rank, { units }]) => [rank, units]));
  const takes: Take[] = [];
  const off = new Map<number, number>();
  let left = usesLeftOf(run, offer.rule);
  let money = moneyLeftOf(run, offer.rule);
  let uses = 0;
  const pool = {
    qtyOf: (rank: number) =>
      run.lines[rank]!.line.weightG === null && mayTake(run, offer, rank) ? run.lines[rank]!.line.qty : 0,
    // Units that are in no set are worth what they were before the sets of others.
    netOf: (rank: number) => netOf(rank) + (run.sets.get(rank)?.offMinor ?? 0),
    dueOf: netOf,
    floorOf: (rank: number) => run.lines[rank]!.floorMinor,
    taken,
  };
  while (left > 0) {
    const formed = formSets(offer, pool, left);
    if (formed === null) break;
    for (const { rank, units } of formed.takes) taken.set(rank, (taken.get(rank) ?? 0) + units);
    takes.push(...formed.takes);
    for (const { rank, offMinor } of formed.parts) {
      const room = Math.max(0, netOf(rank) - run.lines[rank]!.floorMinor - (off.get(rank) ?? 0));
      const part = Math.min(offMinor, money, room);
      off.set(rank, (off.get(rank) ?? 0) + part);
      money -= part;
    }
    left -= formed.sets;
    uses += formed.sets;
  }
  const parts = [...off].map(([rank, offMinor]) => ({ rank, offMinor })).sort((a, b) => a.rank - b.rank);
  return { uses, parts, takes, offMinor: parts.reduce((sum, part) => sum + part.offMinor, 0) };
}
