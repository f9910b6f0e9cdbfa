/** Ledgers in lots: hand-worked cases, and what must hold whatever moves in whatever order. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDays,
  addMonths,
  expiryOf,
  foldLedger,
  type Ledger,
  MOVEMENT_MAX,
  type Movement,
} from '../../src/core/ledger.ts';
import { sumMinor } from '../../src/core/money.ts';

/** `m('earn', 30, '2026-01-05')`: at noon UTC of its day. */
function m(kind: Movement['kind'], points: number, on: string, over: Partial<Movement> = {}): Movement {
  return {
    id: `${kind}@${on}`,
    kind,
    points,
    atMs: Date.parse(`${on}T12:00:00Z`),
    on,
    expiresOn: null,
    ofId: null,
    bonus: 0,
    mayOwe: true,
    ...over,
  };
}

const fold = (movements: readonly Movement[], asOf: string | null = null) => foldLedger(movements, asOf);
const leftOf = ({ lots }: Ledger) => Object.fromEntries(lots.map(({ id, left }) => [id, left]));

describe('spending', () => {
  const lots = [
    m('earn', 30, '2026-01-05', { id: 'late', expiresOn: '2027-12-31' }),
    m('earn', 20, '2026-02-05', { id: 'soon', expiresOn: '2026-12-31' }),
    m('earn', 10, '2026-03-05', { id: 'ever' }),
  ];

  test('35 of 60 takes the 20 that expire first, then 15 of the next, and names both lots', () => {
    const ledger = fold([...lots, m('spend', -35, '2026-04-01', { id: 's' })]);
    expect(leftOf(ledger)).toEqual({ late: 15, soon: 0, ever: 10 });
    expect(ledger.uses).toEqual([
      { movementId: 's', lotId: 'soon', points: 20 },
      { movementId: 's', lotId: 'late', points: 15 },
    ]);
    expect([ledger.balance, ledger.nextExpiryOn]).toEqual([25, '2027-12-31']);
  });

  test('75 of 60 leaves 15 owed, and the next 40 earned pay that first: 25 are left', () => {
    const spent = [...lots, m('spend', -75, '2026-04-01', { id: 's' })];
    expect(fold(spent)).toMatchObject({ balance: -15, owed: [{ movementId: 's', points: 15 }] });
    const ledger = fold([...spent, m('earn', 40, '2026-05-01', { id: 'next' })]);
    expect(ledger).toMatchObject({ balance: 25, owed: [] });
    expect(leftOf(ledger).next).toBe(25);
  });

  test('principal goes before bonus even where the bonus expires first; the split of a tender goes before that', () => {
    const value = [
      m('top_up', 10_000, '2026-01-01', { id: 'p' }),
      m('bonus', 2_000, '2026-01-01', { id: 'b', expiresOn: '2026-06-30' }),
    ];
    const plain = fold([...value, m('spend', -10_500, '2026-02-01')]);
    expect([leftOf(plain), plain.balance, plain.bonusBalance]).toEqual([{ p: 0, b: 1_500 }, 1_500, 1_500]);
    const split = fold([...value, m('spend', -3_000, '2026-02-01', { bonus: 2_000 })]);
    expect([leftOf(split), split.balance, split.bonusBalance]).toEqual([{ p: 9_000, b: 0 }, 9_000, 0]);
  });

  test('a sale does not pay with what it earns itself: 5 of nothing are owed, then paid by the 9 earned', () => {
    const at = { atMs: Date.parse('2026-04-01T12:00:00Z') };
    const ledger = fold([m('earn', 9, '2026-04-01', at), m('spend', -5, '2026-04-01', at)]);
    expect([ledger.balance, ledger.owed]).toEqual([4, []]);
  });
});

