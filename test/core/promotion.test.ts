/** Rules in the order of work: the higher priority first, then the id. */
import { expect, test } from 'vitest';
import { byPriority } from '../../src/core/promotion.ts';
import { percent } from './a-rule.ts';

test('priority 9 goes before 0, of equals the id decides', () => {
  const rules = [percent('b', 1), percent('a', 1), percent('z', 1, { priority: 9 })];
  expect(rules.toSorted(byPriority).map(({ id }) => id)).toEqual(['z', 'a', 'b']);
});
