/**
 * Step 4: set offers, and who wins where they want the same units.
 *
 * Pure. A unit is in at most one set, so rules that share lines compete for units: their orders and repeats are searched, at
 * most `FORMS_MAX` sets formed, starting from the greedy answer, which is also what stays when the bound is reached. Against
 * line offers a set stacks (both compound), competes (its units leave the line offers and start from the price of step 2),
 * beats them, or stays out.
 */
import { LINES_MAX } from './basket.ts';
import { components } from './promotion-combine.ts';
import { roomOf, takeOff, valueOfUnits } from './promotion-draft.ts';
import { type Formed, formSets, type Pool, setReason } from './promotion-form.ts';
import { applyLinePlan, type LinePlan } from './promotion-line.ts';
import {
  lackingOf,
  mayTake,
  moneyLeftOf,
  nameOf,
  note,
  noteSet,
  type Offer,
  type Run,
  usesLeftOf,
} from './promotion-run.ts';

/** About a millisecond. */
export const FORMS_MAX = 300;

/** So many rules over one shelf are searched; beyond, the greedy answer stays. */
export const RIVALS_MAX = 5;

type Stand = 'stack' | 'compete' | 'beat' | 'out';

interface Choice {
  readonly offer: Offer;
  readonly formed: Formed;
}

/** As many sets of one rule as can be made. */
interface Option {
  readonly offer: Offer;
  readonly choices: readonly Choice[];
  readonly gain: number;
  /** What it cost of `FORMS_MAX`. */
  readonly forms: number;
}

export function setOffers(run: Run, plans: readonly (LinePlan | null)[]): void {
  const offers = run.offers.set.filter(
    (offer) =>
      usesLeftOf(run, offer.rule) > 0 &&
      lackingOf(run, offer.number, (rank) => run.lines[rank]!.grossMinor) === null,
  );
  for (const rivals of components(offers, (offer) => offer.slots.flat())) {
    const desk = new Desk(run, plans);
    const choices = desk.search(rivals);
    if (choices.length > 0) put(run, plans, desk, choices);
  }
}

/** What the search needs to know of the lines, worked out once. */
class Desk {
  private readonly run: Run;
  private readonly plans: readonly (LinePlan | null)[];
  private readonly pools = new Map<number, Pool>();
  private readonly stands = new Map<number, Stand>();
  private forms = 0;

  constructor(run: Run, plans: readonly (LinePlan | null)[]) {
    this.run = run;
    this.plans = plans;
  }

  search(rivals: readonly Offer[]): Choice[] {
    const exclusive = rivals.filter(({ rule }) => rule.mode === 'exclusive');
    if (exclusive.length > 0) {
      const top = exclusive.filter(({ rule }) => rule.priority === exclusive[0]!.rule.priority);
      const first = this.best(top);
      // What exclusive sets leave is for the others.
      return [...first, ...this.best(without(rivals, exclusive), takenBy(first))];
    }
    return this.best(rivals);
  }

  private best(rivals: readonly Offer[], taken: ReadonlyMap<number, number> = new Map()): Choice[] {
    if (rivals.length === 0) return [];
    const firsts = rivals.map((offer) => this.option(offer, taken));
    let best = this.greedy([...firsts], taken);
    if (rivals.length === 1 || rivals.length > RIVALS_MAX) return best;
    let bestGain = this.gainOf(best);
    this.forms = 0;
    const visit = (rest: readonly Offer[], now: ReadonlyMap<number, number>, made: readonly Choice[]) => {
      const gain = this.gainOf(made);
      if (gain > bestGain) {
        best = [...made];
        bestGain = gain;
      }
      for (const offer of rest) {
        const others = rest.filter((other) => other !== offer);
        const most =
          now === taken ? this.again(firsts, offer) : this.exhaust(offer, now, Number.MAX_SAFE_INTEGER);
        const count = setsIn(most);
        if (count === 0) continue;
        visit(others, takenBy(most, now), [...made, ...most]);
        for (const fewer of fewerThan(most)) {
          if (this.forms >= FORMS_MAX) break;
          const some = this.exhaust(offer, now, fewer);
          visit(others, takenBy(some, now), [...made, ...some]);
        }
        if (this.forms >= FORMS_MAX) return;
      }
    };
    visit(rivals, taken, []);
    return best;
  }