describe('expiry', () => {
  const lot = m('earn', 30, '2026-01-05', { id: 'a', expiresOn: '2026-12-31' });

  test('a lot is good on its last day and gone the day after', () => {
    expect(fold([lot], '2026-12-31').balance).toBe(30);
    const ledger = fold([lot], '2027-01-01');
    expect([ledger.balance, ledger.consequences]).toEqual([0, [{ kind: 'expire', refId: 'a', points: -30 }]]);
  });

  test('a spend of 20 after the last day finds nothing, whether the job ran or not', () => {
    const late = m('spend', -20, '2027-01-02', { id: 's' });
    expect(fold([lot, late])).toMatchObject({ balance: -20, owed: [{ movementId: 's', points: 20 }] });
    expect(fold([lot, late], '2027-03-01')).toEqual(fold([lot, late]));
  });

  test('a spend of 20 before it that comes late makes 20 less expire', () => {
    const ledger = fold([lot, m('spend', -20, '2026-12-31')], '2027-01-01');
    expect([ledger.balance, ledger.consequences]).toEqual([0, [{ kind: 'expire', refId: 'a', points: -10 }]]);
  });

  test('a lot that comes after its last day is gone at once and pays no debt', () => {
    const ledger = fold([m('spend', -5, '2027-02-01', { atMs: 1 }), { ...lot, atMs: 2 }]);
    expect([ledger.balance, ledger.consequences]).toEqual([
      -5,
      [{ kind: 'expire', refId: 'a', points: -30 }],
    ]);
  });

  test.each([
    [{ kind: 'never' } as const, '2026-03-01', null],
    [{ kind: 'days', days: 365 } as const, '2024-02-29', '2025-02-28'],
    [{ kind: 'year_end', yearsAfter: 1 } as const, '2026-03-01', '2027-12-31'],
    [{ kind: 'year_end', yearsAfter: 0 } as const, '2026-12-31', '2026-12-31'],
  ])('%j from %s is good through %s', (expiry, on, last) => {
    expect(expiryOf(expiry, on)).toBe(last);
  });

  test('a month after 31 January is 28 February; 12 months after 29 February is the 28th', () => {
    expect([addMonths('2026-01-31', 1), addMonths('2024-02-29', 12), addMonths('2026-11-30', 3)]).toEqual([
      '2026-02-28',
      '2025-02-28',
      '2027-02-28',
    ]);
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
  });
});

