/** Rights and leases: their keys, and that no order of events lets more be spent than there is. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { assert } from '../../src/core/assert.ts';
import {
  draw,
  EPOCH_MARGIN_MS,
  EPOCH_MS,
  epochAt,
  giveBack,
  grantable,
  heldNow,
  isOver,
  type LeaseCount,
  leaseLeft,
  NO_RIGHTS,
  rightKey,
} from '../../src/core/lease.ts';

test('each right has a key of its own', () => {
  const keys = [
    rightKey.points('m1'),
    rightKey.storedValue('m1'),
    rightKey.storedBonus('m1'),
    rightKey.giftCard('m1'),
    rightKey.rule('m1', null),
    rightKey.rule('m1', 'm1'),
    rightKey.coupon('m1'),
  ];
  expect(new Set(keys).size).toBe(keys.length);
});

test('a till without leases may spend nothing', () => {
  expect(NO_RIGHTS.usable(rightKey.points('m1'))).toBe(0);
});

function aLease(over: Partial<LeaseCount> = {}): LeaseCount {
  return { leaseId: 'a', amount: 10, untilMs: 100, spent: 0, returned: 0, state: 'held', ...over };
}

describe('a grant', () => {
  test.each([
    { balance: 100, leased: 0, wanted: 30, purpose: 'visit', gives: 30 },
    { balance: 100, leased: 80, wanted: 30, purpose: 'visit', gives: 20 },
    { balance: 100, leased: 100, wanted: 1, purpose: 'visit', gives: 0 },
    // Earned points were taken back: the balance is less than what tills hold.
    { balance: 40, leased: 60, wanted: 1, purpose: 'visit', gives: 0 },
    { balance: 101, leased: 0, wanted: 500, purpose: 'ahead', gives: 51 },
    { balance: 1, leased: 0, wanted: 5, purpose: 'ahead', gives: 1 },
  ] as const)('of $wanted ($purpose) from $balance with $leased out gives $gives', (row) => {
    expect(grantable(row, row)).toBe(row.gives);
  });

  test('holds for the epoch it is made in and the next; the till stops ten minutes before the end', () => {
    const { epoch, untilMs } = epochAt(5 * EPOCH_MS + 1);
    expect({ epoch, untilMs }).toEqual({ epoch: 5, untilMs: 7 * EPOCH_MS });
    expect(isOver({ untilMs }, untilMs - EPOCH_MARGIN_MS - 1)).toBe(false);
    expect(isOver({ untilMs }, untilMs - EPOCH_MARGIN_MS)).toBe(true);
  });
});

describe('a spend', () => {
  test('takes from the lease that ends first, then from the next', () => {
    const leases = [aLease({ leaseId: 'late', untilMs: 200 }), aLease({ leaseId: 'soon', untilMs: 100 })];
    const { leases: after, beyond } = draw(leases, 13);
    expect(after.map(({ spent }) => spent)).toEqual([3, 10]);
    expect(beyond).toBe(0);
  });

  test('beyond all leases is told by how much; offered, closed and written off ones give nothing', () => {
    const leases = [
      aLease({ leaseId: 'a', state: 'offered' }),
      aLease({ leaseId: 'b', state: 'closed' }),
      aLease({ leaseId: 'c', state: 'written_off' }),
      aLease({ leaseId: 'd', amount: 4 }),
    ];
    expect(draw(leases, 9)).toMatchObject({ beyond: 5 });
  });
});

describe('a return', () => {
  test('of all that is left closes the lease and frees it', () => {
    const { lease, freed, differs } = giveBack(aLease({ spent: 4 }), 6);
    expect({ state: lease.state, left: leaseLeft(lease), freed, differs }).toEqual({
      state: 'closed',
      left: 0,
      freed: 6,
      differs: 0,
    });
  });

  test('of less than HQ counts frees that; the rest stays reserved, for the sale that was set aside', () => {
    const { lease, freed, differs } = giveBack(aLease({ spent: 4 }), 2);
    expect({ state: lease.state, left: leaseLeft(lease), freed, differs }).toEqual({
      state: 'short',
      left: 4,
      freed: 2,
      differs: 4,
    });
    const repaired = draw([lease], 4);
    expect(repaired.leases[0]).toMatchObject({ state: 'closed', spent: 8, returned: 2 });
  });

  test('of more than HQ counts frees no more than is left, and says so; said again it frees nothing', () => {
    const { lease, freed, differs } = giveBack(aLease({ spent: 4 }), 9);
    expect({ freed, differs }).toEqual({ freed: 6, differs: -3 });
    expect(giveBack(lease, 9).freed).toBe(0);
    expect(giveBack(aLease({ state: 'written_off' }), 9).freed).toBe(0);
  });
});

// ---- any order of events ----

type Entry =
  | { readonly kind: 'granted'; readonly lease: LeaseCount }
  | { readonly kind: 'spent'; readonly amount: number }
  | { readonly kind: 'returned'; readonly leaseId: string; readonly amount: number };

/** One right, HQ, tills with journals, and a line that loses, repeats and reorders what is said. */
class World {
  balance: number;
  earned = 0;
  /** At HQ, by till. */
  readonly leases: LeaseCount[][];
  readonly booked: number[];
  readonly tills: {
    readonly journal: Entry[];
    readonly inbox: LeaseCount[];
    asked: number;
    isRevoked: boolean;
  }[];
  private readonly answers = new Map<string, LeaseCount>();
  nowMs = 0;

