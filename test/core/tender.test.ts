/** Tenders: due, change, partial payment, cash rounding, money going back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AssertionError } from '../../src/core/assert.ts';
import { sumMinor } from '../../src/core/money.ts';
import { type CashPolicy, exactDue, quickCash, settleTenders, type Tender } from '../../src/core/tender.ts';

const EXACT: CashPolicy = { cashStepMinor: 1, cashRounding: 'nearest' };
const FIVE: CashPolicy = { cashStepMinor: 5, cashRounding: 'nearest' };
const DROP_FEN: CashPolicy = { cashStepMinor: 10, cashRounding: 'down' };
const KRONA: CashPolicy = { cashStepMinor: 100, cashRounding: 'nearest' };

const cash = (...amounts: number[]) => amounts.map((amountMinor) => ({ kind: 'cash' as const, amountMinor }));

describe('settleTenders', () => {
  test.each([
    ['52.54 in steps of 0.05 is due as 52.55', 5254, FIVE, [], 5255, 1, 0, false],
    ['52.54 in exact cash is due as 52.54', 5254, EXACT, [], 5254, 0, 0, false],
    ['52.55 settles 52.54 in steps of 0.05', 5254, FIVE, [5255], 0, 1, 0, true],
    ['100.00 for 52.54 gives 47.45 change', 5254, FIVE, [10_000], 0, 1, 4745, true],
    ['50.00 of 52.54 leaves 2.55, rounded as one amount', 5254, FIVE, [5000], 255, 1, 0, false],
    ['50.00 and 5.00 for 52.54 give 2.45 change', 5254, FIVE, [5000, 500], 0, 1, 245, true],
    ['52.54 itself leaves a cent in steps of 0.05', 5254, FIVE, [5254], 1, 1, 0, false],
    ['13.49 is due as 13.40 where fen are dropped', 1349, DROP_FEN, [], 1340, -9, 0, false],
    ['13.49 with 20.00 gives 6.60', 1349, DROP_FEN, [2000], 0, -9, 660, true],
    ['0.04 is settled by nothing where fen are dropped', 4, DROP_FEN, [], 0, -4, 0, true],
    ['0.50 is due as a krona', 50, KRONA, [], 100, 50, 0, false],
    ['0.00 is settled by nothing', 0, FIVE, [], 0, 0, 0, true],
    ['a refund of 52.54 is due as -52.55', -5254, FIVE, [], -5255, -1, 0, false],
    ['a refund of 52.54 is settled by paying out 52.55', -5254, FIVE, [-5255], 0, -1, 0, true],
    ['a refund of 52.54 half paid out is open', -5254, FIVE, [-3000], -2255, -1, 0, false],
    ['a refund paid out too high is not settled', -5254, FIVE, [-6000], 745, -1, 0, false],
    ['a refund of 0.02 is settled by nothing', -2, FIVE, [], 0, 2, 0, true],
  ])('%s', (_, totalMinor, policy, paid, dueMinor, roundingMinor, changeMinor, settled) => {
    expect(settleTenders(totalMinor, cash(...paid), policy)).toEqual({
      totalMinor,
      dueMinor,
      roundingMinor,
      changeMinor,
      settled,
    });
  });

  test('only what is left to cash is rounded: 52.54 with 20.00 by card leaves 32.55 of cash in steps of 0.05', () => {
    const card = { token: 'T', approval: 'A', brand: 'Visa', last4: '4242' };
    const part: Tender[] = [{ kind: 'card', amountMinor: 2000, card }];
    expect(settleTenders(5254, part, FIVE)).toMatchObject({
      dueMinor: 3255,
      roundingMinor: 1,
      settled: false,
    });
    expect(exactDue(5254, part, FIVE)).toBe(3254);
    const all: Tender[] = [...part, { kind: 'card', amountMinor: 3254, card }];
    expect(settleTenders(5254, all, FIVE)).toMatchObject({ dueMinor: 0, roundingMinor: 0, settled: true });
    const mixed: Tender[] = [...part, { kind: 'cash', amountMinor: 4000 }];
    expect(settleTenders(5254, mixed, FIVE)).toMatchObject({
      changeMinor: 745,
      roundingMinor: 1,
      settled: true,
    });
  });

  test('six fen that cash would drop stay due to a card, and a cash payment of nothing settles them', () => {
    const card = { token: 'T', approval: 'A', brand: 'Visa', last4: '4242' };
    const part: Tender[] = [{ kind: 'card', amountMinor: 1340, card }];
    expect(settleTenders(1346, part, DROP_FEN)).toMatchObject({ dueMinor: 0, settled: false });
    const closed: Tender[] = [...part, { kind: 'cash', amountMinor: 0 }];
    expect(settleTenders(1346, closed, DROP_FEN)).toMatchObject({ roundingMinor: -6, settled: true });
  });

  const anyPolicy = fc.record({
    cashStepMinor: fc.constantFrom(1, 5, 10, 50, 100),
    cashRounding: fc.constantFrom('nearest' as const, 'down' as const),
  });
  const anyTotal = fc.integer({ min: -10_000_000, max: 10_000_000 });

  test('settled: tenders less change pay the total plus its rounding, to the cent', () => {
    const payments = fc.array(fc.nat(5_000_000), { maxLength: 5 });
    fc.assert(
      fc.property(fc.nat(10_000_000), payments, anyPolicy, (totalMinor, paid, policy) => {
        const { settled, changeMinor, roundingMinor, dueMinor } = settleTenders(
          totalMinor,
          cash(...paid),
          policy,
        );
        if (settled) expect(sumMinor(paid) - changeMinor).toBe(totalMinor + roundingMinor);
        else expect(sumMinor(paid) + dueMinor).toBe(totalMinor + roundingMinor);
        expect(changeMinor).toBeGreaterThanOrEqual(0);
        expect(settled).toBe(dueMinor === 0);
      }),
    );
  });

  test('paying what is due settles without change, money in or out', () => {
    fc.assert(
      fc.property(anyTotal, anyPolicy, (totalMinor, policy) => {
        const { dueMinor } = settleTenders(totalMinor, [], policy);
        const settlement = settleTenders(totalMinor, cash(dueMinor), policy);
        expect(settlement).toMatchObject({ settled: true, dueMinor: 0, changeMinor: 0 });
      }),
    );
  });

  test('money going back mirrors money coming in', () => {
    fc.assert(
      fc.property(anyTotal, anyPolicy, (totalMinor, policy) => {
        const out = settleTenders(totalMinor, [], policy);
        const back = settleTenders(totalMinor === 0 ? 0 : -totalMinor, [], policy);
        expect(back.dueMinor + out.dueMinor).toBe(0);
        expect(back.roundingMinor + out.roundingMinor).toBe(0);
      }),
    );
  });

  test.each([1.5, Number.NaN, Number.POSITIVE_INFINITY])('a total of %d is a bug of the caller', (total) => {
    expect(() => settleTenders(total, [], EXACT)).toThrow(AssertionError);
  });
});

describe('quickCash', () => {
  const YUAN = [1000, 2000, 5000, 10_000];
  test.each([
    [1740, YUAN, [1740, 2000, 5000, 10_000]],
    [2000, YUAN, [2000, 5000, 10_000]],
    [6130, YUAN, [6130, 7000, 8000, 10_000]],
    [10_000, YUAN, [10_000]],
    [10_001, YUAN, [10_001, 11_000, 12_000, 15_000]],
    [0, YUAN, [0]],
    [5, [], [5]],
  ])('%i due with notes %j offers %j', (due, notes, offered) => {
    expect(quickCash(due, notes)).toEqual(offered);
  });

  test('every offer pays, the first exactly, in ascending order, at most four', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (due) => {
        const offered = quickCash(due, YUAN);
        expect(offered[0]).toBe(due);
        expect(offered.length).toBeLessThanOrEqual(4);
        expect(offered).toEqual(offered.toSorted((a, b) => a - b));
        expect(new Set(offered).size).toBe(offered.length);
      }),
    );
  });

  test('money going out has no quick cash', () => {
    expect(() => quickCash(-1, YUAN)).toThrow(AssertionError);
  });
});
