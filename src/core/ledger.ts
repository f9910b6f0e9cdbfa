/**
 * Ledgers in lots: points, stored value and gift cards, from what moved to what is there.
 *
 * Pure. Movements are facts and never change; everything else follows from them: which lots are open, which lots a spend
 * took, what expired, what is owed. `foldLedger` works movements in the order in which they happened, not in which they
 * arrived, so tills that were away change nothing: the same set of movements and the same day give the same state.
 *
 * - A lot is good through its `expiresOn` and gone the day after.
 * - A spend takes principal before bonus (or the split that it names), in each the lot that expires first.
 * - What comes back of a spend (`give_back`) goes to the lots it took, the last taken first. A lot that expired meanwhile
 *   comes back as a lot of its own, good through the movement's `expiresOn` (the grace); without one it stays expired.
 * - What a refund takes back of an earning (`take_back`) comes from the lots of that earning, then from what expired of
 *   them, then from other lots; the rest is owed, or forgiven where the movement says so. More than was earned is never
 *   taken, more than was spent never given back: the rest of such a movement is `unfounded`.
 * - A spend beyond the lots is owed: the goods have left the shop. What is owed is paid by the next lots, oldest debt first,
 *   so a balance is below zero only while no lot is open.
 *
 * `balance = sum of movements and consequences = sum of open lots - what is owed`, always.
 */
import { assert } from './assert.ts';
import { sumMinor } from './money.ts';

export const MOVEMENT_KINDS = [
  /** Open a lot. */
  'earn',
  'grant',
  'top_up',
  'bonus',
  /** Above zero opens a lot, below zero draws. */
  'correct',
  /** Draw from lots. */
  'spend',
  'pay_out',
  /** Undo an earning, or a spend. */
  'take_back',
  'give_back',
] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** Points, or minor units. One movement of more is a mistake, and a million of these still add up to a safe integer. */
export const MOVEMENT_MAX = 1_000_000_000;

export interface Movement {
  readonly id: string;
  readonly kind: MovementKind;
  /** Signed as it moves the balance; never zero. */
  readonly points: number;
  readonly atMs: number;
  /** Business date: what expiry goes by. */
  readonly on: string;
  /** Of a lot its last good day, of a `give_back` that of lots which expired meanwhile; null: for ever, or no grace. */
  readonly expiresOn: string | null;
  /** The movement that this one undoes. */
  readonly ofId: string | null;
  /** Of a spend the part that its tender took from bonus lots. */
  readonly bonus: number;
  /** false: what a `take_back` does not find is forgiven. */
  readonly mayOwe: boolean;
}

export interface Lot {
  readonly id: string;
  /** The movement that earned it: of a lot that came back after its expiry the first one. */
  readonly rootId: string;
  readonly isBonus: boolean;
  readonly points: number;
  readonly left: number;
  readonly expired: number;
  readonly expiresOn: string | null;
}

/** What a draw took of a lot, less what came back to it. */
export interface Use {
  readonly movementId: string;
  readonly lotId: string;
  readonly points: number;
}

/** What follows from movements without being one: `points` moves the balance. */
export interface Consequence {
  readonly kind: 'expire' | 'forgive' | 'unfounded';
  /** The lot that expired, or the movement. */
  readonly refId: string;
  readonly points: number;
}

export interface Ledger {
  readonly balance: number;
  /** What is left in bonus lots: a part of the balance. */
  readonly bonusBalance: number;
  readonly lots: readonly Lot[];
  readonly uses: readonly Use[];
  readonly consequences: readonly Consequence[];
  /** By draw what no lot has paid yet. */
  readonly owed: readonly { readonly movementId: string; readonly points: number }[];
  /** The first day on which a lot that is open now will be gone, less one: its last good day. */
  readonly nextExpiryOn: string | null;
}

/** @param asOf lots whose last good day is before it are gone; null: only by the dates of the movements */
export function foldLedger(movements: readonly Movement[], asOf: string | null): Ledger {
  const fold = new Fold();
  for (const movement of inOrder(movements)) fold.take(movement);
  if (asOf !== null) fold.reach(asOf);
  return fold.state();
}