  constructor(balance: number, tills: number) {
    this.balance = balance;
    this.leases = Array.from({ length: tills }, () => []);
    this.booked = Array.from({ length: tills }, () => 0);
    this.tills = Array.from({ length: tills }, () => ({
      journal: [],
      inbox: [],
      asked: 0,
      isRevoked: false,
    }));
  }

  get leased(): number {
    return this.leases.flat().reduce((sum, lease) => sum + leaseLeft(lease), 0);
  }

  /** What the till's journal says: a rebuilt shop.db has nothing else. */
  heldAt(till: number): readonly LeaseCount[] {
    let leases: readonly LeaseCount[] = [];
    for (const entry of this.tills[till]!.journal) {
      if (entry.kind === 'spent') leases = draw(leases, entry.amount).leases;
      else if (entry.kind === 'returned') {
        leases = leases.map((lease) =>
          lease.leaseId === entry.leaseId ? giveBack(lease, entry.amount).lease : lease,
        );
      } else if (!leases.some(({ leaseId }) => leaseId === entry.lease.leaseId)) {
        leases = [...leases, heldNow(entry.lease)];
      }
    }
    return leases;
  }

  usable(till: number): number {
    return this.heldAt(till)
      .filter((lease) => lease.state === 'held' && !isOver(lease, this.nowMs))
      .reduce((sum, lease) => sum + leaseLeft(lease), 0);
  }

  /** @param isAgain the same request once more, as after a lost answer */
  ask(till: number, wanted: number, isAgain: boolean): void {
    const asker = this.tills[till]!;
    if (asker.isRevoked) return;
    if (!isAgain) asker.asked++;
    const leaseId = `${till}-${asker.asked}`;
    const before = this.answers.get(leaseId);
    if (before !== undefined) return void asker.inbox.push(before);
    const amount = grantable({ balance: this.balance, leased: this.leased }, { wanted, purpose: 'visit' });
    if (amount === 0) return;
    const lease = aLease({ leaseId, amount, untilMs: this.nowMs + 1_000_000, state: 'offered' });
    this.answers.set(leaseId, lease);
    this.leases[till]!.push(lease);
    asker.inbox.push(lease);
  }

  /** Some grant arrives, or arrives again. */
  deliver(till: number, which: number, isLast: boolean): void {
    const { inbox, journal } = this.tills[till]!;
    const lease = inbox[which % Math.max(1, inbox.length)];
    if (lease === undefined) return;
    if (isLast) inbox.splice(inbox.indexOf(lease), 1);
    const isKnown = journal.some(
      (entry) => entry.kind === 'granted' && entry.lease.leaseId === lease.leaseId,
    );
    if (!isKnown) journal.push({ kind: 'granted', lease });
  }

  lose(till: number): void {
    this.tills[till]!.inbox.length = 0;
  }

  spend(till: number, wanted: number): void {
    const amount = Math.min(wanted, this.usable(till));
    if (amount > 0) this.tills[till]!.journal.push({ kind: 'spent', amount });
  }

  giveBack(till: number, onlyOver: boolean): void {
    for (const lease of this.heldAt(till)) {
      if (lease.state !== 'held' || (onlyOver && !isOver(lease, this.nowMs))) continue;
      this.tills[till]!.journal.push({ kind: 'returned', leaseId: lease.leaseId, amount: leaseLeft(lease) });
    }
  }

