/**
 * One run of pricing: the draft, the offers that fit its goods, and what each rule has used so far.
 *
 * Pure, but a run changes in place and lives inside one `priceBasket`. Offers are gathered once a basket, through the index,
 * and shared by its runs; each run gets a fresh draft.
 */
import type { Locale } from './item.ts';
import { nameIn } from './item.ts';
import type { Tier } from './loyalty.ts';
import type { CouponEntry, LocalTime, Rule, UsesLeft } from './promotion.ts';
import { type Here, notLive, type Shopper } from './promotion-audience.ts';
import type { Combination } from './promotion-combine.ts';
import type { DraftLine } from './promotion-draft.ts';
import { type CompiledRules, eachMatch, matches } from './promotion-index.ts';

/** Everything besides basket and rules that a price hangs on. */
export interface PriceContext {
  readonly at: LocalTime;
  readonly storeId: string;
  /** The language of the names that reasons carry. */
  readonly locale: Locale;
  readonly member: PricingMember | null;
  readonly coupons: readonly CouponEntry[];
  readonly usesLeft: UsesLeft;
  readonly manual: readonly ManualDiscount[];
}

export interface PricingMember extends Omit<Shopper, 'tierId'> {
  readonly tier: Tier | null;
}

/** No member, no coupon, nothing by hand: a customer at a store. */
export function plainContext(storeId: string, at: LocalTime, locale: Locale): PriceContext {
  return { at, storeId, locale, member: null, coupons: [], usesLeft: {}, manual: [] };
}

/** A cashier's own discount. */
export interface ManualDiscount {
  /** A line number, or null for the whole order. */
  readonly lineNo: number | null;
  readonly off: { readonly amountMinor: number } | { readonly rateBp: number };
  /** What this cashier may give without approval. */
  readonly limitBp: number;
  /** The manager's approval, also for going below the margin floor. */
  readonly approvalId: string | null;
}

/** A rule with the draft lines that each of its filters finds. */
export interface Offer {
  readonly rule: Rule;
  /** Its place in the compiled set. */
  readonly number: number;
  readonly slots: readonly (readonly number[])[];
}

export interface Gathered {
  readonly line: readonly Offer[];
  /** Line offers by draft line. */
  readonly byLine: readonly (readonly Offer[])[];
  readonly set: readonly Offer[];
  readonly threshold: readonly Offer[];
  readonly order: readonly Offer[];
  /** Rules of entered coupons that find goods. */
  readonly coupon: ReadonlyMap<number, Offer>;
  /** Draft lines, the dearest unit first. */
  readonly dearestFirst: readonly number[];
}

export interface Run {
  readonly compiled: CompiledRules;
  readonly by: Combination;
  readonly context: PriceContext;
  readonly lines: DraftLine[];
  readonly offers: Gathered;
  /** Numbers of rules that have their lines for themselves: exclusive ones of a later step. */
  readonly reserved: ReadonlySet<number>;
  /** Tighter use limits that the search tries; 0 leaves a rule out. */
  readonly caps: ReadonlyMap<string, number>;
  readonly used: Map<string, number>;
  readonly offMinor: Map<string, number>;
  /** Units that are in sets, and what those sets took off: a unit is in at most one, a coupon's too. */
  sets: Map<number, InSets>;
  /** What each line is due after step 4: thresholds and later conditions count it. */
  basisMinor: readonly number[];
}

export interface InSets {
  readonly units: number;
  readonly offMinor: number;
}

const STAGE: Readonly<Record<Rule['reward']['kind'], 'line' | 'set' | 'threshold' | 'order'>> = {
  unit_price: 'line',
  amount_off: 'line',
  percent_off: 'line',
  n_for_price: 'set',
  buy_get: 'set',
  bundle: 'set',
  threshold: 'threshold',
  order_off: 'order',
};

export function hereOf(context: PriceContext): Here {
  const { at, storeId, member } = context;
  return { at, storeId, shopper: member === null ? null : { ...member, tierId: member.tier?.id ?? null } };
}

/** @param entered numbers of the rules whose coupons were entered and run here and now */
export function gather(
  compiled: CompiledRules,
  lines: readonly DraftLine[],
  context: PriceContext,
  entered: ReadonlySet<number>,
): Gathered {
  const here = hereOf(context);
  /** By rule: the lines that each of its slots finds; null: the rule does not run. */
  const found = new Array<number[][] | null | undefined>(compiled.rules.length).fill(undefined);
  let rank = 0;
  let line = lines[0]!;
  const see = (number: number, slot: number) => {
    let slots = found[number];
    if (slots === undefined) {
      const runs = entered.has(number) || isLive(compiled.rules[number]!, here);
      slots = runs ? compiled.slots[number]!.map(() => []) : null;
      found[number] = slots;
    }
    if (slots === null) return;
    const isFree =
      compiled.rules[number]!.coupon === undefined ? line.automatic : line.line.flags?.noCoupon !== true;
    if (!isFree) return;
    const ranks = slots[slot]!;
    // A line found by its SKU and its category is one line.
    if (ranks[ranks.length - 1] !== rank) ranks.push(rank);
  };
  for (; rank < lines.length; rank++) {
    line = lines[rank]!;
    if (line.open) eachMatch(compiled, line.line, see);
  }
  return sorted(compiled, lines, found);
}