/** As they happened; what undoes comes after what it undoes, whatever the clocks of two tills said. */
function inOrder(movements: readonly Movement[]): Movement[] {
  const byId = new Map(movements.map((movement) => [movement.id, movement]));
  assert(byId.size === movements.length, 'a movement stands in the ledger once');
  return movements
    .map((movement) => {
      const undone = movement.ofId === null ? undefined : byId.get(movement.ofId);
      return {
        movement,
        atMs: Math.max(movement.atMs, undone?.atMs ?? movement.atMs),
        rank: rankOf(movement),
      };
    })
    .sort((a, b) => a.atMs - b.atMs || a.rank - b.rank || (a.movement.id < b.movement.id ? -1 : 1))
    .map(({ movement }) => movement);
}

/** A sale does not pay with what it earns itself; principal opens before the bonus that came with it, and pays debts. */
function rankOf({ kind, points }: Movement): number {
  if (kind === 'give_back') return 4;
  if (kind === 'take_back') return 3;
  if (kind === 'bonus') return 2;
  return points < 0 ? 0 : 1;
}

interface OpenLot {
  readonly id: string;
  readonly rootId: string;
  readonly isBonus: boolean;
  readonly points: number;
  readonly expiresOn: string | null;
  readonly place: number;
  left: number;
  expired: number;
}

interface Draw {
  readonly movement: Movement;
  /** In the order of taking; given back from the end. */
  readonly taken: { readonly lot: OpenLot; points: number }[];
  /** Taken of lots that were gone when it was given back: the points stand in lots of their own. */
  readonly kept: { readonly lot: OpenLot; readonly points: number }[];
  owed: number;
  /** How much of it may still be given back. */
  open: number;
}

class Fold {
  private readonly lots: OpenLot[] = [];
  /** Lots with something left, in the order of taking. */
  private readonly live: OpenLot[] = [];
  private readonly draws = new Map<string, Draw>();
  private readonly debts: Draw[] = [];
  /** By movement that earned: how much of it may still be taken back. */
  private readonly earned = new Map<string, number>();
  private readonly others: Consequence[] = [];
  private total = 0;
  private on = '';

  take(movement: Movement): void {
    const { kind, points } = movement;
    assert(Number.isSafeInteger(points) && points !== 0, 'a movement moves whole points');
    this.reach(movement.on);
    this.total = sumMinor([this.total, points]);
    if (kind === 'give_back') this.giveBack(movement);
    else if (kind === 'take_back') this.takeBack(movement);
    else if (points > 0) {
      this.earned.set(movement.id, points);
      this.open({ ...movement, rootId: movement.id, isBonus: kind === 'bonus' });
    } else this.draw(movement);
  }

  /** Lots whose last good day is before `on` are gone. Days never go back. */
  reach(on: string): void {
    if (on <= this.on) return;
    this.on = on;
    for (const lot of this.live.filter((each) => this.isGone(each))) this.expire(lot);
  }

  private isGone({ expiresOn }: { readonly expiresOn: string | null }): boolean {
    return expiresOn !== null && expiresOn < this.on;
  }

  private expire(lot: OpenLot): void {
    lot.expired += lot.left;
    this.total -= lot.left;
    lot.left = 0;
    this.live.splice(this.live.indexOf(lot), 1);
  }

  private open(facts: {
    readonly id: string;
    readonly rootId: string;
    readonly isBonus: boolean;
    readonly points: number;
    readonly expiresOn: string | null;
  }): void {
    const { id, rootId, isBonus, points, expiresOn } = facts;
    const lot = { id, rootId, isBonus, points, expiresOn, place: this.lots.length, left: points, expired: 0 };
    this.lots.push(lot);
    this.revive(lot);
    if (this.isGone(lot)) this.expire(lot);
    this.payDebts();
  }