describe('refunds', () => {
  const sale = m('earn', 30, '2026-01-05', { id: 'a', expiresOn: '2026-12-31' });
  const other = m('earn', 8, '2026-01-06', { id: 'b', expiresOn: '2026-06-30' });
  const back = (points: number, on: string, over: Partial<Movement> = {}) =>
    m('take_back', points, on, { id: `back@${on}`, ofId: 'a', ...over });

  test('takes back from the lots of its own sale, not from those that expire first', () => {
    expect(leftOf(fold([sale, other, back(-12, '2026-02-01')]))).toEqual({ a: 18, b: 8 });
  });

  test('of 30 of which 25 are spent: 5 of its own, 8 of others, 17 owed', () => {
    const ledger = fold([
      sale,
      m('spend', -25, '2026-01-05', { id: 's', atMs: sale.atMs + 1 }),
      other,
      back(-30, '2026-02-01'),
    ]);
    expect(ledger).toMatchObject({ balance: -17, owed: [{ movementId: 'back@2026-02-01', points: 17 }] });
  });

  test('the same where the programme forgives: nothing is owed, and the books say what was let go', () => {
    const ledger = fold([sale, m('spend', -30, '2026-01-06'), back(-30, '2026-02-01', { mayOwe: false })]);
    expect(ledger.balance).toBe(0);
    expect(ledger.consequences).toEqual([{ kind: 'forgive', refId: 'back@2026-02-01', points: 30 }]);
  });

  test('points that expired unused are lost once, not twice', () => {
    const ledger = fold([sale, back(-30, '2027-02-01')]);
    expect([ledger.balance, ledger.consequences]).toEqual([0, []]);
  });

  test('the same units taken back twice take 30 points, not 60', () => {
    const ledger = fold([
      sale,
      m('earn', 50, '2026-01-07'),
      back(-30, '2026-02-01'),
      back(-30, '2026-02-02'),
    ]);
    expect(ledger.balance).toBe(50);
    expect(ledger.consequences).toEqual([{ kind: 'unfounded', refId: 'back@2026-02-02', points: 30 }]);
  });

  const spend = m('spend', -34, '2026-01-20', { id: 's' });
  const give = (points: number, on: string, over: Partial<Movement> = {}) =>
    m('give_back', points, on, { id: `give@${on}`, ofId: 's', ...over });

  test('spent points come back to their lots, the last taken first', () => {
    // 34 took 8 of b (expires first) and 26 of a.
    expect(leftOf(fold([sale, other, spend, give(20, '2026-02-01')]))).toEqual({ a: 24, b: 0 });
    expect(leftOf(fold([sale, other, spend, give(20, '2026-02-01'), give(14, '2026-02-02')]))).toEqual({
      a: 30,
      b: 8,
    });
  });

  test('a lot that expired meanwhile comes back for the grace of the movement, and not without one', () => {
    const kept = fold(
      [sale, other, spend, give(34, '2026-08-01', { expiresOn: '2026-08-31' })],
      '2026-08-31',
    );
    expect(leftOf(kept)).toEqual({ a: 30, b: 0, 'give@2026-08-01~1': 8 });
    expect(kept.lots.at(-1)).toMatchObject({ rootId: 'b', expiresOn: '2026-08-31' });
    const gone = fold([sale, other, spend, give(34, '2026-08-01')]);
    expect([gone.balance, gone.consequences]).toEqual([
      30,
      [{ kind: 'expire', refId: 'give@2026-08-01~1', points: -8 }],
    ]);
  });

  test('more than was spent is not given back: nothing is minted', () => {
    const ledger = fold([sale, other, spend, give(40, '2026-02-01'), give(1_000, '2026-02-02')]);
    expect(ledger.balance).toBe(38);
    expect(ledger.consequences).toEqual([
      { kind: 'unfounded', refId: 'give@2026-02-01', points: -6 },
      { kind: 'unfounded', refId: 'give@2026-02-02', points: -1_000 },
    ]);
  });

  test('a refund whose till had a slow clock still comes after what it undoes', () => {
    const ledger = fold([sale, back(-30, '2026-01-04'), other, spend, give(34, '2026-01-01')]);
    expect(ledger).toMatchObject({ balance: 8, owed: [] });
  });

  test('what was owed for a spend that came back is not owed any more', () => {
    const ledger = fold([m('spend', -10, '2026-01-20', { id: 's' }), give(4, '2026-02-01')]);
    expect(ledger).toMatchObject({ balance: -6, owed: [{ movementId: 's', points: 6 }] });
  });
});

// ---- whatever moves ----

const DAYS = 60;
const dayOf = (n: number) => addDays('2026-01-01', n);

/** Movements as tills and people make them: what undoes names something that may or may not be there. */
const anyMovements = fc
  .array(
    fc.record({
      kind: fc.constantFrom<Movement['kind']>(
        'earn',
        'earn',
        'grant',
        'top_up',
        'bonus',
        'correct',
        'spend',
        'spend',
        'take_back',
        'take_back',
        'give_back',
        'give_back',
      ),
      amount: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 60 }) },
        { weight: 1, arbitrary: fc.constant(MOVEMENT_MAX) },
      ),
      day: fc.integer({ min: 0, max: DAYS }),
      ms: fc.integer({ min: 0, max: 3 }),
      lastsDays: fc.option(fc.integer({ min: 0, max: 40 })),
      of: fc.option(fc.nat({ max: 30 })),
      bonus: fc.integer({ min: 0, max: 60 }),
      mayOwe: fc.boolean(),
      isMinus: fc.boolean(),
    }),
    { maxLength: 30 },
  )
  .map((rows) =>
    rows.map(({ kind, amount, day, ms, lastsDays, of, bonus, mayOwe, isMinus }, index): Movement => {
      const draws = kind === 'spend' || kind === 'take_back' || (kind === 'correct' && isMinus);
      const undoes = kind === 'take_back' || kind === 'give_back';
      return {
        id: `m${index}`,
        kind,
        points: draws ? -amount : amount,
        atMs: Date.parse(`${dayOf(day)}T00:00:00Z`) + ms,
        on: dayOf(day),
        expiresOn: lastsDays === null ? null : dayOf(day + lastsDays),
        ofId: undoes && of !== null ? `m${of}` : null,
        bonus: kind === 'spend' ? bonus : 0,
        mayOwe,
      };
    }),
  );
