/**
 * Forming sets: which units make the next N-for-X, buy-get or bundle, and what comes off them.
 *
 * Pure. A unit is in at most one set. Weighed goods are in none: half a kilogram is no piece. Dearer units go first into a set,
 * so that sets grow with the basket and the cheapest of "cheapest free" is as dear as it can be.
 */
import { partBp } from './money.ts';
import type { Reason } from './promotion.ts';
import { spreadCapped, valueOfUnits } from './promotion-draft.ts';
import type { Offer } from './promotion-run.ts';

/** The units that sets may be made of, as one rule sees them. */
export interface Pool {
  /** Pieces of the line, 0 where the rule may not take it. */
  readonly qtyOf: (rank: number) => number;
  /** What all pieces of the line are worth to this rule. */
  readonly netOf: (rank: number) => number;
  /** What the customer pays for all pieces now: the dearest by this are worth most in a set. */
  readonly dueOf: (rank: number) => number;
  readonly floorOf: (rank: number) => number;
  /** Pieces that are in sets already. */
  readonly taken: ReadonlyMap<number, number>;
}

export interface Formed {
  readonly sets: number;
  readonly takes: readonly Take[];
  /** What comes off, by line. */
  readonly parts: readonly { readonly rank: number; readonly offMinor: number }[];
  readonly offMinor: number;
}

export interface Take {
  readonly rank: number;
  readonly units: number;
}

/** @returns null when no further set can be made, or it would take nothing off; equal sets are made in one go */
export function formSets(offer: Offer, pool: Pool, setsMax: number): Formed | null {
  if (setsMax <= 0) return null;
  const { reward } = offer.rule;
  if (reward.kind === 'n_for_price') {
    const takes = takeUnits(offer.slots[0]!, pool, reward.qty, 'dearest');
    if (countOf(takes) < reward.qty) return null;
    const sets = repeats([takes], pool, setsMax);
    const bought = takes.map((take) => ({ ...take, units: take.units * sets }));
    return spreadSet(pool, bought, sets, (valueMinor) => valueMinor - reward.priceMinor * sets);
  }
  if (reward.kind === 'bundle') {
    const parts: Take[][] = [];
    const taken = new Map(pool.taken);
    for (const [slot, part] of reward.parts.entries()) {
      const takes = takeUnits(offer.slots[slot]!, { ...pool, taken }, part.qty, 'dearest');
      if (countOf(takes) < part.qty) return null;
      for (const { rank, units } of takes) taken.set(rank, (taken.get(rank) ?? 0) + units);
      parts.push(takes);
    }
    const sets = repeats(parts, pool, setsMax);
    const bought = merged(parts.flat()).map((take) => ({ ...take, units: take.units * sets }));
    const { off } = reward;
    return spreadSet(pool, bought, sets, (valueMinor) =>
      'priceMinor' in off
        ? valueMinor - off.priceMinor * sets
        : 'rateBp' in off
          ? partBp(valueMinor, off.rateBp)
          : off.amountMinor * sets,
    );
  }
  if (reward.kind !== 'buy_get') return null;
  return reward.getItems === undefined ? cheapestOff(offer, pool, setsMax) : getOther(offer, pool, setsMax);
}

function cheapestOff({ rule, slots }: Offer, pool: Pool, setsMax: number): Formed | null {
  const { reward } = rule;
  if (reward.kind !== 'buy_get') return null;
  const takes = takeUnits(slots[0]!, pool, reward.buyQty + reward.getQty, 'dearest');
  const count = countOf(takes);
  if (count <= reward.buyQty) return null;
  const whole = count === reward.buyQty + reward.getQty;
  const sets = whole ? repeats([takes], pool, setsMax) : 1;
  const bought = takes.map((take) => ({ ...take, units: take.units * sets }));
  let free = (count - reward.buyQty) * sets;
  const got: Take[] = [];
  for (const { rank, units } of bought.toReversed()) {
    const some = Math.min(free, units);
    if (some > 0) got.push({ rank, units: some });
    free -= some;
  }
  // The free units are the last ones taken: of a line whose units differ by a cent, the cheaper.
  const parts = got.map(({ rank, units }) => {
    const all = bought.find((take) => take.rank === rank)!.units;
    const already = pool.taken.get(rank) ?? 0;
    const worth = unitsWorth(pool, rank, already + all) - unitsWorth(pool, rank, already + all - units);
    return partAt(pool, rank, units, worth, reward.rateBp);
  });
  return formed(sets, bought, parts);
}

function getOther({ rule, slots }: Offer, pool: Pool, setsMax: number): Formed | null {
  const { reward } = rule;
  if (reward.kind !== 'buy_get') return null;
  const buys = takeUnits(slots[0]!, pool, reward.buyQty, 'cheapest');
  if (countOf(buys) < reward.buyQty) return null;
  const taken = new Map(pool.taken);
  for (const { rank, units } of buys) taken.set(rank, (taken.get(rank) ?? 0) + units);
  const gets = takeUnits(slots[1]!, { ...pool, taken }, reward.getQty, reward.pick ?? 'dearest');
  const count = countOf(gets);
  if (count === 0) return null;
  const sets = count === reward.getQty ? repeats([buys, gets], pool, setsMax) : 1;
  const parts = gets.map(({ rank, units }) => {
    const before = taken.get(rank) ?? 0;
    const worth = unitsWorth(pool, rank, before + units * sets) - unitsWorth(pool, rank, before);
    return partAt(pool, rank, units * sets, worth, reward.rateBp);
  });
  const takes = merged([...buys, ...gets]).map((take) => ({ ...take, units: take.units * sets }));
  return formed(sets, takes, parts);
}