  private revive(lot: OpenLot): void {
    if (this.live.includes(lot)) return;
    const at = this.live.findIndex((other) => comesBefore(lot, other));
    this.live.splice(at < 0 ? this.live.length : at, 0, lot);
  }

  private draw(movement: Movement): Draw {
    const want = -movement.points;
    const draw: Draw = { movement, taken: [], kept: [], owed: want, open: want };
    this.draws.set(movement.id, draw);
    const bonus = Math.min(want, Math.max(0, movement.bonus));
    this.fill(draw, want - bonus, (lot) => !lot.isBonus);
    this.fill(draw, Math.min(bonus, draw.owed), (lot) => lot.isBonus);
    this.fill(draw, draw.owed, () => true);
    if (draw.owed > 0) this.debts.push(draw);
    return draw;
  }

  /** @param most at most this much */
  private fill(draw: Draw, most: number, fits: (lot: OpenLot) => boolean): void {
    let want = most;
    for (const lot of this.live.filter(fits)) {
      if (want === 0) return;
      const points = Math.min(lot.left, want);
      lot.left -= points;
      if (lot.left === 0) this.live.splice(this.live.indexOf(lot), 1);
      draw.taken.push({ lot, points });
      draw.owed -= points;
      want -= points;
    }
  }

  private payDebts(): void {
    while (this.debts.length > 0 && this.live.length > 0) {
      const debt = this.debts[0]!;
      this.fill(debt, debt.owed, () => true);
      if (debt.owed === 0) this.debts.shift();
    }
  }

  private takeBack(movement: Movement): void {
    const { id, ofId, points, mayOwe } = movement;
    const earned = ofId === null ? undefined : this.earned.get(ofId);
    const want = Math.min(-points, earned ?? -points);
    if (want < -points) this.add('unfounded', id, -points - want);
    if (want === 0) return;
    if (earned !== undefined) this.earned.set(ofId!, earned - want);
    const draw: Draw = { movement, taken: [], kept: [], owed: want, open: 0 };
    this.draws.set(id, draw);
    const isOwn = (lot: OpenLot) => lot.rootId === ofId;
    this.fill(draw, draw.owed, isOwn);
    this.takeExpired(draw, isOwn);
    this.fill(draw, draw.owed, () => true);
    if (draw.owed === 0) return;
    if (mayOwe) this.debts.push(draw);
    else {
      this.add('forgive', id, draw.owed);
      draw.owed = 0;
    }
  }

  /** Points that expired unused are lost once, not twice. */
  private takeExpired(draw: Draw, isOwn: (lot: OpenLot) => boolean): void {
    for (const lot of this.lots) {
      if (!isOwn(lot) || lot.expired === 0 || draw.owed === 0) continue;
      const points = Math.min(lot.expired, draw.owed);
      lot.expired -= points;
      this.total += points;
      draw.owed -= points;
      draw.taken.push({ lot, points });
    }
  }

  private giveBack(movement: Movement): void {
    const { id, ofId, points } = movement;
    const draw = ofId === null ? undefined : this.draws.get(ofId);
    const founded = Math.min(points, draw?.open ?? 0);
    if (founded < points) this.add('unfounded', id, founded - points);
    if (draw === undefined || founded === 0) return;
    draw.open -= founded;
    const unpaid = Math.min(draw.owed, founded);
    draw.owed -= unpaid;
    if (unpaid > 0 && draw.owed === 0) this.debts.splice(this.debts.indexOf(draw), 1);
    this.restore(draw, founded - unpaid, movement);
    this.payDebts();
  }

  private restore(draw: Draw, most: number, movement: Movement): void {
    let want = most;
    let parts = 0;
    while (want > 0) {
      const last = draw.taken.at(-1);
      assert(last !== undefined, 'a draw took what it may give back');
      const points = Math.min(last.points, want);
      want -= points;
      last.points -= points;
      if (last.points === 0) draw.taken.pop();
      const { lot } = last;
      if (this.isGone(lot)) {
        draw.kept.push({ lot, points });
        this.open({
          id: `${movement.id}~${++parts}`,
          rootId: lot.rootId,
          isBonus: lot.isBonus,
          points,
          expiresOn: later(lot.expiresOn, movement.expiresOn),
        });
      } else {
        lot.left += points;
        this.revive(lot);
      }
    }
  }

