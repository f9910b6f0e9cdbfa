/**
 * Leases: rights to spend that the cloud has handed to a till, for what must never be overspent. Points, stored value, gift
 * cards and limited uses of coupons and rules are split into a free part at HQ and parts held by tills (bounded counters).
 *
 * Pure, the same at till and cloud. What holds, and why:
 *
 * 1. **leased + free = balance** for each key. `leased` is what is left of all leases, `free` is defined as the rest. A grant
 *    takes from free what it adds to leased, a return does the reverse, a booked spend takes the same from a lease and from the
 *    balance: none of them changes the sum.
 * 2. **free >= 0** as far as tills go: `grantable` gives at most what is free, under a lock of the key, and nothing that a till
 *    does afterwards makes free smaller.
 * 3. **A till spends at most what it holds.** It uses a lease only after `right_granted` is in its journal, a lease id counts
 *    once, and `usable` is what is granted less what the same journal spent and gave back. So for each (till, key), at
 *    whatever point of its journal: spent + returned <= granted there <= granted by HQ.
 * 4. **HQ frees only what the journal gave back.** `right_returned` stands in the same chain as the spends, so every spend from
 *    the lease comes before it, and the till spends nothing of it after. No clock, no timeout and no silence frees anything.
 * 5. Each entry is booked once and in order, so HQ's remainder of a lease >= the till's at any moment (it lags behind).
 *
 * From 1, 2, 5: what all tills may still spend, booked or not, <= leased <= balance. So the balance is never below zero, in any
 * order of events, with any loss, repetition or crash (I5). A lost grant stays reserved and is offered again; a lost till stays
 * reserved until its journal is rescued. HQ's own spends take from the free part alone (`takenFromLeased`).
 *
 * An HQ that was put back to an older state has forgotten grants. It grants nothing until each till has told its journal
 * (leases/settling), and takes up by its own signature what it finds there (`RightGranted.sig`); so 1 and 2 hold again before the
 * next grant. A till's disk that went back has forgotten spends. Its leases are of a journal that has ended (`journal_opened`):
 * it spends nothing of them once HQ has said so, and HQ frees nothing of them.
 *
 * Refund rights begin the other way round: the sale itself, in the seller's journal, is the grant of all its units to the seller
 * (cloud/leases/refunds). HQ counts them as leased to it before it hands out any, and frees them only by the seller's
 * `right_returned`, after which the seller spends nothing of that line but by a new lease. So 1 to 5 hold for each line of each sale:
 * units paid back at all tills with a lease, or by the seller's own journal, <= units sold. What a till pays back on a signed receipt
 * alone, with no line to HQ, stands outside: a sum a day bounds it, and `over_refund` tells.
 *
 * Outside stand: what a manager writes off, or does not wait for, is free though the till might come back; what a disk that went
 * back spends before it hears of it; what HQ takes for other reasons (earned points of goods that came back, lots that expire)
 * may exceed what is free: then free is below zero and nothing is granted. A till that lies spends beyond its leases. In each of
 * these the sale stands, and `draw` says by how much.
 */
import { assert } from './assert.ts';

/** What a right is about: `points:MEMBER`, `stored_value:MEMBER`, `stored_bonus:MEMBER`, `gift_card:CARD`, `rule:RULE`, `rule:RULE:MEMBER`, `coupon:CODE`, `refund:SALE:LINE`. */
export type RightKey = string;

export const rightKey = {
  points: (memberId: string): RightKey => `points:${memberId}`,
  storedValue: (memberId: string): RightKey => `stored_value:${memberId}`,
  /** What the shop gave on top when value was bought: spent after the rest. */
  storedBonus: (memberId: string): RightKey => `stored_bonus:${memberId}`,
  giftCard: (giftCardId: string): RightKey => `gift_card:${giftCardId}`,
  rule: (ruleId: string, memberId: string | null): RightKey =>
    memberId === null ? `rule:${ruleId}` : `rule:${ruleId}:${memberId}`,
  coupon: (code: string): RightKey => `coupon:${code}`,
  refund: ({ saleId, lineNo }: SoldLineRef): RightKey => `refund:${saleId}:${lineNo}`,
};

/** A line of a sale, wherever it was sold. */
export interface SoldLineRef {
  readonly saleId: string;
  readonly lineNo: number;
}

/** null: the key is not about a refund. */
export function refundOf(key: RightKey): SoldLineRef | null {
  const [, saleId, lineNo] = /^refund:([^:]{1,64}):(\d{1,6})$/.exec(key) ?? [];
  return saleId === undefined ? null : { saleId, lineNo: Number(lineNo) };
}

/** What the till that sold a line holds of it from the sale on. */
export function homeLeaseId({ saleId, lineNo }: SoldLineRef): string {
  return `home:${saleId}:${lineNo}`;
}

/** The port: how much of a right this till may still spend; zero where it holds nothing. */
export interface Rights {
  usable(key: RightKey): number;
}

export const NO_RIGHTS: Rights = { usable: () => 0 };

/** `visit`: given back when the customer has left. `ahead`: kept for the store's regulars until its epoch is over. */
export type LeasePurpose = 'visit' | 'ahead';

/** A lease as it is granted. Amounts are points, minor units or uses, whole and above zero. */
export interface LeaseTerms {
  readonly leaseId: string;
  readonly key: RightKey;
  readonly amount: number;
  readonly purpose: LeasePurpose;
  readonly epoch: number;
  /** End of the epoch, by HQ's clock. */
  readonly untilMs: number;
}