  /** Again and again the rule whose sets gain most; only rules whose lines were touched are worked out anew. */
  private greedy(options: Option[], start: ReadonlyMap<number, number>): Choice[] {
    const made: Choice[] = [];
    let taken = start;
    for (;;) {
      let at = -1;
      for (const [i, { gain }] of options.entries()) {
        if (gain > 0 && (at === -1 || gain > options[at]!.gain)) at = i;
      }
      if (at === -1) return made;
      const { choices } = options[at]!;
      made.push(...choices);
      if (options.length === 1) return made;
      taken = takenBy(choices, taken);
      const touched = new Set(choices.flatMap(({ formed }) => formed.takes.map(({ rank }) => rank)));
      for (const [i, option] of options.entries()) {
        if (i === at) options[i] = { ...option, gain: 0 };
        else if (
          option.gain > 0 &&
          option.offer.slots.some((ranks) => ranks.some((rank) => touched.has(rank)))
        ) {
          options[i] = this.option(option.offer, taken);
        }
      }
    }
  }

  private option(offer: Offer, taken: ReadonlyMap<number, number>): Option {
    const before = this.forms;
    const choices = this.exhaust(offer, taken, Number.MAX_SAFE_INTEGER);
    return { offer, choices, gain: this.gainOf(choices), forms: this.forms - before };
  }

  /** A row that was worked out before; it counts against the bound all the same. */
  private again(options: readonly Option[], offer: Offer): readonly Choice[] {
    const { choices, forms } = options.find((option) => option.offer === offer)!;
    this.forms += forms;
    return choices;
  }

  /** As many sets of one rule as there are units, uses and gain for. */
  private exhaust(offer: Offer, start: ReadonlyMap<number, number>, setsMax: number): Choice[] {
    const made: Choice[] = [];
    let left = Math.min(setsMax, usesLeftOf(this.run, offer.rule));
    const taken = new Map(start);
    const pool = { ...this.poolOf(offer), taken };
    while (left > 0) {
      this.forms++;
      const formed = formSets(offer, pool, left);
      if (formed === null) break;
      const choice = { offer, formed };
      if (this.gainOf([choice]) <= 0) break;
      made.push(choice);
      for (const { rank, units } of formed.takes) taken.set(rank, (taken.get(rank) ?? 0) + units);
      left -= formed.sets;
    }
    return made;
  }

  /** What the customer wins against line offers alone; what an exclusive rule gives counts whole. */
  private gainOf(choices: readonly Choice[]): number {
    let gain = 0;
    for (const { offer, formed } of choices) {
      gain += Math.min(formed.offMinor, moneyLeftOf(this.run, offer.rule));
      for (const { rank, units } of formed.takes) {
        if (this.standOf(offer, rank) !== 'compete') continue;
        const { line, priceMinor, netMinor } = this.run.lines[rank]!;
        gain -= valueOfUnits(priceMinor, line.qty, units) - valueOfUnits(netMinor, line.qty, units);
      }
    }
    return gain;
  }

  private poolOf(offer: Offer): Pool {
    let pool = this.pools.get(offer.number);
    if (pool === undefined) {
      const { lines } = this.run;
      pool = {
        qtyOf: (rank) => (this.standOf(offer, rank) === 'out' ? 0 : lines[rank]!.line.qty),
        netOf: (rank) =>
          this.standOf(offer, rank) === 'stack' ? lines[rank]!.netMinor : lines[rank]!.priceMinor,
        dueOf: (rank) => lines[rank]!.netMinor,
        floorOf: (rank) => lines[rank]!.floorMinor,
        taken: new Map(),
      };
      this.pools.set(offer.number, pool);
    }
    return pool;
  }

