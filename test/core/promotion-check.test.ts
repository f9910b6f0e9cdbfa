/** Rule sets from outside: what is taken comes back equal, what is not is refused in full. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseRuleSet } from '../../src/core/promotion-check.ts';
import { anyRuleSet } from './rules-any.ts';

test('every rule set that makes sense comes back as it was written', () => {
  fc.assert(
    fc.property(
      anyRuleSet().filter(({ rules }) => rules.length > 0),
      (set) => {
        expect(parseRuleSet(JSON.parse(JSON.stringify(set)))).toEqual({ ok: true, value: set });
      },
    ),
  );
});

test('whatever comes, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(parseRuleSet(value).ok).toBe(false);
    }),
  );
});

test('a rule that says nothing of it does not stack; a price is no offer and takes offers on top', () => {
  const rule = (id: string, reward: object) => ({ id, name: id, items: { all: true }, reward });
  const parsed = parseRuleSet({
    version: '1',
    policy: { across: 'compound_within' },
    rules: [rule('a', { kind: 'percent_off', rateBp: 5 }), rule('b', { kind: 'unit_price', priceMinor: 5 })],
  });
  expect(parsed.ok && parsed.value.rules.map(({ mode }) => mode)).toEqual(['best_price', 'compound']);
});
