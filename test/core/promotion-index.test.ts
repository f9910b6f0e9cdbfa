/** The index finds exactly the rules that asking each one finds. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRules, eachMatch, matches } from '../../src/core/promotion-index.ts';
import { anyBasket, anyRuleSet } from './rules-any.ts';

test('rules found by SKU, category, brand and for all are those whose filter fits the line', () => {
  fc.assert(
    fc.property(anyRuleSet(), anyBasket, (set, basket) => {
      const compiled = compileRules(set);
      for (const line of basket.lines) {
        const found = new Set<string>();
        eachMatch(compiled, line, (rule, slot) => found.add(`${rule}/${slot}`));
        const asked = compiled.slots.flatMap((filters, rule) =>
          filters.flatMap((filter, slot) => (matches(filter, line) ? [`${rule}/${slot}`] : [])),
        );
        expect([...found].sort()).toEqual(asked.sort());
      }
    }),
  );
});