  standOf(offer: Offer, rank: number): Stand {
    const key = offer.number * LINES_MAX + rank;
    let stand = this.stands.get(key);
    if (stand === undefined) {
      stand = standOf(this.run, offer, rank, this.plans[rank] ?? null);
      this.stands.set(key, stand);
    }
    return stand;
  }
}

function standOf(run: Run, offer: Offer, rank: number, plan: LinePlan | null): Stand {
  const { line, closed, reduced } = run.lines[rank]!;
  const { rule } = offer;
  if (line.weightG !== null || (reduced && rule.items.regularOnly === true)) return 'out';
  if (plan === null) return mayTake(run, offer, rank) ? 'stack' : 'out';
  if (plan.exclusive) {
    if (rule.mode !== 'exclusive') return 'out';
    const other = plan.offers[0]!.rule;
    return rule.priority > other.priority ? 'beat' : rule.priority === other.priority ? 'compete' : 'out';
  }
  if (closed) return 'out';
  if (rule.mode === 'exclusive') return 'beat';
  const same = plan.offers.some((part) => part.rule.priority === rule.priority);
  if (run.by.across === 'compete_within_compound_across') return same ? 'compete' : 'stack';
  const top = plan.offers[0]!.rule.priority;
  if (rule.priority !== top) return rule.priority > top ? 'beat' : 'out';
  const allCompound = rule.mode === 'compound' && plan.offers.every((part) => part.rule.mode === 'compound');
  return allCompound ? 'stack' : 'compete';
}

function put(run: Run, plans: readonly (LinePlan | null)[], desk: Desk, choices: readonly Choice[]): void {
  const left = new Map<number, number>();
  for (const { offer, formed } of choices) {
    for (const { rank, units } of formed.takes) {
      if (desk.standOf(offer, rank) !== 'stack') left.set(rank, (left.get(rank) ?? 0) + units);
    }
  }
  for (const [rank, units] of left) {
    const plan = plans[rank];
    if (plan != null) applyLinePlan(run, rank, plan, units);
  }
  for (const { offer, formed } of choices) {
    const reason = setReason(offer, nameOf(run, offer.rule));
    let sum = 0;
    for (const { rank, offMinor } of formed.parts) {
      const line = run.lines[rank]!;
      const part = Math.min(offMinor, roomOf(line), moneyLeftOf(run, offer.rule));
      takeOff(line, offer.rule.id, part, reason);
      note(run, offer.rule, 0, Math.max(0, part));
      sum += part;
    }
    if (sum > 0) note(run, offer.rule, formed.sets, 0);
    noteSet(run, formed.takes, formed.parts);
    if (offer.rule.mode !== 'exclusive') continue;
    for (const { rank } of formed.takes) run.lines[rank]!.closed = true;
  }
}

function takenBy(
  choices: readonly Choice[],
  start: ReadonlyMap<number, number> = new Map(),
): ReadonlyMap<number, number> {
  const taken = new Map(start);
  for (const { formed } of choices) {
    for (const { rank, units } of formed.takes) taken.set(rank, (taken.get(rank) ?? 0) + units);
  }
  return taken;
}

function setsIn(choices: readonly Choice[]): number {
  return choices.reduce((sum, { formed }) => sum + formed.sets, 0);
}

/** Shorter rows of sets worth trying: one or two less, and wherever the units of a set come from other lines. */
function fewerThan(most: readonly Choice[]): ReadonlySet<number> {
  const count = setsIn(most);
  const starts = most.map((_, i) => setsIn(most.slice(0, i)));
  return new Set(
    [count - 1, count - 2, ...starts.toReversed()].filter((fewer) => fewer > 0 && fewer < count),
  );
}

function without(offers: readonly Offer[], gone: readonly Offer[]): Offer[] {
  return offers.filter((offer) => !gone.includes(offer));
}