/** Body of `right_granted`: from this entry on the till may spend the lease. */
export interface RightGranted extends LeaseTerms {
  /** HQ's own signature: one that was put back to an older state takes the lease up again by it. */
  readonly sig?: string;
}

/** Body of `right_returned`: from this entry on the till spends nothing of these leases. */
export interface RightReturned {
  readonly why: 'left' | 'epoch' | 'recall';
  readonly rights: readonly ReturnedRight[];
}

export interface ReturnedRight {
  readonly leaseId: string;
  readonly key: RightKey;
  /** What was not spent; zero closes a lease that is used up. */
  readonly amount: number;
}

// ---- time ----

/** A lease holds over the epoch it was granted in and the next: a week to a fortnight. */
export const EPOCH_MS = 7 * 24 * 60 * 60 * 1_000;

/** A till stops so long before the end by its own clock, which may be slow. Nothing but punctuality hangs on it. */
export const EPOCH_MARGIN_MS = 10 * 60 * 1_000;

export function epochAt(nowMs: number): { readonly epoch: number; readonly untilMs: number } {
  const epoch = Math.floor(nowMs / EPOCH_MS);
  return { epoch, untilMs: (epoch + 2) * EPOCH_MS };
}

export function isOver({ untilMs }: Pick<LeaseTerms, 'untilMs'>, tillNowMs: number): boolean {
  return tillNowMs >= untilMs - EPOCH_MARGIN_MS;
}

// ---- at HQ ----

/**
 * What HQ hands out of a right, zero when there is nothing.
 *
 * Of what is kept `ahead` a till gets at most half of what is free (rounded up), so that other shops have some as well.
 *
 * @param account.balance what HQ's books say; `leased` what is left of all leases of the key
 */
export function grantable(
  account: { readonly balance: number; readonly leased: number },
  ask: { readonly wanted: number; readonly purpose: LeasePurpose },
): number {
  const free = Math.max(0, account.balance - account.leased);
  return Math.min(ask.wanted, ask.purpose === 'ahead' ? Math.ceil(free / 2) : free);
}

/**
 * `offered`: HQ has granted it, the till's journal does not name it yet. `held`: it does. `short`: given back, but by HQ's books
 * there was more; the rest stays reserved. `closed`: nothing is left. `written_off`: a manager freed what was left.
 */
export type LeaseState = 'offered' | 'held' | 'short' | 'closed' | 'written_off';

/** A lease of one key in one journal as both sides count it. */
export interface LeaseCount {
  readonly leaseId: string;
  readonly amount: number;
  readonly untilMs: number;
  readonly spent: number;
  readonly returned: number;
  readonly state: LeaseState;
}

/** What is left of a lease, so reserved for its till. */
export function leaseLeft({ state, amount, spent, returned }: LeaseCount): number {
  return state === 'closed' || state === 'written_off' ? 0 : amount - spent - returned;
}

/** `right_granted` is in the journal. Said again it changes nothing. */
export function heldNow<L extends LeaseCount>(lease: L): L {
  return lease.state === 'offered' ? { ...lease, state: 'held' } : lease;
}

/**
 * A spend, from the lease that ends first; the order is the same at till and HQ, so both count each lease alike.
 *
 * @param leases of one key and journal
 * @returns `beyond`: what no lease covers; zero unless the till lies
 */
export function draw<L extends LeaseCount>(
  leases: readonly L[],
  amount: number,
): { readonly leases: readonly L[]; readonly beyond: number } {
  assert(amount >= 0, 'a spend is not negative');
  let rest = amount;
  const drawn = new Map<string, L>();
  // What was given back too short is for spends that HQ books late (an entry that was set aside and repaired).
  for (const state of ['held', 'short'] as const) {
    const open = leases.filter((lease) => lease.state === state).sort(byEnd);
    for (const lease of open) {
      const taken = Math.min(rest, leaseLeft(lease));
      if (taken === 0) continue;
      rest -= taken;
      drawn.set(lease.leaseId, settled({ ...lease, spent: lease.spent + taken }));
    }
  }
  return { leases: leases.map((lease) => drawn.get(lease.leaseId) ?? lease), beyond: rest };
}

/**
 * `right_returned` is in the journal: what it says becomes free, never more than is left.
 *
 * @returns `freed`, and by how much the till's word differs from HQ's books: above zero it gave back less, below zero more
 */
export function giveBack<L extends LeaseCount>(
  lease: L,
  amount: number,
): { readonly lease: L; readonly freed: number; readonly differs: number } {
  // Said again, or after a manager wrote it off, it frees nothing.
  if (lease.state !== 'held' && lease.state !== 'offered') return { lease, freed: 0, differs: 0 };
  const left = leaseLeft(lease);
  const freed = Math.max(0, Math.min(amount, left));
  const returned = settled({ ...lease, returned: lease.returned + freed, state: 'short' as const });
  return { lease: returned, freed, differs: left - amount };
}

/** A lease that was given back and of which nothing is left is closed. */
function settled<L extends LeaseCount>(lease: L): L {
  return lease.state === 'short' && leaseLeft(lease) === 0 ? { ...lease, state: 'closed' } : lease;
}

function byEnd(a: LeaseCount, b: LeaseCount): number {
  return a.untilMs - b.untilMs || (a.leaseId < b.leaseId ? -1 : 1);
}
