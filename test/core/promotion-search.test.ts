/** Runs beyond the first: an early offer that would cost a later one its minimum, and exclusive rules of later steps. */
import { expect, test } from 'vitest';
import { aRule, aSet, goods, percent } from './a-rule.ts';
import { priceWith } from './rules-any.ts';

test('a 1 % offer that would miss 20.00 off from 100.00 is left out', () => {
  const rules = [
    percent('one', 1),
    aRule('spend', {
      kind: 'threshold',
      by: 'amount',
      steps: [{ from: 10_000, off: { amountMinor: 2_000 } }],
    }),
  ];
  const priced = priceWith(aSet(rules), goods(10_000));
  expect(priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId)).toEqual(['spend']);
  expect(priced.totalMinor).toBe(8_000);
});

test('a 30 % offer that is worth more stays', () => {
  const rules = [
    percent('thirty', 30),
    aRule('spend', {
      kind: 'threshold',
      by: 'amount',
      steps: [{ from: 10_000, off: { amountMinor: 2_000 } }],
    }),
  ];
  expect(priceWith(aSet(rules), goods(10_000)).totalMinor).toBe(7_000);
});

test('an exclusive order discount has its goods for itself, though 10 % and 5 % would be better', () => {
  const rules = [
    percent('ten', 10),
    aRule('day', { kind: 'order_off', off: { rateBp: 500 } }, { mode: 'exclusive' }),
  ];
  const priced = priceWith(aSet(rules), goods(1_000));
  expect(priced.lines[0]!.adjustments.map(({ ruleId }) => ruleId)).toEqual(['day']);
});