function partAt(pool: Pool, rank: number, units: number, worthMinor: number, rateBp: number) {
  const offMinor = Math.min(partBp(worthMinor, rateBp), roomIn(pool, rank, units, worthMinor));
  return { rank, offMinor };
}

function spreadSet(
  pool: Pool,
  takes: readonly Take[],
  sets: number,
  offOf: (valueMinor: number) => number,
): Formed | null {
  const values = takes.map(({ rank, units }) => {
    const already = pool.taken.get(rank) ?? 0;
    return unitsWorth(pool, rank, already + units) - unitsWorth(pool, rank, already);
  });
  const valueMinor = values.reduce((sum, value) => sum + value, 0);
  const offMinor = offOf(valueMinor);
  if (offMinor <= 0) return null;
  const rooms = takes.map(({ rank, units }, i) => roomIn(pool, rank, units, values[i]!));
  const shares = spreadCapped(offMinor, values, rooms);
  return formed(
    sets,
    takes,
    takes.map(({ rank }, i) => ({ rank, offMinor: shares[i]! })),
  );
}

function formed(sets: number, takes: readonly Take[], parts: Formed['parts']): Formed | null {
  const offMinor = parts.reduce((sum, part) => sum + part.offMinor, 0);
  return offMinor <= 0 ? null : { sets, takes, parts: parts.filter((part) => part.offMinor > 0), offMinor };
}

function unitsWorth(pool: Pool, rank: number, units: number): number {
  return valueOfUnits(pool.netOf(rank), pool.qtyOf(rank), units);
}

function roomIn(pool: Pool, rank: number, units: number, worthMinor: number): number {
  const floorMinor = Math.ceil((pool.floorOf(rank) * units) / pool.qtyOf(rank));
  return Math.max(0, worthMinor - floorMinor);
}

/** Up to `count` free units, by what one is worth, then in canonical order. */
function takeUnits(
  ranks: readonly number[],
  pool: Pool,
  count: number,
  first: 'dearest' | 'cheapest',
): Take[] {
  const free: { rank: number; units: number; each: number; floor: number }[] = [];
  for (let i = 0; i < ranks.length; i++) {
    const rank = ranks[i]!;
    const qty = pool.qtyOf(rank);
    const units = qty - (pool.taken.get(rank) ?? 0);
    if (units <= 0) continue;
    free.push({ rank, units, each: pool.dueOf(rank) / qty, floor: pool.floorOf(rank) / qty });
  }
  if (free.length > 1) {
    const sign = first === 'dearest' ? -1 : 1;
    free.sort((a, b) => (a.each - b.each) * sign || a.floor - b.floor || a.rank - b.rank);
  }
  const takes: Take[] = [];
  let missing = count;
  for (let i = 0; i < free.length && missing > 0; i++) {
    const { rank, units } = free[i]!;
    const some = Math.min(missing, units);
    takes.push({ rank, units: some });
    missing -= some;
  }
  return takes;
}

/** How often the very same set can be made at once: only where each of its parts comes from one line of its own. */
function repeats(parts: readonly (readonly Take[])[], pool: Pool, setsMax: number): number {
  let most = setsMax;
  for (let i = 0; i < parts.length; i++) {
    const [take] = parts[i]!;
    if (take === undefined || parts[i]!.length !== 1) return 1;
    for (let j = 0; j < i; j++) if (parts[j]![0]!.rank === take.rank) return 1;
    const free = pool.qtyOf(take.rank) - (pool.taken.get(take.rank) ?? 0);
    most = Math.min(most, Math.floor(free / take.units));
  }
  return Math.max(1, most);
}

function merged(takes: readonly Take[]): Take[] {
  const units = new Map<number, number>();
  for (const take of takes) units.set(take.rank, (units.get(take.rank) ?? 0) + take.units);
  return [...units].map(([rank, count]) => ({ rank, units: count }));
}

function countOf(takes: readonly Take[]): number {
  return takes.reduce((sum, take) => sum + take.units, 0);
}

/** The words' key of a set offer. */
export function setReason({ rule }: Offer, name: string): Reason {
  const { reward } = rule;
  if (reward.kind === 'n_for_price') {
    return { kind: 'set_price', name, qty: reward.qty, priceMinor: reward.priceMinor };
  }
  if (reward.kind === 'buy_get') {
    return { kind: 'set_percent', name, qty: reward.buyQty + reward.getQty, rateBp: reward.rateBp };
  }
  if (reward.kind !== 'bundle') return { kind: 'set_amount', name, qty: 0, offMinor: 0 };
  const qty = reward.parts.reduce((sum, part) => sum + part.qty, 0);
  const { off } = reward;
  if ('priceMinor' in off) return { kind: 'set_price', name, qty, priceMinor: off.priceMinor };
  if ('rateBp' in off) return { kind: 'set_percent', name, qty, rateBp: off.rateBp };
  return { kind: 'set_amount', name, qty, offMinor: off.amountMinor };
}