  /** HQ books some more of a journal, in order, each entry once. */
  book(till: number, entries: number): void {
    if (this.tills[till]!.isRevoked) return;
    const { journal } = this.tills[till]!;
    const through = Math.min(journal.length, this.booked[till]! + entries);
    for (; this.booked[till]! < through; this.booked[till]!++) {
      const entry = journal[this.booked[till]!]!;
      const leases = this.leases[till]!;
      const put = (made: readonly LeaseCount[]) => leases.splice(0, leases.length, ...made);
      if (entry.kind === 'granted') {
        put(leases.map((lease) => (lease.leaseId === entry.lease.leaseId ? heldNow(lease) : lease)));
      } else if (entry.kind === 'spent') {
        const { leases: made, beyond } = draw(leases, entry.amount);
        assert(beyond === 0, 'an honest till spends what it holds');
        put(made);
        this.balance -= entry.amount;
      } else {
        put(
          leases.map((lease) => {
            if (lease.leaseId !== entry.leaseId) return lease;
            const { lease: made, differs } = giveBack(lease, entry.amount);
            assert(differs === 0, 'till and HQ count a lease alike');
            return made;
          }),
        );
      }
    }
  }

  check(): void {
    const free = this.balance - this.leased;
    assert(free >= 0, `${this.leased} is leased of ${this.balance}`);
    // As if every journal were booked this moment: what was spent anywhere, and all that could still be.
    const unbooked = this.tills.map(({ journal }, till) =>
      journal
        .slice(this.booked[till])
        .reduce((sum, entry) => sum + (entry.kind === 'spent' ? entry.amount : 0), 0),
    );
    const spent = unbooked.reduce((sum, amount) => sum + amount, 0);
    assert(this.balance - spent >= 0, `${spent} was spent of ${this.balance}`);
    for (const till of this.tills.keys()) {
      const left = this.leases[till]!.reduce((sum, lease) => sum + leaseLeft(lease), 0);
      assert(unbooked[till]! + this.usable(till) <= left, 'a till holds no more than HQ has reserved for it');
    }
  }
}

const TILLS = 3;
const till = fc.nat(TILLS - 1);
const amount = fc.integer({ min: 1, max: 60 });
const STEP = fc.oneof(
  fc.tuple(till, amount, fc.boolean()).map(
    ([t, n, again]) =>
      (w: World) =>
        w.ask(t, n, again),
  ),
  fc.tuple(till, fc.nat(5), fc.boolean()).map(
    ([t, n, last]) =>
      (w: World) =>
        w.deliver(t, n, last),
  ),
  fc.tuple(till, amount).map(
    ([t, n]) =>
      (w: World) =>
        w.spend(t, n),
  ),
  fc.tuple(till, fc.boolean()).map(
    ([t, over]) =>
      (w: World) =>
        w.giveBack(t, over),
  ),
  fc.tuple(till, fc.integer({ min: 1, max: 4 })).map(
    ([t, n]) =>
      (w: World) =>
        w.book(t, n),
  ),
  till.map((t) => (w: World) => w.lose(t)),
  amount.map((n) => (w: World) => {
    w.balance += n;
  }),
  fc.constant((w: World) => {
    w.nowMs += 400_000;
  }),
  {
    weight: 1,
    arbitrary: till.map((t) => (w: World) => {
      w.tills[t]!.isRevoked = true;
    }),
  },
);

test('in any order of grants, spends, returns, losses, repetitions, epochs and revocations leased + free = balance >= 0', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 120 }),
      fc.array(STEP, { maxLength: 60, size: 'max' }),
      (balance, steps) => {
        const world = new World(balance, TILLS);
        for (const step of steps) {
          step(world);
          world.check();
        }
        // Healed and drained, what tills give back is free again, and nothing is out.
        for (const t of world.tills.keys()) {
          world.tills[t]!.isRevoked = false;
          for (const lease of [...world.leases[t]!]) {
            if (lease.state === 'offered') world.tills[t]!.inbox.push(lease);
          }
          while (world.tills[t]!.inbox.length > 0) world.deliver(t, 0, true);
          world.giveBack(t, false);
          world.book(t, Number.MAX_SAFE_INTEGER);
        }
        world.check();
        assert(world.leased === 0, 'nothing is out');
      },
    ),
    { numRuns: 10_000 },
  );
});