const anyDay = fc.option(fc.integer({ min: 0, max: 2 * DAYS }).map(dayOf));

describe('whatever moves', () => {
  test('balance = movements and consequences = open lots less what is owed', () => {
    fc.assert(
      fc.property(anyMovements, anyDay, (movements, asOf) => {
        const { balance, lots, owed, consequences } = fold(movements, asOf);
        const moved = sumMinor([...movements, ...consequences].map(({ points }) => points));
        expect(balance).toBe(moved);
        expect(balance).toBe(
          sumMinor(lots.map(({ left }) => left)) - sumMinor(owed.map(({ points }) => points)),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('a lot is what is left of it, what expired and what was taken; no lot is open while something is owed', () => {
    fc.assert(
      fc.property(anyMovements, anyDay, (movements, asOf) => {
        const { lots, uses, owed } = fold(movements, asOf);
        for (const { id, points, left, expired } of lots) {
          const taken = sumMinor(uses.filter(({ lotId }) => lotId === id).map((use) => use.points));
          expect(left + expired + taken).toBe(points);
          expect(Math.min(left, expired, taken)).toBeGreaterThanOrEqual(0);
        }
        if (owed.length > 0) expect(lots.every(({ left }) => left === 0)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  test('the order of arrival changes nothing', () => {
    fc.assert(
      fc.property(
        anyMovements.chain((movements) =>
          fc.tuple(fc.constant(movements), fc.shuffledSubarray(movements, { minLength: movements.length })),
        ),
        anyDay,
        ([movements, arrived], asOf) => {
          expect(fold(arrived, asOf)).toEqual(fold(movements, asOf));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  test('without spends nothing is owed but what refunds took back, and nothing where they forgive', () => {
    fc.assert(
      fc.property(anyMovements, (movements) => {
        const tame = movements
          .filter(({ kind, points }) => kind !== 'spend' && !(kind === 'correct' && points < 0))
          .map((movement) => ({ ...movement, mayOwe: false }));
        expect(fold(tame).balance).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test('buying and giving back gains nothing: any cycles on any ledger leave at most what was there', () => {
    const cycle = fc.record({
      earned: fc.integer({ min: 1, max: 50 }),
      spent: fc.integer({ min: 0, max: 80 }),
      partsBack: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }),
      daysLater: fc.integer({ min: 0, max: 30 }),
      graceDays: fc.integer({ min: 0, max: 9 }),
    });
    fc.assert(
      fc.property(anyMovements, fc.array(cycle, { minLength: 1, maxLength: 5 }), (before, cycles) => {
        const quiet = before.map((each) => ({ ...each, mayOwe: true }));
        const start = fold(quiet, dayOf(DAYS));
        let day = DAYS;
        const moves = cycles.flatMap(({ earned, spent, partsBack, daysLater, graceDays }, n): Movement[] => {
          const bought = dayOf(day);
          day += daysLater;
          const returned = dayOf(day);
          const grace = graceDays === 0 ? null : addDays(returned, graceDays);
          return [
            m('earn', earned, bought, { id: `e${n}`, expiresOn: addDays(bought, 10) }),
            ...(spent === 0
              ? []
              : [m('spend', -spent, bought, { id: `s${n}`, atMs: Date.parse(bought) + 1 })]),
            m('take_back', -earned, returned, { id: `t${n}`, ofId: `e${n}` }),
            // Given back in parts, and once more in full: only what was spent counts.
            ...[...partsBack, spent].flatMap((points, part) =>
              points === 0
                ? []
                : [
                    m('give_back', points, returned, {
                      id: `g${n}-${part}`,
                      ofId: `s${n}`,
                      expiresOn: grace,
                    }),
                  ],
            ),
          ];
        });
        expect(fold([...quiet, ...moves]).balance).toBeLessThanOrEqual(start.balance);
      }),
      { numRuns: 1_000 },
    );
  });
});