  private add(kind: Consequence['kind'], refId: string, points: number): void {
    this.others.push({ kind, refId, points });
    this.total += points;
  }

  state(): Ledger {
    const left = sumMinor(this.lots.map((lot) => lot.left));
    const owed = this.debts.map((debt) => ({ movementId: debt.movement.id, points: debt.owed }));
    const balance = left - sumMinor(owed.map(({ points }) => points));
    assert(balance === this.total, 'movements and consequences add up to the lots less what is owed');
    return {
      balance,
      bonusBalance: sumMinor(this.lots.map((lot) => (lot.isBonus ? lot.left : 0))),
      lots: this.lots.map(({ place: _, ...lot }) => lot),
      uses: [...this.draws.values()].flatMap(usesOf),
      consequences: [
        ...this.lots.flatMap(({ id, expired }): Consequence[] =>
          expired === 0 ? [] : [{ kind: 'expire', refId: id, points: -expired }],
        ),
        ...this.others,
      ],
      owed,
      nextExpiryOn: this.live.reduce<string | null>(
        (least, { expiresOn }) =>
          expiresOn === null || (least !== null && least <= expiresOn) ? least : expiresOn,
        null,
      ),
    };
  }
}

/** Principal before bonus, then what expires first, then what came first. */
function comesBefore(a: OpenLot, b: OpenLot): boolean {
  if (a.isBonus !== b.isBonus) return b.isBonus;
  const [aOn, bOn] = [a.expiresOn ?? '9999-12-31', b.expiresOn ?? '9999-12-31'];
  return aOn === bOn ? a.place < b.place : aOn < bOn;
}

function later(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a;
  return a > b ? a : b;
}

function usesOf({ movement, taken, kept }: Draw): Use[] {
  const byLot = new Map<string, number>();
  for (const { lot, points } of [...taken, ...kept]) byLot.set(lot.id, (byLot.get(lot.id) ?? 0) + points);
  return [...byLot]
    .filter(([, points]) => points > 0)
    .map(([lotId, points]) => ({ movementId: movement.id, lotId, points }));
}

// ---- how lots are kept ----

/** Of a points programme. */
export interface LotTerms {
  readonly expiry: Expiry;
  /** Points that come back after their lot expired are good for so many days; 0: they stay expired. */
  readonly graceDays: number;
  /** What a refund cannot take back since it is spent. `forgive` lets a buyer who spends first keep it. */
  readonly shortfall: 'owe' | 'forgive';
}

export const PLAIN_TERMS: LotTerms = { expiry: { kind: 'never' }, graceDays: 0, shortfall: 'owe' };

/** Last good day of points: none, so many days, or the end of a year. */
export type Expiry =
  | { readonly kind: 'never' }
  | { readonly kind: 'days'; readonly days: number }
  /** 0: 31 December of the year they were earned in. */
  | { readonly kind: 'year_end'; readonly yearsAfter: number };

/** @param on `YYYY-MM-DD` @returns the last good day; null: for ever */
export function expiryOf(expiry: Expiry, on: string): string | null {
  if (expiry.kind === 'never') return null;
  return expiry.kind === 'days'
    ? addDays(on, expiry.days)
    : `${String(Number(on.slice(0, 4)) + expiry.yearsAfter).padStart(4, '0')}-12-31`;
}

/** A calendar date so many days later. */
export function addDays(date: string, days: number): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A calendar date so many months later: the same day, or the last of a shorter month. */
export function addMonths(date: string, months: number): string {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number];
  const first = new Date(Date.UTC(year, month - 1 + months, 1));
  const last = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(day, last));
  return first.toISOString().slice(0, 10);
}