/** Whether a rule without a coupon runs. */
function isLive(rule: Rule, here: Here): boolean {
  return rule.coupon === undefined && notLive(rule, here) === null;
}

function sorted(
  { rules }: CompiledRules,
  lines: readonly DraftLine[],
  found: readonly (number[][] | null | undefined)[],
): Gathered {
  const stages = { line: [] as Offer[], set: [] as Offer[], threshold: [] as Offer[], order: [] as Offer[] };
  const byLine: Offer[][] = lines.map(() => []);
  const coupon = new Map<number, Offer>();
  for (let number = 0; number < rules.length; number++) {
    const slots = found[number];
    // The second: it names goods, but none that may be discounted.
    if (slots === undefined || slots === null || slots.every((ranks) => ranks.length === 0)) continue;
    const rule = rules[number]!;
    const offer: Offer = { rule, number, slots };
    if (rule.coupon !== undefined) {
      coupon.set(number, offer);
      continue;
    }
    const stage = STAGE[rule.reward.kind];
    stages[stage].push(offer);
    if (stage === 'line') for (const rank of slots[0]!) byLine[rank]!.push(offer);
  }
  return { ...stages, byLine, coupon, dearestFirst: dearestFirst(lines) };
}

/** Limited offers go to the dearest units, whatever was scanned first. */
function dearestFirst(lines: readonly DraftLine[]): number[] {
  return [...lines.keys()].sort(
    (a, b) => lines[b]!.line.unitPriceMinor - lines[a]!.line.unitPriceMinor || a - b,
  );
}

/** Whether a rule may touch a line now. */
export function mayTake(run: Run, offer: Offer, rank: number): boolean {
  const line = run.lines[rank]!;
  if (line.closed && !run.reserved.has(offer.number)) return false;
  return !(line.reduced && run.compiled.slots[offer.number]![0]!.source.regularOnly === true);
}

/** Times that a rule may still be used in this sale. */
export function usesLeftOf({ context, caps, used }: Run, rule: Rule): number {
  const most = Math.min(
    rule.limits?.perSale ?? Number.MAX_SAFE_INTEGER,
    context.usesLeft.rules?.[rule.id] ?? Number.MAX_SAFE_INTEGER,
    caps.get(rule.id) ?? Number.MAX_SAFE_INTEGER,
  );
  return Math.max(0, most - (used.get(rule.id) ?? 0));
}

/** What a rule may still take off in this sale. */
export function moneyLeftOf({ offMinor }: Run, rule: Rule): number {
  const most = rule.limits?.maxDiscountMinor;
  return most === undefined ? Number.MAX_SAFE_INTEGER : Math.max(0, most - (offMinor.get(rule.id) ?? 0));
}

/** Notes that a set took units of lines, and what it took off them. */
export function noteSet(
  run: Run,
  takes: readonly { readonly rank: number; readonly units: number }[],
  parts: readonly { readonly rank: number; readonly offMinor: number }[],
): void {
  const add = (rank: number, units: number, offMinor: number) => {
    const before = run.sets.get(rank) ?? { units: 0, offMinor: 0 };
    run.sets.set(rank, { units: before.units + units, offMinor: before.offMinor + offMinor });
  };
  for (const { rank, units } of takes) add(rank, units, 0);
  for (const { rank, offMinor } of parts) add(rank, 0, offMinor);
}

export function note(run: Run, rule: Rule, uses: number, offMinor: number): void {
  run.used.set(rule.id, (run.used.get(rule.id) ?? 0) + uses);
  run.offMinor.set(rule.id, (run.offMinor.get(rule.id) ?? 0) + offMinor);
}

/** What a condition still lacks: null when all hold, else the first that does not. */
export function lackingOf(
  run: Run,
  number: number,
  amountOf: (rank: number) => number,
): { readonly kind: 'amount' | 'quantity'; readonly missing: number } | null {
  for (const [i, condition] of (run.compiled.rules[number]!.conditions ?? []).entries()) {
    const filter = run.compiled.conditions[number]![i] ?? null;
    let have = 0;
    for (const [rank, { line, open }] of run.lines.entries()) {
      if (!open || (filter !== null && !matches(filter, line))) continue;
      have += condition.kind === 'amount' ? amountOf(rank) : line.qty;
    }
    const from = condition.kind === 'amount' ? condition.fromMinor : condition.from;
    if (have < from) return { kind: condition.kind, missing: from - have };
  }
  return null;
}

export function nameOf(run: Run, rule: Rule): string {
  return nameIn(rule, run.context.locale);
}
